"""What waits to go out, cart by cart, as it was sorted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from lastmetre.chain.doorstep.models import Drop, Duty, Turn
from lastmetre.chain.doorstep.rules import TurnState
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.sorting.models import CartRun, Placement
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

READY = (AccountKind.GATE, AccountKind.CART)


@dataclass(frozen=True, slots=True)
class Load:
    """A cart that may go out, with its bags in the order of walking."""

    cart: int
    unit: UUID | None
    bags: tuple[Parcel, ...]


def run_of(duty: Duty) -> CartRun | None:
    """Return the sorted cart that a duty takes; None where bags were not sorted by scan. Within SYSTEM."""
    return CartRun.objects.filter(round=duty.wave.round_id, number=duty.cart).first()


def waiting_bags(row: Round, *, at_point: bool = True) -> QuerySet[Parcel]:
    """Return the bags at the gate or on carts that are in no running wave, and those at the point that go to doors.

    Within SYSTEM.
    """
    sent = Turn.objects.filter(round=row, state=TurnState.TO_DOOR).values("household")
    ready = Q(account__kind__in=[kind.value for kind in READY])
    if at_point:
        ready |= Q(account__kind=AccountKind.POINT, household__in=sent)
    return (
        Parcel.objects.filter(ready, book=row.book_id, kind=ParcelKind.BAG, ended_at=None)
        .exclude(pk__in=_under_way(row).values("parcel"))
        .select_related("household__place__parent__parent", "account")
    )


def _under_way(row: Round) -> QuerySet[Drop]:
    return Drop.objects.filter(duty__wave__round=row, duty__wave__ended_at=None)


def on_a_round(bags: Sequence[Parcel]) -> bool:
    """Tell whether bags are in a running wave. Within SYSTEM."""
    return Drop.objects.filter(parcel__in=bags, duty__wave__ended_at=None).exists()


def bags_on_carts(row: Round, households: Sequence[UUID]) -> list[Parcel]:
    """Return the bags of some households that are on carts or at the gate, in a wave or not. Within SYSTEM."""
    return list(
        Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, ended_at=None, household__in=households)
        .filter(account__kind__in=[kind.value for kind in READY])
        .select_related("household__place__parent__parent", "account")
    )


def bags_left_on(duty: Duty) -> set[UUID]:
    """Return the households of a cart whose bags are not at their door, nor at the point."""
    with acting_as(SYSTEM):
        mine = Parcel.objects.filter(drops__duty=duty, ended_at=None)
        left = mine.filter(account__kind__in=[kind.value for kind in READY])
        return set(left.values_list("household", flat=True))


def loads_of(row: Round) -> list[Load]:
    """Return the carts of the next wave: those sorted for it, those that came back, and unsorted bags by unit."""
    bags = list(waiting_bags(row))
    # What lies at the point is on no sorted cart any more: it goes up by its stairs.
    on_carts = [bag for bag in bags if bag.account.kind != AccountKind.POINT]
    places = {
        one.parcel_id: one
        for one in Placement.objects.filter(parcel__in=on_carts, run__round=row).select_related("run")
    }
    gone = set(Duty.objects.filter(wave__round=row).values_list("cart", flat=True))
    fresh = {one.run.wave for one in places.values() if one.run.number not in gone}
    turn = min(fresh, default=0)
    sorted_: dict[CartRun, list[tuple[int, Parcel]]] = defaultdict(list)
    unsorted: list[Parcel] = []
    for bag in bags:
        place = places.get(bag.pk)
        if place is None:
            unsorted.append(bag)
        elif place.run.number in gone or place.run.wave == turn:
            sorted_[place.run].append((place.carry, bag))
    loads = [
        Load(run.number, run.unit_id, tuple(bag for _, bag in sorted(rows, key=lambda one: one[0])))
        for run, rows in sorted(sorted_.items(), key=lambda one: one[0].number)
    ]
    numbers = CartRun.objects.filter(round=row).values_list("number", flat=True)
    return loads + _by_unit(unsorted, max(numbers, default=0))


def _by_unit(bags: list[Parcel], last: int) -> list[Load]:
    groups: dict[tuple[str, UUID | None], list[Parcel]] = defaultdict(list)
    for bag in bags:
        unit = bag.household.place.parent
        groups[unit.path if unit else "", unit.pk if unit else None].append(bag)
    found = sorted(groups.items(), key=lambda one: one[0][0])
    return [
        Load(cart, unit, tuple(sorted(mine, key=_walk)))
        for cart, ((_, unit), mine) in enumerate(found, start=last + 1)
    ]


def _walk(bag: Parcel) -> tuple[bool, int, str]:
    """Sort doors as they are walked: top floor first, unknown floors last."""
    home = bag.household
    return home.floor is None, -(home.floor or 0), home.place.sort_key
