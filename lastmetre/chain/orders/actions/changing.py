"""A round that is changed while it runs: times, terms, limits, stock; nobody's change undoes another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import PROMISES
from lastmetre.chain.ledger.actions.posting import let_fund_pay, post
from lastmetre.chain.ledger.queries.balances import totals
from lastmetre.chain.ledger.rules import AccountKind, Amount, Cause, Spot, milli, moved
from lastmetre.chain.orders.actions.rounds import ROUND, check_seen, check_times, locked
from lastmetre.chain.orders.models import RequestLine, Round, RoundItem
from lastmetre.chain.orders.rules import ROUND_WORDS, PayRule, Permission, RequestState, RoundState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

WHILE_ASKED = frozenset({RoundState.DRAFT, RoundState.OPEN, RoundState.CUT_OFF})
"""Until it is shared out, all terms may change."""
ALWAYS = frozenset({"title", "wave_at", "pay_until", "repeats_days"})
"""What may change later too."""
FIELDS = ALWAYS | {
    *("closes_at", "hand_over", "pay_rule", "every_days", "minimum_units", "most_orders", "link"),
}
STOCK = AccountKind.STOCK


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What is known of a good from now on."""

    stock: Decimal | None
    limit: int | None
    price_fen: int | None = None
    """None: stays. Only a round that nobody has ordered from changes its prices."""


def change_round(
    row: Round,
    changes: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    items: Mapping[UUID, ItemChange] | None = None,
) -> Round:
    """Change terms of a round; raises InputError where times do not fit, or somebody changed it meanwhile."""
    by.must(Permission.ROUNDS, path=row.path)
    with acting_as(SYSTEM):
        held = locked(row)
        state = RoundState(held.state)
        goods = {item.pk: item for item in held.items.select_related("product")}
        wanted = {name: value for name, value in changes.items() if getattr(held, name) != value}
        shelf = {pk: one for pk, one in (items or {}).items() if pk in goods and _differs(goods[pk], one)}
        if not wanted and not shelf:
            return held  # the same sent twice
        check_seen(held, seen)
        _check_may_change(state, set(wanted), bool(shelf))
        for name, value in wanted.items():
            setattr(held, name, value)
        _check_changed(held, wanted, at)
        if "pay_rule" in wanted:
            let_fund_pay(held.book, pays=held.pay_rule == PayRule.FREE)
        lines: list[Amount] = []
        for pk, one in shelf.items():
            lines += _restocked(held, goods[pk], one)
        if lines:
            post(held.book, lines, cause=Cause.CORRECTED, by=by, at=at, thing=held.pk)
        held.version += 1
        held.save(update_fields=[*wanted, "version"])
        record("edit", ROUND, held.pk, by=by, at=at, path=held.path, fields=sorted(wanted), goods=len(shelf))
    return held


def _differs(item: RoundItem, one: ItemChange) -> bool:
    price = item.price_fen if one.price_fen is None else one.price_fen
    return (item.stock, item.limit, item.price_fen) != (one.stock, one.limit, price)


def _check_may_change(state: RoundState, names: set[str], has_items: bool) -> None:
    unknown = names - FIELDS
    is_late = state not in WHILE_ASKED and (names - ALWAYS or has_items)
    if unknown or is_late or state in (RoundState.CLOSED, RoundState.CANCELLED):
        raise InputError(
            say("The round is {state}: this cannot be changed any more.", state=ROUND_WORDS[state]),
            remedy=say("What goes wrong now is written down where it happens: short, missing, damaged."),
        )


def _check_changed(held: Round, wanted: Mapping[str, Any], at: datetime) -> None:
    if not held.title.strip():
        raise InputError(say("A round needs a title."), remedy=say("Write what residents call it."))
    # A cut-off that has passed stays as it is: only a new one must lie ahead.
    now = at if "closes_at" in wanted else min(at, held.opens_at)
    if "closes_at" in wanted and held.state == RoundState.CUT_OFF:
        raise InputError(
            say("This round has been cut off."), remedy=say("Open it again: that asks for a new cut-off.")
        )
    check_times(held.title, held.opens_at, held.closes_at, held.wave_at, held.pay_until, at=now)


def _restocked(held: Round, item: RoundItem, one: ItemChange) -> list[Amount]:
    """Write down a good's stock, limit and price; returns what goes on sale or comes off it."""
    name, unit = item.product.name, item.product.unit
    if one.price_fen is not None and one.price_fen != item.price_fen:
        if RequestLine.objects.filter(item=item, request__state=RequestState.ACTIVE).exists():
            raise InputError(
                say("{name}: households have ordered at the price that stands.", name=name),
                remedy=say("Keep the price in this round, and change the offer for the next one."),
            )
        item.price_fen = one.price_fen
    lines: list[Amount] = []
    if item.is_first_come:
        if one.stock is None:
            raise InputError(
                say("{code}: how many are there?", code=item.code),
                remedy=say("What is sold until it has run out needs its stock."),
            )
        if held.state != RoundState.DRAFT and one.stock != item.stock:
            on_sale = totals(held.book).get((STOCK, item.product_id), 0)
            promised = milli(item.stock or Decimal(0)) - on_sale
            if milli(one.stock) < promised:
                count = f"{Decimal(promised) / 1000:.3f}".rstrip("0").rstrip(".")
                raise InputError(
                    say("{name}: {count} {unit} are promised already.", name=name, count=count, unit=unit),
                    remedy=say(
                        "Write {count}: then no more are sold. After the cut-off mark what is missing as short:"
                        " it is shared out by the rule, and everybody is told.",
                        count=count,
                    ),
                )
            change = milli(one.stock) - milli(item.stock or Decimal(0))
            lines += moved(PROMISES, Spot(STOCK), change, item.product_id)
    if one.stock is not None and one.stock < 0:
        raise InputError(say("{name}: a stock is not below 0.", name=name), remedy=say("Write 0 or more."))
    item.stock, item.limit = one.stock, one.limit
    item.save(update_fields=["stock", "limit", "price_fen"])
    return lines
