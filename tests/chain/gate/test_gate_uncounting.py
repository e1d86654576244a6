"""A bag, a box or all of it was counted by a slip: it goes back to the vehicle, and is counted anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from gate_parts import bag_of, goods_in, on_its_way, open_cases, scans, taken_in
from relay import Relay

from lastmetre.chain.gate.actions.counting import count_all, count_in
from lastmetre.chain.gate.actions.receiving import finish, locked
from lastmetre.chain.gate.actions.uncounting import uncount
from lastmetre.chain.gate.actions.wrong import report_missing
from lastmetre.chain.gate.models import Arrival, Counted
from lastmetre.chain.gate.rules import Outcome
from lastmetre.chain.ledger.actions.parcels import NewParcel, make_parcels, put_in_box
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, Spot
from lastmetre.chain.settlement.queries.goods_flow import flows
from lastmetre.chain.sorting.actions.carts import scan
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

VEHICLE, GATE = AccountKind.VEHICLE, AccountKind.GATE
ALL = 9500
"""2 rice, 5 eggs, 2.5 potatoes in thousandths."""


pytestmark = pytest.mark.usefixtures("packed")


@pytest.fixture
def keeper(relay: Relay) -> Actor:
    return relay.staff("receiver")


@pytest.fixture
def arrival(relay: Relay, keeper: Actor) -> Arrival:
    return taken_in(relay, keeper, on_its_way(relay))


def undoes(relay: Relay, arrival: Arrival, room: str, keeper: Actor, **given: Any) -> int:
    with acting_as(keeper) as now:
        return uncount(arrival, relay.bag[room].pk, by=keeper, at=now + timedelta(minutes=3), **given)


def test_a_bag_counted_by_a_slip_is_in_the_vehicle_again_and_may_be_counted_anew(
    relay: Relay, arrival: Arrival, keeper: Actor
) -> None:
    before = bag_of(relay, "101")
    scans(relay, arrival, "101", by=keeper)
    assert undoes(relay, arrival, "101", keeper) == 1
    assert undoes(relay, arrival, "101", keeper) == 0, "twice is once"
    after = bag_of(relay, "101")
    assert (after.account_id, after.holder) == (before.account_id, before.holder)
    assert (goods_in(relay, VEHICLE), goods_in(relay, GATE)) == (ALL, 0)
    with acting_as(SYSTEM):
        assert all(one.arrived == 0 for one in flows(relay.round.book))
        assert Entry.objects.filter(verb="counted back").count() == 1
    assert scans(relay, arrival, "101", by=keeper).outcome is Outcome.COUNTED


def test_all_by_hand_is_taken_back_as_one_but_not_what_was_scanned_before(
    relay: Relay, arrival: Arrival, keeper: Actor
) -> None:
    scans(relay, arrival, "101", by=keeper)
    with acting_as(keeper) as now:
        assert count_all(arrival, counted=3, by=keeper, at=now + timedelta(minutes=1)) == 2
    assert undoes(relay, arrival, "201", keeper, whole=True) == 2
    assert bag_of(relay, "101").account.kind == GATE
    assert {bag_of(relay, room).account.kind for room in ("102", "201")} == {VEHICLE}


def test_a_box_takes_its_bags_back_with_it(relay: Relay, keeper: Actor) -> None:
    with acting_as(SYSTEM) as now:
        packed = Spot(AccountKind.PACKED, relay.shop.supplier.pk)
        (box,) = make_parcels(
            relay.round.book, [NewParcel(1, "BOX00001")], at_spot=packed, holder="packer", by=SYSTEM, at=now
        )
        put_in_box(box, [relay.bag["101"].pk, relay.bag["102"].pk], by=SYSTEM, at=now)
    arrival = taken_in(relay, keeper, on_its_way(relay, "101", "102"))
    relay.bag["box"] = box
    with acting_as(SYSTEM) as now:
        count_in(locked(arrival), [Parcel.objects.get(pk=box.pk)], by=keeper, at=now)
    assert undoes(relay, arrival, "box", keeper) == 2
    assert {bag_of(relay, one).account.kind for one in ("101", "102")} == {VEHICLE}
    with acting_as(SYSTEM):
        assert not Counted.objects.exists()


def test_what_was_missing_is_missing_again(relay: Relay, arrival: Arrival, keeper: Actor) -> None:
    with acting_as(keeper) as now:
        report_missing(arrival, relay.bag["201"].pk, by=keeper, at=now)
    scans(relay, arrival, "201", by=keeper)
    assert open_cases() == []
    undoes(relay, arrival, "201", keeper)
    assert open_cases() == ["missing"]


def test_from_a_cart_or_after_the_release_it_is_too_late(
    relay: Relay, arrival: Arrival, keeper: Actor
) -> None:
    for room in ("101", "102"):
        scans(relay, arrival, room, by=keeper)
    sorter = relay.staff("liaison")
    with acting_as(sorter) as now:
        scan(relay.round, relay.bag["101"].code, id=new_id(), by=sorter, at=now)
    with pytest.raises(InputError, match="not at the gate"):
        undoes(relay, arrival, "101", keeper)
    with acting_as(keeper) as now:
        finish(arrival, missing=1, by=keeper, at=now)
    with pytest.raises(InputError, match="released to sorting"):
        undoes(relay, arrival, "102", keeper)
    assert goods_in(relay, VEHICLE) == 3500


def test_the_gate_takes_it_back_on_its_pages_and_by_api(
    relay: Relay, arrival: Arrival, sign_in: Callable[..., Any]
) -> None:
    gate = Client(headers={"accept-language": "en"})
    sign_in(gate, role="receiver", place=relay.shop.town.place["开元丽城"])
    page = reverse("gate:arrival", args=[arrival.pk])
    undo = reverse("gate:uncount", args=[arrival.pk, relay.bag["101"].pk])
    assert undo in gate.post(page, {"code": relay.bag["101"].code}).content.decode()
    assert "it is not counted" in gate.post(undo, follow=True).content.decode()
    gate.post(reverse("gate:all", args=[arrival.pk]), {"counted": "3"})
    shown = gate.get(page).content.decode()
    assert "3 bags" in shown
    assert "Take back the count of" in shown
    with acting_as(SYSTEM):
        last = Counted.objects.first()
    assert last is not None
    gate.post(reverse("gate:uncount", args=[arrival.pk, last.parcel_id]), {"what": "all"})
    assert goods_in(relay, GATE) == 0
    program = Client()
    sign_in(program, role="receiver", place=relay.shop.town.place["开元丽城"], token=True)
    base = f"/api/gate/arrivals/{arrival.pk}"
    program.post(f"{base}/scans", {"code": relay.bag["102"].code}, content_type="application/json")
    assert goods_in(relay, GATE) == 3000
    sent = {"bag": str(relay.bag["102"].pk)}
    assert program.post(f"{base}/uncount", sent, content_type="application/json").json()["counted"] == 0
