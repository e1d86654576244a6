"""The gate: what is expected, what stands there, taken in, counted, handed on, released."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.gate.actions.counting import count, count_all
from lastmetre.chain.gate.actions.receiving import finish, hand_over, receive
from lastmetre.chain.gate.actions.reopening import take_release_back
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.gate.queries.arrivals import (
    arrival_or_404,
    cases_of,
    check_may_watch,
    last_counted,
    last_tap,
    not_counted,
    standing_at,
    standing_of,
    standing_of_round,
)
from lastmetre.chain.gate.rules import RELEASE_SLIP, Permission
from lastmetre.chain.gate.views.shared import Result, counted, id_of, refused, scanned
from lastmetre.chain.ledger.rules import CASE_WORDS, CaseKind
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import round_or_404
from lastmetre.chain.transport.queries.loads import load_or_404
from lastmetre.ground.people.queries.contacts import people_who_may
from lastmetre.ground.protection.actor import Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, say

MOST_SHOWN = 60
"""Bags that are listed as not counted; the rest is a number."""
SORT = "sorting.sort"
"""Declared by an app above this one."""
MOST_DIGITS = 6


@require_GET
def arrivals(request: HttpRequest) -> HttpResponse:
    """All that stands at the visitor's gates or is expected there, the most urgent first."""
    actor = request.actor
    if not actor.may(Permission.RECEIVE):
        actor.must(Permission.WATCH)
    return render(request, "gate/arrivals.html", {"rows": standing_at()})


def round_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came and comes for one round; taken in by a tap."""
    row = round_or_404(pk)
    check_may_watch(request.actor, row.path)
    if request.method == "POST":
        return _receive(request, row)
    context = {
        "row": row,
        "rows": standing_of_round(row),
        "id": new_id(),
        "may_receive": request.actor.may(Permission.RECEIVE, path=row.path),
        "may_sort": request.actor.may(SORT, path=row.path),
    }
    return render(request, "gate/round.html", context)


def _receive(request: HttpRequest, row: Round) -> HttpResponse:
    try:
        load = load_or_404(UUID(request.POST["load"])) if request.POST.get("load") else None
    except ValueError as error:
        raise Http404 from error
    if load is not None and load.round_id != row.pk:
        raise Http404
    try:
        arrival = receive(row, load=load, by=request.actor, at=request.now, id=id_of(request))
    except Denied:
        raise
    except InputError as error:
        messages.error(request, error.text(gettext))
        return redirect("gate:round", pk=row.pk)
    return redirect("gate:arrival", pk=arrival.pk)


def arrival(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One arrival: the scan box, what a scan came to, how many are there, who has it and for how long."""
    row = arrival_or_404(pk, request.actor)
    result: Result | None = None
    if request.method == "POST":
        result = scanned(request, row.place, lambda code: _count(request, row, code), refused)
        if request.headers.get("HX-Request"):
            context = {"row": row, "result": result, "standing": standing_of(row)}
            return render(request, "gate/_scanned.html", context)
    waiting = not_counted(row)
    gone = list(waiting[: MOST_SHOWN + 1])
    context = {
        "row": row,
        "standing": standing_of(row),
        "result": result,
        "gone": gone[:MOST_SHOWN],
        "more_gone": waiting.count() - MOST_SHOWN if len(gone) > MOST_SHOWN else 0,
        "last": last_counted(row),
        "tap": last_tap(row),
        "cases": [(one, CASE_WORDS[CaseKind(one.kind)]) for one in cases_of(row)],
        "may_receive": request.actor.may(Permission.RECEIVE, path=row.path),
        "may_sort": request.actor.may(SORT, path=row.path),
        "may_reopen": row.finished_at and request.now - row.finished_at <= RELEASE_SLIP,
        "is_mine": row.holder == request.actor.key,
        "people": people_who_may(Permission.RECEIVE, row.path, at=request.now),
        "id": new_id(),
    }
    return render(request, "gate/arrival.html", context)


def _count(request: HttpRequest, row: Arrival, code: str) -> Result:
    return counted(count(row, code, id=id_of(request), by=request.actor, at=request.now))


@require_POST
def count_by_hand(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All bags are there: counted by hand, and the number is right."""
    row = arrival_or_404(pk, request.actor)
    return tried(
        request,
        lambda: count_all(row, counted=_number(request, "counted"), by=request.actor, at=request.now),
        done=say("All bags are counted."),
        to="gate:arrival",
        pk=pk,
    )


@require_POST
def give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Into another person's hands: one's own, or somebody's of the list."""
    row = arrival_or_404(pk, request.actor)
    holder = request.POST.get("holder") or request.actor.key
    return tried(
        request,
        lambda: hand_over(row, holder=holder, by=request.actor, at=request.now),
        done=say("Handed over: the clock starts anew."),
        to="gate:arrival",
        pk=pk,
    )


@require_POST
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Counting is over: sorting may begin; what is missing becomes cases."""
    row = arrival_or_404(pk, request.actor)
    rest = request.POST.get("what") == "rest"
    end = lambda: finish(  # noqa: E731
        row, missing=_number(request, "missing"), rest_comes=rest, by=request.actor, at=request.now
    )
    return tried(
        request,
        end,
        done=say("Released to sorting."),
        to="gate:arrival",
        pk=pk,
    )


@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It was released by a slip: counting goes on."""
    row = arrival_or_404(pk, request.actor)
    return tried(
        request,
        lambda: take_release_back(row, by=request.actor, at=request.now),
        done=say("Taken back: counting goes on."),
        to="gate:arrival",
        pk=pk,
    )


def _number(request: HttpRequest, name: str) -> int:
    """Return a whole number that was typed; raises InputError for anything else."""
    text = unicodedata.normalize("NFKC", request.POST.get(name, "")).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise InputError(say("Write how many bags there are."), remedy=say("Only a number, such as 25."))
    return int(text)
