"""Goods and quantities are read as typed; what was understood is marked, what is unclear is doubted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from compound_of_the_tests import OFFER, codes, only_line, said

from lastmetre.reading.items import read_items
from lastmetre.reading.numerals import digits, read_number
from lastmetre.reading.texts import read_text


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        ("1.5", "1.5"),
        ("半", "0.5"),
        ("两", "2"),
        ("俩", "2"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("两百三十", "230"),
        ("五零一", "501"),
        ("贰", "2"),
        ("③", "3"),
    ],
)
def test_a_number_is_read_in_digits_and_in_chinese(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "个", "1..5", "两斤", "abc"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [("五零一", "501"), ("十二", "12"), ("6o2", "602"), ("6O2", "602"), ("03", "3"), ("A", "A")],
)
def test_an_address_part_is_read_as_its_digits(typed: str, number: str) -> None:
    assert digits(typed) == number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        # one good, an amount before it or behind it
        ("鸡蛋2板", "鸡蛋 2板"),
        ("鸡蛋 2 板", "鸡蛋 2板"),
        ("2板鸡蛋", "鸡蛋 2板"),
        ("两板鸡蛋", "鸡蛋 2板"),
        ("鸡蛋两板", "鸡蛋 2板"),
        ("鸡蛋十二个", "鸡蛋 12个"),
        ("鸡蛋贰板", "鸡蛋 2板"),
        ("鸡蛋*2", "鸡蛋 2份"),
        ("鸡蛋x2板", "鸡蛋 2板"),
        ("鸡蛋+1", "鸡蛋 1份"),
        ("西瓜来一个", "西瓜 1个"),
        ("我要鸡蛋2板", "鸡蛋 2板"),
        ("麻烦来2板鸡蛋，谢谢", "鸡蛋 2板"),
        # halves and weights: 两 is two before a unit, 50 g behind a number
        ("五花肉半斤", "五花肉 0.5斤"),
        ("五花肉斤半", "五花肉 1.5斤"),
        ("五花肉一斤半", "五花肉 1.5斤"),
        ("五花肉2斤半", "五花肉 2.5斤"),
        ("五花肉两斤", "五花肉 2斤"),
        ("五花肉二两", "五花肉 2两"),
        ("五花肉1斤2两", "五花肉 1.2斤"),
        ("五花肉1.5斤", "五花肉 1.5斤"),
        ("五花肉500g", "五花肉 500g"),
        ("鸡半只", "鸡 0.5只"),
        ("西瓜一个半", "西瓜 1.5个"),
        # several goods, with and without anything between them
        ("鸡蛋2板青菜1份牛奶3箱", "鸡蛋 2板，青菜 1份，牛奶 3箱"),
        ("橙子4斤青菜2份 牛奶1箱", "橙子 4斤，青菜 2份，牛奶 1箱"),
        ("2板鸡蛋 1份青菜", "鸡蛋 2板，青菜 1份"),
        ("白菜1颗葱1把姜1块", "白菜 1颗，葱 1把，姜 1块"),
        ("鸡蛋、青菜、牛奶各1份", "鸡蛋 1份，青菜 1份，牛奶 1份"),
        ("鸡蛋 青菜 各两份", "鸡蛋 2份，青菜 2份"),
        ("鸡蛋和青菜各两份", "鸡蛋 2份，青菜 2份"),
        # a specification is part of the name, the amount stands behind it
        ("盐汽水600ml*24瓶4箱", "盐汽水600ml*24瓶 4箱"),
        ("可乐2L*6瓶 1箱", "可乐2L*6瓶 1箱"),
        ("雪碧24罐装 1箱", "雪碧24罐装 1箱"),
        ("矿泉水24瓶装1箱", "矿泉水24瓶装 1箱"),
        ("10斤大米2袋", "10斤大米 2袋"),
        ("大米5kg 2袋", "大米5kg 2袋"),
        ("大米（10斤装）2袋", "大米（10斤装） 2袋"),
        ("方便面（5连包）2袋", "方便面（5连包） 2袋"),
        ("鸡蛋30枚1板", "鸡蛋30枚 1板"),
        # names that look like amounts
        ("两面针牙膏2支", "两面针牙膏 2支"),
        ("六个核桃1箱", "六个核桃 1箱"),
        ("三只松鼠2包", "三只松鼠 2包"),
        ("加多宝2瓶", "加多宝 2瓶"),
        ("退烧贴2盒", "退烧贴 2盒"),
        ("臭豆腐2份", "臭豆腐 2份"),
        # emoji
        ("🥚2板 🥬1份", "鸡蛋 2板，青菜 1份"),
        ("鸡蛋🥚2板", "鸡蛋 2板"),
        # the round's only good
        ("2份", "套餐 2份"),
        ("+2", "套餐 2份"),
        ("来两份", "套餐 2份"),
        ("共2份", "套餐 2份"),
        # one is understood where nothing is written, and marked so
        ("鸡蛋", "鸡蛋 (1)"),
        ("鸡蛋 青菜", "鸡蛋 (1)，青菜 (1)"),
        ("A+B", "A (1)，B (1)"),
        ("", "套餐 (1)"),
    ],
)
def test_goods_and_quantities_are_read(typed: str, read: str) -> None:
    line = only_line(f"3-501 {typed}")
    assert said(line.items) == read
    assert codes(line) == set()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("A2 B1", "A2 B1"),
        ("A2B1", "A2 B1"),
        ("A*2 B*1", "A2 B1"),
        ("A×2，B×1", "A2 B1"),
        ("Ax2,Bx1", "A2 B1"),
        ("A x 2, B x 1", "A2 B1"),
        ("2A 1B", "A2 B1"),
        ("A两份B一份", "A2 B1"),
        ("A套餐2份 B套餐1份", "A2 B1"),
        ("套餐A 2份，套餐B 1份", "A2 B1"),
        ("a2 b1", "A2 B1"),
        ("AB各1", "A1 B1"),
        ("ABC", "A1 B1 C1"),
        ("H1", "H1"),
    ],
)
def test_codes_are_read_in_all_their_forms(typed: str, read: str) -> None:
    line = only_line(f"3-501 {typed}")
    assert " ".join(f"{item.code}{item.qty}" for item in line.items) == read


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("鸡蛋20-30个", "range"),
        ("鸡蛋三五个", "range"),
        ("五花肉两三斤", "range"),
        ("牛奶250ml*12盒", "spec_or_quantity"),
        ("火腿肠一包10根", "two_amounts"),
        ("葡萄 红提和青提 各两斤", "each_variants"),
        ("蔬菜包100份", "large_qty"),
        ("套餐3份 其中A1份B1份", "sum_differs"),
        ("鸡蛋2板 青菜3份 共4份", "sum_differs"),
        ("套餐3份，1份少饭，1份正常", "subset"),
    ],
)
def test_an_unclear_quantity_is_doubted(typed: str, code: str) -> None:
    assert code in codes(only_line(f"3-501 {typed}"))


@pytest.mark.parametrize("typed", ["鸡蛋20-30个", "鸡蛋三五个", "五花肉两三斤"])
def test_a_range_is_no_quantity(typed: str) -> None:
    (item,) = only_line(f"3-501 {typed}").items
    assert item.qty is None


def test_weights_may_be_large() -> None:
    assert codes(only_line("3-501 大米100斤")) == set()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("鸡蛋2板 青菜2份 共4份", "鸡蛋 2板，青菜 2份"),
        ("套餐3份 其中A2份B1份", "A 2份，B 1份"),
        ("套餐2份，1份少饭，1份正常", "套餐 2份"),
    ],
)
def test_parts_that_add_up_are_not_counted_twice(typed: str, read: str) -> None:
    line = only_line(f"3-501 {typed}")
    assert (said(line.items), codes(line)) == (read, set())


@pytest.mark.parametrize(
    ("typed", "read", "note"),
    [
        ("鸡蛋2板 放门口", "鸡蛋 2板", "放门口"),
        ("套餐1份（少饭）", "套餐 1份", "少饭"),
        ("鸡蛋2板，要新鲜的", "鸡蛋 2板", "新鲜的"),
        ("青菜2份 没有换土豆", "青菜 2份", "没有换土豆"),
        ("有货的话鸡蛋2板", "鸡蛋 2板", "有货的话"),
        ("糖尿病 不要甜的 牛奶2箱", "牛奶 2箱", "糖尿病"),
        ("套餐3份，其中1份少饭", "套餐 3份", "其中1份少饭"),
        ("香蕉3斤（1斤熟点）", "香蕉 3斤", "1斤熟点"),
        ("米饭换红薯", "套餐 (1)", "米饭换红薯"),
    ],
)
def test_wishes_and_conditions_are_notes_and_no_goods(typed: str, read: str, note: str) -> None:
    line = only_line(f"3-501 {typed}")
    assert said(line.items) == read
    assert note in line.note


def test_a_note_stays_with_the_good_that_it_speaks_of() -> None:
    line = only_line("3-501 鸡蛋2板（小心轻放），青菜1份")
    assert [item.note for item in line.items] == ["小心轻放", ""]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("鸡蛋100板", "鸡蛋 100板"),
        ("鸡蛋2板 尾号1234", "鸡蛋 2板"),
        ("鸡蛋：2板；青菜：1份", "鸡蛋 2板，青菜 1份"),
        ("鸡蛋2板 家里3口人", "鸡蛋 2板"),
        ("鸡蛋2板 2大1小", "鸡蛋 2板"),
        ("鸡蛋30元1板", "鸡蛋 1板"),
        ("来个西瓜", "西瓜 1个"),
        ("代餐粉1盒", "代餐粉 1盒"),
        ("帮宝适纸尿裤1包", "帮宝适纸尿裤 1包"),
        ("加碘盐2袋", "加碘盐 2袋"),
        ("鸡蛋=2板", "鸡蛋 2板"),
    ],
)
def test_goods_with_traps_are_read(typed: str, read: str) -> None:
    (line,) = read_text(f"3-501 {typed}").lines
    assert (said(line.items), line.proxy) == (read, False)


def test_what_is_taken_instead_is_the_items_substitute() -> None:
    assert only_line("3-501 青菜2份 没有换土豆").items[0].substitute == "土豆"


def test_a_good_on_offer_is_found_within_run_on_words() -> None:
    items, doubts = read_items("大份菜包2份纯牛奶1箱", OFFER.goods)
    assert [(item.good, item.qty) for item in items] == [("A", 2), ("D", 1)]
    assert doubts == ()


def test_a_cell_keeps_words_that_may_be_goods_and_doubts_them() -> None:
    items, doubts = read_items("咕噜噜")
    assert said(items) == "咕噜噜 (1)"
    assert [doubt.code for doubt in doubts] == ["unknown_word"]
