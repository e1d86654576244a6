"""Packing: one bag a household, never split again (FC2e); boxes of bags (FC4c)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import Content, NewParcel, make_parcels, put_in_box
from lastmetre.chain.ledger.actions.photos import keep_photo
from lastmetre.chain.ledger.models import Parcel, Photo
from lastmetre.chain.ledger.rules import AccountKind, Cause, ParcelKind, PhotoKind, Spot
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.paying import may_pack
from lastmetre.chain.orders.rules import Mode, RoundState
from lastmetre.chain.purchase.actions.ordering import ORDER, locked, step
from lastmetre.chain.purchase.actions.supplying import check_may_supply, confirm_lines
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.queries.packing import (
    bags_of,
    box_key,
    came_before,
    codes_of,
    contents_of,
    numbered,
)
from lastmetre.chain.purchase.rules import BAGS_A_BOX, OrderState, check_open
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def pack(row: Round, *, by: Actor, at: datetime, bags_a_box: int | None = None) -> list[Parcel]:
    """Write down that every household's bag is packed; boxes too where the round goes in boxes (FC4c).

    Goods leave the supplier's shelf in the books, the round is packed. Twice is once: the second returns the
    same bags. Raises InputError where nothing was ordered, or nothing is left to pack.
    """
    order = _order_of(row)
    check_may_supply(order, by=by)
    with acting_as(SYSTEM):
        order = locked(order)
        row = order.round
        if order.state in (OrderState.PACKED, OrderState.HANDED_OVER):
            return list(Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG))
        step(order, OrderState.PACKED, by=by, at=at)
        confirm_lines(order)
        _make_bags(order, by=by, at=at)
        bags = list(bags_of(row))
        if not bags:
            raise InputError(
                say("No household gets anything in this round: there is nothing to pack."),
                remedy=say("If nothing can be brought, say that the supplier failed."),
            )
        boxes = 0
        if row.mode == Mode.BOXES or bags_a_box:
            boxes = len(_make_boxes(order, bags, bags_a_box or BAGS_A_BOX, by=by, at=at))
        row = advance(row, RoundState.PACKED, by=by, at=at)
        if came_before(row):  # a first vehicle was sent, and taken in, while the rest was still packed
            advance(row, RoundState.ARRIVED, by=by, at=at)
        record("packed", ORDER, order.pk, by=by, at=at, path=order.path, bags=len(bags), boxes=boxes)
    return bags


def pack_bag(order: PurchaseOrder, household: UUID, *, by: Actor, at: datetime) -> Parcel:
    """Write down that one household's bag is packed; packing begins with the first. Packed twice, it is one bag.

    Raises InputError for a door that gets nothing, or has to pay first.
    """
    check_may_supply(order, by=by)
    with acting_as(SYSTEM):
        order = locked(order)
        known = bags_of(order.round).filter(household=household).first()
        if known is not None:
            return known
        check_open(OrderState(order.state))
        step(order, OrderState.PACKING, by=by, at=at)
        confirm_lines(order)
        (bag,) = _make_bags(order, only=household, by=by, at=at)
        record("packed", ORDER, order.pk, by=by, at=at, path=bag.household.path, number=bag.number)
    return bag


def photograph(order: PurchaseOrder, bag: Parcel, data: bytes, *, id: UUID, by: Actor, at: datetime) -> Photo:
    """Keep a picture of a packed bag: its household sees it beside what it has to pay (FC2c, FC4b)."""
    check_may_supply(order, by=by)
    with acting_as(SYSTEM):
        bag = Parcel.objects.select_related("place").get(pk=bag.pk)
        row = keep_photo(
            data,
            kind=PhotoKind.PACKED,
            thing=bag.pk,
            place=bag.place,
            supplier=order.supplier_id,
            id=id,
            by=by,
            at=at,
        )
        record("photographed", ORDER, order.pk, by=by, at=at, path=bag.path, number=bag.number)
    return row


def photograph_goods(order: PurchaseOrder, data: bytes, *, id: UUID, by: Actor, at: datetime) -> Photo:
    """Keep a picture of all goods of a round: each of its households sees it beside what it owes (FC4b)."""
    check_may_supply(order, by=by)
    with acting_as(SYSTEM):
        order = locked(order)
        row = keep_photo(
            data,
            kind=PhotoKind.PACKED,
            thing=order.round_id,
            place=order.place,
            supplier=order.supplier_id,
            id=id,
            by=by,
            at=at,
        )
        record("photographed", ORDER, order.pk, by=by, at=at, path=order.path)
    return row


def _order_of(row: Round) -> PurchaseOrder:
    with acting_as(SYSTEM):
        order = PurchaseOrder.objects.filter(round=row).first()
    if order is None:
        raise InputError(
            say("Nothing has been ordered from the supplier yet."),
            remedy=say("The liaison places the order once the round is shared out."),
        )
    return order


def _make_bags(order: PurchaseOrder, *, only: UUID | None = None, by: Actor, at: datetime) -> list[Parcel]:
    """Make the bags that are not packed yet: all, or one household's."""
    row = order.round
    packable = may_pack(row)
    # FC2d: in a round that is paid first, who has not paid is not packed for.
    left_out = packable.unpaid if packable.refused is not None else frozenset()
    if packable.refused is not None and (not packable.paid or only in left_out):
        raise InputError(
            packable.refused, remedy=say("Confirm the payments first, or take who has not paid out.")
        )
    bags = Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG)
    made = dict(bags.values_list("household", "number"))
    packed = set(bags.exclude(end_cause=Cause.TAKEN_BACK).values_list("household", flat=True))
    contents = contents_of(row)
    numbers = numbered([one.household.pk for one in contents], made)
    found = [
        (number, one)
        for (number, _), one in zip(numbers, contents, strict=True)
        if one.household.pk not in packed
        and one.household.pk not in left_out
        and only in (None, one.household.pk)
    ]
    if only is not None and not found:
        raise InputError(
            say("This household gets nothing in this round."),
            remedy=say("Set the bag aside: look at the list of bags as it is now."),
        )
    codes = codes_of(row)
    prices = dict(row.items.values_list("product", "price_fen"))
    drafts = [
        NewParcel(
            number,
            codes[one.household.pk].short,
            one.household,
            tuple(Content(product, amount, prices[product]) for product, amount in one.goods),
        )
        for number, one in found
    ]
    spot = Spot(AccountKind.PACKED, order.supplier_id)
    return make_parcels(row.book, drafts, at_spot=spot, holder=by.key, by=by, at=at)


def _make_boxes(
    order: PurchaseOrder, bags: Sequence[Parcel], size: int, *, by: Actor, at: datetime
) -> list[Parcel]:
    """Put the bags into boxes in the order of their doors: neighbours travel together."""
    if not 1 <= size <= 200:
        raise InputError(
            say("{size} bags a box cannot be.", size=size), remedy=say("Write a number between 1 and 200.")
        )
    row = order.round
    count = -(-len(bags) // size)
    codes = codes_of(row, count)
    drafts = [NewParcel(number, codes[box_key(row, number)].short) for number in range(1, count + 1)]
    spot = Spot(AccountKind.PACKED, order.supplier_id)
    boxes = make_parcels(row.book, drafts, at_spot=spot, holder=by.key, by=by, at=at)
    for place, box in enumerate(boxes):
        mine = [bag.pk for bag in bags[place * size : (place + 1) * size]]
        put_in_box(box, mine, by=by, at=at)
    return boxes


def hand_over(order: PurchaseOrder, *, by: Actor, at: datetime) -> None:
    """Write down that the last bag is in a vehicle; for `transport`, which has checked what the actor may do."""
    with acting_as(SYSTEM):
        order = locked(order)
        if order.state == OrderState.PACKED:
            step(order, OrderState.HANDED_OVER, by=by, at=at)
