"""Who has not paid: call, remind, confirm, and out of the batch at the deadline (FC2d)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.dropping import drop_unpaid, remind
from lastmetre.chain.settlement.actions.payments import confirm, refuse_claim
from lastmetre.chain.settlement.models import Fund
from lastmetre.chain.settlement.queries.chase import chase_page, doubts_of, reminder
from lastmetre.chain.settlement.queries.found import (
    claim_or_404,
    must_see_money,
    payee_of,
    photos_of,
    round_or_404,
)
from lastmetre.chain.settlement.queries.money_flow import pledged_fen
from lastmetre.chain.settlement.rules import CLAIM_WORDS, ClaimState, Permission
from lastmetre.chain.settlement.views.shared import frame
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.terms import say


def unpaid(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who has not paid, in the order of the doors; who says it has."""
    row = round_or_404(pk)
    must_see_money(request.actor, row, Permission.CONFIRM)
    if request.method == "POST":
        return _remind(request, row)
    found = chase_page(row, request.now, request.GET.get("cursor", ""))
    link = request.build_absolute_uri(reverse("settlement:pay", args=[pk]))
    context = {
        **frame(request, row),
        "found": found,
        "rows": [(one, reminder(row, one.due_fen, link).text(gettext)) for one in found.owing],
        "funds": Fund.objects.filter(path__above=row.path, ended_at=None)
        if request.actor.may(Permission.CLOSE, path=row.path)
        else (),
        "pledged_fen": pledged_fen(row.book),
        "payee": payee_of(row),
        "notice": _for_the_group(row, found.count, link),
    }
    return render(request, "settlement/unpaid.html", context)


def _for_the_group(row: Round, count: int, link: str) -> str:
    """Return a text for the chat group: how many, until when, never who."""
    if row.pay_until is None:
        said = say(
            "“{title}”: {count} households have still to pay. Your own amount: {link}",
            title=row.title,
            count=count,
            link=link,
        )
        return said.text(gettext)
    until = f"{row.pay_until.astimezone():%m-%d %H:%M}"
    return say(
        "“{title}”: {count} households have still to pay, until {until}. Your own amount: {link}",
        title=row.title,
        count=count,
        until=until,
        link=link,
    ).text(gettext)


def _remind(request: HttpRequest, row: Round) -> HttpResponse:
    """Put a notice on the pages of all who owe."""
    send = lambda: remind(row, by=request.actor, at=request.now)  # noqa: E731
    return tried(
        request, send, done=say("All who owe see a notice on their page."), to="settlement:unpaid", pk=row.pk
    )


def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at who would leave the batch, then let them leave."""
    row = round_or_404(pk)
    request.actor.must(Permission.CONFIRM, path=row.path)
    if request.method == "POST":
        homes = [UUID(one) for one in request.POST.getlist("home") if _is_id(one)]
        leave = lambda: drop_unpaid(row, households=homes, by=request.actor, at=request.now)  # noqa: E731
        done = say("{count} households have left the batch and are told.", count=len(homes))
        return tried(request, leave, done=done, to="settlement:unpaid", pk=pk)
    found = chase_page(row, request.now, request.GET.get("cursor", ""))
    return render(request, "settlement/drop.html", {**frame(request, row), "found": found})


def claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One claim: what it says, what is odd about it, confirm or refuse."""
    row = claim_or_404(pk)
    request.actor.must(Permission.CONFIRM, path=row.path)
    made = round_or_404(row.book.round.pk)
    if request.method == "POST":
        write: dict[str, Any] = {"by": request.actor, "at": request.now}
        what = request.POST.get("what", "")
        if what not in ("confirm", "cash", "refuse"):
            raise Http404

        def do() -> None:
            if what == "refuse":
                refuse_claim(row, why=request.POST.get("why", ""), **write)
            else:
                confirm(row, in_cash=what == "cash", **write)

        return tried(request, do, done=say("Saved."), to="settlement:claim", pk=pk)
    context = {
        **frame(request, made),
        "claim": row,
        "home": masked_row(row.household),
        "words": CLAIM_WORDS[ClaimState(row.state)],
        "doubts": doubts_of([row], made).get(row.pk, ()) if row.state == ClaimState.OPEN else (),
        "photos": photos_of([row.pk], "paid"),
    }
    return render(request, "settlement/claim.html", context)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
