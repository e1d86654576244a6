"""A leader's total is compared with the orders of its building, and orders nothing itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from compound_of_the_tests import orders, resolved, wanted

from lastmetre.reading.control_totals import check_totals


def compared(text: str) -> list[tuple[str, Decimal, Decimal]]:
    """Good, stated and summed of every total in a text."""
    return [(total.good, total.stated, total.summed) for total in check_totals(resolved(text))]


THREE_HOMES = "3-501 A1\n3-502 A2 B1\n5-602 A4"


@pytest.mark.parametrize(
    ("total", "read"),
    [
        ("3号楼合计：A 3 B 1", [("A", 3, 3), ("B", 1, 1)]),
        ("3号楼合计：A 5 B 1", [("A", 5, 3), ("B", 1, 1)]),
        ("3#合计：A3，B1", [("A", 3, 3), ("B", 1, 1)]),
        ("3栋 总计 A3份", [("A", 3, 3)]),
        ("3号楼共2户，蔬菜包3份", [("A", 3, 3)]),
        ("5号楼小计：菜包4", [("A", 4, 4)]),
        ("合计：蔬菜包7份", [("A", 7, 7)]),
        ("3号楼合计：鸡蛋2板", [("B", 2, 1)]),
        ("3号楼合计：五花肉1斤", [("C", 1, 0)]),
        ("3号楼合计：4份", [("套餐", 4, 4)]),
    ],
)
def test_a_total_is_compared_with_the_orders_of_its_place(
    total: str, read: list[tuple[str, int, int]]
) -> None:
    assert compared(f"{THREE_HOMES}\n{total}") == read


def test_a_total_may_be_of_a_unit() -> None:
    found = compared("7-2-903 A1\n7-1-903 A4\n7号楼2单元合计：A 1\n7号楼合计：A 5")
    assert found == [("A", 1, 1), ("A", 5, 5)]


def test_a_total_may_stand_before_its_orders() -> None:
    assert compared(f"3号楼合计：A 3\n{THREE_HOMES}") == [("A", 3, 3)]


@pytest.mark.parametrize(
    ("change", "summed"),
    [
        ("3-502 取消", 1),
        ("3-502 A不要了", 1),
        ("3-502 A改成5份", 6),
        ("3-501 再加一份A", 4),
        ("5-602 取消", 3),
    ],
)
def test_changes_and_cancellations_count(change: str, summed: int) -> None:
    assert compared(f"{THREE_HOMES}\n{change}\n3号楼合计：A 3") == [("A", 3, summed)]


def test_an_older_copy_of_the_chain_does_not_count() -> None:
    text = "1. 3-501 A1\n2. 3-502 A1\n1. 3-501 A1\n2. 3-502 A1\n3号楼合计：A 2"
    assert compared(text) == [("A", 2, 2)]


def test_weights_are_compared_as_weights() -> None:
    assert compared("3-501 五花肉1斤\n3-502 五花肉1公斤\n3号楼合计：五花肉1.5公斤") == [("C", 3, 3)]


def test_a_total_orders_nothing() -> None:
    assert wanted(orders("3-501 A1\n3号楼合计：A 100")) == {"3-501": {"A": 1}}


def test_a_total_is_said_in_words() -> None:
    wrong, right = check_totals(resolved(f"{THREE_HOMES}\n3号楼合计：A 5 B 1"))
    assert (wrong.agrees, right.agrees) == (False, True)
    assert "5" in str(wrong.sentence)
    assert "3" in str(wrong.sentence)


def test_without_totals_there_is_nothing_to_compare() -> None:
    assert compared(THREE_HOMES) == []


def test_a_total_that_cannot_be_compared_is_doubted() -> None:
    lines = resolved(f"{THREE_HOMES}\n3号楼合计：鸡蛋1-2板")
    assert check_totals(lines) or lines[-1].doubts
