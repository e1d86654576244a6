"""Who gets what at the cut-off: solved by hand, and the books say the same."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from allocation_parts import ask, begin, check_books, got, people, share_out
from relay import Relay

from lastmetre.chain.allocation.actions.sharing import allocate, undo_allocation
from lastmetre.chain.allocation.models import Allocation, CaseOrder, Credit, Share
from lastmetre.chain.allocation.queries.shares import cases_of, shares_of_household
from lastmetre.chain.ledger.queries.balances import balances, totals
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Notice, Round
from lastmetre.chain.orders.notice_rules import said_again
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

D = Decimal


def credits(relay: Relay) -> dict[str, int]:
    with acting_as(SYSTEM):
        return {row.household.place.name: row.carried for row in Credit.objects.all() if row.carried}


def test_enough_for_all_is_promised_and_billed(relay: Relay) -> None:
    relay.asked()
    share_out(relay, relay.round)
    assert got(relay.round) == {
        ("101", "A"): D(1),
        ("101", "B"): D(2),
        ("102", "B"): D(3),
        ("201", "A"): D(1),
        ("201", "C"): D("2.5"),
    }
    check_books(relay.round)
    with acting_as(SYSTEM):
        assert Round.objects.get(pk=relay.round.pk).state == RoundState.ALLOCATED
        eggs = relay.shop.product["E1"].pk
        assert totals(relay.round.book).get((AccountKind.STOCK, eggs), 0) == 0  # no longer on sale
        assert not Notice.objects.exists()


def test_what_is_short_is_shared_by_head_count_and_the_rest_is_credited(relay: Relay) -> None:
    """5 for 1 + 2 + 4 heads: 5/7 a head: 0.71, 1.43, 2.86; rounded down 0, 1, 2; odd ones to .86, .71."""
    people(relay, r101=1, r102=2, r201=4)
    row = begin(relay, {"R1": {"stock": D(5)}})
    for room in ("101", "102", "201"):
        ask(relay, row, room, {"R1": "5"})
    share_out(relay, row)
    assert got(row) == {("101", "R1"): D(1), ("102", "R1"): D(1), ("201", "R1"): D(3)}
    check_books(row)
    carried = credits(relay)
    assert sum(carried.values()) == 0
    assert carried["102"] in (428571, 428572)
    with acting_as(SYSTEM):
        share = Share.objects.get(request__household=relay.household["102"])
        said = said_again(share.reason).text()
        assert "asked for 5; stock 5 for 15 wanted; shared by head count, 2 people: 1." in said
        assert Notice.objects.count() == 3


def test_credit_is_counted_in_at_the_next_round(relay: Relay) -> None:
    """1 for 2 alike: a lot decides; then the other one comes first whatever the lot says."""
    rows = [begin(relay, {"R1": {"stock": D(1)}}) for _ in range(2)]
    for row in rows:
        for room in ("101", "102"):
            ask(relay, row, room, {"R1": "1"})
    share_out(relay, rows[0], seed=7)
    share_out(relay, rows[1], seed=7)
    first, second = got(rows[0]), got(rows[1])
    assert sum(first.values()) == sum(second.values()) == 1
    assert first != second
    assert credits(relay) == {}


def test_cases_are_filled_and_what_is_spare_is_said(relay: Relay) -> None:
    row = begin(relay, {"R1": {"case_size": 4}, "E1": {"case_size": 10}})
    ask(relay, row, "101", {"R1": "3", "E1": "2"})
    ask(relay, row, "102", {"R1": "4"})
    share_out(relay, row)
    with acting_as(SYSTEM):
        rice, eggs = cases_of(row)
        assert (rice.cases, rice.handed, rice.spare) == (2, D(7), D(1))
        # 2 of 10 wanted: less than half of the last case, so it is not ordered
        assert (eggs.cases, eggs.handed, eggs.spare) == (0, D(0), D(0))
        assert "1 to spare: offer them" in said_again(rice.sentence).text()
    check_books(row)


def test_every_case_is_ordered_when_the_liaison_wants_it(relay: Relay) -> None:
    row = begin(relay, {"E1": {"case_size": 10}})
    ask(relay, row, "101", {"E1": "2"})
    share_out(relay, row, last_case=Fraction(0))
    with acting_as(SYSTEM):
        (eggs,) = cases_of(row)
        assert (eggs.cases, eggs.spare) == (1, D(8))


def test_what_a_household_allowed_stands_in_by_its_ratio(relay: Relay) -> None:
    """YX7: 4 bean curds for one egg tray; 101 lacks 1 tray: 4 curds; 102 allowed nothing else."""
    row = begin(relay, {"E1": {"stock": D(2)}, "B1": {"stock": D(7)}})
    ask(relay, row, "101", {"E1": "2"}, {"E1": "B1"})
    ask(relay, row, "102", {"E1": "2", "B1": "1"})
    share_out(relay, row)
    assert got(row) == {
        ("101", "E1"): D(1),
        ("101", "B1'"): D(4),
        ("102", "E1"): D(1),
        ("102", "B1"): D(1),
    }
    check_books(row)


def test_a_substitute_goes_first_to_who_asked_for_it(relay: Relay) -> None:
    row = begin(relay, {"E1": {"stock": D(0)}, "B1": {"stock": D(3)}})
    ask(relay, row, "101", {"E1": "1"}, {"E1": "B1"})
    ask(relay, row, "102", {"B1": "2"})
    share_out(relay, row)
    assert got(row)["102", "B1"] == 2
    assert got(row)["101", "B1'"] == 1
    with acting_as(SYSTEM):
        share = Share.objects.get(request__household=relay.household["101"], substitute_for__isnull=False)
        assert (
            said_again(share.reason)
            .text()
            .startswith("In place of 鸡蛋, which is short. You asked for 4; stock 1")
        )


def test_what_is_sold_until_it_has_run_out_stands_in_from_what_is_left(relay: Relay) -> None:
    row = begin(relay, {"E1": {"stock": D(0)}, "B1": {"stock": D(5), "is_first_come": True}})
    ask(relay, row, "102", {"B1": "2"})
    ask(relay, row, "101", {"E1": "1"}, {"E1": "B1"})
    share_out(relay, row)
    assert got(row)["101", "B1'"] == 3
    check_books(row)


def test_a_second_tap_gets_the_same_answer(relay: Relay) -> None:
    relay.asked()
    first = share_out(relay, relay.round)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        assert allocate(relay.round, by=liaison, at=now).pk == first.pk
    check_books(relay.round)


def test_only_who_decides_shares_out_and_only_after_the_cut_off(relay: Relay) -> None:
    relay.asked()
    for who in (relay.resident("101"), relay.staff("building_head"), relay.supplier()):
        with acting_as(who) as now, pytest.raises(Denied):
            allocate(relay.round, by=who, at=now)
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now, pytest.raises(InputError, match="open for orders"):
        allocate(relay.round, by=liaison, at=now)


def test_what_is_undone_leaves_books_and_credits_as_they_were(relay: Relay) -> None:
    row = begin(relay, {"R1": {"stock": D(1)}, "B1": {"stock": D(5), "is_first_come": True}})
    for room in ("101", "102"):
        ask(relay, row, room, {"R1": "1", "B1": "1"})
    with acting_as(SYSTEM):
        before = {(one.kind, one.owner, one.product): one.amount for one in balances(row.book)}
    share_out(relay, row)
    assert credits(relay)
    liaison = relay.staff("liaison")
    for _ in range(2):
        with acting_as(liaison) as now:
            back = undo_allocation(row, by=liaison, at=now)
    assert back.state == RoundState.CUT_OFF
    assert credits(relay) == {}
    with acting_as(SYSTEM):
        after = {(one.kind, one.owner, one.product): one.amount for one in balances(row.book)}
        assert after == before
    with acting_as(liaison) as now:
        allocate(row, by=liaison, at=now, seed=1)
    check_books(row)
    with acting_as(SYSTEM):
        assert Allocation.objects.filter(round=row).count() == 2


def test_a_household_sees_its_own_shares_only(relay: Relay) -> None:
    relay.asked()
    share_out(relay, relay.round)
    with acting_as(relay.resident("101")):
        assert {one.item.code for one in shares_of_household(relay.household["101"])} == {"A", "B"}
        assert shares_of_household(relay.household["102"]) == []
        assert CaseOrder.objects.count() == 3
    with acting_as(relay.supplier()):
        assert not Share.objects.exists()
        assert Allocation.objects.count() == 1
