"""The liaison's rounds: opened in three taps, seen as steps, changed, cut off, cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.orders.actions.changing import change_round
from lastmetre.chain.orders.actions.rounds import (
    cancel_round,
    cut_off,
    open_round,
    prepare_round,
    reopen_round,
)
from lastmetre.chain.orders.actions.standing import repeat_round
from lastmetre.chain.orders.forms.rounds import ChangeForm, NewRoundForm, usual_terms
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import (
    figures_of,
    hands_of,
    must_work_on,
    requests_of,
    round_or_404,
    rounds_within,
    suppliers_for,
)
from lastmetre.chain.orders.rules import ROUND_WORDS, STEPS, Permission, RoundState, load
from lastmetre.ground.goods.queries.found import place_or_404, supplier_or_404
from lastmetre.ground.goods.queries.terms import offered
from lastmetre.ground.places.queries.regimes import ordering_rules
from lastmetre.ground.places.queries.roster import doors_within, masked_row
from lastmetre.ground.protection.paging import page_of
from lastmetre.terms import InputError, Sentence, say

STATES = {"open": "now", "cut_off": "wait", "cancelled": "idle", "closed": "good", "draft": "idle"}


@require_GET
def round_list(request: HttpRequest, place: UUID) -> HttpResponse:
    """The rounds of a place, the latest cut-off first."""
    at = place_or_404(place)
    if not (
        request.actor.may(Permission.ROUNDS, path=at.path) or request.actor.may(Permission.TAKE, path=at.path)
    ):
        request.actor.must(Permission.ROUNDS, path=at.path)
    page = page_of(rounds_within(at.path), by="-closes_at", cursor=request.GET.get("cursor", ""))
    rows = [(row, ROUND_WORDS[RoundState(row.state)], STATES.get(row.state, "now")) for row in page.rows]
    may_open = request.actor.may(Permission.ROUNDS, path=at.path)
    return render(
        request, "orders/rounds.html", {"place": at, "rows": rows, "page": page, "may_open": may_open}
    )


@require_GET
def choose(request: HttpRequest, place: UUID) -> HttpResponse:
    """Who to open a round with: serves the place and has something on offer."""
    at = place_or_404(place)
    request.actor.must(Permission.ROUNDS, path=at.path)
    found = suppliers_for(at.path, request.now)
    return render(request, "orders/round_supplier.html", {"place": at, "choices": found})


def new(request: HttpRequest, place: UUID, supplier: UUID) -> HttpResponse:
    """A new round of one supplier, filled in so far that it can be opened at once."""
    at, who = place_or_404(place), supplier_or_404(supplier)
    request.actor.must(Permission.ROUNDS, path=at.path)
    choice = next((one for one in suppliers_for(at.path, request.now) if one.supplier.pk == who.pk), None)
    if choice is None:
        raise Http404
    offers = offered(at.path, who.pk, request.now)
    minimum = max((offer.minimum or 0 for offer in offers), default=0) or None
    usual = usual_terms(
        who.organisation, ordering_rules(at.path, request.now).hand_over, minimum, at=request.now
    )
    form = NewRoundForm(offers, request.POST or None, initial=usual | {"id": uuid4(), "link": choice.link})
    if request.method == "POST" and form.is_valid():
        try:
            draft = replace(form.draft(at=request.now), mode=choice.mode)
            row = prepare_round(at, who, draft, by=request.actor, at=request.now)
            if row.state == RoundState.DRAFT:
                row = open_round(row, by=request.actor, at=request.now)
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("orders:round", row.pk)
    hands = load(doors_within(at).count(), hands_of(at.path))
    context = {"place": at, "supplier": who, "form": form, "hands": hands}
    return render(request, "orders/round_new.html", context, status=422 if form.is_bound else 200)


@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A round: where it stands, what comes next, what it has come to, who asked for what."""
    row = round_or_404(pk)
    must_work_on(row, request.actor)
    figures = figures_of(row)
    page = page_of(
        requests_of(row, request.actor),
        by="-changed_at",
        cursor=request.GET.get("cursor", ""),
        ids_first=True,
    )
    state = RoundState(row.state)
    context = {
        "row": row,
        "state": ROUND_WORDS[state],
        "colour": STATES.get(row.state, "now"),
        "steps": [ROUND_WORDS[one] for one in STEPS],
        "step": STEPS.index(state) + 1 if state in STEPS else 0,
        "figures": figures,
        "misses": figures.misses(row),
        "hands": load(figures.orders, hands_of(row.path)),
        "page": page,
        "orders": [(one, masked_row(one.household)) for one in page.rows],
        "may_run": request.actor.may(Permission.ROUNDS, path=row.path),
        "may_change": state not in (RoundState.CLOSED, RoundState.CANCELLED),
        "may_cancel": state in (RoundState.DRAFT, RoundState.OPEN, RoundState.CUT_OFF, RoundState.ALLOCATED),
    }
    return render(request, "orders/round.html", context)


def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a round's terms, and the stock and limits of its goods."""
    row = round_or_404(pk)
    request.actor.must(Permission.ROUNDS, path=row.path)
    form = ChangeForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_round(
                row,
                form.changes(),
                items=form.shelf(),
                seen=form.cleaned_data["version"],
                by=request.actor,
                at=request.now,
            )
        except InputError as error:
            form.refuse(error)
        else:
            _tell(request, say("Saved."))
            return redirect("orders:round", row.pk)
    return render(
        request,
        "orders/round_change.html",
        {"row": row, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_POST
def move(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Open, cut off, open again, cancel or repeat a round; a second tap changes nothing."""
    row = round_or_404(pk)
    request.actor.must(Permission.ROUNDS, path=row.path)
    typed = request.POST.get("version", "")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    who: dict[str, Any] = {"by": request.actor, "at": request.now}
    try:
        row = _moved(request, row, act, seen, who)
    except InputError as error:
        messages.error(request, error.text(gettext))
    return redirect("orders:round", row.pk)


def _moved(request: HttpRequest, row: Round, act: str, seen: int | None, who: dict[str, Any]) -> Round:
    match act:
        case "open":
            return open_round(row, seen=seen, **who)
        case "cut-off":
            return cut_off(row, seen=seen, **who)
        case "reopen":
            closes = _time(request.POST.get("closes_at", ""))
            return reopen_round(row, closes_at=closes, seen=seen, **who)
        case "cancel":
            return cancel_round(row, why=request.POST.get("why", ""), seen=seen, **who)
        case "repeat":
            return repeat_round(row, **who)
    raise Http404


def _time(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise InputError(say("When is the new cut-off?"), remedy=say("Choose a day and an hour."))
    return make_aware(found) if is_naive(found) else found


def _tell(request: HttpRequest, words: Sentence) -> None:
    messages.success(request, words.text(gettext))
