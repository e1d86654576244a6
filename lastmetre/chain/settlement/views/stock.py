"""Spare goods for who needs them, and promises that nobody will keep."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lastmetre.chain.ledger.queries.balances import owed_by_household
from lastmetre.chain.ledger.rules import Cause, milli
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.closing import end_promises
from lastmetre.chain.settlement.actions.spare import give_spare, return_spare, spoil_spare
from lastmetre.chain.settlement.forms.pages import SpareForm, causes
from lastmetre.chain.settlement.queries.found import (
    find_household,
    household_or_404,
    must_see_money,
    round_or_404,
)
from lastmetre.chain.settlement.queries.goods_flow import flows
from lastmetre.chain.settlement.queries.statements import doors_owed
from lastmetre.chain.settlement.rules import Permission
from lastmetre.chain.settlement.views.shared import frame
from lastmetre.ground.goods.models import Product
from lastmetre.ground.places.queries.roster import door_page, doors_within, masked_row
from lastmetre.ground.places.rules import NEED_NAMES, Need
from lastmetre.ground.protection.search import carrying, term_of_need
from lastmetre.terms import InputError, say

NEEDY = (Need.OVER_80, Need.LIVES_ALONE, Need.HARDLY_MOBILE, Need.DISABLED, Need.INFANT)
MOST_NEEDY = 30


def spare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is in nobody's bag, and who may need it."""
    row = round_or_404(pk)
    must_see_money(request.actor, row, Permission.CONFIRM)
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what not in ("give", "spoil", "return"):
            raise Http404
        form = SpareForm(request.POST)
        return tried(
            request,
            lambda: _act(request, row, what, form),
            done=say("Written down."),
            to="settlement:spare",
            pk=pk,
        )
    rows = [(one, SpareForm(initial={"product": one.product.pk})) for one in flows(row.book) if one.spare > 0]
    context = {**frame(request, row), "rows": [one for one, _ in rows], "needy": needy(row)}
    return render(request, "settlement/spare.html", context)


def needy(row: Round) -> list[tuple[Any, Any]]:
    """Return homes with needs, one need each, the oldest first: who to offer spare food to."""
    found: dict[UUID, tuple[Any, Any]] = {}
    for need in NEEDY:
        rows = doors_within(row.place).filter(carrying([term_of_need(need)]))[:MOST_NEEDY]
        for home in rows:
            found.setdefault(home.pk, (masked_row(home), NEED_NAMES[need]))
    return list(found.values())[:MOST_NEEDY]


def _act(request: HttpRequest, row: Round, what: str, form: SpareForm) -> None:
    if not form.is_valid() or not form.cleaned_data["quantity"]:
        raise InputError(say("How much?"), remedy=say("Write a number such as 1 or 2.5."))
    given = form.cleaned_data
    amount = milli(Decimal(given["quantity"]))
    write: dict[str, Any] = {"by": request.actor, "at": request.now, "id": given["id"]}
    if what == "give":
        home = find_household(row, given["home"]) if given["home"].strip() else None
        if home is None:
            raise InputError(
                say("No single household is called that."), remedy=say("Write its door, such as 1-1-101.")
            )
        give_spare(row, given["product"], amount, home, **write)
    elif what == "spoil":
        spoil_spare(row, given["product"], amount, **write)
    else:
        return_spare(row, given["product"], amount, **write)


def promises(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was promised, and neither delivered nor ended: each needs its cause."""
    row = round_or_404(pk)
    must_see_money(request.actor, row)
    if request.method == "POST":
        home = household_or_404(row, _id(request.POST.get("home", "")))
        cause = request.POST.get("cause", "")
        if cause not in dict(causes()):
            raise Http404
        end = lambda: end_promises(row, home, cause=Cause(cause), by=request.actor, at=request.now)  # noqa: E731
        return tried(
            request, end, done=say("Written down, and taken off the bill."), to="settlement:promises", pk=pk
        )
    page = door_page(doors_owed(row), after=request.GET.get("cursor", ""))
    owed = owed_by_household(row.book, [home.pk for home in page.homes])
    products = Product.objects.in_bulk({product for goods in owed.values() for product in goods})
    rows = [
        (masked_row(home), [(products[one], amount) for one, amount in owed.get(home.pk, {}).items()])
        for home in page.homes
    ]
    context = {**frame(request, row), "rows": rows, "causes": causes(), "page": page}
    return render(request, "settlement/promises.html", context)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
