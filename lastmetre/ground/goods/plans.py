"""What an import would do, row by row, before anything is written; confirmed by its digest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from lastmetre.terms import InputError, Sentence, Source


class Outcome(StrEnum):
    """What a row of a workbook does."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that changes something."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row: what it is about, what it does, and why it is refused."""

    source: Source
    label: str
    outcome: Outcome
    draft: Any = None
    """The row as an action takes it; None where it is refused."""
    target: UUID | None = None
    """The row of the database that it changes."""
    differences: tuple[Difference, ...] = ()
    refusal: InputError | None = None
    flags: tuple[Sentence, ...] = ()
    """What a person should look at; it does not stop the row."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows, and what was left out of the workbook."""

    kind: str
    rows: tuple[PlannedRow, ...]
    notices: tuple[Sentence, ...] = ()
    counts: Counter[Outcome] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", Counter(row.outcome for row in self.rows))

    def of(self, outcome: Outcome) -> Sequence[PlannedRow]:
        """Return the rows of one outcome."""
        return [row for row in self.rows if row.outcome is outcome]

    @property
    def has_effect(self) -> bool:
        """Whether confirming it would write anything."""
        return bool(self.counts[Outcome.ADDED] or self.counts[Outcome.CHANGED])

    @property
    def digest(self) -> str:
        """What a confirmation must repeat: other rows, or another state of the database, give another."""
        told = [
            (
                row.source.row,
                row.label,
                row.outcome.value,
                str(row.target),
                [(one.column, one.before, one.after) for one in row.differences],
                str(row.refusal) if row.refusal else "",
            )
            for row in self.rows
        ]
        return hashlib.sha256(repr((self.kind, told)).encode()).hexdigest()[:16]
