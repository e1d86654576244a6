"""Squads, shifts and who is on them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Schema
from pydantic import Field

from lastmetre.ground.people.actions import squads
from lastmetre.ground.people.actions.invitations import invite_to_shift
from lastmetre.ground.people.api.base import (
    Made,
    Moment,
    Name,
    Reason,
    one,
    person_seen,
    place_for,
    router,
)
from lastmetre.ground.people.api.roles import InvitationOut
from lastmetre.ground.people.models import Shift, ShiftDuty, Squad, SquadMember
from lastmetre.ground.people.queries.invitations import invitation_row
from lastmetre.ground.people.queries.squads import duties_of, members_of, shifts_of, squads_at
from lastmetre.ground.people.rules import Permission, SquadKind


class ShiftOut(Schema):
    """A wave: how many hands it wants and has."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    wanted: int
    taken: int
    started: int


class SquadOut(Schema):
    """A squad with its next shifts."""

    id: UUID
    kind: SquadKind
    name: str
    duty: str
    place: str
    members: int
    leader: str
    shifts: list[ShiftOut]


class ReadyOut(Schema):
    """Somebody, and why they may not work now."""

    person: UUID
    name: str
    unfit: str

    @staticmethod
    def resolve_unfit(row: Any) -> str:
        """Return the sentence in the caller's language, '' for who is fit."""
        return row.unfit.text(gettext) if row.unfit else ""


class MemberOut(ReadyOut):
    """Somebody in a squad."""

    member: UUID
    is_leader: bool


class DutyOut(ReadyOut):
    """Somebody on a shift."""

    duty: UUID
    is_started: bool


class SquadIn(Schema):
    """A new squad, gate team or work group."""

    place: UUID
    kind: SquadKind
    name: Name
    duty: Annotated[str, Field(max_length=300)] = ""


class MemberIn(Schema):
    """Somebody for a squad."""

    person: UUID
    is_leader: bool = False


class ShiftIn(Schema):
    """A new wave."""

    starts_at: Moment
    ends_at: Moment
    wanted: Annotated[int, Field(ge=1, le=500)]


class DutyIn(Schema):
    """Somebody for a shift."""

    person: UUID


@router.get("/squads", response=list[SquadOut])
def squad_list(request: HttpRequest, place: UUID) -> Any:
    """List the squads of a place and below it with their next shifts."""
    return squads_at(place_for(request, place, Permission.SEE), at=request.now)


@router.post("/squads", response=Made)
def add_squad(request: HttpRequest, payload: SquadIn) -> Any:
    """Add a squad."""
    place = place_for(request, payload.place, Permission.SQUADS)
    return squads.add_squad(
        by=request.actor, at=request.now, place=place, kind=payload.kind, name=payload.name, duty=payload.duty
    )


@router.delete("/squads/{pk}", response={204: None})
def end_squad(request: HttpRequest, pk: UUID) -> None:
    """Dissolve a squad and cancel its shifts."""
    squads.end_squad(_squad(request, pk), by=request.actor, at=request.now)


@router.get("/squads/{pk}/members", response=list[MemberOut])
def member_list(request: HttpRequest, pk: UUID) -> Any:
    """List who is in a squad and who is fit for duty."""
    _squad(request, pk)
    return members_of(pk, at=request.now, test_hours=settings.DUTY_TEST_HOURS)


@router.post("/squads/{pk}/members", response=Made)
def join(request: HttpRequest, pk: UUID, payload: MemberIn) -> Any:
    """Put somebody into a squad."""
    person = person_seen(payload.person)
    return squads.join_squad(
        _squad(request, pk), person, by=request.actor, at=request.now, is_leader=payload.is_leader
    )


@router.delete("/members/{pk}", response={204: None})
def leave(request: HttpRequest, pk: UUID) -> None:
    """Take somebody out of a squad."""
    member = one(SquadMember.objects.select_related("squad").filter(left_at=None), pk)
    squads.leave_squad(member, by=request.actor, at=request.now)


@router.get("/squads/{pk}/shifts", response=list[ShiftOut])
def shift_list(request: HttpRequest, pk: UUID) -> Any:
    """List the running and coming shifts of a squad."""
    _squad(request, pk)
    return shifts_of(pk, at=request.now)


@router.post("/squads/{pk}/shifts", response=Made)
def plan_shift(request: HttpRequest, pk: UUID, payload: ShiftIn) -> Any:
    """Plan a wave of a squad's work."""
    return squads.plan_shift(
        _squad(request, pk),
        by=request.actor,
        at=request.now,
        starts_at=payload.starts_at,
        ends_at=payload.ends_at,
        wanted=payload.wanted,
    )


@router.post("/shifts/{pk}/cancel", response={204: None})
def cancel_shift(request: HttpRequest, pk: UUID, payload: Reason) -> None:
    """Cancel a shift; its volunteers are signed out."""
    squads.cancel_shift(_shift(request, pk), by=request.actor, at=request.now, why=payload.why)


@router.post("/shifts/{pk}/link", response=InvitationOut)
def shift_link(request: HttpRequest, pk: UUID) -> Any:
    """Make the link by which volunteers join a shift without an account."""
    made = invite_to_shift(_shift(request, pk), by=request.actor, at=request.now)
    return invitation_row(made.pk, at=request.now)


@router.get("/shifts/{pk}/duties", response=list[DutyOut])
def duty_list(request: HttpRequest, pk: UUID) -> Any:
    """List who is on a shift and who may begin."""
    _shift(request, pk)
    return duties_of(pk, at=request.now, test_hours=settings.DUTY_TEST_HOURS)


@router.post("/shifts/{pk}/duties", response=Made)
def take_duty(request: HttpRequest, pk: UUID, payload: DutyIn) -> Any:
    """Put somebody on a shift."""
    return squads.take_duty(
        _shift(request, pk), person_seen(payload.person), by=request.actor, at=request.now
    )


@router.post("/duties/{pk}/start", response={204: None})
def start_duty(request: HttpRequest, pk: UUID) -> None:
    """Let somebody begin who is fit for duty (FC8)."""
    squads.start_duty(_duty(pk), by=request.actor, at=request.now, test_hours=settings.DUTY_TEST_HOURS)


@router.delete("/duties/{pk}", response={204: None})
def give_up_duty(request: HttpRequest, pk: UUID) -> None:
    """Take somebody off a shift."""
    squads.give_up_duty(_duty(pk), by=request.actor, at=request.now)


def _squad(request: HttpRequest, pk: UUID) -> Any:
    found = one(Squad.objects.select_related("place").filter(ended_at=None), pk)
    request.actor.must(Permission.SEE, path=found.path)
    return found


def _shift(request: HttpRequest, pk: UUID) -> Any:
    found = one(Shift.objects.select_related("squad__place").filter(cancelled_at=None), pk)
    request.actor.must(Permission.SEE, path=found.squad.path)
    return found


def _duty(pk: UUID) -> Any:
    return one(ShiftDuty.objects.select_related("shift__squad").filter(given_up_at=None), pk)
