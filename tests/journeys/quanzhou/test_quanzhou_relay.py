"""Quanzhou's closed relay (QZ15a): heads count, a supermarket is bought from as one, heads hand out; funds pay (QZ7)."""

from __future__ import annotations

import pytest
from journey_day import Day, everybody_answered, squared, yuan
from journey_town import Good, build
from way_to_the_door import delivered, order_at_the_shop, packed_from, to_the_gate

from lastmetre.chain.purchase.rules import ShortCause
from lastmetre.ground.goods.rules import SupplierKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.scenarios.figures import read_sheet

QUANZHOU = read_sheet("quanzhou")
GOODS = (
    Good("A", "爱心套餐", "packages", "68.00", 6000),  # QZ5: packages at different prices
    Good("B", "家庭套餐", "packages", "118.00", 11000),
    Good("C", "猪肉", "pork", "25.00", 500),
)
SHEETS = {
    "1": {"1-1-101": "A1 C1", "1-1-201": "B1", "1-2-101": "A1", "1-2-201": "C2"},
    "2": {"2-1-101": "B1 C1", "2-1-201": "A1", "2-2-101": "A1"},
    "3": {"3-1-101": "A2", "3-1-201": "C1", "3-2-101": "B1"},
}
NEEDY = ("1-2-101", "2-2-101")
"""QZ7: free packages for households in need."""


@pytest.fixture
def day(db: None) -> Day:
    """Three buildings of 丰泽新村, one of the 58 supermarkets."""
    market = {"永辉超市": (SupplierKind.SUPERMARKET, GOODS)}
    with acting_as(SYSTEM) as now:
        town = build("丰泽新村", {"1": 2, "2": 2, "3": 2}, 2, market, now)
    return Day(town, "永辉超市")


def test_the_heads_count_and_hand_out_and_the_books_are_square(day: Day) -> None:
    assert QUANZHOU["supermarkets"] == 58
    day.begin(GOODS, mode="closed_relay")
    counted_by_the_heads(day)
    day.cut_and_share()
    short_and_cheaper(day)
    paid_by_fund_and_cash(day)
    to_the_gate(day)
    delivered(day, by_heads=True)
    day.carry_on()
    day.close()
    squared(day)
    assert everybody_answered(day) == 10


def counted_by_the_heads(day: Day) -> None:
    """Each head keys in the paper of the own building, and sees no other."""
    day.who("liaison").tap(f"/orders/rounds/{day.row.pk}/sheets")
    for building, goods in SHEETS.items():
        head = day.who("building_head", day.town.building[building])
        day.key_in(head, goods)
    strange = day.who("building_head", day.town.building["1"])
    home = day.town.home["3-1-101"].pk
    assert strange.post(f"/orders/rounds/{day.row.pk}/phone/{home}", {"keyed": "A1"}).status_code == 404


def short_and_cheaper(day: Day) -> None:
    """The supermarket lacks two of the meat and lowers a price: shared again, bills go down, everybody is told."""
    order = order_at_the_shop(day)
    shop = day.who("supplier_clerk")
    line = {one.line.item.code: one.line.pk for one, _ in shop.get(order).context["lines"]}
    before = sum(day.due().values())
    shop.tap(f"{order}/goods/{line['C']}", what="short", available="3", cause=ShortCause.NOT_COME)
    shop.tap(f"{order}/goods/{line['B']}", what="price", price_fen="108.00")
    assert sum(day.due().values()) == before - 2 * 2500 - 3 * 1000
    packed_from(day, order)


def paid_by_fund_and_cash(day: Day) -> None:
    """A gift pays for who is in need; the heads' cash goes to the supermarket."""
    worker = day.who("community_worker")
    form = {"place": str(day.town.place.pk), "name": "爱心基金", "donor": "一位邻居", "given_fen": "1000.00"}
    worker.tap("/settlement/funds/new", **form, id=str(new_id()))
    fund = worker.get("/settlement/funds").context["rows"][0]
    fund = getattr(fund, "fund", fund)
    for address in NEEDY:
        home = day.town.home[address].pk
        page = f"/settlement/rounds/{day.row.pk}/households/{home}"
        gift = {"free-fund": str(fund.pk), "free-amount_fen": yuan(day.due()[home]), "free-id": str(new_id())}
        worker.tap(page, what="free", **gift)
        for decision in day.decisions():  # above 50 yuan a second person agrees
            day.who("liaison").tap(f"/settlement/decisions/{decision.pk}", what="approve")
    for address, home in day.town.home.items():
        if (fen := day.due().get(home.pk, 0)) > 0:
            day.paid(address, fen, how="cash")
    day.who("liaison").tap(f"/settlement/rounds/{day.row.pk}/supplier", what="cash", id=str(new_id()))
