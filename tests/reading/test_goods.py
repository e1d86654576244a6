"""A good as typed is one good of the offer in its sale unit, or a doubt that says why not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from compound_of_the_tests import GOODS, OFFER, codes, only_line, resolved

from lastmetre.reading.goods import GoodBook, goods_as_typed
from lastmetre.reading.texts import read_text
from lastmetre.terms import Good, Item, Offer, OrderLine, Source


def item(name: str, qty: str = "1", unit: str = "", **parts: object) -> Item:
    return Item(name, Decimal(qty), unit, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (item("蔬菜包"), "A"),
        (item("菜包"), "A"),
        (item("A", code="A"), "A"),
        (item("套餐A", code="A"), "A"),
        (item("书菜包"), "A"),  # sounds the same
        (item("蔬菜包（今天的）"), "A"),
        (item("鸡蛋", unit="板"), "B"),
        (item("新鲜鸡蛋", unit="板"), "B"),
        (item("五花", unit="斤"), "C"),  # part of one name only
        (item("牛奶", unit="箱"), "D"),
        (item("纯牛奶250ml*12盒", unit="箱"), "D"),
        (item("ａ", code="A"), "A"),
    ],
)
def test_a_good_is_known_by_code_name_alias_part_or_slip(typed: Item, code: str) -> None:
    found, doubts = GOODS.find(typed)
    assert (found.good, doubts) == (code, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (item("生菜"), "unknown_good"),
        (item("包"), "unknown_good"),
        (item("Z", code="Z"), "unknown_good"),
        (item("套餐", unit="份"), "which_good"),
        (item("鸡蛋", code="A"), "unknown_good"),  # the code says one good, the name another
        (item("牛菜包"), "unknown_good"),  # a slip for 蔬菜包, or another good
        (item("酸牛奶"), "unknown_good"),
        (item("鸡蛋糕", unit="份"), "unknown_good"),
    ],
)
def test_what_is_not_on_offer_is_doubted_and_stays_as_typed(typed: Item, code: str) -> None:
    found, doubts = GOODS.find(typed)
    assert found == typed
    assert [doubt.code for doubt in doubts] == [code]


def test_the_suggestions_are_goods_of_the_offer() -> None:
    _, (doubt,) = GOODS.find(item("水果包"))
    assert "蔬菜包" in doubt.suggestions
    assert set(doubt.suggestions) <= {good.name for good in OFFER.goods}


def test_a_slip_of_one_character_is_a_doubt_that_suggests_the_good() -> None:
    typed = item("蔬莱包")
    found, (doubt,) = GOODS.find(typed)
    assert (found, doubt.code, doubt.suggestions[0]) == (typed, "unknown_good", "蔬菜包")


def test_where_one_good_is_on_offer_it_needs_no_name() -> None:
    single = GoodBook.of(Offer(goods=OFFER.goods[:1]))
    found, doubts = single.find(item("套餐", "2", "份"))
    assert (found.good, found.qty, doubts) == ("A", 2, ())


def test_a_name_that_fits_two_goods_is_doubted() -> None:
    book = GoodBook.of(Offer(goods=(Good("1", "红富士苹果"), Good("2", "青苹果王"))))
    assert [doubt.code for doubt in book.find(item("苹果"))[1]] == ["unknown_good"]


# Sale units


@pytest.mark.parametrize(
    ("typed", "qty", "unit"),
    [
        (item("五花肉", "2", "斤"), "2", "斤"),
        (item("五花肉", "1", "公斤"), "2", "斤"),
        (item("五花肉", "1", "kg"), "2", "斤"),
        (item("五花肉", "500", "g"), "1", "斤"),
        (item("五花肉", "5", "两"), "0.5", "斤"),
        (item("鸡蛋", "2", "板"), "2", "板"),
        (item("鸡蛋", "2", "版"), "2", "板"),
        (item("鸡蛋", "2", "份"), "2", "板"),
        (item("大米", "2", "包"), "2", "袋"),
        (item("蔬菜包", "2", "袋"), "2", "份"),
        (item("五花肉", "1", "", qty_stated=False), "1", "斤"),
        (item("鸡蛋", "2"), "2", "板"),
    ],
)
def test_quantities_come_in_the_sale_unit(typed: Item, qty: str, unit: str) -> None:
    found, doubts = GOODS.find(typed)
    assert (found.qty, found.unit, doubts) == (Decimal(qty), unit, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (item("五花肉", "2", "份"), "other_unit"),
        (item("鸡蛋", "1", "箱"), "other_unit"),
        (item("牛奶", "2", "盒"), "other_unit"),
        (item("大米", "10", "斤"), "other_unit"),
        (item("五花肉", "300", "克"), "step"),
        (item("蔬菜包", "1.5", "份"), "step"),
        (item("鸡蛋", "30", "个"), "other_unit"),  # eggs, not trays
    ],
)
def test_a_quantity_that_the_sale_unit_cannot_say_is_doubted(typed: Item, code: str) -> None:
    found, doubts = GOODS.find(typed)
    assert [doubt.code for doubt in doubts] == [code]
    assert found.qty == typed.qty


@pytest.mark.parametrize("text", ["3-501 五花肉1ｋｇ", "3-501 五花肉１ＫＧ", "3-501 五花肉５００ｇ"])
def test_a_weight_in_full_width_letters_is_a_weight(text: str) -> None:
    (line,) = resolved(text)
    assert codes(line) == set()


def test_an_absurd_quantity_is_a_doubt_and_no_crash() -> None:
    _, doubts = GOODS.find(item("五花肉", "9" * 40, "斤"))
    assert doubts


# Whole lines


@pytest.mark.parametrize(
    "text",
    [
        "A2 B1", "A2B1", "a2，b1", "菜包2份 鸡蛋1板", "蔬菜包*2，鸡蛋*1", "鸡蛋1板菜包2份", "2份蔬菜包 1板鸡蛋",
        "套餐A两份 套餐B一份", "蔬菜包（A）2份 鸡蛋（B）1板", "A：2 B：1",
    ],
)  # fmt: skip
def test_codes_and_names_are_the_same_order(text: str) -> None:
    (line,) = resolved(f"3-501 {text}")
    assert {one.good: one.qty for one in line.items} == {"A": 2, "B": 1}
    assert codes(line) == set()


@pytest.mark.parametrize(
    "text", ["A蔬菜包2份", "A 蔬菜包 2份", "A.蔬菜包2份", "A、蔬菜包 2份", "蔬菜包A 2份"]
)
def test_a_code_with_its_name_is_one_good(text: str) -> None:
    (line,) = resolved(f"3-501 {text}")
    assert [(one.good, one.qty) for one in line.items] == [("A", 2)]


def test_a_code_with_the_name_of_another_good_is_doubted() -> None:
    (line,) = resolved("3-501 A鸡蛋2板")
    assert codes(line)


def test_a_good_on_offer_needs_no_quantity() -> None:
    (line,) = resolved("3-501 菜包 鸡蛋")
    assert [(one.good, one.qty, one.qty_stated) for one in line.items] == [("A", 1, False), ("B", 1, False)]
    assert codes(line) == set()


def test_a_wish_for_a_good_on_offer_is_no_order_of_it() -> None:
    (line,) = resolved("3-501 蔬菜包1份，没有换鸡蛋")
    assert {one.good: one.qty for one in line.items if one.qty_stated} == {"A": 1}
    assert len(line.items) == 1 or line.doubts


# Without an offer


def test_without_an_offer_every_good_stays_as_typed() -> None:
    offer = goods_as_typed(read_text("3-501 鸡蛋2板 A1\n3-502 青菜1份").lines)
    assert [(good.code, good.unit) for good in offer.goods] == [("鸡蛋", "板"), ("A", "份"), ("青菜", "份")]


def test_without_an_offer_a_price_is_known_where_all_rows_agree() -> None:
    def row(name: str, qty: int, amount_fen: int) -> OrderLine:
        return OrderLine("", Source(), items=(Item(name, Decimal(qty), "份", amount_fen=amount_fen),))

    offer = goods_as_typed(
        [row("鸡蛋", 2, 6000), row("鸡蛋", 1, 3000), row("青菜", 1, 500), row("青菜", 1, 600)]
    )
    assert [(good.name, good.price_fen) for good in offer.goods] == [("鸡蛋", 3000), ("青菜", None)]


def test_a_line_keeps_its_words() -> None:
    assert only_line("3-501 菜包2份").items[0].name == resolved("3-501 菜包2份")[0].items[0].name == "菜包"
