"""A sheet as rows: what the workbook and the CSV hold, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lastmetre.terms import Sentence

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

    title: Sentence
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] = ()
    """A last row in the workbook, in bold; not in the CSV, whose rows are for machines."""
