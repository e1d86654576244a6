"""What the carts are planned from: stairwells and their carts, hands, and the bags with their doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from lastmetre.chain.ledger.models import Parcel, ParcelItem
from lastmetre.chain.ledger.rules import MILLI, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.ground.places.models import Building, Cart, Compound, Household, Place
from lastmetre.ground.places.models import Unit as UnitRow
from lastmetre.ground.places.queries.compounds import stairs_within
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.planning.cart_packing import DEFAULT_WEIGHT_G, Packed, floor_of, problem_of
from lastmetre.planning.cart_terms import Problem
from lastmetre.terms import Unit


@dataclass(frozen=True, slots=True)
class Load:
    """A bag, packed or still to be packed, as the carts are planned from it."""

    stairs: UUID
    """What its door lies in: a unit, a building or a village."""
    room: str
    floor: int | None
    weight_g: int
    volume_ml: int


@dataclass(frozen=True, slots=True)
class CartProblem:
    """A problem for `planning.carts`, and the rows that its numbers stand for."""

    problem: Problem
    stairs: tuple[Place, ...]
    bags: tuple[Parcel, ...]


def bags_to_sort(row: Round) -> list[Parcel]:
    """Return the bags of a round that have not ended, by number; within SYSTEM; one query."""
    found = Parcel.objects.filter(
        book=row.book_id, kind=ParcelKind.BAG, ended_at__isnull=True
    ).select_related("household__place__parent", "account")
    return list(found.order_by("number"))


def weights_of(row: Round) -> dict[UUID, tuple[int, int]]:
    """Return the grams and millilitres of a round's bags, without those that nothing is in; one query."""
    weight_g = Coalesce(NullIf("product__weight_g", Value(0)), Value(DEFAULT_WEIGHT_G))
    rows = ParcelItem.objects.filter(parcel__book=row.book_id, parcel__kind=ParcelKind.BAG).values_list(
        "parcel"
    )
    return {
        bag: (grams // MILLI, (millilitres or 0) // MILLI)
        for bag, grams, millilitres in rows.annotate(
            grams=Sum(F("amount") * weight_g), millilitres=Sum(F("amount") * F("product__volume_ml"))
        )
    }


def cart_problem(row: Round, bags: Sequence[Parcel]) -> CartProblem:
    """Gather what the carts are planned from; within SYSTEM."""
    weights = weights_of(row)
    loads = [load_at(home_of(bag), *weights.get(bag.pk, (0, 0))) for bag in bags]
    problem, stairs = problem_of_loads(row, loads)
    return CartProblem(problem, stairs, tuple(bags))


def problem_of_loads(row: Round, loads: Sequence[Load]) -> tuple[Problem, tuple[Place, ...]]:
    """Return the problem of the carts with its stairwells, also of bags that are not packed yet; within SYSTEM."""
    compound = Compound.objects.filter(place=row.place_id).first()
    numbers = {one.unit_id: one.number for one in Cart.objects.filter(place=row.place_id, unit__isnull=False)}
    stairs = _stairs(row.place, loads)
    place = {one.pk: index for index, one in enumerate(stairs)}
    problem = problem_of(
        _units(row.place, stairs),
        [_packed(load, place) for load in loads],
        numbers=_numbers(stairs, numbers),
        people=compound.hands_per_wave if compound else None,
        carts=Cart.objects.filter(place=row.place_id).count() or None,
        waves_a_day=compound.waves_per_day if compound else 2,
    )
    return problem, tuple(stairs)


def _stairs(compound: Place, loads: Sequence[Load]) -> list[Place]:
    """Return units, and buildings without units, in the order in which people count; all that have a bag."""
    found = stairs_within(compound)
    with_units = {one.parent_id for one in found if one.kind == PlaceKind.UNIT}
    ends = [one for one in found if one.pk not in with_units]
    known = {one.pk for one in ends}
    others = list(dict.fromkeys(load.stairs for load in loads if load.stairs not in known))
    rows = Place.objects.select_related("parent").in_bulk(others) if others else {}
    return ends + [rows[pk] for pk in others]


def _numbers(stairs: Sequence[Place], of_unit: dict[UUID | None, int]) -> tuple[int | None, ...]:
    """A cart may stand for a whole building: its units share it then."""
    return tuple(of_unit.get(one.pk) or of_unit.get(one.parent_id) for one in stairs)


def _units(compound: Place, stairs: Sequence[Place]) -> list[Unit]:
    buildings = {one.place_id: one for one in Building.objects.filter(path__within=compound.path)}
    flights = {one.place_id: one for one in UnitRow.objects.filter(path__within=compound.path)}
    return [
        Unit(
            one.parent.name if one.kind == PlaceKind.UNIT and one.parent else one.name,
            one.name if one.kind == PlaceKind.UNIT else "",
            # The building's floors and lift hold for its units unless they say otherwise.
            floors=(flights[one.pk].floors if one.pk in flights else None)
            or (buildings[house].floors if house in buildings else None),
            has_lift=(one.pk in flights and flights[one.pk].has_lift)
            or (house in buildings and buildings[house].has_lift),
        )
        for one in stairs
        for house in [one.parent_id if one.kind == PlaceKind.UNIT else one.pk]
    ]


def _packed(load: Load, place: dict[UUID, int]) -> Packed:
    return Packed(
        unit=place[load.stairs],
        room=load.room,
        floor=load.floor,
        weight_g=load.weight_g,
        volume_ml=load.volume_ml,
    )


def load_at(home: Household, weight_g: int, volume_ml: int) -> Load:
    """Return the load of a household's bag."""
    return Load(home.place.parent_id, home.place.name, floor_at(home), weight_g, volume_ml)


def home_of(bag: Parcel) -> Household:
    """Return the household of a bag; a bag always has one."""
    assert bag.household is not None
    return bag.household


def floor_at(home: Household) -> int | None:
    """Return the floor of a door: as written down, else as its number says."""
    return home.floor or floor_of(home.place.name)
