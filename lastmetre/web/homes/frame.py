"""Fills the frame of every page for whoever is signed in: name, places to switch to, menu, account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.ground.people.queries.door import Held, Visitor
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.terms import say
from lastmetre.web.door import Door, Item, door_of
from lastmetre.web.homes.catalogue import home_of
from lastmetre.web.homes.home import address_of, items
from lastmetre.web.saying import called

ROLE_COOKIE = "lm-role"
"""Which of several roles somebody works in at present; names no person."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame of this request as `door`; asks the database nothing."""
    found = door_of(request)
    visitor: Visitor | None = getattr(request, "visitor", None)
    if visitor is not None and not found.sign_out:
        _fill(found, request, visitor)
    return {"door": found}


def _fill(door: Door, request: HttpRequest, visitor: Visitor) -> None:
    held = current(request)
    door.person = visitor.name or visitor.place_name
    door.place = held.where if held else visitor.place_name
    door.places = [(f"{one.where} · {called(one)}", address_of(one), one == held) for one in visitor.roles]
    if visitor.kind is not DeviceKind.ACCOUNT or visitor.roles:
        door.nav = items(home_of(visitor, held), held, request.path)
    door.clock = request.now if visitor.is_demo else None
    door.is_desk = visitor.kind is DeviceKind.ACCOUNT
    if visitor.kind is DeviceKind.ACCOUNT:
        door.account.append(Item(say("My account"), "user", reverse("people:account")))
    door.account.append(Item(say("My devices"), "device-mobile", reverse("people:devices")))
    door.sign_out = reverse("people:sign-out")


def current(request: HttpRequest) -> Held | None:
    """Return the role that somebody works in: of the page's address, else as last chosen, else the first."""
    roles: tuple[Held, ...] = request.visitor.roles
    match = request.resolver_match
    wanted = str(match.kwargs.get("assignment", "")) if match else ""
    wanted = wanted or request.COOKIES.get(ROLE_COOKIE, "")
    return next((one for one in roles if str(one.assignment) == wanted), roles[0] if roles else None)
