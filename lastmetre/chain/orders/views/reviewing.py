"""The queue of doubts: the raw text beside what was understood; a digit and Enter settle it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.orders.actions.reviewing import ACCEPT, DROP, settle
from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.chain.orders.models import Message, Round
from lastmetre.chain.orders.queries.found_intake import doubts_of, message_or_404, round_for_taking
from lastmetre.chain.orders.queries.sources import items_of
from lastmetre.chain.orders.rules import Permission
from lastmetre.ground.protection.actor import Denied
from lastmetre.terms import InputError, Sentence, say

NEXT_SHOWN = 8
RAW_SHOWN = 40


@require_GET
def queue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one doubt large (`?at=` says which), and what waits behind it."""
    row = round_for_taking(pk, request.actor)
    request.actor.must(Permission.TAKE, path=row.path)
    return _show(request, row)


def _show(request: HttpRequest, row: Round, refusal: InputError | None = None, at: int = 0) -> HttpResponse:
    found = doubts_of(row)
    named = request.GET.get("at", "")
    at = min(int(named) if named.isdecimal() and len(named) < 6 else at, max(0, len(found) - 1))
    asked = [(one, Asking.of(one.reading or "{}")) for one in found[at : at + 1 + NEXT_SHOWN] if one.reading]
    context = {
        "row": row,
        "count": len(found),
        "at": at,
        "place": at + 1,
        "before": at - 1 if at else None,
        "after": at + 1 if at + 1 < len(found) else None,
        "current": asked[0] if asked else None,
        "rest": asked[1:],
        "refusal": refusal,
        "accept": ACCEPT,
        "drop": DROP,
        "items": items_of(row),
    }
    return render(request, "orders/intake_review.html", context, status=422 if refusal else 200)


@require_POST
def settle_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a doubt: a button's answer, else what was typed, else yes."""
    message = message_or_404(pk)
    answer = request.POST.get("answer") or request.POST.get("typed", "").strip() or ACCEPT
    row = round_for_taking(message.intake.round_id, request.actor)
    named = request.POST.get("at", "0")
    at = int(named) if named.isdecimal() and len(named) < 6 else 0
    try:
        done = settle(message, answer, by=request.actor, at=request.now)
    except Denied:
        raise
    except InputError as error:
        return _show(request, row, error, at)
    if not done.doubts:
        messages.success(request, gettext("Every doubt is settled."))
        return redirect("orders:intake", row.pk)
    messages.success(request, _told(row, message, answer).text(gettext))
    return redirect(f"{reverse('orders:review', args=[row.pk])}?at={at}")


def _told(row: Round, message: Message, answer: str) -> Sentence:
    """Say what became of the line: the next doubt is on the screen already, and looks much the same."""
    raw = message.raw.strip()[:RAW_SHOWN]
    if answer == DROP:
        return say("Left out: “{raw}”", raw=raw)
    if any(one.raw == message.raw for one in doubts_of(row)):
        return say("Noted, but something else in “{raw}” is still to be asked.", raw=raw)
    return say("Taken in: “{raw}”", raw=raw)
