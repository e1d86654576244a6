"""The liaison's, building head's and grid worker's first page: who is missing, whose hands, what is in force."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.chain.orders.queries.rounds import running_within
from lastmetre.chain.orders.queries.silence import dues_within, first_to_close
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.queries.tree import counts_of
from lastmetre.terms import say
from lastmetre.web.homes import arriving, buying, doors, money, silence
from lastmetre.web.homes.asking import (
    UP_TO_COMPOUND,
    address_in_words,
    homes_within,
    place_of,
    rules_of,
    shifts_of,
)
from lastmetre.web.homes.home import Figure, Home, HomePage, Way, link
from lastmetre.web.homes.ordering import running


def gather(request: HttpRequest, held: Held | None) -> HomePage:
    """Ask for the place of the role."""
    place = place_of(held)
    counts = counts_of(place)
    roster = link(held, "roster", place.pk)
    homes = homes_within(place.path)
    rows = running_within(place.path)
    dues = dues_within(place.path) if silence.takes(held) or money.confirms(held) else []
    row = first_to_close(rows)
    silent = silence.first_figures(place, held, request.now, row, dues)
    rounds = running(rows, held)
    todo = (
        *(_here(request, place) if rounds else ()),
        *buying.before(rounds, place.path, held),
        *silence.ringing(silent),
        *silence.intake_ways(held, row),
        *money.approvals(place.path, held, request.actor.key),
        *money.steward(place.path, held, rows, dues),
    )
    return HomePage(
        title=address_in_words(place),
        lead=say(
            "{households} households, {people} people",
            households=counts.households or counts.reported_households,
            people=counts.people or counts.reported_people,
        ),
        figures=silent,
        about=(
            Figure(counts.households, say("On the roster"), address=roster),
            Figure(homes.alone, say("Live alone"), "wait", roster),
            Figure(homes.no_smartphone, say("Without a smartphone"), "wait", roster),
            Figure(
                homes.without_card,
                say("Without a card"),
                "wait" if homes.without_card else "good",
                link(held, "people:cards", place.pk),
            ),
        ),
        todo=(*todo, *_members(held), *_todo(place, held, counts.households, homes.uncounted)),
        shifts=shifts_of(place, held, request.now),
        ways=_ways(place, held),
        # A grid worker's buildings may stand under another regime than the community around them.
        rules=rules_of(held.paths[0] if held and held.paths else place.path, request.now),
        next_title=None if rounds else say("No round has been opened"),
        next_words=None
        if rounds
        else say(
            "Check the roster and give out the cards now: then every order of the first round finds its door."
        ),
    )


def _here(request: HttpRequest, place: Place) -> tuple[Way, ...]:
    """Return one's own carts, and what stands at the gate."""
    return (
        *doors.cart_ways(doors.carts_of(request)),
        *arriving.here_ways(place.path, request.actor, request.now),
    )


def _ways(place: Place, held: Held | None) -> tuple[Way, ...]:
    return (
        Way(say("Rounds"), "package", link(held, "orders:rounds", place.pk)),
        Way(say("Books"), "coin", link(held, "settlement:rounds")),
        Way(say("At the gate"), "truck", link(held, "gate:arrivals")),
        Way(say("Sorting"), "shopping-cart", link(held, "sorting:rounds")),
        Way(say("What went wrong"), "alert-triangle", link(held, "ledger:cases")),
        Way(say("Roster"), "list", link(held, "roster", place.pk)),
        Way(say("Household cards"), "qrcode", link(held, "people:cards", place.pk)),
        Way(say("Helpers"), "users-group", link(held, "people:staff", place.pk)),
        Way(say("Hand over"), "heart-handshake", reverse("people:hand-over")),
    )


def _members(held: Held | None) -> tuple[Way, ...]:
    """Return the members of a grid, each with its roster (ER3a); one query."""
    if held is None or held.grid is None:
        return ()
    members = Place.objects.filter(path__in=held.paths).select_related(UP_TO_COMPOUND)
    return tuple(Way(address_in_words(one), "building", link(held, "roster", one.pk)) for one in members)


def _todo(place: Place, held: Held | None, households: int, unknown: int) -> tuple[Way, ...]:
    roster = link(held, "roster", place.pk)
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
        (say("Rounds"), "package", "orders:rounds"),
        (say("Roster"), "list", "roster"),
        (say("Helpers"), "users-group", "people:squads"),
        (say("Map"), "map", "place-map"),
    ),
)
