"""The front page and the homes of roles."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.journal.actions import reveal
from lastmetre.ground.people.queries.contacts import contact_of_door
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Household
from lastmetre.terms import say
from lastmetre.web.homes.catalogue import home_of
from lastmetre.web.homes.frame import ROLE_COOKIE, current
from lastmetre.web.homes.home import HomePage

YEAR_S = 365 * 24 * 3600


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Show the home of the role that somebody works in at present."""
    return _show(request, current(request))


@require_GET
def home(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """Show the home of one role, and remember that this is the one they work in."""
    held = next((one for one in request.visitor.roles if one.assignment == assignment), None)
    if held is None:
        raise Http404
    response = _show(request, held)
    response.set_cookie(ROLE_COOKIE, str(assignment), max_age=YEAR_S, httponly=True, samesite="Lax")
    return response


@require_POST
def contact(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show the number of somebody who looks after this household; that it was shown is recorded."""
    household = Household.objects.filter(pk=request.visitor.household).first()
    found = household and contact_of_door(household.path, person, at=request.now)
    if not household or not found:
        raise Http404
    reveal("people.person", person, by=request.actor, at=request.now, path=household.path)
    name, phone = found
    return render(request, "ui/contact.html", {"name": name, "phone": phone, "back": "/"})


def _show(request: HttpRequest, held: Held | None) -> HttpResponse:
    visitor = request.visitor
    if held is None and visitor.household is None and visitor.shift is None:
        page = HomePage(
            lead=say("You have no role at present."),
            next_title=say("Nothing to do yet"),
            next_words=say("Ask whoever invited you to give you a role, or open the link again."),
        )
        return render(request, "homes/home.html", _context(request, held, page))
    return render(
        request, "homes/home.html", _context(request, held, home_of(visitor, held).gather(request, held))
    )


def _context(request: HttpRequest, held: Held | None, page: HomePage) -> dict[str, object]:
    shown = home_of(request.visitor, held)
    title = page.title or (held.where if held else request.visitor.place_name or shown.name)
    return {"home": shown, "layer": shown.layer, "page": page, "title": title}
