"""From round to round: credits with their money, debts, the clock's work (FC2d; after a round)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from relay import HOUR, PRICES_FEN, Relay
from settlement_parts import BILL, dues, money_adds_up, pay_until, total
from test_settlement_money import decided, delivers, loses, pays

from lastmetre.chain.ledger.actions.parcels import PROMISES, SALES, due_from, owed_to
from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind, Cause, milli, moved, price_of
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, advance, open_round, prepare_round
from lastmetre.chain.orders.models import Notice, Round
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.settlement import jobs
from lastmetre.chain.settlement.actions.carrying import carry_in
from lastmetre.chain.settlement.actions.closing import close_round, settle_supplier
from lastmetre.chain.settlement.actions.money import carry, reverse
from lastmetre.chain.settlement.models import Decision
from lastmetre.chain.settlement.queries.bills import waiting_fen
from lastmetre.chain.settlement.rules import DecisionKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


def next_round(relay: Relay, rooms: dict[str, str]) -> Round:
    """A second round with rice for some households, shared out."""
    rice = relay.shop.product["R1"]
    with acting_as(SYSTEM) as now:
        item = NewItem(rice.pk, "A", PRICES_FEN["R1"], offer=relay.shop.offer["R1"].pk)
        new = NewRound("第二批", now - HOUR, now + HOUR, now + 9 * HOUR, (item,))
        row = prepare_round(relay.round.place, relay.shop.supplier, new, by=SYSTEM, at=now)
        row = open_round(row, by=SYSTEM, at=now)
        lines = []
        for room, quantity in rooms.items():
            home, amount = relay.household[room], milli(Decimal(quantity))
            lines += moved(PROMISES, owed_to(home), amount, rice.pk)
            lines += moved(SALES, due_from(home), price_of(amount, PRICES_FEN["R1"]))
        post(row.book, lines, cause=Cause.ALLOCATED, by=SYSTEM, at=now)
        for state in (RoundState.CUT_OFF, RoundState.ALLOCATED):
            row = advance(row, state, by=SYSTEM, at=now)
    return row


def closed_with_a_credit_and_a_debt(relay: Relay) -> None:
    relay.arrived()
    pays(relay, "101", "102")
    loses(relay, "101", "E1", 1000)
    delivers(relay, *BILL)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        carry(relay.round, relay.household["101"], by=liaison, at=now)
        carry(relay.round, relay.household["201"], by=liaison, at=now)
        settle_supplier(relay.round, by=liaison, at=now)
        close_round(relay.round, by=liaison, at=now)


def test_credit_and_debt_are_counted_in_once_and_both_books_balance(relay: Relay) -> None:
    closed_with_a_credit_and_a_debt(relay)
    row = next_round(relay, {"101": "1", "201": "2"})
    with acting_as(SYSTEM) as now:
        assert carry_in(row, by=SYSTEM, at=now) == 2
        assert carry_in(row, by=SYSTEM, at=now) == 0
    home = {room: str(relay.household[room].pk) for room in BILL}
    assert dues(row) == {home["101"]: 3280 - 2490, home["201"]: 2 * 3280 + 3905}
    assert total(row, AccountKind.RECEIVED) == 2490, "the credit brought its money"
    assert money_adds_up(row)
    with acting_as(SYSTEM):
        for owner in (relay.household["101"].pk, relay.household["201"].pk, relay.shop.supplier.pk):
            over_both = sum(
                held.amount
                for book in (relay.round.book, row.book)
                for held in balances(book, AccountKind.CARRIED)
                if held.owner == owner
            )
            assert over_both == 0, "what one book carries out the other carries in"


def test_what_the_last_round_left_is_announced_until_it_stands_on_a_bill(relay: Relay) -> None:
    closed_with_a_credit_and_a_debt(relay)
    row = next_round(relay, {"101": "1", "201": "2"})
    homes = relay.household
    with acting_as(SYSTEM):
        waits = {room: waiting_fen(row, homes[room]) for room in BILL}
        assert waits == {"101": -2490, "201": 3905, "102": 0}
        assert waiting_fen(relay.round, homes["101"]) == 0, "not in the round that it comes from"
    with acting_as(SYSTEM) as now:
        carry_in(row, by=SYSTEM, at=now)
        assert {waiting_fen(row, homes[room]) for room in BILL} == {0}


@pytest.mark.usefixtures("arrived")
def test_a_debt_that_was_taken_back_is_announced_no_more(relay: Relay) -> None:
    liaison, home = relay.staff("liaison"), relay.household["201"]
    with acting_as(liaison) as now:
        made = carry(relay.round, home, by=liaison, at=now)
    row = next_round(relay, {"201": "1"})
    with acting_as(SYSTEM):
        assert waiting_fen(row, home) == BILL["201"]
    with acting_as(liaison) as now:
        reverse(made, by=liaison, at=now)
    with acting_as(SYSTEM):
        assert waiting_fen(row, home) == 0


def test_the_household_reads_how_much_of_the_last_round_is_still_to_come(
    relay: Relay, client: Client, sign_in: Callable[..., Any]
) -> None:
    closed_with_a_credit_and_a_debt(relay)
    row = next_round(relay, {"101": "1", "201": "2"})
    page = {}
    for room in ("101", "201"):
        sign_in(client, household=relay.household[room])
        page[room] = client.get(f"/settlement/rounds/{row.pk}/pay", headers={"accept-language": "en"})
    assert "24.90 of your last round will be taken off here" in page["101"].content.decode()
    assert "39.05 of your last round will be added here" in page["201"].content.decode()


@pytest.mark.usefixtures("arrived")
def test_what_the_next_round_counted_is_not_reversed(relay: Relay) -> None:
    pays(relay, "101")
    loses(relay, "101", "E1", 1000)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        made = carry(relay.round, relay.household["101"], by=liaison, at=now)
    row = next_round(relay, {"101": "1"})
    with acting_as(SYSTEM) as now:
        carry_in(row, by=SYSTEM, at=now)
    with acting_as(liaison) as now, pytest.raises(InputError, match="next round"):
        reverse(made, by=liaison, at=now)


@pytest.mark.usefixtures("arrived")
def test_a_carried_debt_can_be_taken_back_before(relay: Relay) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        made = carry(relay.round, relay.household["201"], by=liaison, at=now)
        reverse(made, by=liaison, at=now)
    assert dues(relay.round)[str(relay.household["201"].pk)] == BILL["201"]
    assert total(relay.round, AccountKind.CARRIED) == 0


def test_a_credit_brought_along_can_be_paid_back(relay: Relay) -> None:
    closed_with_a_credit_and_a_debt(relay)
    row = next_round(relay, {"101": "0.5"})
    with acting_as(SYSTEM) as now:
        carry_in(row, by=SYSTEM, at=now)
    relay.round = row
    liaison = relay.staff("liaison")
    decided(relay, "101", DecisionKind.REFUND, 2490 - 1640, by=liaison)
    assert str(relay.household["101"].pk) not in dues(row)


@pytest.mark.usefixtures("arrived")
def test_nothing_is_taken_off_twice_for_goods_that_are_still_on_their_way(relay: Relay) -> None:
    """What ends in the bag is taken off by itself; an allowance for it before would pay for it twice."""
    liaison = relay.staff("liaison")
    with acting_as(liaison), pytest.raises(InputError, match="have been delivered"):
        decided(relay, "201", DecisionKind.ALLOWANCE, 625, by=liaison, cause=Cause.DAMAGED)
    loses(relay, "201", "V4", 2500)
    loses(relay, "201", "R1", 1000)
    assert str(relay.household["201"].pk) not in dues(relay.round)
    with acting_as(liaison), pytest.raises(InputError):
        decided(relay, "201", DecisionKind.REFUND, 625, by=liaison)


@pytest.mark.usefixtures("packed")
def test_the_clock_takes_out_who_has_not_paid_and_counts_credits_in(relay: Relay) -> None:
    pays(relay, "101")
    pay_until(relay, timedelta(hours=1))
    for _ in range(2):
        jobs.look_after_money(0)
    assert dues(relay.round) == {}
    with acting_as(SYSTEM):
        told = Notice.objects.filter(kind=NoticeKind.UNPAID)
        assert {one.place_id for one in told} == {relay.household[room].place_id for room in ("102", "201")}
        assert not Decision.objects.exists()
