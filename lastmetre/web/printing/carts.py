"""Which cart each bag goes on: as it was sorted, as a wave carries it, else as it will be planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from lastmetre.chain.doorstep.models import Drop
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import units
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.sorting.models import Placement
from lastmetre.chain.sorting.queries.stairs import Load, problem_of_loads
from lastmetre.ground.people.models import Person
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.rules import HandOver
from lastmetre.papers.masking import masked_name
from lastmetre.planning import carts
from lastmetre.planning.cart_packing import DEFAULT_WEIGHT_G
from lastmetre.terms import Sentence, Translate, say


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
    return _planned(row, contents, [home for home in homes if contents.get(home.pk)], translate)


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


def _planned(
    row: Round,
    contents: Mapping[UUID, Sequence[Goods]],
    homes: Sequence[Household],
    translate: Translate,
) -> Carts:
    """Plan the carts as sorting will: what is printed before is what is painted later."""
    if not homes:
        return Carts({})
    problem, _ = problem_of_loads(row, [_load(home, contents[home.pk]) for home in homes])
    plan = carts.plan(problem)
    found: dict[UUID, Carried] = {}
    for cart in plan.carts:
        person = {bag: turn.person for turn in cart.turns for bag in turn.bags}
        for carry, bag in enumerate(cart.bags, start=1):
            who = say("No. {person}", person=person[bag]).text(translate) if bag in person else ""
            found[homes[bag].pk] = Carried(cart.number, cart.wave, carry, who)
    return Carts(found, plan.notes)


def _load(home: Household, goods: Sequence[Goods]) -> Load:
    weight = sum(units(one.amount) * (one.item.product.weight_g or DEFAULT_WEIGHT_G) for one in goods)
    volume = sum(units(one.amount) * (one.item.product.volume_ml or 0) for one in goods)
    return Load(home, int(weight), int(volume))
