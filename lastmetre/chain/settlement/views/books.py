"""The liaison's page of a round's books, the supplier's, and the files for those who check them (PD6, PD7)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.ledger.rules import CAUSE_WORDS
from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import ROUND_WORDS, RoundState
from lastmetre.chain.settlement.actions.closing import (
    NotYet,
    close_round,
    settle_supplier,
    state_bill,
    supplier_failed,
)
from lastmetre.chain.settlement.actions.payments import hand_over_cash
from lastmetre.chain.settlement.forms.pages import BillForm
from lastmetre.chain.settlement.queries.differences import WHERE, Difference, differences, missing_to_close
from lastmetre.chain.settlement.queries.exports import tables, transactions
from lastmetre.chain.settlement.queries.found import (
    must_see_books,
    must_see_money,
    round_or_404,
    rounds_seen,
    sees_money,
)
from lastmetre.chain.settlement.queries.goods_flow import Flow, flows
from lastmetre.chain.settlement.queries.money_flow import money
from lastmetre.chain.settlement.queries.statements import homes_page
from lastmetre.chain.settlement.rules import Permission
from lastmetre.chain.settlement.views.shared import form_id, frame, may_close
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.paging import page_of
from lastmetre.papers.journals import beancount_text, hledger_text
from lastmetre.papers.workbook import file_name, write_workbook
from lastmetre.terms import InputError, say

FILES = {"workbook": "xlsx", "hledger": "journal", "beancount": "beancount"}


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds whose money the actor looks after."""
    must_see_books(request.actor)
    page = page_of(rounds_seen(), by="-closes_at", cursor=request.GET.get("cursor", ""))
    rows = [(row, ROUND_WORDS[RoundState(row.state)]) for row in page.rows]
    return render(request, "settlement/rounds.html", {"rows": rows, "page": page})


@require_GET
def books(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What balances and what does not, why, and what to do next."""
    row = round_or_404(pk)
    must_see_money(request.actor, row)
    if not any(request.actor.may(one, path=row.path) for one in (Permission.CONFIRM, Ledger.READ)):
        return redirect(
            "settlement:unpaid", pk=pk
        )  # a building's people see its doors, not the compound's sums
    found = differences(row)
    context = {
        **frame(request, row),
        "found": found,
        "missing": _linked(request, row, missing_to_close(row, found)),
        "goods": [_shown(one) for one in found.goods],
        "homes": homes_page(row, after=request.GET.get("cursor", "")),
        "may_export": request.actor.may(Ledger.READ, path=row.path),
    }
    return render(request, "settlement/books.html", context)


WORKED_ON = frozenset(
    {"settlement:unpaid", "settlement:claim", "settlement:lines", "settlement:spare", "ledger:cases"}
)
"""Pages that only who confirms payments may open: for others the line has no link."""


def _linked(request: HttpRequest, row: Round, missing: Iterable[Difference]) -> list[tuple[Difference, str]]:
    """Return each difference with the address where this reader goes on with it, '' where there is none."""
    works = may_close(request.actor, row)
    confirms = sees_money(request.actor, row, Permission.CONFIRM)
    found = []
    for one in missing:
        if one.work and works:
            address = reverse(one.work, args=[row.pk])
        elif one.address in ("", "settlement:round") or (one.address in WORKED_ON and not confirms):
            address = ""
        elif one.address == "ledger:cases":
            address = f"{reverse(one.address)}?book={row.book_id}"
        else:
            address = reverse(one.address, args=[one.pk or row.pk])
        found.append((one, address))
    return found


def _shown(flow: Flow) -> dict[str, object]:
    """Return a good with why each difference is there, in words."""
    why = [(CAUSE_WORDS[cause], amount) for cause, amount in flow.unmet.items() if amount]
    lost = [(CAUSE_WORDS[cause], amount) for cause, amount in flow.lost.items() if amount]
    held = [(WHERE[kind], amount) for kind, amount in flow.held.items() if amount and kind in WHERE]
    return {"flow": flow, "why": why, "lost": lost, "held": held}


@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the books, or say what is open."""
    row = round_or_404(pk)
    request.actor.must(Permission.CLOSE, path=row.path)
    try:
        close_round(row, by=request.actor, at=request.now)
    except NotYet as error:
        found = differences(row)
        context = {
            **frame(request, row),
            "found": found,
            "missing": _linked(request, row, error.missing),
            "goods": [_shown(one) for one in found.goods],
            "homes": homes_page(row, after=request.GET.get("cursor", "")),
            "refused": error,
        }
        return render(request, "settlement/books.html", context, status=422)
    return redirect("settlement:round", pk=pk)


def supplier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The supplier's bill against what was delivered; settled when the households are even."""
    row = round_or_404(pk)
    is_own = row.supplier_id in request.actor.organisations
    if not is_own and not request.actor.may(Ledger.READ, path=row.path):
        request.actor.must(Permission.CONFIRM, path=row.path)
    form = BillForm(request.POST or None) if request.POST.get("what") == "bill" else BillForm()
    if is_own:
        del form.fields["why"]
    if request.method == "POST":
        answer = _supplier_post(request, row, form)
        if answer is not None:
            return answer
    context = {
        **frame(request, row),
        "goods": [_shown(one) for one in flows(row.book)],
        "money": money(row.book),
        "form": form,
    }
    return render(request, "settlement/supplier.html", context, status=422 if form.errors else 200)


def _supplier_post(request: HttpRequest, row: Round, form: BillForm) -> HttpResponse | None:
    write = {"by": request.actor, "at": request.now}
    to = {"to": "settlement:supplier", "pk": row.pk}
    what = request.POST.get("what", "")
    if what == "settle":
        return tried(
            request, lambda: settle_supplier(row, **write), done=say("Settled with the supplier."), **to
        )
    if what == "cash":
        cash = money(row.book).cash
        hand = lambda: hand_over_cash(row, cash, id=form_id(request), **write)  # noqa: E731
        return tried(request, hand, done=say("The cash is with the supplier."), **to)
    if what == "failed":
        why = request.POST.get("why", "")
        fail = lambda: supplier_failed(row, why=why, **write)  # noqa: E731
        return tried(
            request,
            fail,
            done=say("Written down. Whoever has paid is owed it."),
            to="settlement:refunds",
            pk=row.pk,
        )
    if form.is_valid():
        given = form.cleaned_data
        try:
            state_bill(row, given["amount_fen"], why=given.get("why", ""), id=given["id"], **write)
        except InputError as error:
            form.refuse(error)
            return None
        return redirect("settlement:supplier", pk=row.pk)
    return None


@require_GET
def export(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The books as a workbook, or as a file that hledger or beancount checks."""
    row = round_or_404(pk)
    request.actor.must(Ledger.READ, path=row.path, organisation=None)
    if kind not in FILES:
        raise Http404
    if kind == "workbook":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "books.xlsx"
            write_workbook(path, [table.said(gettext) for table in tables(row)])
            body, mime = (
                path.read_bytes(),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
    else:
        text = beancount_text if kind == "beancount" else hledger_text
        body = text(row.title, transactions(row.book, gettext)).encode()
        mime = "text/plain; charset=utf-8"
    record("export", "ledger.book", row.book_id, by=request.actor, at=request.now, path=row.path, format=kind)
    answer = HttpResponse(body, content_type=mime)
    name = f"{file_name(row.title)}.{FILES[kind]}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
