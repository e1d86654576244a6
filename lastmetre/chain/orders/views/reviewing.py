"""The queue of doubts: the raw text beside what was understood; a digit and Enter settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from lastmetre.chain.orders.actions.reviewing import DROP, settle
from lastmetre.chain.orders.actions.taking_back import last_answered, take_back
from lastmetre.chain.orders.doubt_rules import ACCEPT, is_alike, is_of_rules, may_stand, must_choose
from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.chain.orders.models import Message, Round
from lastmetre.chain.orders.queries.found_intake import doubts_of, message_or_404, round_for_taking
from lastmetre.chain.orders.queries.sources import items_of
from lastmetre.chain.orders.question_rules import Piece, asked, excerpt
from lastmetre.chain.orders.rules import Permission
from lastmetre.ground.protection.actor import Denied
from lastmetre.terms import InputError, Sentence, say

NEXT_SHOWN = 8
RAW_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Large:
    """The doubt that is asked now."""

    message: Message
    asking: Asking
    pieces: Sequence[Piece]
    """What need be read of it."""
    question: Sentence
    may_stand: bool
    must_choose: bool
    yes: tuple[object, ...]
    """What a yes means, where it does not stand above already."""
    alike: int
    """How many ask the same, itself among them; 0 where it is alone."""


@require_GET
def queue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one doubt large (`?at=` says which), and what waits behind it."""
    row = round_for_taking(pk, request.actor)
    request.actor.must(Permission.TAKE, path=row.path)
    return _show(request, row)


def _show(
    request: HttpRequest,
    row: Round,
    refusal: InputError | None = None,
    at: int = 0,
    told: Sentence | None = None,
    also: int = 0,
    waiting: Sequence[Message] | None = None,
) -> HttpResponse:
    """Show a doubt; in place, where the page is there already. `waiting` are the doubts, where they are at hand."""
    rows = doubts_of(row) if waiting is None else waiting
    found = [(one, Asking.of(one.reading)) for one in rows if one.reading]
    named = request.GET.get("at", "")
    at = min(int(named) if named.isdecimal() and len(named) < 6 else at, max(0, len(found) - 1))
    shown = found[at : at + 1 + NEXT_SHOWN]
    askings = [one for _, one in found]
    context = {
        "row": row,
        "count": len(found),
        "at": at,
        "before": at - 1 if at else None,
        "after": at + 1 if at + 1 < len(found) else None,
        "current": _large(*shown[0], askings) if shown else None,
        "ahead": _large(*shown[1], askings) if len(shown) > 1 else None,
        "after_ahead": at + 1 if at + 2 < len(found) else None,
        "rest": shown[1:],
        "refusal": refusal,
        "may_take_back": last_answered(row, request.actor) is not None,
        "told": told,
        "also": also,
        "accept": ACCEPT,
        "drop": DROP,
        "items": items_of(row),
    }
    if request.htmx:  # which leaves the page as it is where the answer is no 200
        return render(request, "orders/part_review.html", context)
    return render(request, "orders/intake_review.html", context, status=422 if refusal else 200)


def _large(message: Message, asking: Asking, waiting: Sequence[Asking]) -> Large:
    alike = sum(is_alike(asking, one) for one in waiting)
    yes = () if is_of_rules(asking) else tuple(filter(None, (asking.understood, asking.means)))
    pieces = excerpt(message.raw or "", asking)
    return Large(
        message,
        asking,
        pieces,
        asked(asking, pieces),
        may_stand(asking),
        must_choose(asking),
        yes,
        alike if alike > 1 else 0,
    )


@require_POST
def settle_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a doubt: a button's answer, else what was typed, else the first suggestion, else yes."""
    message = message_or_404(pk)
    and_alike = bool(request.POST.get("alike"))
    typed = request.POST.get("answer") or request.POST.get("typed", "").strip()
    answer = typed or ("" if and_alike else request.POST.get("first")) or _unsaid(message)
    row = round_for_taking(message.intake.round_id, request.actor)
    named = request.POST.get("at", "0")
    at = int(named) if named.isdecimal() and len(named) < 6 else 0
    try:
        done = settle(message, answer, by=request.actor, at=request.now, and_alike=and_alike)
    except Denied:
        raise
    except InputError as error:
        return _show(request, row, error, at)
    if not done.doubts:
        messages.success(request, gettext("Every doubt is settled."))
        home = reverse("orders:intake", args=[row.pk])
        return HttpResponseClientRedirect(home) if request.htmx else redirect(home)
    waiting = doubts_of(row)
    told = _told(waiting, message, answer)
    if done.was_settled:
        told = say("Settled before already: “{raw}”", raw=message.raw.strip()[:RAW_SHOWN])
    if request.htmx:
        return _show(request, row, at=at, told=told, also=done.also, waiting=waiting)
    messages.success(request, told.text(gettext))
    if done.also:
        messages.success(request, gettext("The same answer settled others: {count}").format(count=done.also))
    return redirect(f"{reverse('orders:review', args=[row.pk])}?at={at}")


@require_POST
def take_back_last(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo the last answer that whoever asks gave in this round, and ask it again."""
    row = round_for_taking(pk, request.actor)
    try:
        message = take_back(row, by=request.actor, at=request.now)
    except Denied:
        raise
    except InputError as error:
        return _show(request, row, error)
    told = say("Taken back, and asked again: “{raw}”", raw=(message.raw or "").strip()[:RAW_SHOWN])
    messages.success(request, told.text(gettext))
    at = next((place for place, one in enumerate(doubts_of(row)) if one.pk == message.pk), 0)
    return redirect(f"{reverse('orders:review', args=[row.pk])}?at={at}")


def _unsaid(message: Message) -> str:
    """Return what Enter alone answers: yes, but nothing where yes would not settle it."""
    return "" if message.reading and not may_stand(Asking.of(message.reading)) else ACCEPT


def _told(waiting: Sequence[Message], message: Message, answer: str) -> Sentence:
    """Say what became of the line: the next doubt is on the screen already, and looks much the same."""
    raw = message.raw.strip()[:RAW_SHOWN]
    if answer == DROP:
        return say("Left out: “{raw}”", raw=raw)
    if any(one.raw == message.raw for one in waiting):
        return say("Noted, but something else in “{raw}” is still to be asked.", raw=raw)
    return say("Taken in: “{raw}”", raw=raw)
