"""The supplier's answer: confirmed, short, something else instead, a lower price, or nothing at all."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.allocation.actions.overriding import packed
from lastmetre.chain.ledger.actions.parcels import PROMISES, SALES, due_from, lose, owed_to
from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.models import Parcel, ParcelItem
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind, Amount, Cause, ParcelKind, Spot, moved, price_of
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.actions.pricing import reprice
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import RoundItem
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.purchase.actions.ordering import ORDER, locked, step
from lastmetre.chain.purchase.actions.shortening import shorten
from lastmetre.chain.purchase.models import PurchaseLine, PurchaseOrder
from lastmetre.chain.purchase.queries.orders import promised, wanted_of
from lastmetre.chain.purchase.queries.pledges import check_pledge
from lastmetre.chain.purchase.rules import (
    OrderState,
    Permission,
    ShortCause,
    check_available,
    check_open,
    check_price,
)
from lastmetre.ground.goods.rules import yuan
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def check_may_supply(order: PurchaseOrder, *, by: Actor) -> None:
    """Raise Denied for who neither works for the supplier nor orders for the place."""
    # The liaison enters what a small shop says by telephone.
    if not by.may(Permission.ORDER, path=order.path):
        by.must(Permission.SUPPLY, organisation=order.supplier_id)


def confirm(order: PurchaseOrder, *, by: Actor, at: datetime) -> PurchaseOrder:
    """Say that all lines that nobody marked short will be brought."""
    check_may_supply(order, by=by)
    with acting_as(SYSTEM):
        order = locked(order)
        if order.state == OrderState.SENT:
            step(order, OrderState.CONFIRMED, by=by, at=at)
            confirm_lines(order)
    return order


def start_packing(order: PurchaseOrder, *, by: Actor, at: datetime) -> PurchaseOrder:
    """Begin to pack: labels and lists can be printed from now on."""
    check_may_supply(order, by=by)
    with acting_as(SYSTEM):
        order = locked(order)
        step(order, OrderState.PACKING, by=by, at=at)
        confirm_lines(order)
    return order


def confirm_lines(order: PurchaseOrder) -> None:
    """Note as confirmed what is promised of every line that nobody answered; within SYSTEM."""
    found = promised(order.round)
    lines = list(order.lines.filter(confirmed=None).select_related("item"))
    for line in lines:
        line.confirmed = sum(found[line.item.product_id].values(), Decimal(0))
    PurchaseLine.objects.bulk_update(lines, ["confirmed"])


def mark_short(
    line: PurchaseLine,
    *,
    available: Decimal,
    cause: ShortCause = ShortCause.SOLD_OUT,
    why: str = "",
    by: Actor,
    at: datetime,
) -> PurchaseLine:
    """Say that fewer sale units than promised can be brought; what there is, is shared out again (YX8b).

    Promises and bills follow at once. The same again changes nothing. Raises InputError below 0, above what is
    promised, or once the bags are packed.
    """
    check_may_supply(line.order, by=by)
    with acting_as(SYSTEM):
        order = locked(line.order)
        check_open(OrderState(order.state))
        held = (
            PurchaseLine.objects.select_for_update(of=("self",))
            .select_related("item__product")
            .get(pk=line.pk)
        )
        product = held.item.product
        now = wanted_of(order.round).get(product.pk, Decimal(0))
        check_available(available, now, step=product.step, name=product.name)
        if available < now:
            _check_bags_hold(order, held.item, available)
            shorten(order, held.item, available, cause=Cause.SHORT, by=by, at=at)
            record(
                "short",
                ORDER,
                order.pk,
                by=by,
                at=at,
                path=order.path,
                why=why.strip()[:200],
                cause=cause.value,
                good=product.code,
                available=f"{available.normalize() + 0:f}",
            )
            held.short_cause = cause
        held.confirmed = available
        held.save(update_fields=["confirmed", "short_cause"])
    return held


def _check_bags_hold(order: PurchaseOrder, item: RoundItem, available: Decimal) -> None:
    """Raise InputError where more lies in packed bags than there is said to be."""
    in_bags = sum(packed(order.round.book, item.product_id).values(), Decimal(0))
    if available < in_bags:
        raise InputError(
            say(
                "{name}: {count} are in packed bags already.",
                name=item.product.name,
                count=f"{in_bags.normalize() + 0:f}",
            ),
            remedy=say("Write how many there are with those in the bags."),
        )


def change_price(line: PurchaseLine, *, price_fen: int, by: Actor, at: datetime) -> PurchaseLine:
    """Change the price of a good within the pledge; a lower price takes the difference off every bill.

    Raises InputError above what the households ordered at, above a cap or benchmark, or once it is packed.
    """
    check_may_supply(line.order, by=by)
    with acting_as(SYSTEM):
        order = locked(line.order)
        check_open(OrderState(order.state))
        held = (
            PurchaseLine.objects.select_for_update(of=("self",))
            .select_related("item__product")
            .get(pk=line.pk)
        )
        item = held.item
        check_price(price_fen, asked_fen=held.asked_fen, name=item.product.name)
        if price_fen == held.agreed_fen:
            return held
        _check_not_in_bags(order, item)
        check_pledge(item, order.path, price_fen=price_fen, is_raise=price_fen > held.agreed_fen, at=at)
        _rebill(order, item, held.agreed_fen, price_fen, by=by, at=at)
        reprice(item, price_fen=price_fen, by=by, at=at)
        before, held.agreed_fen = held.agreed_fen, price_fen
        held.save(update_fields=["agreed_fen"])
        record(
            "price",
            ORDER,
            order.pk,
            by=by,
            at=at,
            path=order.path,
            good=item.product.code,
            fen=[before, price_fen],
        )
    return held


def _check_not_in_bags(order: PurchaseOrder, item: RoundItem) -> None:
    """A bag carries the prices that it was packed at: its slip and its picture show them."""
    packed = ParcelItem.objects.filter(
        parcel__book=order.round.book_id, parcel__ended_at=None, product=item.product_id
    )
    if packed.exists():
        raise InputError(
            say("{name} is in packed bags already.", name=item.product.name),
            remedy=say("Tell the liaison: money can be given back when the round is settled."),
        )


def _rebill(
    order: PurchaseOrder, item: RoundItem, before_fen: int, after_fen: int, *, by: Actor, at: datetime
) -> None:
    lines: list[Amount] = []
    found = promised(order.round)[item.product_id]
    homes = Household.objects.select_related("place").in_bulk(list(found))
    for home, quantity in found.items():
        amount = int(quantity * 1000)
        change = price_of(amount, after_fen) - price_of(amount, before_fen)
        if change:
            lines += moved(SALES, due_from(homes[home]), change)
    if not lines:
        return
    post(order.round.book, lines, cause=Cause.PRICED, by=by, at=at, thing=order.pk)
    notify(
        NoticeKind.OTHER,
        sentence=say(
            "{good} costs {after} instead of {before} yuan: your bill has changed.",
            good=item.product.name,
            before=yuan(before_fen),
            after=yuan(after_fen),
        ),
        places=[home.place for home in homes.values()],
        by=by,
        at=at,
        row=order.round,
    )


def fail(order: PurchaseOrder, *, why: str, by: Actor, at: datetime) -> PurchaseOrder:
    """End an order that the supplier cannot keep: every promise ends, bills are taken off, everybody is told.

    Who has paid is owed it. The round goes on to be settled. Raises InputError without a reason, or where the
    bags are in a vehicle already.
    """
    check_may_supply(order, by=by)
    if not why.strip():
        raise InputError(
            say("Say why nothing can be brought."),
            remedy=say("One sentence; the liaison reads it and finds another supplier."),
        )
    with acting_as(SYSTEM):
        order = locked(order)
        if not step(order, OrderState.FAILED, by=by, at=at):
            return order
        record("failed", ORDER, order.pk, by=by, at=at, path=order.path, why=why.strip()[:200])
        told = set(_end_bags(order, by=by, at=at)) | set(_end_promises(order, by=by, at=at))
        advance(order.round, RoundState.SETTLING, by=by, at=at)
        homes = Household.objects.filter(pk__in=told).select_related("place")
        notify(
            NoticeKind.FAILED,
            sentence=say(
                "The supplier of “{round}” cannot deliver. You owe nothing for it; what you have paid comes back.",
                round=order.round.title,
            ),
            places=[home.place for home in homes],
            by=by,
            at=at,
            row=order.round,
        )
    return order


def _end_bags(order: PurchaseOrder, *, by: Actor, at: datetime) -> list[UUID]:
    """Put the contents of packed bags back on the supplier's shelf; returns whose they were."""
    shelf = Spot(AccountKind.SUPPLY, order.supplier_id)
    bags = Parcel.objects.filter(book=order.round.book_id, ended_at=None)
    homes = []
    for bag in bags.filter(kind=ParcelKind.BAG):
        lose(bag.pk, cause=Cause.SUPPLIER_FAILED, to=shelf, by=by, at=at)
        homes.append(bag.household_id)
    for box in bags.filter(kind=ParcelKind.BOX):
        lose(box.pk, cause=Cause.SUPPLIER_FAILED, to=shelf, by=by, at=at)
    return homes


def _end_promises(order: PurchaseOrder, *, by: Actor, at: datetime) -> list[UUID]:
    book = order.round.book
    prices = dict(order.round.items.values_list("product", "price_fen"))
    owed = balances(book, AccountKind.OWED)
    homes = Household.objects.select_related("place").in_bulk({held.owner for held in owed if held.owner})
    lines: list[Amount] = []
    for held in owed:
        if held.owner and held.product:
            home = homes[held.owner]
            lines += moved(owed_to(home), PROMISES, held.amount, held.product)
            if fen := price_of(held.amount, prices[held.product]):
                lines += moved(due_from(home), SALES, fen)
    for held in balances(book, AccountKind.STOCK):
        if held.product:
            lines += moved(Spot(AccountKind.STOCK), PROMISES, held.amount, held.product)
    if lines:
        post(book, lines, cause=Cause.SUPPLIER_FAILED, by=by, at=at, thing=order.pk)
    return list(homes)
