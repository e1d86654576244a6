"""A round that is free: no household is ever billed; the fund owes the supplier, and the books say so (QZ7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from relay import Relay

from lastmetre.chain.ledger.actions.parcels import door_of, lose, move
from lastmetre.chain.ledger.models import Account
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind, Cause
from lastmetre.chain.orders.actions.changing import change_round
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.rules import PayRule, RoundState
from lastmetre.chain.settlement.actions.closing import NotYet, close_round, settle_supplier
from lastmetre.chain.settlement.actions.funds import donate_round, open_fund
from lastmetre.chain.settlement.actions.money import approve
from lastmetre.chain.settlement.models import Decision
from lastmetre.chain.settlement.queries.statements import households_of, statement_of
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

ALL = 8260 + 7470 + 3905


@pytest.fixture
def free(relay: Relay) -> Relay:
    boss = relay.staff("liaison")
    with acting_as(boss) as now:
        relay.round = change_round(relay.round, {"pay_rule": PayRule.FREE}, by=boss, at=now)
    return relay.arrived()


def delivered(relay: Relay) -> None:
    with acting_as(SYSTEM) as now:
        for room, bag in relay.bag.items():
            bag.refresh_from_db()
            if bag.ended_at is None:
                to = door_of(relay.household[room])
                holder = str(relay.household[room].pk)
                book = relay.round.book
                move(book, [bag.pk], to=to, holder=holder, cause=Cause.DELIVERED, by=SYSTEM, at=now)
        advance(relay.round, RoundState.DELIVERING, by=SYSTEM, at=now)
        relay.round = advance(relay.round, RoundState.SETTLING, by=SYSTEM, at=now)


def pledged(relay: Relay) -> int:
    with acting_as(SYSTEM):
        return sum(one.amount for one in balances(relay.round.book, AccountKind.PLEDGED))


def test_no_household_is_ever_billed_and_the_fund_owes_it(free: Relay) -> None:
    assert pledged(free) == ALL
    with acting_as(SYSTEM):
        assert not Account.objects.filter(book=free.round.book, kind=AccountKind.DUE).exists()
        found = statement_of(free.round, free.household["101"])
        assert (found.bill_fen, found.due_fen, found.pledged_fen) == (8260, 0, 8260)
        assert [one.due_fen for one in households_of(free.round)] == [0, 0, 0]
        assert [one.other_fen for one in households_of(free.round)] == [0, 0, 0]


def test_what_is_lost_on_the_way_the_fund_does_not_owe(free: Relay) -> None:
    with acting_as(SYSTEM) as now:
        lose(free.bag["201"].pk, cause=Cause.DAMAGED, by=SYSTEM, at=now)
    assert pledged(free) == ALL - 3905


def test_the_books_do_not_close_before_the_fund_has_paid(free: Relay) -> None:
    boss, second = free.staff("liaison"), free.staff("property_office")
    delivered(free)
    with acting_as(boss) as now:
        with pytest.raises(NotYet) as refused:
            close_round(free.round, by=boss, at=now)
        said = [one.what.text() for one in refused.value.missing]
        assert "The fund owes the supplier 196.35 yuan for 3 households." in said
        fund = open_fund(
            free.shop.town.place["开元丽城"],
            name="街坊基金",
            donor="邻居",
            given_fen=100_000,
            by=boss,
            at=now,
        )
        made = donate_round(free.round, fund=fund.pk, by=boss, at=now)
        assert sorted(one.amount_fen for one in made) == [3905, 7470, 8260]
        for one in Decision.objects.filter(state="proposed"):
            approve(one, by=second, at=now)
        assert settle_supplier(free.round, by=boss, at=now) == ALL
        assert close_round(free.round, by=boss, at=now).state == RoundState.CLOSED
    assert pledged(free) == 0


def test_household_and_liaison_read_who_pays(free: Relay, sign_in: Callable[..., Any]) -> None:
    home = Client(headers={"accept-language": "en"})
    sign_in(home, household=free.household["101"])
    page = home.get(reverse("settlement:pay", args=[free.round.pk])).content.decode()
    assert "a fund pays for you" in page
    assert "I have paid" not in page
    assert "Free: a fund pays 82.60 yuan" in home.get("/").content.decode()
    boss = Client(headers={"accept-language": "en"})
    sign_in(boss, role="liaison", place=free.shop.town.place["开元丽城"])
    page = boss.get(reverse("settlement:unpaid", args=[free.round.pk])).content.decode()
    assert "A fund pays for this round" in page
    assert "Open a fund" in page
    assert "Who leaves the batch" not in page
