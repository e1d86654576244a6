"""What homes show of the last metre: my cart, who at a door needs help."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.chain.doorstep.queries.doors import MyCart, my_carts
from lastmetre.chain.doorstep.queries.waves import free_carts as carts_free
from lastmetre.chain.doorstep.queries.where import Way as BagWay
from lastmetre.chain.doorstep.rules import Permission
from lastmetre.chain.ledger.models import Case
from lastmetre.chain.ledger.rules import CaseKind
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.terms import Sentence, say
from lastmetre.web.homes.home import Figure, Way

STATES = {"good": say("arrived"), "now": say("on its way"), "wait": say("waits"), "act": say("look")}


def carts_of(request: HttpRequest) -> list[MyCart]:
    """Return the running carts of whoever asks."""
    return my_carts(request.actor.key, at=request.now)


def cart_ways(carts: Iterable[MyCart]) -> tuple[Way, ...]:
    """Return a row for each of one's carts, with how many doors are left."""
    return tuple(
        Way(
            say("Cart {number}: {where}", number=f"{one.cart:02}", where=one.where),
            "walk",
            reverse("doorstep:mine"),
            detail=say("{done} of {doors} doors", done=one.delivered, doors=len(one.drops)),
            state="good" if one.delivered == len(one.drops) else "now",
            words=say("done") if one.delivered == len(one.drops) else say("to deliver"),
        )
        for one in carts
    )


def free_carts(request: HttpRequest) -> tuple[Way, ...]:
    """Return a row where carts wait for somebody, for whoever may take one."""
    if not request.actor.may(Permission.DELIVER):
        return ()
    found = sum(len(carts_free(path, at=request.now)) for path in request.actor.sees)
    if not found:
        return ()
    return (
        Way(
            say("Carts without anybody"),
            "walk",
            reverse("doorstep:mine"),
            detail=say("Take one: its doors stand there."),
            state="act",
            words=str(found),
        ),
    )


def door_figures(carts: Iterable[MyCart]) -> tuple[Figure, ...]:
    """Return how many doors are left on one's carts."""
    left = sum(len(one.drops) - one.delivered for one in carts)
    return (Figure(left, say("Doors left"), "now" if left else "good", reverse("doorstep:mine")),)


def bag_ways(household: Household, bags: Iterable[BagWay]) -> tuple[Way, ...]:
    """Return a row for each bag of a household that is on its way or came lately."""
    address = reverse("doorstep:where", args=[household.pk])
    return tuple(
        Way(
            one.round.title,
            "truck-delivery",
            address,
            detail=one.words,
            state=one.state,
            words=STATES[one.state],
        )
        for one in bags
    )


def turn_of(bags: Iterable[BagWay]) -> tuple[str, Sentence] | None:
    """Return a household's number at the point, and whether it is called."""
    for one in bags:
        if one.turn is not None:
            words = say("Come down now") if one.is_called else say("Your number")
            return str(one.turn.number), words
    return None


def needing_help(places: Iterable[Place | object]) -> tuple[Way, ...]:
    """Return a row for each person in somebody's care of whom a volunteer said that they need help."""
    found = Case.objects.filter(kind=CaseKind.NEEDS_HELP, settled_at=None, household__place__in=places)
    rows = found.select_related("household__place__parent__parent").order_by("opened_at")
    return tuple(
        Way(
            f"{masked_row(one.household).home} {masked_row(one.household).name}",
            "first-aid-kit",
            reverse("ledger:case", args=[one.pk]),
            detail=one.words or say("A volunteer at the door said so."),
            state="act",
            words=say("Person needs help"),
        )
        for one in rows
    )
