"""A compound as reading, planning and papers know it, and as its page shows it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import Count

from lastmetre.ground.places.models import (
    Building,
    Cart,
    Compound,
    Gate,
    Grid,
    Household,
    Place,
    Point,
    Unit,
    UnloadingPoint,
)
from lastmetre.ground.places.queries.roster import doors_within
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.reading.boxes import lone_part
from lastmetre.terms import Building as BuildingTerms
from lastmetre.terms import Compound as CompoundTerms
from lastmetre.terms import Home
from lastmetre.terms import Household as HouseholdTerms
from lastmetre.terms import Unit as UnitTerms

MOST_POINTS = 200
"""Points of service shown of one place; maps and later apps ask for all."""


@dataclass(frozen=True, slots=True)
class CartRow:
    """A numbered cart and the stairs that it serves; both '' for a spare one."""

    id: UUID
    number: int
    building: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Hands:
    """What the people of a compound can carry (house law 7)."""

    hands_per_wave: int | None
    waves_per_day: int
    doors_per_hour: int
    households: int

    @property
    def doors_an_hour(self) -> int | None:
        """Doors that all hands together serve in an hour; None where nobody said how many there are."""
        return self.hands_per_wave * self.doors_per_hour if self.hands_per_wave else None

    @property
    def hours_for_all(self) -> float | None:
        """Hours until every household was served once; None where hands or households are unknown."""
        if not self.doors_an_hour or not self.households:
            return None
        return round(float(Fraction(self.households, self.doors_an_hour)), 1)


@dataclass(frozen=True, slots=True)
class CompoundParts:
    """What a compound has besides its buildings."""

    detail: Compound | None
    gates: tuple[Gate, ...]
    unloading_points: tuple[UnloadingPoint, ...]
    points: tuple[Point, ...]
    carts: tuple[CartRow, ...]
    grids: tuple[Grid, ...]


def parts(place: Place) -> CompoundParts:
    """Return gates, points, carts and grids of a compound; six queries."""
    return CompoundParts(
        Compound.objects.filter(place=place).first(),
        tuple(Gate.objects.filter(place=place).order_by("name")),
        tuple(UnloadingPoint.objects.filter(place=place).select_related("gate")),
        tuple(points(place, MOST_POINTS)),
        carts(place),
        tuple(grids(place)),
    )


def grids(place: Place) -> list[Grid]:
    """Return the grid areas of a place, each with `size`, how many buildings it has."""
    return list(Grid.objects.filter(place=place).annotate(size=Count("members")).order_by("name"))


def points(place: Place, limit: int) -> list[Point]:
    """Return the first points of service of a place."""
    return list(Point.objects.filter(place=place, ended_at__isnull=True)[:limit])


def carts(place: Place) -> tuple[CartRow, ...]:
    """Return the carts of a compound by number."""
    rows = Cart.objects.filter(place=place).select_related("unit__parent")
    return tuple(
        CartRow(cart.pk, cart.number, *(_stairs(cart.unit) if cart.unit else ("", ""))) for cart in rows
    )


def terms(place: Place, *, people: bool, doors: Sequence[Household] | None = None) -> CompoundTerms:
    """Return a compound for reading, planning and papers; `people` opens names and phones of its households.

    `doors`: the households of `doors_within`, where they are at hand.

    Buildings, units and rooms go by the short names that readers use (1号楼 is 1). Who hands the result to a
    person must have recorded it (`actions.rosters.export_roster`).
    """
    detail = Compound.objects.filter(place=place).first()
    stairs = stairs_within(place)
    names = short_names(stairs)
    return CompoundTerms(
        place.name,
        aliases=tuple(place.aliases),
        lanes=tuple(detail.lanes) if detail else (),
        buildings=_buildings(place, stairs, names),
        households=tuple(
            _household(row, names, people) for row in (doors if doors is not None else doors_within(place))
        ),
        two_parts=tuple((detail.two_parts if detail else "building-room").split("-")),
        three_parts=tuple((detail.three_parts if detail else "building-unit-room").split("-")),
    )


def doors_by_home(place: Place) -> dict[Home, UUID]:
    """Return the household at each home, as `terms` and all readers name homes."""
    names = short_names(stairs_within(place))
    return {home_at(row, names): row.pk for row in doors_within(place)}


def short_names(stairs: Sequence[Place]) -> dict[UUID, str]:
    """Return the name by which readers know each building and unit; where two share one, both stay as they are."""
    short = {one.pk: lone_part(one.name) or one.name for one in stairs}
    shared = Counter((one.parent_id, short[one.pk]) for one in stairs)
    return {one.pk: one.name if shared[one.parent_id, short[one.pk]] > 1 else short[one.pk] for one in stairs}


def home_at(row: Household, names: Mapping[UUID, str]) -> Home:
    """Return a household's home by the short names of `short_names`."""
    door = row.place
    room = lone_part(door.name) or door.name
    if door.parent.kind == PlaceKind.UNIT:
        return Home(_short(door.parent.parent, names), _short(door.parent, names), room)
    return Home(_short(door.parent, names), "", room)


def _short(place: Place, names: Mapping[UUID, str]) -> str:
    """Return a place's short name; of one above the place that was asked about, reckoned alone."""
    return names.get(place.pk) or lone_part(place.name) or place.name


def stairs_within(place: Place) -> list[Place]:
    """Return the buildings of a place, each followed by its units, in the order in which people count."""
    found = Place.objects.filter(
        path__within=place.path, kind__in=(PlaceKind.BUILDING, PlaceKind.UNIT), ended_at__isnull=True
    ).select_related("parent")
    return sorted(
        found,
        key=lambda one: (
            (one.parent.sort_key, 1, one.sort_key) if one.kind == PlaceKind.UNIT else (one.sort_key, 0, "")
        ),
    )


def _buildings(place: Place, stairs: Sequence[Place], names: Mapping[UUID, str]) -> tuple[BuildingTerms, ...]:
    floors = {row.place_id: row for row in Building.objects.filter(path__within=place.path)}
    flights = {row.place_id: row for row in Unit.objects.filter(path__within=place.path)}
    units: dict[UUID, list[UnitTerms]] = defaultdict(list)
    for one in stairs:
        if one.kind == PlaceKind.UNIT:
            unit = _unit(_short(one.parent, names), names[one.pk], flights.get(one.pk))
            units[one.parent_id].append(unit)
    return tuple(
        BuildingTerms(
            name := names[one.pk],
            aliases=(*((one.name,) if one.name != name else ()), *one.aliases),
            lane=floors[one.pk].lane if one.pk in floors else "",
            units=tuple(units[one.pk]) or (_unit(name, "", floors.get(one.pk)),),
        )
        for one in stairs
        if one.kind == PlaceKind.BUILDING
    )


def _unit(building: str, name: str, stairs: Building | Unit | None) -> UnitTerms:
    return UnitTerms(
        building,
        name,
        floors=stairs.floors if stairs else None,
        has_lift=bool(stairs and stairs.has_lift),
    )


def _household(row: Household, names: Mapping[UUID, str], people: bool) -> HouseholdTerms:
    home = home_at(row, names)
    if not people:
        return HouseholdTerms(home, floor=row.floor, head_count=row.head_count)
    return HouseholdTerms(
        home, floor=row.floor, phone=row.phone or "", name=row.name or "", head_count=row.head_count
    )


def _stairs(place: Place) -> tuple[str, str]:
    return (place.parent.name, place.name) if place.kind == PlaceKind.UNIT else (place.name, "")
