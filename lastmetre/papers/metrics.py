"""How wide text is in the papers' font, and where its lines break (reason 012).

Everything is placed by these measures, so that what fits is known before anything is typeset. They are
exact for ASCII and never too small for the rest: a test measures every character of the font.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache, lru_cache

PT_MM = 25.4 / 72


REMEMBERED_TEXTS = 50_000
"""The same homes, goods and quantities stand on many sheets."""


class Weight(IntEnum):
    """Weights of the variable font that the papers use."""

    REGULAR = 450
    BOLD = 700
    BLACK = 900


# Advances of the characters U+0020 to U+007E in thousandths of the type size, kerning off.
_ADVANCES = {
    Weight.REGULAR: (
        "224 333 496 563 563 930 693 288 347 347 475 563 288 352 288 391 563 563 563 563 563 563 563 563 563 563 "
        "288 288 563 563 563 483 959 615 662 642 693 594 559 695 734 301 542 655 551 821 728 748 640 748 646 602 "
        "605 727 585 886 585 542 605 347 391 347 563 560 610 569 624 513 625 560 336 571 614 281 282 563 291 935 "
        "617 610 625 625 398 474 387 614 533 816 512 533 483 347 275 347 563"
    ),
    Weight.BOLD: (
        "227 370 574 590 590 963 740 325 378 378 507 590 325 370 325 387 590 590 590 590 590 590 590 590 590 590 "
        "325 325 590 590 590 514 1007 641 681 656 714 615 585 717 757 330 568 686 578 853 749 770 667 770 682 624 "
        "625 748 619 915 627 580 613 378 387 378 590 567 626 591 644 527 644 581 372 597 640 304 306 604 315 964 "
        "641 626 644 644 437 495 421 637 576 863 562 574 511 378 296 378 590"
    ),
    Weight.BLACK: (
        "229 397 631 609 609 986 773 351 400 400 529 609 351 383 351 385 609 609 609 609 609 609 609 609 609 609 "
        "351 351 609 609 609 536 1041 660 695 667 729 630 604 733 774 350 586 708 598 877 764 786 687 786 708 639 "
        "640 763 643 935 657 608 619 400 385 400 609 572 637 606 658 537 658 596 398 616 658 321 323 634 332 985 "
        "658 637 658 658 464 510 445 654 607 897 598 604 532 400 311 400 609"
    ),
}

_WIDER = {"⸺": 1.72, "⸻": 2.52} | dict.fromkeys("〮〯", 1.25) | dict.fromkeys("ЖШЩЮ№⁇ﬃﬄ", 1.12)
"""What is wider than a Chinese character; everything else beyond ASCII counts as wide as one."""

_NOT_FIRST = frozenset("）〕】」』》〉”’、，。；：？！…—·%％)]}>,.;:?!×")
"""What must not begin a line."""

_NOT_LAST = frozenset("（〔【「『《〈“‘([{<￥¥×□")
"""What must not end one."""

_BETWEEN_ITEMS = "；"
"""Where a line breaks best: between items, so that name and quantity stay together."""


class _Ems(dict[str, float]):
    """Width of each character in parts of the type size."""

    def __missing__(self, sign: str) -> float:
        self[sign] = _WIDER.get(sign, 1.0)
        return self[sign]


@cache
def _ems(weight: Weight) -> _Ems:
    return _Ems((chr(0x20 + place), int(part) / 1000) for place, part in enumerate(_ADVANCES[weight].split()))


@lru_cache(REMEMBERED_TEXTS)
def width_em(text: str, weight: Weight = Weight.REGULAR) -> float:
    """Return the width of a printable text in parts of its type size, never too small."""
    return sum(map(_ems(weight).__getitem__, text))


def wrap(text: str, most_em: float, weight: Weight = Weight.REGULAR) -> list[str]:
    """Break a text into lines of at most `most_em`; every character but spaces at breaks is kept.

    Breaks between items where it can, between Chinese characters otherwise, inside a word only where
    nothing else helps.
    """
    lines = []
    rest = text.strip()
    ems = _ems(weight)
    while width_em(rest, weight) > most_em:
        end, wide = 0, 0.0
        while wide + ems[rest[end]] <= most_em:
            wide += ems[rest[end]]
            end += 1
        cut = _break(rest, max(end, 1))
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, rest] if rest or not lines else lines


def _break(text: str, end: int) -> int:
    """Return where to break a text of which `end` characters fit."""
    item_end = text.rfind(_BETWEEN_ITEMS, 0, end) + 1
    if item_end > end * 0.3:
        return item_end
    return next((place for place in range(end, 0, -1) if _may_break(text, place)), end)


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if " " in (before, after):
        return True
    is_word = before.isascii() and after.isascii()
    return not is_word and before not in _NOT_LAST and after not in _NOT_FIRST
