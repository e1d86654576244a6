"""The liaison's, building head's and grid worker's first page: who is missing, whose hands, what is in force."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.queries.tree import counts_of
from lastmetre.ground.places.rules import Need
from lastmetre.terms import say
from lastmetre.web.homes.asking import (
    place_of,
    rules_of,
    shifts_of,
    with_need,
    without_card,
)
from lastmetre.web.homes.home import Figure, Home, HomePage, Way


def gather(request: HttpRequest, held: Held | None) -> HomePage:
    """Ask for the place of the role."""
    place = place_of(held)
    counts = counts_of(place)
    roster = reverse("roster", args=[place.pk])
    cards = without_card(place.path)
    return HomePage(
        lead=say(
            "{households} households, {people} people",
            households=counts.most_households,
            people=counts.most_people,
        ),
        figures=(
            Figure(counts.households, say("On the roster"), address=roster),
            Figure(with_need(place.path, Need.LIVES_ALONE), say("Live alone"), "wait", roster),
            Figure(with_need(place.path, Need.NO_SMARTPHONE), say("Without a smartphone"), "wait", roster),
            Figure(
                cards,
                say("Without a card"),
                "wait" if cards else "good",
                reverse("people:cards", args=[place.pk]),
            ),
        ),
        todo=_todo(place, counts.households),
        shifts=shifts_of(place, request.now),
        ways=(
            Way(say("Roster"), "list", roster),
            Way(say("Household cards"), "qrcode", reverse("people:cards", args=[place.pk])),
            Way(say("Helpers"), "users-group", reverse("people:staff", args=[place.pk])),
            Way(say("Hand over"), "heart-handshake", reverse("people:hand-over")),
        ),
        rules=rules_of(place.path, request.now),
        next_title=say("No round is open"),
        next_words=say(
            "Check the roster and give out the cards now; then every order finds its door when the round opens."
        ),
    )


def _todo(place: Place, households: int) -> tuple[Way, ...]:
    roster = reverse("roster", args=[place.pk])
    if not households:
        return (
            Way(
                say("Import the roster"),
                "upload",
                roster,
                detail=say("Nobody can order for a door that is not on it."),
                state="act",
                words=say("First thing"),
            ),
        )
    unknown = Household.objects.filter(path__within=place.path, head_count=None, place__ended_at=None).count()
    if not unknown:
        return ()
    return (
        Way(
            say("Ask how many live there"),
            "users",
            roster,
            detail=say(
                "{count} households without a head count: food cannot be shared fairly.", count=unknown
            ),
            state="wait",
            words=say("To ask"),
        ),
    )


HOME = Home(
    "steward",
    say("Today"),
    gather,
    nav=(
        (say("Roster"), "list", "roster"),
        (say("Helpers"), "users-group", "people:squads"),
        (say("Map"), "map", "place-map"),
    ),
)
