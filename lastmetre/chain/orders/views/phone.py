"""An order for somebody on the telephone or at the door: found, keyed in, read back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lastmetre.chain.ledger.rules import milli, price_of
from lastmetre.chain.orders.actions.keying import place_keyed
from lastmetre.chain.orders.forms.intake import KeyedForm
from lastmetre.chain.orders.intake_rules import spelled
from lastmetre.chain.orders.models import Request
from lastmetre.chain.orders.queries.found_intake import household_or_404, round_for_taking
from lastmetre.chain.orders.queries.sources import items_of
from lastmetre.chain.orders.rules import Channel, Permission, RequestState
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.queries.roster import RosterRow, masked_row, roster
from lastmetre.ground.places.rules import Permission as Places
from lastmetre.ground.protection.actor import Denied, is_within
from lastmetre.terms import InputError, say

MOST_FOUND = 8


@require_GET
def find(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Find the household by phone tail, room or initials; a single hit is opened at once."""
    row = round_for_taking(pk, request.actor)
    words = request.GET.get("q", "").strip()[:60]
    rows = _found(request, row.path, words) if words else []
    if len(rows) == 1:
        return redirect("orders:keyed", row.pk, rows[0].id)
    context = {"row": row, "words": words, "rows": rows}
    return render(request, "orders/intake_phone.html", context)


def _found(request: HttpRequest, path: str, words: str) -> list[RosterRow]:
    within = [
        path if is_within(path, grant.path) else grant.path
        for grant in request.actor.grants
        if grant.path
        and {Permission.TAKE, Places.SEE_ROSTER} <= grant.permissions
        and (is_within(path, grant.path) or is_within(grant.path, path))
    ]
    places = Place.objects.filter(path__in=within)
    rows = [row for place in places for row in roster(place, words=words, limit=MOST_FOUND).rows]
    return list({row.id: row for row in rows}.values())[:MOST_FOUND]


def keyed(request: HttpRequest, pk: UUID, household: UUID) -> HttpResponse:
    """Take a household's order in one box; what stands already is in it."""
    row = round_for_taking(pk, request.actor)
    home = household_or_404(household)
    request.actor.must(Permission.TAKE, path=home.path)
    items = items_of(row)
    held = _standing(row.pk, home)
    now = {line.item.code: line.quantity for line in held.lines.select_related("item")} if held else {}
    form = KeyedForm(request.POST or None, initial={"keyed": spelled(now) if now else ""})
    if request.method == "POST" and form.is_valid():
        channel = Channel.DOOR if request.POST.get("channel") == Channel.DOOR else Channel.PHONE
        try:
            made = place_keyed(
                row.pk, home, channel=channel, by=request.actor, at=request.now, **form.cleaned_data
            )
        except Denied:
            raise
        except InputError as error:
            form.refuse(error)
        else:
            lines = made.lines.select_related("item")
            fen = sum(price_of(milli(line.quantity), line.item.price_fen) for line in lines)
            words = say(
                "{home}: {order}, {yuan} yuan. Read it back to them.",
                home=masked_row(home).home,
                order=" ".join(f"{line.item.code}{line.quantity.normalize():f}" for line in lines),
                yuan=f"{fen / 100:.2f}",
            )
            messages.success(request, words.text(gettext))
            return redirect("orders:phone", row.pk)
    context = {
        "row": row,
        "home": masked_row(home),
        "form": form,
        "held": held,
        "items": list(items.values()),
        "is_door": request.GET.get("door") == "1",
        "may_reveal": request.actor.may(Places.REVEAL, path=home.path),
    }
    return render(request, "orders/intake_keyed.html", context, status=422 if form.errors else 200)


def _standing(row: UUID, home: Household) -> Request | None:
    return Request.objects.filter(round=row, household=home, state=RequestState.ACTIVE).first()
