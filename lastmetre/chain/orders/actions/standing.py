"""What rounds do by themselves, each exactly once: open, cut off, come again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from lastmetre.chain.orders.actions.rounds import (
    NewItem,
    NewRound,
    advance,
    locked,
    open_round,
    prepare_round,
)
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import Mode, PayRule, Permission, RoundState
from lastmetre.ground.goods.queries.terms import offered
from lastmetre.ground.places.rules import HandOver
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

log = logging.getLogger(__name__)


def run_due(*, at: datetime) -> int:
    """Open, cut off and repeat what is due; returns how many rounds moved. Run again, it finds nothing to do."""
    with acting_as(SYSTEM):
        opening = list(Round.objects.filter(state=RoundState.DRAFT, opens_at__lte=at, closes_at__gt=at))
        closing = list(Round.objects.filter(state=RoundState.OPEN, closes_at__lte=at))
        standing = Round.objects.filter(repeats_days__isnull=False, repeats=None)
        coming = [row for row in standing.exclude(state=RoundState.CANCELLED) if is_due(row, at)]
    done = sum(_tried(partial(open_round, row, by=SYSTEM, at=at)) for row in opening)
    done += sum(_tried(partial(_close, row, at)) for row in closing)
    return done + sum(_tried(partial(repeat_round, row, by=SYSTEM, at=at)) for row in coming)


def is_due(row: Round, at: datetime) -> bool:
    """Tell whether a standing round's next one should have opened."""
    return row.repeats_days is not None and row.opens_at + timedelta(days=row.repeats_days) <= at


def _close(row: Round, at: datetime) -> None:
    with acting_as(SYSTEM):
        held = locked(row)
        if held.state == RoundState.OPEN and held.closes_at <= at:  # nobody moved the cut-off meanwhile
            advance(held, RoundState.CUT_OFF, by=SYSTEM, at=at)


def _tried(act: Callable[[], Any]) -> int:
    try:
        act()
    except InputError as error:  # one round that cannot move must not keep the others waiting
        log.warning("a round did not move by itself: %s", error)
        return 0
    return 1


def repeat_round(row: Round, *, by: Actor, at: datetime) -> Round:
    """Open the next one of a round, by hand or when it is due: whoever comes second gets the same.

    Prices, stock and cases are those on offer now; a good that is no longer offered is left out.
    """
    by.must(Permission.ROUNDS, path=row.path)
    with acting_as(SYSTEM):
        held = locked(row)
        known = held.repeats.first()
        if known:
            return known
        if held.state == RoundState.CANCELLED:
            raise InputError(
                say("A cancelled round is not repeated."), remedy=say("Open a new round of this supplier.")
            )
        asked = _next(held, at)
        made = prepare_round(held.place, held.supplier, asked, by=by, at=at, repeat_of=held)
        return open_round(made, by=by, at=at)


def _next(row: Round, at: datetime) -> NewRound:
    items = _items(row, at)
    if not items:
        raise InputError(
            say("None of the goods of “{title}” is on offer any more.", title=row.title),
            remedy=say("Ask the supplier for new offers, or open a round with another one."),
        )
    step = timedelta(days=row.repeats_days or 1)
    shift = step
    while row.closes_at + shift <= at:  # the machine was off for days: those turns are over
        shift += step
    # Opened before its turn by hand, it is open from now.
    return NewRound(
        title=row.title,
        opens_at=min(row.opens_at + shift, at),
        closes_at=row.closes_at + shift,
        wave_at=row.wave_at + shift,
        items=items,
        mode=Mode(row.mode),
        hand_over=HandOver(row.hand_over),
        pay_rule=PayRule(row.pay_rule),
        pay_until=row.pay_until + shift if row.pay_until else None,
        every_days=row.every_days,
        minimum_units=row.minimum_units,
        most_orders=row.most_orders,
        repeats_days=row.repeats_days,
        link=row.link,
    )


def _items(row: Round, at: datetime) -> tuple[NewItem, ...]:
    now = {offer.product_id: offer for offer in offered(row.path, row.supplier_id, at)}
    return tuple(
        NewItem(
            item.product_id,
            item.code,
            offer.price_fen,
            offer=offer.pk,
            case_size=offer.case_size or offer.product.case_size,
            limit=item.limit,
            stock=offer.stock if offer.stock is not None else (Decimal(0) if item.is_first_come else None),
            is_first_come=item.is_first_come,
        )
        for item in row.items.all()
        if (offer := now.get(item.product_id)) is not None
    )
