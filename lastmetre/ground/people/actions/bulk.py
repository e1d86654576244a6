"""Organisations, persons, roles, accounts, squads and shifts by the hundred: few statements, one line each.

For scenarios and imports. Ids may be made before, so that later rows can name earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import pyotp
from django.db import transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.actions.accounts import ACCOUNT
from lastmetre.ground.people.actions.persons import ORGANISATION, PERSON, covers, pinyin_of
from lastmetre.ground.people.actions.roles import ASSIGNMENT, check_scope
from lastmetre.ground.people.actions.squads import SHIFT, SQUAD
from lastmetre.ground.people.models import (
    Account,
    Assignment,
    Fitness,
    Organisation,
    Person,
    Role,
    Shift,
    ShiftDuty,
    Squad,
    SquadMember,
    Training,
)
from lastmetre.ground.people.rules import (
    OrganisationKind,
    Permission,
    SquadKind,
    check_give,
    check_password,
    check_username,
)
from lastmetre.ground.people.tokens import hash_password
from lastmetre.ground.places.models import Grid, Place
from lastmetre.ground.protection.actor import EVERYWHERE, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for, standing_response
from lastmetre.terms import InputError, say

BATCH = 1_000
TOPIC = "duty in an emergency"
SAID_EVERY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation; `seat` is the id of a place."""

    kind: OrganisationKind
    name: str
    seat: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody on the staff or among the helpers of a place; fitness as FC8 asks it."""

    place: UUID
    name: str
    phone: str = ""
    organisation: UUID | None = None
    outlives_response: bool = True
    is_fit: bool | None = None
    tested_at: datetime | None = None
    trained_on: date | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A role for a person at a place, a grid of it, a door, or in an organisation."""

    person: UUID
    role: str
    place: UUID | None = None
    grid: UUID | None = None
    organisation: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A login."""

    person: UUID
    username: str
    password: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class NewSquad:
    """A squad with its members; the leader is one of them."""

    place: UUID
    kind: SquadKind
    name: str
    duty: str = ""
    leader: UUID | None = None
    members: tuple[UUID, ...] = ()
    organisation: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift with those who take it."""

    squad: UUID
    starts_at: datetime
    ends_at: datetime
    wanted: int
    members: tuple[UUID, ...] = ()
    id: UUID = field(default_factory=new_id)


@transaction.atomic
def add_organisations(rows: Sequence[NewOrganisation], *, by: Actor, at: datetime) -> int:
    """Add organisations; returns how many."""
    places = _places(row.seat for row in rows)
    _must(by, Permission.EDIT, (places[row.seat].path if row.seat else EVERYWHERE for row in rows))
    Organisation.objects.bulk_create(
        [
            Organisation(
                id=row.id, kind=row.kind, name=row.name, pinyin=pinyin_of(row.name), seat_id=row.seat
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    return _record(ORGANISATION, [places[row.seat].path for row in rows if row.seat], len(rows), by, at)


@transaction.atomic
def add_persons(rows: Sequence[NewPerson], *, by: Actor, at: datetime) -> int:
    """Add persons with what is known of their fitness and training; returns how many."""
    places = _places(row.place for row in rows)
    paths = [places[row.place].path for row in rows]
    _must(by, Permission.EDIT, paths)
    standing = standing_response(at)
    passing = {
        path: response_for(path)
        for path in {places[row.place].path for row in rows if not row.outlives_response}
    }
    Person.objects.bulk_create(
        [
            Person(
                id=row.id,
                place_id=row.place,
                path=path,
                organisation_id=row.organisation,
                response=standing if row.outlives_response else passing[path],
                name=row.name,
                phone=row.phone,
            )
            for row, path in zip(rows, paths, strict=True)
        ],
        batch_size=BATCH,
    )
    Fitness.objects.bulk_create(
        [
            Fitness(person_id=row.id, declared_at=at, is_fit=row.is_fit, tested_at=row.tested_at)
            for row in rows
            if row.is_fit is not None
        ],
        batch_size=BATCH,
    )
    Training.objects.bulk_create(
        [
            Training(person_id=row.id, topic=TOPIC, trained_on=row.trained_on)
            for row in rows
            if row.trained_on
        ],
        batch_size=BATCH,
    )
    return _record(PERSON, paths, len(rows), by, at)


@transaction.atomic
def declare_again(*, by: Actor, at: datetime) -> int:
    """Let everybody whose last word was that they are well say so again, tested anew, where that is half a day ago.

    For a demo, whose clock is moved over days: its people say so every day as those of a real place do (FC8).
    Returns how many.
    """
    latest = Fitness.objects.order_by("person", "-declared_at", "-id").distinct("person")
    said = latest.filter(person__left_at=None).select_related("person")
    due = [one.person for one in said if one.is_fit and one.declared_at <= at - SAID_EVERY]
    _must(by, Permission.EDIT, (person.path for person in due))
    Fitness.objects.bulk_create(
        [Fitness(person=person, declared_at=at, is_fit=True, tested_at=at) for person in due],
        batch_size=BATCH,
    )
    if due:
        paths = [person.path for person in due]
        record("declared fitness", PERSON, by=by, at=at, path=_common(paths), count=len(due))
    return len(due)


@transaction.atomic
def give_roles(rows: Sequence[NewAssignment], *, by: Actor, at: datetime) -> int:
    """Give roles from now on; nobody gives more than they have. Returns how many."""
    grids = Grid.objects.select_related("place").in_bulk([row.grid for row in rows if row.grid])
    places = _places([*(row.place for row in rows), *(grid.place_id for grid in grids.values())])
    organisations = Organisation.objects.select_related("seat").in_bulk(
        [row.organisation for row in rows if row.organisation]
    )
    roles = Role.objects.in_bulk([row.role for row in rows])
    made = []
    for row in rows:
        place = places[grids[row.grid].place_id if row.grid else row.place] if row.place or row.grid else None
        organisation = organisations[row.organisation] if row.organisation else None
        if row.role not in roles:
            raise InputError(say("No role is called {code}.", code=row.role), remedy=say("Define it first."))
        role = roles[row.role]
        check_scope(role, place, organisation)
        check_give(
            role.permissions, covers(by, path=place.path if place else None, organisation=organisation)
        )
        made.append(
            Assignment(
                id=row.id,
                person_id=row.person,
                role=role,
                place=place,
                path=place.path if place else None,
                grid_id=row.grid,
                organisation=organisation,
                starts_at=at,
                given_by=by.key,
            )
        )
    Assignment.objects.bulk_create(made, batch_size=BATCH)
    return _record(ASSIGNMENT, [row.path for row in made if row.path], len(rows), by, at)


@transaction.atomic
def add_accounts(rows: Sequence[NewAccount], *, by: Actor, at: datetime) -> int:
    """Make logins; returns how many. Who shares a password (a demo) shares its slow hash."""
    people = Person.objects.in_bulk([row.person for row in rows])
    _must(by, Permission.ACCOUNTS, (people[row.person].path for row in rows))
    hashes: dict[str, str] = {}
    for row in rows:
        check_password(row.password, username=check_username(row.username))
        hashes[row.password] = hashes.get(row.password) or hash_password(row.password)
    response = standing_response(at)
    Account.objects.bulk_create(
        [
            Account(
                person_id=row.person,
                response=response,
                username=check_username(row.username),
                password=hashes[row.password],
                totp_secret=pyotp.random_base32(),
                language=row.language,
                created_at=at,
                password_changed_at=at,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    return _record(ACCOUNT, [people[row.person].path for row in rows], len(rows), by, at)


@transaction.atomic
def add_squads(rows: Sequence[NewSquad], *, by: Actor, at: datetime) -> int:
    """Add squads with their members; returns how many."""
    places = _places(row.place for row in rows)
    paths = [places[row.place].path for row in rows]
    _must(by, Permission.SQUADS, paths)
    Squad.objects.bulk_create(
        [
            Squad(
                id=row.id,
                place_id=row.place,
                path=path,
                kind=row.kind,
                name=row.name,
                duty=row.duty,
                organisation_id=row.organisation,
            )
            for row, path in zip(rows, paths, strict=True)
        ],
        batch_size=BATCH,
    )
    SquadMember.objects.bulk_create(
        [
            SquadMember(squad_id=row.id, person_id=person, is_leader=person == row.leader, joined_at=at)
            for row in rows
            for person in row.members
        ],
        batch_size=BATCH,
    )
    return _record(SQUAD, paths, len(rows), by, at)


@transaction.atomic
def add_shifts(rows: Sequence[NewShift], *, by: Actor, at: datetime) -> int:
    """Add shifts with those who take them; returns how many."""
    squads = Squad.objects.in_bulk([row.squad for row in rows])
    _must(by, Permission.SQUADS, (squad.path for squad in squads.values()))
    Shift.objects.bulk_create(
        [
            Shift(
                id=row.id,
                squad_id=row.squad,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                wanted=row.wanted,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    ShiftDuty.objects.bulk_create(
        [ShiftDuty(shift_id=row.id, person_id=person, taken_at=at) for row in rows for person in row.members],
        batch_size=BATCH,
    )
    return _record(SHIFT, [squads[row.squad].path for row in rows], len(rows), by, at)


def _places(ids: Iterable[UUID | None]) -> dict[UUID | None, Place]:
    wanted = {one for one in ids if one}
    found: dict[UUID | None, Place] = dict(Place.objects.in_bulk(wanted))
    if len(found) < len(wanted):
        raise InputError(
            say("A place that is named is not there."), remedy=say("Add the places before the people.")
        )
    return found


def _must(by: Actor, permission: str, paths: Iterable[str]) -> None:
    for path in set(paths):
        by.must(permission, path=path)


def _record(kind: str, paths: Sequence[str], count: int, by: Actor, at: datetime) -> int:
    """Write one line at the nearest place above all of them."""
    if count:
        record("added", kind, by=by, at=at, path=_common(paths), count=count)
    return count


def _common(paths: Sequence[str]) -> str:
    shared = []
    for labels in zip(*(path.split(".") for path in paths), strict=False):
        if len(set(labels)) > 1:
            break
        shared.append(labels[0])
    return ".".join(shared)
