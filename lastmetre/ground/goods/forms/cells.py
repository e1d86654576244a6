"""Cells of the workbooks of goods: one table of columns for reading, comparing and writing each kind."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from lastmetre.ground.goods.plans import Difference
from lastmetre.ground.goods.rules import name_of
from lastmetre.papers.tables import Cell, Kind
from lastmetre.papers.tables import Column as PaperColumn
from lastmetre.reading.cell_values import decimal, is_yes, money_fen, whole
from lastmetre.reading.folding import fold
from lastmetre.reading.listings import Heading, ListedRow
from lastmetre.terms import InputError, Sentence, say

_LIST = re.compile(r"[,;，；、/|]+")
_NOTHING = frozenset(("", "-", "/", "无", "不限"))
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: .*)?")
Read = Callable[[str], Any]


class Unread(Exception):
    """A cell that cannot be read; `sentence` says what is wanted."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, how its cells are read, and how a value is written."""

    key: str
    title: Sentence
    read: Read
    write: Callable[[Any], Cell] = lambda value: "" if value is None else str(value)
    kind: Kind = Kind.TEXT
    width: int = 12
    names: tuple[str, ...] = ()
    """What else people write over it."""
    is_needed: bool = False

    @property
    def heading(self) -> Heading:
        """Return how its header is recognised: in both languages, by its key, and by what else people write."""
        return Heading((*both(self.title), self.key, *self.names), self.is_needed)

    @property
    def paper(self) -> PaperColumn:
        """Return it as the workbook writer takes it."""
        return PaperColumn(self.title, self.kind, self.width)


def text(value: str) -> str:
    """Read a text as it stands."""
    return value


def texts(value: str) -> tuple[str, ...]:
    """Read a list: 西红柿、番茄."""
    return tuple(dict.fromkeys(part.strip() for part in _LIST.split(value) if part.strip()))


def yuan_cell(value: str) -> int | None:
    """Read an amount in yuan as fen; None where the cell is empty."""
    if value in _NOTHING:
        return None
    fen = money_fen(value)
    if fen is None or fen < 0:
        raise Unread(say("Write an amount in yuan, such as 39.9."))
    return fen


def count(value: str) -> int | None:
    """Read a whole number; None where the cell is empty."""
    if value in _NOTHING:
        return None
    number = whole(value)
    if number is None:
        raise Unread(say("Write a whole number, such as 12."))
    return number


def quantity(value: str) -> Decimal | None:
    """Read a number of sale units; None where the cell is empty."""
    if value in _NOTHING:
        return None
    number = decimal(value)
    if number is None or number < 0 or number >= 10**9:
        raise Unread(say("Write a number from 0 up, such as 120 or 0.5."))
    return number.normalize() + 0


def yes(value: str) -> bool:
    """Read yes or no; an empty cell is no."""
    said = is_yes(value)
    if said is None:
        raise Unread(say("Write 是 or 否."))
    return said


def day(value: str) -> datetime.date | None:
    """Read a day: 2026-11-26, 2026/11/26, 2026年11月26日."""
    if value in _NOTHING:
        return None
    found = _DAY.fullmatch(fold(value))
    try:
        return datetime.date(*(int(part) for part in found.groups())) if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> datetime.date:
    raise Unread(say("Write a day as 2026-11-26."))


def one_of(codes: type[StrEnum]) -> Read:
    """Read a code by its name in either language, or by itself."""

    def read(value: str) -> Any:
        known = {fold(name).casefold(): code for code in codes for name in (str(code), *both(name_of(code)))}
        code = known.get(fold(value).casefold())
        if code is None:
            wanted = "、".join(both(name_of(code))[0] for code in codes)
            raise Unread(say("Write one of: {names}.", names=wanted))
        return code

    return read


def called(code: StrEnum) -> str:
    """Write a code by its name in the reader's language."""
    return name_of(code).text(gettext)


@cache
def both(sentence: Sentence) -> tuple[str, str]:
    """Return a short sentence in Chinese and in English."""
    with translation.override("zh-hans"):
        return sentence.text(gettext), sentence.template


def joined(values: Sequence[str]) -> str:
    """Write a list."""
    return "、".join(values)


def number(value: Any) -> Cell:
    """Write a number."""
    return value


def yes_no(value: bool) -> str:
    """Write yes or no."""
    return "是" if value else "否"


def iso(value: datetime.date | None) -> str:
    """Write a day."""
    return value.isoformat() if value else ""


def read_cells(row: ListedRow, columns: Sequence[Column], present: frozenset[str]) -> dict[str, Any]:
    """Read the cells of the columns that the workbook has; raises InputError that names row and column."""
    values = {}
    for column in columns:
        if column.key in present:
            said = row.text(column.key)
            try:
                values[column.key] = column.read(said)
            except Unread as error:
                raise cell_error(row, column, error.sentence) from error
            if column.is_needed and values[column.key] in ("", None):
                raise cell_error(row, column, say("Fill in this cell."))
    return values


def cell_error(row: ListedRow, column: Column, remedy: Sentence) -> InputError:
    """Build the refusal of a cell."""
    said = row.text(column.key)
    what = (
        say("Column “{column}”: “{text}” cannot be read.", column=column.title, text=said[:60])
        if said
        else say("Column “{column}” is empty.", column=column.title)
    )
    return InputError(what, remedy=remedy, source=row.source)


def differences(
    columns: Sequence[Column], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Return the cells that differ, as they would be written."""
    found = []
    for column in columns:
        if column.key in after and before.get(column.key) != after[column.key]:
            old, new = (_shown(column, values.get(column.key)) for values in (before, after))
            found.append(Difference(column.key, old, new))
    return tuple(found)


def _shown(column: Column, value: Any) -> str:
    if value is None:
        return ""
    cell = column.write(value)
    if column.kind is Kind.FEN and isinstance(cell, int):
        return f"{Decimal(cell) / 100:.2f}"
    return "" if cell is None else str(cell)
