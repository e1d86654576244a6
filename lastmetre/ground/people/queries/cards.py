"""Household cards: whose a token or code is, and the sheets to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lastmetre.ground.people.models import HouseholdCard
from lastmetre.ground.people.queries.names import address, names_around
from lastmetre.ground.people.tokens import code_of, hash_of, printed, token_of
from lastmetre.ground.places.models import Household, Place

CARD = "household card"
CODE = "typed code of a household card"


@dataclass(frozen=True, slots=True)
class CardRow:
    """A household and its card, if it has one."""

    household: UUID
    door: str
    where: str
    """Building and unit, as people say them."""
    card: UUID | None
    issued_at: datetime | None
    sort_key: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What is printed on a card: where it belongs and its two secrets, nothing about people."""

    card: UUID
    where: str
    door: str
    token: str
    code: str


def card_of_token(token: str) -> HouseholdCard | None:
    """Return the card of a link, also a revoked one; asked by the door as SYSTEM."""
    return _cards().filter(token_hash=hash_of(token, CARD)).first()


def card_of_code(code: str) -> HouseholdCard | None:
    """Return the card of a typed code, also a revoked one; asked by the door as SYSTEM."""
    return _cards().filter(code_hash=hash_of(code, CODE)).first()


def door_of(card: HouseholdCard) -> str:
    """Return the address of a card's door, as people say it; one query."""
    where, _ = address(card.path, names_around(card.path))
    return f"{where} {card.place.name}".strip()


def cards_at(place: Place) -> list[CardRow]:
    """Return the households of a place with their cards, in the order in which people walk; three queries."""
    names = names_around(place.path)
    cards = {
        card.household_id: card
        for card in HouseholdCard.objects.filter(revoked_at=None, path__within=place.path)
    }
    homes = Household.objects.filter(path__within=place.path, place__ended_at=None).select_related("place")
    rows = []
    for home in homes.defer("name", "phone", "needs", "note", "search_marks"):
        card = cards.get(home.pk)
        above, key = address(home.place.path, names)
        rows.append(
            CardRow(
                household=home.pk,
                door=home.place.name,
                where=above,
                card=card.pk if card else None,
                issued_at=card.issued_at if card else None,
                sort_key=(*key, home.place.sort_key),
            )
        )
    return sorted(rows, key=lambda row: row.sort_key)


def to_print(rows: list[CardRow]) -> list[PrintedCard]:
    """Return what is printed for the households that have a card."""
    return [
        PrintedCard(row.card, row.where, row.door, token_of(row.card, CARD), printed(code_of(row.card, CARD)))
        for row in rows
        if row.card is not None
    ]


def _cards() -> Any:
    return HouseholdCard.objects.select_related("household", "place")
