"""What several homes ask in the same way."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse

from lastmetre.ground.people.models import HouseholdCard, Shift
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.queries.regimes import InForce, in_force
from lastmetre.ground.places.regime_rules import meaning
from lastmetre.ground.places.rules import Need
from lastmetre.ground.protection.search import carrying, term_of_need
from lastmetre.terms import Sentence, say
from lastmetre.web.homes.home import Way


def place_of(held: Held | None) -> Place:
    """Return the place that a role is held for; raises DoesNotExist for a role in an organisation."""
    return Place.objects.get(pk=held.place if held else None)


def regime_of(path: str, now: datetime) -> tuple[InForce, tuple[Sentence, ...]]:
    """Return what is in force at a place and what it means for a household."""
    found = in_force([path], now)[path]
    return found, tuple(meaning(found.regime))


def with_need(path: str, *needs: Need) -> int:
    """Count the households of a place with one of the needs."""
    terms = [term_of_need(need) for need in needs]
    return Household.objects.filter(carrying(terms), path__within=path).count()


def without_card(path: str) -> int:
    """Count the households of a place that have no card to sign in with."""
    cards = HouseholdCard.objects.filter(path__within=path, revoked_at=None).count()
    return max(0, Household.objects.filter(path__within=path, place__ended_at=None).count() - cards)


def next_shifts(path: str, now: datetime, *, limit: int = 3) -> list[Shift]:
    """Return the running and coming shifts of a place with the number of people on them, as `hands`."""
    taken = Count("duties", filter=Q(duties__given_up_at=None))
    return list(
        Shift.objects.filter(squad__path__within=path, ends_at__gt=now, cancelled_at=None)
        .select_related("squad")
        .annotate(hands=taken)
        .order_by("starts_at")[:limit]
    )


def shift_ways(place: Place, shifts: list[Shift]) -> tuple[Way, ...]:
    """Return a row for each shift: full, or how many hands are missing (house law 7)."""
    return tuple(
        Way(
            shift.squad.name,
            "users-group",
            reverse("people:squads", args=[place.pk]),
            detail=say("{hands} of {wanted} hands", hands=shift.hands, wanted=shift.wanted),
            state="good" if shift.hands >= shift.wanted else "act",
            words=say("Full") if shift.hands >= shift.wanted else say("Hands missing"),
        )
        for shift in shifts
    )
