"""The regime of a place: what it means, a change with its preview, the history; regimes of one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from lastmetre.ground.places.actions.regimes import NewPeriod, lift, put_under, save_regime, take_back
from lastmetre.ground.places.forms.regimes import ChangeForm, LiftForm, RegimeForm
from lastmetre.ground.places.models import Place, Regime, RegimePeriod
from lastmetre.ground.places.queries.regimes import history, in_force, own_regimes_below, regimes
from lastmetre.ground.places.queries.tree import counts_of
from lastmetre.ground.places.regime_rules import meaning
from lastmetre.ground.places.rules import Permission, Risk
from lastmetre.ground.places.views.frame import find_place, may, tell, trail_to, tried
from lastmetre.terms import say


def regime(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is in force and was; posted, first show what a change means, then make it."""
    place = find_place(pk)
    decides = request.actor.may(Permission.DECIDE_REGIME, path=place.path)
    if request.method == "POST":
        request.actor.must(Permission.DECIDE_REGIME, path=place.path)
    form = ChangeForm(request.POST or None, initial={"risk": Risk.MEDIUM, "regime": "control"})
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if "confirm" in request.POST:
            if tried(form, lambda: _put_under(request, place, form.cleaned_data)):
                tell(request, say("Decided and written into the history."))
                return redirect("place-regime", place.pk)
        elif "back" not in request.POST:
            preview = _preview(place, form.cleaned_data, request.now)
    running = in_force([place.path], request.now)[place.path]
    context = {
        "place": place,
        "trail": trail_to(place, say("Regime")),
        "in_force": running,
        "is_own": running.place == place.pk,
        "meaning": list(meaning(running.regime)),
        "history": history(place),
        "now": request.now,
        "form": form,
        "preview": preview,
        "decides": decides,
        "may": may(request.actor, place.path),
        "lift_form": LiftForm(),
    }
    return render(request, "places/regime.html", context, status=422 if form.errors else 200)


@require_POST
def lift_regime(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the regime that a place has of its own."""
    place = find_place(pk)
    lift(place, why=request.POST.get("why", "")[:200], by=request.actor, at=request.now)
    tell(request, say("Lifted. What holds above is in force now."))
    return redirect("place-regime", place.pk)


@require_POST
def take_back_period(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back a change that has not begun."""
    period = get_object_or_404(RegimePeriod, pk=pk)
    place = period.place_id
    take_back(period, by=request.actor, at=request.now)
    tell(request, say("Taken back."))
    return redirect("place-regime", place)


@require_safe
def all_regimes(request: HttpRequest) -> HttpResponse:
    """List the regimes that a place can be put under, in plain words."""
    listed = [(one, list(meaning(one))) for one in regimes()]
    context = {
        "regimes": listed,
        "trail": [(say("Places"), "/places/"), (say("Regimes"), "")],
        "decides": request.actor.may(Permission.DECIDE_REGIME),
    }
    return render(request, "places/regimes.html", context)


def edit_regime(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add a regime of one's own, or change one."""
    request.actor.must(Permission.DECIDE_REGIME)
    row = get_object_or_404(Regime, pk=code) if code else None
    known = {name: getattr(row, name) for name in RegimeForm.base_fields} if row else None
    form = RegimeForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | ({"code": code} if code else {})
        if tried(form, lambda: save_regime(values, is_new=not code, by=request.actor, at=request.now)):
            tell(request, say("Saved."))
            return redirect("regimes")
    title = say("Change the regime {name}", name=row.name) if row else say("A regime of one's own")
    context = {
        "form": form,
        "title": title,
        "trail": [(say("Places"), "/places/"), (say("Regimes"), "/places/regimes"), (title, "")],
    }
    return render(request, "places/form.html", context, status=422 if form.errors else 200)


def _new_period(place: Place, typed: dict[str, Any], now: datetime) -> NewPeriod:
    return NewPeriod(
        place.pk,
        typed["regime"].code,
        Risk(typed["risk"]),
        typed["starts_at"] or now,
        typed["ends_at"],
        announced_at=now if typed["notice"].strip() else None,
        notice=typed["notice"],
    )


def _put_under(request: HttpRequest, place: Place, typed: dict[str, Any]) -> RegimePeriod:
    return put_under(
        place,
        _new_period(place, typed, request.now),
        also_below=typed["also_below"],
        by=request.actor,
        at=request.now,
    )


def _preview(place: Place, typed: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Say in plain words what a change would mean, and for how many."""
    starts_at = max(typed["starts_at"] or now, now)
    before = in_force([place.path], starts_at)[place.path].regime
    new = typed["regime"]
    was, will = list(meaning(before)), list(meaning(new))
    return {
        "regime": new,
        "before": before,
        "starts_at": starts_at,
        "ends_at": typed["ends_at"],
        "counts": counts_of(place),
        "new": [sentence for sentence in will if sentence not in was],
        "gone": [sentence for sentence in was if sentence not in will],
        "stays": [sentence for sentence in will if sentence in was],
        "own_below": own_regimes_below(place, starts_at),
        "also_below": typed["also_below"],
        "lacks_notice": not typed["notice"].strip(),
    }
