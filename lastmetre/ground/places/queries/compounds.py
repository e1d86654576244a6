"""A compound as reading, planning and papers know it, and as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

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
from lastmetre.ground.places.queries.roster import doors_within, home_of
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.terms import Building as BuildingTerms
from lastmetre.terms import Compound as CompoundTerms
from lastmetre.terms import Home
from lastmetre.terms import Household as HouseholdTerms
from lastmetre.terms import Unit as UnitTerms


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
        tuple(Point.objects.filter(place=place, ended_at__isnull=True)),
        carts(place),
        tuple(Grid.objects.filter(place=place).order_by("name")),
    )


def carts(place: Place) -> tuple[CartRow, ...]:
    """Return the carts of a compound by number."""
    rows = Cart.objects.filter(place=place).select_related("unit__parent")
    return tuple(
        CartRow(cart.pk, cart.number, *(_stairs(cart.unit) if cart.unit else ("", ""))) for cart in rows
    )


def terms(place: Place, *, people: bool) -> CompoundTerms:
    """Return a compound for reading, planning and papers; `people` opens names and phones of its households.

    Who hands the result to a person must have recorded it (`actions.rosters.export_roster`).
    """
    detail = Compound.objects.filter(place=place).first()
    return CompoundTerms(
        place.name,
        aliases=tuple(place.aliases),
        lanes=tuple(detail.lanes) if detail else (),
        buildings=_buildings(place),
        households=tuple(_household(row, people) for row in doors_within(place)),
        two_parts=tuple((detail.two_parts if detail else "building-room").split("-")),
        three_parts=tuple((detail.three_parts if detail else "building-unit-room").split("-")),
    )


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


def _buildings(place: Place) -> tuple[BuildingTerms, ...]:
    floors = {row.place_id: row for row in Building.objects.filter(path__within=place.path)}
    stairs = {row.place_id: row for row in Unit.objects.filter(path__within=place.path)}
    units: dict[UUID, list[Place]] = defaultdict(list)
    buildings = []
    for one in stairs_within(place):
        if one.kind == PlaceKind.BUILDING:
            buildings.append(one)
        else:
            units[one.parent_id].append(one)
    return tuple(
        BuildingTerms(
            building.name,
            aliases=tuple(building.aliases),
            lane=floors[building.pk].lane if building.pk in floors else "",
            units=tuple(_unit(building.name, unit.name, stairs.get(unit.pk)) for unit in units[building.pk])
            or (_unit(building.name, "", floors.get(building.pk)),),
        )
        for building in buildings
    )


def _unit(building: str, name: str, stairs: Building | Unit | None) -> UnitTerms:
    return UnitTerms(
        building,
        name,
        floors=stairs.floors if stairs else None,
        has_lift=bool(stairs and stairs.has_lift),
    )


def _household(row: Household, people: bool) -> HouseholdTerms:
    home = Home(*home_of(row))
    if not people:
        return HouseholdTerms(home, floor=row.floor, head_count=row.head_count)
    return HouseholdTerms(
        home, floor=row.floor, phone=row.phone or "", name=row.name or "", head_count=row.head_count
    )


def _stairs(place: Place) -> tuple[str, str]:
    return (place.parent.name, place.name) if place.kind == PlaceKind.UNIT else (place.name, "")
