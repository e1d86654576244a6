"""Sorting: scan a bag, read the cart's number; what each cart lacks; release it (ER3b)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.gate.rules import Permission as Gate
from lastmetre.chain.gate.views.shared import scanned
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import round_or_404
from lastmetre.chain.sorting.actions import carts as actions
from lastmetre.chain.sorting.models import CartRun
from lastmetre.chain.sorting.queries.carts import (
    count_of,
    missing_of,
    placed_on,
    placement_or_404,
    run_or_404,
    runs_of,
    stairs_of,
    to_sort,
    unsorted,
)
from lastmetre.chain.sorting.rules import CartState, Permission
from lastmetre.chain.sorting.views.shared import Result, id_of, put, refused
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import say

PLAN_WAVES = "doorstep.plan"
"""Declared by an app above this one."""


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds with bags to sort, where the visitor may."""
    request.actor.must(Permission.SORT)
    rows = [one for one in to_sort() if request.actor.may(Permission.SORT, path=one.path)]
    return render(request, "sorting/rounds.html", {"rows": rows})


def sort(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The scan box, the cart's number in giant figures, and how full each cart is."""
    row = round_or_404(pk)
    request.actor.must(Permission.SORT, path=row.path)
    result = (
        scanned(request, row.place, lambda code: _put(request, row, code), refused)
        if request.method == "POST"
        else None
    )
    context: dict[str, Any] = {"row": row, "result": result, "id": new_id(), "undo_id": new_id()}
    if request.headers.get("HX-Request"):
        return render(request, "sorting/_scanned.html", context)
    counts = runs_of(row)
    context |= {
        "counts": counts,
        "placed": sum(one.placed for one in counts),
        "total": sum(one.total for one in counts),
        "unsorted": unsorted(row),
        "may_plan_waves": request.actor.may(PLAN_WAVES, path=row.path),
        "sees_gate": any(request.actor.may(one, path=row.path) for one in (Gate.RECEIVE, Gate.WATCH)),
    }
    return render(request, "sorting/sort.html", context)


def _put(request: HttpRequest, row: Round, code: str) -> Result:
    return put(actions.scan(row, code, id=id_of(request), by=request.actor, at=request.now))


@require_POST
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan the carts; what a person must know or arrange is said above the page."""
    row = round_or_404(pk)

    def do() -> None:
        for note in actions.plan_carts(row, by=request.actor, at=request.now):
            messages.warning(request, note.text(gettext))

    return tried(request, do, done=say("The carts are planned."), to="sorting:round", pk=pk)


@require_GET
def cart(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One cart: its number, what is missing on it, what is on it, release."""
    run = run_or_404(pk)
    request.actor.must(Permission.SORT, path=run.path)
    found = count_of(run)
    context = {
        "run": run,
        "count": found,
        "tally": f"{found.placed}/{found.total}",
        "stairs": stairs_of(run),
        "missing": missing_of(run),
        "placed": placed_on(run),
        "is_open": run.state == CartState.OPEN,
        "is_released": run.state == CartState.RELEASED,
        "id": new_id(),
    }
    return render(request, "sorting/cart.html", context)


@require_POST
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a cart go: complete, or with a note why not."""
    run = run_or_404(pk)
    done = say("Cart {number} may go.", number=f"{run.number:02}")
    release = lambda: actions.release(  # noqa: E731
        run, note=request.POST.get("note", ""), by=request.actor, at=request.now
    )
    if _is_let_go(run, request):
        return tried(request, release, done=done, to="sorting:round", pk=run.round_id)
    return tried(request, release, done=done, to="sorting:cart", pk=pk)


def _is_let_go(run: CartRun, request: HttpRequest) -> bool:
    """Tell whether the tap came from the scan page, to which it goes back then."""
    return request.POST.get("from") == "scan" and count_of(run).is_complete


@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back that a cart was released."""
    run = run_or_404(pk)
    return tried(
        request,
        lambda: actions.reopen(run, by=request.actor, at=request.now),
        done=say("Cart {number} is open again.", number=f"{run.number:02}"),
        to="sorting:cart",
        pk=pk,
    )


@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a bag off its cart again: a scan that was wrong."""
    place = placement_or_404(pk)
    to, back = (
        ("sorting:round", place.run.round_id)
        if request.POST.get("from") == "scan"
        else (
            "sorting:cart",
            place.run_id,
        )
    )
    return tried(
        request,
        lambda: actions.undo(place, id=id_of(request), by=request.actor, at=request.now),
        done=say("Taken off the cart: it is at the gate again."),
        to=to,
        pk=back,
    )
