"""The staff of a place: masked rows for lists, and one person's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from lastmetre.ground.people.models import (
    Account,
    Assignment,
    Device,
    Organisation,
    Person,
    Role,
    ShiftDuty,
    Training,
)
from lastmetre.ground.people.queries.door import Held, held_by, running
from lastmetre.ground.people.queries.duty import readiness_of
from lastmetre.ground.people.queries.names import place_name
from lastmetre.ground.people.rules import DeviceKind, Readiness
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.paging import SIZE, Page, page_of
from lastmetre.ground.protection.search import matching
from lastmetre.papers.masking import masked_name


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role as lists show it; `called` (web.saying) picks the language."""

    name: str
    name_en: str
    where: str
    is_deputy: bool = False


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody as lists show them: just enough to know them again."""

    id: UUID
    name: str
    """Masked: 王**, 王女士; '' once it was erased."""
    phone_tail: str
    organisation: str
    roles: tuple[RoleName, ...]
    has_account: bool


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device that is signed in."""

    id: UUID
    kind: DeviceKind
    label: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A shift that somebody is on."""

    duty: UUID
    squad: str
    starts_at: datetime
    ends_at: datetime
    is_started: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person for those who may see them."""

    person: Person
    row: StaffRow
    place: str
    held: tuple[Held, ...]
    readiness: Readiness
    trainings: tuple[Training, ...]
    duties: tuple[DutyRow, ...]
    account: Account | None
    devices: tuple[DeviceRow, ...]


def staff_of(
    place: Place, *, at: datetime, words: str = "", role: str = "", cursor: str = "", size: int = SIZE
) -> Page[StaffRow]:
    """Return the people counted at a place, below it, or with a role there; two queries for any number."""
    roles_here = Assignment.objects.filter(running(at), person=OuterRef("pk"), path__within=place.path)
    found = Person.objects.filter(Q(path__within=place.path) | Exists(roles_here))
    if role:
        found = found.filter(Exists(roles_here.filter(role=role)))
    return _page(found, at, words, cursor, size)


def staff_of_organisation(
    organisation: UUID, *, at: datetime, words: str = "", cursor: str = "", size: int = SIZE
) -> Page[StaffRow]:
    """Return the people of an organisation; two queries."""
    return _page(Person.objects.filter(organisation=organisation), at, words, cursor, size)


def colleagues(persons: Iterable[Person], *, at: datetime) -> list[StaffRow]:
    """Return rows for some persons; two queries."""
    return [
        _row(person) for person in _with_roles(Person.objects.filter(pk__in=[one.pk for one in persons]), at)
    ]


def deputies_for(person: UUID, *, at: datetime, words: str = "") -> list[StaffRow]:
    """Return who could stand in for somebody: whom they see and who has an account; two queries."""
    found = Person.objects.filter(left_at=None, account__is_active=True).exclude(pk=person)
    if words.strip():
        found = found.filter(matching(words))
    return [_row(one) for one in _with_roles(found, at).order_by("-pk")[:30]]


def person_page(person: UUID, *, at: datetime, with_devices: bool) -> PersonPage | None:
    """Return one person's page, or None where the actor does not see them."""
    found = _with_roles(Person.objects.filter(pk=person), at).select_related("organisation__seat").first()
    if found is None:
        return None
    duties = (
        ShiftDuty.objects.filter(
            person=found, given_up_at=None, shift__ends_at__gt=at, shift__cancelled_at=None
        )
        .select_related("shift__squad")
        .order_by("shift__starts_at")[:10]
    )
    return PersonPage(
        person=found,
        row=_row(found),
        place=place_name(Place.objects.filter(pk=found.place_id).first()),
        held=held_by(found.pk, at=at),
        readiness=readiness_of([found.pk])[found.pk],
        trainings=tuple(Training.objects.filter(person=found)[:10]),
        duties=tuple(
            DutyRow(
                one.pk,
                one.shift.squad.name,
                one.shift.starts_at,
                one.shift.ends_at,
                one.started_at is not None,
            )
            for one in duties
        ),
        account=getattr(found, "account", None),
        devices=tuple(devices_of(at=at, person=found)) if with_devices else (),
    )


def devices_of(*, at: datetime, **owner: Any) -> list[DeviceRow]:
    """Return the devices of a `person=` or `household=` that are signed in, the latest used first; one query."""
    rows = Device.objects.filter(revoked_at=None, expires_at__gt=at, **owner).order_by("-seen_at")[:50]
    return [
        DeviceRow(row.pk, DeviceKind(row.kind), row.label, row.created_at, row.seen_at, row.expires_at)
        for row in rows
    ]


def roles_for(path: str | None, *, organisation: bool = False) -> QuerySet[Role]:
    """Return the roles that can be given at a place or in an organisation: the catalogue's and its own."""
    scopes = ("organisation", "either") if organisation else ("place", "either", "household")
    found = Role.objects.filter(ended_at=None, scope__in=scopes)
    return found.filter(Q(path=None) | Q(path__above=path)) if path is not None else found.filter(path=None)


def organisations_at(path: str) -> QuerySet[Organisation]:
    """Return the organisations with a seat at a place or below it."""
    return Organisation.objects.filter(ended_at=None, seat__path__within=path)


def masked_phone(phone: str | None) -> str:
    """Return the last four digits of a number, '' where there is none."""
    digits = "".join(sign for sign in phone or "" if sign.isdigit())
    return digits[-4:] if len(digits) > 4 else "*" * len(digits)


def _page(found: QuerySet[Person], at: datetime, words: str, cursor: str, size: int) -> Page[StaffRow]:
    found = found.filter(left_at=None)
    if words.strip():
        found = found.filter(matching(words))
    page = page_of(_with_roles(found, at), by="-id", cursor=cursor, size=size)
    return Page([_row(person) for person in page.rows], page.next)


def _with_roles(found: QuerySet[Person], at: datetime) -> QuerySet[Person]:
    held = Assignment.objects.filter(running(at)).select_related("role", "place", "grid", "organisation")
    return found.select_related("organisation", "account").prefetch_related(
        Prefetch("assignments", held.order_by("starts_at", "pk"), to_attr="held_now")
    )


def _row(person: Any) -> StaffRow:
    return StaffRow(
        id=person.pk,
        name=masked_name(person.name or ""),
        phone_tail=masked_phone(person.phone),
        organisation=person.organisation.name if person.organisation else "",
        roles=tuple(
            RoleName(
                one.role.name,
                one.role.name_en,
                place_name(one.grid or one.place or one.organisation),
                one.stands_in_for_id is not None,
            )
            for one in person.held_now
        ),
        has_account=getattr(person, "account", None) is not None,
    )
