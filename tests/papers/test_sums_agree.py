"""Labels = carts = pick list = delivery notes = supplier order - spare; due on the money sheet = their prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import pytest
from rounds_of_goods import pack

from lastmetre.papers.edition import Edition
from lastmetre.papers.labels import labels
from lastmetre.papers.pack import LabelPer
from lastmetre.papers.sheets import SHEETS
from lastmetre.papers.tables import Cell, Table
from lastmetre.papers.totals import books

EDITION = Edition(pack(137))
TABLES: dict[str, Table] = {str(sheet.title): sheet.table(EDITION) for sheet in SHEETS}
GOODS = {good.code: good for good in EDITION.pack.goods}


def column(sheet: str, title: str) -> list[Cell]:
    table = TABLES[sheet]
    place = [str(one.title) for one in table.columns].index(title)
    return [row[place] for row in table.rows]


def by_good(sheet: str, quantity: str) -> Counter[str]:
    return added(zip(column(sheet, "Code"), column(sheet, quantity), strict=True))


def added(pairs: Iterable[tuple[Cell, Cell]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for code, quantity in pairs:
        found[str(code)] += quantity  # type: ignore[assignment,operator]
    return found


ORDERED = added((item.good, item.qty) for bag in EDITION.pack.bags for item in bag.items)


@pytest.mark.parametrize(
    ("sheet", "quantity"),
    [
        ("Supplier order", "Wanted"),
        ("Pick list", "Total"),
        ("Delivery note by good, building, room", "Quantity"),
        ("Delivery note by building, good, room", "Quantity"),
        ("Delivery note by building, room, good", "Quantity"),
    ],
)
def test_every_list_comes_to_what_was_ordered(sheet: str, quantity: str) -> None:
    assert by_good(sheet, quantity) == ORDERED


def test_the_pick_list_adds_up_over_its_buildings() -> None:
    for row in TABLES["Pick list"].rows:
        *_, total, _bags = row[:6]
        assert sum(Decimal(str(cell)) for cell in row[6:] if cell is not None) == total


def test_the_supplier_order_is_what_is_wanted_and_spare() -> None:
    for row in TABLES["Supplier order"].rows:
        _code, _name, _specification, _unit, wanted, case, cases, ordered, spare, price, cost, _reason = row
        assert ordered == wanted + spare  # type: ignore[operator]
        assert cases is None or ordered == cases * case  # type: ignore[operator]
        assert cost == ordered * price  # type: ignore[operator]


@pytest.mark.parametrize("per", LabelPer)
def test_labels_come_to_what_was_ordered(per: LabelPer) -> None:
    found = labels(EDITION, per)
    assert added((item.good, item.qty) for label in found for item in label.items) == ORDERED


def test_every_bag_is_once_on_a_label_a_cart_a_door_and_the_money_sheet() -> None:
    codes = sorted(EDITION.code(bag) for bag in EDITION.pack.bags)
    assert sorted(EDITION.code(label.bag) for label in labels(EDITION, LabelPer.HOUSEHOLD)) == codes
    for sheet in ("Cart sheet", "Door sheet", "Money sheet"):
        assert sorted(map(str, column(sheet, "Code"))) == codes


def test_carts_and_doors_hold_the_same_goods() -> None:
    wanted = sorted(EDITION.items(bag) for bag in EDITION.pack.bags)
    assert sorted(map(str, column("Cart sheet", "Goods"))) == wanted
    assert sorted(map(str, column("Door sheet", "Goods"))) == wanted


def test_the_money_sheet_is_the_goods_at_their_prices() -> None:
    due = sum(quantity * (GOODS[code].price_fen or 0) for code, quantity in ORDERED.items())
    assert sum(column("Money sheet", "Due")) == due  # type: ignore[arg-type]
    assert sum(column("Delivery note by building, room, good", "Amount")) == due  # type: ignore[arg-type]
    assert TABLES["Money sheet"].totals[5] == due
    assert books(EDITION.pack).supplier_fen == sum(column("Supplier order", "Cost"))  # type: ignore[arg-type]


def test_shortages_to_be_published_count_every_household_once() -> None:
    assert sum(column("Shortages, to be published", "Households")) == len(EDITION.pack.shortages)  # type: ignore[arg-type]
