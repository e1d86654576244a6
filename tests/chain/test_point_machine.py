"""The pickup point as a state machine: whatever the desk does and takes back, in whatever order.

Nobody is called who has theirs, each bag is at the point, in its household's hands or given up with a case that
somebody rings about; what is taken back leaves goods, promises and bills as they were.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import invariant, rule
from machines import TakenBack, examples, planted, run, tried
from relay import PRICES_FEN, WISHES, Relay

from lastmetre.chain.doorstep.actions import pickup, slips
from lastmetre.chain.doorstep.actions.switching import back_to_queue, to_doors
from lastmetre.chain.doorstep.models import Turn, Wave
from lastmetre.chain.doorstep.rules import TurnState
from lastmetre.chain.ledger.actions import taking_back
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household, owed_by_household
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause, price_of
from lastmetre.chain.settlement.queries.goods_flow import spare
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

ROOMS = st.sampled_from(sorted(WISHES))
EXAMPLES = examples(3)


class Point(TakenBack):
    """Three households at the point, one desk; each run is taken back."""

    relay: Relay
    boss: Actor

    def __init__(self) -> None:
        super().__init__()
        self.minutes = 0
        self.packed = {room: self.contents(self.bag(room)) for room in WISHES}
        self.act(pickup.open_pickup, self.relay.round, until=self.relay.now + timedelta(hours=3))

    def act(self, do: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Do something a minute later."""
        self.minutes += 1
        return tried(do, *args, who=self.boss, minutes=self.minutes, **more)

    def bag(self, room: str) -> Parcel:
        with acting_as(SYSTEM):
            rows = Parcel.objects.select_related("account").prefetch_related("items")
            return rows.get(pk=self.relay.bag[room].pk)

    def contents(self, bag: Parcel) -> dict[Any, int]:
        return {one.product_id: one.amount for one in bag.items.all() if one.amount}

    def turn(self, room: str) -> Turn:
        with acting_as(SYSTEM):
            return Turn.objects.select_related("round", "place").get(household=self.relay.household[room].pk)

    @rule(size=st.integers(1, 3))
    def calls(self, size: int) -> None:
        self.act(pickup.call_next, self.relay.round, size=size)

    @rule(room=ROOMS)
    def takes_the_call_back(self, room: str) -> None:
        if self.act(slips.take_call_back, self.turn(room)):
            assert self.turn(room).state in (TurnState.WAITING, TurnState.MISSED)

    @rule(room=ROOMS)
    def does_not_come(self, room: str) -> None:
        self.act(pickup.miss, self.turn(room))

    @rule(room=ROOMS)
    def is_there_after_all(self, room: str) -> None:
        if self.act(slips.take_miss_back, self.turn(room)):
            assert self.turn(room).state == TurnState.CALLED

    @rule(room=ROOMS)
    def fetches(self, room: str) -> None:
        self.act(pickup.hand_out, self.relay.round, qr_of(self.bag(room)), id=new_id())

    @rule(room=ROOMS)
    def the_wrong_one_was_ticked_off(self, room: str) -> None:
        self.act(pickup.take_back_hand_out, self.turn(room), id=new_id())

    @rule(room=ROOMS)
    def goes_to_the_door(self, room: str) -> None:
        self.act(to_doors, self.relay.round, households=[self.relay.household[room].pk])

    @rule(room=ROOMS)
    def comes_down_after_all(self, room: str) -> None:
        self.act(back_to_queue, self.turn(room))

    @rule(opens_again=st.booleans())
    def ends(self, opens_again: bool) -> None:
        """Ended by a slip as often as not: then everything is as before."""
        with acting_as(SYSTEM):
            wave = Wave.objects.filter(ended_at=None).first()
        if wave is None:
            return
        before = self.books()
        self.act(pickup.end_pickup, wave)
        if opens_again:
            self.act(slips.reopen_pickup, wave)
            assert self.books() == before, "opened again, it is as if it had not ended"

    def books(self) -> list[Any]:
        bags = [self.bag(room) for room in WISHES]
        with acting_as(SYSTEM):
            dues, owed = due_by_household(self.relay.round.book), owed_by_household(self.relay.round.book)
        homes = [self.relay.household[room].pk for room in WISHES]
        return [
            *((bag.account_id, bag.holder, bag.ended_at, self.contents(bag)) for bag in bags),
            [dues.get(home, 0) for home in homes],
            [{key: amount for key, amount in owed.get(home, {}).items() if amount} for home in homes],
        ]

    @invariant()
    def what_is_asked_for_is_what_is_paid(self) -> None:
        """A bag that was given up is not charged and no longer promised; its goods are there for others."""
        fen = {self.relay.shop.product[code].pk: price for code, price in PRICES_FEN.items()}
        given_up: dict[Any, int] = {}
        with acting_as(SYSTEM):
            dues, owed = due_by_household(self.relay.round.book), owed_by_household(self.relay.round.book)
            free = {key: amount for key, amount in spare(self.relay.round.book).items() if amount}
        for room in WISHES:
            bag, home = self.bag(room), self.relay.household[room].pk
            is_given_up = bag.end_cause == Cause.UNCLAIMED
            held = {} if is_given_up else self.packed[room]
            assert self.contents(bag) == held, "a bag is never opened"
            assert dues.get(home, 0) == sum(price_of(amount, fen[key]) for key, amount in held.items())
            promised = {key: amount for key, amount in owed.get(home, {}).items() if amount}
            assert promised == ({} if bag.account.kind == AccountKind.DOOR else held)
            if is_given_up:
                for key, amount in self.packed[room].items():
                    given_up[key] = given_up.get(key, 0) + amount
        assert free == given_up

    @invariant()
    def somebody_rings_about_what_was_given_up(self) -> None:
        with acting_as(SYSTEM):
            cases = Case.objects.filter(kind=CaseKind.UNCLAIMED, settled_at=None)
            open_for = set(cases.values_list("parcel", flat=True))
        assert open_for == {bag.pk for room in WISHES if (bag := self.bag(room)).end_cause == Cause.UNCLAIMED}

    @invariant()
    def nobody_is_called_who_has_theirs(self) -> None:
        for room in WISHES:
            if self.bag(room).account.kind == AccountKind.DOOR:
                assert self.turn(room).state == TurnState.DONE


@pytest.fixture
def at_point(arrived: Relay) -> Relay:
    return arrived


def test_whatever_the_desk_does_and_takes_back_the_books_follow(at_point: Relay) -> None:
    run(Point, EXAMPLES, relay=at_point, boss=at_point.staff("liaison"))


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "opened again, the bags stay empty": (taking_back, "_restored", lambda *args: []),
    "opened again, nothing is promised or charged": (taking_back, "post", lambda *args, **more: None),
    "opened again, the cases of the end stay": (slips, "_settle", lambda *args, **more: None),
    "ended anew, nobody rings": (pickup, "reopen_case", lambda *args, **more: None),
}
PLANTED = tuple(FAULTS) if os.environ.get("PLANTED") == "all" else ()
"""`make faults` plants them all."""


@pytest.mark.parametrize("fault", PLANTED)
def test_every_planted_fault_at_the_point_is_found(at_point: Relay, fault: str) -> None:
    with planted(*FAULTS[fault]), pytest.raises((AssertionError, Flaky)):
        run(Point, 60, relay=at_point, boss=at_point.staff("liaison"))
