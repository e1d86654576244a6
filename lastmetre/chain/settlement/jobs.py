"""What the clock does about money: unpaid bags leave the batch, credits are counted in, lines find their homes."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.carrying import COUNTS_IN, carry_in
from lastmetre.chain.settlement.actions.dropping import drop_unpaid
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="look after money")
def look_after_money(timestamp: int) -> None:
    """Count credits in, then take out who has not paid in time; each round by itself, again without effect."""
    with acting_as(SYSTEM):
        rows = list(Round.objects.filter(state__in=COUNTS_IN, book__closed_at=None).select_related("book"))
    for row in rows:
        _look_after(row)


def _look_after(row: Round) -> None:
    try:
        with acting_as(SYSTEM) as now:
            carry_in(row, by=SYSTEM, at=now)
            if row.pay_until is not None and row.pay_until <= now:
                drop_unpaid(row, by=SYSTEM, at=now)
    except InputError as error:
        # One round that cannot be worked on must not keep the others waiting.
        log.warning("round %s: %s", row.pk, error)
