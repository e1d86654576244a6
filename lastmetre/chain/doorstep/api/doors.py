"""What phones say of doors, and a volunteer's own carts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Field, Router, Schema
from ninja.security import APIKeyHeader

from lastmetre.chain.doorstep.actions.doors import Answer, Told, take_events
from lastmetre.chain.doorstep.actions.pictures import keep_door_photo
from lastmetre.chain.doorstep.queries.doors import MyCart, my_carts
from lastmetre.chain.doorstep.queries.passes import holder_of
from lastmetre.chain.doorstep.rules import MOST_EVENTS, Effect, Outcome, Permission
from lastmetre.chain.ledger.actions.photos import picture_bytes
from lastmetre.ground.protection.actor import Actor

router = Router()


class EventIn(Schema):
    """What happened at a door; its id is made on the phone, so that it counts once however often it is sent."""

    id: UUID
    outcome: Outcome
    code: str = Field(min_length=1, max_length=80)
    """A scanned or typed label, or the id of a household."""
    device_at: datetime
    undoes: UUID | None = None
    words: str = Field("", max_length=500)


class EventsIn(Schema):
    """A batch, in any order."""

    events: list[EventIn] = Field(min_length=1, max_length=MOST_EVENTS)


class AnswerOut(Schema):
    """What became of an event: done, known (somebody was first), conflict (a person decides), refused."""

    id: UUID
    effect: Effect
    words: str
    household: UUID | None


class AnswersOut(Schema):
    """An answer for each event."""

    answers: list[AnswerOut]


class PhotoIn(Schema):
    """A picture of the bag at its door: PNG, JPEG or WebP in base64."""

    event: UUID
    image: str = Field(min_length=8, max_length=1_400_000)


class DropOut(Schema):
    """A door of a cart."""

    household: UUID
    room: str
    floor: int | None
    codes: list[str]
    outcome: Outcome | None
    event: UUID | None


class CartOut(Schema):
    """A cart with its doors, top floor first; none once the wave has ended."""

    duty: UUID
    wave: UUID
    cart: int
    building: str
    unit: str
    ends_at: datetime
    needs_photo: bool
    done: int
    drops: list[DropOut]


class CartPass(APIKeyHeader):
    """The pass that a cart's page holds for what is sent after the shift has ended."""

    param_name = "X-Cart-Pass"

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return who holds the pass."""
        return holder_of(key) if key else None


def _told(payload: EventsIn) -> list[Told]:
    return [Told(**one.dict()) for one in payload.events]


def _answers(answers: list[Answer]) -> dict[str, Any]:
    return {
        "answers": [
            {"id": one.id, "effect": one.effect, "words": one.words.text(gettext), "household": one.household}
            for one in answers
        ]
    }


@router.post("/events", response=AnswersOut)
def tell(request: HttpRequest, payload: EventsIn) -> Any:
    """Take in what happened at doors: each event once, whatever is sent again; contradictions become cases."""
    return _answers(take_events(_told(payload), by=request.actor, at=request.now))


@router.post("/events/late", response=AnswersOut, auth=CartPass())
def tell_late(request: HttpRequest, payload: EventsIn) -> Any:
    """Take in what a phone still holds after its shift has ended, by the pass of the cart's page."""
    return _answers(take_events(_told(payload), by=request.auth, at=request.now))


@router.post("/photos", response={204: None})
def add_photo(request: HttpRequest, payload: PhotoIn) -> None:
    """Keep the picture of a door; twice is once."""
    keep_door_photo(payload.event, picture_bytes(payload.image), by=request.actor, at=request.now)


@router.post("/photos/late", response={204: None}, auth=CartPass())
def add_photo_late(request: HttpRequest, payload: PhotoIn) -> None:
    """Keep the picture of a door after the shift has ended."""
    keep_door_photo(payload.event, picture_bytes(payload.image), by=request.auth, at=request.now)


@router.get("/mine", response=list[CartOut])
def mine(request: HttpRequest) -> list[MyCart]:
    """Return one's own running carts; addresses end with the wave."""
    request.actor.must(Permission.DELIVER)
    return my_carts(request.actor.key, at=request.now)
