"""Somebody cannot come down: the bag goes up; nobody opened: it is fetched. Custody follows, nothing is written off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext
from hands import helper
from relay import HOUR, Relay

from lastmetre.chain.doorstep.actions.doors import Told, take_event
from lastmetre.chain.doorstep.actions.pickup import call_next, end_pickup, hand_out, open_pickup
from lastmetre.chain.doorstep.actions.switching import back_to_queue, to_doors, to_point
from lastmetre.chain.doorstep.actions.waves import end_wave, plan_wave
from lastmetre.chain.doorstep.models import Drop, Turn, Wave
from lastmetre.chain.doorstep.queries.doors import my_carts
from lastmetre.chain.doorstep.queries.where import ways_to
from lastmetre.chain.doorstep.rules import Effect, Outcome, TurnState
from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.queries.balances import totals
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause
from lastmetre.chain.orders.models import Round
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

SignIn = Callable[..., Any]
POINT, CART = AccountKind.POINT, AccountKind.CART


@pytest.fixture
def boss(relay: Relay) -> Actor:
    return relay.staff("liaison")


@pytest.fixture
def opened(arrived: Relay, boss: Actor) -> Relay:
    with acting_as(boss) as now:
        open_pickup(arrived.round, by=boss, at=now)
    return arrived


def send(relay: Relay, boss: Actor, *rooms: str) -> int:
    homes = [relay.household[room].pk for room in rooms] or None
    with acting_as(boss) as now:
        return to_doors(relay.round, households=homes, by=boss, at=now)


def where(relay: Relay, room: str) -> tuple[str, str]:
    """Account and holder of a bag."""
    with acting_as(SYSTEM):
        bag = Parcel.objects.select_related("account").get(pk=relay.bag[room].pk)
        return bag.account.kind, bag.holder


def state(relay: Relay, room: str) -> str:
    with acting_as(SYSTEM):
        return Turn.objects.get(household=relay.household[room]).state


def wave_with(relay: Relay, boss: Actor, walker: Actor) -> Wave:
    with acting_as(boss) as now:
        return plan_wave(relay.round, people=[walker.key], by=boss, at=now)


def tells(relay: Relay, walker: Actor, room: str, outcome: Outcome, after: timedelta = timedelta()) -> Effect:
    with acting_as(walker) as now:
        told = Told(new_id(), outcome, qr_of(relay.bag[room]), now + after)
        return take_event(told, by=walker, at=now + after).effect


def test_one_rings_and_their_bag_goes_up_with_its_cart(opened: Relay, boss: Actor) -> None:
    wang = helper(opened)
    assert send(opened, boss, "201") == 1
    assert send(opened, boss, "201") == 1, "twice is once"
    assert where(opened, "201") == (POINT, boss.key), "in the same hands until a cart takes it"
    with acting_as(boss) as now:
        assert [one.place.name for one in call_next(opened.round, by=boss, at=now)] == ["101", "102"]
        assert call_next(opened.round, by=boss, at=now) == [], "who stays up is not called"
        assert "next cart" in str(ways_to(opened.household["201"], at=now)[0].words)
    wave_with(opened, boss, wang)
    assert where(opened, "201") == (CART, wang.key)
    assert where(opened, "101")[0] == POINT
    assert tells(opened, wang, "201", Outcome.DELIVERED) is Effect.DONE
    with acting_as(SYSTEM):
        assert Parcel.objects.get(pk=opened.bag["201"].pk).end_cause == Cause.DELIVERED
        assert totals(opened.round.book)[AccountKind.DOOR, opened.shop.product["V4"].pk] == 2500


def test_all_that_is_left_goes_up_and_the_end_of_the_pickup_writes_nothing_off(
    opened: Relay, boss: Actor
) -> None:
    wang = helper(opened)
    with acting_as(boss) as now:
        hand_out(opened.round, qr_of(opened.bag["101"]), id=new_id(), by=boss, at=now)
    assert send(opened, boss) == 2
    with acting_as(boss) as now:
        assert end_pickup(Wave.objects.get(), by=boss, at=now) == 0
    wave_with(opened, boss, wang)
    assert {where(opened, room) for room in ("102", "201")} == {(CART, wang.key)}
    for room in ("102", "201"):
        tells(opened, wang, room, Outcome.DELIVERED)
    with acting_as(SYSTEM):
        assert Round.objects.get(pk=opened.round.pk).state == "settling"


def test_who_comes_down_all_the_same_gets_theirs_or_queues_again(opened: Relay, boss: Actor) -> None:
    send(opened, boss, "101", "102")
    with acting_as(boss) as now:
        answer = hand_out(opened.round, qr_of(opened.bag["101"]), id=new_id(), by=boss, at=now)
    assert (answer.effect, state(opened, "101")) == (Effect.DONE, TurnState.DONE)
    with acting_as(boss) as now:
        turn = Turn.objects.select_related("round").get(household=opened.household["102"])
        back_to_queue(turn, by=boss, at=now)
        calls = [call_next(opened.round, by=boss, at=now)[0].place.name for _ in range(2)]
    assert calls == ["201", "102"], "behind the others"
    send(opened, boss, "102")
    wave_with(opened, boss, helper(opened))
    with acting_as(boss) as now, pytest.raises(InputError, match="goes up already"):
        back_to_queue(turn, by=boss, at=now)


@pytest.mark.usefixtures("arrived")
def test_nobody_opened_so_they_fetch_it_at_the_point(relay: Relay, boss: Actor) -> None:
    wang = helper(relay)
    wave_with(relay, boss, wang)
    tells(relay, wang, "102", Outcome.NOBODY_IN)
    with acting_as(boss) as now:
        (turn,) = to_point(relay.round, [relay.household["102"].pk], by=boss, at=now)
    assert (turn.number, where(relay, "102")) == (1, (POINT, boss.key))
    with acting_as(SYSTEM):
        assert not Drop.objects.filter(parcel=relay.bag["102"]).exists(), "not on the walker's list any more"
        assert Wave.objects.filter(at_point=True, ended_at=None).count() == 1
    with acting_as(boss) as now:
        answer = hand_out(relay.round, qr_of(relay.bag["102"]), id=new_id(), by=boss, at=now + HOUR)
    assert answer.effect is Effect.DONE
    with acting_as(SYSTEM):
        assert Case.objects.get(kind=CaseKind.NOBODY_IN).outcome == gettext(
            "The household fetched it at the point."
        )
    with acting_as(boss) as now, pytest.raises(InputError, match="on a cart"):
        to_point(relay.round, [relay.household["102"].pk], by=boss, at=now)


@pytest.mark.usefixtures("arrived")
def test_the_next_wave_tries_the_door_anew(relay: Relay, boss: Actor) -> None:
    wang = helper(relay)
    first = wave_with(relay, boss, wang)
    tells(relay, wang, "102", Outcome.NOBODY_IN)
    with acting_as(boss) as now:
        end_wave(first, by=boss, at=now + HOUR)
        plan_wave(relay.round, people=[wang.key], by=boss, at=now + HOUR)
        drops = [drop for cart in my_carts(wang.key, at=now + HOUR) for drop in cart.drops]
        assert [one.outcome for one in drops if one.room == "102"] == [None], "still to do"
        assert "cart" in str(ways_to(relay.household["102"], at=now + HOUR)[0].words)


@pytest.mark.usefixtures("arrived")
def test_the_desk_and_the_cart_page_switch_by_a_button_and_programs_too(
    relay: Relay, sign_in: SignIn
) -> None:
    place = relay.shop.town.place["开元丽城"]
    desk = Client(headers={"accept-language": "en"})
    sign_in(desk, role="liaison", place=place)
    page = reverse("doorstep:pickup", args=[relay.round.pk])
    desk.post(page, {"what": "open", "until": "2199-01-01T12:00"})
    with acting_as(SYSTEM):
        turn = Turn.objects.get(household=relay.household["101"])
    shown = desk.post(page, {"what": "door", "turn": turn.pk}, follow=True).content.decode()
    assert "The bag of number 1 goes to the door" in shown
    assert "Plan the wave for them" in shown
    assert "queues behind" in desk.post(page, {"what": "back", "turn": turn.pk}, follow=True).content.decode()
    assert "plan a wave" in desk.post(page, {"what": "doors"}, follow=True).content.decode()
    assert (
        "3 bags wait to go out" in desk.get(reverse("doorstep:round", args=[relay.round.pk])).content.decode()
    )
    desk.post(
        reverse("doorstep:round", args=[relay.round.pk]),
        {"starts_at": "2026-01-01T12:00", "ends_at": "2199-01-01T12:00"},
    )
    with acting_as(SYSTEM):
        drop = Drop.objects.select_related("duty").get(parcel=relay.bag["201"])
    assert drop.duty.person == ""
    boss = Client()
    sign_in(boss, role="liaison", place=place, name="赵联络", token=True)
    base = f"/api/doorstep/rounds/{relay.round.pk}/pickup"
    sent = {"households": [str(relay.household["201"].pk)]}
    assert boss.post(f"{base}/from-carts", sent, content_type="application/json").status_code == 422
    wang = helper(relay)
    again = boss.post(f"{base}/to-doors", {}, content_type="application/json")
    assert again.json() == {"count": 3}
    give = {"person": wang.key}
    assert desk.post(reverse("doorstep:duty", args=[drop.duty_id]), give).status_code == 302
    assert where(relay, "201") == (CART, wang.key)
    cart = reverse("doorstep:duty", args=[drop.duty_id])
    assert "To the point" in desk.get(cart).content.decode()
    assert "told its number" in desk.post(cart, {"what": "all"}, follow=True).content.decode()
    assert where(relay, "201")[0] == POINT
    back = boss.post(f"/api/doorstep/turns/{turn.pk}/back", content_type="application/json")
    assert back.status_code == 422, "its bag is in the wave"


@pytest.mark.usefixtures("arrived")
def test_a_door_that_fails_anew_after_its_case_was_settled_is_a_new_case(relay: Relay, boss: Actor) -> None:
    wang = helper(relay)
    wave_with(relay, boss, wang)
    tells(relay, wang, "102", Outcome.NOBODY_IN)
    assert tells(relay, wang, "102", Outcome.NOBODY_IN) is Effect.KNOWN, "said twice, it is one case"
    with acting_as(boss) as now:
        settle_case(Case.objects.get(kind=CaseKind.NOBODY_IN), outcome="晚上再送", by=boss, at=now)
    assert tells(relay, wang, "102", Outcome.NOBODY_IN, HOUR) is Effect.DONE
    with acting_as(SYSTEM):
        assert Case.objects.filter(kind=CaseKind.NOBODY_IN, settled_at=None).count() == 1


def test_the_wrong_household_was_ticked_off_at_the_desk(opened: Relay, boss: Actor, sign_in: SignIn) -> None:
    desk = Client(headers={"accept-language": "en"})
    sign_in(desk, role="liaison", place=opened.shop.town.place["开元丽城"])
    page = reverse("doorstep:pickup", args=[opened.round.pk])
    desk.post(page, {"what": "hand", "code": opened.household["101"].pk})
    assert "Handed over last" in desk.get(page).content.decode()
    with acting_as(SYSTEM):
        turn = Turn.objects.get(household=opened.household["101"])
        goods = totals(opened.round.book)[POINT, opened.shop.product["R1"].pk]
    assert (turn.state, goods) == (TurnState.DONE, 1000)
    said = desk.post(page, {"what": "undo", "turn": turn.pk}, follow=True).content.decode()
    assert "are at the point" in said
    assert (state(opened, "101"), where(opened, "101")[0]) == (TurnState.CALLED, POINT)
    with acting_as(SYSTEM):
        assert totals(opened.round.book)[POINT, opened.shop.product["R1"].pk] == 2000
    assert (
        "Nothing was handed"
        in desk.post(page, {"what": "undo", "turn": turn.pk}, follow=True).content.decode()
    )
    again = desk.post(
        page, {"what": "hand", "code": opened.household["101"].pk}, follow=True
    ).content.decode()
    assert "Delivered" in again
