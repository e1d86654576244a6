"""What homes show of the last metre: my cart, who at a door needs help."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.chain.doorstep.queries.doors import MyCart, my_carts
from lastmetre.chain.doorstep.queries.waves import free_duties
from lastmetre.chain.doorstep.rules import Permission
from lastmetre.terms import say
from lastmetre.web.homes.home import Figure, Way


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
    found = sum(len(free_duties(path, at=request.now)) for path in request.actor.sees)
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
