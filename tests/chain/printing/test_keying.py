"""A door list that was carried without a phone is keyed in: as good as scans, twice without double effect."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from relay import Relay

from lastmetre.chain.doorstep.actions.waves import plan_wave
from lastmetre.chain.doorstep.models import DoorEvent
from lastmetre.chain.ledger.models import Case
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import untranslated
from lastmetre.web.printing.gathering import doors_by_cart, pack_of
from lastmetre.web.printing.keying import TICKS, door_list


@pytest.fixture
def liaison(relay: Relay, sign_in: Any) -> Client:
    client = Client()
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"])
    return client


def out(relay: Relay) -> None:
    relay.arrived()
    with acting_as(SYSTEM) as now:
        plan_wave(relay.round, by=SYSTEM, at=now)


def address(relay: Relay, cart: int | None = None) -> str:
    return f"/printing/rounds/{relay.round.pk}/lists" + (f"/{cart}" if cart else "")


def ticks(relay: Relay, **rooms: str) -> dict[str, str]:
    return {f"t-{relay.household[room.lstrip('r')].pk}": tick for room, tick in rooms.items()}


def ends(relay: Relay) -> dict[str, str]:
    with acting_as(SYSTEM):
        for bag in relay.bag.values():
            bag.refresh_from_db()
        return {room: bag.end_cause for room, bag in relay.bag.items()}


def test_what_was_ticked_counts_once_however_often_it_is_keyed_in(relay: Relay, liaison: Client) -> None:
    out(relay)
    assert address(relay) in liaison.get(f"/printing/rounds/{relay.round.pk}").content.decode()
    assert address(relay, 1) in liaison.get(address(relay)).content.decode()
    page = liaison.get(address(relay, 1)).content.decode()
    assert "1-1-101" in page
    assert "2-1-201" not in page  # on another cart
    for _ in range(2):
        assert liaison.post(address(relay, 1), ticks(relay, r101="0", r102="1")).status_code == 302
        assert ends(relay) == {"101": "delivered", "102": "", "201": ""}
    with acting_as(SYSTEM):
        assert DoorEvent.objects.count() == 2
        assert [one.kind for one in Case.objects.all()] == ["nobody_in"]


def test_lists_to_key_in_before_anything_was_sorted_are_those_that_were_printed(relay: Relay) -> None:
    relay.packed()
    with acting_as(SYSTEM) as now:
        bags = sorted(pack_of(relay.round, untranslated, now=now).bags, key=lambda one: one.carry)
    printed = {bag.cart: [one.home for one in bags if one.cart == bag.cart] for bag in bags}
    sheets = {number: door_list(relay.round, number) for number, _, _ in doors_by_cart(relay.round)}
    assert {number: [one.home for one in sheet.lines] for number, sheet in sheets.items() if sheet} == printed
    assert sorted(len(homes) for homes in printed.values()) == [1, 2]


def test_one_tap_says_that_all_others_were_handed_over(relay: Relay, liaison: Client) -> None:
    out(relay)
    liaison.post(address(relay, 1), ticks(relay, r102="2") | {"rest": "1"})
    assert ends(relay)["101"] == "delivered"
    assert ends(relay)["102"] != "delivered"
    liaison.post(address(relay, 2), {"rest": "1"})
    assert ends(relay)["201"] == "delivered"


def test_what_is_no_number_is_refused_and_nothing_of_the_list_is_entered(
    relay: Relay, liaison: Client
) -> None:
    out(relay)
    answer = liaison.post(address(relay, 1), ticks(relay, r101="0", r102="7"))
    assert answer.status_code == 422
    assert "没有这个数字" in answer.content.decode()
    assert ends(relay)["101"] == ""
    assert liaison.get(address(relay, 9)).status_code == 404


def test_the_numbers_are_those_that_stand_over_the_boxes(relay: Relay) -> None:
    from lastmetre.papers.carts import FAILURES

    out(relay)
    assert [one.value.replace("_", " ") for one in TICKS[1:]] == [str(one).lower() for one in FAILURES]
    with acting_as(SYSTEM):
        assert doors_by_cart(relay.round) == [(1, 2, 0), (2, 1, 0)]
        for number, homes in ((1, ["1-1-101", "1-1-102"]), (2, ["2-1-201"])):
            sheet = door_list(relay.round, number)
            assert sheet is not None
            assert [str(line.home) for line in sheet.lines] == homes
        assert door_list(relay.round, 3) is None


def test_who_does_not_plan_the_doors_keys_in_nothing(relay: Relay, sign_in: Any) -> None:
    out(relay)
    client = Client()
    sign_in(client, role="building_head", place=relay.shop.town.place["1号楼"])
    assert client.get(address(relay, 1)).status_code in (403, 404)
    assert client.post(address(relay, 1), {"rest": "1"}).status_code in (403, 404)
    assert ends(relay)["101"] == ""
