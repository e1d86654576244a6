"""Rounds: prepared, opened, cut off, moved on, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import PROMISES
from lastmetre.chain.ledger.actions.posting import open_book, post
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind, Cause, Spot, milli, moved
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.orders.rules import Mode, PayRule, Permission, RoundState, check_move
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.rules import HandOver
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

ROUND = "orders.round"


@dataclass(frozen=True, slots=True)
class NewItem:
    """A good of a new round."""

    product: UUID
    code: str
    price_fen: int
    offer: UUID | None = None
    case_size: int | None = None
    limit: int | None = None
    stock: Decimal | None = None
    is_first_come: bool = False


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round as the liaison prepares it."""

    title: str
    opens_at: datetime
    closes_at: datetime
    wave_at: datetime
    items: tuple[NewItem, ...]
    mode: Mode = Mode.SHOP
    hand_over: HandOver = HandOver.DOOR
    pay_rule: PayRule = PayRule.AFTER_PACKING
    pay_until: datetime | None = None
    every_days: int | None = None
    minimum_units: int | None = None
    most_orders: int | None = None
    repeats_days: int | None = None
    link: str = ""
    id: UUID | None = None


def prepare_round(
    place: Place,
    supplier: Supplier,
    new: NewRound,
    *,
    by: Actor,
    at: datetime,
    repeat_of: Round | None = None,
) -> Round:
    """Prepare a round of a compound and open its books; raises InputError where times or goods do not fit."""
    by.must(Permission.ROUNDS, path=place.path)
    _check_times(new, at)
    _check_items(new.items)
    with acting_as(SYSTEM):
        book = open_book(place=place, supplier=supplier, title=new.title, by=by, at=at)
        row = Round(
            id=new.id or new_id(),
            book=book,
            place=place,
            path=place.path,
            supplier=supplier,
            title=new.title.strip()[:60],
            mode=new.mode,
            opens_at=new.opens_at,
            closes_at=new.closes_at,
            wave_at=new.wave_at,
            hand_over=new.hand_over,
            pay_rule=new.pay_rule,
            pay_until=new.pay_until,
            every_days=new.every_days,
            minimum_units=new.minimum_units,
            most_orders=new.most_orders,
            repeats_days=new.repeats_days,
            repeat_of=repeat_of,
            link=new.link,
            created_at=at,
            created_by=by.key,
            moved_at=at,
        )
        row.save(force_insert=True)
        RoundItem.objects.bulk_create(
            [
                RoundItem(
                    round=row,
                    number=number,
                    product_id=item.product,
                    offer_id=item.offer,
                    code=item.code.strip()[:20],
                    price_fen=item.price_fen,
                    case_size=item.case_size,
                    limit=item.limit,
                    stock=item.stock,
                    is_first_come=item.is_first_come,
                )
                for number, item in enumerate(new.items, start=1)
            ]
        )
        record("prepared", ROUND, row.pk, by=by, at=at, path=place.path, goods=len(new.items))
    return row


def open_round(row: Round, *, by: Actor, at: datetime) -> Round:
    """Open a round for orders: goods that are sold from stock go on sale. Opening it again after a cut-off too."""
    by.must(Permission.ROUNDS, path=row.path)
    with acting_as(SYSTEM):
        row = _moved(row, RoundState.OPEN, by=by, at=at)
        on_sale = {held.product for held in balances(row.book, AccountKind.STOCK, AccountKind.PROMISES)}
        lines = [
            line
            for item in row.items.filter(is_first_come=True)
            if item.product_id not in on_sale and item.stock
            for line in moved(PROMISES, Spot(AccountKind.STOCK), milli(item.stock), item.product_id)
        ]
        if lines:
            post(row.book, lines, cause=Cause.ON_SALE, by=by, at=at, thing=row.pk)
    return row


def cut_off(row: Round, *, by: Actor, at: datetime) -> Round:
    """Take no more orders."""
    by.must(Permission.ROUNDS, path=row.path)
    return advance(row, RoundState.CUT_OFF, by=by, at=at)


def advance(row: Round, to: RoundState, *, by: Actor, at: datetime) -> Round:
    """Move a round on; its caller has checked what the actor may do. A round that is there already stays."""
    with acting_as(SYSTEM):
        return _moved(row, to, by=by, at=at)


def _moved(row: Round, to: RoundState, *, by: Actor, at: datetime) -> Round:
    held = Round.objects.select_for_update().select_related("book", "place", "supplier").get(pk=row.pk)
    before = RoundState(held.state)
    if before is to:
        return held
    check_move(before, to)
    held.state, held.moved_at = to, at
    held.save(update_fields=["state", "moved_at"])
    record("moved", ROUND, held.pk, by=by, at=at, path=held.path, state=[before.value, to.value])
    return held


def _check_times(new: NewRound, at: datetime) -> None:
    if not new.title.strip():
        raise InputError(say("A round needs a title."), remedy=say("Write what residents call it."))
    if new.closes_at <= new.opens_at or new.closes_at <= at:
        raise InputError(
            say("The cut-off must lie ahead, and after the opening."), remedy=say("Choose a later cut-off.")
        )
    if new.wave_at < new.closes_at:
        raise InputError(
            say("The carrying cannot begin before the cut-off."), remedy=say("Choose a later wave.")
        )
    if new.pay_until is not None and new.pay_until <= new.opens_at:
        raise InputError(
            say("Nobody can pay before the round opens."), remedy=say("Choose a later time to pay.")
        )


def _check_items(items: Sequence[NewItem]) -> None:
    if not items:
        raise InputError(say("A round needs something to order."), remedy=say("Choose at least one good."))
    for what in ("product", "code"):
        values = [getattr(item, what) for item in items]
        if len(set(values)) < len(values):
            raise InputError(
                say("A good or its letter is in the round twice."),
                remedy=say("Give each one its own letter."),
            )
    for item in items:
        if item.is_first_come and item.stock is None:
            raise InputError(
                say("{code}: how many are there?", code=item.code),
                remedy=say("What is sold until it has run out needs its stock."),
            )
