"""Messages that are no orders by their shape: boxes of a form, commands, calls, arrivals, offers, notices."""

from __future__ import annotations

import pytest
from compound_of_the_tests import codes, only_line, parts, said

from lastmetre.reading.notices import part_number
from lastmetre.reading.texts import read_text
from lastmetre.terms import Action

# Boxes of a form


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("房号: 602室", "--602"),
        ("房号：６０２", "--602"),
        ("房号: 6o2", "--602"),
        ("室号：六零二", "--602"),
        ("楼号: 56 号", "56--"),
        ("楼栋：56栋", "56--"),
        ("门栋：12", "12--"),
        ("户号：602", "--602"),
        ("单元: 2单元", "-2-"),
        ("弄号: 50o弄", "500弄--"),
        ("弄号: 某某路500弄", "500弄--"),
        ("房号: 3-602", "3--602"),
        ("楼号: 别墅", "别墅--"),
        ("团员备注: 89号601", "89--601"),
        ("详细地址: 某某路500弄7号903室", "500弄7--903"),
    ],
)
def test_a_box_of_a_form_gives_its_part_of_the_address(text: str, read: str) -> None:
    line = only_line(text)
    assert (line.action, parts(line.place)) == (Action.ADDRESS, read)
    assert line.items == ()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("收货人: 王女士", "who", "王女士"),
        ("联系电话: 138-0000-1234", "phone", "13800001234"),
        ("备注: 放门口", "note", "放门口"),
    ],
)
def test_a_box_may_hold_a_name_a_phone_or_a_note(text: str, field: str, value: str) -> None:
    line = only_line(text)
    assert (line.action, getattr(line, field)) == (Action.NONE, value)


@pytest.mark.parametrize(
    ("text", "code"),
    [("房号: 601/602", "two_homes"), ("房号: 601或602", "two_homes"), ("房号: 楼上那家", "unclear_part")],
)
def test_a_box_that_is_no_plain_number_is_doubted(text: str, code: str) -> None:
    line = only_line(text)
    assert code in codes(line)
    assert "602" not in parts(line.place)


@pytest.mark.parametrize("text", ["房号: 无", "房号: -", "房号:"])
def test_an_empty_box_says_nothing(text: str) -> None:
    line = only_line(text)
    assert (parts(line.place), line.items, codes(line)) == ("--", (), set())


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("602", "602"),
        ("602室", "602"),
        (" 56 号", "56"),
        ("６０２", "602"),
        ("6o2", "602"),
        ("l02", "102"),
        ("五零一", "501"),
        ("某某路500弄", "500"),
        ("12号楼", "12"),
        ("a座", "A座"),
        ("12b", "12B"),
        ("商务楼", "商务楼"),
    ],
)
def test_the_number_in_a_box_is_read(value: str, number: str) -> None:
    assert part_number(value).upper() == number


# Commands of group-buying bots


@pytest.mark.parametrize("text", ["结团", "結團", "开团", "接龙结束", "截单", "结团！"])
def test_opening_and_closing_a_round_orders_nothing(text: str) -> None:
    line = only_line(text)
    assert (line.action, line.items) == (Action.NOTICE, ())


def test_joining_a_group_orders_one_for_each_name() -> None:
    line = only_line("+N 小明 小华 家和")
    assert (line.action, said(line.items)) == (Action.ORDER, "N (3)")
    assert line.details["people"] == ["小明", "小华", "家和"]


@pytest.mark.parametrize("text", ["退出 N", "退团 n", "-N"])
def test_leaving_a_group_cancels(text: str) -> None:
    line = only_line(text)
    assert (line.action, line.details["leave"]) == (Action.CANCEL, ["N"])


# Calls, arrivals, notices


def test_a_call_names_the_floors_that_come_down() -> None:
    line = only_line("3楼陈姐你的菜到了，请5分钟后下来领取。5楼蒋先生请做好准备，下一位到你。")
    assert line.action is Action.NOTICE
    assert line.details["calls"] == [{"floor": 3, "who": "陈姐"}, {"floor": 5, "who": "蒋先生"}]


@pytest.mark.parametrize(
    ("text", "buildings"),
    [
        ("送达 98 78 65 别墅1", ["98", "78", "65", "别墅1"]),
        ("已送达：3、5、7号楼", ["3", "5", "7"]),
        ("送达 3-5号楼", ["3", "4", "5"]),
        ("到货 12栋", ["12"]),
    ],
)
def test_an_arrival_names_its_buildings(text: str, buildings: list[str]) -> None:
    line = only_line(text)
    assert (line.action, line.details["kind"], line.details["buildings"]) == (
        Action.NOTICE,
        "arrival",
        buildings,
    )


def test_a_notice_to_a_range_of_buildings_names_them_all() -> None:
    line = only_line("请3-6号楼居民下楼领取大米")
    assert (line.action, line.items) == (Action.NOTICE, ())
    assert list(map(str, line.details["buildings"])) == ["3", "4", "5", "6"]


@pytest.mark.parametrize(
    "text",
    [
        "各位邻居，明天上午9点开始送菜，请大家保持距离",
        "通知：今天下午停水",
        "温馨提示：请提前准备好健康码",
        "我们现在发起团购：蔬菜包+肉类，有需要的可以加我微信",
        "@所有人 核酸马上开始，请下楼",
        "鸡蛋30元一板，满20份成团",
    ],
)
def test_a_notice_orders_nothing(text: str) -> None:
    line = only_line(text)
    assert line.action in (Action.NOTICE, Action.OFFER)
    assert line.items == ()


@pytest.mark.parametrize(
    "text", ["3-501 已到货的鸡蛋2板", "3-501 请送到门口 鸡蛋2板", "3-501 鸡蛋2板，明天送"]
)
def test_an_order_that_sounds_like_a_notice_is_an_order(text: str) -> None:
    line = only_line(text)
    assert (line.action, parts(line.place)) == (Action.ORDER, "3--501")
    assert "鸡蛋 2板" in said(line.items)


# Offers

OPTIONS = "A：蔬菜包 39.9元\nB：鸡蛋 30元\nC. 牛奶 60元"
LEAFLET = "沙地红薯\n内容：红薯1000g±100g\n价格：10.9元\n份数：400份"


def test_an_offer_of_options_names_them() -> None:
    line = only_line(OPTIONS)
    assert (line.action, line.items) == (Action.OFFER, ())
    assert line.details["options"] == {"A": "蔬菜包", "B": "鸡蛋", "C": "牛奶"}


def test_an_offer_says_its_price_and_terms() -> None:
    line = only_line(LEAFLET)
    assert (line.action, line.items) == (Action.OFFER, ())
    assert line.details["price"] == 10.9
    assert line.details["fields"]["份数"] == "400份"


def test_an_offer_of_several_rows_is_one_post() -> None:
    reading = read_text("鸡蛋\n每板30元\n限购2板\n今晚8点截单")
    assert [line.action for line in reading.lines] == [Action.OFFER]


def test_orders_behind_an_offer_are_read() -> None:
    reading = read_text(f"#接龙\n{OPTIONS}\n\n1. 3-501 A2\n2. 3-502 B1")
    ordered = [line for line in reading.lines if line.action is Action.ORDER]
    assert [(parts(line.place), said(line.items)) for line in ordered] == [
        ("3--501", "A 2份"),
        ("3--502", "B 1份"),
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3-501 鸡蛋2板 30元", "鸡蛋 2板"),
        ("3-501 鸡蛋2板50元", "鸡蛋 2板"),
        ("3-501 鸡蛋2板共60元", "鸡蛋 2板"),
        ("3-501 鸡蛋2板¥60", "鸡蛋 2板"),
    ],
)
def test_a_price_behind_an_order_is_no_good(text: str, read: str) -> None:
    line = only_line(text)
    assert (line.action, said(line.items)) == (Action.ORDER, read)
