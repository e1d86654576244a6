"""A sheet as its parser gives it, whatever the file's format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CellRange = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of merged cells, both included, 0-based."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet's values from its first row and column on."""

    name: str
    height: int
    rows: Iterable[Sequence[object]]
    merged: Sequence[CellRange] = ()
    hidden_rows: frozenset[int] = frozenset()
    """1-based."""
    is_hidden: bool = False
