"""Cases, money and books, worked out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.papers.pack import Bag, BagItem, Pack, Purchase
from lastmetre.papers.totals import books, due_fen, money, quantities, supplier_lines
from lastmetre.terms import Good, Home

EGGS = Good("B", "鸡蛋", unit="板", price_fen=2850, case_size=12)
PORK = Good("F", "五花肉", unit="斤", step=Decimal("0.5"), price_fen=2605)
BREAD = Good("面包", "面包")
GOODS = (EGGS, PORK, BREAD)


def bag(room: str, *items: BagItem, paid: bool = False, extra_fen: int = 0) -> Bag:
    return Bag(Home("3", "", room), items, f"code{room}", f"qr{room}", paid_claimed=paid, extra_fen=extra_fen)


def pack(*bags: Bag, purchases: tuple[Purchase, ...] = ()) -> Pack:
    return Pack("丽城", "第三批", "2022-05-03", bags, GOODS, purchases=purchases)


def test_two_households_by_hand() -> None:
    first = bag("101", BagItem("B", Decimal(2)), BagItem("F", Decimal("1.5")), paid=True, extra_fen=300)
    second = bag("102", BagItem("B", Decimal(11)), BagItem("面包", Decimal(1)))
    found = pack(first, second)
    goods = {good.code: good for good in GOODS}
    assert quantities(found.bags) == {"B": 13, "F": Decimal("1.5"), "面包": 1}
    assert due_fen(first, goods) == 2 * 2850 + 3908 + 300  # 39.075 yuan of pork are 39.08
    assert due_fen(second, goods) == 11 * 2850  # bread has no price
    sums = money(found.bags, goods)
    assert (sums.due_fen, sums.claimed_fen, sums.open_fen) == (41258, 9908, 31350)
    eggs, pork, bread = supplier_lines(found)
    assert (eggs.cases, eggs.ordered, eggs.spare, eggs.cost_fen) == (2, 24, 11, 24 * 2850)
    assert (pork.cases, pork.ordered, pork.spare, pork.cost_fen) == (None, Decimal("1.5"), 0, 3908)
    assert (bread.cases, bread.ordered, bread.cost_fen) == (None, 1, None)


def test_planned_cases_count_even_where_they_are_too_few() -> None:
    found = pack(bag("101", BagItem("B", Decimal(13))), purchases=(Purchase("B", 1, "只到一箱"),))
    (eggs,) = supplier_lines(found)
    assert (eggs.cases, eggs.spare, eggs.reason) == (1, -1, "只到一箱")


def test_a_case_bought_for_nobody_is_on_the_order() -> None:
    (eggs,) = supplier_lines(pack(purchases=(Purchase("B", 1),)))
    assert (eggs.wanted, eggs.spare) == (0, 12)


def test_what_the_source_charged_goes_before_the_price() -> None:
    found = pack(bag("101", BagItem("B", Decimal(2), amount_fen=5000)))
    round_books = books(found)
    assert round_books.households.due_fen == 5000
    assert round_books.difference_fen == -700


items = st.builds(
    BagItem,
    st.sampled_from(["B", "F", "面包"]),
    st.integers(1, 40).map(lambda halves: Decimal(halves) / 2),
    amount_fen=st.none() | st.integers(0, 10**6),
)
bags = st.lists(st.lists(items, max_size=4), max_size=8).map(
    lambda found: [
        bag(str(101 + room), *some, paid=room % 2 == 0, extra_fen=room * 7 - 9)
        for room, some in enumerate(found)
    ]
)


@given(bags, st.none() | st.integers(0, 20))
def test_the_books_square(found: list[Bag], cases: int | None) -> None:
    purchases = () if cases is None else (Purchase("B", cases),)
    whole = pack(*found, purchases=purchases)
    round_books = books(whole)
    households = round_books.households
    assert round_books.goods_fen + round_books.difference_fen + round_books.extra_fen == households.due_fen
    assert households.claimed_fen + households.open_fen == households.due_fen
    assert round_books.goods_fen + round_books.spare_fen == round_books.supplier_fen
    assert round_books.supplier_fen == sum(line.cost_fen or 0 for line in supplier_lines(whole))


@given(bags)
def test_without_a_plan_the_fewest_cases_that_hold_all_are_ordered(found: list[Bag]) -> None:
    for line in supplier_lines(pack(*found)):
        assert 0 <= line.spare < (line.good.case_size or 1)


@pytest.mark.parametrize("wanted", [1, 12, 13, 24])
def test_a_full_case_needs_no_other(wanted: int) -> None:
    (eggs,) = supplier_lines(pack(bag("101", BagItem("B", Decimal(wanted)))))
    assert eggs.cases == (wanted + 11) // 12
