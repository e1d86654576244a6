"""Devices: signing in makes one, signing out or losing it revokes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.models import Assignment, Device, Person, Throttle
from lastmetre.ground.people.queries.door import DEVICE
from lastmetre.ground.people.rules import FORGET_FAILURES, LIFE_OF_DEVICE, DeviceKind, Permission
from lastmetre.ground.people.tokens import hash_of, new_token
from lastmetre.ground.protection.actor import Actor, Denied
from lastmetre.terms import InputError, say

LABEL_LENGTH = 60
KEPT_AFTER_END = timedelta(days=30)
"""So that the journal's lines about a device can still be understood."""


@transaction.atomic
def sign_in_device(
    *,
    by: Actor,
    at: datetime,
    kind: DeviceKind,
    path: str,
    label: str = "",
    life: timedelta | None = None,
    **owner: Any,
) -> tuple[Device, str]:
    """Make a device for `person=`, `household=` (with `card=`) or a volunteer's `shift=`; returns its token.

    The token is told this once; the database keeps a keyed hash of it.
    """
    token = new_token()
    device = Device(
        kind=kind,
        token_hash=hash_of(token, DEVICE),
        label=label[:LABEL_LENGTH] or kind.value,
        created_at=at,
        seen_at=at,
        expires_at=at + (life or LIFE_OF_DEVICE[kind]),
        **owner,
    )
    device.save(force_insert=True)
    record("signed in", "people.device", device.pk, by=by, at=at, path=path, how=kind.value)
    return device, token


@transaction.atomic
def make_token(person: Person, assignment: Assignment, *, by: Actor, at: datetime, label: str) -> str:
    """Make an API token for oneself that may do what one of one's roles may; told this once."""
    if str(person.pk) != by.key or assignment.person_id != person.pk:
        raise Denied(say("Tokens are made by whoever they stand for."), remedy=say("Sign in as that person."))
    _, token = sign_in_device(
        by=by,
        at=at,
        kind=DeviceKind.TOKEN,
        path=person.path,
        label=label,
        person=person,
        assignment=assignment,
    )
    return token


@transaction.atomic
def revoke_device(device_id: UUID, *, by: Actor, at: datetime) -> None:
    """Sign a device out for good; raises InputError where it is not the actor's to revoke."""
    device = Device.objects.select_related("person", "household").filter(pk=device_id).first()
    if device is None:
        raise InputError(say("This device is not known."), remedy=say("Load the page again."))
    path = (device.person or device.household).path
    if str(device.person_id or device.household_id) != by.key:
        by.must(Permission.ACCOUNTS, path=path)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = at, by.key
        device.save(update_fields=["revoked_at", "revoked_by"])
        record("signed out", "people.device", device.pk, by=by, at=at, path=path)


def revoke_devices_of(*, by: Actor, at: datetime, **owner: Any) -> int:
    """Sign out all devices of a `person=` or a `card=`; returns how many there were. The caller journals."""
    return Device.objects.filter(revoked_at=None, **owner).update(revoked_at=at, revoked_by=by.key)


def seen(device: UUID, *, at: datetime) -> None:
    """Remember that a device was used; no journal line, for nothing was done with it."""
    Device.objects.filter(pk=device).update(seen_at=at)


def forget_expired(*, at: datetime) -> int:
    """Remove devices that ended a month ago, and failures a day old; returns how many devices."""
    past = at - KEPT_AFTER_END
    removed, _ = Device.objects.filter(Q(expires_at__lt=past) | Q(revoked_at__lt=past)).delete()
    Throttle.objects.filter(first_at__lt=at - FORGET_FAILURES).exclude(open_again_at__gt=at).delete()
    return removed
