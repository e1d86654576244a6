"""In a demo, what other people would do: whoever plays one role finds the others at work as the clock is stepped.

Each step waits until its hour, so that a player who does it by hand is first; what the player did is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.doorstep.actions.doors import Told, take_event
from lastmetre.chain.doorstep.actions.waves import plan_wave
from lastmetre.chain.doorstep.models import DoorEvent
from lastmetre.chain.doorstep.rules import Outcome
from lastmetre.chain.gate.actions.counting import count_all
from lastmetre.chain.gate.actions.receiving import finish, receive
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household
from lastmetre.chain.ledger.rules import ParcelKind
from lastmetre.chain.orders.actions.requests import Asked, Wish, place_request
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.silence import not_ordered
from lastmetre.chain.orders.rules import Channel, RoundState
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack
from lastmetre.chain.purchase.actions.supplying import confirm
from lastmetre.chain.purchase.queries.orders import order_of
from lastmetre.chain.settlement.actions.dropping import drop_unpaid
from lastmetre.chain.settlement.actions.payments import record_payment
from lastmetre.chain.settlement.rules import How
from lastmetre.chain.transport.actions.loads import announce, leave, put_in
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.rules import LoadState, Vehicle
from lastmetre.ground.people.actions.bulk import declare_again
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection import clock
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

log = logging.getLogger(__name__)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WALK = 2 * HOUR
PLATE = "豫A12345"
LATE_CALLS = 2
"""Old people whom the building head asks after the cut-off (ER4)."""
SLOW_PAYERS = 30
"""One household in so many does not pay in time (FC2d)."""
NOBODY_IN = 25
"""At one door in so many nobody opens at first."""


class Step(NamedTuple):
    """Something that somebody would do to a round in a state, from a moment on."""

    name: str
    state: RoundState
    when: Callable[[Round], datetime]
    do: Callable[[Round, datetime], None]


def do_due(now: datetime) -> int:
    """Do what others would have done by now; returns how many steps. Nothing outside a demo."""
    if not clock.is_demo():
        return 0
    with acting_as(SYSTEM):
        if clock.keep():
            declare_again(by=SYSTEM, at=now)
    done = 0
    for step in STEPS:
        with acting_as(SYSTEM):
            found = Round.objects.filter(state=step.state).select_related("book", "place", "supplier")
            rows = [row for row in found if step.when(row) <= now]
        for row in rows:
            done += _done(step, row, now)
    return done


def next_moments(rounds: Iterable[Round], now: datetime) -> list[datetime]:
    """Return when others would act next, for each of some running rounds; none outside a demo. Within SYSTEM."""
    if not clock.is_demo():
        return []
    found = []
    for row in rounds:
        found += [step.when(row) for step in STEPS if step.when(row) > now]
    return found


def _done(step: Step, row: Round, now: datetime) -> bool:
    try:
        with acting_as(SYSTEM):
            if not clock.keep():
                return False
            step.do(row, now)
    except InputError as error:
        log.info("demo: %s of round %s was refused: %s", step.name, row.pk, error)
        return False
    return True


def _late_calls(row: Round, now: datetime) -> None:
    """Two who had not been heard of are asked at the door, after the cut-off (FC6, ER4)."""
    if row.requests.filter(is_late=True).exists():
        return
    item = row.items.select_related("product").order_by("number")[0]
    for home in not_ordered(row)[:LATE_CALLS]:
        asked = Asked((Wish(item.pk, item.product.step),), Channel.DOOR, is_proxy=True)
        place_request(row.pk, home, asked, by=SYSTEM, at=now)


def _share(row: Round, now: datetime) -> None:
    allocate(row, by=SYSTEM, at=now)


def _order(row: Round, now: datetime) -> None:
    place_order(row, by=SYSTEM, at=now)


def _pack(row: Round, now: datetime) -> None:
    order = order_of(row)
    if order is not None:
        confirm(order, by=SYSTEM, at=now)
        pack(row, by=SYSTEM, at=now)


def _pay(row: Round, now: datetime) -> None:
    """Nearly everybody pays, once; who does not is chased by whoever plays the liaison."""
    dues = due_by_household(row.book)
    owing = [home for home, fen in sorted(dues.items()) if fen > 0]
    if 2 * len(owing) < len(dues):
        return
    homes = Household.objects.select_related("place").in_bulk(owing)
    for number, home in enumerate(owing, start=1):
        if number % SLOW_PAYERS:
            record_payment(row, homes[home], dues[home], how=How.LIAISON, by=SYSTEM, at=now)


def _load(row: Round, now: datetime) -> None:
    """All that no vehicle has taken yet sets off."""
    load = Load.objects.filter(round=row, state=LoadState.ANNOUNCED).first()
    load = load or announce(row, Vehicle(PLATE), expected_at=max(row.wave_at, now), by=SYSTEM, at=now)
    put_in(load, by=SYSTEM, at=now)
    leave(load, by=SYSTEM, at=now)


def _arrive(row: Round, now: datetime) -> None:
    for load in Load.objects.filter(round=row, state=LoadState.UNDERWAY):
        arrival = receive(row, load=load, by=SYSTEM, at=now)
        bags = Parcel.objects.filter(account__owner=load.pk, kind=ParcelKind.BAG, ended_at=None).count()
        count_all(arrival, counted=bags, by=SYSTEM, at=now)
        finish(arrival, by=SYSTEM, at=now)


def _send_out(row: Round, now: datetime) -> None:
    plan_wave(row, by=SYSTEM, at=now)


def _drop(row: Round, now: datetime) -> None:
    drop_unpaid(row, by=SYSTEM, at=now)


def _deliver(row: Round, now: datetime) -> None:
    """Volunteers walk for two hours; at a few doors nobody opens."""
    bags = list(Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG).order_by("number"))
    walked = len(bags) * min((now - row.wave_at) / WALK, 1.0)
    known = set(DoorEvent.objects.filter(round=row).values_list("household", flat=True))
    for number, bag in enumerate(bags[: int(walked)], start=1):
        if bag.ended_at is None and bag.household_id not in known:
            _tell(row, bag, Outcome.DELIVERED if number % NOBODY_IN else Outcome.NOBODY_IN, now)


def _deliver_again(row: Round, now: datetime) -> None:
    """Where nobody was in, somebody is an hour later."""
    for bag in Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, ended_at=None):
        _tell(row, bag, Outcome.DELIVERED, now)


def _tell(row: Round, bag: Parcel, outcome: Outcome, now: datetime) -> None:
    walker = replace(SYSTEM, sees=(row.path,))  # a label is looked for where its reader works
    take_event(Told(new_id(), outcome, str(bag.household_id), now), by=walker, at=now)


STEPS: tuple[Step, ...] = (
    Step("late calls", RoundState.CUT_OFF, lambda row: row.closes_at + 10 * MINUTE, _late_calls),
    Step("share out", RoundState.CUT_OFF, lambda row: row.closes_at + HOUR, _share),
    Step("order", RoundState.ALLOCATED, lambda row: row.closes_at + 2 * HOUR, _order),
    Step("pack", RoundState.ORDERED, lambda row: row.wave_at - 5 * HOUR, _pack),
    Step("pay", RoundState.PACKED, lambda row: row.wave_at - 2 * HOUR, _pay),
    Step("drop unpaid", RoundState.PACKED, lambda row: row.pay_until or row.wave_at, _drop),
    Step("load", RoundState.PACKED, lambda row: row.wave_at - HOUR + 10 * MINUTE, _load),
    Step("arrive", RoundState.UNDERWAY, lambda row: row.wave_at, _arrive),
    Step("send out", RoundState.ARRIVED, lambda row: row.wave_at + 20 * MINUTE, _send_out),
    Step("deliver", RoundState.DELIVERING, lambda row: row.wave_at + 40 * MINUTE, _deliver),
    Step("deliver", RoundState.DELIVERING, lambda row: row.wave_at + 80 * MINUTE, _deliver),
    Step("deliver", RoundState.DELIVERING, lambda row: row.wave_at + WALK, _deliver),
    Step("deliver again", RoundState.DELIVERING, lambda row: row.wave_at + WALK + HOUR, _deliver_again),
)
"""The rest, what did not go well and the closing of the books, is left to whoever plays."""
