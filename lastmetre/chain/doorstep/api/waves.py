"""Waves, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema

from lastmetre.chain.doorstep.actions import waves as actions
from lastmetre.chain.doorstep.models import Wave
from lastmetre.chain.doorstep.queries.waves import WaveRow, duty_or_404, wave_or_404, waves_of
from lastmetre.chain.doorstep.rules import Permission, Progress
from lastmetre.chain.orders.queries.rounds import round_or_404

router = Router()


class WaveIn(Schema):
    """A new wave; without times: from now on for three hours."""

    people: list[str] = Field([], max_length=200)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    needs_photo: bool = False


class PeopleIn(Schema):
    """Who goes."""

    people: list[str] = Field(min_length=1, max_length=200)


class PersonIn(Schema):
    """Who gets the cart."""

    person: str = Field(min_length=1, max_length=40)


class DutyOut(Schema):
    """A cart of a wave."""

    id: UUID
    cart: int
    person: str
    doors: int
    done: int
    failed: int
    progress: Progress


class WaveOut(Schema):
    """A wave with its carts."""

    id: UUID
    number: int
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    needs_photo: bool
    duties: list[DutyOut]


def _out(row: WaveRow) -> dict[str, Any]:
    wave = row.wave
    names = ("number", "starts_at", "ends_at", "ended_at", "needs_photo")
    duties = [
        {
            "id": one.duty.pk,
            "cart": one.duty.cart,
            "person": one.duty.person,
            "doors": one.doors,
            "done": one.done,
            "failed": one.failed,
            "progress": one.progress,
        }
        for one in row.duties
    ]
    return {"id": wave.pk, "duties": duties} | {name: getattr(wave, name) for name in names}


def _one(wave: Wave, at: datetime) -> dict[str, Any]:
    return next(_out(one) for one in waves_of(wave.round, at=at) if one.wave.pk == wave.pk)


@router.get("/rounds/{pk}/waves", response=list[WaveOut])
def wave_list(request: HttpRequest, pk: UUID) -> Any:
    """List the waves of a round with their carts, the latest first."""
    row = round_or_404(pk)
    request.actor.must(Permission.PLAN, path=row.path)
    return [_out(one) for one in waves_of(row, at=request.now)]


@router.post("/rounds/{pk}/waves", response=WaveOut)
def plan(request: HttpRequest, pk: UUID, payload: WaveIn) -> Any:
    """Send carts out: as they were sorted, the fullest to whoever carries least; who may not go is refused (FC8)."""
    made = actions.plan_wave(
        round_or_404(pk),
        by=request.actor,
        at=request.now,
        test_hours=settings.DUTY_TEST_HOURS,
        **payload.dict(),
    )
    return _one(made, request.now)


@router.post("/waves/{pk}/share", response=WaveOut)
def share(request: HttpRequest, pk: UUID, payload: PeopleIn) -> Any:
    """Give the carts that nobody has to people, by load."""
    wave = wave_or_404(pk)
    actions.share_out(
        wave, payload.people, by=request.actor, at=request.now, test_hours=settings.DUTY_TEST_HOURS
    )
    return _one(wave, request.now)


@router.post("/waves/{pk}/end", response=WaveOut)
def end(request: HttpRequest, pk: UUID) -> Any:
    """End a wave: its addresses are shown no more."""
    wave = wave_or_404(pk)
    actions.end_wave(wave, by=request.actor, at=request.now)
    return _one(wave, request.now)


@router.post("/duties/{pk}/assign", response={204: None})
def assign(request: HttpRequest, pk: UUID, payload: PersonIn) -> None:
    """Give a cart to somebody else; what is not delivered goes into their hands."""
    actions.assign(
        duty_or_404(pk),
        payload.person,
        by=request.actor,
        at=request.now,
        test_hours=settings.DUTY_TEST_HOURS,
    )


@router.post("/duties/{pk}/take", response={204: None})
def take(request: HttpRequest, pk: UUID) -> None:
    """Take a free cart, or set out with one's own once it was released."""
    duty = duty_or_404(pk)
    if duty.person == request.actor.key:
        actions.set_out(duty, by=request.actor, at=request.now)
    else:
        actions.take_free(duty, by=request.actor, at=request.now, test_hours=settings.DUTY_TEST_HOURS)
