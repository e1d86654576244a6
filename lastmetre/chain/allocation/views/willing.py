"""The page where a household says what it takes instead, and what it takes besides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lastmetre.chain.allocation.actions.willing import state_willing
from lastmetre.chain.allocation.forms.willing import shown, stated, version_of
from lastmetre.chain.allocation.queries.shares import household_or_404, round_or_404
from lastmetre.chain.allocation.queries.willing import willing_of
from lastmetre.chain.orders.actions.requests import check_may_take
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.terms import InputError, say


def own(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A household for itself."""
    if request.visitor.household is None:
        raise Http404
    home = household_or_404(request.visitor.household)
    return _willing(request, pk, home, back=reverse("orders:order", args=[pk]))


def for_household(request: HttpRequest, pk: UUID, household: UUID) -> HttpResponse:
    """Whoever takes orders, for a household."""
    home = household_or_404(household)
    check_may_take(home, by=request.actor)
    return _willing(request, pk, home, back=reverse("orders:order-for", args=[pk, home.pk]))


def _willing(request: HttpRequest, pk: UUID, home: Household, *, back: str) -> HttpResponse:
    row = round_or_404(pk)
    found = willing_of(row, home)
    if found is None:
        return redirect(back)
    refusal = None
    if request.method == "POST":
        try:
            state_willing(
                row,
                home,
                stated(request.POST, found),
                version=version_of(request.POST),
                by=request.actor,
                at=request.now,
            )
        except InputError as error:
            refusal = error
        else:
            messages.success(request, say("Saved.").text(gettext))
            return redirect(back)
    context = {
        "row": row,
        "home": masked_row(home),
        "goods": shown(found, request.POST if refusal else None),
        "version": found.request.version,
        "back": back,
        "refusal": refusal,
    }
    return render(request, "allocation/willing.html", context, status=422 if refusal else 200)
