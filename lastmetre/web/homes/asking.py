"""What several homes ask in the same way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, FilteredRelation, Q

from lastmetre.ground.people.models import Shift
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Household, Place, RegimePeriod
from lastmetre.ground.places.queries.regimes import in_force
from lastmetre.ground.places.regime_rules import meaning
from lastmetre.ground.places.rules import LEVELS, MODE_NAMES, Need, PlaceKind, SupplyMode, spoken
from lastmetre.ground.protection.search import carrying, term_of_need
from lastmetre.terms import say
from lastmetre.web.homes.home import Rules, Way, link
from lastmetre.web.saying import said

UP_TO_COMPOUND = "parent__parent__parent"
"""What stands between a door and its compound, for `select_related`."""


def place_of(held: Held | None) -> Place:
    """Return the place that a role is held for; raises DoesNotExist for a role in an organisation."""
    return Place.objects.select_related(UP_TO_COMPOUND).get(pk=held.place if held else None)


def rules_of(path: str, now: datetime) -> Rules:
    """Return what is in force at a place and what it means for a household."""
    found = in_force([path], now)[path]
    modes = tuple(MODE_NAMES[mode] for mode in SupplyMode if mode in found.regime.supply_modes)
    return Rules(found, tuple(one for one in meaning(found.regime) if one not in modes), modes)


def address_in_words(place: Place) -> str:
    """Return a place's name with its compound's before it: a building alone is only a number.

    No query for a place that was fetched with UP_TO_COMPOUND.
    """
    names: list[str] = []
    one: Place | None = place
    while one is not None and LEVELS[PlaceKind(one.kind)] >= LEVELS[PlaceKind.COMPOUND]:
        names.insert(0, said(spoken(one.kind, one.name)))
        one = one.parent
    return " ".join(names) or place.name


STRICT = 2
"""From this strictness on people may not shop as they like: control and sealed."""


def strict_within(place: Place, now: datetime) -> int:
    """Count the places within one, itself included, that are under control or sealed of their own."""
    running = Q(ends_at=None) | Q(ends_at__gt=now)
    periods = RegimePeriod.objects.filter(running, starts_at__lte=now, path__within=place.path)
    return periods.filter(regime__strictness__gte=STRICT).count()


def with_need(path: str, *needs: Need) -> int:
    """Count the households of a place with one of the needs."""
    terms = [term_of_need(need) for need in needs]
    return Household.objects.filter(carrying(terms), path__within=path).count()


@dataclass(frozen=True, slots=True)
class Homes:
    """How many households of a place need a second look."""

    alone: int
    no_smartphone: int
    uncounted: int
    """Nobody knows how many live there."""
    without_card: int
    """They cannot sign in yet."""


def homes_within(path: str) -> Homes:
    """Count the households of a place; one query."""
    carded = FilteredRelation("cards", condition=Q(cards__revoked_at__isnull=True))
    found = (
        Household.objects.filter(path__within=path)
        .alias(card=carded)
        .aggregate(
            alone=Count("pk", filter=carrying([term_of_need(Need.LIVES_ALONE)])),
            no_smartphone=Count("pk", filter=carrying([term_of_need(Need.NO_SMARTPHONE)])),
            uncounted=Count("pk", filter=Q(head_count=None, place__ended_at=None)),
            # A household has one card at most (card_one_a_household): the join doubles none.
            without_card=Count("pk", filter=Q(card=None, place__ended_at=None)),
        )
    )
    return Homes(**found)


def shifts_of(place: Place, held: Held | None, now: datetime, *, limit: int = 3) -> tuple[Way, ...]:
    """Return a row for each running and coming shift: full, or how many hands are missing (house law 7)."""
    taken = Count("duties", filter=Q(duties__given_up_at=None))
    shifts = (
        Shift.objects.filter(squad__path__within=place.path, ends_at__gt=now, cancelled_at=None)
        .select_related("squad")
        .annotate(hands=taken)
        .order_by("starts_at")[:limit]
    )
    return tuple(
        Way(
            shift.squad.name,
            "users-group",
            link(held, "people:squads", place.pk),
            detail=say("{hands} of {wanted} hands", hands=shift.hands, wanted=shift.wanted),
            state="good" if shift.hands >= shift.wanted else "act",
            words=say("Full") if shift.hands >= shift.wanted else say("Hands missing"),
        )
        for shift in shifts
    )
