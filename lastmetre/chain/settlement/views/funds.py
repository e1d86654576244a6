"""Funds and donations: what was given, what it paid, what is left (QZ7)."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.settlement.actions.funds import donate_round, end_fund, open_fund
from lastmetre.chain.settlement.forms.pages import FundForm
from lastmetre.chain.settlement.models import Fund
from lastmetre.chain.settlement.queries.found import fund_or_404, must_see_books, round_or_404
from lastmetre.chain.settlement.rules import Permission
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, say


@require_GET
def funds(request: HttpRequest) -> HttpResponse:
    """All funds that the actor sees."""
    must_see_books(request.actor)
    rows = list(Fund.objects.select_related("place"))
    context = {"rows": rows, "may_open": request.actor.may(Permission.CLOSE)}
    return render(request, "settlement/funds.html", context)


def add(request: HttpRequest) -> HttpResponse:
    """Write down a gift."""
    request.actor.must(Permission.CLOSE)
    form = FundForm(request.POST or None, initial={"id": new_id()})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            open_fund(given.pop("place"), by=request.actor, at=request.now, **given)
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("settlement:funds")
    return render(request, "settlement/fund.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a fund out of use."""
    row = fund_or_404(pk)
    end_fund(row, by=request.actor, at=request.now)
    return redirect("settlement:funds")


@require_POST
def donate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a fund pay all that is open in a round."""
    row = round_or_404(pk)
    request.actor.must(Permission.CLOSE, path=row.path)
    try:
        fund = fund_or_404(UUID(request.POST.get("fund", "")))
    except ValueError as error:
        raise Http404 from error
    give = lambda: donate_round(row, fund=fund.pk, by=request.actor, at=request.now)  # noqa: E731
    done = say("The fund pays; what is above the limit waits for a second person.")
    return tried(request, give, done=done, to="settlement:refunds", pk=pk)
