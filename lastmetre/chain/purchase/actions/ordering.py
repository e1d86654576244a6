"""The order at the supplier: placed in whole cases from what was shared out."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.purchase.models import PurchaseLine, PurchaseOrder
from lastmetre.chain.purchase.queries.cases import Cases, cases_wanted
from lastmetre.chain.purchase.queries.orders import wanted_of
from lastmetre.chain.purchase.rules import OrderState, Permission, check_move
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

ORDER = "purchase.order"


def place_order(row: Round, *, by: Actor, at: datetime, id: UUID | None = None) -> PurchaseOrder:
    """Order what was shared out, in whole cases; the round is with the supplier then. Twice is once.

    Raises InputError where the round is not shared out, or nobody gets anything.
    """
    by.must(Permission.ORDER, path=row.path)
    with acting_as(SYSTEM):
        held = Round.objects.select_for_update().select_related("book").get(pk=row.pk)
        if known := PurchaseOrder.objects.filter(round=held).first():
            return known
        wanted = wanted_of(held)
        if held.state != RoundState.ALLOCATED or not wanted:
            raise InputError(
                say("There is nothing to order from the supplier."),
                remedy=say("Cut the round off and share it out first."),
            )
        order = PurchaseOrder(
            **({"id": id} if id else {}),
            round=held,
            place_id=held.place_id,
            path=held.path,
            supplier_id=held.supplier_id,
            sent_at=at,
            sent_by=by.key,
            wanted_at=held.wave_at,
        )
        order.save(force_insert=True)
        items = list(held.items.select_related("product"))
        cases = cases_wanted(held, items, wanted)
        PurchaseLine.objects.bulk_create(
            [
                _line(order, item, wanted[item.product_id], cases)
                for item in items
                if item.product_id in wanted
            ]
        )
        advance(held, RoundState.ORDERED, by=by, at=at)
        record("sent", ORDER, order.pk, by=by, at=at, path=held.path, goods=len(wanted))
    return order


def _line(order: PurchaseOrder, item: RoundItem, wanted: Decimal, cases: dict[UUID, Cases]) -> PurchaseLine:
    whole = cases.get(item.pk)
    return PurchaseLine(
        order=order,
        item=item,
        case_size=whole.size if whole else None,
        cases=whole.count if whole else None,
        quantity=Decimal(whole.size * whole.count) if whole else wanted,
        wanted=wanted,
        asked_fen=item.price_fen,
        agreed_fen=item.price_fen,
    )


def step(order: PurchaseOrder, to: OrderState, *, by: Actor, at: datetime) -> bool:
    """Bring a locked order into a state and say so in the journal; False where it is there already."""
    before = OrderState(order.state)
    if before is to:
        return False
    check_move(before, to)
    order.state = to
    fields = ["state"]
    passed = {
        OrderState.CONFIRMED: ("confirmed",),
        OrderState.PACKING: ("confirmed", "packing"),
        OrderState.PACKED: ("confirmed", "packing", "packed"),
        OrderState.HANDED_OVER: ("handed_over",),
        OrderState.FAILED: ("failed",),
    }[to]
    for name in passed:
        if getattr(order, f"{name}_at") is None:
            setattr(order, f"{name}_at", at)
            setattr(order, f"{name}_by", by.key)
            fields += [f"{name}_at", f"{name}_by"]
    order.save(update_fields=fields)
    record("moved", ORDER, order.pk, by=by, at=at, path=order.path, state=[before.value, to.value])
    return True


def locked(order: PurchaseOrder) -> PurchaseOrder:
    """Return an order, locked, with its round and book; within SYSTEM."""
    return (
        PurchaseOrder.objects.select_for_update(of=("self",))
        .select_related("round__book", "round__place", "supplier")
        .get(pk=order.pk)
    )
