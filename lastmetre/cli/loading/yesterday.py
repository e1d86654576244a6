"""The round before today's: delivered the day before yesterday, its books squared yesterday."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.doorstep.actions.doors import Told, take_event
from lastmetre.chain.doorstep.actions.waves import end_wave, plan_wave
from lastmetre.chain.doorstep.rules import Outcome
from lastmetre.chain.gate.actions.counting import count_all
from lastmetre.chain.gate.actions.receiving import finish, receive
from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.actions.parcels import lose
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household
from lastmetre.chain.ledger.rules import Cause, ParcelKind
from lastmetre.chain.orders.actions.bulk import place_many
from lastmetre.chain.orders.actions.requests import Asked
from lastmetre.chain.orders.actions.rounds import NewRound, cut_off, open_round, prepare_round
from lastmetre.chain.orders.models import Round
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack
from lastmetre.chain.settlement.actions.closing import close_round, settle_supplier, state_bill
from lastmetre.chain.settlement.actions.money import carry
from lastmetre.chain.settlement.actions.payments import record_payment
from lastmetre.chain.settlement.queries.money_flow import earned
from lastmetre.chain.settlement.rules import How
from lastmetre.chain.transport.actions.loads import announce, leave, put_in
from lastmetre.chain.transport.rules import Vehicle
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.ids import new_id

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TITLE = "上一批"
PLATE = "豫A·6688学"


def load_yesterday(
    place: Place,
    supplier: Supplier,
    today: NewRound,
    orders: Sequence[tuple[Household, Asked]],
    *,
    by: Actor,
    at: datetime,
) -> Round:
    """Write a whole round with the goods of today's, from its window three days ago to its closed books.

    `orders` name the goods by today's item codes in place of ids (`Wish.item` is the product).
    """
    opened, wave = at - 3 * DAY - 2 * HOUR, at - 2 * DAY + HOUR
    new = replace(
        today,
        title=TITLE,
        opens_at=opened,
        closes_at=opened + 4 * HOUR,
        wave_at=wave,
        pay_until=wave - HOUR,
        items=tuple(replace(one, stock=None) for one in today.items),
    )
    row = open_round(prepare_round(place, supplier, new, by=by, at=opened), by=by, at=opened)
    items: dict[UUID, UUID] = dict(row.items.values_list("product", "pk"))
    place_many(row.pk, [(home, _of(asked, items)) for home, asked in orders], by=by, at=opened + HOUR)
    row = cut_off(row, by=by, at=new.closes_at)
    allocate(row, by=by, at=new.closes_at)
    place_order(row, by=by, at=new.closes_at + HOUR)
    pack(row, by=by, at=new.closes_at + 6 * HOUR)
    _pay(row, by=by, at=new.closes_at + 9 * HOUR)
    _bring(row, by=by, at=wave - HOUR)
    _deliver(row, by=by, at=wave)
    return _square(row, by=by, at=at - DAY)


def _of(asked: Asked, items: dict[UUID, UUID]) -> Asked:
    wishes = tuple(replace(one, item=items[one.item], substitute=None) for one in asked.wishes)
    return replace(asked, wishes=wishes)


def _pay(row: Round, *, by: Actor, at: datetime) -> None:
    for home in _homes(row):
        fen = due_by_household(row.book)[home.pk]
        record_payment(row, home, fen, how=How.LIAISON, by=by, at=at)


def _homes(row: Round) -> list[Household]:
    owing = [home for home, fen in due_by_household(row.book).items() if fen]
    return list(Household.objects.select_related("place").filter(pk__in=owing))


def _bring(row: Round, *, by: Actor, at: datetime) -> None:
    load = announce(row, Vehicle(PLATE), expected_at=at + HOUR, by=by, at=at - HOUR)
    bags = put_in(load, by=by, at=at - HOUR)
    load = leave(load, by=by, at=at)
    arrival = receive(row, load=load, by=by, at=at + HOUR / 2)
    count_all(arrival, counted=bags, by=by, at=at + HOUR / 2)
    finish(arrival, by=by, at=at + HOUR / 2)


def _deliver(row: Round, *, by: Actor, at: datetime) -> None:
    """Every door gets its bag; one is damaged on the stairs."""
    walker = replace(by, sees=(row.path,))  # a label is looked for where its reader works
    wave = plan_wave(row, by=by, at=at)
    bags = list(Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG).order_by("number"))
    for bag in bags[1:]:
        told = Told(new_id(), Outcome.DELIVERED, str(bag.household_id), at + HOUR)
        take_event(told, by=walker, at=at + HOUR)
    broken = bags[0]
    told = Told(new_id(), Outcome.DAMAGED, str(broken.household_id), at + HOUR)
    take_event(told, by=walker, at=at + HOUR)
    lose(broken.pk, cause=Cause.DAMAGED, by=by, at=at + 2 * HOUR)
    end_wave(wave, by=by, at=at + 3 * HOUR)


def _square(row: Round, *, by: Actor, at: datetime) -> Round:
    """Settle what went wrong, carry what is owed to the next round, and close the books."""
    for case in Case.objects.filter(book=row.book_id, settled_at=None):
        settle_case(case, outcome="摔破了，款转下一批", by=by, at=at)
    for home in _homes(row):
        carry(row, home, by=by, at=at)
    state_bill(row, earned(row.book), by=by, at=at)
    settle_supplier(row, by=by, at=at)
    return close_round(row, by=by, at=at)
