"""The order page: of a household for itself, and of staff for a household (ER4, YC4a)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.orders.actions.requests import cancel_request, check_may_take, place_request
from lastmetre.chain.orders.forms.ordering import PROXY_CHANNELS, asked_from, shown_goods
from lastmetre.chain.orders.queries.ordering import (
    Page,
    asked_by,
    household_or_404,
    page_for,
    repeated,
    rounds_for,
    rounds_shown,
)
from lastmetre.chain.orders.rules import CHANNEL_WORDS, RequestState
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.protection.paging import page_of
from lastmetre.terms import InputError, say


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """A household: the rounds that run for it, and what it asked for until now."""
    household = _own(request)
    return _rounds(request, household)


@require_GET
def rounds_of_household(request: HttpRequest, household: UUID) -> HttpResponse:
    """Staff: which round to enter a household's order in; straight to it where only one is open."""
    home = household_or_404(household)
    if not check_may_take(home, by=request.actor):
        return redirect("orders:mine")
    rounds = list(rounds_for(home).filter(state="open"))
    if len(rounds) == 1:
        return redirect("orders:order-for", rounds[0].pk, home.pk)
    return _rounds(request, home)


def _rounds(request: HttpRequest, home: Household) -> HttpResponse:
    is_own = _is_own(request, home)
    rounds = [
        (row, reverse("orders:order", args=[row.pk]) if is_own else _for(row.pk, home))
        for row in rounds_shown(home)
    ]
    page = page_of(asked_by(home), by="-asked_at", cursor=request.GET.get("cursor", ""), size=20)
    context = {"rounds": rounds, "page": page, "home": masked_row(home), "is_own": is_own}
    return render(request, "orders/orders.html", context)


def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The household's own page of a round."""
    return _order(request, pk, _own(request), is_staff=False)


def order_for(request: HttpRequest, pk: UUID, household: UUID) -> HttpResponse:
    """A household's page of a round, for who takes orders for others."""
    home = household_or_404(household)
    return _order(request, pk, home, is_staff=check_may_take(home, by=request.actor))


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own order back."""
    return _cancel(request, pk, _own(request), to=reverse("orders:order", args=[pk]))


@require_POST
def cancel_for(request: HttpRequest, pk: UUID, household: UUID) -> HttpResponse:
    """Take a household's order back for it."""
    home = household_or_404(household)
    check_may_take(home, by=request.actor)
    return _cancel(request, pk, home, to=_for(pk, home))


def _own(request: HttpRequest) -> Household:
    found = Household.objects.select_related("place__parent__parent").filter(pk=request.visitor.household)
    home = found.first()
    if home is None:
        raise Http404
    return home


def _is_own(request: HttpRequest, home: Household) -> bool:
    return str(request.visitor.household) == str(home.pk)


def _for(pk: UUID, home: Household) -> str:
    return reverse("orders:order-for", args=[pk, home.pk])


def _order(request: HttpRequest, pk: UUID, home: Household, *, is_staff: bool) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        page = page_for(pk, home, at=request.now, is_staff=is_staff)
        try:
            asked = asked_from(request.POST, page, is_staff=is_staff)
            place_request(pk, home, asked, by=request.actor, at=request.now)
        except InputError as error:
            refusal = error
        else:
            messages.success(request, say("The order is in.").text(gettext))
            return redirect(request.path)
    page = page_for(pk, home, at=request.now, is_staff=is_staff)
    return _shown(request, page, refusal, is_staff=is_staff)


def _shown(request: HttpRequest, page: Page, refusal: InputError | None, *, is_staff: bool) -> HttpResponse:
    missing: list[str] = []
    typed = None
    if request.method == "POST":
        typed = request.POST
    again = None
    if request.GET.get("repeat") and page.last and typed is None:
        again, missing = repeated(page)
    context = {
        "order": page,
        "goods": shown_goods(page, typed, again),
        "home": masked_row(page.household),
        "is_staff": is_staff,
        "refusal": refusal,
        "missing": missing,
        "is_repeat": again is not None,
        "may_send": page.refused is None or (is_staff and page.is_quota),
        "cancel": reverse("orders:cancel-for", args=[page.row.pk, page.household.pk])
        if is_staff
        else reverse("orders:cancel", args=[page.row.pk]),
        "typed": typed or {},
        "channels": [(one.value, CHANNEL_WORDS[one]) for one in PROXY_CHANNELS],
    }
    return render(request, "orders/order.html", context, status=422 if refusal else 200)


def _cancel(request: HttpRequest, pk: UUID, home: Household, *, to: str) -> HttpResponse:
    page = page_for(pk, home, at=request.now, is_staff=not _is_own(request, home))
    if page.request and page.request.state == RequestState.ACTIVE:
        cancel_request(page.request, by=request.actor, at=request.now)
    messages.success(request, say("The order has been cancelled.").text(gettext))
    return redirect(to)
