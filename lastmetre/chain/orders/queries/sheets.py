"""Numbered sheets of a round: their doors, and what was keyed in from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from lastmetre.chain.orders.models import Intake, Round
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.queries.roster import RosterRow, doors_within, masked_row


@dataclass(frozen=True, slots=True)
class Line:
    """A door of a sheet."""

    household: Household
    row: RosterRow


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its doors in the order in which they are printed, and what was keyed in by household."""

    number: int
    lines: tuple[Line, ...]
    keyed: dict[UUID, dict[str, Decimal]]
    is_keyed: bool


def sheets_of(row: Round) -> list[Intake]:
    """Return the sheets of a round by number, as far as the visitor sees their stairs; one query."""
    found = Intake.objects.filter(round=row, sheet__isnull=False).select_related("place__parent")
    return list(found.order_by("sheet"))


def sheet_of(intake: Intake) -> Sheet:
    """Return a sheet with its doors; one query."""
    kept = json.loads(intake.raw or '{"doors": [], "keyed": {}}')
    doors = [UUID(pk) for pk in kept["doors"]]
    found = Household.objects.filter(pk__in=doors).select_related("place__parent__parent")
    homes = {one.pk: one for one in found}
    return Sheet(
        intake.sheet or 0,
        tuple(Line(homes[pk], masked_row(homes[pk])) for pk in doors if pk in homes),
        {
            UUID(pk): {code: Decimal(qty) for code, qty in goods.items()}
            for pk, goods in kept["keyed"].items()
        },
        intake.confirmed_at is not None,
    )


def doors_without_sheet(row: Round, most: int) -> Iterator[tuple[Place, list[Household]]]:
    """Yield the doors of a compound that stand on no sheet yet, stairwell by stairwell, `most` at a time."""
    held = Intake.objects.filter(round=row, sheet__isnull=False)
    taken = {pk for one in held if one.raw for pk in json.loads(one.raw)["doors"]}
    free = (one for one in doors_within(row.place) if str(one.pk) not in taken)
    for _, group in groupby(free, key=lambda one: one.place.parent_id):
        homes = list(group)
        for start in range(0, len(homes), most):
            yield homes[0].place.parent, homes[start : start + most]
