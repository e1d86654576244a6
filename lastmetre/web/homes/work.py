"""First pages of those whose work begins with a shift, a trip or a gate; their later parts come with the relay."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from lastmetre.chain.orders.queries.silence import dues_within, latest_round
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.queries.loads import COMING, bags_by_load, is_late, trips_of
from lastmetre.chain.transport.rules import LOAD_COLOURS, LOAD_WORDS, LoadState
from lastmetre.ground.people.models import Shift
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Cart, Gate, Household, Point, UnloadingPoint
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.places.rules import Need, PointKind
from lastmetre.terms import say
from lastmetre.web.homes import arriving, doors, silence
from lastmetre.web.homes.asking import place_of, rules_of, shifts_of, with_need
from lastmetre.web.homes.home import Figure, Home, HomePage, Way, link
from lastmetre.web.saying import day_time


def driver(request: HttpRequest, held: Held | None) -> HomePage:
    """A driver: the next stop first, when the gate expects it, how much is loaded."""
    trips = trips_of(request.actor)
    bags = bags_by_load(trips)
    coming = [one for one in trips if one.state in COMING]
    return HomePage(
        lead=held.where if held else "",
        giant=(coming[0].place.name, say("Next stop")) if coming else None,
        todo=tuple(_trip(one, bags.get(one.pk, 0), is_late(one, request.now)) for one in coming),
        ways=(
            Way(say("My trips"), "truck", link(held, "transport:trips")),
            _own_page(request),
            Way(say("My account"), "user", reverse("people:account")),
        ),
        next_title=None if coming else say("No trip yet"),
        next_words=None
        if coming
        else say("When goods are loaded for you, your next stop, the gate's time and your pass stand here."),
    )


def _trip(load: Load, bags: int, is_late: bool) -> Way:
    state = LoadState(load.state)
    return Way(
        load.place.name,
        "truck",
        reverse("transport:load", args=[load.pk]),
        detail=say(
            "{plate} · {bags} bags · at the gate {time}",
            plate=load.plate,
            bags=bags,
            time=day_time(load.expected_at),
        ),
        state="act" if is_late else LOAD_COLOURS[state],
        words=say("late") if is_late else LOAD_WORDS[state],
    )


def gate(request: HttpRequest, held: Held | None) -> HomePage:
    """The people of a gate: who has what for how long, what is expected, what comes in where (SQ7, SQ10)."""
    place = place_of(held)
    points = UnloadingPoint.objects.filter(path__within=place.path).select_related("gate")
    found = arriving.standing_at(place.path)
    todo = arriving.gate_ways(place.path, request.actor, found, request.now)
    return HomePage(
        lead=say("Everybody stays in the vehicle until you admit it."),
        figures=arriving.gate_figures(found, request.now),
        todo=(*todo, *arriving.sort_ways(request.actor)),
        ways=(
            Way(say("At the gate"), "truck", link(held, "gate:arrivals")),
            Way(say("Sorting"), "shopping-cart", link(held, "sorting:rounds")),
            Way(say("What went wrong"), "alert-triangle", link(held, "ledger:cases")),
            _own_page(request),
            Way(say("Map"), "map", reverse("place-map", args=[place.pk])),
        ),
        shifts=shifts_of(place, held, request.now),
        rules=rules_of(place.path, request.now),
        facts=tuple((point.name, point.route or str(point.gate or "")) for point in points),
        about=(
            Figure(Gate.objects.filter(path__within=place.path).count(), say("Gates")),
            Figure(len(points), say("Unloading points")),
            Figure(Cart.objects.filter(path__within=place.path).count(), say("Carts")),
        ),
        next_title=None if found else say("No vehicle is expected"),
        next_words=None
        if found
        else say("Vehicles with their pass, their time and their unloading point stand here once announced."),
    )


def _own_page(request: HttpRequest) -> Way:
    """Return the way to one's own shifts, tests and training (FC8)."""
    return Way(say("My shifts and tests"), "user-check", reverse("people:person", args=[request.actor.key]))


def volunteer(request: HttpRequest, held: Held | None) -> HomePage:
    """A volunteer: the shift, where, with whom; by link for this shift only."""
    shift = (
        Shift.objects.select_related("squad__place")
        .annotate(hands=Count("duties"))
        .filter(pk=request.visitor.shift)
        .first()
    )
    sorting = arriving.sort_ways(request.actor)
    carts = doors.carts_of(request)
    waiting = doors.free_carts(request)
    giant = (f"{carts[0].cart:02}", say("My cart")) if carts else None
    go = (Way(say("To the doors"), "walk", reverse("doorstep:mine")),)
    if shift is None and (carts or waiting or sorting):
        return HomePage(
            lead=say("Thank you for helping."),
            giant=giant,
            ways=go if carts else (),
            todo=(*doors.cart_ways(carts), *waiting, *sorting),
        )
    if shift is None:
        return HomePage(
            lead=say("Thank you for helping."),
            next_title=say("You are on no shift"),
            next_words=say("Ask your squad's leader for the link of the next shift."),
        )
    return HomePage(
        lead=say("{squad} at {place}", squad=shift.squad.name, place=shift.squad.place.name),
        figures=(
            Figure(f"{shift.starts_at.astimezone():%H:%M}", say("Begins")),
            Figure(f"{shift.ends_at.astimezone():%H:%M}", say("Ends")),
            Figure(shift.hands, say("People on this shift")),
            *(doors.door_figures(carts) if carts else ()),
        ),
        giant=giant,
        ways=go,
        todo=(*doors.cart_ways(carts), *waiting, *sorting),
        next_title=None if carts or waiting or sorting else say("No cart yet"),
        next_words=None
        if carts or waiting or sorting
        else say("When the bags are sorted, your cart and its doors stand here, top floor first."),
    )


def carer(request: HttpRequest, held: Held | None) -> HomePage:
    """A carer: the doors to ring (ER2, FC6)."""
    places = [one.place for one in request.visitor.roles if one.home == CARER.code]
    found = Household.objects.filter(place__in=places, place__ended_at=None).order_by("place__path")
    homes = [masked_row(one) for one in found.select_related("place__parent__parent")]
    overdue = silence.to_ring(places, request.now)
    return HomePage(
        title=CARER.name,
        lead=say("A call to each at least every 3 days."),
        todo=doors.needing_help(places)
        + tuple(
            Way(
                f"{one.home} {one.name}",
                "phone-call",
                reverse("orders:silence", args=[one.door]) + "?of=word",
                words=say("To ring") if one.id in overdue else say("Spoken with"),
                state="wait" if one.id in overdue else "good",
            )
            for one in sorted(homes, key=lambda one: one.id not in overdue)
        ),
        next_title=None if homes else say("Nobody is in your care yet"),
        next_words=None if homes else say("The committee names the households that you look after."),
    )


def hotline(request: HttpRequest, held: Held | None) -> HomePage:
    """A hotline operator: one box, then the household (ER11)."""
    place = place_of(held)
    row = latest_round(place.path)
    dues = dues_within(place.path) if silence.takes(held) else ()
    silent = silence.first_figures(place, held, request.now, row, dues)
    return HomePage(
        lead=say("Type while they speak: four digits of the phone, a room, or the first letters of a name."),
        searches=True,
        figures=silent,
        todo=(*silence.ringing(silent), *silence.intake_ways(held, row)),
        rules=rules_of(place.path, request.now),
        next_title=say("No calls waiting"),
        next_words=say("Calls that must be answered again stand here with whose turn it is."),
    )


def market(request: HttpRequest, held: Held | None) -> HomePage:
    """A market's steward (PD4): the points, and later what is low and what does not balance."""
    place = place_of(held)
    points = Point.objects.filter(
        path__within=place.path, kind__in=[PointKind.MARKET_POINT, PointKind.TEMPORARY_SALE_POINT]
    )
    return HomePage(
        lead=say("Your market points, and the people they serve."),
        figures=(
            Figure(len(points), say("Market points")),
            Figure(with_need(place.path, Need.OVER_60, Need.OVER_80), say("Households with elders")),
        ),
        ways=(
            Way(say("Goods"), "shopping-cart", reverse("goods:catalogue")),
            Way(say("Map"), "map", reverse("place-map", args=[place.pk])),
        ),
        next_title=say("Nothing sold yet today"),
        next_words=say(
            "Today's sales, what runs low and what does not balance stand here once stock has arrived."
        ),
    )


_MAP = (say("Map"), "map", "place-map")
DRIVER = Home("driver", say("My trip"), driver, nav=((say("My trips"), "truck", "transport:trips"),))
GATE = Home("gate", say("At the gate"), gate, nav=((say("Sorting"), "shopping-cart", "sorting:rounds"), _MAP))
VOLUNTEER = Home("volunteer", say("My shift"), volunteer)
CARER = Home("carer", say("My calls"), carer)
HOTLINE = Home(
    "hotline",
    say("Hotline"),
    hotline,
    layer="base_desk.html",
    nav=((say("Roster"), "list", "roster"), _MAP),
)
MARKET = Home("market", say("Market"), market, nav=((say("Goods"), "shopping-cart", "goods:catalogue"), _MAP))
