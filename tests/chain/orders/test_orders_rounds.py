"""Rounds: changed by two people, cut off and repeated by themselves, cancelled."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from relay import HOUR, Relay

from lastmetre.chain.ledger.queries.balances import balances, totals
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.actions.changing import ItemChange, change_round
from lastmetre.chain.orders.actions.rounds import (
    NewItem,
    NewRound,
    cancel_round,
    cut_off,
    prepare_round,
    reopen_round,
)
from lastmetre.chain.orders.actions.standing import repeat_round, run_due
from lastmetre.chain.orders.models import Notice, Round, RoundItem
from lastmetre.chain.orders.queries.rounds import figures_of, stock_left, suppliers_for
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.goods.actions.offers import end_offer, set_price
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


def item_of(relay: Relay, code: str) -> RoundItem:
    with acting_as(SYSTEM):
        return relay.round.items.select_related("product").get(product__code=code)


def test_two_liaisons_do_not_undo_each_others_change(relay: Relay) -> None:
    first, second = relay.staff("liaison"), relay.staff("liaison")
    with acting_as(first) as now:
        row = change_round(relay.round, {"most_orders": 40}, seen=2, by=first, at=now)
    assert row.version == 3
    with acting_as(second) as now, pytest.raises(InputError, match="Somebody else has changed this round"):
        change_round(relay.round, {"title": "第二批"}, seen=2, by=second, at=now)
    with acting_as(second) as now:  # the same sent twice is no conflict
        assert change_round(relay.round, {"most_orders": 40}, seen=2, by=second, at=now).version == 3


def test_two_liaisons_cut_off_at_once_and_it_happens_once(relay: Relay) -> None:
    for _ in range(2):
        liaison = relay.staff("liaison")
        with acting_as(liaison) as now:
            row = cut_off(relay.round, seen=2, by=liaison, at=now)
    assert (row.state, row.version) == (RoundState.CUT_OFF, 3)
    with acting_as(liaison) as now, pytest.raises(InputError, match="it is cut off"):
        cancel_round(relay.round, why="供货商没货", seen=2, by=liaison, at=now)


def test_times_that_do_not_fit_are_refused(relay: Relay) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        with pytest.raises(InputError, match="cut-off must lie ahead"):
            change_round(relay.round, {"closes_at": now - HOUR}, by=liaison, at=now)
        with pytest.raises(InputError, match="cannot begin before"):
            change_round(relay.round, {"wave_at": relay.round.closes_at - HOUR}, by=liaison, at=now)


def test_stock_below_what_is_promised_says_how_many_and_what_to_do(relay: Relay) -> None:
    relay.ask("101", {"E1": "2"})
    relay.ask("102", {"E1": "3"})
    eggs, liaison = item_of(relay, "E1"), relay.staff("liaison")
    with acting_as(liaison) as now:
        with pytest.raises(InputError, match="鸡蛋: 5 板 are promised already") as refused:
            change_round(relay.round, {}, items={eggs.pk: ItemChange(Decimal(4), None)}, by=liaison, at=now)
        assert "Write 5" in refused.value.text()
        for _ in range(2):
            change_round(relay.round, {}, items={eggs.pk: ItemChange(Decimal(5), 2)}, by=liaison, at=now)
    assert stock_left(relay.round) == {eggs.pk: Decimal(0)}
    with pytest.raises(InputError, match="not so much left"):
        relay.ask("201", {"E1": "1"})


def test_a_price_stays_once_somebody_has_ordered_at_it(relay: Relay) -> None:
    rice, liaison = item_of(relay, "R1"), relay.staff("liaison")
    relay.ask("101", {"R1": "1"})
    with acting_as(liaison) as now, pytest.raises(InputError, match="ordered at the price"):
        change_round(
            relay.round, {}, items={rice.pk: ItemChange(Decimal(100), None, 3000)}, by=liaison, at=now
        )


def test_a_round_is_cut_off_at_its_time_once_and_opened_again(relay: Relay) -> None:
    late = relay.round.closes_at + timedelta(seconds=1)
    with acting_as(SYSTEM):
        assert run_due(at=late) == 1
        assert run_due(at=late) == 0
        relay.round.refresh_from_db()
        assert relay.round.state == RoundState.CUT_OFF
    liaison = relay.staff("liaison")
    with acting_as(liaison):
        with pytest.raises(InputError, match="must lie ahead"):
            reopen_round(relay.round, closes_at=late - HOUR, by=liaison, at=late)
        row = reopen_round(relay.round, closes_at=late + 30 * HOUR, by=liaison, at=late)
    assert row.state == RoundState.OPEN
    assert row.wave_at == row.closes_at  # it cannot begin before the cut-off


def test_a_standing_round_comes_again_exactly_once_at_todays_prices(relay: Relay) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        change_round(relay.round, {"repeats_days": 3}, by=liaison, at=now)
    with acting_as(SYSTEM) as now:
        set_price(relay.shop.offer["R1"], price_fen=3100, by=SYSTEM, at=now)
        end_offer(relay.shop.offer["V4"], by=SYSTEM, at=now)
    due = relay.round.opens_at + timedelta(days=3)
    with acting_as(SYSTEM):
        run_due(at=due - HOUR)
        assert Round.objects.count() == 1
        run_due(at=due)
        run_due(at=due)
        by_hand = repeat_round(relay.round, by=SYSTEM, at=due)
        following = Round.objects.exclude(pk=relay.round.pk).get()
        assert by_hand == following
        assert (following.state, following.opens_at, following.repeats_days) == (RoundState.OPEN, due, 3)
        found = {item.product.code: item.price_fen for item in following.items.select_related("product")}
        assert found == {"R1": 3100, "E1": 2490}


def test_turns_that_were_missed_while_the_machine_was_off_are_over(relay: Relay) -> None:
    with acting_as(SYSTEM) as now:
        change_round(relay.round, {"repeats_days": 1}, by=SYSTEM, at=now)
        run_due(at=now + timedelta(days=10))
        following = Round.objects.get(repeat_of=relay.round)
        assert now + timedelta(days=10) < following.closes_at < now + timedelta(days=11, hours=6)


def test_a_cancelled_round_gives_everything_back_and_tells_who_ordered(relay: Relay) -> None:
    relay.asked()
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        with pytest.raises(InputError, match="Why"):
            cancel_round(relay.round, why=" ", by=liaison, at=now)
        for _ in range(2):
            cancel_round(relay.round, why="供货商没货", by=liaison, at=now)
    with acting_as(SYSTEM):
        open_kinds = (AccountKind.STOCK, AccountKind.OWED, AccountKind.DUE)
        assert balances(relay.round.book, *open_kinds) == []
        assert not any(totals(relay.round.book).values())
        assert Notice.objects.filter(kind="failed").count() == 3


def test_the_same_new_round_sent_twice_is_one(relay: Relay) -> None:
    liaison, one = relay.staff("liaison"), uuid4()
    rice = NewItem(relay.shop.product["R1"].pk, "A", 3280)
    with acting_as(liaison) as now:
        new = NewRound("第二批", now, now + HOUR, now + HOUR, (rice,), id=one)
        place = relay.round.place
        made = [prepare_round(place, relay.shop.supplier, new, by=liaison, at=now) for _ in range(2)]
    assert made[0].pk == made[1].pk == one


def test_who_may_not_run_rounds_changes_none(relay: Relay) -> None:
    head = relay.staff("volunteer")
    with acting_as(head) as now:
        for act in (
            lambda: change_round(relay.round, {"title": "x"}, by=head, at=now),
            lambda: cancel_round(relay.round, why="x", by=head, at=now),
            lambda: repeat_round(relay.round, by=head, at=now),
            lambda: reopen_round(relay.round, closes_at=now + HOUR, by=head, at=now),
        ):
            with pytest.raises(Denied):
                act()


def test_figures_and_suppliers_for_the_liaison(relay: Relay) -> None:
    relay.asked()
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        figures = figures_of(relay.round)
        assert figures.orders == 3
        assert figures.amount_fen == 8260 + 7470 + 3905
        relay.round.minimum_units = 20
        assert figures.misses(relay.round) == Decimal("10.5")
        assert [one.goods for one in suppliers_for(relay.round.path, now)] == [4]
