"""Chains pasted, workbooks given: looked at first, then confirmed; and the late list."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.orders.actions.intake import (
    Stale,
    confirm,
    drop,
    open_doubts,
    preview,
    take_text,
    take_workbook,
)
from lastmetre.chain.orders.forms.intake import PasteForm
from lastmetre.chain.orders.intake_rules import FATE_WORDS, Fate, spelled
from lastmetre.chain.orders.models import Intake, Request, Round
from lastmetre.chain.orders.queries.found_intake import intake_or_404, round_for_taking
from lastmetre.chain.orders.queries.sources import READ
from lastmetre.chain.orders.rules import CHANNEL_WORDS, Channel, Permission, RequestState
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.protection.actor import Denied
from lastmetre.terms import InputError, say

SHOWN = 100
"""Rows of each part of a preview that are drawn; the counts tell of all."""


def intake(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a chain or a workbook, and lead to its preview; also where all other ways in begin."""
    row = round_for_taking(pk, request.actor)
    form = PasteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _take(request, row, form)
        except Denied:
            raise
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("orders:preview", made.pk)
    context = {
        "row": row,
        "form": form,
        "may_paste": request.actor.may(Permission.TAKE, path=row.path),
        "doubts": open_doubts(row),
        "intakes": [
            (one, CHANNEL_WORDS[Channel(one.channel)])
            for one in Intake.objects.filter(round=row, channel__in=READ).order_by("-taken_at")[:20]
        ],
    }
    return render(request, "orders/intake_paste.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, row: Round, form: PasteForm) -> Intake:
    file = form.cleaned_data["file"]
    if file:
        return take_workbook(row, file.read(), name=file.name or "", by=request.actor, at=request.now)
    return take_text(row, form.cleaned_data["text"], by=request.actor, at=request.now)


def preview_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a paste would do; posted, do exactly that."""
    held = intake_or_404(pk)
    request.actor.must(Permission.TAKE, path=held.path)
    refusal = None
    if request.method == "POST":
        try:
            done = confirm(held, digest=request.POST.get("digest", ""), by=request.actor, at=request.now)
        except Stale as error:
            refusal = error
        else:
            words = say("{count} orders entered.", count=done.entered)
            messages.success(request, words.text(gettext))
            return redirect("orders:review" if done.doubts else "orders:intake", held.round_id)
    if held.confirmed_at is not None:
        return redirect("orders:intake", held.round_id)
    shown = preview(held, by=request.actor, at=request.now)
    plan = shown.plan
    changes = [one for one in plan.judged if one.fate is not Fate.SAME]
    context = {
        "held": held,
        "row": held.round,
        "plan": plan,
        "refusal": refusal,
        "refused": [(one.order.home, one.raw, sentence) for one, sentence in shown.refused][:SHOWN],
        "changes": [
            (one, FATE_WORDS[one.fate], spelled(one.now), spelled(one.said)) for one in changes[:SHOWN]
        ],
        "more": max(0, len(changes) - SHOWN),
        "doubts": plan.doubts[:SHOWN],
        "waiting": len(plan.doubts) + len(shown.refused),
        "counts": plan.counts,
        "looks_old": plan.counts["new"] == 0 and plan.superseded > 0 and plan.counts["changed"] > 0,
    }
    return render(request, "orders/intake_preview.html", context, status=422 if refusal else 200)


@require_POST
def put_aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a paste aside that was not confirmed."""
    held = intake_or_404(pk)
    drop(held, by=request.actor, at=request.now)
    messages.success(request, say("Put aside. Nothing was changed.").text(gettext))
    return redirect("orders:intake", held.round_id)


@require_GET
def late(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List who ordered after the cut-off: whether they are served is the liaison's decision."""
    row = round_for_taking(pk, request.actor)
    found = Request.objects.filter(round=row, is_late=True, state=RequestState.ACTIVE)
    rows = found.select_related("household__place__parent__parent").prefetch_related("lines__item")
    context = {
        "row": row,
        "late": [
            (
                masked_row(one.household),
                one,
                spelled({line.item.code: line.quantity for line in one.lines.all()}),
                CHANNEL_WORDS[Channel(one.channel)],
            )
            for one in rows.order_by("asked_at")
        ],
    }
    return render(request, "orders/intake_late.html", context)
