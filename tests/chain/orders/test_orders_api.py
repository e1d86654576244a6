"""Rounds and orders by HTTP: what the pages do, for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from relay import Relay

from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

JSON = {"content_type": "application/json"}


def test_a_program_opens_orders_and_cuts_off(relay: Relay, client: Client, sign_in: Any) -> None:
    place = relay.round.place
    sign_in(client, role="liaison", place=place, token=True)
    later = relay.now + timedelta(hours=3)
    new = {
        "id": str(uuid4()),
        "supplier": str(relay.shop.supplier.pk),
        "title": "第二批",
        "closes_at": later.isoformat(),
        "wave_at": later.isoformat(),
        "items": [{"product": str(relay.shop.product["R1"].pk), "code": "A", "price_fen": 3280}],
    }
    for _ in range(2):
        made = client.post(f"/api/orders/places/{place.pk}/rounds", new, **JSON)
        assert made.status_code == 201, made.content
    row = made.json()
    assert (row["id"], row["state"]) == (new["id"], "open")
    assert len(client.get(f"/api/orders/places/{place.pk}/rounds").json()["rows"]) == 2
    door = f"/api/orders/rounds/{row['id']}/requests/{relay.household['101'].pk}"
    asked = {"lines": [{"item": row["items"][0]["id"], "quantity": "2"}], "version": 0}
    assert client.put(door, asked, **JSON).json()["version"] == 1
    assert client.put(door, asked, **JSON).status_code == 422
    assert client.get(door).json()["lines"][0]["quantity"] == "2.000"
    assert len(client.get(f"/api/orders/rounds/{row['id']}/requests").json()["rows"]) == 1
    assert client.delete(door).status_code == 204
    move = f"/api/orders/rounds/{row['id']}"
    for _ in range(2):
        assert client.post(f"{move}/move/cut-off", {"version": 2}, **JSON).json()["state"] == "cut_off"
    assert client.post(f"{move}/move/cancel", {}, **JSON).status_code == 422


def test_a_program_changes_terms_and_stock_once_and_not_what_is_stale(
    relay: Relay, client: Client, sign_in: Any
) -> None:
    sign_in(client, role="liaison", place=relay.round.place, token=True)
    address = f"/api/orders/rounds/{relay.round.pk}"
    before = client.get(address).json()
    eggs = next(one for one in before["items"] if one["is_first_come"])
    change = {
        "version": before["version"],
        "title": "改名",
        "most_orders": 30,
        "items": [{"item": eggs["id"], "stock": "80", "limit": 2}],
    }
    for _ in range(2):  # the same twice is once
        changed = client.patch(address, change, **JSON)
        assert changed.status_code == 200, changed.content
        assert changed.json()["version"] == before["version"] + 1
    after = client.get(address).json()
    item = next(one for one in after["items"] if one["id"] == eggs["id"])
    assert (after["title"], item["limit"], item["stock"]) == ("改名", 2, "80.000")
    assert after["closes_at"] == before["closes_at"]
    assert client.patch(address, {"version": before["version"], "title": "x"}, **JSON).status_code == 422
    assert client.patch(address, {"closes_at": None}, **JSON).status_code == 422
    assert client.patch(address, {"closes_at": "2020-01-01T10:00:00Z"}, **JSON).status_code == 422
    helper = Client()
    sign_in(helper, role="building_head", place=relay.shop.town.place["1号楼"], token=True)
    assert helper.patch(address, {"title": "x"}, **JSON).status_code in (403, 404)


def test_strangers_and_helpers_get_no_order(relay: Relay, client: Client, sign_in: Any) -> None:
    relay.ask("101", {"R1": "1"})
    door = f"/api/orders/rounds/{relay.round.pk}/requests/{relay.household['101'].pk}"
    sign_in(client, role="volunteer", place=relay.round.place, token=True)
    assert client.get(door).status_code == 403
    assert client.get(f"/api/orders/rounds/{relay.round.pk}/requests").status_code == 403
    with acting_as(SYSTEM):
        other = relay.shop.town.place["外苑"]
    sign_in(client, role="liaison", place=other, token=True)
    assert client.get(door).status_code == 404
    assert client.get(f"/api/orders/rounds/{relay.round.pk}").status_code == 404
