"""Who stands before the door: from a token to an actor, in two short queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from lastmetre.ground.people import catalogue
from lastmetre.ground.people.models import Person
from lastmetre.ground.people.queries.door_rows import (
    FoundDevice,
    HeldRow,
    device_of,
    held_rows,
    permissions_of,
)
from lastmetre.ground.people.queries.names import called
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.people.tokens import hash_of
from lastmetre.ground.protection.actor import Actor, ActorKind, Grant, is_within
from lastmetre.ground.protection.fields import Sealed

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
    is_demo: bool = False
    """Whether the clock may be moved here."""


def visitor_of_token(token: str, *, at: datetime) -> Visitor | None:
    """Return who holds a token that is neither revoked nor expired; asked by the door as SYSTEM."""
    device = device_of(hash_of(token, DEVICE), at)
    if device is None:
        return None
    if device.kind == DeviceKind.HOUSEHOLD:
        return _household(device)
    if device.person is None or device.left_at is not None:
        return None
    return _volunteer(device) if device.kind == DeviceKind.VOLUNTEER else _staff(device, device.person, at)


def actor_of_token(token: str, *, at: datetime) -> Actor | None:
    """Return the actor of a token, for callers that show no page."""
    visitor = visitor_of_token(token, at=at)
    return visitor.actor if visitor else None


def running(at: datetime) -> Q:
    """Return the filter for assignments that hold at a time."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def held_by(person: UUID, *, at: datetime) -> tuple[Held, ...]:
    """Return the roles of a person at a time; one query."""
    return tuple(_held(row) for row in held_rows(person, at))


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


def _held(row: HeldRow) -> Held:
    paths: tuple[str, ...] = ()
    where = row.organisation_name
    if row.grid:
        paths, where = tuple(row.grid_paths), row.grid_name
    elif row.path:
        paths = (row.path,)
        where = called(row.place_kind or "", row.place_name) if row.place_name else ""
    return Held(
        assignment=row.id,
        role=row.role,
        name=row.name,
        name_en=row.name_en,
        home=row.home,
        permissions=frozenset(row.permissions),
        where=where or "",
        place=row.place,
        grid=row.grid,
        paths=paths,
        organisation=row.organisation,
        is_deputy=row.stands_in_for is not None,
        ends_at=row.ends_at,
    )


def _grants(held: Held) -> list[Grant]:
    if held.organisation:
        return [Grant(held.permissions, organisation=held.organisation, role=held.role)]
    return [Grant(held.permissions, path=path, role=held.role) for path in held.paths]


def _staff(device: FoundDevice, person: UUID, at: datetime) -> Visitor | None:
    if not device.is_active:
        return None
    held = held_by(person, at=at)
    if device.assignment:
        held = tuple(one for one in held if one.assignment == device.assignment)
    return Visitor(
        actor=actor_of_person(person, held, device=str(device.id)),
        kind=DeviceKind(device.kind),
        device=device.id,
        seen_at=device.seen_at,
        name=_own_name(device) or device.username or "",
        roles=held,
        language=device.language or "",
        expires_at=device.expires_at,
        is_demo=device.is_demo,
        place_name=held[0].where if held else "",
    )


def _household(device: FoundDevice) -> Visitor:
    return Visitor(
        actor=_narrow(ActorKind.HOUSEHOLD, catalogue.HOUSEHOLD, device.household, device.door_path, device),
        kind=DeviceKind.HOUSEHOLD,
        device=device.id,
        seen_at=device.seen_at,
        household=device.household,
        place_name=device.door or "",
        expires_at=device.expires_at,
        is_demo=device.is_demo,
    )


def _volunteer(device: FoundDevice) -> Visitor | None:
    if device.cancelled_at is not None:
        return None
    return Visitor(
        actor=_narrow(ActorKind.VOLUNTEER, catalogue.VOLUNTEER, device.person, device.squad_path, device),
        kind=DeviceKind.VOLUNTEER,
        device=device.id,
        seen_at=device.seen_at,
        name=_own_name(device),
        shift=device.shift,
        place_name=device.squad_place or "",
        expires_at=device.expires_at,
        is_demo=device.is_demo,
    )


def _narrow(kind: ActorKind, role: str, key: UUID | None, path: str | None, device: FoundDevice) -> Actor:
    """Return an actor of one role at one place: a household at its door, a volunteer of a shift."""
    sees = (path,) if path else ()
    grants = tuple(Grant(permissions_of(role), path=one, role=role) for one in sees)
    return Actor(str(key), kind, sees, grants=grants, device=str(device.id))


def _own_name(device: FoundDevice) -> str:
    sealed = Sealed(device.sealed_name) if device.sealed_name is not None else None
    return Person(id=device.person, name=sealed).name or ""
