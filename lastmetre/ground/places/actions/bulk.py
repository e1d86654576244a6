"""Adding places and households, one or thousands, in few statements and one line of the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.journal.rules import common_path
from lastmetre.ground.places.actions.tree import locked, name_taken, unless_taken
from lastmetre.ground.places.models import Building, Compound, Household, Place, Unit
from lastmetre.ground.places.rules import (
    COMPOUND_KINDS,
    Permission,
    PlaceKind,
    check_lies_within,
    checked_name,
    checked_needs,
    pinyin_of,
    sort_key,
)
from lastmetre.ground.protection.actor import EVERYWHERE, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.models import Response
from lastmetre.ground.protection.paths import new_label
from lastmetre.ground.protection.responses import response_for
from lastmetre.terms import InputError, say

BATCH = 1_000
"""Rows of one INSERT: larger ones gain nothing and hold more memory."""


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place above the door; `parent` may be one of the same list that stands before it."""

    kind: PlaceKind
    name: str
    parent: UUID | None
    id: UUID = field(default_factory=new_id)
    aliases: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    outline: tuple[tuple[float, float], ...] = ()
    head_count: int | None = None
    household_count: int | None = None
    need_counts: dict[str, int] = field(default_factory=dict)
    floors: int | None = None
    """Of a building or unit, as `has_lift`."""
    has_lift: bool = False
    lane: str = ""
    """Of a building (Shanghai)."""


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A door and who lives behind it; `parent` is its unit, its building or its village."""

    parent: UUID
    room: str
    id: UUID = field(default_factory=new_id)
    """The household's; its door gets an id of its own."""
    door: UUID = field(default_factory=new_id)
    floor: int | None = None
    name: str = ""
    phone: str = ""
    head_count: int | None = None
    needs: tuple[str, ...] = ()
    note: str = ""


@transaction.atomic
def add_places(rows: Sequence[NewPlace], *, by: Actor, at: datetime) -> list[Place]:
    """Add places, each after its parent; raises InputError and adds none where one does not fit."""
    if not rows:
        return []
    own = {row.id for row in rows}
    outer = locked([parent for parent in _outer(rows, own) if parent])
    known: dict[UUID | None, Place] = {place.pk: place for place in outer.values()}
    for above in {known[parent].path if parent else EVERYWHERE for parent in _outer(rows, own)}:
        by.must(Permission.EDIT_PLACES, path=above)
    places = []
    for row in rows:
        parent = known.get(row.parent)
        if row.parent and parent is None:
            raise InputError(
                say("{name} stands before the place that it lies within.", name=row.name),
                remedy=say("Name each place after its parent."),
            )
        known[row.id] = place = _place(row, parent)
        places.append(place)
    _insert_places(places)
    _insert_details(rows, known)
    _record(places, "places.place", by=by, at=at)
    return places


@transaction.atomic
def add_households(rows: Sequence[NewHousehold], *, by: Actor, at: datetime) -> list[Household]:
    """Add households with their doors; raises InputError and adds none where one does not fit."""
    if not rows:
        return []
    parents = locked([row.parent for row in rows])
    for parent in parents.values():
        by.must(Permission.EDIT_ROSTER, path=parent.path)
    doors = [
        _place(NewPlace(PlaceKind.HOUSEHOLD, row.room, row.parent, row.door), parents[row.parent])
        for row in rows
    ]
    _insert_places(doors)
    sealed_by = {path: response_for(path) for path in {parent.path for parent in parents.values()}}
    households = [
        _household(row, door, sealed_by[parents[row.parent].path])
        for row, door in zip(rows, doors, strict=True)
    ]
    with unless_taken(rows[0].room):
        Household.objects.bulk_create(households, batch_size=BATCH)
    _record(doors, "places.household", by=by, at=at)
    return households


def _outer(rows: Sequence[NewPlace], own: set[UUID]) -> set[UUID | None]:
    return {row.parent for row in rows if row.parent not in own}


def _place(row: NewPlace, parent: Place | None) -> Place:
    name = checked_name(row.name)
    check_lies_within(row.kind, name, PlaceKind(parent.kind) if parent else None)
    is_door = row.kind is PlaceKind.HOUSEHOLD
    return Place(
        id=row.id,
        kind=row.kind,
        name=name,
        aliases=list(row.aliases),
        parent=parent,
        path=f"{parent.path}.{new_label()}" if parent else new_label(),
        sort_key=sort_key(name),
        pinyin="" if is_door else pinyin_of(name, row.aliases),
        longitude=row.longitude,
        latitude=row.latitude,
        outline=[list(spot) for spot in row.outline] or None,
        head_count=row.head_count,
        household_count=row.household_count,
        need_counts=row.need_counts,
    )


def _insert_places(places: Sequence[Place]) -> None:
    twice = Counter((place.parent_id, place.name) for place in places).most_common(1)
    if twice[0][1] > 1:
        raise name_taken(twice[0][0][1])
    taken = _names_taken(places)
    with unless_taken(taken):
        Place.objects.bulk_create(places, batch_size=BATCH)


def _names_taken(places: Sequence[Place]) -> str:
    """Return a name that a parent has already; '' where all are free."""
    wanted = {(place.parent_id, place.name) for place in places}
    there = Place.objects.filter(
        parent_id__in={parent for parent, _ in wanted if parent}, ended_at__isnull=True
    ).values_list("parent_id", "name")
    taken = next((name for parent, name in there if (parent, name) in wanted), "")
    if taken:
        raise name_taken(taken)
    return places[0].name


def _insert_details(rows: Sequence[NewPlace], known: dict[UUID | None, Place]) -> None:
    stairs: dict[PlaceKind, list[Any]] = {PlaceKind.BUILDING: [], PlaceKind.UNIT: []}
    compounds = []
    for row in rows:
        place = known[row.id]
        if row.kind is PlaceKind.BUILDING:
            values = {"floors": row.floors, "has_lift": row.has_lift, "lane": row.lane}
            stairs[row.kind].append(Building(place=place, path=place.path, **values))
        elif row.kind is PlaceKind.UNIT:
            stairs[row.kind].append(
                Unit(place=place, path=place.path, floors=row.floors, has_lift=row.has_lift)
            )
        elif row.kind in COMPOUND_KINDS:
            compounds.append(Compound(place=place, path=place.path))
    Building.objects.bulk_create(stairs[PlaceKind.BUILDING], batch_size=BATCH)
    Unit.objects.bulk_create(stairs[PlaceKind.UNIT], batch_size=BATCH)
    Compound.objects.bulk_create(compounds, batch_size=BATCH)


def _household(row: NewHousehold, door: Place, response: Response) -> Household:
    return Household(
        id=row.id,
        place=door,
        path=door.path,
        response=response,
        floor=row.floor,
        head_count=row.head_count,
        name=row.name.strip(),
        phone=row.phone.strip(),
        needs=checked_needs(row.needs),
        note=row.note.strip(),
    )


def _record(places: Iterable[Place], kind: str, *, by: Actor, at: datetime) -> None:
    """Write the one line: counts of each kind, at the nearest place above all of them."""
    added = list(places)
    paths = [place.parent.path if place.parent else EVERYWHERE for place in added]
    counts = dict(Counter(place.kind for place in added))
    thing = added[0].pk if len(added) == 1 else None
    record("add", kind, thing, by=by, at=at, path=common_path(paths), **counts)
