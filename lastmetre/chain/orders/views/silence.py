"""Who has not ordered, not paid, not been heard of; whom to ring, and what came of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.orders.actions.contacts import record_contact
from lastmetre.chain.orders.forms.intake import ContactForm
from lastmetre.chain.orders.intake_rules import FEW_DAYS, check_days
from lastmetre.chain.orders.queries.found_intake import household_or_404, place_or_404
from lastmetre.chain.orders.queries.silence import (
    Quiet,
    due_within,
    latest_round,
    not_ordered,
    quiet_page,
    silent,
)
from lastmetre.chain.orders.rules import CONTACT_WORDS, ContactOutcome, Permission
from lastmetre.ground.places.queries.roster import doors_within, masked_row
from lastmetre.ground.places.rules import Permission as Places
from lastmetre.ground.places.rules import spoken
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, say


@require_GET
def silence(request: HttpRequest, place: UUID) -> HttpResponse:
    """Show one of the three lists (`?of=`) of a place, and how long each is."""
    at = place_or_404(place)
    request.actor.must(Permission.TAKE, path=at.path)
    days = check_days(request.GET.get("days", str(FEW_DAYS)))
    named = request.GET.get("of", Quiet.WORD.value)
    kind = Quiet(named) if named in list(Quiet) else Quiet.WORD
    row = latest_round(at.path)
    due = due_within(at.path)
    lists = {
        Quiet.ORDER: not_ordered(row, at.path) if row else doors_within(at).none(),
        Quiet.PAY: doors_within(at),
        Quiet.WORD: silent(at, days, request.now),
    }
    page = quiet_page(
        lists[kind], due=due if kind is Quiet.PAY else None, after=request.GET.get("cursor", "")
    )
    address = reverse("orders:silence", args=[at.pk])
    counts = {
        Quiet.ORDER: lists[Quiet.ORDER].count(),
        Quiet.PAY: len(due),
        Quiet.WORD: lists[Quiet.WORD].count(),
    }
    words = {
        Quiet.WORD: say("Not heard of: {count}", count=counts[Quiet.WORD]),
        Quiet.ORDER: say("Not ordered: {count}", count=counts[Quiet.ORDER]),
        Quiet.PAY: say("Not paid: {count}", count=counts[Quiet.PAY]),
    }
    context = {
        "place": at,
        "where": spoken(at.kind, at.name),
        "kind": kind.value,
        "days": days,
        "row": row,
        "page": page,
        "entries": [(entry, new_id()) for entry in page.rows],
        "tabs": [(text, f"{address}?of={one.value}&days={days}", one is kind) for one, text in words.items()],
        "outcomes": CONTACT_WORDS,
        "may_reveal": request.actor.may(Places.REVEAL, path=at.path),
    }
    return render(request, "orders/intake_silence.html", context)


@require_POST
def contact(request: HttpRequest, household: UUID) -> HttpResponse:
    """Record what came of a call or knock, and go back to the list."""
    home = household_or_404(household)
    form = ContactForm(request.POST)
    if not form.is_valid():
        raise InputError(
            say("Choose what came of the call."), remedy=say("Go back, and tap one of the answers.")
        )
    given = form.cleaned_data
    record_contact(home, form.what, words=given["words"], id=given["id"], by=request.actor, at=request.now)
    done = say("{home}: noted.", home=masked_row(home).home)
    if form.what is ContactOutcome.NEEDS_HELP:
        done = say("{home}: a case is open, until somebody has helped.", home=masked_row(home).home)
    messages.success(request, done.text(gettext))
    to = request.POST.get("next", "")
    return redirect(to if to.startswith("/orders/silence/") else "front")
