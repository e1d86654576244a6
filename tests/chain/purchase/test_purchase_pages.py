"""What the supplier and the liaison see and press, from the order to the last packed bag."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from relay import Relay

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.ledger.actions.parcels import door_of, lose, move
from lastmetre.chain.ledger.models import Parcel, Photo
from lastmetre.chain.ledger.queries.balances import due_by_household
from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.orders.actions.rounds import cut_off
from lastmetre.chain.orders.models import Round
from lastmetre.chain.purchase.models import Proposal, PurchaseLine, PurchaseOrder
from lastmetre.chain.purchase.queries.packing import codes_of
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]


@pytest.fixture
def shared(relay: Relay) -> Relay:
    """Cut off and shared out; nothing is ordered yet."""
    relay.asked()
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        cut_off(relay.round, by=liaison, at=now)
        allocate(relay.round, by=liaison, at=now)
    return relay


@pytest.fixture
def liaison(shared: Relay, sign_in: SignIn) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in(client, role="liaison", place=shared.shop.town.place["开元丽城"])
    return client


@pytest.fixture
def clerk(shared: Relay, sign_in: SignIn) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in(client, role="supplier_clerk", organisation=shared.shop.town.supplier)
    return client


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    return re.sub(r"\s+", " ", answer.content.decode())


def ordered(relay: Relay, liaison: Client) -> PurchaseOrder:
    """The liaison sends the order."""
    assert liaison.post(reverse("purchase:round", args=[relay.round.pk])).status_code == 302
    with acting_as(SYSTEM):
        return PurchaseOrder.objects.get(round=relay.round)


def at(order: PurchaseOrder, name: str, *more: Any) -> str:
    return reverse(f"purchase:{name}", args=[order.pk, *more])


def said(client: Client, address: str, **sent: Any) -> str:
    """What the page says after a button."""
    return text(client.post(address, sent, follow=True))


def line_of(relay: Relay, order: PurchaseOrder, code: str) -> PurchaseLine:
    with acting_as(SYSTEM):
        return PurchaseLine.objects.get(order=order, item__product=relay.shop.product[code])


def bag_page(relay: Relay, order: PurchaseOrder, room: str) -> str:
    return at(order, "bag", relay.household[room].pk)


def jpeg() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), (90, 140, 60)).save(out, "JPEG")
    return SimpleUploadedFile("goods.jpg", out.getvalue())


def test_the_liaison_orders_in_whole_cases_and_the_supplier_finds_it(
    shared: Relay, liaison: Client, clerk: Client
) -> None:
    address = reverse("purchase:round", args=[shared.round.pk])
    page = text(liaison.get(address))
    assert "¥196.35" in page  # 82.60 + 74.70 + 39.05
    assert clerk.get(address).status_code == 403
    assert "Nothing to pick" in text(clerk.get(reverse("purchase:desk")))
    order = ordered(shared, liaison)
    assert liaison.get(address)["Location"] == at(order, "order")
    desk = text(clerk.get(reverse("purchase:desk")))
    assert "开元丽城" in desk
    assert re.search(r"大米.{0,300}2 袋.*鸡蛋.{0,300}5 板", desk), "what to pick now"
    assert "3 households" in desk


def test_confirm_pack_bag_by_bag_and_all_of_it_stands_in_the_books(
    shared: Relay, liaison: Client, clerk: Client
) -> None:
    order = ordered(shared, liaison)
    assert "The supplier has not answered" in text(liaison.get("/"))
    assert "Confirmed. The liaison sees it." in said(clerk, at(order, "move", "confirm"))
    assert "confirmed" in text(liaison.get(at(order, "order")))
    said(clerk, at(order, "move", "packing"))
    page = text(clerk.get(at(order, "bags")))
    first = bag_page(shared, order, "101")
    assert f'href="{first}"' in page
    bag = text(clerk.get(first))
    assert "bag 1 of 3" in bag
    assert "王**" in bag
    assert "王芳" not in bag
    assert "13800000101" not in bag
    for _ in range(2):
        assert clerk.post(first, {})["Location"] == bag_page(shared, order, "102"), "the next one opens"
    with acting_as(SYSTEM):
        assert [row.number for row in Parcel.objects.all()] == [1], "packed twice, it is one bag"
    assert "All bags are packed and in the books." in said(clerk, at(order, "move", "packed"))
    with acting_as(SYSTEM):
        assert [row.household.place.name for row in Parcel.objects.order_by("number")] == [
            "101",
            "102",
            "201",
        ]
        assert Round.objects.get(pk=shared.round.pk).state == "packed"
    assert "Hand over to the vehicle" in text(clerk.get(at(order, "order")))


def test_what_was_packed_is_counted_also_when_it_is_at_its_door_or_lost(
    shared: Relay, liaison: Client, clerk: Client
) -> None:
    order = ordered(shared, liaison)
    for step in ("confirm", "packing", "packed"):
        said(clerk, at(order, "move", step))
    home = shared.household["101"]
    with acting_as(SYSTEM) as now:
        bag, lost = (Parcel.objects.get(household=shared.household[room]) for room in ("101", "102"))
        move(
            shared.round.book,
            [bag.pk],
            to=door_of(home),
            holder="x",
            cause=Cause.DELIVERED,
            by=SYSTEM,
            at=now,
        )
        lose(lost.pk, cause=Cause.MISSING, by=SYSTEM, at=now)
    shown = clerk.get(at(order, "order")).context
    assert (shown["bags"], shown["packed"]) == (3, 3)
    found = clerk.get(at(order, "bags")).context["found"]
    assert (found.bags, found.packed, len(found.doors)) == (3, 3, 1)


def test_a_picture_stands_beside_what_the_household_has_to_pay(
    shared: Relay, liaison: Client, clerk: Client, sign_in: SignIn
) -> None:
    order = ordered(shared, liaison)
    page = bag_page(shared, order, "101")
    wrong = clerk.post(page, {"photo": SimpleUploadedFile("x.jpg", b"no picture")})
    assert "This is no picture." in text(wrong, 422)
    with acting_as(SYSTEM):
        assert not Parcel.objects.exists(), "nothing half done"
    assert clerk.post(page, {"photo": jpeg()}).status_code == 302
    home = Client(headers={"accept-language": "en"})
    sign_in(home, household=shared.household["101"])
    pay = text(home.get(reverse("settlement:pay", args=[shared.round.pk])))
    assert "¥82.60" in pay
    with acting_as(SYSTEM):
        photo = Photo.objects.get(kind="packed")
    address = reverse("settlement:photo", args=[photo.pk])
    assert address in pay
    assert home.get(address)["Content-Type"] == "image/jpeg"
    assert clerk.get(address).status_code == 200
    assert address in text(clerk.get(page))
    assert Client().get(address).status_code == 302


def test_every_household_of_a_round_sees_the_picture_of_all_its_goods(
    shared: Relay, liaison: Client, clerk: Client, sign_in: SignIn
) -> None:
    order = ordered(shared, liaison)
    clerk.post(at(order, "move", "confirm"))
    sent = {"photo": jpeg(), "id": str(uuid4())}
    assert "This is no picture." in said(
        clerk, at(order, "picture"), photo=SimpleUploadedFile("x.jpg", b"none")
    )
    for _ in range(2):
        assert clerk.post(at(order, "picture"), sent | {"photo": jpeg()}).status_code == 302
    with acting_as(SYSTEM):
        photo = Photo.objects.get()
    home = Client(headers={"accept-language": "en"})
    sign_in(home, household=shared.household["102"])
    address = reverse("settlement:goods", args=[shared.round.pk, photo.pk])
    assert address in text(home.get(reverse("settlement:pay", args=[shared.round.pk])))
    assert home.get(address)["Content-Type"] == "image/jpeg"
    assert reverse("settlement:photo", args=[photo.pk]) in text(clerk.get(at(order, "order")))
    stranger = Client()
    sign_in(stranger, household=shared.shop.town.household["901"])  # another compound's
    assert stranger.get(address).status_code == 404


def test_a_scanned_label_opens_its_bag_and_a_strange_one_is_set_aside(
    shared: Relay, liaison: Client, clerk: Client
) -> None:
    order = ordered(shared, liaison)
    with acting_as(SYSTEM):
        code = codes_of(shared.round)[shared.household["201"].pk]
    for label in (code.qr, code.short, code.short.lower()):
        assert clerk.post(at(order, "bags"), {"code": label})["Location"] == bag_page(shared, order, "201")
    assert "Set it aside" in said(clerk, at(order, "bags"), code="2222-2222")
    assert "wasm-unsafe-eval" in clerk.get(at(order, "bags"))["Content-Security-Policy"]


def test_what_runs_out_while_packing_is_shared_among_the_open_bags(
    shared: Relay, liaison: Client, clerk: Client
) -> None:
    order, eggs = ordered(shared, liaison), line_of(shared, ordered(shared, liaison), "E1")
    clerk.post(bag_page(shared, order, "101"), {})  # holds 2 of the 5
    page = at(order, "line", eggs.pk)
    short = {"what": "short", "cause": "spoiled", "why": "压坏了"}
    refused = clerk.post(page, short | {"available": "1"})
    assert "2 are in packed bags already" in text(refused, 422)
    assert "Write how many of the promised ones you have" in text(
        clerk.post(page, short | {"available": "6"}), 422
    )
    assert clerk.post(page, short | {"available": "x"}).status_code == 422
    assert clerk.post(page, short | {"available": "4"}).status_code == 302
    with acting_as(SYSTEM):
        due = due_by_household(shared.round.book)
    assert due[shared.household["101"].pk] == 8260
    assert due[shared.household["102"].pk] == 7470 - 2490
    seen = text(liaison.get(at(order, "order")))
    assert "1 short" in seen
    assert "spoiled or broken" in seen
    price = clerk.post(page, {"what": "price", "price_fen": "20.00"})
    assert "in packed bags already" in text(price, 422)


def test_a_substitute_is_proposed_and_the_liaison_decides(
    shared: Relay, liaison: Client, clerk: Client
) -> None:
    order = ordered(shared, liaison)
    eggs, rice = line_of(shared, order, "E1"), line_of(shared, order, "R1")
    page = at(order, "line", eggs.pk)
    clerk.post(page, {"what": "short", "cause": "sold_out", "available": "3"})
    offered = {"what": "propose", "substitute": str(rice.item_id), "quantity": "2"}
    assert clerk.post(page, offered).status_code == 302
    with acting_as(SYSTEM):
        proposal = Proposal.objects.get()
    address = at(order, "decide", proposal.pk)
    assert clerk.post(address, {"what": "all"}).status_code == 403
    assert "The supplier offers something else" in text(liaison.get("/"))
    assert "Something else instead" in text(liaison.get(at(order, "order")))
    assert liaison.post(address, {"what": "perhaps"}).status_code == 404
    assert "Taken. Households are told." in said(liaison, address, what="all")
    with acting_as(SYSTEM):
        assert line_of(shared, order, "R1").wanted == 4


def test_a_price_moves_within_the_pledge_only(shared: Relay, liaison: Client, clerk: Client) -> None:
    order = ordered(shared, liaison)
    page = at(order, "line", line_of(shared, order, "R1").pk)
    dear = clerk.post(page, {"what": "price", "price_fen": "33"})
    assert "33.00 yuan is above it" in text(dear, 422)
    assert clerk.post(page, {"what": "price", "price_fen": "30"}).status_code == 302
    assert "¥30.00" in text(clerk.get(at(order, "order")))


def test_who_cannot_deliver_says_why_and_everybody_is_told(
    shared: Relay, liaison: Client, clerk: Client, sign_in: SignIn
) -> None:
    order = ordered(shared, liaison)
    assert "Say why nothing can be brought" in said(clerk, at(order, "move", "fail"), why=" ")
    assert "Everybody is told" in said(clerk, at(order, "move", "fail"), why="仓库封控")
    home = Client(headers={"accept-language": "en"})
    sign_in(home, household=shared.household["101"])
    assert "You owe nothing for it" in text(home.get("/"))
    assert "Nothing to pick" in text(clerk.get(reverse("purchase:desk")))
    assert "the supplier failed" in text(clerk.get(reverse("purchase:desk") + "?done=1"))


def test_others_see_neither_order_nor_bags(
    shared: Relay, liaison: Client, sign_in: SignIn, client: Client
) -> None:
    order = ordered(shared, liaison)
    addresses = [at(order, "order"), at(order, "bags"), bag_page(shared, order, "101")]
    town = shared.shop.town
    for role, where in (
        ("volunteer", {"place": town.place["开元丽城"]}),
        ("supplier_clerk", {"organisation": town.other_supplier}),
        ("driver", {"organisation": town.supplier}),
        ("liaison", {"place": town.place["别苑"]}),
    ):
        sign_in(client, role=role, **where)
        for address in addresses:
            assert client.get(address).status_code in (403, 404), (role, address)
            assert client.post(address, {}).status_code in (403, 404, 405), (role, address)


def test_the_pages_ask_little_of_the_database(shared: Relay, liaison: Client, clerk: Client) -> None:
    order = ordered(shared, liaison)
    for address in (reverse("purchase:desk"), at(order, "order"), at(order, "bags")):
        with CaptureQueriesContext(connection) as asked:
            clerk.get(address)
        tables = [one["sql"] for one in asked.captured_queries if 'FROM "' in one["sql"]]
        assert len(tables) < 20, address


def test_bags_go_in_boxes_where_the_community_fetches_them(
    shared: Relay, liaison: Client, clerk: Client
) -> None:
    order = ordered(shared, liaison)
    assert "That is no number of bags." in said(clerk, at(order, "move", "packed"), bags_a_box="many")
    assert "200" in said(clerk, at(order, "move", "packed"), bags_a_box="999")
    said(clerk, at(order, "move", "packed"), bags_a_box="2")
    with acting_as(SYSTEM):
        boxes = {box.number: box.bags.count() for box in Parcel.objects.filter(kind="box")}
    assert boxes == {1: 2, 2: 1}, "neighbours travel together"
