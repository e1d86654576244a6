"""The queue at the delivery point, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Field, Router, Schema

from lastmetre.chain.doorstep.actions import pickup as actions
from lastmetre.chain.doorstep.actions import slips, switching
from lastmetre.chain.doorstep.api.doors import AnswerOut
from lastmetre.chain.doorstep.models import Turn
from lastmetre.chain.doorstep.queries.turns import last_ended, must_hand_out, pickup_of, turn_or_404, turns_of
from lastmetre.chain.doorstep.rules import BATCH, LARGEST_BATCH, TurnState
from lastmetre.chain.orders.queries.rounds import round_or_404
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, say

router = Router()


class PickupIn(Schema):
    """Until when residents may come; without: for three hours."""

    until: datetime | None = None


class CallIn(Schema):
    """How many households at once: they keep two metres apart."""

    size: int = Field(BATCH, ge=1, le=LARGEST_BATCH)


class HandIn(Schema):
    """A label, or the id of a household; the id is the caller's, so that it counts once."""

    id: UUID
    code: str = Field(min_length=1, max_length=80)


class HomesIn(Schema):
    """Whose bags: of these households; None: all that are left."""

    households: list[UUID] | None = Field(None, max_length=5000)


class ToPointIn(Schema):
    """Whose bags."""

    households: list[UUID] = Field(min_length=1, max_length=5000)


class UndoIn(Schema):
    """The id is the caller's, so that it counts once."""

    id: UUID | None = None


class TurnOut(Schema):
    """A household's place in the queue."""

    id: UUID
    household_id: UUID
    number: int
    state: TurnState
    called_at: datetime | None
    done_at: datetime | None


class CountOut(Schema):
    """How many."""

    count: int


@router.get("/rounds/{pk}/turns", response=list[TurnOut])
def turn_list(request: HttpRequest, pk: UUID) -> Any:
    """List the queue of a round in its order."""
    row = round_or_404(pk)
    must_hand_out(row, request.actor)
    return turns_of(row).order_by("queued")


@router.post("/rounds/{pk}/pickup", response=list[TurnOut])
def open_pickup(request: HttpRequest, pk: UUID, payload: PickupIn) -> Any:
    """Bring the bags to the point, number the households building by building, and tell each its number."""
    row = round_or_404(pk)
    actions.open_pickup(row, by=request.actor, at=request.now, until=payload.until)
    return turns_of(row).order_by("queued")


@router.post("/rounds/{pk}/pickup/call", response=list[TurnOut])
def call_next(request: HttpRequest, pk: UUID, payload: CallIn) -> list[Turn]:
    """Call the next households, of one building at a time."""
    return actions.call_next(round_or_404(pk), by=request.actor, at=request.now, size=payload.size)


@router.post("/rounds/{pk}/pickup/hand-out", response=AnswerOut)
def hand_out(request: HttpRequest, pk: UUID, payload: HandIn) -> Any:
    """Hand a household all its bags."""
    answer = actions.hand_out(round_or_404(pk), payload.code, id=payload.id, by=request.actor, at=request.now)
    words = answer.words.text(gettext)
    return {"id": answer.id, "effect": answer.effect, "words": words, "household": answer.household}


@router.post("/turns/{pk}/miss", response=TurnOut)
def miss(request: HttpRequest, pk: UUID) -> Turn:
    """Somebody who was called did not come: they queue again behind those who wait."""
    return actions.miss(turn_or_404(pk), by=request.actor, at=request.now)


@router.post("/turns/{pk}/uncall", response=list[TurnOut])
def take_call_back(request: HttpRequest, pk: UUID) -> list[Turn]:
    """Take back the call of this household and those called with it, within half an hour; twice is once."""
    return slips.take_call_back(turn_or_404(pk), by=request.actor, at=request.now)


@router.post("/turns/{pk}/there", response=TurnOut)
def take_miss_back(request: HttpRequest, pk: UUID) -> Turn:
    """They came after all, within half an hour after it was said that they did not."""
    return slips.take_miss_back(turn_or_404(pk), by=request.actor, at=request.now)


@router.post("/rounds/{pk}/pickup/to-doors", response=CountOut)
def to_doors(request: HttpRequest, pk: UUID, payload: HomesIn) -> Any:
    """They cannot come down: their bags go to the doors with the next wave."""
    row = round_or_404(pk)
    return {"count": switching.to_doors(row, households=payload.households, by=request.actor, at=request.now)}


@router.post("/turns/{pk}/undo", response=TurnOut)
def take_back(request: HttpRequest, pk: UUID, payload: UndoIn) -> Turn:
    """The wrong household was ticked off: its bags are at the point again, and it is called."""
    return actions.take_back_hand_out(
        turn_or_404(pk), id=payload.id or new_id(), by=request.actor, at=request.now
    )


@router.post("/turns/{pk}/back", response=TurnOut)
def back_to_queue(request: HttpRequest, pk: UUID) -> Turn:
    """They come down after all: back into the queue."""
    return switching.back_to_queue(turn_or_404(pk), by=request.actor, at=request.now)


@router.post("/rounds/{pk}/pickup/from-carts", response=list[TurnOut])
def to_point(request: HttpRequest, pk: UUID, payload: ToPointIn) -> Any:
    """Nobody opened: bring bags from carts to the point, where they are fetched by number."""
    return switching.to_point(round_or_404(pk), payload.households, by=request.actor, at=request.now)


@router.post("/rounds/{pk}/pickup/reopen", response=CountOut)
def reopen_pickup(request: HttpRequest, pk: UUID) -> Any:
    """Open the pickup again that ended within the last two hours; returns how many bags can be fetched after all."""
    wave = last_ended(round_or_404(pk), at=request.now)
    if wave is None:
        raise InputError(
            say("No pickup has ended a short time ago."), remedy=say("Look at the round as it is now.")
        )
    return {"count": slips.reopen_pickup(wave, by=request.actor, at=request.now)}


@router.post("/rounds/{pk}/pickup/end", response=CountOut)
def end_pickup(request: HttpRequest, pk: UUID) -> Any:
    """End the pickup: what was not fetched is not charged and can be given to who needs it."""
    wave = pickup_of(round_or_404(pk))
    if wave is None:
        raise InputError(say("No pickup is open."), remedy=say("Open one first, or look at the spare goods."))
    return {"count": actions.end_pickup(wave, by=request.actor, at=request.now)}
