"""The liaison's waves: planned in a tap, carts given to people who may go, followed, ended (ER5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lastmetre.chain.doorstep.actions.inviting import invite_to_wave
from lastmetre.chain.doorstep.actions.switching import to_point
from lastmetre.chain.doorstep.actions.waves import assign, end_wave, plan_wave, share_out
from lastmetre.chain.doorstep.forms.waves import WaveForm, usual_times
from lastmetre.chain.doorstep.models import Duty
from lastmetre.chain.doorstep.queries.carts import bags_left_on
from lastmetre.chain.doorstep.queries.doors import cart_of
from lastmetre.chain.doorstep.queries.hands import hands_at
from lastmetre.chain.doorstep.queries.waves import (
    duty_or_404,
    waiting_to_go,
    wave_or_404,
    waves_of,
)
from lastmetre.chain.doorstep.rules import (
    OUTCOME_WORDS,
    PROGRESS_COLOURS,
    PROGRESS_WORDS,
    Permission,
)
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.queries.rounds import round_or_404
from lastmetre.ground.people.rules import Permission as People
from lastmetre.terms import InputError, Sentence, say

PLANNED = say(
    "The wave is planned. Send the link to the volunteers: who enters the name that you know finds their cart."
)


def waves(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The waves of a round: what waits, who has which cart, how far each is; posted, plan one."""
    row = round_or_404(pk)
    request.actor.must(Permission.PLAN, path=row.path)
    if request.method == "POST":
        form = WaveForm(request.POST)
        if form.is_valid():
            plan = lambda: plan_wave(  # noqa: E731
                row,
                people=request.POST.getlist("person"),
                by=request.actor,
                at=request.now,
                test_hours=settings.DUTY_TEST_HOURS,
                **form.cleaned_data,
            )
            return tried(request, plan, done=PLANNED, to="doorstep:round", pk=pk)
    else:
        form = WaveForm(initial=usual_times(request.now))
    found = waves_of(row, at=request.now)
    hands = hands_at(row.path, at=request.now, test_hours=settings.DUTY_TEST_HOURS)
    context = {
        "row": row,
        "form": form,
        "waves": [(one, [_shown(duty) for duty in one.duties]) for one in found],
        "waiting": waiting_to_go(row),
        "hands": hands,
        "fit": sum(one.unfit is None for one in hands),
        "may_note": request.actor.may(People.EDIT, path=row.path),
        "may_invite": request.actor.may(People.SQUADS, path=row.path),
    }
    return render(request, "doorstep/waves.html", context, status=422 if form.is_bound else 200)


def _shown(duty: Any) -> tuple[Any, Sentence, str]:
    return duty, PROGRESS_WORDS[duty.progress], PROGRESS_COLOURS[duty.progress]


@require_POST
def change_wave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a wave, share its free carts out, or make the link for its volunteers."""
    wave = wave_or_404(pk)
    request.actor.must(Permission.PLAN, path=wave.path)
    what, by, now = request.POST.get("what", ""), request.actor, request.now
    if what == "link":
        try:
            made = invite_to_wave(wave, by=by, at=now)
        except InputError as error:
            messages.error(request, error.text(gettext))
            return redirect("doorstep:round", wave.round_id)
        return redirect("people:invitation", made.pk)
    if what == "end":
        done = say("The wave has ended: its addresses are shown no more.")
        return tried(
            request, lambda: end_wave(wave, by=by, at=now), done=done, to="doorstep:round", pk=wave.round_id
        )
    if what != "share":
        raise Http404
    people = request.POST.getlist("person")
    share = lambda: share_out(wave, people, by=by, at=now, test_hours=settings.DUTY_TEST_HOURS)  # noqa: E731
    return tried(request, share, done=say("The carts are shared out."), to="doorstep:round", pk=wave.round_id)


def duty(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One cart: its doors and what was said of them; posted, hand it to somebody else (a phone that died)."""
    found = duty_or_404(pk)
    request.actor.must(Permission.PLAN, path=found.path)
    here = bags_left_on(found)
    if request.method == "POST":
        if request.POST.get("what") in ("point", "all"):
            return _to_point(request, found, here)
        person = request.POST.get("person", "")
        if not person:
            raise Http404
        give = lambda: assign(  # noqa: E731
            found, person, by=request.actor, at=request.now, test_hours=settings.DUTY_TEST_HOURS
        )
        return tried(request, give, done=say("The cart is in other hands."), to="doorstep:duty", pk=pk)
    cart = cart_of(found)
    hands = hands_at(found.path, at=request.now, test_hours=settings.DUTY_TEST_HOURS)
    context = {
        "duty": found,
        "cart": cart,
        "drops": [(one, OUTCOME_WORDS[one.outcome] if one.outcome else None) for one in cart.drops],
        "hands": [one for one in hands if str(one.person) != found.person],
        "person": next((one.name for one in hands if str(one.person) == found.person), ""),
        "unfit": [one for one in hands if one.unfit],
        "may_note": request.actor.may(People.EDIT, path=found.path),
        "is_over": found.wave.ended_at is not None,
        "here": here,
    }
    return render(request, "doorstep/duty.html", context)


def _to_point(request: HttpRequest, found: Duty, here: set[UUID]) -> HttpResponse:
    """Bring a door's bags, or all that are left on a cart, to the point, where they are fetched by number."""
    wanted = [
        one for one in here if request.POST["what"] == "all" or str(one) == request.POST.get("household")
    ]
    bring = lambda: to_point(found.wave.round, wanted, by=request.actor, at=request.now)  # noqa: E731
    done = say("It is at the point: the household is told its number.")
    return tried(request, bring, done=done, to="doorstep:duty", pk=found.pk)
