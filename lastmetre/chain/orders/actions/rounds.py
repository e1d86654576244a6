"""Rounds: prepared, opened, cut off, moved on, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import PROMISES, SALES
from lastmetre.chain.ledger.actions.posting import open_book, post
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind, Cause, Spot, milli, moved
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.models import Request, Round, RoundItem
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.orders.rules import (
    ROUND_WORDS,
    Mode,
    PayRule,
    Permission,
    RequestState,
    RoundState,
    check_move,
)
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.rules import HandOver
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

ROUND = "orders.round"


CANCELLED = (AccountKind.STOCK, AccountKind.OWED, AccountKind.DUE, AccountKind.PLEDGED)
"""What ends with a round that is cancelled."""


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
    with acting_as(SYSTEM):
        # One new round of a place at a time: the same sent twice is the same round.
        Place.objects.select_for_update(no_key=True).get(pk=place.pk)
        known = Round.objects.filter(pk=new.id, place=place).first() if new.id else None
        if known:
            return known
        check_times(new.title, new.opens_at, new.closes_at, new.wave_at, new.pay_until, at=at)
        _check_items(new.items)
        book = open_book(
            place=place,
            supplier=supplier,
            title=new.title,
            by=by,
            at=at,
            fund_pays=new.pay_rule == PayRule.FREE,
        )
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
        _write_items(row, new.items)
        record("prepared", ROUND, row.pk, by=by, at=at, path=place.path, goods=len(new.items))
    return row


def _write_items(row: Round, items: Sequence[NewItem]) -> None:
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
            for number, item in enumerate(items, start=1)
        ]
    )


def open_round(row: Round, *, by: Actor, at: datetime, seen: int | None = None) -> Round:
    """Open a round for orders: goods that are sold from stock go on sale."""
    by.must(Permission.ROUNDS, path=row.path)
    with acting_as(SYSTEM):
        row = _moved(row, RoundState.OPEN, by=by, at=at, seen=seen)
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


def cut_off(row: Round, *, by: Actor, at: datetime, seen: int | None = None) -> Round:
    """Take no more orders."""
    by.must(Permission.ROUNDS, path=row.path)
    with acting_as(SYSTEM):
        return _moved(row, RoundState.CUT_OFF, by=by, at=at, seen=seen)


def reopen_round(
    row: Round, *, closes_at: datetime, by: Actor, at: datetime, seen: int | None = None
) -> Round:
    """Take orders again until a new cut-off; the carrying moves on where it would begin before it."""
    by.must(Permission.ROUNDS, path=row.path)
    with acting_as(SYSTEM):
        held = locked(row)
        if held.state == RoundState.OPEN:
            return held
        check_seen(held, seen)
        wave_at = max(held.wave_at, closes_at)
        check_times(held.title, held.opens_at, closes_at, wave_at, None, at=at)
        held = _moved(held, RoundState.OPEN, by=by, at=at)
        held.closes_at, held.wave_at = closes_at, wave_at
        held.save(update_fields=["closes_at", "wave_at"])
    return held


def cancel_round(row: Round, *, why: str, by: Actor, at: datetime, seen: int | None = None) -> Round:
    """Give a round up: what was promised and priced is taken back, and whoever ordered is told."""
    by.must(Permission.ROUNDS, path=row.path)
    why = why.strip()[:200]
    with acting_as(SYSTEM):
        held = locked(row)
        if held.state == RoundState.CANCELLED:
            return held
        if not why:
            raise InputError(
                say("Why is the round cancelled?"), remedy=say("Write it down: households will ask.")
            )
        held = _moved(held, RoundState.CANCELLED, by=by, at=at, seen=seen, why=why)
        back = [
            line
            for one in balances(held.book, *CANCELLED)
            for line in moved(
                Spot(one.kind, one.owner),
                SALES if one.product is None else PROMISES,
                one.amount,
                one.product,
            )
            if one.product is not None or one.amount > 0
        ]
        if back:
            post(held.book, back, cause=Cause.CANCELLED, by=by, at=at, thing=held.pk)
        asked = Request.objects.filter(round=held, state=RequestState.ACTIVE).select_related("place")
        doors = [one.place for one in asked]
    if doors:
        notify(
            NoticeKind.FAILED,
            sentence=say("“{title}” has been cancelled. Nothing has to be paid for it.", title=held.title),
            places=doors,
            by=by,
            at=at,
            row=held,
        )
    return held


def locked(row: Round) -> Round:
    """Return a round that nobody else changes until the transaction ends. Within SYSTEM."""
    return Round.objects.select_for_update().select_related("book", "place", "supplier").get(pk=row.pk)


def check_seen(held: Round, seen: int | None) -> None:
    """Raise InputError where somebody changed a round after it was shown; None: whatever is there."""
    if seen is not None and held.version != seen:
        raise InputError(
            say(
                "Somebody else has changed this round meanwhile; it is {state}.",
                state=ROUND_WORDS[RoundState(held.state)],
            ),
            remedy=say("Look at it as it is now, and do it again if need be."),
        )


def advance(row: Round, to: RoundState, *, by: Actor, at: datetime) -> Round:
    """Move a round on; its caller has checked what the actor may do. A round that is there already stays."""
    with acting_as(SYSTEM):
        return _moved(row, to, by=by, at=at)


def _moved(
    row: Round, to: RoundState, *, by: Actor, at: datetime, seen: int | None = None, why: str = ""
) -> Round:
    held = locked(row)
    before = RoundState(held.state)
    if before is to:
        return held
    check_seen(held, seen)
    check_move(before, to)
    held.state, held.moved_at, held.version = to, at, held.version + 1
    held.save(update_fields=["state", "moved_at", "version"])
    record("moved", ROUND, held.pk, by=by, at=at, path=held.path, why=why, state=[before.value, to.value])
    return held


def check_times(
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    wave_at: datetime,
    pay_until: datetime | None,
    *,
    at: datetime,
) -> None:
    """Raise InputError where a round has no title or its times do not follow one another."""
    if not title.strip():
        raise InputError(say("A round needs a title."), remedy=say("Write what residents call it."))
    if closes_at <= opens_at or closes_at <= at:
        raise InputError(
            say("The cut-off must lie ahead, and after the opening."), remedy=say("Choose a later cut-off.")
        )
    if wave_at < closes_at:
        raise InputError(
            say("The carrying cannot begin before the cut-off."), remedy=say("Choose a later wave.")
        )
    if pay_until is not None and pay_until <= opens_at:
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
