"""Invitations by link and QR code: to an account with a role, or to a shift without an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.actions.accounts import create_account, start_afresh
from lastmetre.ground.people.actions.devices import sign_in_device
from lastmetre.ground.people.actions.persons import add_person, check_manages, covers, must_with, seat_path
from lastmetre.ground.people.actions.roles import check_scope
from lastmetre.ground.people.models import (
    Account,
    Assignment,
    Device,
    Fitness,
    Invitation,
    Organisation,
    Person,
    Role,
    Shift,
    ShiftDuty,
    Training,
)
from lastmetre.ground.people.queries.invitations import INVITATION, open_invitation
from lastmetre.ground.people.rules import (
    LIFE_OF_INVITATION,
    MOST_USES,
    DeviceKind,
    InvitationKind,
    Permission,
    Readiness,
    check_fit_for_duty,
    check_give,
)
from lastmetre.ground.people.tokens import hash_of, token_of
from lastmetre.ground.places.models import Grid, Place
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

THING = "people.invitation"
BRIEFING = "briefing before the shift"


@transaction.atomic
def invite(
    role: Role,
    *,
    by: Actor,
    at: datetime,
    place: Place | None = None,
    grid: Grid | None = None,
    organisation: Organisation | None = None,
    uses: int = 1,
    life: timedelta = LIFE_OF_INVITATION,
) -> Invitation:
    """Make a link that gives its holders an account with a role; nobody invites to more than they have."""
    place = grid.place if grid else place
    check_scope(role, place, organisation)
    check_give(role.permissions, covers(by, path=place.path if place else None, organisation=organisation))
    return _make(
        by,
        at,
        life,
        uses,
        InvitationKind.ACCOUNT,
        role=role,
        place=place,
        grid=grid,
        organisation=organisation,
    )


@transaction.atomic
def invite_person(
    person: Person, *, by: Actor, at: datetime, life: timedelta = LIFE_OF_INVITATION
) -> Invitation:
    """Make a link with which one person gets an account, or a new password and second factor."""
    if not by.may(Permission.ACCOUNTS, path=person.path) and person.organisation:
        must_with(by, Permission.ACCOUNTS, person.organisation)
    else:
        by.must(Permission.ACCOUNTS, path=person.path)
    check_manages(by, person, at=at)
    return _make(
        by, at, life, 1, InvitationKind.ACCOUNT, person=person, place_id=person.place_id, path=person.path
    )


@transaction.atomic
def invite_to_shift(shift: Shift, *, by: Actor, at: datetime, uses: int = MOST_USES) -> Invitation:
    """Make the link of a shift: volunteers need no account, and are out when it ends."""
    by.must(Permission.SQUADS, path=shift.squad.path)
    if shift.ends_at <= at or shift.cancelled_at is not None:
        raise InputError(say("This shift is over or was cancelled."), remedy=say("Plan another one."))
    return _make(by, at, shift.ends_at - at, uses, InvitationKind.SHIFT, shift=shift, place=shift.squad.place)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Take a link back; whoever used it keeps what it gave."""
    if invitation.given_by != by.key:
        path = invitation.path or seat_path(invitation.organisation)
        by.must(Permission.ACCOUNTS, path=path)
    if invitation.revoked_at is None:
        invitation.revoked_at, invitation.revoked_by = at, by.key
        invitation.save(update_fields=["revoked_at", "revoked_by"])
        record("took back", THING, invitation.pk, by=by, at=at, path=invitation.path or "")


def accept(
    token: str, *, at: datetime, username: str, password: str, name: str = "", phone: str = ""
) -> Account:
    """Make the account that a link promises, with its role; the second factor comes next."""
    with acting_as(SYSTEM):
        row = open_invitation(token, InvitationKind.ACCOUNT, at=at, lock=True)
        person = row.person
        if person is not None and (held := Account.objects.filter(person=person).first()):
            start_afresh(held, by=_self(person), at=at, password=password)
            account = held
        else:
            person = person or _new_person(row, name, phone, at)
            account = create_account(person, by=_self(person), at=at, username=username, password=password)
        if row.role is not None:
            _assign(row, person, at)
        _use(row, person, at)
        return account


def _known_here(shift: Shift, name: str, at: datetime) -> Person | None:
    """Return whom the place knows by this name as one of a squad or on duty in these hours; None: nobody, or several.

    The liaison may have given a cart to that name. Who has an account signs in, and who is signed in on another
    phone stays the one person on it.
    """
    place = shift.squad.place_id
    in_squad = Q(memberships__squad__place=place, memberships__left_at=None)
    on_duty = Q(
        duties__shift__squad__place=place,
        duties__given_up_at=None,
        duties__shift__starts_at__lt=shift.ends_at,
        duties__shift__ends_at__gt=at,
    )
    signed_in = Device.objects.filter(person=OuterRef("pk"), revoked_at=None, expires_at__gt=at)
    rows = Person.objects.filter(
        in_squad | on_duty, ~Exists(signed_in), left_at=None, account=None
    ).distinct()
    found = [one for one in rows if (one.name or "").strip() == name.strip()]
    return found[0] if len(found) == 1 else None


def accept_shift(
    token: str,
    *,
    at: datetime,
    name: str,
    is_fit: bool,
    is_briefed: bool,
    tested_at: datetime | None,
    test_hours: int,
    label: str,
) -> tuple[ShiftDuty, str]:
    """Let a volunteer into a shift by its link; returns the duty and the device's token.

    Raises InputError for who is unwell, not briefed or not tested (FC8); of them nothing is kept.
    """
    known = Readiness(at, is_fit, tested_at, is_trained=is_briefed)
    check_fit_for_duty(known, at=at, test_hours=test_hours)
    with acting_as(SYSTEM):
        row = open_invitation(token, InvitationKind.SHIFT, at=at, lock=True)
        shift = row.shift
        person = _known_here(shift, name, at)
        taken = shift.duties.filter(given_up_at=None).exclude(person=person).count()
        if taken >= shift.wanted + shift.wanted // 2 + 1:
            raise InputError(
                say("This shift has enough hands."), remedy=say("Ask for the link of the next shift.")
            )
        person = person or add_person(
            by=SYSTEM, at=at, place=shift.squad.place, name=name, outlives_response=False
        )
        Fitness(person=person, declared_at=at, is_fit=True, tested_at=tested_at).save(force_insert=True)
        Training(person=person, topic=BRIEFING, trained_on=at.date()).save(force_insert=True)
        duty, _ = ShiftDuty.objects.get_or_create(
            shift=shift, person=person, given_up_at=None, defaults={"taken_at": at}
        )
        _, device = sign_in_device(
            by=Actor(str(person.pk), ActorKind.VOLUNTEER),
            at=at,
            kind=DeviceKind.VOLUNTEER,
            path=shift.squad.path,
            label=label,
            life=shift.ends_at - at,
            person=person,
            shift=shift,
        )
        _use(row, person, at)
        return duty, device


def _make(
    by: Actor, at: datetime, life: timedelta, uses: int, kind: InvitationKind, **what: Any
) -> Invitation:
    if not 1 <= uses <= MOST_USES or life <= timedelta(0):
        raise InputError(
            say("A link is for 1 to {count} people and for some time.", count=MOST_USES),
            remedy=say("Make several links for more people."),
        )
    key = new_id()
    row = Invitation(
        id=key,
        kind=kind,
        token_hash=hash_of(token_of(key, INVITATION), INVITATION),
        uses_left=uses,
        created_at=at,
        expires_at=at + life,
        given_by=by.key,
        **{name: value for name, value in what.items() if value is not None},
    )
    path = row.path or (row.place.path if row.place else None)
    row.save(force_insert=True)
    record(
        "invited",
        THING,
        row.pk,
        by=by,
        at=at,
        path=path or seat_path(row.organisation),
        role=row.role_id,
        uses=uses,
    )
    return row


def _new_person(row: Any, name: str, phone: str, at: datetime) -> Person:
    place = row.place or row.organisation.seat
    if place is None:
        raise InputError(
            say("{name} has no seat, so nobody can be added to it.", name=row.organisation.name),
            remedy=say("Ask an administrator to enter where it has its seat."),
        )
    return add_person(by=SYSTEM, at=at, place=place, name=name, phone=phone, organisation=row.organisation)


def _assign(row: Any, person: Person, at: datetime) -> None:
    Assignment(
        person=person,
        role=row.role,
        place=row.place,
        path=row.path,
        grid=row.grid,
        organisation=row.organisation,
        starts_at=at,
        given_by=row.given_by,
    ).save(force_insert=True)


def _use(row: Any, person: Person, at: datetime) -> None:
    Invitation.objects.filter(pk=row.pk).update(uses_left=F("uses_left") - 1)
    record(
        "accepted",
        THING,
        row.pk,
        by=_self(person),
        at=at,
        path=person.path,
        role=row.role_id,
        given_by=row.given_by,
    )


def _self(person: Person) -> Actor:
    return Actor(str(person.pk), ActorKind.STAFF)
