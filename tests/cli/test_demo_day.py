"""The demo begins in the middle of a day: an open round with about 200 of 281 orders in it."""

from __future__ import annotations

import time

from django.test import Client

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.ledger.queries.balances import owed_by_household, totals
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Request, Round
from lastmetre.cli.loading import load_scenario, loading
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.web.day import next_due, run_due

DAY_S = 10.0
"""Of the processor: the wait for the database depends on what else the machine does."""


def test_a_newcomer_finds_a_round_with_orders_and_can_play_it_on(db: None, monkeypatch) -> None:
    spent: list[float] = []
    real = loading.load_relay

    def timed(context):
        began = time.process_time()
        row = real(context)
        spent.append(time.process_time() - began)
        return row

    monkeypatch.setattr(loading, "load_relay", timed)
    assert load_scenario("erqi") is not None
    with acting_as(SYSTEM) as now:
        row = Round.objects.get()
        assert (row.state, row.place.name) == ("open", "开元丽城")
        assert row.opens_at < now < row.closes_at <= row.pay_until <= row.wave_at
        asked = set(Request.objects.values_list("household", flat=True))
        assert 190 <= len(asked) <= 200
        assert next_due(now) == row.closes_at
        assert run_due(row.closes_at) == 1
        allocate(row, by=SYSTEM, at=row.closes_at)
        row.refresh_from_db()
        assert row.state == "allocated"
        assert set(owed_by_household(row.book)) <= asked
        money = totals(row.book)
        assert money[AccountKind.DUE, None] == -money[AccountKind.SALES, None] > 0
    print(f"\nthe day: {spent[0]:.1f} s, {len(asked)} orders")
    assert spent[0] < DAY_S


def test_other_scenarios_load_without_a_day(db: None, client: Client) -> None:
    assert load_scenario("fancheng") is not None
    with acting_as(SYSTEM):
        assert not Round.objects.exists()
