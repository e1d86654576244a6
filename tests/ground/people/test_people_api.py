"""The API of people does what the pages do, in the scope of the caller's role."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from actors import Town, person_with
from django.test import Client

from lastmetre.ground.people.models import Assignment, Device, HouseholdCard
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]


class Program:
    """A program with a token."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        answer = self.client.generic(
            method,
            f"/api/people{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
        )
        assert answer.status_code == status, answer.content.decode()
        return json.loads(answer.content) if answer.content else None


@pytest.fixture
def liaison(town: Town, sign_in: SignIn) -> Program:
    client = Client(headers={"Accept-Language": "en"})
    sign_in(client, role="liaison", place=town.place["开元丽城"], token=True)
    return Program(client)


def test_a_token_does_what_the_role_may(town: Town, liaison: Program) -> None:
    place = str(town.place["开元丽城"].pk)
    assert [one["role"] for one in liaison("GET", "/me")["roles"]] == ["liaison"]
    made = liaison("POST", "/staff", {"place": place, "name": "韩梅梅", "phone": "13711113333"})["id"]
    found = liaison("GET", f"/staff?place={place}&q=3333")["rows"]
    assert [(one["id"], one["name"], one["phone_tail"]) for one in found] == [(made, "韩**", "3333")]
    assert liaison("POST", f"/persons/{made}/reveal", {"why": "电话"}) == {
        "name": "韩梅梅",
        "phone": "13711113333",
    }
    given = liaison(
        "POST",
        "/assignments",
        {"person": made, "role": "building_head", "place": str(town.place["1号楼"].pk)},
    )
    assert liaison("GET", f"/persons/{made}")["roles"][0]["where"] == "1号楼"
    liaison("POST", f"/assignments/{given['id']}/end", {}, status=204)
    assert liaison("GET", f"/persons/{made}")["roles"] == []
    liaison("POST", f"/persons/{made}/let-go", {"why": ""}, status=204)
    assert liaison("GET", f"/staff?place={place}&q=3333")["rows"] == []


def test_squads_shifts_and_fitness(town: Town, liaison: Program) -> None:
    place = str(town.place["开元丽城"].pk)
    person = str(person_with(place=town.place["开元丽城"]).pk)
    squad = liaison("POST", "/squads", {"place": place, "kind": "supply", "name": "保供队"})["id"]
    liaison("POST", f"/squads/{squad}/members", {"person": person, "is_leader": True})
    times = {
        "starts_at": (town.now + timedelta(hours=1)).isoformat(),
        "ends_at": (town.now + timedelta(hours=5)).isoformat(),
    }
    shift = liaison("POST", f"/squads/{squad}/shifts", times | {"wanted": 2})["id"]
    duty = liaison("POST", f"/shifts/{shift}/duties", {"person": person})["id"]
    refused = liaison("POST", f"/duties/{duty}/start", status=422)
    assert refused["detail"] == "Nobody works who has not said today that they feel well."
    liaison(
        "POST", f"/persons/{person}/fitness", {"is_fit": True, "tested_at": town.now.isoformat()}, status=204
    )
    liaison("POST", f"/persons/{person}/trainings", {"topic": "防护", "trained_on": "2026-11-20"}, status=204)
    liaison("POST", f"/duties/{duty}/start", status=204)
    assert liaison("GET", f"/shifts/{shift}/duties")[0]["is_started"] is True
    assert liaison("GET", f"/squads?place={place}")[0]["shifts"][0]["started"] == 1
    link = liaison("POST", f"/shifts/{shift}/link")["link"]
    assert Client().get(link).status_code == 200


def test_cards_are_issued_printed_and_made_anew(town: Town, liaison: Program) -> None:
    place = town.place["开元丽城"].pk
    assert liaison("POST", f"/cards?place={place}")["count"] == 3
    printed = liaison("POST", f"/cards/print?place={place}")
    assert [one["door"] for one in printed] == ["101", "102", "201"]
    assert Client().get(printed[0]["link"]).status_code == 200
    liaison("POST", f"/cards/{town.household['101'].pk}/reissue", {})
    assert Client().get(printed[0]["link"]).status_code == 422
    with acting_as(SYSTEM):
        assert HouseholdCard.objects.count() == 4


def test_handing_over_takes_one_request(town: Town, liaison: Program) -> None:
    deputy = str(person_with("building_head", place=town.place["1号楼"]).pk)
    own = [one["assignment"] for one in liaison("GET", "/me")["roles"]]
    until = (town.now + timedelta(hours=12)).isoformat()
    made = liaison("POST", "/hand-over", {"deputy": deputy, "assignments": own, "ends_at": until})
    assert len(made) == 1
    with acting_as(SYSTEM):
        assert Assignment.objects.get(pk=made[0]["id"]).stands_in_for_id is not None


def test_foreign_and_missing_ids_look_the_same(town: Town, liaison: Program) -> None:
    foreign = person_with("liaison", place=town.place["外苑"])
    with acting_as(SYSTEM):
        assignment = Assignment.objects.get(person=foreign).pk
    outside = town.place["外苑"].pk
    for pk in (foreign.pk, uuid4()):
        for method, path, body in (
            ("GET", f"/persons/{pk}", None),
            ("POST", f"/persons/{pk}/reveal", {}),
            ("PATCH", f"/persons/{pk}", {"name": "x"}),
            ("POST", f"/persons/{pk}/let-go", {}),
        ):
            liaison(method, path, body, status=404)
    liaison("POST", f"/assignments/{assignment}/end", {}, status=404)
    for path in ("/staff", "/squads", "/cards", "/invitations", "/organisations"):
        liaison("GET", f"{path}?place={outside}", status=404)
    liaison("POST", f"/cards/{town.household['701'].pk}/reissue", {}, status=404)


def test_a_token_may_carry_one_role_only(town: Town, client: Client) -> None:
    person = person_with("liaison", place=town.place["开元丽城"])
    with acting_as(SYSTEM) as now:
        Assignment(
            person=person, role_id="driver", place=town.place["别苑"], starts_at=now, given_by="x"
        ).save(force_insert=True)
    from actors import put_device

    from lastmetre.ground.people.rules import DeviceKind

    put_device(client, DeviceKind.ACCOUNT, person.path, person=person)
    with acting_as(SYSTEM):
        driver = Assignment.objects.get(role="driver")
    page = client.post("/devices/token", {"label": "gps", "assignment": driver.pk})
    token = page.content.decode().split("<code>")[1].split("</code>")[0]
    program = Program(Client(headers={"Authorization": f"Bearer {token}"}))
    assert [one["role"] for one in program("GET", "/me")["roles"]] == ["driver"]
    program("GET", f"/staff?place={town.place['开元丽城'].pk}", status=404)
    with acting_as(SYSTEM):
        assert Device.objects.get(kind="token").label == "gps"


@pytest.mark.parametrize("role", ["household", "driver"])
def test_others_get_nothing(town: Town, sign_in: SignIn, role: str) -> None:
    client = Client()
    if role == "household":
        sign_in(client, household=town.household["101"])
    else:
        sign_in(client, role=role, place=town.place["开元丽城"], token=True)
    program = Program(client)
    for path in ("/staff", "/squads", "/cards", "/invitations"):
        program("GET", f"{path}?place={town.place['开元丽城'].pk}", status=403)
    assert program("GET", "/me")["roles"] == ([] if role == "household" else program("GET", "/me")["roles"])
    assert len(program("GET", "/devices")) == 1
