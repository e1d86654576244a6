"""The wrong bag was marked as packed: it is taken back until a vehicle has it, and the books are as before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from relay import WISHES, Relay

from lastmetre.chain.gate.actions.counting import count_all
from lastmetre.chain.gate.actions.receiving import receive
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household, owed_by_household, totals
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack, pack_bag
from lastmetre.chain.purchase.actions.unpacking import unpack_all, unpack_bag
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.settlement.queries.goods_flow import flows
from lastmetre.chain.transport.actions.loads import dispatch, leave, take_out
from lastmetre.chain.transport.rules import Vehicle
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

HOUR = timedelta(hours=1)


@pytest.fixture
def order(relay: Relay) -> PurchaseOrder:
    relay.allocated()
    with acting_as(SYSTEM) as now:
        return place_order(relay.round, by=SYSTEM, at=now)


def standing(relay: Relay) -> Any:
    """What the books say of goods, promises and bills, without what has gone to nothing."""
    with acting_as(SYSTEM):
        book = relay.round.book
        held = {key: amount for key, amount in totals(book).items() if amount}
        return held, owed_by_household(book), due_by_household(book)


def packed_bags() -> dict[str, tuple[int, str]]:
    with acting_as(SYSTEM):
        rows = Parcel.objects.filter(kind="bag", ended_at=None).select_related("household__place")
        return {one.household.place.name: (one.number, one.code) for one in rows}


def packs(relay: Relay, order: PurchaseOrder, room: str) -> None:
    with acting_as(SYSTEM) as now:
        pack_bag(order, relay.household[room].pk, by=SYSTEM, at=now)


def unpacks(relay: Relay, order: PurchaseOrder, room: str) -> bool:
    with acting_as(SYSTEM) as now:
        return unpack_bag(order, relay.household[room].pk, by=SYSTEM, at=now)


def test_a_wrong_bag_goes_back_to_the_shelf_and_is_packed_again_under_its_label(
    relay: Relay, order: PurchaseOrder
) -> None:
    before = standing(relay)
    packs(relay, order, "102")
    label = packed_bags()["102"]
    assert unpacks(relay, order, "102")
    assert not unpacks(relay, order, "102"), "twice is once"
    assert (packed_bags(), standing(relay)) == ({}, before)
    with acting_as(SYSTEM):
        assert all(one.packed == 0 for one in flows(relay.round.book))
        assert Entry.objects.filter(verb="unpacked").count() == 1
    packs(relay, order, "102")
    assert packed_bags() == {"102": label}
    with acting_as(SYSTEM) as now:
        pack(relay.round, by=SYSTEM, at=now)
    assert set(packed_bags()) == set(WISHES)
    with acting_as(SYSTEM):
        assert {one.product.code: one.packed for one in flows(relay.round.book)} == {
            "E1": 5000,
            "R1": 2000,
            "V4": 2500,
        }


@pytest.mark.parametrize("bags_a_box", [None, 2])
def test_all_is_packed_was_a_slip_and_what_was_ticked_off_stays(
    relay: Relay, order: PurchaseOrder, bags_a_box: int | None
) -> None:
    packs(relay, order, "101")
    before = standing(relay)
    with acting_as(SYSTEM) as now:
        pack(relay.round, by=SYSTEM, at=now + HOUR, bags_a_box=bags_a_box)
    codes = packed_bags()
    with acting_as(SYSTEM) as now:
        assert unpack_all(order, by=SYSTEM, at=now) >= 2
        assert unpack_all(order, by=SYSTEM, at=now) == 0
        assert Round.objects.get(pk=relay.round.pk).state == "ordered"
    assert set(packed_bags()) == {"101"}
    assert standing(relay) == before
    with acting_as(SYSTEM) as now:
        pack(relay.round, by=SYSTEM, at=now, bags_a_box=bags_a_box)
        assert Round.objects.get(pk=relay.round.pk).state == "packed"
        boxes = Parcel.objects.filter(kind="box", ended_at=None)
        assert sorted(box.bags.count() for box in boxes) == ([1, 2] if bags_a_box else [])
    assert packed_bags() == codes


def test_once_a_vehicle_has_it_nothing_is_taken_back(relay: Relay, order: PurchaseOrder) -> None:
    with acting_as(SYSTEM) as now:
        pack(relay.round, by=SYSTEM, at=now)
        load = dispatch(relay.round, vehicle=Vehicle("豫A12345"), expected_at=now + HOUR, by=SYSTEM, at=now)
    with pytest.raises(InputError, match="left the packing place"):
        unpacks(relay, order, "101")
    with acting_as(SYSTEM) as now:
        bag = Parcel.objects.get(household=relay.household["101"])
        take_out(load, bag.pk, by=SYSTEM, at=now)
    assert unpacks(relay, order, "101")
    packs(relay, order, "101")
    with acting_as(SYSTEM) as now:
        pack(relay.round, by=SYSTEM, at=now)
        leave(load, by=SYSTEM, at=now)
    with pytest.raises(InputError, match="A vehicle has left"):
        unpacks(relay, order, "101")
    with acting_as(SYSTEM):
        assert totals(relay.round.book)[AccountKind.PACKED, relay.shop.product["R1"].pk] == 1000


def test_the_packer_takes_it_back_on_the_page_and_by_api(
    relay: Relay, order: PurchaseOrder, sign_in: Callable[..., Any]
) -> None:
    clerk = Client(headers={"accept-language": "en"})
    sign_in(clerk, role="supplier_clerk", organisation=relay.shop.town.supplier)
    home = relay.household["101"].pk
    page = reverse("purchase:bag", args=[order.pk, home])
    clerk.post(page, {"stay": "1"})
    undo = reverse("purchase:unpack", args=[order.pk, home])
    assert undo in clerk.get(page).content.decode()
    answer = clerk.post(undo, follow=True).content.decode()
    assert "stands to pack again" in answer
    assert "This bag is packed" in answer
    clerk.post(reverse("purchase:move", args=[order.pk, "packed"]))
    assert "not all is packed" in clerk.get(reverse("purchase:order", args=[order.pk])).content.decode()
    clerk.post(reverse("purchase:move", args=[order.pk, "unpack"]))
    assert packed_bags() == {}
    program = Client()
    sign_in(program, role="supplier_clerk", organisation=relay.shop.town.supplier, token=True)
    base = f"/api/purchase/orders/{order.pk}"
    program.post(f"{base}/bags/{home}", content_type="application/json")
    assert set(packed_bags()) == {"101"}
    assert program.post(f"{base}/bags/{home}/unpack").json()["state"] == "packing"
    assert packed_bags() == {}


def test_a_round_of_which_a_first_vehicle_came_while_the_rest_was_packed_goes_on(
    relay: Relay, order: PurchaseOrder
) -> None:
    packs(relay, order, "101")
    with acting_as(SYSTEM) as now:
        load = dispatch(relay.round, vehicle=Vehicle("豫A12345"), expected_at=now + HOUR, by=SYSTEM, at=now)
        load = leave(load, by=SYSTEM, at=now)
        arrival = receive(relay.round, load=load, by=SYSTEM, at=now)
        count_all(arrival, counted=1, by=SYSTEM, at=now)
        pack(relay.round, by=SYSTEM, at=now)
        assert Round.objects.get(pk=relay.round.pk).state == "arrived", (
            "what is here can be carried to the doors"
        )
