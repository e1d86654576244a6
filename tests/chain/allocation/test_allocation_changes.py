"""Overrides with a reason, a supplier that brings less, another good in its place: the books follow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from allocation_parts import ask, begin, check_books, got, people, share_out
from relay import Relay

from lastmetre.chain.allocation.actions.overriding import override_share
from lastmetre.chain.allocation.actions.shortening import cut_item, replace_item
from lastmetre.chain.allocation.models import Credit, Revision, Share
from lastmetre.chain.allocation.queries.shares import outcomes_of
from lastmetre.chain.ledger.queries.balances import due_by_household
from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.notice_rules import said_again
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

D = Decimal


def share_of(relay: Relay, row: Round, room: str, code: str) -> Share:
    with acting_as(SYSTEM):
        return Share.objects.select_related("allocation").get(
            allocation__round=row, request__household=relay.household[room], item__code=code
        )


def override(relay: Relay, row: Round, room: str, code: str, units: str, why: str = "家有婴儿") -> Share:
    liaison = relay.staff("liaison")
    share = share_of(relay, row, room, code)
    with acting_as(liaison) as now:
        return override_share(share, quantity=D(units), why=why, by=liaison, at=now)


def three(relay: Relay, **good: object) -> Round:
    row = begin(relay, {"R1": good})
    for room in ("101", "102", "201"):
        ask(relay, row, room, {"R1": "3"})
    return row


def test_the_liaison_gives_and_takes_within_what_there_is(relay: Relay) -> None:
    row = three(relay, stock=D(6))
    share_out(relay, row)
    with pytest.raises(InputError, match="not so much left: 0 more"):
        override(relay, row, "101", "R1", "3")
    override(relay, row, "102", "R1", "1", "出门在外")
    override(relay, row, "101", "R1", "3")
    override(relay, row, "101", "R1", "3")
    assert got(row) == {("101", "R1"): D(3), ("102", "R1"): D(1), ("201", "R1"): D(2)}
    check_books(row)
    with acting_as(SYSTEM):
        assert [one.words for one in Revision.objects.all()] == ["出门在外", "家有婴儿"]
        assert (share_of(relay, row, "101", "R1").planned, outcomes_of(row)[0].handed) == (D(2), D(6))


@pytest.mark.parametrize(
    ("units", "why", "said"),
    [
        ("2", " ", "Say why"),
        *((units, "why", "no share") for units in ("-1", "0.5", "NaN")),
    ],
)
def test_an_override_that_cannot_be_is_refused(relay: Relay, units: str, why: str, said: str) -> None:
    row = three(relay, stock=D(3))
    share_out(relay, row)
    with pytest.raises(InputError, match=said):
        override(relay, row, "101", "R1", units, why)
    check_books(row)


def test_only_who_decides_overrides(relay: Relay) -> None:
    row = three(relay, stock=D(3))
    share_out(relay, row)
    share = share_of(relay, row, "101", "R1")
    for who in (relay.resident("101"), relay.staff("building_head"), relay.staff("volunteer")):
        with acting_as(who) as now, pytest.raises(Denied):
            override_share(share, quantity=D(0), why="mine", by=who, at=now)


def test_spare_of_a_case_is_given_after_the_order_and_no_more(relay: Relay) -> None:
    row = three(relay, case_size=10)
    share_out(relay, row)
    with acting_as(SYSTEM) as now:
        advance(row, RoundState.ORDERED, by=SYSTEM, at=now)
    with pytest.raises(InputError, match="1 more"):
        override(relay, row, "101", "R1", "5")
    override(relay, row, "101", "R1", "4")
    with acting_as(SYSTEM):
        (order,) = outcomes_of(row)
        assert (order.cases, order.handed, order.spare) == (1, D(10), D(0))
    check_books(row)


def test_a_supplier_that_brings_less_is_shared_by_the_same_rule(relay: Relay) -> None:
    people(relay, r101=1, r102=2, r201=3)
    row = three(relay)
    share_out(relay, row)
    with acting_as(SYSTEM) as now:
        row = advance(row, RoundState.ORDERED, by=SYSTEM, at=now)
        rice = relay.shop.product["R1"]
        changed = cut_item(row, rice, D(6), cause=Cause.SHORT, by=SYSTEM, at=now)
        assert cut_item(row, rice, D(6), cause=Cause.SHORT, by=SYSTEM, at=now) == []
    assert got(row) == {("101", "R1"): D(1), ("102", "R1"): D(2), ("201", "R1"): D(3)}
    assert len(changed) == 2
    check_books(row)
    with acting_as(SYSTEM):
        share = share_of(relay, row, "101", "R1")
        assert (
            said_again(share.reason)
            .text()
            .startswith("The supplier brings 6 where 9 were promised. You asked for 3; stock 6")
        )
        assert sum(row.carried for row in Credit.objects.all()) == 0
        assert due_by_household(row.book)[relay.household["101"].pk] == 3280


@pytest.mark.usefixtures("packed")
def test_what_is_packed_stays_with_its_household(relay: Relay) -> None:
    with acting_as(SYSTEM) as now:
        # the fixture promises without shares; a round of its own
        row = three(relay, stock=D(9))
    share_out(relay, row)
    from lastmetre.chain.ledger.actions.parcels import Content, NewParcel, make_parcels
    from lastmetre.chain.ledger.rules import AccountKind, Spot

    with acting_as(SYSTEM) as now:
        row = advance(row, RoundState.ORDERED, by=SYSTEM, at=now)
        rice = relay.shop.product["R1"]
        bag = NewParcel(1, "ABCD", relay.household["102"], (Content(rice.pk, 3000, 3280),))
        spot = Spot(AccountKind.PACKED, relay.shop.supplier.pk)
        make_parcels(row.book, [bag], at_spot=spot, holder="p", by=SYSTEM, at=now)
        cut_item(row, rice, D(4), cause=Cause.SHORT, by=SYSTEM, at=now)
    assert got(row)["102", "R1"] == 3
    assert sum(got(row).values()) == 4
    check_books(row)


def test_another_good_comes_in_place_of_what_is_short(relay: Relay) -> None:
    row = begin(relay, {"E1": {}, "B1": {}})
    ask(relay, row, "101", {"E1": "2"}, {"E1": "B1"})
    ask(relay, row, "102", {"E1": "2"})
    share_out(relay, row)
    with acting_as(SYSTEM) as now:
        row = advance(row, RoundState.ORDERED, by=SYSTEM, at=now)
        eggs, curd = row.items.get(code="E1"), row.items.get(code="B1")
        cut_item(row, relay.shop.product["E1"], D(2), cause=Cause.SHORT, by=SYSTEM, at=now)
        for only, given in ((True, 1), (False, 1), (False, 0)):
            assert replace_item(row, eggs, curd, D(5), only_allowed=only, by=SYSTEM, at=now) == given
    assert got(row) == {
        ("101", "E1"): D(1),
        ("101", "B1'"): D(1),
        ("102", "E1"): D(1),
        ("102", "B1'"): D(1),
    }
    check_books(row)
