"""Each role's first page: it opens, says what comes next, and costs a bounded number of queries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from actors import Town
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lastmetre.ground.people.catalogue import CATALOGUE, HOUSEHOLD
from lastmetre.ground.people.rules import Scope
from lastmetre.web.homes.catalogue import HOMES

MOST_QUERIES = 28
STAFF = [role for role in CATALOGUE if role.code != HOUSEHOLD]


def where(town: Town, scope: Scope) -> dict[str, Any]:
    if scope is Scope.ORGANISATION:
        return {"organisation": town.supplier}
    return {"place": town.path["d.s.c.k.1.u.101"] if scope is Scope.HOUSEHOLD else town.place["开元丽城"]}


@pytest.mark.parametrize("role", STAFF, ids=lambda role: role.code)
def test_every_role_has_a_first_page_that_says_what_comes_next(
    town: Town, sign_in: Any, client: Client, role: Any
) -> None:
    sign_in(client, role=role.code, **where(town, role.scope))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get("/")
    text = page.content.decode()
    assert page.status_code == 200
    assert len(asked) <= MOST_QUERIES
    assert text.count("<h1") == 1
    assert re.search(r'class="(empty|row|card)', text)
    for foreign in ("外苑", "钱多", "邻家超市", "13800000101"):
        assert foreign not in text


def test_every_builtin_role_names_a_home_that_exists() -> None:
    assert {role.home for role in CATALOGUE} == set(HOMES)


def test_a_household_sees_what_is_in_force_and_whom_to_ring_and_the_ring_is_recorded(
    town: Town, sign_in: Any, client: Client
) -> None:
    from actors import person_with

    from lastmetre.ground.journal.models import Entry
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    head = person_with("building_head", place=town.place["1号楼"], name="李女士", phone="13900002222")
    stranger = person_with("building_head", place=town.place["9号楼"], name="何先生", phone="13900003333")
    sign_in(client, household=town.household["101"])
    text = client.get("/").content.decode()
    assert "常态" in text
    assert "李女士" in text
    assert "何先生" not in text
    assert client.get(f"/places/households/{town.household['101'].pk}/edit").status_code == 200
    assert f"/places/households/{town.household['101'].pk}/edit" in text
    assert "13900002222" not in text
    assert "13900002222" in client.post(f"/contact/{head.pk}").content.decode()
    assert client.post(f"/contact/{stranger.pk}").status_code == 404
    with acting_as(SYSTEM):
        assert Entry.objects.filter(thing=head.pk).count() == 1


def test_somebody_with_two_roles_switches_and_the_product_remembers(
    town: Town, sign_in: Any, client: Client
) -> None:
    from lastmetre.ground.people.models import Assignment, Role
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    visitor = sign_in(client, role="liaison", place=town.place["开元丽城"])
    with acting_as(SYSTEM) as now:
        second = Assignment(
            person_id=visitor.actor.key, role=Role.objects.get(pk="hotline_operator"),
            place=town.place["康桥社区"], starts_at=now, given_by="system",
        )  # fmt: skip
        second.save(force_insert=True)
    assert f"/home/{second.pk}" in client.get("/").content.decode()
    assert client.get(f"/home/{second.pk}").status_code == 200
    assert 'name="q"' in client.get("/").content.decode()
    assert client.get(f"/home/{town.place['开元丽城'].pk}").status_code == 404


def test_the_front_page_asks_a_stranger_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/")["Location"].startswith("/sign-in")


def test_a_grid_worker_is_led_to_the_members_of_the_grid_and_nowhere_else(
    town: Town, sign_in: Any, client: Client
) -> None:
    from lastmetre.ground.people.models import Assignment, Role
    from lastmetre.ground.places.models import Grid, GridMember
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    visitor = sign_in(client, role="driver", place=town.place["1号楼"])
    with acting_as(SYSTEM) as now:
        grid = Grid.objects.create(place=town.place["康桥社区"], name="第一片区")
        GridMember.objects.create(grid=grid, place=town.place["2号楼"])
        Assignment(
            person_id=visitor.actor.key, role=Role.objects.get(pk="grid_worker"), grid=grid,
            place=town.place["康桥社区"], starts_at=now, given_by="system",
        ).save(force_insert=True)  # fmt: skip
        work = Assignment.objects.get(grid=grid)
    text = client.get(f"/home/{work.pk}").content.decode()
    roster = f"/places/{town.place['2号楼'].pk}/roster"
    assert roster in text
    assert client.get(roster).status_code == 200
    assert f"/places/{town.place['康桥社区'].pk}/roster" not in text


def test_the_menu_marks_one_page_as_the_present_one(town: Town, sign_in: Any, client: Client) -> None:
    """An offer's page lies below the goods' own, which is in the menu too."""
    sign_in(client, role="supplier_staff", organisation=town.supplier)
    for address in ("/", "/goods/offers", "/goods/"):
        page = client.get(address).content.decode()
        bar = page[page.index('<nav class="bar"') :]
        here = re.findall(r'href="([^"]*)" aria-current="page"', bar)
        assert len(here) == 1
        assert here[0] == address or address == "/"
