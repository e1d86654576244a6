"""All inputs of a round -> resolved lines -> orders: the reader's front, what the command line calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lastmetre.reading.columns import GivenMapping
from lastmetre.reading.control_totals import check_totals
from lastmetre.reading.guards import read_text as read_text_file
from lastmetre.reading.readings import ControlTotal, Reading
from lastmetre.reading.resolving import Resolver
from lastmetre.reading.table_files import read_table_file
from lastmetre.reading.texts import read_text
from lastmetre.terms import Action, Compound, Offer, Order, OrderLine, Sentence

TABLE_ENDINGS = frozenset((".xlsx", ".xlsm", ".xls", ".ods", ".csv"))


_REPORTS = (Action.SHORTAGE, Action.COMPLAINT, Action.TOTAL)
"""What orders nothing, but may be doubted to be a change of an order."""


@dataclass(frozen=True, slots=True)
class Round:
    """What was read from all inputs together."""

    reading: Reading
    offer: Offer
    """The offer given, or the goods as typed where none was."""
    orders: tuple[Order, ...]
    """One a household; those with doubts are not to be packed."""
    homeless: tuple[OrderLine, ...]
    """Lines that ask for something but belong to no household yet."""
    notices: tuple[Sentence, ...] = ()
    mapping: Mapping[str, str] | None = None
    """What the columns of the tables were taken as."""
    asked: tuple[frozenset[str], ...] = ()
    """Of each line, the keys of the answers that it was settled with (`resolving.Outcome`)."""

    @property
    def clear(self) -> tuple[Order, ...]:
        """Orders that can be packed."""
        return tuple(order for order in self.orders if not order.doubts and order.items)

    @property
    def doubtful(self) -> tuple[OrderLine, ...]:
        """Every line that waits for a person."""
        lines = [line for order in self.orders if order.doubts for line in order.lines if line.doubts]
        others = [line for line in self.reading.lines if line.doubts and line.action in _REPORTS]
        return (*lines, *self.homeless, *others)


def read_file(
    path: Path,
    *,
    compound: Compound | None = None,
    offer: Offer | None = None,
    mapping: GivenMapping | None = None,
    elsewhere: bool = False,
) -> tuple[Reading, tuple[Sentence, ...], Mapping[str, str]]:
    """Read one input of any kind; raises InputError."""
    if path.suffix.lower() in TABLE_ENDINGS:
        table = read_table_file(path, compound=compound, offer=offer, mapping=mapping, elsewhere=elsewhere)
        return Reading(lines=table.lines, totals=table.totals), table.notices, table.mapping
    text = read_text_file(path)
    return read_text(text, file=path.name, compound=compound, offer=offer), (), {}


def read_round(
    readings: Iterable[Reading],
    *,
    compound: Compound,
    offer: Offer | None = None,
    answers: Mapping[str, str] | None = None,
) -> Round:
    """Resolve the lines of all readings to homes and goods, settle what a person answered, merge."""
    parts = list(readings)
    lines = [line for reading in parts for line in reading.lines]
    resolver = Resolver.of(compound, offer, lines)
    outcome = resolver.outcome(lines, answers or {})
    whole = Reading(
        lines=outcome.settled,
        superseded=tuple(line for reading in parts for line in reading.superseded),
        heading="\n".join(reading.heading for reading in parts if reading.heading),
        totals=(*_totals_of_files(parts, lines), *check_totals(outcome.settled)),
    )
    return Round(whole, resolver.offer, outcome.orders, outcome.homeless, asked=outcome.asked)


def _totals_of_files(readings: Sequence[Reading], lines: Sequence[OrderLine]) -> list[ControlTotal]:
    """Totals that a workbook states beside its orders; those among the lines are compared once resolved."""
    among = {id(line) for line in lines}
    return [total for reading in readings for total in reading.totals if id(total.line) not in among]
