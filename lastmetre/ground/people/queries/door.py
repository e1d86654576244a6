"""Who stands before the door: from a token to an actor, in two short queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from lastmetre.ground.people import catalogue
from lastmetre.ground.people.models import Assignment, Device, Role
from lastmetre.ground.people.queries.names import place_name
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.people.tokens import hash_of
from lastmetre.ground.places.models import GridMember
from lastmetre.ground.protection.actor import Actor, ActorKind, Grant, is_within

DEVICE = "device"
"""The purpose under which tokens of devices are hashed."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody has at present."""

    assignment: UUID
    role: str
    name: str
    name_en: str
    home: str
    permissions: frozenset[str]
    where: str
    """Name of the place, grid or organisation."""
    place: UUID | None
    grid: UUID | None
    """Then the role covers the grid's members, not all of the place."""
    paths: tuple[str, ...]
    organisation: UUID | None
    is_deputy: bool
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, for the frame of the page; `actor` is what queries and actions take."""

    actor: Actor
    kind: DeviceKind
    device: UUID
    seen_at: datetime
    name: str = ""
    """As called on screen, in full: their own name on their own device."""
    roles: tuple[Held, ...] = ()
    language: str = ""
    household: UUID | None = None
    shift: UUID | None = None
    place_name: str = field(default="")
    expires_at: datetime | None = None


def visitor_of_token(token: str, *, at: datetime) -> Visitor | None:
    """Return who holds a token that is neither revoked nor expired; asked by the door as SYSTEM."""
    device = (
        Device.objects.filter(token_hash=hash_of(token, DEVICE), revoked_at=None, expires_at__gt=at)
        .select_related("person__account", "household__place", "shift__squad__place")
        .first()
    )
    if device is None:
        return None
    if device.kind == DeviceKind.HOUSEHOLD:
        return _household(device)
    if device.person.left_at is not None:
        return None
    return _volunteer(device) if device.kind == DeviceKind.VOLUNTEER else _staff(device, at)


def actor_of_token(token: str, *, at: datetime) -> Actor | None:
    """Return the actor of a token, for callers that show no page."""
    visitor = visitor_of_token(token, at=at)
    return visitor.actor if visitor else None


def running(at: datetime) -> Q:
    """Return the filter for assignments that hold at a time."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def held_by(person: UUID, *, at: datetime) -> tuple[Held, ...]:
    """Return the roles of a person at a time; one query."""
    return tuple(_held(row) for row in _assignments(at).filter(person=person).order_by("starts_at", "pk"))


def actor_of_person(person: UUID, held: tuple[Held, ...], *, device: str = "") -> Actor:
    """Return the actor of somebody on the staff from the roles that they have."""
    return Actor(
        key=str(person),
        kind=ActorKind.STAFF,
        sees=uppermost(path for one in held for path in one.paths),
        organisations=tuple(dict.fromkeys(one.organisation for one in held if one.organisation)),
        grants=tuple(grant for one in held for grant in _grants(one)),
        device=device,
    )


def uppermost(paths: Any) -> tuple[str, ...]:
    """Leave out paths that lie within another one of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(is_within(path, above) for above in kept):
            kept.append(path)
    return tuple(kept)


def _assignments(at: datetime) -> QuerySet[Assignment]:
    members = GridMember.objects.filter(grid=OuterRef("grid")).annotate(as_text=Cast("path", TextField()))
    return (
        Assignment.objects.filter(running(at), role__ended_at=None)
        .select_related("role", "place", "grid", "organisation")
        .annotate(grid_paths=ArraySubquery(members.values("as_text")), own_path=F("path"))
    )


def _held(row: Any) -> Held:
    if row.grid_id:
        paths, where = tuple(row.grid_paths), place_name(row.grid)
    elif row.place_id:
        paths, where = (row.path,), place_name(row.place)
    else:
        paths, where = (), place_name(row.organisation)
    return Held(
        assignment=row.pk,
        role=row.role_id,
        name=row.role.name,
        name_en=row.role.name_en,
        home=row.role.home,
        permissions=frozenset(row.role.permissions),
        where=where,
        place=row.place_id,
        grid=row.grid_id,
        paths=paths,
        organisation=row.organisation_id,
        is_deputy=row.stands_in_for_id is not None,
        ends_at=row.ends_at,
    )


def _grants(held: Held) -> list[Grant]:
    if held.organisation:
        return [Grant(held.permissions, organisation=held.organisation, role=held.role)]
    return [Grant(held.permissions, path=path, role=held.role) for path in held.paths]


def _staff(device: Any, at: datetime) -> Visitor | None:
    account = getattr(device.person, "account", None)
    if account is None or not account.is_active:
        return None
    held = held_by(device.person_id, at=at)
    if device.assignment_id:
        held = tuple(one for one in held if one.assignment == device.assignment_id)
    actor = actor_of_person(device.person_id, held, device=str(device.pk))
    return Visitor(
        actor=actor,
        kind=DeviceKind(device.kind),
        device=device.pk,
        seen_at=device.seen_at,
        name=device.person.name or account.username,
        roles=held,
        language=account.language,
        expires_at=device.expires_at,
        place_name=held[0].where if held else "",
    )


def _household(device: Any) -> Visitor:
    door = device.household.place
    grant = _narrow_grant(catalogue.HOUSEHOLD, door.path)
    return Visitor(
        actor=Actor(
            str(device.household_id), ActorKind.HOUSEHOLD, (door.path,), grants=grant, device=str(device.pk)
        ),
        kind=DeviceKind.HOUSEHOLD,
        device=device.pk,
        seen_at=device.seen_at,
        household=device.household_id,
        place_name=door.name,
        expires_at=device.expires_at,
    )


def _volunteer(device: Any) -> Visitor | None:
    shift = device.shift
    if shift.cancelled_at is not None:
        return None
    squad = shift.squad
    grant = _narrow_grant(catalogue.VOLUNTEER, squad.path)
    return Visitor(
        actor=Actor(
            str(device.person_id), ActorKind.VOLUNTEER, (squad.path,), grants=grant, device=str(device.pk)
        ),
        kind=DeviceKind.VOLUNTEER,
        device=device.pk,
        seen_at=device.seen_at,
        name=device.person.name or "",
        shift=shift.pk,
        place_name=squad.place.name,
        expires_at=device.expires_at,
    )


def _narrow_grant(role: str, path: str) -> tuple[Grant, ...]:
    permissions = Role.objects.filter(code=role, ended_at=None).values_list("permissions", flat=True).first()
    return (Grant(frozenset(permissions or ()), path=path, role=role),)
