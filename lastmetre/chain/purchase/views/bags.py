"""Packing: one bag a household before loading, never split again (FC2e); a picture of what is in it (FC2c)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.purchase.actions.packing import pack_bag, photograph, photograph_goods
from lastmetre.chain.purchase.actions.unpacking import BEFORE_THE_WAY, unpack_bag
from lastmetre.chain.purchase.forms.desk import PackForm
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.queries.bags import (
    Packing,
    bags_shown,
    code_of,
    due_of,
    packing_of,
    pictures_of,
)
from lastmetre.chain.purchase.queries.orders import check_may_look, is_open, order_or_404
from lastmetre.chain.purchase.views.desk import state_of
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scanning import scans
from lastmetre.terms import InputError, say


@scans
def bags(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bags of one building, packed or not; a scanned label leads to its bag."""
    row = order_or_404(pk)
    check_may_look(row, request.actor)
    found = packing_of(row)
    if request.method == "POST":
        return _to_bag(request, row, found)
    upcoming = found.next_after()
    names = [one.name for one in found.buildings]
    chosen = request.GET.get("building", "")
    if chosen not in names:
        chosen = found.building_of(upcoming) or next(iter(names), "")
    shown = [one.household for one in found.doors if one.building == chosen]
    context = {
        "order": row,
        "found": found,
        "building": chosen,
        "rows": bags_shown(found, shown),
        "upcoming": upcoming,
        "is_open": is_open(row),
        "state": state_of(row),
    }
    return render(request, "purchase/bags.html", context)


def _to_bag(request: HttpRequest, row: PurchaseOrder, found: Packing) -> HttpResponse:
    home = found.household_of(code_of(row, request.POST.get("code", "")[:60]))
    if home is None or home not in found.numbers:
        refused = InputError(
            say("This label is no bag of this order."),
            remedy=say(
                "Set it aside: it is for another compound or round, or nothing is left for this door."
            ),
        )
        messages.error(request, refused.text(gettext))
        return redirect("purchase:bags", pk=row.pk)
    return redirect("purchase:bag", pk=row.pk, household=home)


def bag(request: HttpRequest, pk: UUID, household: UUID) -> HttpResponse:
    """One bag: what goes into it, one tap when it is packed, with a picture where somebody takes one."""
    row = order_or_404(pk)
    check_may_look(row, request.actor)
    found = packing_of(row)
    if not found.building_of(household):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = PackForm(sent, request.FILES or None, initial={"id": new_id()})
    if form.is_valid():
        try:
            with transaction.atomic():  # a picture that is none leaves the bag unpacked
                _pack(request, row, household, form)
        except InputError as error:
            form.refuse(error)
        else:
            upcoming = packing_of(row).next_after(household)
            if upcoming is None or request.POST.get("stay"):
                return redirect("purchase:bag", pk=pk, household=household)
            return redirect("purchase:bag", pk=pk, household=upcoming)
    (shown,) = bags_shown(found, [household])
    context = {
        "order": row,
        "found": found,
        "one": shown,
        "form": form,
        "photos": pictures_of(shown.parcel.pk) if shown.parcel else [],
        "due_fen": due_of(row, household),
        "upcoming": found.next_after(household),
        "is_open": is_open(row),
        "can_unpack": row.round.state in BEFORE_THE_WAY
        and shown.parcel is not None
        and shown.parcel.account.kind == AccountKind.PACKED,
    }
    return render(request, "purchase/bag.html", context, status=422 if form.is_bound else 200)


def _pack(request: HttpRequest, row: PurchaseOrder, household: UUID, form: PackForm) -> None:
    picture = form.cleaned_data["photo"]
    parcel = pack_bag(row, household, by=request.actor, at=request.now)
    if picture:
        key = form.cleaned_data["id"] or new_id()
        photograph(row, parcel, picture.read(), id=key, by=request.actor, at=request.now)


@require_POST
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A picture of all goods as they stand packed or are handed over: every household of the round sees it."""
    row = order_or_404(pk)
    check_may_look(row, request.actor)
    sent = request.FILES.get("photo")
    form = PackForm(request.POST, request.FILES)
    key = form.cleaned_data["id"] if form.is_valid() else None

    def keep() -> None:
        data = sent.read() if sent else b""
        photograph_goods(row, data, id=key or new_id(), by=request.actor, at=request.now)

    return tried(request, keep, done=say("The households see the picture now."), to="purchase:order", pk=pk)


@require_POST
def unpack(request: HttpRequest, pk: UUID, household: UUID) -> HttpResponse:
    """It was the wrong bag: it is not packed, and stands to pack again."""
    row = order_or_404(pk)
    check_may_look(row, request.actor)
    return tried(
        request,
        lambda: unpack_bag(row, household, by=request.actor, at=request.now),
        done=say("Taken back: this bag stands to pack again."),
        to="purchase:bag",
        pk=pk,
        household=household,
    )
