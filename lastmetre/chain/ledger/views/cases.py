"""Cases: what is missing, damaged or refused, who said so, and what comes next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.models import Case
from lastmetre.chain.ledger.queries.pages import (
    book_or_404,
    case_or_404,
    cases,
    photo_or_404,
    photos_of,
)
from lastmetre.chain.ledger.rules import CASE_STEPS, CASE_WORDS, CaseKind, Permission
from lastmetre.chain.ledger.views.pictures import picture
from lastmetre.ground.journal.actions import reveal
from lastmetre.ground.people.queries.contacts import CARE, contact_of_door, contacts_of_door
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.places.rules import Permission as Places
from lastmetre.ground.protection.paging import page_of
from lastmetre.terms import InputError, say

CONFIRM, PLAN = "settlement.confirm", "doorstep.plan"
"""Declared by apps above this one."""


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases that wait, oldest first; or those that were settled."""
    request.actor.must(Permission.CASES)
    is_open = request.GET.get("settled", "") == ""
    book = None
    if request.GET.get("book"):
        try:
            book = book_or_404(UUID(request.GET["book"]))
        except ValueError as error:
            raise Http404 from error
    rows = cases(book=book.pk if book else None, is_open=is_open)
    page = page_of(rows, by="opened_at" if is_open else "-opened_at", cursor=request.GET.get("cursor", ""))
    context = {"rows": [_shown(one) for one in page.rows], "page": page, "is_open": is_open, "book": book}
    return render(request, "ledger/cases.html", context)


def _shown(row: Case) -> dict[str, Any]:
    kind = CaseKind(row.kind)
    return {
        "case": row,
        "what": CASE_WORDS[kind],
        "step": CASE_STEPS[kind],
        "home": masked_row(row.household) if row.household else None,
    }


def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: what, who opened it, what to do; settled in words."""
    row = case_or_404(pk)
    request.actor.must(Permission.CASES, path=row.path)
    if request.method == "POST":
        try:
            settle_case(row, outcome=request.POST.get("outcome", ""), by=request.actor, at=request.now)
        except InputError as error:
            messages.error(request, error.text(gettext))
        else:
            messages.success(request, say("The case is settled.").text(gettext))
        return redirect("ledger:case", pk=pk)
    shown = _shown(row)
    may_ring = row.household is not None and request.actor.may(Places.REVEAL, path=row.household.path)
    context = {
        **shown,
        "photos": photos_of(row),
        "sees_money": _sees_money(request, row),
        "may_ring": may_ring and bool(shown["home"].phone_tail),
        "may_plan": row.parcel is not None
        and row.parcel.ended_at is None
        and request.actor.may(PLAN, path=row.path),
        "helpers": contacts_of_door(row.path, at=request.now, roles=CARE)
        if row.kind == CaseKind.NEEDS_HELP
        else (),
    }
    return render(request, "ledger/case.html", context)


@require_POST
def ring(request: HttpRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Show the number of whoever goes and looks after a household that needs help; recorded."""
    row = case_or_404(pk)
    request.actor.must(Permission.CASES, path=row.path)
    found = contact_of_door(row.path, person, at=request.now, roles=CARE)
    if row.kind != CaseKind.NEEDS_HELP or found is None:
        raise Http404
    reveal("people.person", person, by=request.actor, at=request.now, path=row.path)
    name, phone = found
    if request.htmx:
        return render(request, "ui/revealed.html", {"value": phone, "phone": True})
    back = reverse("ledger:case", args=[pk])
    return render(request, "ui/contact.html", {"name": name, "phone": phone, "back": back})


def _sees_money(request: HttpRequest, row: Case) -> bool:
    """Tell whether the way to a household's money may be shown: a keeper of the gate settles cases without it."""
    path = row.household.path if row.household else row.path
    return any(request.actor.may(one, path=path) for one in (CONFIRM, Permission.READ))


@require_GET
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A picture of a case, of a bag at a door or of damage; for whoever settles cases there."""
    row = photo_or_404(pk)
    request.actor.must(Permission.CASES, path=row.path)
    return picture(row)
