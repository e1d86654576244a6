"""Announced, scanned in, on its way, arrived: what the dispatcher and the driver see and press."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from relay import Relay

from lastmetre.chain.ledger.actions.parcels import NewParcel, make_parcels, put_in_box
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.parcels import codes_for, qr_of
from lastmetre.chain.ledger.rules import AccountKind, Spot
from lastmetre.chain.purchase.queries.packing import box_key
from lastmetre.chain.transport.models import Load
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.journal.rules import REVEALED
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]
HOUR = timedelta(hours=1)


@pytest.fixture
def clerk(packed: Relay, sign_in: SignIn) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in(client, role="supplier_clerk", organisation=packed.shop.town.supplier)
    return client


def driver_client(relay: Relay, sign_in: SignIn) -> tuple[Client, str]:
    """A driver of the supplier, and their key."""
    client = Client(headers={"accept-language": "en"})
    visitor = sign_in(client, role="driver", organisation=relay.shop.town.supplier, name="刘洋")
    return client, visitor.actor.key


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    return re.sub(r"\s+", " ", answer.content.decode())


def of_round(relay: Relay) -> str:
    return reverse("transport:round", args=[relay.round.pk])


def when(relay: Relay) -> str:
    return f"{(relay.now + 3 * HOUR).astimezone():%Y-%m-%dT%H:%M}"


def announced(relay: Relay, clerk: Client, **more: str) -> Load:
    """The clerk announces a vehicle."""
    sent = {"plate": "豫a·12345", "expected_at": when(relay), **more}
    answer = clerk.post(of_round(relay), sent)
    assert answer.status_code == 302, text(answer, answer.status_code)
    with acting_as(SYSTEM):
        return Load.objects.latest("made_at")


def at(load: Load, name: str, *more: Any) -> str:
    return reverse(f"transport:{name}", args=[load.pk, *more])


def said(client: Client, address: str, **sent: Any) -> str:
    return text(client.post(address, sent, follow=True))


def test_from_announcing_to_the_gate(relay: Relay, clerk: Client, sign_in: SignIn) -> None:
    driver, key = driver_client(relay, sign_in)
    assert "No trip yet" in text(driver.get(reverse("transport:trips")))
    form = text(clerk.get(of_round(relay)))
    assert "刘**" in form or "刘*" in form
    assert "刘洋" not in form
    load = announced(relay, clerk, driver=key)
    trip = text(driver.get(at(load, "load")))
    assert "Next stop:" in trip
    assert "开元丽城" in trip
    assert "豫A12345" in text(driver.get(reverse("transport:trips")))
    assert driver.post(at(load, "scan"), {"code": "2222-2222"}).status_code == 403
    assert "All that was packed is in this vehicle." in said(clerk, at(load, "move", "all"))
    assert "You counted 2 bags; 3 are in the books." in said(driver, at(load, "move", "leave"), counted="2")
    assert "That is no number of bags." in said(driver, at(load, "move", "leave"), counted="three")
    assert "On its way" in said(driver, at(load, "move", "leave"), counted="3")
    for _ in range(2):
        assert "Arrived. The gate knows it." in said(driver, at(load, "move", "arrive"))
    with acting_as(SYSTEM):
        load.refresh_from_db()
        assert (load.state, load.driver_name) == ("arrived", "刘洋")
        assert {bag.holder for bag in Parcel.objects.all()} == {key}


def test_bags_go_in_by_scan_and_a_wrong_one_comes_out(relay: Relay, clerk: Client) -> None:
    load = announced(relay, clerk)
    with acting_as(SYSTEM):
        qr, bag = qr_of(relay.bag["101"]), relay.bag["101"]
    one = str(new_id())
    for _ in range(2):
        page = said(clerk, at(load, "scan"), code=qr, id=one)
        assert f"{bag.code} Is in." in page
        assert 'data-feedback="good"' in page
    assert "Not in it yet" in page
    assert f"<code>{relay.bag['102'].code}</code>" in page, "what is missing shows"
    in_place = {"code": relay.bag["102"].code, "id": str(new_id())}
    part = text(clerk.post(at(load, "scan"), in_place, headers={"hx-request": "true"}))
    assert "<html" not in part, "the camera runs on"
    assert relay.bag["102"].code in part
    assert 'data-feedback="good"' in part
    assert "It stands at the supplier again." in said(clerk, at(load, "out", relay.bag["102"].pk))
    strange = said(clerk, at(load, "scan"), code="2222-2222", id=str(new_id()))
    assert "Set the bag aside" in strange
    assert 'data-feedback="bad"' in strange
    assert "It stands at the supplier again." in said(clerk, at(load, "out", bag.pk))
    assert "Take this vehicle off the list?" in text(clerk.get(at(load, "load")))
    assert "This vehicle does not come." in said(clerk, at(load, "move", "cancel"))


def test_a_box_brings_its_bags_and_the_manifest_names_nobody(relay: Relay, clerk: Client) -> None:
    with acting_as(SYSTEM) as now:
        book = relay.round.book
        key = box_key(relay.round, 1)
        code = codes_for(book.pk, [key])[key].short
        spot = Spot(AccountKind.PACKED, relay.shop.supplier.pk)
        (box,) = make_parcels(book, [NewParcel(1, code)], at_spot=spot, holder="packer", by=SYSTEM, at=now)
        put_in_box(box, [relay.bag["101"].pk, relay.bag["102"].pk], by=SYSTEM, at=now)
        qr = qr_of(box)
    load = announced(relay, clerk, is_own="on")
    page = said(clerk, at(load, "scan"), code=qr, id=str(new_id()))
    assert f"Box 1 · {code} · 2 bags" in page
    assert relay.bag["201"].code in page
    for private in ("王", "101室", "13800000101"):
        assert private not in page
    assert "own · at the gate" in text(clerk.get(of_round(relay)))


def test_what_does_not_fit_is_said_in_a_sentence(relay: Relay, clerk: Client) -> None:
    for sent, says in (
        ({"plate": "=CMD()"}, "no number plate"),
        ({"expected_at": "2020-01-01T08:00"}, "cannot be expected in the past"),
        ({"driver": str(new_id())}, "Select a valid choice"),
        ({"expected_at": "soon"}, "Enter a valid date"),
    ):
        answer = clerk.post(of_round(relay), {"plate": "豫A12345", "expected_at": when(relay), **sent})
        assert says in text(answer, 422), sent
    load = announced(relay, clerk)
    later = f"{(relay.now + 5 * HOUR).astimezone():%Y-%m-%dT%H:%M}"
    assert "The gate expects it at that time." in said(clerk, at(load, "move", "expect"), expected_at=later)
    assert "Choose a day and an hour." in said(clerk, at(load, "move", "expect"), expected_at="x")
    assert clerk.post(at(load, "move", "fly")).status_code == 404


def test_an_unusual_plate_is_asked_about_on_the_page_and_corrected_there(relay: Relay, clerk: Client) -> None:
    sent = {"plate": "豫A123", "expected_at": when(relay)}
    asked = text(clerk.post(of_round(relay), sent), 422)
    assert "stand on the vehicle just so" in asked
    assert 'name="sure_of" value="豫A123"' in asked
    address = clerk.post(of_round(relay), {**sent, "sure_of": "豫A123"})["Location"]
    plate = f"{address}/plate"
    assert "just so" in text(clerk.post(plate, {"plate": "豫A12"}), 422)
    assert "The plate is corrected." in said(clerk, plate, plate="豫A·12345")
    assert "豫A12345" in text(clerk.get(address))
    load = address.rsplit("/", 1)[-1]
    for given, status in (({"plate": "豫B1"}, 422), ({"plate": "豫B1", "sure_of": "豫B1"}, 200)):
        answer = clerk.post(f"/api/transport/loads/{load}/plate", given, content_type="application/json")
        assert answer.status_code == status, answer.content
    assert answer.json()["plate"] == "豫B1"


def test_only_its_own_people_see_a_load(relay: Relay, clerk: Client, sign_in: SignIn, client: Client) -> None:
    load = announced(relay, clerk)
    town = relay.shop.town
    for role, where in (
        ("volunteer", {"place": town.place["开元丽城"]}),
        ("supplier_clerk", {"organisation": town.other_supplier}),
        ("driver", {"organisation": town.other_supplier}),
        ("liaison", {"place": town.place["别苑"]}),
    ):
        sign_in(client, role=role, **where)
        for address in (at(load, "load"), of_round(relay)):
            assert client.get(address).status_code in (403, 404), (role, address)
        for act in ("all", "leave", "arrive", "cancel"):
            assert client.post(at(load, "move", act)).status_code in (403, 404), (role, act)
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    assert client.get(at(load, "load")).status_code == 200


def test_a_drivers_number_is_shown_to_whoever_must_ring_and_the_look_is_recorded(
    relay: Relay, clerk: Client, sign_in: SignIn
) -> None:
    refused = clerk.post(
        of_round(relay), {"plate": "豫A12345", "driver_phone": "12", "expected_at": when(relay)}
    )
    assert "This is no telephone number." in text(refused, 422)
    load = announced(relay, clerk, driver_name="刘洋", driver_phone="137 0000-1111")
    keeper, liaison, head = (Client(headers={"accept-language": "en"}) for _ in range(3))
    for client, role in ((keeper, "gate_keeper"), (liaison, "liaison")):
        sign_in(client, role=role, place=relay.shop.town.place["开元丽城"])
    sign_in(head, role="volunteer", place=relay.shop.town.place["1号楼"])
    page = text(liaison.get(at(load, "load")))
    assert "1111" in page
    assert "13700001111" not in page
    assert at(load, "driver") in page
    for client in (keeper, liaison, clerk):
        assert 'href="tel:13700001111"' in text(client.post(at(load, "driver")))
    shown = text(liaison.post(at(load, "driver"), headers={"HX-Request": "true"}))
    assert 'href="tel:13700001111"' in shown
    assert "<h1" not in shown
    assert head.post(at(load, "driver")).status_code in (403, 404)
    program = clerk.post(f"/api/transport/loads/{load.pk}/driver", content_type="application/json")
    assert program.json() == {"name": "刘洋", "phone": "13700001111"}
    with acting_as(SYSTEM):
        assert Entry.objects.filter(verb=REVEALED, thing=load.pk).count() == 5


def test_drivers_are_listed_under_the_firm_or_market_they_belong_to(
    relay: Relay, clerk: Client, sign_in: SignIn
) -> None:
    _, own = driver_client(relay, sign_in)
    local = sign_in(Client(), role="driver", place=relay.shop.town.place["开元丽城"], name="赵强").actor.key
    page = text(clerk.get(of_round(relay)))
    select = page[page.index('name="driver"') : page.index("</select>")]
    groups = dict(re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', select))
    assert [own in group for group in groups.values()] == [True, False]
    assert local in groups["开元丽城"]


def test_trips_to_come_stand_apart_from_those_that_are_over(
    relay: Relay, clerk: Client, sign_in: SignIn
) -> None:
    driver, key = driver_client(relay, sign_in)
    load = announced(relay, clerk, driver=key)
    said(clerk, at(load, "move", "all"))
    assert [title.text() for title, rows in trips_shown(driver) if rows] == ["To come"]
    for step in ("leave", "arrive"):
        said(driver, at(load, "move", step))
    assert [title.text() for title, rows in trips_shown(driver) if rows] == ["Arrived"]


def trips_shown(driver: Client) -> Any:
    return driver.get(reverse("transport:trips")).context["trips"]
