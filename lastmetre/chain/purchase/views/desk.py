"""The supplier's desk: orders by compound, what to pick, confirm, pack, hand over, or cannot deliver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.queries.rounds import named_round_or_404
from lastmetre.chain.orders.rules import ROUND_WORDS, RoundState
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack
from lastmetre.chain.purchase.actions.supplying import confirm, fail, start_packing
from lastmetre.chain.purchase.actions.unpacking import unpack_all
from lastmetre.chain.purchase.forms.desk import PackForm
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.queries.bags import packing_of, pictures_of
from lastmetre.chain.purchase.queries.cases import to_order
from lastmetre.chain.purchase.queries.orders import (
    check_may_look,
    desk_of,
    is_open,
    may_order,
    order_of,
    order_or_404,
    orders_of,
    picks_of,
    standing_of,
)
from lastmetre.chain.purchase.rules import (
    ORDER_COLOURS,
    ORDER_WORDS,
    SHORT_WORDS,
    OrderState,
    Permission,
    ShortCause,
)
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, Sentence, say


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """All orders at the actor's firms: the most urgent first, with what to pick; or the finished ones."""
    request.actor.must(Permission.SUPPLY)
    is_done = request.GET.get("done", "") != ""
    works = desk_of(orders_of(request.actor, open_only=not is_done))
    context = {
        "rows": [(one, state_of(one.order)) for one in works],
        "picks": picks_of(works),
        "is_done": is_done,
    }
    return render(request, "purchase/desk.html", context)


def state_of(order: PurchaseOrder) -> tuple[str, Sentence]:
    """Return the colour and the words of an order's state."""
    state = OrderState(order.state)
    return ORDER_COLOURS[state], ORDER_WORDS[state]


def of_round(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The order of a round; where none is placed yet, what would be ordered, in whole cases."""
    row = named_round_or_404(pk)
    order = order_of(row)
    if order is not None:
        check_may_look(order, request.actor)
        return redirect("purchase:order", pk=order.pk)
    request.actor.must(Permission.ORDER, path=row.path)
    if request.method == "POST":
        place = lambda: place_order(row, by=request.actor, at=request.now)  # noqa: E731
        return tried(request, place, done=say("The supplier has the order now."), to="purchase:round", pk=pk)
    goods = to_order(row)
    context = {
        "row": row,
        "state": ROUND_WORDS[RoundState(row.state)],
        "goods": goods,
        "amount_fen": sum(one.amount_fen for one in goods),
        "can_order": row.state == RoundState.ALLOCATED and bool(goods),
    }
    return render(request, "purchase/round.html", context)


@require_GET
def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One order: what to pick, what is short, what comes next; the liaison decides what was proposed."""
    row = order_or_404(pk)
    check_may_look(row, request.actor)
    return render(request, "purchase/order.html", context_of(row, request.actor))


def context_of(row: PurchaseOrder, actor: Actor) -> dict[str, Any]:
    """Return what the page of an order shows."""
    packing = packing_of(row)
    colour, words = state_of(row)
    return {
        "order": row,
        "row": row.round,
        "colour": colour,
        "state": words,
        "lines": [(one, _why(one.line.short_cause)) for one in standing_of(row)],
        "bags": packing.bags,
        "packed": packing.packed,
        "must_pay": packing.refused,
        "is_open": is_open(row),
        "is_supplier": actor.may(Permission.SUPPLY, organisation=row.supplier_id),
        "may_order": may_order(row, actor),
        "photos": pictures_of(row.round_id),
        "picture": PackForm(initial={"id": new_id()}),
        "in_boxes": row.round.mode == "boxes",
    }


def _why(cause: str) -> Sentence | str:
    return SHORT_WORDS[ShortCause(cause)] if cause else ""


@require_POST
def move(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Confirm, start packing, all packed, or cannot deliver; a second tap changes nothing."""
    row = order_or_404(pk)
    check_may_look(row, request.actor)
    if act not in MOVES:
        raise Http404
    do, done = MOVES[act]
    return tried(request, lambda: do(request, row), done=done, to="purchase:order", pk=pk)


def _pack(request: HttpRequest, row: PurchaseOrder) -> None:
    typed = request.POST.get("bags_a_box", "").strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        raise InputError(say("That is no number of bags."), remedy=say("Write how many go into one box."))
    pack(row.round, by=request.actor, at=request.now, bags_a_box=int(typed) if typed else None)


MOVES: dict[str, tuple[Callable[[HttpRequest, PurchaseOrder], Any], Sentence]] = {
    "confirm": (
        lambda request, row: confirm(row, by=request.actor, at=request.now),
        say("Confirmed. The liaison sees it."),
    ),
    "packing": (
        lambda request, row: start_packing(row, by=request.actor, at=request.now),
        say("Packing has begun: labels and lists can be printed."),
    ),
    "packed": (_pack, say("All bags are packed and in the books.")),
    "unpack": (
        lambda request, row: unpack_all(row, by=request.actor, at=request.now),
        say("Taken back: packing goes on. Bags that were ticked off one by one stay packed."),
    ),
    "fail": (
        lambda request, row: fail(row, why=request.POST.get("why", ""), by=request.actor, at=request.now),
        say("Written down. Everybody is told; whoever has paid gets it back."),
    ),
}
"""What each button of an order does, and what is said when it is done."""
