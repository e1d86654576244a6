"""A household's account for the staff: payments, refunds, gifts, credits; and what waits for a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.money import Wanted, approve, carry, decide, refuse, reverse
from lastmetre.chain.settlement.actions.payments import record_payment, reverse_payment
from lastmetre.chain.settlement.forms.pages import AllowanceForm, FreeForm, MoneyForm, PaymentForm
from lastmetre.chain.settlement.models import Decision, Fund
from lastmetre.chain.settlement.queries.found import (
    decision_or_404,
    household_or_404,
    must_see_money,
    payment_or_404,
    round_or_404,
)
from lastmetre.chain.settlement.queries.statements import Statement, homes_page, statement_of
from lastmetre.chain.settlement.rules import (
    DECISION_WORDS,
    HOW_WORDS,
    DecisionKind,
    DecisionState,
    How,
    Permission,
)
from lastmetre.chain.settlement.views.shared import form_id, frame
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, say

FORMS: dict[str, type[MoneyForm]] = {
    DecisionKind.REFUND: MoneyForm,
    DecisionKind.ALLOWANCE: AllowanceForm,
    DecisionKind.FREE: FreeForm,
    DecisionKind.RETURN: FreeForm,
    DecisionKind.WRITE_OFF: MoneyForm,
}


def household(request: HttpRequest, pk: UUID, household: UUID) -> HttpResponse:
    """A household's account in a round, and what can be done about it."""
    row = round_or_404(pk)
    must_see_money(request.actor, row)
    home = household_or_404(row, household)
    what = request.POST.get("what", "")
    forms = _forms(request, row, what)
    if request.method == "POST":
        if what not in forms and what != DecisionKind.CARRY:
            raise Http404
        form = forms.get(what)
        if form is None or form.is_valid():
            try:
                _do(request, row, home, what, form)
            except InputError as error:
                if form is None:
                    return tried(request, _again(error), done=say("Saved."), to="settlement:round", pk=pk)
                form.refuse(error)
            else:
                return redirect("settlement:household", pk=pk, household=household)
    found = statement_of(row, home)
    context = {
        **frame(request, row),
        "found": found,
        "household": home,
        "payments": [(one, HOW_WORDS[How(one.how)]) for one in found.payments],
        "decisions": [(one, DECISION_WORDS[DecisionKind(one.kind)]) for one in found.decisions],
        "forms": [
            (name, _title(name), form)
            for name, form in forms.items()
            if _fits(name, found)
            and (name != DecisionKind.RETURN or any(one.kind == DecisionKind.FREE for one in found.decisions))
        ],
    }
    status = 422 if any(form.is_bound and form.errors for form in forms.values()) else 200
    return render(request, "settlement/household.html", context, status=status)


def _again(error: InputError) -> Any:
    def fail() -> None:
        raise error

    return fail


def _title(name: str) -> Any:
    titles = {
        "pay": say("Book a payment"),
        DecisionKind.REFUND: say("Pay back"),
        DecisionKind.ALLOWANCE: say("Take off the bill"),
        DecisionKind.FREE: say("Let a fund pay"),
        DecisionKind.RETURN: say("Return to the fund"),
        DecisionKind.WRITE_OFF: say("Write off"),
    }
    return titles[name]


def _fits(name: str, found: Statement) -> bool:
    """Show only what can be done now: nothing to refund where nothing is owed."""
    due, bill = found.due_fen, found.bill_fen
    if name in (DecisionKind.FREE, DecisionKind.RETURN) and found.row.book.fund_pays:
        due = found.pledged_fen
    if name in (DecisionKind.REFUND, DecisionKind.RETURN):
        return due < 0
    return bill > 0 if name == DecisionKind.ALLOWANCE else due > 0


def _forms(request: HttpRequest, row: Round, what: str) -> dict[str, Any]:
    funds = Fund.objects.filter(path__above=row.path, ended_at=None)
    found: dict[str, Any] = {}
    for name, kind in ({"pay": PaymentForm} | FORMS).items():
        more = {"funds": funds} if kind is FreeForm else {}
        data = request.POST if what == name else None
        found[str(name)] = kind(
            data, prefix=str(name), initial={"id": new_id()}, auto_id=f"{name}-%s", **more
        )
    return found


def _do(request: HttpRequest, row: Round, home: Household, what: str, form: Any) -> None:
    write: dict[str, Any] = {"by": request.actor, "at": request.now}
    if what == DecisionKind.CARRY:
        carry(row, home, id=form_id(request), **write)
        return
    given = form.cleaned_data
    if what == "pay":
        how, reference = How(given["how"]), given["reference"]
        record_payment(row, home, given["amount_fen"], how=how, reference=reference, id=given["id"], **write)
        return
    fund = given.get("fund")
    wanted = Wanted(
        DecisionKind(what),
        given["amount_fen"],
        given["why"],
        cause=Cause(given["cause"]) if "cause" in given else None,
        fund=fund.pk if fund else None,
        id=given["id"],
    )
    decide(row, home, wanted, **write)


@require_GET
def sheet(request: HttpRequest, pk: UUID, household: UUID) -> HttpResponse:
    """A household's statement to print; without a name."""
    row = round_or_404(pk)
    must_see_money(request.actor, row)
    home = household_or_404(row, household)
    return render(request, "settlement/sheet.html", {"row": row, "found": statement_of(row, home)})


@require_POST
def payment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a payment back."""
    row = payment_or_404(pk)
    request.actor.must(Permission.CONFIRM, path=row.path)
    back = lambda: reverse_payment(row, why=request.POST.get("why", ""), by=request.actor, at=request.now)  # noqa: E731
    return tried(
        *(request, back),
        done=say("Taken back."),
        to="settlement:household",
        pk=row.book.round.pk,
        household=row.household_id,
    )


@require_POST
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree, refuse or reverse."""
    row = decision_or_404(pk)
    request.actor.must(Permission.CONFIRM, path=row.path)
    actions = {"approve": approve, "refuse": refuse, "reverse": reverse}
    act = actions.get(request.POST.get("what", ""))
    if act is None:
        raise Http404
    do = lambda: act(row, by=request.actor, at=request.now)  # noqa: E731
    return tried(request, do, done=say("Saved."), to="settlement:refunds", pk=row.book.round.pk)


@require_GET
def refunds(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is owed money, and what waits for a second person."""
    row = round_or_404(pk)
    must_see_money(request.actor, row)
    waiting = Decision.objects.filter(book=row.book_id, state=DecisionState.PROPOSED).select_related(
        "household__place__parent__parent", "fund"
    )
    context = {
        **frame(request, row),
        "owed": homes_page(row, after=request.GET.get("cursor", ""), only_owed=True),
        "waiting": [
            (one, masked_row(one.household), DECISION_WORDS[DecisionKind(one.kind)]) for one in waiting
        ],
    }
    return render(request, "settlement/refunds.html", context)
