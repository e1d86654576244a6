"""Gate and carts for programs: a load from expected to its carts, with one thing missing and one damaged."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from gate_parts import on_its_way, open_cases
from PIL import Image
from relay import Relay

from lastmetre.ground.protection.ids import new_id

pytestmark = pytest.mark.usefixtures("packed")
SignIn = Callable[..., Any]


def program(sign_in: SignIn, relay: Relay, role: str) -> Client:
    client = Client()
    sign_in(client, role=role, place=relay.shop.town.place["开元丽城"], name="王强", token=True)
    return client


def post(client: Client, address: str, body: Any = None, status: int = 200) -> Any:
    answer = client.post(f"/api/{address}", body or {}, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if answer.content else None


def test_a_load_by_api_from_expected_to_its_carts(relay: Relay, sign_in: SignIn) -> None:
    mine, load = program(sign_in, relay, "receiver"), on_its_way(relay)
    row = relay.round.pk
    (expected,) = mine.get("/api/gate/arrivals").json()
    assert (expected["stage"], expected["waiting"], expected["load"]) == ("expected", 3, str(load.pk))
    arrival = post(mine, f"gate/rounds/{row}/arrivals", {"load": str(load.pk)}, 201)["arrival"]
    on, scan = f"gate/arrivals/{arrival}", {"code": relay.bag["101"].code, "id": str(new_id())}
    assert [post(mine, f"{on}/scans", scan)["outcome"] for _ in range(2)] == ["counted", "again"]
    post(mine, f"{on}/scans", {"code": "nonsense"}, 422)
    assert [one["number"] for one in mine.get(f"/api/{on}/missing").json()] == [2, 3]
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    damage = {
        "bag": str(relay.bag["102"].pk),
        "contents": {str(relay.shop.product["E1"].pk): 1000},
        "picture": base64.b64encode(out.getvalue()).decode(),
    }
    assert post(mine, f"{on}/damage", damage, 201)["kind"] == "damaged"
    assert post(mine, f"{on}/release", {"bags": 1})["stage"] == "finished"
    assert open_cases() == ["damaged", "missing"]
    missing = next(one for one in mine.get("/api/ledger/cases").json()["rows"] if one["kind"] == "missing")
    assert post(mine, f"gate/missing/{missing['id']}/settle", {"is_found": True})["settled_at"]
    assert len(post(mine, f"sorting/rounds/{row}/plan")["carts"]) == 2
    put = post(mine, f"sorting/rounds/{row}/scans", {"code": relay.bag["101"].code})
    assert (put["outcome"], put["placed"], put["total"]) == ("placed", 1, 2)
    run = f"sorting/runs/{put['cart']}"
    assert mine.get(f"/api/{run}").json()["missing"] == [relay.bag["102"].code]
    post(mine, f"{run}/release", status=422)
    assert post(mine, f"{run}/release", {"note": "later"})["state"] == "released"
    assert post(mine, f"{run}/reopen")["state"] == "open"
    post(mine, f"sorting/placements/{put['placement']}/undo", status=204)
    carts = mine.get(f"/api/sorting/rounds/{row}/carts").json()
    assert [one["placed"] for one in carts] == [0, 0]


def test_programs_of_others_are_kept_out(relay: Relay, sign_in: SignIn) -> None:
    load = on_its_way(relay)
    watcher = program(sign_in, relay, "gate_supervisor")
    assert len(watcher.get("/api/gate/arrivals").json()) == 1
    post(watcher, f"gate/rounds/{relay.round.pk}/arrivals", {"load": str(load.pk)}, 403)
    post(watcher, f"sorting/rounds/{relay.round.pk}/plan", status=403)
