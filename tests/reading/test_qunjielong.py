"""The 群接龙 export: the good from the file's name, the last row a check."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from files_of_the_tests import table

from lastmetre.reading.boxes import spell
from lastmetre.reading.qunjielong import good_in_file_name
from lastmetre.reading.table_files import read_table_file
from lastmetre.terms import Action, Good, Offer

HEADERS = ("收货人", "联系电话", "订单总金额", "支付状态", "收货地址", "订购数量")


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("群接龙_蔬菜包_20220524.xlsx", "蔬菜包"),
        ("5月24日 蔬菜包（大份）接龙订单 (1).xlsx", "蔬菜包(大份)"),
        ("【群接龙】五花肉订单导出2022-05-24.xlsx", "五花肉"),
        ("订单.xlsx", ""),
    ],
)
def test_the_good_stands_in_the_files_name(name: str, good: str) -> None:
    assert good_in_file_name(name) == good


def test_a_good_on_offer_is_found_whatever_else_the_name_says() -> None:
    goods = [Good("A", "蔬菜包", aliases=("绿叶菜",)), Good("B", "肉")]
    assert good_in_file_name("丽城三期绿叶菜2.0最终版.xlsx", goods) == "绿叶菜"


def test_each_row_is_an_order_and_the_last_a_check(tmp_path: Path) -> None:
    path = table(
        tmp_path / "群接龙_蔬菜包.xlsx",
        HEADERS,
        ["王阿姨", 13800001234, 39.9, "已支付", "桂花苑3号楼501室", 1],
        ["李叔", "13800001235", 79.8, "未支付", "3-502", "2份"],
        ["赵姐", "13800001236", 39.9, "已退款", "3-503", 1],
        ["合计", None, 160, None, None, 4],
    )
    reading = read_table_file(path, offer=Offer(goods=(Good("A", "蔬菜包"),)))
    paid, unpaid, refunded = reading.lines
    assert [spell(line.place) for line in reading.lines] == ["3-501", "3-502", "3-503"]
    assert [(line.items[0].name, line.items[0].qty) for line in reading.lines] == [
        ("蔬菜包", 1),
        ("蔬菜包", 2),
        ("蔬菜包", 1),
    ]
    assert (paid.paid_claimed, unpaid.paid_claimed) == (True, False)
    assert (paid.action, refunded.action) == (Action.ORDER, Action.NONE)
    assert [(total.stated, total.summed) for total in reading.totals] == [
        (Decimal(4), Decimal(3)),
        (Decimal(160), Decimal("159.6")),
    ]


def test_a_total_row_need_not_call_itself_one(tmp_path: Path) -> None:
    path = table(
        tmp_path / "蔬菜包.xlsx",
        HEADERS,
        ["王阿姨", 13800001234, 39.9, "已支付", "3-501", 1],
        [None, None, 39.9, None, None, 1],
    )
    reading = read_table_file(path)
    assert len(reading.lines) == 1
    assert all(total.agrees for total in reading.totals)
