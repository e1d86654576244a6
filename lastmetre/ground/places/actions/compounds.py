"""What a compound has: how addresses are written, hands, gates, unloading points, carts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.journal.rules import common_path
from lastmetre.ground.places.actions.tree import locked
from lastmetre.ground.places.models import Cart, Compound, Gate, Place, Point, UnloadingPoint
from lastmetre.ground.places.rules import COMPOUND_KINDS, Permission, PlaceKind, checked_name, checked_parts
from lastmetre.ground.protection.actor import Actor, is_within
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, say


@dataclass(frozen=True, slots=True)
class NewGate:
    """An entrance of a compound where goods are handed over."""

    place: UUID
    name: str
    id: UUID = field(default_factory=new_id)
    longitude: float | None = None
    latitude: float | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    takes_vehicles: bool = True
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class NewUnloadingPoint:
    """Where vehicles that may enter are unloaded, and the fixed way to it (SQ7)."""

    place: UUID
    name: str
    id: UUID = field(default_factory=new_id)
    number: int | None = None
    gate: UUID | None = None
    longitude: float | None = None
    latitude: float | None = None
    route: str = ""


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A point of service: delivery point, sale point, market, warehouse, stop."""

    place: UUID
    kind: str
    name: str
    id: UUID = field(default_factory=new_id)
    longitude: float | None = None
    latitude: float | None = None
    capacity: int | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    keeper: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewCart:
    """A numbered cart of a compound, for one unit (or building) of it or spare (ER3b)."""

    place: UUID
    number: int
    unit: UUID | None = None
    id: UUID = field(default_factory=new_id)


@transaction.atomic
def edit_compound(
    place: Place,
    *,
    lanes: Sequence[str] = (),
    two_parts: str = "building-room",
    three_parts: str = "building-unit-room",
    hands_per_wave: int | None = None,
    waves_per_day: int = 2,
    doors_per_hour: int = 30,
    by: Actor,
    at: datetime,
) -> Compound:
    """Say how addresses are written here and how many hands there are (house law 7)."""
    by.must(Permission.EDIT_PLACES, path=place.path)
    _check_compound(place)
    if waves_per_day < 1 or doors_per_hour < 1:
        raise InputError(
            say("Waves a day and doors an hour must be 1 or more."),
            remedy=say("Two waves and 30 doors are usual."),
        )
    values: dict[str, Any] = {
        "lanes": list(dict.fromkeys(lane.strip() for lane in lanes if lane.strip())),
        "two_parts": checked_parts(two_parts, 2),
        "three_parts": checked_parts(three_parts, 3),
        "hands_per_wave": hands_per_wave,
        "waves_per_day": waves_per_day,
        "doors_per_hour": doors_per_hour,
    }
    compound, _ = Compound.objects.update_or_create(place=place, defaults=values)
    record("edit", "places.compound", place.pk, by=by, at=at, path=place.path, **values)
    return compound


def add_gates(rows: Sequence[NewGate], *, by: Actor, at: datetime) -> list[Gate]:
    """Add gates; raises InputError and adds none where one does not fit."""
    return _add(Gate, rows, by=by, at=at, only_compounds=True)


def add_unloading_points(rows: Sequence[NewUnloadingPoint], *, by: Actor, at: datetime) -> list[Any]:
    """Add unloading points; a gate named must be of the same compound."""
    gates = dict(
        Gate.objects.filter(pk__in=[row.gate for row in rows if row.gate]).values_list("pk", "place")
    )
    if any(row.gate and gates.get(row.gate) != row.place for row in rows):
        raise InputError(
            say("The gate is not one of this compound."), remedy=say("Choose a gate of the compound.")
        )
    return _add(UnloadingPoint, rows, by=by, at=at, only_compounds=True)


def add_points(rows: Sequence[NewPoint], *, by: Actor, at: datetime) -> list[Point]:
    """Add points of service at places of any kind."""
    return _add(Point, rows, by=by, at=at)


def add_carts(rows: Sequence[NewCart], *, by: Actor, at: datetime) -> list[Cart]:
    """Add carts; the unit that one serves must lie within its compound."""
    units = Place.objects.in_bulk([row.unit for row in rows if row.unit])
    compounds = Place.objects.in_bulk({row.place for row in rows})
    for row in rows:
        unit, compound = units.get(row.unit), compounds.get(row.place)
        if row.unit and (unit is None or compound is None or not is_within(unit.path, compound.path)):
            raise InputError(
                say("Cart {number}: the unit lies in another compound.", number=row.number),
                remedy=say("Choose a unit of this compound."),
            )
    return _add(Cart, rows, by=by, at=at, only_compounds=True)


@transaction.atomic
def edit_part(row: Any, *, by: Actor, at: datetime, **values: Any) -> None:
    """Change a gate, unloading point, point or cart; `values` are its fields."""
    by.must(Permission.EDIT_PLACES, path=row.path)
    for name, value in values.items():
        setattr(row, name, value)
    if hasattr(row, "name"):
        row.name = checked_name(row.name)
    _saved(lambda: row.save(), str(row))
    changed = sorted(values)
    record("edit", _kind(type(row)), row.pk, by=by, at=at, path=row.path, changed=changed)


@transaction.atomic
def remove_part(row: Any, *, by: Actor, at: datetime) -> None:
    """Remove a gate, unloading point or cart; a point is ended, for later rows name it."""
    by.must(Permission.EDIT_PLACES, path=row.path)
    if isinstance(row, Point):
        row.ended_at = at
        row.save(update_fields=["ended_at"])
    else:
        try:
            with transaction.atomic():
                row.delete()
        except (IntegrityError, models.ProtectedError) as error:
            raise InputError(
                say("{name} is in use.", name=str(row)), remedy=say("Take it out of use there first.")
            ) from error
    record("remove", _kind(type(row)), row.pk, by=by, at=at, path=row.path, name=str(row))


@transaction.atomic
def _add(
    model: Any, rows: Sequence[Any], *, by: Actor, at: datetime, only_compounds: bool = False
) -> list[Any]:
    if not rows:
        return []
    places = locked([row.place for row in rows])
    for place in places.values():
        by.must(Permission.EDIT_PLACES, path=place.path)
        if only_compounds:
            _check_compound(place)
    made = [_made(model, row, places[row.place]) for row in rows]
    names = "、".join(str(one) for one in made[:3])
    _saved(lambda: model.objects.bulk_create(made, batch_size=1_000), names)
    thing = made[0].pk if len(made) == 1 else None
    path = common_path([place.path for place in places.values()])
    record("add", _kind(model), thing, by=by, at=at, path=path, count=len(made))
    return made


def _made(model: Any, row: Any, place: Place) -> Any:
    values = asdict(row) | {"place": place, "path": place.path}
    values |= {f"{name}_id": values.pop(name) for name in ("gate", "unit") if name in values}
    if "name" in values:
        values["name"] = checked_name(values["name"])
    return model(**values)


def _saved(write: Any, names: str) -> None:
    """Turn the database's refusal into a sentence."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        told = str(error)
        if "once_a" in told:
            raise InputError(
                say("{names}: this name or number is there already.", names=names),
                remedy=say("Give it another one."),
            ) from error
        if "hours_whole" in told:
            raise InputError(
                say("{names}: give both hours, opening and closing.", names=names),
                remedy=say("Leave both empty where it is always open."),
            ) from error
        if "position_whole" in told or "positive" in told:
            raise InputError(
                say("{names}: a figure is out of range.", names=names),
                remedy=say("Numbers begin at 1; a position needs longitude and latitude."),
            ) from error
        raise


def _check_compound(place: Place) -> None:
    if PlaceKind(place.kind) not in COMPOUND_KINDS:
        raise InputError(
            say("{name} is no compound.", name=place.name),
            remedy=say("Choose a compound, urban village or campus."),
        )


def _kind(model: Any) -> str:
    return f"places.{model._meta.model_name}"
