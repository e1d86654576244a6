"""Papers from the rows: what stands on them at each step, whose labels scan, and who may print what."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from relay import Relay

from lastmetre.chain.doorstep.actions.waves import plan_wave
from lastmetre.chain.gate.queries.labels import parcel_of
from lastmetre.chain.ledger.actions.parcels import lose
from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.pack import Bag, Pack
from lastmetre.terms import untranslated
from lastmetre.web.printing.gathering import pack_of
from lastmetre.web.printing.offered import PAPERS

SHOPS = {
    "labels-70x50",
    "labels-a4",
    "labels-60x40",
    "pick-list",
    "supplier-order",
    "delivery-notes",
    "boxes",
}
DPI = 203  # what a plain label printer prints


def pack(relay: Relay) -> Pack:
    with acting_as(SYSTEM) as now:
        relay.round.refresh_from_db()
        return pack_of(relay.round, untranslated, now=now)


def by_room(found: Pack) -> dict[str, Bag]:
    return {bag.home.room: bag for bag in found.bags}


def address(relay: Relay, paper: str = "") -> str:
    return f"/printing/rounds/{relay.round.pk}" + (f"/{paper}" if paper else "")


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def scanned(pdf: bytes) -> list[str]:
    found: list[str] = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            image = page.render(scale=DPI / 72, grayscale=True).to_numpy()
            found += [one.text for one in zxingcpp.read_barcodes(image)]
    return found


@pytest.fixture
def liaison(relay: Relay, sign_in: Any) -> Client:
    client = Client()
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"])
    return client


def test_before_the_cut_off_the_papers_say_what_was_asked_for(relay: Relay) -> None:
    relay.asked()
    found = pack(relay)
    bag = by_room(found)["101"]
    assert str(bag.home) == "1-1-101"
    assert [(one.good, one.qty, one.amount_fen) for one in bag.items] == [
        ("A", Decimal(1), 3280),
        ("B", Decimal(2), 4980),
    ]
    assert "Do not pack by it" in found.notices[0]
    assert {bag.cart for bag in found.bags} == {1, 2}  # planned: a cart for each stairwell
    relay.ask("102", {"V4": "0.5"})
    assert by_room(pack(relay))["102"].items[0].good == "C"


def test_what_was_shared_out_is_printed_with_the_books_figures(relay: Relay) -> None:
    relay.allocated()
    found = pack(relay)
    assert (found.compound, found.title, found.supplier) == ("开元丽城", "第一批", "永辉超市")
    assert sum(one.amount_fen or 0 for bag in found.bags for one in bag.items) == 8260 + 7470 + 3905
    assert {bag.extra_fen for bag in found.bags} == {0}
    assert (by_room(found)["201"].name, by_room(found)["201"].phone) == ("单雄信", "13800000201")


def test_labels_printed_before_packing_scan_at_the_gate_after_it(relay: Relay, liaison: Client) -> None:
    relay.allocated()
    labels = liaison.get(address(relay, "labels-70x50")).content
    early = {room: bag.qr for room, bag in by_room(pack(relay)).items()}
    assert set(scanned(labels)) == set(early.values())
    assert "总1/3（本楼1/2）" in text_of(labels)
    relay2 = packed_from(relay)
    with acting_as(SYSTEM) as now:
        for room, qr in early.items():
            assert parcel_of(relay.round, qr, at=now).pk == relay2[room]
    assert {room: bag.qr for room, bag in by_room(pack(relay)).items()} == early


def packed_from(relay: Relay) -> dict[str, Any]:
    """Order and pack as the people do: the codes are those of the product, not of the fixture."""
    from lastmetre.chain.purchase.actions.packing import pack as pack_bags

    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        place_order(relay.round, by=liaison, at=now)
        bags = pack_bags(relay.round, by=liaison, at=now)
    with acting_as(SYSTEM):
        rooms = {home.pk: room for room, home in relay.household.items()}
        return {rooms[bag.household_id]: bag.pk for bag in bags}


def test_boxes_have_manifests_whose_codes_scan(relay: Relay, liaison: Client) -> None:
    from lastmetre.chain.purchase.actions.packing import pack as pack_bags

    relay.allocated()
    by = relay.staff("liaison")
    with acting_as(by) as now:
        place_order(relay.round, by=by, at=now)
        pack_bags(relay.round, by=by, at=now, bags_a_box=2)
    pdf = liaison.get(address(relay, "boxes")).content
    assert "第1箱，共2箱" in text_of(pdf)
    with acting_as(SYSTEM) as now:
        assert [parcel_of(relay.round, code, at=now).number for code in scanned(pdf)] == [1, 2]


@pytest.mark.usefixtures("arrived")
def test_what_a_wave_carries_and_what_ended_is_on_the_door_list(relay: Relay, liaison: Client) -> None:
    with acting_as(SYSTEM) as now:
        plan_wave(relay.round, by=SYSTEM, at=now)
        lose(relay.bag["102"].pk, cause=Cause.DAMAGED, by=SYSTEM, at=now)
    found = pack(relay)
    assert set(by_room(found)) == {"101", "201"}  # what was lost is on no list any more
    assert {bag.wave for bag in found.bags} == {1}
    text = text_of(liaison.get(address(relay, "doors")).content)
    assert "1-1-101" in text
    assert "1-1-102" not in text
    assert "王芳" not in text  # masked


@pytest.mark.usefixtures("packed")
def test_the_liaison_finds_every_paper_on_one_page_and_each_is_written_down(
    relay: Relay, liaison: Client
) -> None:
    assert address(relay) in liaison.get(f"/orders/rounds/{relay.round.pk}").content.decode()
    page = liaison.get(address(relay)).content.decode()
    for one in PAPERS:
        assert f"{address(relay, one.code)}?" in page
    for code in ("labels-a4", "pick-list", "statements", "money", "everything"):
        answer = liaison.get(address(relay, code))
        assert answer["Content-Type"] == "application/pdf"
        assert "第一批" in text_of(answer.content)
    with acting_as(SYSTEM):
        lines = Entry.objects.filter(verb="printed", thing=relay.round.pk)
        assert {one.detail["paper"] for one in lines} >= {"labels-a4", "everything"}


@pytest.mark.usefixtures("packed")
def test_phones_are_shown_as_chosen_and_never_whole(relay: Relay, liaison: Client) -> None:
    for kind, shown in (("tail", "0101"), ("masked", "138****0101"), ("none", ""), ("full", "0101")):
        text = text_of(liaison.get(address(relay, "labels-a4"), {"phone": kind}).content)
        assert shown in text
        assert ("0101" in text) == bool(shown)
        assert "13800000101" not in text


def test_an_empty_paper_says_so_instead_of_printing_nothing(relay: Relay, liaison: Client) -> None:
    answer = liaison.get(address(relay, "labels-a4"))
    assert answer.status_code == 422
    assert "还没有内容" in answer.content.decode()
    assert liaison.get(address(relay, "nothing")).status_code == 404


def test_the_supplier_gets_its_papers_once_it_has_the_order(relay: Relay, sign_in: Any) -> None:
    client = Client()
    sign_in(client, role="supplier_clerk", organisation=relay.shop.town.supplier)
    relay.allocated()
    assert client.get(address(relay)).status_code == 404
    packed_from(relay)
    page = client.get(address(relay)).content.decode()
    assert set(re.findall(rf"{address(relay)}/([\w-]+)", page)) == SHOPS
    assert client.get(address(relay, "labels-70x50")).status_code == 200
    assert client.get(address(relay, "money")).status_code == 404
    foreign = Client()
    sign_in(foreign, role="supplier_clerk", organisation=relay.shop.town.other_supplier, name="外人")
    assert foreign.get(address(relay)).status_code == 404


@pytest.mark.parametrize("role", ["gate_keeper", "auditor"])
def test_others_do_not_print(relay: Relay, sign_in: Any, role: str) -> None:
    client = Client()
    sign_in(client, role=role, place=relay.shop.town.place["开元丽城"])
    assert client.get(address(relay)).status_code == 403
    assert client.get(address(relay, "labels-a4")).status_code == 403


@pytest.mark.usefixtures("packed")
def test_programs_print_too(relay: Relay, liaison: Client) -> None:
    listed = liaison.get(f"/api{address(relay)}").json()
    assert [one["code"] for one in listed] == [one.code for one in PAPERS]
    answer = liaison.get(f"/api{address(relay)}/labels-a4", {"phone": "none"})
    assert answer.content.startswith(b"%PDF")
    assert "0101" not in text_of(answer.content)


@pytest.mark.usefixtures("packed")
def test_a_paper_takes_as_many_queries_for_three_households_as_for_one(
    relay: Relay, django_assert_max_num_queries: Any
) -> None:
    with acting_as(SYSTEM) as now, django_assert_max_num_queries(45):
        pack_of(relay.round, untranslated, now=now)


@pytest.mark.usefixtures("packed")
def test_a_building_head_prints_doors_and_slips_of_the_own_building_alone(
    relay: Relay, sign_in: Any, client: Client
) -> None:
    sign_in(client, role="building_head", place=relay.shop.town.place["1号楼"])
    assert address(relay) in client.get("/").content.decode()
    page = client.get(address(relay)).content.decode()
    assert {code for code in (one.code for one in PAPERS) if address(relay, code) in page} == {
        "doors",
        "statements",
    }
    for paper in ("doors", "statements"):
        text = text_of(client.get(address(relay, paper)).content).replace("-", "")
        assert relay.bag["101"].code in text
        assert relay.bag["201"].code not in text  # another building's
    assert client.get(address(relay, "money")).status_code == 404
    assert client.get(f"/api{address(relay, 'money')}").status_code == 404
