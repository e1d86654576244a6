"""The desk at the delivery point: call by number, scan, hand over; and the queue as residents see it (FC2f, FC3c)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lastmetre.chain.doorstep.actions.pickup import (
    call_next,
    end_pickup,
    hand_out,
    miss,
    open_pickup,
    take_back_hand_out,
)
from lastmetre.chain.doorstep.actions.slips import reopen_pickup, take_call_back, take_miss_back
from lastmetre.chain.doorstep.actions.switching import back_to_queue, to_doors
from lastmetre.chain.doorstep.forms.doors import TellForm
from lastmetre.chain.doorstep.forms.waves import PickupForm, usual_times
from lastmetre.chain.doorstep.models import Turn
from lastmetre.chain.doorstep.queries.turns import last_ended, must_hand_out, pickup_of, queue_of, turn_or_404
from lastmetre.chain.doorstep.queries.waves import waiting_to_go
from lastmetre.chain.doorstep.rules import BATCH, Effect, Permission
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import round_or_404
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scanning import scans
from lastmetre.terms import InputError, Sentence, say


def _to_door(turn: Turn, *, by: Actor, at: datetime) -> int:
    return to_doors(turn.round, households=[turn.household_id], by=by, at=at)


def _back(turn: Turn, *, by: Actor, at: datetime) -> Turn:
    return take_back_hand_out(turn, id=new_id(), by=by, at=at)


TURNS: dict[str, tuple[Callable[..., Any], Callable[[int | None], Sentence]]] = {
    "miss": (miss, lambda n: say("Number {number} queues again behind the others.", number=n)),
    "door": (
        _to_door,
        lambda n: say("The bag of number {number} goes to the door with the next wave.", number=n),
    ),
    "undo": (_back, lambda n: say("Taken back: the bags of number {number} are at the point.", number=n)),
    "uncall": (take_call_back, lambda n: say("Taken back: who was called waits again, and is told.")),
    "there": (take_miss_back, lambda n: say("Number {number} is there after all.", number=n)),
    "back": (
        back_to_queue,
        lambda n: say("Number {number} comes down after all, and queues behind the others.", number=n),
    ),
}
"""What a button of one household does, and what is said when it is done."""
SOUNDS = {Effect.DONE: "good", Effect.KNOWN: "wait", Effect.CONFLICT: "bad", Effect.REFUSED: "bad"}


@scans
def pickup(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The desk of a round: who is called, who comes next, one scan hands over; posted, do what a button says."""
    row = round_or_404(pk)
    must_hand_out(row, request.actor)
    if request.method == "POST":
        return _do(request, row)
    return _desk(request, row)


def _desk(request: HttpRequest, row: Round, form: PickupForm | None = None) -> HttpResponse:
    queue = queue_of(row, at=request.now)
    context = {
        "row": row,
        "wave": pickup_of(row),
        "ended": last_ended(row, at=request.now),
        "queue": queue,
        "called": [(turn, home, new_id()) for turn, home in queue.called],
        "batch": BATCH,
        "id": new_id(),
        "waiting": waiting_to_go(row, at_point=pickup_of(row) is None),
        "to_go": waiting_to_go(row),
        "form": form or PickupForm(initial={"until": usual_times(request.now)["ends_at"]}),
        "may_plan": request.actor.may(Permission.PLAN, path=row.path),
    }
    return render(request, "doorstep/pickup.html", context, status=422 if form else 200)


def _do(request: HttpRequest, row: Round) -> HttpResponse:
    by, now, what = request.actor, request.now, request.POST.get("what", "")
    here: Any = {"to": "doorstep:pickup", "pk": row.pk}
    if what == "open":
        form = PickupForm(request.POST)
        if not form.is_valid():
            return _desk(request, row, form)
        begin = lambda: open_pickup(row, by=by, at=now, until=form.cleaned_data["until"])  # noqa: E731
        return tried(request, begin, done=say("Everybody was told their number."), **here)
    if what == "call":
        return tried(request, lambda: call_next(row, by=by, at=now), done=say("Called."), **here)
    if what in TURNS:
        turn = turn_or_404(_id(request.POST.get("turn", "")))
        if turn.round_id != row.pk:
            raise Http404
        move, said = TURNS[what]
        return tried(
            request,
            lambda: move(turn, by=by, at=now),
            done=said(turn.number),
            **here,
        )
    if what == "doors":
        done = say("What is left goes to the doors: plan a wave for it.")
        return tried(request, lambda: to_doors(row, by=by, at=now), done=done, **here)
    if what == "end":
        wave = pickup_of(row)
        if wave is None:
            return redirect("doorstep:pickup", row.pk)
        done = say("The pickup has ended. What is left can be given to who needs it.")
        return tried(request, lambda: end_pickup(wave, by=by, at=now), done=done, **here)
    if what == "reopen":
        ended = last_ended(row, at=now)
        if ended is None:
            return redirect("doorstep:pickup", row.pk)
        done = say("The pickup is open again; who is to come was told.")
        return tried(request, lambda: reopen_pickup(ended, by=by, at=now), done=done, **here)
    return _hand_out(request, row)


def _hand_out(request: HttpRequest, row: Round) -> HttpResponse:
    form = TellForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Scan the label, or type the code beside it."))
        return redirect("doorstep:pickup", row.pk)
    try:
        answer = hand_out(row, form.cleaned_data["code"], id=form.key(), by=request.actor, at=request.now)
    except InputError as error:
        messages.error(request, error.text(gettext))
    else:
        level = messages.SUCCESS if answer.effect in (Effect.DONE, Effect.KNOWN) else messages.ERROR
        messages.add_message(request, level, answer.words.text(gettext), extra_tags=SOUNDS[answer.effect])
    return redirect("doorstep:pickup", row.pk)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
