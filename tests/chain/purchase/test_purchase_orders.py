"""From what was shared out to packed bags: whole cases, shortness, prices, a supplier that fails."""

from __future__ import annotations

from decimal import Decimal

import pytest
from relay import Relay

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.ledger.actions.parcels import due_from
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household, owed_by_household, totals, unexplained
from lastmetre.chain.ledger.rules import AccountKind, Cause
from lastmetre.chain.orders.actions.rounds import cut_off
from lastmetre.chain.orders.models import Notice, Round
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack
from lastmetre.chain.purchase.actions.proposing import decide, propose_substitute
from lastmetre.chain.purchase.actions.supplying import change_price, confirm, fail, mark_short, start_packing
from lastmetre.chain.purchase.models import PurchaseLine, PurchaseOrder
from lastmetre.chain.purchase.queries.orders import desk_of, orders_of, standing_of
from lastmetre.chain.purchase.rules import OrderState
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


def ordered(relay: Relay) -> PurchaseOrder:
    """All three ask as in WISHES, it is shared out and ordered."""
    relay.asked()
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        cut_off(relay.round, by=liaison, at=now)
        allocate(relay.round, by=liaison, at=now)
        order = place_order(relay.round, by=liaison, at=now)
        assert place_order(relay.round, by=liaison, at=now).pk == order.pk  # a double click
    with acting_as(SYSTEM):
        relay.round.refresh_from_db()
        order.refresh_from_db()
    return order


def line_of(relay: Relay, order: PurchaseOrder, code: str) -> PurchaseLine:
    """The line of a product."""
    with acting_as(SYSTEM):
        rows = PurchaseLine.objects.select_related("order", "item__product")
        return rows.get(order=order, item__product=relay.shop.product[code])


def bills(relay: Relay) -> dict[str, int]:
    """What each room has to pay, in fen."""
    with acting_as(SYSTEM):
        due = due_by_household(relay.round.book)
    return {room: due.get(home.pk, 0) for room, home in relay.household.items() if home.pk in due}


def test_the_supplier_picks_packs_and_the_goods_stand_in_the_books(relay: Relay) -> None:
    order, clerk = ordered(relay), relay.supplier()
    with acting_as(clerk) as now:
        (mine,) = orders_of(clerk)
        (work,) = desk_of([mine])
        assert (work.homes, [goods[2] for goods in work.goods]) == (3, [2, 5, Decimal("2.5")])
        assert confirm(mine, by=clerk, at=now).state == OrderState.CONFIRMED
        assert start_packing(mine, by=clerk, at=now).state == OrderState.PACKING
        bags = pack(relay.round, by=clerk, at=now)
        again = pack(relay.round, by=clerk, at=now)
    assert {bag.pk for bag in bags} == {bag.pk for bag in again}
    with acting_as(SYSTEM):
        assert Round.objects.get(pk=relay.round.pk).state == "packed"
        rooms = [bag.household.place.name for bag in Parcel.objects.order_by("number")]
        assert rooms == ["101", "102", "201"]
        found = totals(relay.round.book)
        assert found[AccountKind.PACKED, relay.shop.product["V4"].pk] == 2500
        assert found[AccountKind.SUPPLY, relay.shop.product["V4"].pk] == -2500
    assert bills(relay) == {"101": 8260, "102": 7470, "201": 3905}
    assert order.state == OrderState.SENT


def test_what_is_short_leaves_promise_and_bill(relay: Relay) -> None:
    order, clerk = ordered(relay), relay.supplier()
    line = line_of(relay, order, "E1")
    with acting_as(clerk) as now:
        for _ in range(2):
            mark_short(line, available=Decimal(3), why="路上碎了", by=clerk, at=now)
        (_, eggs, _) = standing_of(order)
    assert (eggs.promised, eggs.is_short, eggs.line.wanted) == (3, True, 5)
    with acting_as(SYSTEM):
        owed = owed_by_household(relay.round.book)
        eggs_owed = sum(goods.get(relay.shop.product["E1"].pk, 0) for goods in owed.values())
    assert eggs_owed == 3000
    assert sum(bills(relay).values()) == 8260 + 7470 + 3905 - 2 * 2490


@pytest.mark.parametrize(
    ("available", "says"), [("-1", "less than nothing"), ("6", "not short"), ("NaN", "less")]
)
def test_nonsense_of_shortness_is_refused(relay: Relay, available: str, says: str) -> None:
    line, clerk = line_of(relay, ordered(relay), "E1"), relay.supplier()
    with acting_as(clerk) as now, pytest.raises(InputError, match=says):
        mark_short(line, available=Decimal(available), by=clerk, at=now)


def test_a_lower_price_lowers_every_bill_and_a_higher_one_is_refused(relay: Relay) -> None:
    line, clerk = line_of(relay, ordered(relay), "R1"), relay.supplier()
    with acting_as(clerk) as now:
        with pytest.raises(InputError, match=r"ordered at 32\.80 yuan; 33\.00 yuan is above it"):
            change_price(line, price_fen=3300, by=clerk, at=now)
        change_price(line, price_fen=3000, by=clerk, at=now)
        change_price(line, price_fen=3000, by=clerk, at=now)
    assert bills(relay) == {"101": 7980, "102": 7470, "201": 3625}
    with acting_as(clerk) as now:
        pack(relay.round, by=clerk, at=now)
        with pytest.raises(InputError, match="nothing in it can be changed"):
            change_price(line, price_fen=2000, by=clerk, at=now)


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_supplier_that_fails_leaves_no_promise_and_no_bill(relay: Relay, is_packed: bool) -> None:
    order, clerk = ordered(relay), relay.supplier()
    with acting_as(clerk) as now:
        if is_packed:
            pack(relay.round, by=clerk, at=now)
        with pytest.raises(InputError, match="Say why"):
            fail(order, why=" ", by=clerk, at=now)
        fail(order, why="仓库封控", by=clerk, at=now)
        fail(order, why="仓库封控", by=clerk, at=now)
    with acting_as(SYSTEM):
        assert Round.objects.get(pk=relay.round.pk).state == "settling"
        assert unexplained(relay.round.book) == []
        assert due_by_household(relay.round.book) == {}
        assert not any(amount for (kind, _), amount in totals(relay.round.book).items() if kind == "supply")
        told = Notice.objects.filter(round=relay.round, kind="failed").values_list("place", flat=True)
        assert set(told) == {relay.household[room].place_id for room in ("101", "102", "201")}
    assert due_from(relay.household["101"]).owner
    assert Cause.SUPPLIER_FAILED


def test_only_buyer_and_supplier_may(relay: Relay) -> None:
    order = ordered(relay)
    volunteer, other = relay.staff("volunteer"), relay.shop.clerk(relay.shop.other)
    for actor in (volunteer, other):
        with acting_as(actor) as now, pytest.raises(Denied):
            pack(relay.round, by=actor, at=now)
    with acting_as(other):
        assert not PurchaseOrder.objects.exists()
    with acting_as(SYSTEM):
        order.refresh_from_db()
    assert order.state == OrderState.SENT


def test_a_substitute_goes_to_who_is_short_once_the_liaison_says_so(relay: Relay) -> None:
    order, clerk, liaison = ordered(relay), relay.supplier(), relay.staff("liaison")
    eggs, rice = line_of(relay, order, "E1"), line_of(relay, order, "R1")
    with acting_as(clerk) as now:
        with pytest.raises(InputError, match="0 are short"):
            propose_substitute(eggs, substitute=rice.item_id, quantity=Decimal(1), by=clerk, at=now)
        mark_short(eggs, available=Decimal(3), by=clerk, at=now)
        proposal = propose_substitute(eggs, substitute=rice.item_id, quantity=Decimal(2), by=clerk, at=now)
        with pytest.raises(Denied):
            decide(proposal, accept=True, by=clerk, at=now)
    before = sum(bills(relay).values())
    with acting_as(liaison) as now:
        decide(proposal, accept=True, only_allowed=False, by=liaison, at=now)
        assert decide(proposal, accept=False, by=liaison, at=now).state == "accepted"
    with acting_as(SYSTEM):
        owed = owed_by_household(relay.round.book).values()
        assert sum(goods.get(relay.shop.product["R1"].pk, 0) for goods in owed) == 4000
    assert sum(bills(relay).values()) == before + 2 * 3280
