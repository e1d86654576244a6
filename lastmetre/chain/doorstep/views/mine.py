"""A volunteer's own cart: a plain list with forms; with scripts it works without signal for hours (ER5, QZ15c)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre import __version__
from lastmetre.chain.doorstep.actions.doors import Answer, Told, take_event
from lastmetre.chain.doorstep.actions.pictures import keep_door_photo
from lastmetre.chain.doorstep.actions.waves import set_out, take_free
from lastmetre.chain.doorstep.forms.doors import TellForm, told_by
from lastmetre.chain.doorstep.queries.doors import DropRow, MyCart, my_carts
from lastmetre.chain.doorstep.queries.passes import pass_for
from lastmetre.chain.doorstep.queries.waves import coming, duties_in, duty_or_404, free_duties
from lastmetre.chain.doorstep.rules import FAILED, OUTCOME_WORDS, Effect, Outcome, Permission
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.rules import ROUND_WORDS, RoundState
from lastmetre.chain.sorting.rules import Permission as Sorting
from lastmetre.ground.protection.public import public
from lastmetre.ground.protection.scanning import scans
from lastmetre.terms import say

FILES = (
    *("lastmetre/tokens.css", "lastmetre/phone.css", "lastmetre/desk.css", "lastmetre/mark.svg"),
    *("lastmetre/door.js", "lastmetre/palette.js", "lastmetre/doorstep/doors.css", "vendor/icons.svg"),
    *("lastmetre/doorstep/doors.js", "lastmetre/doorstep/outbox.js"),
    *("lastmetre/scan/box.js", "lastmetre/scan/decode.js", "lastmetre/scan/feedback.js"),
    *("vendor/zxing/reader/index.js", "vendor/zxing/share.js", "vendor/zxing/reader.wasm"),
)
"""What a cart's page is made of: 600 KB compressed at most, fetched once (ui.md)."""
STATES = {Outcome.DELIVERED: "good", **dict.fromkeys(FAILED, "act")}


@require_GET
@scans
def mine(request: HttpRequest) -> HttpResponse:
    """My carts with their doors, top floor first; free carts where I have none."""
    by = request.actor
    by.must(Permission.DELIVER)
    carts = my_carts(by.key, at=request.now)
    rows = duties_in([one.duty for one in carts])
    context = {
        "carts": [(one, rows[one.duty], _doors(one)) for one in carts],
        "free": [one for path in by.sees for one in free_duties(path, at=request.now)],
        "failures": [(one, OUTCOME_WORDS[one]) for one in FAILED],
        "states": [(one.value, OUTCOME_WORDS[one], STATES[one]) for one in (Outcome.DELIVERED, *FAILED)],
        "coming": [] if carts else [(one, ROUND_WORDS[RoundState(one.state)]) for one in coming()],
        "may_sort": by.may(Sorting.SORT),
        "pass": pass_for(by),
        "holder": by.key,
    }
    return render(request, "doorstep/mine.html", context)


def _doors(cart: MyCart) -> list[dict[str, Any]]:
    return [_door(one) for one in cart.drops]


def _door(one: DropRow) -> dict[str, Any]:
    is_done = one.outcome is Outcome.DELIVERED
    return {
        "drop": one,
        # A door's row has what is likeliest; all else is on the door's own page, or drawn by the script.
        "told": "" if is_done else told_by(Outcome.DELIVERED, one.household),
        "undo": told_by(Outcome.UNDO, one.household, one.event) if one.event else "",
        "words": OUTCOME_WORDS[one.outcome] if one.outcome else None,
        "state": STATES[one.outcome] if one.outcome else "wait",
    }


@require_GET
@scans
def door(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One door of my carts with all that can be said of it, where no script runs."""
    by = request.actor
    by.must(Permission.DELIVER)
    found = [
        (one, cart) for cart in my_carts(by.key, at=request.now) for one in cart.drops if one.household == pk
    ]
    if not found:
        raise Http404
    drop, cart = found[0]
    can = (Outcome.DELIVERED, *FAILED)
    context = {
        "door": _door(drop),
        "cart": cart,
        "ways": [(one, OUTCOME_WORDS[one], told_by(one, pk)) for one in can],
        "help": told_by(Outcome.NEEDS_HELP, pk),
    }
    return render(request, "doorstep/door.html", context)


@require_POST
@scans
def tell(request: HttpRequest) -> HttpResponse:
    """Take in what a form says of a door, and say what became of it."""
    form = TellForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, gettext("Scan the label, or type the code beside it."))
        return redirect("doorstep:mine")
    typed = form.cleaned_data
    told = Told(
        form.key(),
        Outcome(typed["outcome"] or Outcome.DELIVERED),
        typed["code"],
        request.now,
        undoes=typed["undoes"],
        words=typed["words"],
    )
    answer = take_event(told, by=request.actor, at=request.now)
    _say(request, answer)
    if typed["photo"] and answer.effect is not Effect.REFUSED:
        keep = lambda: keep_door_photo(  # noqa: E731
            told.id, typed["photo"].read(), by=request.actor, at=request.now
        )
        return tried(request, keep, done=say("The picture is kept."), to="doorstep:mine")
    return redirect("doorstep:mine")


def _say(request: HttpRequest, answer: Answer) -> None:
    level = messages.SUCCESS if answer.effect in (Effect.DONE, Effect.KNOWN) else messages.ERROR
    messages.add_message(request, level, answer.words.text(gettext))


@require_POST
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a free cart, or set out with one's own."""
    duty = duty_or_404(pk)
    by, now = request.actor, request.now
    if duty.person == by.key:
        go = lambda: set_out(duty, by=by, at=now)  # noqa: E731
        return tried(request, go, done=say("The cart is in your hands."), to="doorstep:mine")
    grab = lambda: take_free(duty, by=by, at=now, test_hours=settings.DUTY_TEST_HOURS)  # noqa: E731
    return tried(request, grab, done=say("The cart is yours."), to="doorstep:mine")


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the cart's page at hand without signal; holds names of our own files only."""
    context = {"files": FILES, "version": __version__ + static("lastmetre/doorstep/doors.js")[-16:]}
    return render(request, "doorstep/worker.js", context, content_type="text/javascript; charset=utf-8")
