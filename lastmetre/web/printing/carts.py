"""Which cart each bag goes on: as it was sorted, as a wave carries it, else as it will be planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from lastmetre.chain.doorstep.models import Drop
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import units
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.purchase.queries.packing import doors_of
from lastmetre.chain.sorting.models import Placement
from lastmetre.chain.sorting.queries.stairs import Load, load_at, problem_of_loads, weights_of
from lastmetre.ground.people.models import Person
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.rules import HandOver
from lastmetre.papers.masking import masked_name
from lastmetre.planning import carts
from lastmetre.planning.cart_packing import DEFAULT_WEIGHT_G, floor_of
from lastmetre.terms import Sentence, Translate, say, untranslated

_plan = lru_cache(maxsize=2)(carts.plan)
"""One door list is keyed in after the other: bags that are the same as before are not planned anew."""


class Goods(Protocol):
    """One good for one household."""

    @property
    def item(self) -> RoundItem:
        """The good of the round."""

    @property
    def amount(self) -> int:
        """Thousandths of a sale unit."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A bag's cart, its wave, its place in the order of carrying, and who takes it up."""

    number: int | None
    wave: int = 1
    carry: int = 0
    carrier: str = ""


NOT_CARRIED = Carried(None)
"""Where residents fetch their bags themselves."""


@dataclass(frozen=True, slots=True)
class Carts:
    """The carts of a round by household, and what a person must know or arrange."""

    of: Mapping[UUID, Carried]
    notes: tuple[Sentence, ...] = ()


def carried(
    row: Round,
    contents: Mapping[UUID, Sequence[Goods]],
    homes: Sequence[Household],
    parcels: Mapping[UUID, Parcel],
    translate: Translate,
) -> Carts:
    """Return the carts of a round; none where residents come to the point. Within SYSTEM."""
    if row.hand_over == HandOver.PICKUP:
        return Carts({})
    if parcels and (known := on_carts(row)):
        return Carts({home: known[bag.pk] for home, bag in parcels.items() if bag.pk in known})
    loads = [(home.pk, _load(home, contents[home.pk])) for home in homes if contents.get(home.pk)]
    return _planned(row, loads, translate)


def carts_of_packed(row: Round, bags: Mapping[UUID, UUID]) -> Mapping[UUID, Carried]:
    """Return the carts of packed bags (`bags`: by household) by bag, as on the papers, without opening anybody.

    Five queries where they were sorted or are in a wave, a dozen where they are still to be planned. Within SYSTEM.
    """
    if not bags or row.hand_over == HandOver.PICKUP:
        return {}
    return on_carts(row) or _planned(row, _packed(row, bags), untranslated).of


def _packed(row: Round, bags: Mapping[UUID, UUID]) -> list[tuple[UUID, Load]]:
    weights = weights_of(row)
    doors = doors_of(row, bags).values_list("pk", "place__parent", "place__name", "floor")
    return [
        (bag, Load(stairs, room, floor or floor_of(room), *weight))
        for home, stairs, room, floor in doors
        if (weight := weights.get(bag := bags[home]))
    ]


def on_carts(row: Round) -> dict[UUID, Carried]:
    """Return the bags that were sorted or are in a wave; three queries. Within SYSTEM."""
    known = _sorted(row)
    return known | _in_waves(row, known)


def _sorted(row: Round) -> dict[UUID, Carried]:
    """Return the places on carts by bag; one query."""
    found = Placement.objects.filter(run__round=row)
    rows = found.values_list("parcel", "run__number", "run__wave", "carry")
    return {bag: Carried(number, wave, carry) for bag, number, wave, carry in rows}


def _in_waves(row: Round, known: Mapping[UUID, Carried]) -> dict[UUID, Carried]:
    """Return the bags of the waves, the latest last; a sorted cart keeps its painted number. Two queries."""
    drops = Drop.objects.filter(duty__wave__round=row).order_by("duty__wave__number")
    kept = ("parcel", "carry", "duty__cart", "duty__wave__number", "duty__person")
    rows = list(drops.values_list(*kept))
    people = Person.objects.in_bulk([key for key in {one[-1] for one in rows} if _is_id(key)])
    names = {str(key): masked_name(person.name or "") for key, person in people.items()}
    return {
        bag: Carried(known[bag].number if bag in known else cart, wave, carry, names.get(person, ""))
        for bag, carry, cart, wave, person in rows
    }


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _planned(row: Round, loads: Sequence[tuple[UUID, Load]], translate: Translate) -> Carts:
    """Plan the carts as sorting will: what is printed before is what is painted later. By what `loads` are named."""
    if not loads:
        return Carts({})
    problem, _ = problem_of_loads(row, [load for _, load in loads])
    plan = _plan(problem)
    found: dict[UUID, Carried] = {}
    for cart in plan.carts:
        carrier: dict[int, str] = {}
        for turn in cart.turns:
            carrier |= dict.fromkeys(turn.bags, say("No. {person}", person=turn.person).text(translate))
        for carry, bag in enumerate(cart.bags, start=1):
            found[loads[bag][0]] = Carried(cart.number, cart.wave, carry, carrier.get(bag, ""))
    return Carts(found, plan.notes)


def _load(home: Household, goods: Sequence[Goods]) -> Load:
    weight = sum(units(one.amount) * (one.item.product.weight_g or DEFAULT_WEIGHT_G) for one in goods)
    volume = sum(units(one.amount) * (one.item.product.volume_ml or 0) for one in goods)
    return load_at(home, int(weight), int(volume))
