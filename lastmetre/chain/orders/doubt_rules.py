"""Which doubts are one question, which answers hold for more of them, and which words need be read. Pure, no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lastmetre.chain.orders.intake_rules import Also, Asking
from lastmetre.reading.columns import CELLS
from lastmetre.reading.reviews import AnswerKind
from lastmetre.reading.settling import NEEDS_MORE
from lastmetre.terms import Sentence

ACCEPT = "确认"
"""The answer that takes a reading as it stands."""
_OF_HOME = frozenset(
    "no_home nobody which_home no_such_home no_such_building other_lane building_missing room_missing "
    "home_missing".split()
)
"""One home answers all of these at once."""
_CHOICES = frozenset("either two_homes which_home which_good conflict date_for_home glued_address".split())
_OF_GOOD = frozenset(("which_good", "unknown_good"))
_WITHOUT_GOOD = frozenset("loose_amount code_or_place same_as_what amends_what odd_name".split())
"""What a message without its good raises besides: who names the good has said these too."""
_OF_BOXES = _OF_HOME | {"two_homes", "note_redirects", "date_for_home", "glued_address"}
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


def one_question_each(askings: Sequence[Asking]) -> list[Asking]:
    """Ask once for the doubts of one message that have one cause: a home that is unclear, a good that is not named."""
    homes = [one for one in askings if one.code in _OF_HOME]
    goods = [one for one in askings if one.code in _OF_GOOD]
    groups = [homes] if homes else []
    if len(goods) == 1:
        groups.append([goods[0], *(one for one in askings if _is_of(one, goods[0]))])
    asked = {one.key: one for one in askings}
    for group in groups:
        lead = next((one for one in group if one.suggestions), group[0])
        others = [one for one in group if one is not lead]
        asked[lead.key] = replace(lead, also=tuple(Also(one.key, one.code, one.sentence) for one in others))
        for one in others:
            del asked[one.key]
    return list(asked.values())


def _is_of(one: Asking, good: Asking) -> bool:
    """Whether a doubt is settled by the good that another asks for; an odd name only where it is the same one."""
    if one.code == "odd_name":
        return one.sentence.values == good.sentence.values
    return one.code in _WITHOUT_GOOD


def answers_by_key(asking: Asking, typed: str, kind: AnswerKind) -> Iterator[tuple[str, str]]:
    """Yield what is remembered for each doubt of a question."""
    yield asking.key, typed
    for other in asking.also:
        if kind in (AnswerKind.ACCEPT, AnswerKind.DROP) or (
            kind is AnswerKind.PLACE and asking.code in _OF_HOME
        ):
            yield other.key, typed
        elif kind is AnswerKind.ORDER and asking.code in _OF_GOOD:
            yield other.key, ACCEPT


def is_alike(one: Asking, other: Asking) -> bool:
    """Whether two doubts ask the same and offer nothing of their own: one yes may be meant for both."""
    return bool(
        may_stand(one)
        and not (one.suggestions or other.suggestions)
        and one.code == other.code == "refused"
        and one.sentence == other.sentence
    )


def is_answered_too(one: Asking, other: Asking, typed: str, kind: AnswerKind) -> bool:
    """Whether an answer says what the same words mean elsewhere: which good a name is, or that a word adds nothing."""
    if one.code != other.code or not one.sentence.values or one.sentence != other.sentence:
        return False
    if one.code == "unknown_good":
        return typed in one.suggestions and one.suggestions == other.suggestions
    return one.code == "unknown_word" and kind is AnswerKind.ACCEPT


def must_choose(asking: Asking) -> bool:
    """Whether the answers offered exclude each other and none is likelier: Enter alone picks none of them."""
    return asking.code in _CHOICES and len(asking.suggestions) > 1


def may_stand(asking: Asking) -> bool:
    """Whether yes settles it: what was understood is enough for an order."""
    return asking.code not in NEEDS_MORE and asking.code != "home_missing"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of what was written."""

    text: str
    is_doubted: bool = False


def excerpt(raw: str, asking: Asking) -> list[Piece]:
    """Return the doubted words with a few around them; of a row of a workbook, of the cells that have them."""
    if is_of_rules(asking):
        return [Piece(asking.understood or raw)]
    words = list(_words((asking.sentence, *(one.sentence for one in asking.also))))
    found = _found(raw, words) or _found(raw, [room for word in words for room in _ROOM.findall(word)])
    if asking.code in _OF_BOXES and CELLS in raw:
        there = {part for part, _ in found}
        found += [(part, []) for part in _parts(raw) if part not in there and _BOX.match(part)]
    if not found:
        return [Piece(raw)]
    pieces: list[Piece] = []
    for line, spans in found:
        pieces += [Piece(" · ")] if pieces else []
        pieces += _cut(line, spans)
    return pieces


def is_of_rules(asking: Asking) -> bool:
    """Whether what was written is clear, and only a rule or another order stands against it."""
    return asking.code in ("refused", "conflict")


def shortened(sentence: Sentence) -> Sentence:
    """Return a question that quotes long words by their ends: they stand above it in full."""
    return replace(sentence, values=tuple((key, _ends(value)) for key, value in sentence.values))


def _ends(value: object) -> object:
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
