"""Household cards."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from lastmetre.ground.people.actions import cards
from lastmetre.ground.people.api.base import Made, Reason, one, place_for, router
from lastmetre.ground.people.queries.cards import cards_at, to_print
from lastmetre.ground.people.rules import MOST_CARDS_A_PRINT, Permission
from lastmetre.ground.places.models import Household
from lastmetre.terms import InputError, say


class CardOut(Schema):
    """A household and its card, if it has one."""

    household: UUID
    where: str
    door: str
    card: UUID | None
    issued_at: datetime | None


class PrintedOut(Schema):
    """What is printed on a card: whoever has it signs in as the household."""

    card: UUID
    where: str
    door: str
    link: str
    code: str

    @staticmethod
    def resolve_link(row: Any) -> str:
        """Return the path in the square code."""
        return f"/h/{row.token}"


class IssuedOut(Schema):
    """How many cards were made."""

    count: int


@router.get("/cards", response=list[CardOut])
def card_list(request: HttpRequest, place: UUID) -> Any:
    """List the households of a place and their cards, in the order in which people walk."""
    return cards_at(place_for(request, place, Permission.CARDS))


@router.post("/cards", response=IssuedOut)
def issue(request: HttpRequest, place: UUID) -> Any:
    """Make the cards that are missing at a place."""
    found = place_for(request, place, Permission.CARDS)
    return {"count": cards.issue_cards(found, by=request.actor, at=request.now)}


@router.post("/cards/print", response=list[PrintedOut])
def print_cards(request: HttpRequest, place: UUID) -> Any:
    """Return what is to be printed for a place; recorded."""
    found = place_for(request, place, Permission.CARDS)
    faces = to_print(cards_at(found))
    if len(faces) > MOST_CARDS_A_PRINT:
        raise InputError(
            say("These are too many cards for one sheet."), remedy=say("Print them building by building.")
        )
    cards.record_printing([face.card for face in faces], by=request.actor, at=request.now, path=found.path)
    return faces


@router.post("/cards/{household}/reissue", response=Made)
def reissue(request: HttpRequest, household: UUID, payload: Reason) -> Any:
    """Make a new card in the place of a lost or stolen one."""
    found = one(Household.objects.all(), household)
    return cards.reissue_card(found, by=request.actor, at=request.now, why=payload.why)
