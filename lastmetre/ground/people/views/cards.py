"""Household cards: issue, print, revoke, make anew."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lastmetre.ground.people.actions import cards
from lastmetre.ground.people.queries.cards import cards_at, to_print
from lastmetre.ground.people.rules import MOST_CARDS_A_PRINT, Permission
from lastmetre.ground.people.views.frame import link, place_for
from lastmetre.ground.places.models import Household, Place
from lastmetre.papers.household_cards import CardFace, card_sheets
from lastmetre.papers.pdf import joined
from lastmetre.terms import InputError, say


def card_list(request: HttpRequest, place: UUID) -> HttpResponse:
    """Show who has a card; make those that are missing."""
    at = place_for(request, place, Permission.CARDS)
    if request.method == "POST":
        made = cards.issue_cards(at, by=request.actor, at=request.now)
        messages.success(request, say("New cards: {count}.", count=made).text(gettext))
        return redirect("people:cards", place)
    rows = cards_at(at)
    buildings = Place.objects.filter(path__within=at.path, kind="building", ended_at=None).exclude(pk=at.pk)
    context = {
        "place": at,
        "rows": rows,
        "missing": sum(row.card is None for row in rows),
        "buildings": list(buildings),
        "is_too_many": len(rows) > MOST_CARDS_A_PRINT,
    }
    return render(request, "people/cards.html", context)


@require_POST
def print_cards(request: HttpRequest, place: UUID) -> HttpResponse:
    """Return the sheet of a place's cards as PDF; that they were printed is recorded."""
    at = place_for(request, place, Permission.CARDS)
    only = request.POST.get("household", "")
    faces = to_print([row for row in cards_at(at) if not only or str(row.household) == only])
    if not faces:
        raise InputError(
            say("No household here has a card yet."), remedy=say("Make the cards first, then print them.")
        )
    if len(faces) > MOST_CARDS_A_PRINT:
        raise InputError(
            say("These are too many cards for one sheet."), remedy=say("Print them building by building.")
        )
    cards.record_printing([one.card for one in faces], by=request.actor, at=request.now, path=at.path)
    site = urlsplit(link(request, reverse("people:card-code")))
    pdfs = card_sheets(
        [
            CardFace(
                one.where,
                one.door,
                link(request, reverse("people:household-link", args=[one.token])),
                one.code,
            )
            for one in faces
        ],
        site=site.netloc + site.path,
        phone=settings.HELP_PHONE,
        translate=gettext,
    )
    response = HttpResponse(joined(pdfs, title=f"{at.name} cards"), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="cards.pdf"'
    return response


@require_POST
def reissue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a new card in the place of a lost or stolen one; its phones are signed out."""
    household = Household.objects.select_related("place").filter(pk=pk).first()
    if household is None:
        raise Http404
    cards.reissue_card(household, by=request.actor, at=request.now, why=request.POST.get("why", "")[:200])
    messages.success(request, _("A new card is made; the old one is worth nothing. Print it now."))
    place = request.POST.get("place", "")
    found = Place.objects.filter(pk=place).first() if _is_id(place) else None
    return redirect("people:cards", (found or household.place.parent).pk)


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
