"""Slips at the pickup point are taken back: a call, that somebody did not come, the end of it all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from relay import Relay

from lastmetre.chain.doorstep.actions.pickup import call_next, end_pickup, hand_out, miss, open_pickup
from lastmetre.chain.doorstep.actions.slips import reopen_pickup, take_call_back, take_miss_back
from lastmetre.chain.doorstep.models import Turn, Wave
from lastmetre.chain.doorstep.rules import TurnState
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household, owed_by_household, totals
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.orders.models import Notice, Round
from lastmetre.chain.settlement.actions.spare import give_spare
from lastmetre.chain.settlement.queries.goods_flow import flows, spare
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError
from lastmetre.web.day import run_due

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def boss(arrived: Relay) -> Actor:
    boss = arrived.staff("liaison")
    with acting_as(boss) as now:
        open_pickup(arrived.round, by=boss, at=now)
    return boss


def turns() -> dict[str, Turn]:
    with acting_as(SYSTEM):
        rows = Turn.objects.select_related("round", "place").order_by("queued")
        return {one.place.name: one for one in rows}


def states() -> dict[str, str]:
    return {room: one.state for room, one in turns().items()}


def does(boss: Actor, do: Any, *args: Any, after: timedelta = timedelta(0), **more: Any) -> Any:
    with acting_as(boss) as now:
        return do(*args, by=boss, at=now + after, **more)


def books(relay: Relay) -> tuple[Any, ...]:
    """All that the books say of goods, promises and bills, and where each bag is."""
    with acting_as(SYSTEM):
        bags = Parcel.objects.order_by("number").prefetch_related("items")
        return (
            totals(relay.round.book),
            owed_by_household(relay.round.book),
            {key: fen for key, fen in due_by_household(relay.round.book).items() if fen},
            [(one.account_id, one.holder, one.ended_at) for one in bags],
            [sorted((item.product_id, item.amount) for item in one.items.all()) for one in bags],
            [(one.product.pk, one.unmet, one.spare, one.owed) for one in flows(relay.round.book)],
        )


def test_who_was_called_by_a_slip_waits_again_where_they_were(relay: Relay, boss: Actor) -> None:
    does(boss, call_next, relay.round, size=1)
    does(boss, miss, turns()["101"])
    for _ in range(3):  # 102, then 201 of another building, then 101 who had missed
        does(boss, call_next, relay.round)
    back = does(boss, take_call_back, turns()["101"], after=MINUTE)
    assert back
    assert does(boss, take_call_back, turns()["101"], after=MINUTE) == [], "twice is once"
    assert states()["101"] == TurnState.MISSED
    with acting_as(SYSTEM):
        assert Notice.objects.filter(place=turns()["101"].place).count() > 2
        assert Entry.objects.filter(verb="took back", kind="doorstep.turn").count() == 1


def test_only_the_same_call_is_taken_back_and_only_who_has_not_come(relay: Relay, boss: Actor) -> None:
    does(boss, call_next, relay.round, size=2)
    does(boss, call_next, relay.round, after=MINUTE)
    does(boss, hand_out, relay.round, qr_of(relay.bag["101"]), id=new_id(), after=MINUTE)
    with pytest.raises(InputError, match="too long ago"):
        does(boss, take_call_back, turns()["102"], after=HOUR)
    does(boss, take_call_back, turns()["102"], after=MINUTE)
    assert states() == {"101": TurnState.DONE, "102": TurnState.WAITING, "201": TurnState.CALLED}


def test_who_is_there_after_all_is_called_as_before(relay: Relay, boss: Actor) -> None:
    does(boss, call_next, relay.round)
    with pytest.raises(InputError, match="not missed"):
        does(boss, take_miss_back, turns()["201"])
    does(boss, miss, turns()["101"])
    with pytest.raises(InputError, match="too long ago"):
        does(boss, take_miss_back, turns()["101"], after=HOUR)
    assert does(boss, take_miss_back, turns()["101"]).state == TurnState.CALLED
    assert does(boss, take_miss_back, turns()["101"]).state == TurnState.CALLED, "twice is once"
    does(boss, take_call_back, turns()["101"])
    assert states()["101"] == TurnState.WAITING, "a miss that was none leaves no trace in the queue"


def test_a_pickup_that_ended_by_a_slip_goes_on_as_it_was(relay: Relay, boss: Actor) -> None:
    does(boss, hand_out, relay.round, qr_of(relay.bag["101"]), id=new_id())
    before = books(relay)
    with acting_as(SYSTEM):
        wave = Wave.objects.get()
    assert does(boss, end_pickup, wave, after=MINUTE) == 2
    assert books(relay) != before
    assert does(boss, reopen_pickup, wave, after=2 * MINUTE) == 2
    assert does(boss, reopen_pickup, wave, after=2 * MINUTE) == 0, "twice is once"
    assert books(relay) == before
    with acting_as(SYSTEM):
        assert not Case.objects.filter(settled_at=None).exists()
        assert Round.objects.get(pk=relay.round.pk).state == "delivering"
        assert Entry.objects.filter(verb="took back", kind="doorstep.wave").count() == 1
    does(boss, hand_out, relay.round, qr_of(relay.bag["102"]), id=new_id(), after=3 * MINUTE)
    does(boss, hand_out, relay.round, qr_of(relay.bag["201"]), id=new_id(), after=3 * MINUTE)
    with acting_as(SYSTEM):
        assert Round.objects.get(pk=relay.round.pk).state == "settling"


def test_one_that_ended_by_itself_stays_open_an_hour_then_ends_again(relay: Relay, boss: Actor) -> None:
    with acting_as(SYSTEM) as now:
        wave = Wave.objects.get()
        run_due(now + 4 * HOUR)
    assert does(boss, reopen_pickup, wave, after=4 * HOUR + MINUTE) == 3
    with acting_as(SYSTEM) as now:
        run_due(now + 4 * HOUR + 30 * MINUTE)
        assert Wave.objects.get().ended_at is None
        run_due(now + 6 * HOUR)
        assert Wave.objects.get().ended_at is not None
        assert Case.objects.filter(settled_at=None).count() == 3, "each is somebody to ring again"


def test_what_was_given_away_or_is_long_over_is_not_called_back(relay: Relay, boss: Actor) -> None:
    with acting_as(SYSTEM):
        wave = Wave.objects.get()
    does(boss, end_pickup, wave)
    with pytest.raises(InputError, match="too long ago"):
        does(boss, reopen_pickup, wave, after=3 * HOUR)
    with acting_as(SYSTEM) as now:
        product, amount = next(iter(spare(relay.round.book).items()))
        give_spare(relay.round, product, amount, relay.household["101"], by=SYSTEM, at=now)
    before = books(relay)
    with pytest.raises(InputError, match="given away"):
        does(boss, reopen_pickup, wave)
    assert books(relay) == before


def test_the_desk_takes_each_slip_back(relay: Relay, boss: Actor, sign_in) -> None:
    desk = Client(headers={"accept-language": "en"})
    sign_in(desk, role="liaison", place=relay.shop.town.place["开元丽城"])
    address = reverse("doorstep:pickup", args=[relay.round.pk])

    def post(what: str, **more: Any) -> str:
        return str(desk.post(address, {"what": what, **more}, follow=True).content.decode())

    assert "Take back the call of" in post("call")
    first = turns()["101"]
    assert "They are there after all" in post("miss", turn=first.pk)
    assert "is there after all" in post("there", turn=first.pk)
    assert "waits again" in post("uncall", turn=first.pk)
    assert "Open the pickup again" in post("end")
    assert "open again" in post("reopen")
    assert states()["101"] == TurnState.WAITING
    post("call")
    post("miss", turn=first.pk)
    assert desk.post(f"/api/doorstep/turns/{first.pk}/there").json()["state"] == "called"
    assert len(desk.post(f"/api/doorstep/turns/{first.pk}/uncall").json()) == 2
    post("end")
    assert desk.post(f"/api/doorstep/rounds/{relay.round.pk}/pickup/reopen").json() == {"count": 3}
