"""A sheet as rows: what the workbook and the CSV hold, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from lastmetre.terms import Sentence, Translate

Cell = str | int | Decimal | None


class Kind(StrEnum):
    """How a column's cells are written."""

    TEXT = "text"
    NUMBER = "number"
    """Counts and quantities."""
    FEN = "fen"
    """Money in fen, written as yuan."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, how its cells are written, and its width in a workbook."""

    title: Sentence | str
    kind: Kind = Kind.TEXT
    width: int = 10
    """In characters."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of the workbook, one CSV file."""

    title: Sentence | str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] = ()
    """A last row in the workbook, in bold; not in the CSV, whose rows are for machines."""

    def said(self, translate: Translate) -> Table:
        """Return the table with its headings in the reader's language."""
        columns = tuple(replace(column, title=_said(column.title, translate)) for column in self.columns)
        return replace(self, title=_said(self.title, translate), columns=columns)


def _said(title: Sentence | str, translate: Translate) -> str:
    return title if isinstance(title, str) else title.text(translate)
