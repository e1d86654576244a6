"""What is on offer and in stock: prices to the fen, every name for one good only, mistakes named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from files_of_the_tests import table
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.reading.offers import read_offer, read_stock
from lastmetre.terms import Good, InputError, Offer

OFFER = """
title: 第三批
supplier: 桂花生鲜
goods:
  - code: A
    name: 蔬菜包
    aliases: [菜包, 绿叶菜]
    specification: 5种约3公斤
    unit: 份
    step: 1
    price_yuan: 39.9
    weight_g: 3000
    volume_ml: 9000
    case_size: 4
    limit: 2
    substitutes: [B]
    contents: 白菜 萝卜
  - {code: B, name: 五花肉, unit: 斤, step: 0.5, price_fen: 1880}
  - {name: 抽纸}
"""
VEGETABLES = Good(
    *(
        "A",
        "蔬菜包",
        ("菜包", "绿叶菜"),
        "5种约3公斤",
        "份",
        Decimal(1),
        3990,
        3000,
        9000,
        4,
        2,
        ("B",),
        "白菜 萝卜",
    )
)
PORK = Good("B", "五花肉", unit="斤", step=Decimal("0.5"), price_fen=1880)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_an_offer_file_is_read_whole(tmp_path: Path) -> None:
    offer = read_offer(written(tmp_path / "offer.yaml", OFFER))
    assert offer == Offer("第三批", "桂花生鲜", (VEGETABLES, PORK, Good("抽纸", "抽纸")))


def test_the_same_offer_as_a_workbook(tmp_path: Path) -> None:
    path = table(
        tmp_path / "offer.xlsx",
        ["第三批团购", *[None] * 11],
        [
            "代码",
            "商品",
            "别名",
            "规格",
            "单位",
            "最小单位",
            "单价(元)",
            "重量(公斤)",
            "体积(升)",
            "每箱",
            "限购",
            "替代",
            "内容",
        ],
        ["A", "蔬菜包", "菜包、绿叶菜", "5种约3公斤", "份", 1, 39.9, 3, "9升", 4, 2, "B", "白菜 萝卜"],
        ["B", "五花肉", None, None, "斤", 0.5, 18.8, None, None, "-", "不限", None, None],
    )
    assert read_offer(path).goods == (VEGETABLES, PORK)


def test_a_price_in_fen_says_so_in_its_header(tmp_path: Path) -> None:
    path = table(tmp_path / "offer.xlsx", ["商品", "单价(分)"], ["蔬菜包", 3990])
    assert read_offer(path).goods[0].price_fen == 3990


def test_goods_that_differ_only_by_specification_are_told_apart(tmp_path: Path) -> None:
    path = table(
        tmp_path / "offer.xlsx",
        ["商品", "规格", "团当前单价"],
        ["蓝莓", "六盒", "92.00"],
        ["蓝莓", "12盒", 180],
    )
    assert [(good.code, good.name, good.price_fen) for good in read_offer(path).goods] == [
        ("蓝莓(六盒)", "蓝莓(六盒)", 9200),
        ("蓝莓(12盒)", "蓝莓(12盒)", 18000),
    ]


@settings(deadline=None, max_examples=30)
@given(fen=st.integers(0, 10**7))
def test_prices_in_yuan_are_exact(fen: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "offer.yaml"
    written(path, f"goods: [{{name: 蛋, price_yuan: {fen // 100}.{fen % 100:02}}}]")
    assert read_offer(path).goods[0].price_fen == fen


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: x", "Nothing is on offer"),
        ("goods:\n  - {code: A}", "A good needs a name"),
        ("goods:\n  - {name: 蛋, prise_yuan: 3}", "Did you mean “price_yuan”"),
        ("goods:\n  - {name: 蛋, price_yuan: 3.999}", "no price in yuan"),
        ("goods:\n  - {name: 蛋, price_yuan: 面议}", "no price in yuan"),
        ("goods:\n  - {name: 蛋, price_yuan: 3, price_fen: 300}", "not both"),
        ("goods:\n  - {name: 蛋, step: 0}", "“step” must be a number above 0"),
        ("goods:\n  - {name: 蛋, case_size: 0}", "“case_size” must be a whole number from 1"),
        ("goods:\n  - {name: 蛋}\n  - {name: 鸡蛋, aliases: [蛋]}", "“蛋” names two goods"),
        ("goods:\n  - {name: 蛋, substitutes: [Z]}", "“Z”, which is not on offer"),
    ],
)
def test_a_mistake_in_an_offer_is_named(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        read_offer(written(tmp_path / "offer.yaml", text))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["甲", "乙"], ["蛋", 3]], "No column holds the goods"),
        ([["商品", "单价"], ["蛋", "面议"]], "“面议” in column “单价” cannot be read"),
        ([["商品", "重量"], ["蛋", 3]], "“3” in column “重量” cannot be read"),
        ([["商品", "单价"], ["蛋", 1], ["蛋", 2]], "“蛋” names two goods; the other stands in row 2"),
    ],
)
def test_a_mistake_in_an_offer_workbook_is_named(rows: list[list[object]], says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        read_offer(table(tmp_path / "offer.xlsx", *rows))


THREE = Offer(goods=(Good("A", "蔬菜包", aliases=("菜包",)), Good("B", "五花肉"), Good("C", "抽纸")))


def test_stock_as_yaml_and_as_a_workbook(tmp_path: Path) -> None:
    assert read_stock(written(tmp_path / "stock.yaml", "A: 120\n五花肉: 30.5"), THREE) == {
        "A": Decimal(120),
        "B": Decimal("30.5"),
    }
    path = table(tmp_path / "stock.xlsx", ["商品", "库存"], ["菜包", 120], ["抽纸", "40提"], ["五花肉", None])
    assert read_stock(path, THREE) == {"A": Decimal(120), "C": Decimal(40)}
    csv = written(tmp_path / "stock.csv", "代码,库存\nB,7\n")
    assert read_stock(csv, THREE) == {"B": Decimal(7)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("D: 3", "“D” is not on offer"),
        ("五花内: 3", "Did you mean “B”"),
        ("A: many", "must be a number, not “many”"),
        ("A: -3", "must be a number, not “-3”"),
        ("A: 3\n菜包: 4", "stated twice"),
    ],
)
def test_a_mistake_in_the_stock_is_named(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        read_stock(written(tmp_path / "stock.yaml", text), THREE)


def test_a_workbook_without_stock_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No column holds the stock"):
        read_stock(table(tmp_path / "stock.xlsx", ["商品", "价格"], ["蔬菜包", 3]), THREE)
