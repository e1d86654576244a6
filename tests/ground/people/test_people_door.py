"""The door lets in whoever holds a good token, tells nobody else anything, and asks the database little."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from actors import Town, person_with, put_device
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lastmetre.ground.people.models import Assignment, Device, Person
from lastmetre.ground.people.queries.door import visitor_of_token
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.scope import acting_as


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Return the queries that read or write tables, not the settings of scopes."""
    return [one["sql"] for one in queries if "set_config" not in one["sql"] and "SAVEPOINT" not in one["sql"]]


def test_finding_out_who_it_is_costs_two_queries(town: Town) -> None:
    person = person_with("liaison", place=town.place["开元丽城"])
    token = put_device(Client(), DeviceKind.ACCOUNT, person.path, person=person)
    for owner in (
        token,
        put_device(Client(), DeviceKind.HOUSEHOLD, "d", household=town.household["101"]),
    ):
        with (
            acting_as(SYSTEM) as now,
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            assert visitor_of_token(owner, at=now)
        assert len(statements(queries)) == 2


def test_a_household_sees_its_own_door_only(town: Town, sign_in: Callable[..., Any]) -> None:
    visitor = sign_in(Client(), household=town.household["101"])
    assert visitor.actor.kind is ActorKind.HOUSEHOLD
    assert visitor.actor.sees == ("d.s.c.k.1.u.101",)


@pytest.mark.parametrize("spoil", ["revoked", "expired", "left", "closed", "unknown"])
def test_a_token_that_does_not_hold_lets_nobody_in(town: Town, spoil: str) -> None:
    person = person_with("liaison", place=town.place["开元丽城"])
    token = put_device(Client(), DeviceKind.ACCOUNT, person.path, person=person)
    with acting_as(SYSTEM) as now:
        devices = Device.objects.filter(person=person)
        if spoil == "revoked":
            devices.update(revoked_at=now, revoked_by="x")
        elif spoil == "expired":
            devices.update(created_at=now.replace(year=2020), expires_at=now)
        elif spoil == "left":
            Person.objects.filter(pk=person.pk).update(left_at=now)
        elif spoil == "closed":
            person.account.is_active = False
            person.account.save()
        else:
            token += "x"
        assert visitor_of_token(token, at=now) is None


def test_everybody_sees_themselves_and_no_colleague_elsewhere(town: Town) -> None:
    me = person_with("supplier_staff", organisation=town.supplier)
    colleague = person_with("supplier_staff", organisation=town.supplier)
    person_with("supplier_staff", organisation=town.other_supplier)
    person_with("liaison", place=town.place["开元丽城"])
    actor = Actor(str(me.pk), ActorKind.STAFF, organisations=(town.supplier.pk,))
    with acting_as(actor):
        assert set(Person.objects.all()) == {me, colleague}
        assert Assignment.objects.count() == 2
    with acting_as(Actor(str(me.pk), ActorKind.STAFF)):
        assert set(Person.objects.all()) == {me}


def test_a_stale_cookie_is_taken_away(client: Client, town: Town) -> None:
    client.cookies[settings.DEVICE_COOKIE] = "stale"
    assert client.get("/styleguide/").cookies[settings.DEVICE_COOKIE]["max-age"] == 0


def test_every_answer_carries_the_policies(client: Client, town: Town) -> None:
    answer = client.get("/styleguide/phone")
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert "camera=(self)" in answer["Permissions-Policy"]


def test_a_page_that_scans_may_run_its_decoder_and_no_code_from_strings(client: Client, town: Town) -> None:
    allowed = client.get("/styleguide/")["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in allowed
    assert allowed.count("unsafe") == 1


def test_a_page_asks_for_a_sign_in_and_comes_back(client: Client, town: Town) -> None:
    answer = client.get("/devices?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Fdevices%3Fx%3D1")
    part = client.get("/devices", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/sign-in?next=%2Fdevices"
    posted = client.post("/devices")
    assert posted["Location"] == "/sign-in"


def test_a_token_of_a_program_is_good_for_the_api_only(town: Town) -> None:
    person = person_with("liaison", place=town.place["开元丽城"])
    token = put_device(Client(), DeviceKind.TOKEN, person.path, person=person)
    page = Client()
    page.cookies[settings.DEVICE_COOKIE] = token
    assert page.get("/devices").status_code == 302
