"""Roles: whoever holds them sees exactly their places, for exactly their time, and gives no more than they have."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from actors import Town, person_with
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.people.actions import accounts, invitations, persons, roles
from lastmetre.ground.people.catalogue import CATALOGUE
from lastmetre.ground.people.models import Assignment, Person, Role
from lastmetre.ground.people.queries.door import actor_of_person, held_by, uppermost
from lastmetre.ground.people.rules import (
    Permission,
    Readiness,
    Scope,
    can_give,
    check_password,
    check_username,
    unfit_because,
)
from lastmetre.ground.people.words import PERMISSIONS
from lastmetre.ground.places.models import Grid, GridMember
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind, Denied, Grant, is_within
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

PACKAGE = Path(__file__).parents[3] / "lastmetre"
NOW = datetime.fromisoformat("2022-04-20T08:00+08:00")

rolling_back = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def declared() -> set[str]:
    """Return the permissions that the apps declare, read from their source: goods are above people."""
    found = set()
    for path in [*(PACKAGE / "ground").rglob("*.py"), *(PACKAGE / "chain").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name == "Permission":
                found |= {
                    one.value
                    for one in ast.walk(node)
                    if isinstance(one, ast.Constant) and "." in str(one.value) and " " not in str(one.value)
                }
    return found


# The catalogue


def test_the_catalogue_has_every_role_of_the_field() -> None:
    assert [role.code for role in CATALOGUE] == (
        "household building_head grid_worker liaison property_office community_worker subdistrict_officer "
        "supplier_staff supplier_clerk driver gate_keeper vetter disinfection_worker receiver gate_supervisor "
        "volunteer carer hotline_operator market_steward price_inspector commander auditor administrator"
    ).split()


def test_roles_hold_only_permissions_that_an_app_declares_and_each_has_its_words() -> None:
    held = {permission for role in CATALOGUE for permission in role.permissions}
    assert held - declared() == set()
    assert declared() - PERMISSIONS.keys() == set()


@pytest.mark.parametrize(
    "role",
    [
        role
        for role in CATALOGUE
        if role.code in {"household", "driver", "volunteer", "gate_keeper", "vetter", "receiver"}
    ],
    ids=lambda role: role.code,
)
def test_who_only_carries_or_checks_reads_no_roster(role: Any) -> None:
    assert not {one for one in role.permissions if one.startswith(("places.", "people."))}


def test_only_the_administrator_gives_any_role() -> None:
    assert [role.code for role in CATALOGUE if Permission.GIVE_ANY_ROLE in role.permissions] == [
        "administrator"
    ]


def test_installing_again_leaves_alone_what_a_place_changed(as_system: datetime) -> None:
    Role.objects.filter(pk="driver").update(permissions=["places.roster"], is_changed=True)
    Role.objects.filter(pk="vetter").update(name="old")
    roles.install_roles()
    assert Role.objects.get(pk="driver").permissions == ["places.roster"]
    assert Role.objects.get(pk="vetter").name == "入场审核员"
    assert Role.objects.filter(is_builtin=True).count() == len(CATALOGUE)


# Who sees what, when

PATHS = ["d", "d.s", "d.s.c", "d.s.c.k", "d.s.c.k.1", "d.s.c.b", "x", "x.o"]
hours = st.integers(-3, 3)


@rolling_back
@given(given_roles=st.lists(st.tuples(st.sampled_from(PATHS), hours, st.none() | hours), max_size=5))
def test_an_actor_sees_exactly_the_places_of_the_roles_that_run(
    town: Town, given_roles: list[tuple[str, int, int | None]]
) -> None:
    with transaction.atomic(), acting_as(SYSTEM) as now:
        person = person_with(place=town.place["开元丽城"], account=False)
        kept = []
        for number, (path, starts, ends) in enumerate(given_roles):
            if ends is not None and ends < starts:
                continue
            row = Assignment(
                person=person,
                role_id=CATALOGUE[1 + number].code,
                place=town.path[path],
                starts_at=now + timedelta(hours=starts),
                ends_at=None if ends is None else now + timedelta(hours=ends),
                given_by="x",
            )
            row.save(force_insert=True)
            kept.append((path, starts, ends))
        actor = actor_of_person(person.pk, held_by(person.pk, at=now))
        running = [path for path, starts, ends in kept if starts <= 0 and (ends is None or ends > 0)]
        for path in town.path:
            assert any(is_within(path, above) for above in actor.sees) == any(
                is_within(path, above) for above in running
            )
        assert sorted(grant.path or "" for grant in actor.grants) == sorted(running)
        transaction.set_rollback(True)


@given(st.lists(st.sampled_from(PATHS)))
def test_uppermost_paths_cover_the_same_places_and_not_each_other(paths: list[str]) -> None:
    kept = uppermost(paths)
    for path in PATHS:
        assert any(is_within(path, one) for one in paths) == any(is_within(path, one) for one in kept)
    assert not [pair for pair in product(kept, kept) if pair[0] != pair[1] and is_within(*pair)]


def test_a_grid_worker_sees_the_members_of_the_grid_only(town: Town) -> None:
    with acting_as(SYSTEM) as now:
        grid = Grid(place=town.place["康桥社区"], name="一网格")
        grid.save(force_insert=True)
        for name in ("1号楼", "9号楼"):
            GridMember(grid=grid, place=town.place[name]).save(force_insert=True)
        worker = person_with(place=town.place["康桥社区"])
        roles.give_role(worker, Role.objects.get(pk="grid_worker"), by=SYSTEM, at=now, grid=grid)
        actor = actor_of_person(worker.pk, held_by(worker.pk, at=now))
    assert actor.sees == ("d.s.c.b.9", "d.s.c.k.1")
    with acting_as(actor):
        assert [one.where for one in held_by(worker.pk, at=now)] == ["一网格"]


# Giving


@pytest.mark.parametrize("giver", [role.code for role in CATALOGUE if role.scope is Scope.PLACE])
def test_nobody_makes_somebody_who_may_more_than_they(town: Town, giver: str) -> None:
    person = person_with(giver, place=town.place["开元丽城"])
    with acting_as(SYSTEM) as now:
        actor = actor_of_person(person.pk, held_by(person.pk, at=now))
        mine = actor.grants[0].permissions
        for role in Role.objects.filter(scope="place"):
            allowed = can_give(role.permissions, persons.covers(actor, path="d.s.c.k.1", organisation=None))
            if allowed and Permission.GIVE_ANY_ROLE not in mine:
                assert set(role.permissions) <= mine
            assert not can_give(role.permissions, persons.covers(actor, path="x.o", organisation=None))
        if Permission.GIVE_ROLES not in mine:
            with pytest.raises(Denied):
                roles.give_role(
                    person, Role.objects.get(pk="driver"), by=actor, at=now, place=town.place["1号楼"]
                )


@pytest.mark.parametrize(
    ("role", "target"),
    [("supplier_clerk", "place"), ("liaison", "organisation"), ("carer", "place"), ("driver", "both")],
)
def test_a_role_is_given_for_its_own_kind_of_thing(town: Town, role: str, target: str) -> None:
    where: dict[str, Any] = {
        "place": {"place": town.place["1号楼"]},
        "organisation": {"organisation": town.supplier},
        "both": {"place": town.place["1号楼"], "organisation": town.supplier},
    }[target]
    person = person_with(place=town.place["1号楼"])
    with acting_as(SYSTEM) as now, pytest.raises(InputError):
        roles.give_role(person, Role.objects.get(pk=role), by=SYSTEM, at=now, **where)


def test_a_role_is_held_once_at_a_time(town: Town) -> None:
    place = town.place["1号楼"]
    person = person_with("liaison", place=place)
    with acting_as(SYSTEM) as now:
        with pytest.raises(InputError, match="already"):
            roles.give_role(person, Role.objects.get(pk="liaison"), by=SYSTEM, at=now, place=place)
        roles.end_role(Assignment.objects.get(), by=SYSTEM, at=now)
        roles.give_role(person, Role.objects.get(pk="liaison"), by=SYSTEM, at=now, place=place)


def test_the_database_refuses_a_role_for_two_things_or_for_nothing(town: Town) -> None:
    person = person_with(place=town.place["1号楼"])
    for where in ({}, {"place": town.place["1号楼"], "organisation": town.supplier}):
        with acting_as(SYSTEM) as now, pytest.raises(IntegrityError), transaction.atomic():
            Assignment(person=person, role_id="driver", starts_at=now, given_by="x", **where).save(
                force_insert=True
            )


def test_a_district_gives_roles_in_the_firms_that_have_their_seat_there(town: Town) -> None:
    officer = person_with("administrator", place=town.place["二七区"])
    clerk = person_with(organisation=town.supplier)
    with acting_as(SYSTEM) as now:
        actor = actor_of_person(officer.pk, held_by(officer.pk, at=now))
        role = Role.objects.get(pk="supplier_clerk")
    with acting_as(actor):
        roles.give_role(clerk, role, by=actor, at=now, organisation=town.supplier)
        with pytest.raises(Denied):
            roles.give_role(clerk, role, by=actor, at=now, organisation=town.other_supplier)


# Handing over


@pytest.fixture
def committee(town: Town) -> tuple[Person, Person]:
    place = town.place["康桥社区"]
    return person_with("community_worker", place=place), person_with(
        "building_head", place=town.place["1号楼"]
    )


def acting(person: Person, at: datetime) -> Actor:
    with acting_as(SYSTEM):
        return actor_of_person(person.pk, held_by(person.pk, at=at))


def test_half_a_committee_is_isolated_overnight_and_work_goes_on(
    town: Town, committee: tuple[Person, Person]
) -> None:
    isolated, deputy = committee
    by = acting(isolated, town.now)
    with acting_as(by):
        own = list(Assignment.objects.filter(person=isolated).select_related("role", "organisation__seat"))
        roles.hand_over(own, deputy, by=by, at=town.now, ends_at=town.now + timedelta(hours=12), why="隔离")
    during, after = (acting(deputy, town.now + timedelta(hours=hours)) for hours in (11, 12))
    assert during.sees == ("d.s.c",)
    assert during.may(Permission.ACCOUNTS, path="d.s.c.b")
    assert after.sees == ("d.s.c.k.1",)
    assert acting(isolated, town.now + timedelta(hours=11)).sees == ("d.s.c",)
    with acting_as(SYSTEM):
        line = Entry.objects.get(verb="handed over")
        assert (line.why, line.detail["to"]) == ("隔离", str(deputy.pk))


def test_deputies_fall_with_whom_they_stand_in_for(town: Town, committee: tuple[Person, Person]) -> None:
    isolated, deputy = committee
    third = person_with(place=town.place["1号楼"])
    until = town.now + timedelta(hours=12)
    for giver, taker in ((isolated, deputy), (deputy, third)):
        by = acting(giver, town.now)
        with acting_as(by):
            own = list(
                Assignment.objects.filter(person=giver, role="community_worker").select_related("role")
            )
            roles.hand_over(own, taker, by=by, at=town.now, ends_at=until)
    assert acting(third, town.now).sees == ("d.s.c",)
    with acting_as(SYSTEM):
        persons.let_go(isolated, by=SYSTEM, at=town.now)
    for one in (isolated, third):
        assert acting(one, town.now).sees == ()
    assert acting(deputy, town.now).sees == ("d.s.c.k.1",)


def test_nobody_hands_over_what_is_not_theirs(town: Town, committee: tuple[Person, Person]) -> None:
    isolated, deputy = committee
    by = acting(deputy, town.now)
    with acting_as(SYSTEM):
        foreign = list(Assignment.objects.filter(person=isolated).select_related("role"))
        with pytest.raises(Denied):
            roles.hand_over(foreign, isolated, by=by, at=town.now, ends_at=town.now + timedelta(hours=1))


@pytest.mark.parametrize("ends", [0, -1])
def test_standing_in_ends_later_than_now(town: Town, committee: tuple[Person, Person], ends: int) -> None:
    isolated, deputy = committee
    by = acting(isolated, town.now)
    with acting_as(by), pytest.raises(InputError, match="over already"):
        roles.hand_over(
            Assignment.objects.filter(person=isolated),
            deputy,
            by=by,
            at=town.now,
            ends_at=town.now + timedelta(hours=ends),
        )


# Fit for duty (FC8, YX14d)


@given(
    said=st.none() | st.integers(0, 72),
    is_fit=st.booleans(),
    tested=st.none() | st.integers(0, 100),
    is_trained=st.booleans(),
    limit=st.sampled_from([0, 24, 48]),
)
def test_who_works_said_so_today_feels_well_is_trained_and_tested_in_time(
    said: int | None, is_fit: bool, tested: int | None, is_trained: bool, limit: int
) -> None:
    known = Readiness(
        declared_at=None if said is None else NOW - timedelta(hours=said),
        is_fit=is_fit,
        tested_at=None if tested is None else NOW - timedelta(hours=tested),
        is_trained=is_trained,
    )
    may = (
        said is not None
        and said <= 24
        and is_fit
        and is_trained
        and (limit == 0 or (tested is not None and tested <= limit))
    )
    assert (unfit_because(known, at=NOW, test_hours=limit) is None) == may


# Names and passwords


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaaaa", "123456789012", "wangfang-2022!", "Password1234"]
)
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(InputError):
        check_password(password, username="wangfang")


@pytest.mark.parametrize("password", ["三只猫在屋顶上看着月亮呢", "correct horse battery", "x7#Kq2!mZ0pL"])
def test_a_long_password_of_any_signs_is_taken(password: str) -> None:
    check_password(password, username="wangfang")


@pytest.mark.parametrize("name", ["", "ab", "王芳", "a b c", "-abc", "a" * 41])
def test_a_user_name_is_plain(name: str) -> None:
    with pytest.raises(InputError):
        check_username(name)
    assert check_username(" Wang.Fang-1 ") == "wang.fang-1"


def test_may_asks_place_and_organisation(town: Town) -> None:
    ask: Callable[..., bool] = Actor("k", ActorKind.STAFF, grants=(Grant(frozenset({"p"}), path="d.s"),)).may
    assert ask("p", path="d.s.c")
    assert not ask("p", path="d")
    assert not ask("p", organisation=town.supplier.pk)  # type: ignore[union-attr]


def test_nobody_gets_into_an_account_that_may_more_than_they(town: Town) -> None:
    chief = person_with("administrator", place=town.place["康桥社区"])
    worker = person_with("community_worker", place=town.place["康桥社区"])
    peer = person_with("building_head", place=town.place["1号楼"])
    by = acting(worker, town.now)
    with acting_as(by):
        for attempt in (
            lambda: invitations.invite_person(chief, by=by, at=town.now),
            lambda: accounts.close_account(chief.account, by=by, at=town.now),
            lambda: persons.let_go(chief, by=by, at=town.now),
        ):
            with pytest.raises(Denied):
                attempt()
        assert invitations.invite_person(peer, by=by, at=town.now).person_id == peer.pk
