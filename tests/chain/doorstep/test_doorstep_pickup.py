"""Residents come down: a number each, called building by building, a missed turn rejoins, unclaimed food is offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hands import helper
from relay import HOUR, Relay

from lastmetre.chain.doorstep.actions.pickup import call_next, end_pickup, hand_out, miss, open_pickup
from lastmetre.chain.doorstep.models import Turn, Wave
from lastmetre.chain.doorstep.rules import Effect, TurnState
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household, totals
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.settlement.queries.goods_flow import spare
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError
from lastmetre.web.day import run_due

SignIn = Callable[..., Any]


@pytest.fixture
def opened(arrived: Relay) -> Relay:
    boss = arrived.staff("liaison")
    with acting_as(boss) as now:
        open_pickup(arrived.round, by=boss, at=now)
    return arrived


def turns(relay: Relay) -> dict[str, Turn]:
    with acting_as(SYSTEM):
        rows = Turn.objects.select_related("round", "place").order_by("queued")
        return {one.place.name: one for one in rows}


def fetch(relay: Relay, room: str, key: Any = None) -> Effect:
    boss = relay.staff("liaison")
    with acting_as(boss) as now:
        return hand_out(relay.round, qr_of(relay.bag[room]), id=key or new_id(), by=boss, at=now).effect


def called(relay: Relay, size: int = 8) -> list[str]:
    boss = relay.staff("liaison")
    with acting_as(boss) as now:
        return [one.place.name for one in call_next(relay.round, by=boss, at=now, size=size)]


def test_numbers_go_building_by_building_and_so_do_the_calls(opened: Relay) -> None:
    assert {room: one.number for room, one in turns(opened).items()} == {"101": 1, "102": 2, "201": 3}
    assert called(opened) == ["101", "102"], "building 1 first, though eight may come"
    assert called(opened) == ["201"]
    assert called(opened) == []
    with pytest.raises(InputError, match="too many"):
        called(opened, 11)


def test_a_missed_turn_rejoins_behind_those_who_wait(opened: Relay) -> None:
    assert called(opened, 1) == ["101"]
    boss = opened.staff("liaison")
    with acting_as(boss) as now:
        miss(turns(opened)["101"], by=boss, at=now)
        miss(turns(opened)["101"], by=boss, at=now)
    assert called(opened) == ["102"]
    assert called(opened) == ["201"]
    assert called(opened) == ["101"]


def test_one_scan_hands_over_once_and_the_last_one_ends_the_round(opened: Relay) -> None:
    called(opened)
    key = new_id()
    assert [fetch(opened, "101", key), fetch(opened, "101", key)] == [Effect.DONE, Effect.DONE]
    assert fetch(opened, "101") is Effect.KNOWN
    assert turns(opened)["101"].state == TurnState.DONE
    fetch(opened, "102")
    assert fetch(opened, "201") is Effect.DONE, "who comes early is not sent away"
    with acting_as(SYSTEM):
        assert set(Parcel.objects.values_list("end_cause", flat=True)) == {Cause.FETCHED}
        assert Round.objects.get(pk=opened.round.pk).state == RoundState.SETTLING


def test_what_nobody_fetches_is_not_charged_and_is_offered_in_time(opened: Relay) -> None:
    fetch(opened, "101")
    fetch(opened, "102")
    with acting_as(SYSTEM) as now:
        before = due_by_household(opened.round.book)[opened.household["201"].pk]
        assert run_due(now + HOUR) == 0
        run_due(now + 4 * HOUR)
        run_due(now + 5 * HOUR)
    with acting_as(SYSTEM):
        assert before == 3905
        assert due_by_household(opened.round.book).get(opened.household["201"].pk, 0) == 0
        rice, potatoes = opened.shop.product["R1"].pk, opened.shop.product["V4"].pk
        assert {product: amount for product, amount in spare(opened.round.book).items() if amount} == {
            rice: 1000,
            potatoes: 2500,
        }
        assert (AccountKind.OWED, potatoes) not in totals(opened.round.book)
        assert Case.objects.filter(kind=CaseKind.UNCLAIMED).count() == 1
        assert Round.objects.get(pk=opened.round.pk).state == RoundState.SETTLING


def test_a_second_opening_numbers_only_who_is_new_and_needs_bags(opened: Relay) -> None:
    boss = opened.staff("liaison")
    with acting_as(boss) as now, pytest.raises(InputError, match="No bag waits"):
        open_pickup(opened.round, by=boss, at=now)
    with acting_as(boss) as now, pytest.raises(InputError, match="over already"):
        open_pickup(opened.round, by=boss, at=now, until=now - timedelta(hours=1))
    with acting_as(SYSTEM) as now:
        wave = Wave.objects.get()
        assert end_pickup(wave, by=SYSTEM, at=now) == 3
        assert end_pickup(wave, by=SYSTEM, at=now) == 0


@pytest.mark.usefixtures("arrived")
def test_the_desk_calls_scans_and_ends_on_one_page(relay: Relay, sign_in: SignIn) -> None:
    desk = Client(headers={"accept-language": "en"})
    sign_in(desk, role="liaison", place=relay.shop.town.place["开元丽城"])
    address = reverse("doorstep:pickup", args=[relay.round.pk])

    def post(what: str, **more: Any) -> str:
        return str(desk.post(address, {"what": what, **more}, follow=True).content.decode())

    assert "3 bags wait to be fetched" in desk.get(address).content.decode()
    assert desk.post(address, {"what": "open", "until": "soon"}).status_code == 422
    assert "told their number" in post("open", until="2199-01-01T12:00")
    assert "1-1-101" in post("call").replace("1号楼-1单元-101", "1-1-101")
    assert "queues again" in post("miss", turn=turns(relay)["102"].pk)
    assert "Delivered" in post("hand", code=qr_of(relay.bag["101"]))
    assert "Already" in post("hand", code=relay.household["101"].pk)
    assert "Scan the label" in post("hand")
    assert "belongs to no round" in post("hand", code="LM23CFHKMRWXYCFHK")
    assert "can be given" in post("end")
    assert "No pickup is open" in desk.get(address).content.decode()


@pytest.mark.usefixtures("packed")
def test_the_household_sees_its_turn_and_where_its_bag_is(relay: Relay, sign_in: SignIn) -> None:
    home = Client(headers={"accept-language": "en"})
    sign_in(home, household=relay.household["102"])
    address = reverse("doorstep:where", args=[relay.household["102"].pk])
    assert "Packed at the supplier" in home.get(address).content.decode()
    assert home.get(reverse("doorstep:where", args=[relay.household["101"].pk])).status_code in (403, 404)


def test_the_turn_on_the_household_pages(opened: Relay, sign_in: SignIn) -> None:
    home = Client(headers={"accept-language": "en"})
    sign_in(home, household=opened.household["102"])
    address = reverse("doorstep:where", args=[opened.household["102"].pk])
    assert "1 households come before you" in home.get(address).content.decode()
    assert "Your number" in home.get("/").content.decode()
    called(opened)
    assert "It is your turn" in home.get(address).content.decode()
    assert "Come down now" in home.get("/").content.decode()
    fetch(opened, "102")
    assert "fetched at the point" in home.get(address).content.decode()


@pytest.mark.usefixtures("arrived")
def test_pickup_by_api(relay: Relay, sign_in: SignIn) -> None:
    boss = Client()
    sign_in(boss, role="liaison", place=relay.shop.town.place["开元丽城"], token=True)
    base = f"/api/doorstep/rounds/{relay.round.pk}"

    def send(path: str, **body: Any) -> Any:
        return boss.post(path, body, content_type="application/json")

    assert [one["number"] for one in send(f"{base}/pickup").json()] == [1, 2, 3]
    first, second = send(f"{base}/pickup/call").json()
    assert send(f"/api/doorstep/turns/{second['id']}/miss").json()["state"] == "missed"
    handed = send(f"{base}/pickup/hand-out", id=str(new_id()), code=first["household_id"])
    assert handed.json()["effect"] == "done"
    assert [one["state"] for one in boss.get(f"{base}/turns").json()] == ["done", "waiting", "missed"]
    assert send(f"{base}/pickup/end").json() == {"count": 2}
    assert send(f"{base}/pickup/end").status_code == 422


def test_a_volunteer_hands_out_but_does_not_open_or_end(opened: Relay, sign_in: SignIn) -> None:
    wang = helper(opened)
    with acting_as(wang) as now:
        assert call_next(opened.round, by=wang, at=now)
    volunteer = Client()
    sign_in(volunteer, role="volunteer", place=opened.shop.town.place["开元丽城"])
    address = reverse("doorstep:pickup", args=[opened.round.pk])
    assert volunteer.get(address).status_code == 200
    assert volunteer.post(address, {"what": "end"}).status_code == 403
