"""What is wrong with a bag: damaged, not there, found again or lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lastmetre.chain.gate.actions.uncounting import uncount
from lastmetre.chain.gate.actions.wrong import damage, report_missing, settle_missing
from lastmetre.chain.gate.forms import DamageForm
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.gate.queries.arrivals import arrival_of_case, arrival_or_404, bag_at, check_may_watch
from lastmetre.chain.gate.rules import Permission
from lastmetre.chain.ledger.queries.pages import case_or_404
from lastmetre.chain.ledger.rules import AccountKind, CaseKind
from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.transport.queries.loads import ringing_of
from lastmetre.ground.protection.actor import Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, say


def bag(request: HttpRequest, pk: UUID, bag: UUID) -> HttpResponse:
    """One bag: what is in it, what of it is damaged, or that it is not there."""
    row = arrival_or_404(pk, request.actor)
    request.actor.must(Permission.RECEIVE, path=row.path)
    found = bag_at(row, bag)
    if found is None:
        raise Http404
    form = DamageForm(found, request.POST or None, request.FILES or None, initial={"id": new_id()})
    if request.method == "POST" and form.is_valid() and _damaged(request, row, bag, form):
        messages.success(request, say("Written down, and taken off the bill.").text(gettext))
        return redirect("gate:arrival", pk=pk)
    context: dict[str, Any] = {
        "row": row,
        "bag": found,
        "form": form,
        "can_uncount": row.finished_at is None and found.account.kind == AccountKind.GATE,
    }
    return render(request, "gate/bag.html", context, status=422 if form.errors else 200)


def _damaged(request: HttpRequest, row: Arrival, bag: UUID, form: DamageForm) -> bool:
    given = form.cleaned_data
    try:
        damage(
            row,
            bag,
            contents=form.contents(),
            words=given["words"],
            picture=form.picture(),
            id=given["id"],
            by=request.actor,
            at=request.now,
        )
    except Denied:
        raise
    except InputError as error:
        form.refuse(error)
        return False
    return True


@require_POST
def not_there(request: HttpRequest, pk: UUID, bag: UUID) -> HttpResponse:
    """The books have it here, and it is not: its box was counted, it was not in it."""
    row = arrival_or_404(pk, request.actor)
    return tried(
        request,
        lambda: report_missing(row, bag, by=request.actor, at=request.now),
        done=say("Written down: somebody looks for it."),
        to="gate:arrival",
        pk=pk,
    )


@require_POST
def uncounted(request: HttpRequest, pk: UUID, bag: UUID) -> HttpResponse:
    """It was counted by a slip: a bag or box, or all of one count."""
    row = arrival_or_404(pk, request.actor)
    whole = request.POST.get("what") == "all"
    return tried(
        request,
        lambda: uncount(row, bag, whole=whole, by=request.actor, at=request.now),
        done=say("Taken back: it is not counted."),
        to="gate:arrival",
        pk=pk,
    )


def missing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What became of a bag that was missing: found, or taken off the bill."""
    case = case_or_404(pk)
    if case.kind != CaseKind.MISSING or case.parcel is None:
        raise Http404
    may_lose = request.actor.may(Ledger.CASES, path=case.path)
    if not may_lose:
        check_may_watch(request.actor, case.path)
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what not in ("found", "lost"):
            raise Http404
        is_found = what == "found"
        return tried(
            request,
            lambda: settle_missing(case, is_found=is_found, by=request.actor, at=request.now),
            done=say("Found.") if is_found else say("Not found: taken off the bill."),
            to="gate:missing",
            pk=pk,
        )
    arrival = arrival_of_case(case)
    load = arrival.load if arrival else None
    context = {
        "case": case,
        "arrival": arrival,
        "ringing": ringing_of(load, request.actor, request.now) if load else None,
        "may_lose": may_lose,
        "may_find": request.actor.may(Permission.RECEIVE, path=case.path),
    }
    return render(request, "gate/missing.html", context)
