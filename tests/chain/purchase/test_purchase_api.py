"""Buying, packing and sending a vehicle by HTTP: what the pages do, for programs."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image
from relay import Relay

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.ledger.models import Photo
from lastmetre.chain.orders.actions.rounds import cut_off
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

JSON = {"content_type": "application/json"}


@pytest.fixture
def liaison(relay: Relay, sign_in: Any) -> Client:
    """The round is shared out."""
    relay.asked()
    actor = relay.staff("liaison")
    with acting_as(actor) as now:
        cut_off(relay.round, by=actor, at=now)
        allocate(relay.round, by=actor, at=now)
    client = Client()
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"], token=True)
    return client


@pytest.fixture
def clerk(relay: Relay, liaison: Client, sign_in: Any) -> Client:
    client = Client()
    sign_in(client, role="supplier_staff", organisation=relay.shop.town.supplier, token=True)
    return client


def post(client: Client, address: str, status: int = 200, **sent: Any) -> Any:
    answer = client.post(address, sent, **JSON)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def picture() -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_a_program_orders_packs_and_sends_a_vehicle(relay: Relay, liaison: Client, clerk: Client) -> None:
    of_round = f"/api/purchase/rounds/{relay.round.pk}"
    assert [one["wanted"] for one in liaison.get(f"{of_round}/to-order").json()] == ["2", "5", "2.5"]
    assert liaison.get(f"{of_round}/order").status_code == 404
    assert post(clerk, f"{of_round}/order", 403)["status"] == 403
    made = [post(liaison, f"{of_round}/order", 201) for _ in range(2)]
    assert made[0] == made[1]
    order = f"/api/purchase/orders/{made[0]['id']}"
    (desk,) = clerk.get("/api/purchase/orders").json()
    assert (desk["place"], desk["households"]) == ("开元丽城", 3)
    rice, eggs, _ = made[0]["lines"]
    assert post(clerk, f"{order}/move/confirm")["state"] == "confirmed"
    short = post(clerk, f"{order}/goods/{eggs['id']}/short", available="4", cause="spoiled")
    assert (short["lines"][1]["promised"], short["lines"][1]["short_cause"]) == ("4", "spoiled")
    offered = post(clerk, f"{order}/goods/{eggs['id']}/propose", substitute=rice["item"], quantity="1")
    proposal = offered["lines"][1]["proposal"]["id"]
    taken = post(liaison, f"{order}/proposals/{proposal}/decide", accept=True, only_allowed=False)
    assert taken["lines"][0]["promised"] == "3"
    assert post(clerk, f"{order}/goods/{rice['id']}/price", price_fen=3000)["lines"][0]["agreed_fen"] == 3000
    assert post(clerk, f"{order}/goods/{rice['id']}/price", 422, price_fen=3300)["remedy"]
    first = clerk.get(f"{order}/bags").json()[0]
    bag = f"{order}/bags/{first['household']}"
    assert post(clerk, bag) == post(clerk, bag)
    kept = {"id": str(uuid4()), "content": picture()}
    assert post(clerk, f"{bag}/photo", 201, **kept) == post(clerk, f"{bag}/photo", 201, **kept)
    assert post(clerk, f"{order}/photo", 201, id=str(uuid4()), content=picture())["id"] != kept["id"]
    with acting_as(SYSTEM):
        assert Photo.objects.count() == 2
    assert post(clerk, f"{order}/move/packed")["state"] == "packed"
    assert all(one["is_packed"] for one in clerk.get(f"{order}/bags").json())
    assert post(clerk, f"{order}/move/fly", 404)["status"] == 404


@pytest.mark.usefixtures("packed")
def test_a_program_sends_a_vehicle(relay: Relay, sign_in: Any, client: Client) -> None:
    clerk = client
    sign_in(clerk, role="supplier_staff", organisation=relay.shop.town.supplier, token=True)
    driver = Client()
    key = sign_in(driver, role="driver", organisation=relay.shop.town.supplier, token=True).actor.key
    later = relay.now + timedelta(hours=2)
    loads = f"/api/transport/rounds/{relay.round.pk}/loads"
    new = {"id": str(uuid4()), "plate": "豫A12345", "expected_at": later.isoformat(), "driver": key}
    assert post(clerk, loads, 201, **new) == post(clerk, loads, 201, **new)
    assert post(clerk, loads, 422, **new | {"id": str(uuid4()), "driver": str(uuid4())})["remedy"]
    load = f"/api/transport/loads/{new['id']}"
    one = {"code": relay.bag["101"].code, "id": str(uuid4())}
    assert post(clerk, f"{load}/scan", **one) == post(clerk, f"{load}/scan", **one)
    assert (clerk.get(load).json()["bags"], clerk.get(load).json()["waiting"]) == (1, 2)
    assert post(clerk, f"{load}/out/{relay.bag['101'].pk}")["waiting"] == 3
    assert post(clerk, f"{load}/move/load")["waiting"] == 0
    assert [len(box["bags"]) for box in driver.get(load).json()["boxes"]] == [3]
    assert post(driver, f"{load}/move/leave", 422, counted=2)["detail"].endswith("账上是 3 袋。")
    assert post(driver, f"{load}/move/leave", counted=3)["state"] == "underway"
    sooner = (later - timedelta(hours=1)).isoformat()
    assert post(driver, f"{load}/move/expect", expected_at=sooner)["state"] == "underway"
    assert post(driver, f"{load}/move/arrive")["state"] == "arrived"
    assert [one["state"] for one in driver.get("/api/transport/trips").json()] == ["arrived"]
    assert [one["bags"] for one in clerk.get(loads).json()] == [3]
