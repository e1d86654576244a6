"""Refunds, gifts, carries, write-offs: two people above a limit, reversals only, each fen with its cause (trust.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from relay import Relay
from settlement_parts import BILL, due, money_adds_up, pay_until, total

from lastmetre.chain.ledger.actions.parcels import lose, move
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, Cause, Spot
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.paying import is_paid, may_pack, unpaid
from lastmetre.chain.orders.rules import PayRule, RoundState
from lastmetre.chain.settlement.actions.closing import (
    NotYet,
    close_round,
    end_promises,
    settle_supplier,
    state_bill,
    supplier_failed,
)
from lastmetre.chain.settlement.actions.dropping import drop_unpaid
from lastmetre.chain.settlement.actions.funds import donate_round, end_fund, open_fund
from lastmetre.chain.settlement.actions.money import (
    Wanted,
    approve,
    carry,
    decide,
    donate,
    refund,
    refuse,
    reverse,
    write_off,
)
from lastmetre.chain.settlement.actions.payments import Claimed, claim, hand_over_cash, record_payment
from lastmetre.chain.settlement.actions.spare import give_spare, return_spare, spoil_spare
from lastmetre.chain.settlement.models import Decision, Fund
from lastmetre.chain.settlement.queries.differences import differences
from lastmetre.chain.settlement.queries.goods_flow import flows
from lastmetre.chain.settlement.rules import DecisionKind, DecisionState, How
from lastmetre.ground.protection.actor import SYSTEM, Actor, Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


def pays(relay: Relay, *rooms: str, how: How = How.LIAISON) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        for room in rooms:
            record_payment(relay.round, relay.household[room], BILL[room], how=how, by=liaison, at=now)


def loses(relay: Relay, room: str, code: str, milli: int, cause: Cause = Cause.DAMAGED) -> None:
    with acting_as(SYSTEM) as now:
        contents = {relay.shop.product[code].pk: milli}
        lose(relay.bag[room].pk, cause=cause, contents=contents, by=SYSTEM, at=now)


def delivers(relay: Relay, *rooms: str) -> None:
    with acting_as(SYSTEM) as now:
        for room in rooms:
            home = relay.household[room]
            door = Spot(AccountKind.DOOR, home.pk, home.place_id)
            move(
                relay.round.book,
                [relay.bag[room].pk],
                to=door,
                holder=str(home.pk),
                cause=Cause.DELIVERED,
                by=SYSTEM,
                at=now,
            )


def decided(relay: Relay, room: str, kind: DecisionKind, fen: int, *, by: Actor, **more: object) -> Decision:
    with acting_as(by) as now:
        return decide(relay.round, relay.household[room], Wanted(kind, fen, **more), by=by, at=now)


def fund_of(relay: Relay, fen: int = 1_000_000) -> Fund:
    officer = relay.staff("community_worker", "d.s.c")
    with acting_as(officer) as now:
        return open_fund(
            relay.shop.town.place["康桥社区"],
            name="爱心包",
            donor="某企业",
            given_fen=fen,
            by=officer,
            at=now,
        )


@pytest.mark.usefixtures("arrived")
def test_a_refund_gives_back_what_was_paid_too_much_and_no_more(relay: Relay) -> None:
    pays(relay, "101")
    loses(relay, "101", "E1", 1000)
    assert due(relay, "101") == -2490
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        with pytest.raises(InputError, match=r"24\.90"):
            refund(relay.round, relay.household["101"], 2491, by=liaison, at=now)
        one = new_id()
        for _ in range(2):
            made = refund(relay.round, relay.household["101"], 2490, by=liaison, at=now, id=one)
    assert made.state == DecisionState.IN_FORCE
    assert due(relay, "101") == 0
    assert total(relay.round, AccountKind.RECEIVED) == BILL["101"] - 2490


@pytest.mark.usefixtures("arrived")
def test_above_the_limit_a_second_person_decides(relay: Relay) -> None:
    pays(relay, "102")
    loses(relay, "102", "E1", 3000)
    first, second, resident = relay.staff("liaison"), relay.staff("property_office"), relay.resident("102")
    made = decided(relay, "102", DecisionKind.REFUND, 7470, by=first)
    assert made.state == DecisionState.PROPOSED
    assert due(relay, "102") == -7470
    with acting_as(first) as now, pytest.raises(InputError, match="second person"):
        approve(made, by=first, at=now)
    for who in (resident, relay.staff("building_head")):
        with acting_as(who) as now, pytest.raises(Denied):
            approve(made, by=who, at=now)
    with acting_as(second) as now:
        approve(made, by=second, at=now)
        approve(made, by=second, at=now)
    assert due(relay, "102") == 0
    assert total(relay.round, AccountKind.RECEIVED) == 0


@pytest.mark.usefixtures("packed")
def test_small_gifts_add_up_to_the_limit(relay: Relay) -> None:
    """Slices below the limit do not get around the second person (trust.md: insider giveaways)."""
    liaison, fund = relay.staff("liaison"), fund_of(relay)
    states = [
        decided(relay, "101", DecisionKind.FREE, 2000, by=liaison, fund=fund.pk).state for _ in range(4)
    ]
    assert states == ["in_force", "in_force", "proposed", "proposed"]
    assert due(relay, "101") == BILL["101"] - 4000


@pytest.mark.usefixtures("packed")
def test_a_fund_pays_until_it_is_spent(relay: Relay) -> None:
    fund, liaison, second = fund_of(relay, 10_000), relay.staff("liaison"), relay.staff("property_office")
    with acting_as(liaison) as now:
        made = donate_round(relay.round, fund=fund.pk, by=liaison, at=now)
        assert len(made) == 3
        assert len(donate_round(relay.round, fund=fund.pk, by=liaison, at=now)) == 0
    waiting = [one for one in made if one.state == DecisionState.PROPOSED]
    assert {one.household_id for one in waiting} == {relay.household[room].pk for room in ("101", "102")}
    with acting_as(second) as now:
        refused = 0
        for one in waiting:
            try:
                approve(one, by=second, at=now)
            except InputError:
                refused += 1
    assert refused == 2, "61 yuan are left after the smallest bill: neither of the others fits"
    with acting_as(SYSTEM):
        fund.refresh_from_db()
    assert fund.spent_fen == BILL["201"]
    assert total(relay.round, AccountKind.FUND) == BILL["201"]
    with acting_as(liaison) as now, pytest.raises(Denied):
        end_fund(fund, by=liaison, at=now)


@pytest.mark.usefixtures("packed")
def test_a_decision_is_reversed_by_its_opposite(relay: Relay) -> None:
    fund, liaison = fund_of(relay), relay.staff("liaison")
    made = decided(relay, "201", DecisionKind.FREE, 3905, by=liaison, fund=fund.pk)
    assert due(relay, "201") == 0
    with acting_as(liaison) as now:
        reverse(made, by=liaison, at=now)
        reverse(made, by=liaison, at=now)
    with acting_as(SYSTEM):
        fund.refresh_from_db()
    assert (due(relay, "201"), fund.spent_fen, total(relay.round, AccountKind.FUND)) == (3905, 0, 0)


@pytest.mark.usefixtures("arrived")
def test_goods_that_a_fund_paid_and_nobody_got_go_back_to_the_fund(relay: Relay) -> None:
    fund, liaison = fund_of(relay), relay.staff("liaison")
    decided(relay, "201", DecisionKind.FREE, 3905, by=liaison, fund=fund.pk)
    loses(relay, "201", "V4", 2500, Cause.SPOILED)
    with acting_as(liaison) as now, pytest.raises(InputError, match="does not hold"):
        carry(relay.round, relay.household["201"], by=liaison, at=now)
    decided(relay, "201", DecisionKind.RETURN, 625, by=liaison, fund=fund.pk)
    with acting_as(SYSTEM):
        fund.refresh_from_db()
    assert (due(relay, "201"), fund.spent_fen) == (0, 3280)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(DecisionKind.REFUND, 1),
        Wanted(DecisionKind.FREE, 100),
        Wanted(DecisionKind.FREE, 100, fund=new_id()),
        Wanted(DecisionKind.WRITE_OFF, 100),
        Wanted(DecisionKind.WRITE_OFF, 10**6, "why"),
        Wanted(DecisionKind.ALLOWANCE, 100),
        Wanted(DecisionKind.ALLOWANCE, 100, cause=Cause.PAID),
        Wanted(DecisionKind.ALLOWANCE, 9000, cause=Cause.DAMAGED),
        Wanted(DecisionKind.CARRY, 5),
        Wanted(DecisionKind.CARRY, 0),
        Wanted(DecisionKind.REFUND, -5),
    ],
)
@pytest.mark.usefixtures("packed")
def test_what_does_not_fit_is_refused_without_effect(relay: Relay, wanted: Wanted) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now, pytest.raises(InputError):
        decide(relay.round, relay.household["101"], wanted, by=liaison, at=now)
    assert due(relay, "101") == BILL["101"]


@pytest.mark.usefixtures("packed")
def test_unpaid_leaves_the_batch_and_who_claims_is_looked_at_first(relay: Relay) -> None:
    pays(relay, "101")
    liaison, who = relay.staff("liaison"), relay.resident("102")
    with acting_as(who) as now:
        claim(relay.round, relay.household["102"], Claimed(7470), by=who, at=now)
    pay_until(relay, timedelta(hours=-1))
    with acting_as(liaison) as now, pytest.raises(InputError, match="not over"):
        drop_unpaid(relay.round, by=liaison, at=now)
    pay_until(relay, timedelta(hours=1))
    with acting_as(liaison) as now:
        assert drop_unpaid(relay.round, by=liaison, at=now) == [relay.household["201"].pk]
        assert drop_unpaid(relay.round, by=liaison, at=now) == []
    with acting_as(SYSTEM):
        bags = {room: Parcel.objects.get(pk=bag.pk) for room, bag in relay.bag.items()}
        rice = next(flow for flow in flows(relay.round.book) if flow.product.code == "R1")
    assert bags["201"].end_cause == Cause.UNPAID
    assert bags["101"].ended_at is None
    assert bags["102"].ended_at is None
    assert (rice.promised, rice.packed, rice.returned, dict(rice.unmet)) == (
        2000,
        2000,
        1000,
        {Cause.UNPAID: 1000},
    )
    assert [due(relay, room) for room in BILL] == [0, 7470, 0]


def test_before_packing_the_promise_ends_and_only_the_paid_are_packed(relay: Relay) -> None:
    relay.allocated()
    with acting_as(SYSTEM):
        Round.objects.filter(pk=relay.round.pk).update(pay_rule=PayRule.BEFORE_PACKING)
        relay.round.refresh_from_db()
    pays(relay, "101")
    with acting_as(SYSTEM):
        found = may_pack(relay.round)
        assert is_paid(relay.round, relay.household["101"].pk)
        assert not is_paid(relay.round, relay.household["102"].pk)
    assert found.paid == {relay.household["101"].pk}
    assert found.refused is not None
    pay_until(relay, timedelta(hours=1))
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        assert len(drop_unpaid(relay.round, by=liaison, at=now)) == 2
    with acting_as(SYSTEM):
        assert unpaid(relay.round) == set()
        assert may_pack(relay.round).refused is None
        eggs = next(flow for flow in flows(relay.round.book) if flow.product.code == "E1")
    assert (eggs.promised, eggs.owed, eggs.unmet[Cause.UNPAID]) == (5000, 2000, 3000)


@pytest.mark.usefixtures("arrived")
def test_credits_go_to_the_next_round_with_their_money(relay: Relay) -> None:
    pays(relay, *BILL)
    loses(relay, "101", "E1", 1000)
    delivers(relay, *BILL)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        carry(relay.round, relay.household["101"], by=liaison, at=now)
        settle_supplier(relay.round, by=liaison, at=now)
        closed = close_round(relay.round, by=liaison, at=now)
    assert closed.state == RoundState.CLOSED
    assert total(relay.round, AccountKind.CARRIED) == 0, "the credit, and the payee who holds its money"
    assert total(relay.round, AccountKind.RECEIVED) == 0


@pytest.mark.usefixtures("packed")
def test_the_supplier_fails_after_payment_and_every_fen_is_owed_back(relay: Relay) -> None:
    pays(relay, "101", "201")
    liaison, second = relay.staff("liaison"), relay.staff("property_office")
    with acting_as(liaison) as now:
        assert supplier_failed(relay.round, why="被封", by=liaison, at=now) == 3
        assert supplier_failed(relay.round, why="被封", by=liaison, at=now) == 0
    assert {room: due(relay, room) for room in BILL} == {"101": -8260, "102": 0, "201": -3905}
    with acting_as(SYSTEM):
        row = Round.objects.get(pk=relay.round.pk)
    assert row.state == RoundState.SETTLING
    for room in ("101", "201"):
        made = decided(relay, room, DecisionKind.REFUND, BILL[room], by=liaison)
        if made.state == DecisionState.PROPOSED:
            with acting_as(second) as now:
                approve(made, by=second, at=now)
    with acting_as(liaison) as now:
        assert close_round(row, by=liaison, at=now).state == RoundState.CLOSED


def with_the_supplier(row: Round) -> list[str]:
    """How urgent it is to settle with the supplier."""
    return [one.state for one in differences(row).open if "with the supplier" in str(one.what)]


@pytest.mark.usefixtures("arrived")
def test_the_books_close_only_when_every_difference_has_its_cause(relay: Relay) -> None:
    pays(relay, "101")
    pays(relay, "102", how=How.CASH)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        with pytest.raises(NotYet) as told:
            close_round(relay.round, by=liaison, at=now)
        said = [str(one.what) for one in told.value.missing]
        assert any("3 bags are still at the gate" in one for one in said)
        assert any("1 households have not paid" in one for one in said)
    delivers(relay, "101", "102")
    loses(relay, "201", "R1", 1000, Cause.UNCLAIMED)
    with acting_as(SYSTEM) as now:
        lose(relay.bag["201"].pk, cause=Cause.UNCLAIMED, to=Spot(AccountKind.POINT), by=SYSTEM, at=now)
        settling = Round.objects.get(pk=relay.round.pk)
    potatoes = relay.shop.product["V4"].pk
    with acting_as(liaison) as now:
        found = differences(settling)
        assert any("土豆 2.5斤" in str(one.what) for one in found.open)
        assert with_the_supplier(settling) == ["wait"], "spare goods come first"
        with pytest.raises(InputError):
            give_spare(settling, potatoes, 9000, relay.household["102"], by=liaison, at=now)
        one = new_id()
        for _ in range(2):
            give_spare(settling, potatoes, 1000, relay.household["102"], by=liaison, at=now, id=one)
        spoil_spare(settling, potatoes, 500, by=liaison, at=now)
        return_spare(settling, potatoes, 1000, by=liaison, at=now)
        assert with_the_supplier(settling) == ["act"], "nothing else is left to do"
        with pytest.raises(InputError, match="cash"):
            settle_supplier(settling, by=liaison, at=now)
        hand_over_cash(settling, 7470, by=liaison, at=now)
        state_bill(settling, 99_999, by=relay.supplier(), at=now)
        assert settle_supplier(settling, by=liaison, at=now) == 8260 + 7470
        with pytest.raises(NotYet, match=r"999\.99"):
            close_round(settling, by=liaison, at=now)
        state_bill(settling, 8260 + 7470, by=relay.supplier(), at=now)
        closed = close_round(settling, by=liaison, at=now)
        assert close_round(settling, by=liaison, at=now).pk == closed.pk
        assert differences(closed).balances
    assert money_adds_up(closed)
    with acting_as(SYSTEM):
        for flow in flows(closed.book):
            gone = sum(flow.lost.values()) + flow.returned
            assert flow.packed == flow.delivered + flow.given + gone
            assert flow.promised == flow.delivered + sum(flow.unmet.values())
    with acting_as(liaison) as now, pytest.raises(InputError, match="closed"):
        record_payment(closed, relay.household["101"], 100, how=How.CASH, by=liaison, at=now)


@pytest.mark.usefixtures("arrived")
def test_a_debt_nobody_pays_is_written_off_with_its_reason(relay: Relay) -> None:
    pays(relay, "101", "102")
    delivers(relay, *BILL)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        write_off(relay.round, relay.household["201"], 3905, why="独居老人", by=liaison, at=now)
        settle_supplier(relay.round, by=liaison, at=now)
        close_round(relay.round, by=liaison, at=now)
    assert total(relay.round, AccountKind.WRITTEN_OFF) == 0
    assert money_adds_up(relay.round)


def test_promises_that_were_not_kept_end_with_a_cause(relay: Relay) -> None:
    relay.allocated()
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        with pytest.raises(InputError):
            end_promises(relay.round, relay.household["101"], cause=Cause.PAID, by=liaison, at=now)
        for _ in range(2):
            end_promises(relay.round, relay.household["101"], cause=Cause.SHORT, by=liaison, at=now)
    assert due(relay, "101") == 0
    with acting_as(relay.staff("volunteer")) as now, pytest.raises(Denied):
        end_promises(
            relay.round, relay.household["101"], cause=Cause.SHORT, by=relay.staff("volunteer"), at=now
        )


@pytest.mark.usefixtures("packed")
def test_a_proposal_that_is_refused_books_nothing(relay: Relay) -> None:
    first, fund = relay.staff("liaison"), fund_of(relay)
    with acting_as(first) as now:
        made = donate(relay.round, relay.household["101"], 8260, fund=fund.pk, by=first, at=now)
        refuse(made, by=first, at=now)
        refuse(made, by=first, at=now)
        with pytest.raises(InputError):
            reverse(made, by=first, at=now)
    assert due(relay, "101") == BILL["101"]
