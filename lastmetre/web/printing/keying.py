"""A door list that came back on paper: its doors as they stood on it, and what was ticked, keyed in once or twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from lastmetre.chain.doorstep.actions.doors import Answer, Told, take_events
from lastmetre.chain.doorstep.rules import OUTCOME_WORDS, Outcome, Permission
from lastmetre.chain.ledger.rules import CAUSE_WORDS, Cause
from lastmetre.chain.orders.models import Round
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import Actor
from lastmetre.terms import Home, Sentence
from lastmetre.web.printing.gathering import bags_on_carts
from lastmetre.web.printing.offered import ROUND

TICKS: tuple[Outcome, ...] = (
    *(Outcome.DELIVERED, Outcome.NOBODY_IN, Outcome.REFUSED),
    *(Outcome.WRONG_ADDRESS, Outcome.DAMAGED, Outcome.NEEDS_HELP),
)
"""The boxes of a door list from left to right (`papers.carts.FAILURES`): 0 is handed over, then 1 to 5."""


@dataclass(frozen=True, slots=True)
class Line:
    """A door of a list."""

    household: UUID
    home: Home
    ended: Sentence | None
    """What the books say became of its bag already."""


@dataclass(frozen=True, slots=True)
class DoorList:
    """The list of one cart, by the number that stands large on it."""

    number: int
    lines: tuple[Line, ...]


def door_list(row: Round, number: int) -> DoorList | None:
    """Return the door list of a cart, its doors in the order of carrying; None where there is no such cart."""
    lines = []
    for _, bag, home in bags_on_carts(row, number):
        ended = CAUSE_WORDS[Cause(bag.end_cause)] if bag.ended_at else None
        lines.append(Line(bag.household, home, ended))
    return DoorList(number, tuple(lines)) if lines else None


def key_in(
    row: Round, sheet: DoorList, ticked: Mapping[UUID, Outcome], *, by: Actor, at: datetime
) -> list[tuple[Line, Answer]]:
    """Enter what was ticked; the same list keyed in again has no effect. Returns the doors that were not taken.

    An event on paper has an id of its door and outcome: two people at one list count once, as two phones do.
    """
    by.must(Permission.PLAN, path=row.path)
    lines = [one for one in sheet.lines if one.household in ticked]
    told = [_told(row, one.household, ticked[one.household], at) for one in lines]
    answers = take_events(told, by=by, at=at) if told else []
    record("keyed in", ROUND, row.pk, by=by, at=at, path=row.path, cart=sheet.number, doors=len(told))
    return [(line, answer) for line, answer in zip(lines, answers, strict=True) if answer.effect == "refused"]


def _told(row: Round, household: UUID, outcome: Outcome, at: datetime) -> Told:
    return Told(uuid5(row.pk, f"paper {household} {outcome}"), outcome, str(household), at)


def choices() -> Sequence[tuple[int, Outcome, Sentence]]:
    """Return what can be ticked, with the number that stands over its box."""
    return [(number, one, OUTCOME_WORDS[one]) for number, one in enumerate(TICKS)]
