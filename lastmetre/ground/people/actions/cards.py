"""Household cards: issued, printed again, revoked when stolen, and made anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.actions.devices import revoke_devices_of
from lastmetre.ground.people.models import HouseholdCard
from lastmetre.ground.people.queries.cards import CARD, CODE
from lastmetre.ground.people.rules import Permission
from lastmetre.ground.people.tokens import code_of, hash_of, plain, token_of
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.ids import new_id

THING = "people.card"
BATCH = 1_000


@transaction.atomic
def issue_cards(place: Place, *, by: Actor, at: datetime) -> int:
    """Make a card for each household of a place that has none; returns how many."""
    by.must(Permission.CARDS, path=place.path)
    held = HouseholdCard.objects.filter(revoked_at=None, path__within=place.path).values("household")
    homes = Household.objects.filter(path__within=place.path, place__ended_at=None).exclude(pk__in=held)
    cards = [_card(household, by, at) for household in homes.select_related("place")]
    HouseholdCard.objects.bulk_create(cards, batch_size=BATCH)
    if cards:
        record("issued", THING, by=by, at=at, path=place.path, count=len(cards))
    return len(cards)


@transaction.atomic
def revoke_card(card: HouseholdCard, *, by: Actor, at: datetime, why: str = "") -> None:
    """Make a lost or stolen card worthless, and sign out what signed in with it."""
    by.must(Permission.CARDS, path=card.path)
    if card.revoked_at is not None:
        return
    card.revoked_at, card.revoked_by = at, by.key
    card.save(update_fields=["revoked_at", "revoked_by"])
    signed_out = revoke_devices_of(by=by, at=at, card=card)
    record("revoked", THING, card.pk, by=by, at=at, path=card.path, why=why, devices=signed_out)


@transaction.atomic
def reissue_card(household: Household, *, by: Actor, at: datetime, why: str = "") -> HouseholdCard:
    """Make a new card for a household in the place of the one that it has."""
    by.must(Permission.CARDS, path=household.path)
    for card in HouseholdCard.objects.filter(household=household, revoked_at=None):
        revoke_card(card, by=by, at=at, why=why)
    card = _card(household, by, at)
    card.save(force_insert=True)
    record("issued", THING, card.pk, by=by, at=at, path=household.path, count=1)
    return card


def record_printing(cards: Iterable[UUID], *, by: Actor, at: datetime, path: str) -> None:
    """Leave a line that cards were printed: whoever holds a sheet can sign in as its households."""
    by.must(Permission.CARDS, path=path)
    record("printed", THING, by=by, at=at, path=path, count=len(list(cards)))


def _card(household: Household, by: Actor, at: datetime) -> HouseholdCard:
    key = new_id()
    return HouseholdCard(
        id=key,
        household=household,
        place_id=household.place_id,
        path=household.path,
        token_hash=hash_of(token_of(key, CARD), CARD),
        code_hash=hash_of(plain(code_of(key, CARD)), CODE),
        issued_at=at,
        issued_by=by.key,
    )
