"""One good of an order: short, dearer or cheaper, something else instead; and what the liaison decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.purchase.actions.proposing import decide, propose_substitute
from lastmetre.chain.purchase.actions.supplying import change_price, mark_short
from lastmetre.chain.purchase.forms.desk import PriceForm, ProposeForm, ShortForm
from lastmetre.chain.purchase.models import PurchaseLine
from lastmetre.chain.purchase.queries.orders import (
    check_may_look,
    is_open,
    line_or_404,
    order_or_404,
    others_of,
    proposal_or_404,
    standing_of,
)
from lastmetre.chain.purchase.rules import SHORT_WORDS, Permission, ShortCause
from lastmetre.terms import InputError, Sentence, say

DONE: dict[str, Sentence] = {
    "short": say("Written down: it is shared out again, bills go down, households are told."),
    "price": say("The new price is on every bill."),
    "propose": say("Proposed. The liaison decides."),
}


def line(request: HttpRequest, pk: UUID, good: UUID) -> HttpResponse:
    """One good: how much is wanted, and the three things a supplier may say about it."""
    row = order_or_404(pk)
    check_may_look(row, request.actor)
    held = line_or_404(row, good)
    standing = next(one for one in standing_of(row) if one.line.pk == held.pk)
    what = request.POST.get("what", "") if request.method == "POST" else ""
    if request.method == "POST" and what not in DONE:
        raise Http404
    others = others_of(row, held)
    forms = {
        "short": ShortForm(request.POST if what == "short" else None),
        "price": PriceForm(request.POST if what == "price" else None, initial={"price_fen": held.agreed_fen}),
        "propose": ProposeForm(
            others,
            request.POST if what == "propose" else None,
            initial={"quantity": f"{standing.missing.normalize() + 0:f}"},
        ),
    }
    if what and forms[what].is_valid():
        try:
            _do(request, held, what, forms[what])
        except InputError as error:
            forms[what].refuse(error)
        else:
            messages.success(request, DONE[what].text(gettext))
            return redirect("purchase:line", pk=pk, good=good)
    context = {
        "order": row,
        "one": standing,
        "forms": forms,
        "is_open": is_open(row),
        "can_propose": bool(others) and standing.is_short and standing.proposal is None,
        "cause": SHORT_WORDS[ShortCause(held.short_cause)] if held.short_cause else "",
    }
    return render(request, "purchase/line.html", context, status=422 if what else 200)


def _do(request: HttpRequest, held: PurchaseLine, what: str, form: Any) -> None:
    write: dict[str, Any] = {"by": request.actor, "at": request.now}
    if what == "short":
        mark_short(held, **form.given(), **write)
    elif what == "price":
        change_price(held, price_fen=form.cleaned_data["price_fen"], **write)
    else:
        propose_substitute(held, **form.given(), **write)


@require_POST
def decision(request: HttpRequest, pk: UUID, proposal: UUID) -> HttpResponse:
    """Take or refuse what the supplier proposes; for those who allowed it, or for all who are short."""
    row = order_or_404(pk)
    request.actor.must(Permission.ORDER, path=row.path)
    held = proposal_or_404(row, proposal)
    what = request.POST.get("what", "")
    if what not in ("all", "allowed", "refuse"):
        raise Http404

    def do() -> None:
        decide(
            held, accept=what != "refuse", only_allowed=what == "allowed", by=request.actor, at=request.now
        )

    done = say("Refused. The supplier sees it.") if what == "refuse" else say("Taken. Households are told.")
    return tried(request, do, done=done, to="purchase:order", pk=pk)
