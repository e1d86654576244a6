"""The review sheet: doubts go out with raw text and suggestions, answers come back by the row's key.

What an answer may be: a suggestion; an address (3-501); the order as it should read (鸡蛋2板); 确认 or ok to
take the reading as it stands; 作废 or drop to leave the line out. An empty cell leaves the doubt open.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lastmetre.reading.column_names import plain_header
from lastmetre.reading.columns import cell
from lastmetre.reading.folding import fold
from lastmetre.reading.places import find_places, is_address, read_address
from lastmetre.reading.tables import Row, Sheet, read_tables
from lastmetre.terms import Compound, Doubt, InputError, OrderLine, Place, Sentence, Source, say

REVIEW_HEADERS = {
    "key": "编号 key",
    "source": "出处 source",
    "raw": "原文 text",
    "sentence": "疑问 doubt",
    "suggestions": "建议 suggestions",
    "answer": "答复 answer",
}
"""Headers in the order of the columns, in both languages: a sheet is read back wherever it was written."""
SUGGESTION_SEPARATOR = " ｜ "

_KEY_LETTERS = "abcdefghijklmnop"
_KEY_SIGNS = 12
_SIGNS = re.compile(r"[\W_]+")
_ACCEPT = frozenset(("确认", "对", "是", "是的", "可以", "没错", "没问题", "ok", "yes", "√", "✓"))
_DROP = frozenset(("作废", "删除", "不算", "无效", "drop", "delete"))
_PICK = re.compile(r"(?:建议\s*)?([①②③④⑤⑥⑦⑧⑨])|建议\s*([1-9])")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_ROOM = re.compile(r"\d{3,4}")
_HOUSE = re.compile(r"(\d{1,4})号")
_DASHED = re.compile(r"\w{1,8}(?:-\w{1,4}){1,2}")
"""Homes as suggestions spell them: 29-别墅, 商务楼-501."""
_NO_ANSWER = re.compile(
    r"[\W_①-⑨]*|不(?:知道|清楚|确定)|待(?:定|确认|核实)|(?:去|再)?问(?:一下|问)?|同上|见群|未知"
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One doubt of one line, as a row for a person."""

    key: str
    source: Source
    raw: str
    code: str
    sentence: Sentence
    suggestions: tuple[str, ...] = ()
    answer: str = ""
    """As typed; '' while open."""


class AnswerKind(StrEnum):
    """What an answer asks for."""

    ACCEPT = "accept"
    """Take the reading as it stands."""
    DROP = "drop"
    """Leave the line out."""
    PLACE = "place"
    """The line belongs to this home."""
    ORDER = "order"
    """The line orders this instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's answer to a doubt."""

    kind: AnswerKind
    text: str
    """As typed, or as suggested where a suggestion was picked by its number."""
    place: Place | None = None
    """The home that the answer names, where it names one."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of a review sheet by key, and what could not be read."""

    by_key: Mapping[str, Answer] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    """The answers as typed, to be remembered."""
    unread: tuple[Sentence, ...] = ()
    """One sentence for each answer that could not be read; its doubt stays open."""


def review_key(raw: str, code: str, number: str = "") -> str:
    """Return the key of a doubt: the same in every run for the same words, punctuation and `number` aside.

    Twelve letters, because spreadsheets turn digits into numbers and dates.
    """
    words = _SIGNS.sub(" ", unicodedata.normalize("NFKC", fold(raw)).casefold()).strip()
    words = words.removeprefix(f"{number} ") if number else words
    digest = hashlib.sha256(f"{code}\n{words}".encode()).digest()
    return "".join(_KEY_LETTERS[byte % len(_KEY_LETTERS)] for byte in digest[:_KEY_SIGNS])


def doubt_key(line: OrderLine, doubt: Doubt) -> str:
    """Return the key of one doubt of a line."""
    return review_key(line.raw, f"{doubt.code} {doubt.about}".strip(), line.seq)


def review_rows(
    lines: Iterable[OrderLine], answers: Mapping[str, str] | None = None
) -> tuple[ReviewRow, ...]:
    """Return a row for each doubt of each line, with the answer that is remembered for it."""
    known = answers or {}
    return tuple(
        ReviewRow(
            key=(key := doubt_key(line, doubt)),
            source=line.source,
            raw=line.raw,
            code=doubt.code,
            sentence=doubt.sentence,
            suggestions=doubt.suggestions,
            answer=known.get(key, ""),
        )
        for line in lines
        for doubt in line.doubts
    )


def parse_answer(
    text: str, suggestions: Sequence[str] = (), compound: Compound | None = None
) -> Answer | None:
    """Return what an answer asks for; None where it says nothing that can be acted on."""
    typed = text.strip()
    picked = _PICK.fullmatch(fold(typed))
    if picked:
        number = _CIRCLED.index(picked[1]) if picked[1] else int(picked[2]) - 1
        return parse_answer(suggestions[number], (), compound) if number < len(suggestions) else None
    word = fold(typed).casefold().strip(" .!")
    if word in _ACCEPT:
        return Answer(AnswerKind.ACCEPT, typed)
    if word in _DROP:
        return Answer(AnswerKind.DROP, typed)
    if _NO_ANSWER.fullmatch(word):
        return None
    place = _home_named(typed, compound)
    return Answer(AnswerKind.PLACE if place else AnswerKind.ORDER, typed, place)


def _home_named(text: str, compound: Compound | None) -> Place | None:
    """Return the home of a text that is nothing but a home; None for any other text."""
    folded = fold(text).strip(" .,")
    found = find_places(text)
    covers = len(found) == 1 and found[0].end - found[0].start >= len(folded)
    if covers or _ROOM.fullmatch(folded) or is_address(text):
        return read_address(text, compound)
    if house := _HOUSE.fullmatch(folded):
        return Place(text, building=house[1])
    if _DASHED.fullmatch(folded):
        parts = folded.split("-")
        names = ("building", "room") if len(parts) == 2 else ("building", "unit", "room")
        return Place(text, **dict(zip(names, parts, strict=True)))
    return None


def read_review(path: Path, rows: Sequence[ReviewRow] = (), compound: Compound | None = None) -> Answers:
    """Read the answers of a review workbook or CSV back by their keys; raises InputError.

    Rows may be sorted, deleted or added, columns moved, inserted or widened. `rows` are the doubts asked, so
    that a suggestion may be picked by its number.
    """
    asked = {row.key: row for row in rows}
    workbook = read_tables(path)
    found = next((columns for sheet in workbook.sheets if (columns := _columns(sheet))), None)
    if found is None:
        raise InputError(
            say(
                "This is no review sheet: the columns “{key}” and “{answer}” are missing.",
                key=REVIEW_HEADERS["key"],
                answer=REVIEW_HEADERS["answer"],
            ),
            remedy=say("Give back the workbook review.xlsx with its header row."),
            source=workbook.source,
        )
    sheet, at, key_column, answer_column = found
    reading = _Reading(asked, compound, sheet.source)
    for row in sheet.rows[at + 1 :]:
        reading.take(row, cell(row, key_column).casefold(), cell(row, answer_column))
    return Answers(reading.by_key, reading.typed, tuple(reading.unread))


def _columns(sheet: Sheet) -> tuple[Sheet, int, int, int] | None:
    """Find the header row, the key column and the answer column."""
    key, answer = (plain_header(REVIEW_HEADERS[name]) for name in ("key", "answer"))
    for at, row in enumerate(sheet.rows):
        headers = [plain_header(text) for text in row.cells]
        if key in headers and answer in headers:
            return sheet, at, headers.index(key), headers.index(answer)
    return None


@dataclass(slots=True)
class _Reading:
    asked: Mapping[str, ReviewRow]
    compound: Compound | None
    source: Source
    by_key: dict[str, Answer] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """Row of the first answer to each doubt."""
    unread: list[Sentence] = field(default_factory=list)

    def take(self, row: Row, key: str, text: str) -> None:
        if not text:
            return
        if not re.fullmatch(f"[{_KEY_LETTERS}]{{{_KEY_SIGNS}}}", key):
            self.unread.append(
                say(
                    "Row {row}: the key is missing or was changed; the answer “{text}” belongs to no doubt.",
                    row=row.number,
                    text=text,
                )
            )
            return
        suggestions = self.asked[key].suggestions if key in self.asked else ()
        answer = parse_answer(text, suggestions, self.compound)
        if answer is None:
            self.unread.append(
                say(
                    "Row {row}: the answer “{text}” cannot be read. Type a home, the order, 确认 or 作废.",
                    row=row.number,
                    text=text,
                )
            )
        elif self.rows.setdefault(key, row.number) == row.number:
            self.by_key[key], self.typed[key] = answer, answer.text
        elif self.by_key.get(key) != answer:
            first = self.rows[key]
            self.unread.append(
                say("Rows {first} and {row} answer the same doubt differently.", first=first, row=row.number)
            )
            self.by_key.pop(key, None)
            self.typed.pop(key, None)
