"""The gate by HTTP: what a keeper sees and taps, with and without JavaScript, and who is kept out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from gate_parts import bag_of, on_its_way, open_cases
from PIL import Image
from relay import Relay

from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.ledger.models import Case, Photo
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]
ENGLISH = {"accept-language": "en"}


def client_as(sign_in: SignIn, relay: Relay, role: str, where: str = "开元丽城") -> Client:
    client = Client(headers=ENGLISH)
    sign_in(client, role=role, place=relay.shop.town.place[where], name="王强")
    return client


@pytest.fixture
def keeper(relay: Relay, sign_in: SignIn) -> Client:
    return client_as(sign_in, relay, "gate_keeper")


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return re.sub(r"\s+", " ", answer.content.decode())


def take_in(relay: Relay, client: Client) -> str:
    """Take the vehicle in by its button; returns the address of the page that counts."""
    load = on_its_way(relay)
    address = reverse("gate:round", args=[relay.round.pk])
    assert "豫A12345" in text(client.get(address))
    answer = client.post(address, {"id": str(new_id()), "load": str(load.pk)})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_keeper_takes_in_counts_and_releases_without_javascript(relay: Relay, keeper: Client) -> None:
    on = take_in(relay, keeper)
    page = text(keeper.get(on))
    assert "王" in page
    assert "0/3" in page
    counted = text(keeper.post(on, {"code": relay.bag["101"].code.lower()}))
    assert "giant-good" in counted
    assert 'data-feedback="good"' in counted
    assert "1/3" in counted
    again = text(keeper.post(on, {"code": relay.bag["101"].code}))
    assert "giant-wait" in again
    assert re.search(r"By 王\S+, at \d\d:\d\d\.", again)
    wrong = text(keeper.post(on, {"code": "nonsense\x00"}))
    assert "giant-act" in wrong
    assert "no label of ours" in wrong
    assert "eight signs" in wrong
    assert "Finish: 2 are missing" in wrong
    assert keeper.post(f"{on}/release", {"missing": "2"}).status_code == 302
    assert "released" in text(keeper.get(on))
    assert open_cases() == ["missing", "missing"]


def test_a_phone_gets_only_the_answer_and_one_id_is_one_scan_of_one_bag(relay: Relay, keeper: Client) -> None:
    on, id = take_in(relay, keeper), str(new_id())
    for outcome in ("giant-good", "giant-wait"):  # sent again after a lost answer
        sent = keeper.post(on, {"code": relay.bag["101"].code, "id": id}, headers={"HX-Request": "true"})
        answer = text(sent)
        assert outcome in answer
        assert "<html" not in answer
    other = {"code": relay.bag["102"].code, "id": id}  # a phone that gives two bags one id
    assert "giant-good" in text(keeper.post(on, other))
    assert "2/3" in text(keeper.post(on, other))


def test_counted_by_hand_and_handed_on(relay: Relay, keeper: Client, sign_in: SignIn) -> None:
    on = take_in(relay, keeper)
    assert "You counted 2 bags" in text(keeper.post(f"{on}/all", {"counted": "2"}, follow=True))
    for nonsense in ("", "x", "-1", "9" * 30, "２.5"):
        assert "Write how many bags" in text(keeper.post(f"{on}/all", {"counted": nonsense}, follow=True))
    assert "All bags are there" in text(keeper.post(f"{on}/all", {"counted": "３"}, follow=True))
    receiver = client_as(sign_in, relay, "receiver")
    assert receiver.post(f"{on}/give", {}).status_code == 302
    with acting_as(SYSTEM):
        arrival = Arrival.objects.get()
        assert arrival.holder != arrival.received_by
        assert bag_of(relay, "201").holder == arrival.holder
    assert "not known here" in text(keeper.post(f"{on}/give", {"holder": str(new_id())}, follow=True))


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile("p.jpg", out.getvalue(), "image/jpeg")


def test_damage_with_a_picture_and_a_missing_bag_that_nobody_finds(
    relay: Relay, keeper: Client, sign_in: SignIn
) -> None:
    on = take_in(relay, keeper)
    bag = reverse("gate:bag", args=[on.rsplit("/", 1)[1], relay.bag["102"].pk])
    eggs = f"q-{relay.shop.product['E1'].pk}"
    form = {"id": str(new_id()), eggs: "1", "words": "碎了", "photo": picture()}
    assert "Nothing of it is damaged" in text(keeper.post(bag, {"id": str(new_id())}), 422)
    assert text(keeper.post(bag, {"id": str(new_id()), eggs: "-1"}), 422)
    assert "no picture" in text(keeper.post(bag, {**form, "photo": io.BytesIO(b"text")}), 422)
    assert keeper.post(bag, {**form, "photo": picture()}).status_code == 302
    with acting_as(SYSTEM):
        case = Case.objects.get()
        photo = Photo.objects.get()
        assert (case.kind, photo.kind, photo.thing) == ("damaged", "damaged", case.pk)
    assert keeper.post(f"{on}/release", {"missing": "2"}).status_code == 302
    with acting_as(SYSTEM):
        lost, found = Case.objects.filter(kind="missing").order_by("parcel__number")
    liaison = client_as(sign_in, relay, "liaison")
    assert reverse("gate:missing", args=[lost.pk]) in text(
        liaison.get(reverse("ledger:case", args=[lost.pk]))
    )
    call = reverse("goods:contact", args=[relay.shop.supplier.pk])
    assert call in text(liaison.get(reverse("gate:missing", args=[lost.pk])))
    assert "tel:13700000001" in text(liaison.post(call))
    assert call not in text(keeper.get(reverse("gate:missing", args=[lost.pk])))
    for case, what in ((lost, "lost"), (found, "found")):
        address = reverse("gate:missing", args=[case.pk])
        assert "What to do" in text(liaison.get(address))
        assert liaison.post(address, {"what": what}).status_code == 302
        assert "How it was settled" in text(liaison.get(address))
        assert liaison.post(address, {"what": "x"}).status_code == 404
    assert (bag_of(relay, "101").end_cause, bag_of(relay, "201").account.kind) == ("missing", "gate")


def test_who_watches_sees_and_touches_nothing_and_strangers_see_nothing(
    relay: Relay, keeper: Client, sign_in: SignIn
) -> None:
    on = take_in(relay, keeper)
    watcher = client_as(sign_in, relay, "gate_supervisor")
    assert "豫A12345" in text(watcher.get(reverse("gate:arrivals")))
    page = text(watcher.get(on))
    assert "data-scan-text" not in page
    assert "All of it is here" not in page
    for address in (f"{on}/all", f"{on}/give", f"{on}/release"):
        assert watcher.post(address, {"counted": "3", "missing": "3"}).status_code == 403
    assert watcher.post(on, {"code": relay.bag["101"].code}).status_code == 403
    carer, elsewhere = Client(), client_as(sign_in, relay, "gate_keeper", "别苑")
    sign_in(carer, household=relay.household["101"])
    for client in (carer, elsewhere):
        assert client.get(on).status_code in (403, 404)
        assert client.get(reverse("gate:round", args=[relay.round.pk])).status_code in (403, 404)
    assert "豫A12345" not in text(elsewhere.get(reverse("gate:arrivals")))
    assert carer.get(reverse("gate:arrivals")).status_code == 403


def test_the_list_is_asked_in_few_queries_however_much_comes(relay: Relay, keeper: Client) -> None:
    on = take_in(relay, keeper)
    asked = []
    for _ in range(2):
        for address in (reverse("gate:arrivals"), on):
            with CaptureQueriesContext(connection) as queries:
                keeper.get(address)
            asked.append(len(queries))
        text(keeper.post(f"{on}/all", {"counted": "3"}, follow=True))
        keeper.post(reverse("gate:round", args=[relay.round.pk]), {"id": str(new_id())})  # unannounced
    assert asked[2] <= asked[0] + 1
    assert asked[3] <= asked[1] + 1
    assert max(asked) <= 32, "with what the door itself asks"


@pytest.mark.usefixtures("packed")
def test_of_a_vehicle_that_nobody_announced_the_page_names_what_should_be_in_it(
    relay: Relay, keeper: Client
) -> None:
    page = keeper.post(reverse("gate:round", args=[relay.round.pk]), follow=True)
    shown = page.content.decode()
    assert "Not counted yet" in shown
    assert "Finish: 3 are missing" in shown
    assert "the rest comes with another vehicle" in shown
    on = str(page.redirect_chain[-1][0])
    said = keeper.post(f"{on}/release", {"missing": "3", "what": "rest"}, follow=True).content.decode()
    assert "Released to sorting" in said
    assert "To settle" not in said
