"""Packed by a slip: taken back until a vehicle has it, so that the right bag can be packed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.taking_back import unmake
from lastmetre.chain.ledger.models import Handover, Parcel
from lastmetre.chain.ledger.rules import AccountKind, Cause, ParcelKind
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.purchase.actions.ordering import ORDER, locked
from lastmetre.chain.purchase.actions.supplying import check_may_supply
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.queries.packing import bags_of
from lastmetre.chain.purchase.rules import OrderState, check_can_unpack
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as

BEFORE_THE_WAY = (RoundState.ORDERED, RoundState.PACKED)
"""Rounds of which no vehicle has left: what was packed can be taken back."""


def unpack_bag(order: PurchaseOrder, household: UUID, *, by: Actor, at: datetime) -> bool:
    """Take back that a household's bag is packed; False where it is not. An order that was packed is being packed.

    Raises InputError once the bag is in a vehicle.
    """
    check_may_supply(order, by=by)
    with acting_as(SYSTEM):
        order = locked(order)
        bag = bags_of(order.round).filter(household=household).first()
        if bag is None:
            return False
        _unpack(order, [bag.pk], by=by, at=at)
        record("unpacked", ORDER, order.pk, by=by, at=at, path=bag.path, number=bag.number)
    return True


def unpack_all(order: PurchaseOrder, *, by: Actor, at: datetime) -> int:
    """Take back “All bags are packed”: bags that were ticked off one by one stay packed. Returns how many were not.

    Twice is once. Raises InputError once one of them is in a vehicle.
    """
    check_may_supply(order, by=by)
    with acting_as(SYSTEM):
        order = locked(order)
        if order.state == OrderState.PACKING:
            return 0
        made = Handover.objects.filter(
            parcel__book=order.round.book_id, cause=Cause.PACKED, at=order.packed_at, parcel__ended_at=None
        )
        bags = list(made.values_list("parcel", flat=True).distinct())
        _unpack(order, bags, by=by, at=at)
        record("unpacked", ORDER, order.pk, by=by, at=at, path=order.path, bags=len(bags))
    return len(bags)


def _unpack(order: PurchaseOrder, bags: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    row = order.round
    check_can_unpack(OrderState(order.state), has_left=RoundState(row.state) not in BEFORE_THE_WAY)
    unmake(row.book, bags, by=by, at=at)
    if order.state == OrderState.PACKED:
        _end_boxes(order, by=by, at=at)
        order.state, order.packed_at, order.packed_by = OrderState.PACKING, None, ""
        order.save(update_fields=["state", "packed_at", "packed_by"])
        advance(row, RoundState.ORDERED, by=by, at=at)


def _end_boxes(order: PurchaseOrder, *, by: Actor, at: datetime) -> None:
    """Boxes are made anew with the last bag: those that stand here are none until then."""
    boxes = Parcel.objects.filter(
        book=order.round.book_id, kind=ParcelKind.BOX, ended_at=None, account__kind=AccountKind.PACKED
    )
    if found := list(boxes.values_list("pk", flat=True)):
        unmake(order.round.book, found, by=by, at=at)
