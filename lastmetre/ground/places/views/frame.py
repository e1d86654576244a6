"""What the pages of places share: the way to a place, and refusals said in its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from lastmetre.ground.places.models import Place
from lastmetre.ground.places.queries.tree import ancestors
from lastmetre.ground.places.rules import Permission, spoken
from lastmetre.ground.protection.actor import Actor, Denied
from lastmetre.terms import InputError, Sentence, say

Trail = list[tuple[object, str]]


def find_place(pk: UUID) -> Place:
    """Return a place that the visitor may see; 404 for all others, there or not."""
    return get_object_or_404(Place.objects.select_related("parent"), pk=pk)


def address(place: Place) -> str:
    """Return the address of a place's page."""
    return reverse("place", args=[place.pk])


def trail_to(place: Place, *more: object) -> Trail:
    """Return the way from the largest place to this one (and to a page of it)."""
    trail: Trail = [(say("Places"), reverse("places"))]
    trail += [(spoken(one.kind, one.name), address(one)) for one in ancestors(place)]
    trail += [(spoken(place.kind, place.name), address(place))]
    return [*trail, *((name, "") for name in more)]


def may(actor: Actor, path: str) -> dict[str, bool]:
    """Return what the visitor may do at a place, for templates: may.edit, may.regime, ..."""
    return {
        "edit": actor.may(Permission.EDIT_PLACES, path=path),
        "roster": actor.may(Permission.SEE_ROSTER, path=path),
        "edit_roster": actor.may(Permission.EDIT_ROSTER, path=path),
        "export": actor.may(Permission.EXPORT_ROSTER, path=path),
        "reveal": actor.may(Permission.REVEAL, path=path),
        "regime": actor.may(Permission.DECIDE_REGIME, path=path),
        "response": actor.may(Permission.MANAGE_RESPONSE, path=path),
    }


def tried(form: Any, action: Callable[[], Any]) -> Any:
    """Run an action; what it refuses is said in the form, and None comes back. `Denied` goes on up."""
    try:
        return action()
    except Denied:
        raise
    except InputError as error:
        form.add_error(None, error.text(gettext))
        return None


def tell(request: HttpRequest, words: Sentence) -> None:
    """Say on the next page what was done."""
    messages.success(request, words.text(gettext))
