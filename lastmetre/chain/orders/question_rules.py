"""How a doubt is put to a person who has hundreds to settle: the doubted words marked, and a question of few words.

Pure, no database. Reading is most of what a doubt costs, some 0.15 s a character (`tests/browser/look_rush.py`):
what stands above a question is not said in it again. The whole sentence and its remedy are one tap away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lastmetre.chain.orders.doubt_rules import OF_HOME, is_of_rules
from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.reading.columns import CELLS
from lastmetre.terms import Sentence, say

FEW_WORDS = {
    "building_missing": say("Which building?"),
    "each_of_what": say("Which goods?"),
    "either": say("Which one?"),
    "glued_address": say("Which home is it?"),
    "home_missing": say("Which home is it?"),
    "large_qty": say("Is the number right?"),
    "loose_amount": say("Of which good?"),
    "no_home": say("Which home is it?"),
    "no_such_building": say("No such building: which is it?"),
    "no_such_home": say("No such home: which is it?"),
    "nobody": say("Which home is it?"),
    "note_changes": say("What is wanted, then?"),
    "note_redirects": say("Where shall it go?"),
    "odd_name": say("Is it a good?"),
    "order_changes": say("What is wanted, then?"),
    "order_unclear": say("What is wanted?"),
    "other_unit": say("Sold by {unit}: how many?", unit=""),
    "quantity_missing": say("How many?"),
    "range": say("How many?"),
    "room_missing": say("Which room?"),
    "same_as_what": say("The same as whose?"),
    "same_person": say("More, or instead?"),
    "step": say("Sold in steps of {step} {unit}: how many?", step="", unit=""),
    "two_homes": say("Where shall it go?"),
    "unclear_part": say("Which home is it?"),
    "unknown_good": say("Which good is it?"),
    "unknown_word": say("What is this?"),
    "vague": say("How many?"),
    "which_good": say("Which good is it?"),
    "which_home": say("Which home is it?"),
}
"""A question in few words, where the doubted ones are marked above it."""
_WITHOUT_WORDS = frozenset(("home_missing", "no_home", "nobody", "which_good"))
"""These doubt no words, but that there are none."""
_OF_BOXES = OF_HOME | {"two_homes", "note_redirects", "date_for_home", "glued_address"}
_BOX = re.compile(r"(?:弄|楼|栋|幢|单元|门牌|房|室)\S{0,3} \S")
"""A cell of a workbook that holds a part of the home, behind its heading."""
_BESIDE = 6
"""Signs that are shown on either side of the doubted words."""
_SHORT = 24
"""A text of so many signs is shown whole."""
_NOT_WRITTEN = ("compound", "unit", "days", "day", "number")
"""Values of sentences that are ours, not the writer's."""
_LONGEST_SAID = 12
"""A question quotes no more of the words that stand above it."""
_ROOM = re.compile(r"\d{3,4}")
_OF_GOODS = frozenset(
    "each_of_what either large_qty odd_name order_changes order_unclear other_unit quantity_missing range step "
    "unknown_good unknown_word vague which_good".split()
)
"""These ask what is wanted: whose order it is stands there, but need not be read."""
_HOME = re.compile(r"(?:\d+[-—－#]\d+(?:[-—－]\d+)?|\d+(?:栋|幢|号楼)\S{0,6}?\d{3,4}室?)\s*(?=\D|$)")
"""How a home begins a line that goes on with what is wanted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of what was written."""

    text: str
    is_doubted: bool = False
    is_aside: bool = False
    """Not needed for the answer."""


def excerpt(raw: str, asking: Asking) -> list[Piece]:
    """Return the doubted words with a few around them; of a row of a workbook, of the cells that have them."""
    if is_of_rules(asking):
        whose, blank, goods = (asking.understood or raw).partition(" ")
        is_of_turn = asking.code == "refused" and [key for key, _ in asking.sentence.values] == ["days"]
        return [Piece(whose + blank), Piece(goods, is_aside=is_of_turn)]
    words = list(_words((asking.sentence, *(one.sentence for one in asking.also))))
    found = _found(raw, words) or _found(raw, [room for word in words for room in _ROOM.findall(word)])
    if asking.code in _OF_BOXES and CELLS in raw:
        there = {part for part, _ in found}
        found += [(part, []) for part in _parts(raw) if part not in there and _BOX.match(part)]
    pieces: list[Piece] = []
    for line, spans in found or [(raw, [])]:
        pieces += [Piece(" · ")] if pieces else []
        pieces += _cut(line, spans) if found else [Piece(raw)]
    if asking.code in _OF_GOODS and (home := _HOME.match(pieces[0].text)):
        pieces[:1] = [Piece(home[0], is_aside=True), replace(pieces[0], text=pieces[0].text[home.end() :])]
    return pieces


def asked(asking: Asking, shown: Sequence[Piece]) -> Sentence:
    """Return a doubt's question in few words: what it would quote stands marked above it."""
    few = FEW_WORDS.get(asking.code)
    if few and (asking.code in _WITHOUT_WORDS or any(one.is_doubted for one in shown)):
        return replace(few, values=asking.sentence.values)
    return replace(
        asking.sentence, values=tuple((key, _ends(value)) for key, value in asking.sentence.values)
    )


def _ends(value: object) -> object:
    """Quote long words by their ends: they stand above in full."""
    if not isinstance(value, str) or len(value) <= _LONGEST_SAID:
        return value
    return f"{value[: _LONGEST_SAID // 2 - 1]}…{value[-_LONGEST_SAID // 2 :]}"


def _found(raw: str, words: Sequence[str]) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the lines or cells that have any of the words, and where; the same cell of several rows once."""
    parts = (part.strip() for part in _parts(raw))
    return [(part, spans) for part in parts if (spans := _spans(part, words))]


def _parts(raw: str) -> list[str]:
    return list(dict.fromkeys(re.split(rf"\n|{re.escape(CELLS)}", raw))) if CELLS in raw else raw.split("\n")


def _words(sentences: Iterable[Sentence]) -> Iterator[str]:
    for sentence in sentences:
        for key, value in sentence.values:
            if isinstance(value, str) and value.strip() and key not in _NOT_WRITTEN:
                yield value.strip()


def _spans(line: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where words stand in a line, joined where they touch or overlap."""
    found = sorted((at, at + len(word)) for word in words if (at := line.find(word)) >= 0)
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut(line: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Yield a line around its doubted words; what is left out shows as dots."""
    beside = len(line) if len(line) <= _SHORT else _BESIDE
    at = 0
    for start, end in spans:
        first = max(at, start - beside)
        if first > at:
            yield Piece("…")
        if line[first:start]:
            yield Piece(line[first:start])
        yield Piece(line[start:end], is_doubted=True)
        at = end
    last = min(len(line), at + beside)
    yield Piece(line[at:last] + ("…" if last < len(line) else ""))
