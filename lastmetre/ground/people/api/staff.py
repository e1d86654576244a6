"""Organisations, staff, one person, devices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Schema
from pydantic import Field

from lastmetre.ground.people.actions import accounts, devices, persons
from lastmetre.ground.people.api.base import (
    Made,
    Moment,
    Name,
    Phone,
    Reason,
    one,
    person_seen,
    place_for,
    router,
)
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.people.queries.staff import colleagues, devices_of, staff_of
from lastmetre.ground.people.rules import DeviceKind, OrganisationKind, Permission
from lastmetre.ground.protection.actor import ActorKind
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, page_of


class RoleHeldOut(Schema):
    """A role that the caller has."""

    assignment: UUID
    role: str
    name: str
    name_en: str
    where: str
    is_deputy: bool
    ends_at: datetime | None


class MeOut(Schema):
    """Who the caller is."""

    key: str
    kind: ActorKind
    roles: list[RoleHeldOut]


class RoleNameOut(Schema):
    """A role as lists show it."""

    name: str
    name_en: str
    where: str
    is_deputy: bool


class StaffOut(Schema):
    """Somebody, masked."""

    id: UUID
    name: str
    phone_tail: str
    organisation: str
    roles: list[RoleNameOut]
    has_account: bool


class OrganisationOut(Schema):
    """An organisation."""

    id: UUID
    kind: str
    name: str
    seat: UUID | None

    @staticmethod
    def resolve_seat(row: Any) -> UUID | None:
        """Return the id of the place of its seat."""
        found: UUID | None = row.seat_id
        return found


class DeviceOut(Schema):
    """A device of the caller."""

    id: UUID
    kind: DeviceKind
    label: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class OrganisationIn(Schema):
    """A new organisation."""

    kind: OrganisationKind
    name: Name
    seat: UUID


class PersonIn(Schema):
    """Somebody new on the staff of a place."""

    place: UUID
    name: Name
    phone: Phone = ""
    organisation: UUID | None = None


class PersonChange(Schema):
    """How somebody is called and reached; what is empty stays."""

    name: Annotated[str, Field(max_length=60)] = ""
    phone: Phone = ""


class FitnessIn(Schema):
    """Whether somebody feels well today, and their last negative test (FC8)."""

    is_fit: bool
    tested_at: Moment | None = None


class TrainingIn(Schema):
    """A training before duty."""

    topic: Name
    trained_on: date


class RevealedOut(Schema):
    """Name and phone in full."""

    name: str
    phone: str


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> dict[str, Any]:
    """Say who the caller is and which roles they have at present."""
    return {"key": request.actor.key, "kind": request.actor.kind, "roles": request.visitor.roles}


@router.get("/organisations", response=Listing[OrganisationOut])
def organisations(request: HttpRequest, place: UUID, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """List the organisations with a seat at a place or below it."""
    found = place_for(request, place, Permission.SEE)
    rows = Organisation.objects.filter(Q(seat__path__within=found.path), ended_at=None)
    return page_of(rows, by="name", cursor=cursor, size=limit)


@router.post("/organisations", response=Made)
def add_organisation(request: HttpRequest, payload: OrganisationIn) -> Any:
    """Add an organisation."""
    seat = place_for(request, payload.seat, Permission.EDIT)
    return persons.add_organisation(
        by=request.actor, at=request.now, kind=payload.kind, name=payload.name, seat=seat
    )


@router.get("/staff", response=Listing[StaffOut])
def staff(request: HttpRequest, place: UUID, q: str = "", cursor: Cursor = "", limit: Limit = 50) -> Any:
    """List the people of a place, masked; `q` is a name, pinyin initials or a phone tail."""
    found = place_for(request, place, Permission.SEE)
    return staff_of(found, at=request.now, words=q[:60], cursor=cursor, size=limit)


@router.post("/staff", response=Made)
def add_person(request: HttpRequest, payload: PersonIn) -> Any:
    """Add somebody to the staff of a place."""
    place = place_for(request, payload.place, Permission.EDIT)
    firm = (
        one(Organisation.objects.select_related("seat"), payload.organisation)
        if payload.organisation
        else None
    )
    return persons.add_person(
        by=request.actor,
        at=request.now,
        place=place,
        name=payload.name,
        phone=payload.phone,
        organisation=firm,
    )


@router.get("/persons/{pk}", response=StaffOut)
def person(request: HttpRequest, pk: UUID) -> Any:
    """Show one person, masked."""
    found = person_seen(pk)
    if str(pk) != request.actor.key and not (
        found.organisation_id and request.actor.may(Permission.SEE, organisation=found.organisation_id)
    ):
        request.actor.must(Permission.SEE, path=found.path)
    return colleagues([found], at=request.now)[0]


@router.patch("/persons/{pk}", response={204: None})
def change_person(request: HttpRequest, pk: UUID, payload: PersonChange) -> None:
    """Change how somebody is called and reached."""
    persons.change_person(
        person_seen(pk), by=request.actor, at=request.now, name=payload.name, phone=payload.phone
    )


@router.post("/persons/{pk}/reveal", response=RevealedOut)
def reveal(request: HttpRequest, pk: UUID, payload: Reason) -> Any:
    """Show somebody's name and phone in full; recorded, and counted for the alarm."""
    found = person_seen(pk)
    persons.reveal(found, by=request.actor, at=request.now, why=payload.why)
    return {"name": found.name or "", "phone": found.phone or ""}


@router.post("/persons/{pk}/fitness", response={204: None})
def fitness(request: HttpRequest, pk: UUID, payload: FitnessIn) -> None:
    """Write down whether somebody feels well today."""
    persons.declare_fitness(
        person_seen(pk),
        by=request.actor,
        at=request.now,
        is_fit=payload.is_fit,
        tested_at=payload.tested_at,
    )


@router.post("/persons/{pk}/trainings", response={204: None})
def training(request: HttpRequest, pk: UUID, payload: TrainingIn) -> None:
    """Write down a training."""
    persons.add_training(
        [person_seen(pk)],
        by=request.actor,
        at=request.now,
        topic=payload.topic,
        trained_on=payload.trained_on,
    )


@router.post("/persons/{pk}/let-go", response={204: None})
def let_go(request: HttpRequest, pk: UUID, payload: Reason) -> None:
    """Take somebody off the staff."""
    persons.let_go(person_seen(pk), by=request.actor, at=request.now, why=payload.why)


@router.post("/persons/{pk}/account/close", response={204: None})
def close_account(request: HttpRequest, pk: UUID, payload: Reason) -> None:
    """Close somebody's account and sign out their devices."""
    accounts.close_account(_account(pk), by=request.actor, at=request.now, why=payload.why)


@router.post("/persons/{pk}/account/open", response={204: None})
def open_account(request: HttpRequest, pk: UUID) -> None:
    """Open somebody's account again."""
    accounts.open_account(_account(pk), by=request.actor, at=request.now)


@router.get("/devices", response=list[DeviceOut])
def my_devices(request: HttpRequest) -> Any:
    """List the caller's own devices that are signed in."""
    household = request.visitor.household
    return devices_of(
        at=request.now, **({"household": household} if household else {"person": request.actor.key})
    )


@router.delete("/devices/{pk}", response={204: None})
def revoke_device(request: HttpRequest, pk: UUID) -> None:
    """Sign a device out."""
    devices.revoke_device(pk, by=request.actor, at=request.now)


def _account(pk: UUID) -> Any:
    found = getattr(person_seen(pk), "account", None)
    if found is None:
        raise Http404
    return found
