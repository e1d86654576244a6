"""Organisations and persons: who is there, who left, who is fit and trained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from lastmetre.ground.journal.actions import record
from lastmetre.ground.journal.actions import reveal as record_reading
from lastmetre.ground.people.actions.devices import revoke_devices_of
from lastmetre.ground.people.actions.endings import end_with_deputies
from lastmetre.ground.people.models import Account, Assignment, Fitness, Organisation, Person, Training
from lastmetre.ground.people.rules import OrganisationKind, Permission, check_give
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import EVERYWHERE, SYSTEM, Actor, Denied
from lastmetre.ground.protection.responses import response_for, standing_response
from lastmetre.ground.protection.scope import acting_as
from lastmetre.ground.protection.search import initials_of
from lastmetre.terms import InputError, say

PERSON = "people.person"
ORGANISATION = "people.organisation"
NAME_LENGTH = 60


def seat_path(organisation: Any) -> str:
    """Return the path of an organisation's seat, under which its lines stand in the journal."""
    if organisation.seat_id is None:
        return EVERYWHERE
    seat = organisation._state.fields_cache.get("seat")
    if seat is None:
        with acting_as(SYSTEM):  # an organisation's own people may not see the place of its seat
            seat = organisation._state.fields_cache["seat"] = Place.objects.get(pk=organisation.seat_id)
    path: str = seat.path
    return path


def may_with(by: Actor, permission: str, organisation: Any) -> bool:
    """Tell whether an actor may do something with an organisation: from within, or from where its seat is."""
    within = by.may(permission, organisation=organisation.pk)
    return within or (organisation.seat_id is not None and by.may(permission, path=seat_path(organisation)))


def must_with(by: Actor, permission: str, organisation: Any) -> None:
    """Raise Denied where `may_with` says no."""
    if not may_with(by, permission, organisation):
        by.must(permission, path=seat_path(organisation))
        raise Denied(
            say("Your role does not allow this for {name}.", name=organisation.name),
            remedy=say("Ask an administrator of the place where it has its seat."),
        )


def pinyin_of(name: str) -> str:
    """Return the initials that an organisation is found by, in all readings."""
    return " ".join(initials_of(name))[:160]


@transaction.atomic
def add_organisation(
    *, by: Actor, at: datetime, kind: OrganisationKind, name: str, seat: Place | None
) -> Organisation:
    """Add an organisation; raises InputError where the place has one of that kind and name."""
    by.must(Permission.EDIT, path=seat.path if seat else EVERYWHERE)
    row = Organisation(kind=kind, name=_named(name), pinyin=pinyin_of(name), seat=seat)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise InputError(
            say("{name} is already there.", name=name),
            remedy=say("Use the one that is there, or give this one another name."),
        ) from error
    record("added", ORGANISATION, row.pk, by=by, at=at, path=seat_path(row), of=kind.value)
    return row


@transaction.atomic
def add_person(
    *,
    by: Actor,
    at: datetime,
    place: Place,
    name: str,
    phone: str = "",
    organisation: Organisation | None = None,
    outlives_response: bool = True,
) -> Person:
    """Add somebody to the staff of a place; helpers of one emergency are erased with it."""
    if organisation is None:
        by.must(Permission.EDIT, path=place.path)
    elif not by.may(Permission.EDIT, path=place.path):
        must_with(by, Permission.EDIT, organisation)
    row = Person(
        place=place,
        path=place.path,
        organisation=organisation,
        response=standing_response(at) if outlives_response else response_for(place.path),
        name=_named(name),
        phone=phone.strip(),
    )
    row.save(force_insert=True)
    record("added", PERSON, row.pk, by=by, at=at, path=place.path)
    return row


@transaction.atomic
def change_person(person: Person, *, by: Actor, at: datetime, name: str, phone: str) -> None:
    """Change how somebody is called and reached; themselves or who keeps the staff list. '' stays as it is."""
    _must_edit(person, by)
    given = {key: value.strip() for key, value in (("name", name), ("phone", phone)) if value.strip()}
    changed = [key for key, value in given.items() if getattr(person, key) != value]
    if not changed:
        return
    person.name, person.phone = (
        _named(given.get("name") or person.name or ""),
        given.get("phone", person.phone),
    )
    person.save(update_fields=["name", "phone", "search_marks"])
    record("changed", PERSON, person.pk, by=by, at=at, path=person.path, fields=changed)


@transaction.atomic
def reveal(person: Person, *, by: Actor, at: datetime, why: str = "") -> None:
    """Record that somebody reads a colleague's name and phone in full; one's own is free."""
    if str(person.pk) == by.key:
        return
    if not (person.organisation_id and by.may(Permission.REVEAL, organisation=person.organisation_id)):
        by.must(Permission.REVEAL, path=person.path)
    record_reading(PERSON, person.pk, by=by, at=at, path=person.path, why=why)


def covers(by: Actor, *, path: str | None, organisation: Organisation | None) -> Callable[[str], bool]:
    """Return the question whether an actor holds a permission at a place or for an organisation."""
    if organisation is not None:
        return lambda permission: may_with(by, permission, organisation)
    return lambda permission: by.may(permission, path=path)


def check_manages(by: Actor, person: Person, *, at: datetime) -> None:
    """Raise Denied for who manages the account of somebody whose roles they could not give: else they could become them."""
    with acting_as(SYSTEM):
        held = list(
            Assignment.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), person=person).select_related(
                "role", "organisation__seat"
            )
        )
    for one in held:
        check_give(one.role.permissions, covers(by, path=one.path, organisation=one.organisation))


@transaction.atomic
def let_go(person: Person, *, by: Actor, at: datetime, why: str = "") -> None:
    """Take somebody off the staff: roles end, devices are signed out, the account is closed."""
    by.must(Permission.EDIT, path=person.path)
    check_manages(by, person, at=at)
    with acting_as(SYSTEM):  # their roles at places that the actor does not see end as well
        held = Assignment.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), person=person)
        end_with_deputies(held.values_list("pk", flat=True), at=at)
    Account.objects.filter(person=person).update(is_active=False)
    revoke_devices_of(by=by, at=at, person=person)
    person.left_at = at
    person.save(update_fields=["left_at"])
    record("let go", PERSON, person.pk, by=by, at=at, path=person.path, why=why)


@transaction.atomic
def declare_fitness(
    person: Person, *, by: Actor, at: datetime, is_fit: bool, tested_at: datetime | None = None
) -> Fitness:
    """Write down whether somebody feels well today and when they were last tested (FC8)."""
    _must_edit(person, by)
    if tested_at is not None and tested_at > at:
        raise InputError(say("The test lies in the future."), remedy=say("Enter when the sample was taken."))
    row = Fitness(person=person, declared_at=at, is_fit=is_fit, tested_at=tested_at)
    row.save(force_insert=True)
    # Whether somebody is well is nobody's business but the shift's: the journal knows that they said it.
    record("declared fitness", PERSON, person.pk, by=by, at=at, path=person.path)
    return row


@transaction.atomic
def add_training(persons: Iterable[Person], *, by: Actor, at: datetime, topic: str, trained_on: date) -> int:
    """Write down that people were trained in a topic (YX20); returns how many lines are new."""
    rows = []
    for person in persons:
        by.must(Permission.EDIT, path=person.path)
        rows.append(Training(person=person, topic=_named(topic), trained_on=trained_on))
        record("trained", PERSON, person.pk, by=by, at=at, path=person.path, on=trained_on.isoformat())
    return len(Training.objects.bulk_create(rows, ignore_conflicts=True))


def _must_edit(person: Person, by: Actor) -> None:
    if str(person.pk) == by.key:
        return
    if person.organisation and by.may(Permission.EDIT, organisation=person.organisation_id):
        return
    by.must(Permission.EDIT, path=person.path)


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > NAME_LENGTH:
        raise InputError(
            say("A name of 1 to {count} characters is wanted.", count=NAME_LENGTH),
            remedy=say("Write it as people say it."),
        )
    return plain
