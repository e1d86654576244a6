"""Numbered sheets of paper: printed by stairwell, keyed in by grid."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lastmetre.chain.orders.actions.sheets import key_in, number_sheets
from lastmetre.chain.orders.intake_rules import spelled
from lastmetre.chain.orders.queries.found_intake import intake_or_404, round_for_taking
from lastmetre.chain.orders.queries.intake import asked_now
from lastmetre.chain.orders.queries.sheets import sheet_of, sheets_of
from lastmetre.chain.orders.queries.sources import items_of
from lastmetre.chain.orders.rules import Permission
from lastmetre.papers.order_sheets import OrderSheet, order_sheets
from lastmetre.papers.pdf import joined
from lastmetre.terms import InputError, say

MOST_PAGES = 400


def sheets(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the sheets of a round; posted, number those that are missing."""
    row = round_for_taking(pk, request.actor)
    if request.method == "POST":
        count = number_sheets(row, by=request.actor, at=request.now)
        messages.success(
            request, say("{count} sheets: print them, and hand them out.", count=count).text(gettext)
        )
        return redirect("orders:sheets", row.pk)
    context = {
        "row": row,
        "sheets": sheets_of(row),
        "may_number": request.actor.may(Permission.TAKE, path=row.path),
    }
    return render(request, "orders/intake_sheets.html", context)


@require_GET
def print_sheets(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the sheets as PDF: one page each, with a line a door; nobody's name stands on them."""
    row = round_for_taking(pk, request.actor)
    found = [sheet_of(one) for one in sheets_of(row)[:MOST_PAGES]]
    if not found:
        raise InputError(
            say("No sheet is numbered yet."), remedy=say("Number the sheets first, then print them.")
        )
    items = items_of(row)
    faces = [
        OrderSheet(
            number=sheet.number,
            where=f"{row.place.name} {sheet.lines[0].row.building} {sheet.lines[0].row.unit}".strip(),
            rooms=tuple(line.row.room for line in sheet.lines),
        )
        for sheet in found
        if sheet.lines
    ]
    goods = [
        (code, f"{item.product.name} {item.price_fen / 100:.2f}/{item.product.unit}")
        for code, item in items.items()
    ]
    pdfs = order_sheets(faces, goods, title=row.title, translate=gettext)
    response = HttpResponse(joined(pdfs, title=row.title), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="order-sheets.pdf"'
    return response


def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Key one sheet in; keyed in again it shows what differs."""
    held = intake_or_404(pk)
    request.actor.must(Permission.TAKE, path=held.path)
    result = None
    typed: dict[UUID, str] = {}
    found = sheet_of(held)
    if request.method == "POST":
        typed = {line.household.pk: request.POST.get(f"q-{line.household.pk}", "") for line in found.lines}
        wins = frozenset(
            line.household.pk for line in found.lines if request.POST.get(f"w-{line.household.pk}")
        )
        result = key_in(held, typed, wins=wins, by=request.actor, at=request.now)
        if not result.refused:
            words = say(
                "Sheet {number}: {entered} entered, {same} unchanged.",
                number=found.number,
                entered=result.entered,
                same=result.unchanged,
            )
            messages.success(request, words.text(gettext))
            return redirect("orders:sheets", held.round_id)
    items = items_of(held.round)
    now = asked_now(held.round, {item.pk: code for code, item in items.items()})
    lines = []
    for line in found.lines:
        key = line.household.pk
        keyed, stands = found.keyed.get(key), now.get(key)
        lines.append(
            {
                "line": line,
                "text": typed.get(key) or (spelled(keyed) if keyed else ""),
                "now": spelled(stands) if stands else "",
                "differs": bool(keyed) and keyed != (stands or {}),
                "refused": result.refused.get(key) if result else None,
            }
        )
    context = {
        "held": held,
        "row": held.round,
        "sheet": found,
        "lines": lines,
        "items": items,
        "result": result,
    }
    return render(request, "orders/intake_sheet.html", context, status=422 if result else 200)
