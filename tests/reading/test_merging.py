"""All lines of a household become one order; what was said later changes what was said before."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from compound_of_the_tests import COMPOUND, OFFER, codes, orders, resolved, wanted
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.reading.merging import merge
from lastmetre.terms import Action, Change, Item, Order, OrderLine, Source

PLENTY = settings(deadline=None, max_examples=100)
HOMES = [entry.home for entry in COMPOUND.households]


@pytest.mark.parametrize(
    ("said", "items"),
    [
        (["A1"], {"A": 1}),
        (["A1", "B2"], {"A": 1, "B": 2}),
        (["A1", "再加一份A"], {"A": 2}),
        (["A3", "A减1份"], {"A": 2}),
        (["A1", "A减2份"], {}),
        (["A3", "A减到1份"], {"A": 1}),
        (["A1", "A改成3份"], {"A": 3}),
        (["A1", "A改成3份", "A改成3份"], {"A": 3}),
        (["A1 B2", "A不要了"], {"B": 2}),
        (["A1", "追加B2"], {"A": 1, "B": 2}),
        (["A1 B2", "A换成C2斤"], {"B": 2, "C": 2}),
        (["A2", "A换成B"], {"B": 2}),
        (["A1 B2", "A换成B"], {"B": 3}),
        (["A1 B2", "取消"], {}),
        (["A1", "不要了", "A2"], {"A": 2}),
        (["五花肉1斤", "再加五花肉1公斤"], {"C": 3}),
        (["A1 B1", "A改成2份 B不要了"], {"A": 2}),
    ],
)
def test_what_a_household_says_is_applied_in_turn(said: list[str], items: dict[str, int]) -> None:
    found = orders("\n".join(f"3-501 {words}" for words in said))
    assert wanted(found) == ({"3-501": items} if items else {})
    assert not any(map(codes, found))


def test_so_many_means_the_only_good() -> None:
    (order,) = orders("3-501 A1\n3-501 改成3份")
    assert (wanted([order]), codes(order)) == ({"3-501": {"A": 3}}, set())


def test_so_many_of_several_goods_is_doubted() -> None:
    (order,) = orders("3-501 A1 B1\n3-501 改成3份")
    assert "amends_what" in codes(order)


def test_a_change_without_an_order_is_doubted() -> None:
    (order,) = orders("3-501 A改成3份")
    assert "nothing_to_change" in codes(order)


def test_an_order_that_came_to_the_wrong_home_moves_with_all_that_was_said() -> None:
    found = orders("3-501 A1\n3-502 B2\n刚才接错了，是3-502不是3-501")
    assert wanted(found) == {"3-502": {"B": 2, "A": 1}}


def test_a_corrected_address_of_somebody_who_ordered_nothing_orders_nothing() -> None:
    assert wanted(orders("3-501 A1\n刚才接错了，是5-602不是3-502")) == {"3-501": {"A": 1}}


def test_an_order_for_a_neighbour_is_the_neighbours() -> None:
    found = orders("3-501 A2\n我是3-501，帮3-502王奶奶订B1")
    assert wanted(found) == {"3-501": {"A": 2}, "3-502": {"B": 1}}


def test_lines_of_several_files_are_one_order() -> None:
    (order,) = orders("3-501 王阿姨 A1 放门口", "3号楼501 B2 已付")
    assert wanted([order]) == {"3-501": {"A": 1, "B": 2}}
    assert (order.who, order.note) == ("王阿姨", "放门口")
    assert {line.source.file for line in order.lines} == {"0.txt", "1.txt"}


def test_the_same_order_in_two_files_is_doubted_and_another_is_not() -> None:
    assert codes(orders("3-501 A1 B2", "3-501 B2，A1")[0]) == {"ordered_twice"}
    assert codes(orders("3-501 A1", "3-501 A2")[0]) == set()
    assert codes(orders("3-501 A1", "3-502 A1")[0]) == set()


def test_a_home_written_in_two_ways_is_one_home() -> None:
    found = orders("7-904 A1\n7号楼2单元904 B1")
    assert wanted(found) == {"7-2-904": {"A": 1, "B": 1}}


def test_a_line_without_a_home_waits_for_one() -> None:
    found, homeless = merge(resolved("7-903 A1\n3-501 B1"))
    assert wanted(found) == {"3-501": {"B": 1}}
    assert [line.raw for line in homeless] == ["7-903 A1"]


def test_questions_complaints_and_notices_are_no_orders() -> None:
    assert orders("3-501 还有鸡蛋吗？\n3-502 鸡蛋烂了两个\n5-602 没收到鸡蛋\n各位邻居明天送菜") == []


def test_an_open_doubt_stays_with_the_order() -> None:
    (order,) = orders("3-501 A1\n3-501 鸡蛋三五个")
    assert "range" in codes(order)
    assert wanted([order]) == {"3-501": {"A": 1}}


def test_a_doubt_of_merging_may_be_answered() -> None:
    (order,), _ = merge(resolved("3-501 A改成3份"), lambda line, code: code == "nothing_to_change")
    assert codes(order) == set()


@pytest.mark.parametrize(("later", "fen"), [(3990, 7980), (None, None)])
def test_what_was_charged_adds_up_or_is_not_known(later: int | None, fen: int | None) -> None:
    lines = [line(0, [("A", 1)]), line(0, [("A", 1)])]
    lines = [
        replace(one, items=(replace(one.items[0], amount_fen=charged),))
        for one, charged in zip(lines, (3990, later), strict=True)
    ]
    (order,), _ = merge(lines)
    assert order.items[0].amount_fen == fen


# Properties


def line(
    home: int, goods: list[tuple[str, int]], action: Action = Action.ORDER, change: Change = Change.SET
) -> OrderLine:
    items = tuple(Item(code, Decimal(qty), "份", good=code, change=change) for code, qty in goods)
    return OrderLine("", Source(), action=action, home=HOMES[home], items=items)


HOME = st.integers(0, len(HOMES) - 1)
WISHES = st.lists(
    st.tuples(st.sampled_from([good.code for good in OFFER.goods]), st.integers(1, 9)), min_size=1, max_size=4
)
PLAIN = st.builds(line, HOME, WISHES)
ANY_LINE = st.one_of(
    PLAIN,
    st.builds(line, HOME, WISHES, st.just(Action.AMEND), st.sampled_from(Change)),
    st.builds(line, HOME, st.just([]), st.just(Action.CANCEL)),
    st.builds(line, HOME, st.just([]), st.sampled_from([Action.QUESTION, Action.NOTICE])),
)


def merged(lines: list[OrderLine]) -> list[Order]:
    return merge(lines)[0]


@PLENTY
@given(st.lists(ANY_LINE, max_size=20), st.randoms())
def test_households_do_not_depend_on_each_others_place_in_the_chat(
    lines: list[OrderLine], random: object
) -> None:
    turns = [one.home for one in lines]
    random.shuffle(turns)  # type: ignore[attr-defined]
    queues = {home: [one for one in lines if one.home == home] for home in turns}
    assert merged([queues[home].pop(0) for home in turns]) == merged(lines)


@PLENTY
@given(st.lists(PLAIN, max_size=20))
def test_sums_over_households_are_sums_over_lines(lines: list[OrderLine]) -> None:
    over_lines = Counter[str]()
    for item in (item for one in lines for item in one.items):
        over_lines[item.good] += int(item.qty or 0)
    over_orders = Counter[str]()
    for item in (item for order in merged(lines) for item in order.items):
        over_orders[item.good] += int(item.qty)
    assert over_orders == over_lines


@PLENTY
@given(st.lists(ANY_LINE, max_size=20))
def test_a_home_has_one_order_with_all_its_lines_and_each_good_once(lines: list[OrderLine]) -> None:
    found = merged(lines)
    assert [order.home for order in found] == sorted(
        {order.home for order in found}, key=lambda home: home.sort_key
    )
    acting = [one for one in lines if one.action not in (Action.QUESTION, Action.NOTICE)]
    assert sum(len(order.lines) for order in found) == len(acting)
    for order in found:
        assert len({item.good for item in order.items}) == len(order.items)
        assert all(item.qty > 0 for item in order.items)


@PLENTY
@given(st.lists(ANY_LINE, max_size=12), HOME)
def test_after_a_cancellation_nothing_is_wanted(lines: list[OrderLine], home: int) -> None:
    found = merged([*lines, line(home, [], Action.CANCEL)])
    assert [order.items for order in found if order.home == HOMES[home]] == [()]


@PLENTY
@given(st.lists(ANY_LINE, max_size=12), HOME, WISHES)
def test_setting_a_quantity_twice_is_setting_it_once(
    lines: list[OrderLine], home: int, goods: list[tuple[str, int]]
) -> None:
    change = line(home, goods, Action.AMEND)
    assert wanted(merged([*lines, change, change])) == wanted(merged([*lines, change]))
