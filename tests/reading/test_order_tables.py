"""Tables that people make themselves: any columns, titles above, blanks, a column for each good."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from files_of_the_tests import table, xlsx

from lastmetre.reading.boxes import spell
from lastmetre.reading.table_files import TableReading, read_table_file
from lastmetre.terms import Action, Compound, Good, InputError, Offer, OrderLine


def bought(line: OrderLine) -> list[tuple[str, int | float, str]]:
    return [(item.name, float(item.qty or 0), item.unit) for item in line.items]


def homes(reading: TableReading) -> list[str]:
    return [spell(line.place) for line in reading.lines]


def codes(line: OrderLine) -> list[str]:
    return [doubt.code for doubt in line.doubts]


def test_room_phone_and_list(tmp_path: Path) -> None:
    reading = read_table_file(
        table(
            tmp_path / "orders.xlsx",
            ["桂花苑第三批登记", None, None],
            [],
            ["房号", "电话", "订购清单"],
            ["3-501", 13800001234, "鸡蛋2板，青菜1份"],
            ["3-502", "138 0000 1235", "取消"],
            ["3-503", None, "无"],
            [None, None, "鸡蛋1板"],
            merged=["A1:C1"],
        )
    )
    order, cancelled, homeless = reading.lines
    assert bought(order) == [("鸡蛋", 2, "板"), ("青菜", 1, "份")]
    assert (order.phone, order.source.row, spell(order.place)) == ("13800001234", 4, "3-501")
    assert (cancelled.action, cancelled.items) == (Action.CANCEL, ())
    assert codes(homeless) == ["home_missing"]
    assert reading.mapping == {"房号": "room", "电话": "phone", "订购清单": "order"}


def test_compound_building_household_number(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx",
        ["小区", "门栋", "户号", "电话", "订单"],
        ["桂花苑", "3", 501.0, "13800001234", "鸡蛋1板"],
        ["桂花", "3栋2单元", "602室", "13800001235", "牛奶2箱"],
        ["梅花苑", "3", "502", "13800001236", "鸡蛋1板"],
    )
    reading = read_table_file(path, compound=Compound("桂花苑"))
    assert homes(reading) == ["3-501", "3-2-602", "3-502"]
    assert [codes(line) for line in reading.lines] == [[], [], ["other_compound"]]


def test_a_column_for_each_good_with_a_total_row(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx",
        ["楼号", "房号", "姓名", "鸡蛋(30枚)", "牛奶 45元/箱", "备注", "合计"],
        ["1号楼", "101", "王", 1, None, "要生的", 1],
        [None, "102", "李", None, "2箱", None, 2],
        [None, "103", "赵", "√", "/", None, 1],
        ["2号楼", "101", "钱", None, None, None, None],
        [None, "102", "孙", "两份要新鲜", None, None, None],
        ["合计", None, None, 3, 2, None, None],
    )
    reading = read_table_file(path)
    assert homes(reading) == ["1-101", "1-102", "1-103", "2-102"]
    assert bought(reading.lines[0]) == [("鸡蛋", 1, "")]
    assert reading.lines[0].items[0].specification == "30枚"
    assert bought(reading.lines[1]) == [("牛奶", 2, "箱")]
    assert not reading.lines[2].items[0].qty_stated
    assert codes(reading.lines[3]) == ["quantity_missing"]
    assert [(total.good, total.stated, total.summed) for total in reading.totals] == [
        ("鸡蛋", Decimal(3), Decimal(2)),
        ("牛奶", Decimal(2), Decimal(2)),
    ]


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx",
        ["房号", "电话", "订购数量", None],
        [None, None, "鸡蛋", "牛奶"],
        ["3-501", "13800001234", 2, 1],
        merged=["A1:A2", "B1:B2", "C1:D1"],
    )
    (line,) = read_table_file(path).lines
    assert bought(line) == [("鸡蛋", 2, ""), ("牛奶", 1, "")]


def test_one_good_a_row_with_the_home_only_on_the_first(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx",
        ["楼号", "房号", "姓名", "商品", "规格", "数量", "单位", "金额"],
        ["3", "501", "王", "鸡蛋", "30枚", 2, "板", 50],
        [None, None, None, "牛奶", None, 1, "箱", 45.5],
        ["3", "502", "李", "鸡蛋", "30枚", None, "板", None],
    )
    first, second, third = read_table_file(path).lines
    assert bought(first) == [("鸡蛋", 2, "板")]
    assert (spell(second.place), second.details["home_from_row"]) == ("3-501", 2)
    assert second.items[0].amount_fen == 4550
    assert codes(third) == ["quantity_missing"]


def test_merged_cells_lend_the_home_but_never_a_quantity_or_an_order(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx",
        ["房号", "订单", "备注"],
        ["3-501", "鸡蛋2板", None],
        [None, None, "放门口"],
        ["3-502", "牛奶1箱", None],
        merged=["A2:A3", "B2:B3"],
    )
    assert [bought(line) for line in read_table_file(path).lines] == [
        [("鸡蛋", 2, "板")],
        [("牛奶", 1, "箱")],
    ]


def test_buildings_named_once_above_their_rows_or_by_the_sheet(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "orders.xlsx",
        {
            "5号楼": [["房号", "商品", "数量"], ["501", "鸡蛋", 2]],
            "其余": [
                ["房号", "商品", "数量"],
                ["3号楼"],
                ["502", "鸡蛋", 1],
                ["4号楼2单元"],
                ["503", "鸡蛋", 1],
            ],
            "说明": [["请在周五前填写"]],
        },
    )
    reading = read_table_file(path)
    assert homes(reading) == ["5-501", "3-502", "4-2-503"]
    assert [str(notice) for notice in reading.notices] == ["Sheet “说明” has no orders and was not read."]


def test_a_forgotten_building_among_filled_ones_is_not_carried_down(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx",
        ["楼号", "房号", "订单"],
        ["3", "501", "鸡蛋1板"],
        ["3", "502", "鸡蛋1板"],
        [None, "503", "鸡蛋1板"],
        ["4", "501", "鸡蛋1板"],
    )
    assert homes(read_table_file(path)) == ["3-501", "3-502", "503", "4-501"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["1、您的楼栋号是？", "2、您的房间号（必填）", "3.请填写联系电话", "4、需要什么？"], "3-501"),
        (["*楼 号", "门牌号", "手机号码", "物资需求"], "3-501"),
        (["Building", "Room", "Phone", "Order"], "3-501"),
    ],
)
def test_headers_as_forms_ask_them(headers: list[str], expected: str, tmp_path: Path) -> None:
    path = table(tmp_path / "orders.xlsx", headers, ["3", "501", "13800001234", "鸡蛋2板"])
    (line,) = read_table_file(path).lines
    assert (spell(line.place), line.phone, bought(line)) == (expected, "13800001234", [("鸡蛋", 2, "板")])


def test_an_unquoted_comma_within_an_order_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("房号,电话,订单\n3-501,13800001234,鸡蛋2板,青菜1份\n", encoding="utf-8")
    assert bought(read_table_file(path).lines[0]) == [("鸡蛋", 2, "板"), ("青菜", 1, "份")]


def test_what_stands_outside_the_columns_is_asked_about(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx", ["房号", "订单", "电话"], ["3-501", "鸡蛋2板", "13800001234", "还要牛奶"]
    )
    assert codes(read_table_file(path).lines[0]) == ["stray_cell"]


def test_changes_questions_and_void_rows(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx",
        ["房号", "订单", "备注", "状态", "付款"],
        ["3-501", "鸡蛋2板", "鸡蛋不要了", None, "已付"],
        ["3-502", "有鸡蛋吗？", None, None, None],
        ["3-503", "鸡蛋2板", None, "已取消", None],
        ["3-504", "再加2板鸡蛋", None, None, "未付"],
    )
    changed, question, void, added = read_table_file(path).lines
    assert (codes(changed), changed.paid_claimed) == (["note_changes"], True)
    assert question.action is Action.QUESTION
    assert (void.action, void.doubts) == (Action.NONE, ())
    assert ("order_changes" in codes(added), added.paid_claimed) == (True, False)


def test_goods_on_offer_are_known_by_name_and_code_in_headers(tmp_path: Path) -> None:
    offer = Offer(goods=(Good("A", "蔬菜包"), Good("B", "牛奶")))
    path = table(tmp_path / "orders.xlsx", ["房号", "订单", "A", "牛奶"], ["3-501", "鸡蛋1板", 2, "x1"])
    (line,) = read_table_file(path, offer=offer).lines
    assert bought(line) == [("鸡蛋", 1, "板"), ("A", 2, ""), ("牛奶", 1, "")]


def test_unknown_headers_are_named_with_how_to_say_what_they_mean(tmp_path: Path) -> None:
    path = table(tmp_path / "orders.xlsx", ["甲", "乙", "丙"], ["3-501", "13800001234", "鸡蛋2板"])
    with pytest.raises(InputError, match=r"甲、乙、丙.*房号=room"):
        read_table_file(path)
    reading = read_table_file(path, mapping={"甲": "room", "乙": "phone", "丙": "order"})
    assert (homes(reading), bought(reading.lines[0])) == (["3-501"], [("鸡蛋", 2, "板")])


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"房号": "rom"}, "“rom” is no meaning of a column"),
        ({"房好": "room"}, "Did you mean “房号”"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, str], says: str, tmp_path: Path) -> None:
    path = table(tmp_path / "orders.xlsx", ["房号", "订单"], ["3-501", "鸡蛋2板"])
    with pytest.raises(InputError, match=says):
        read_table_file(path, mapping=mapping)


@pytest.mark.parametrize(
    ("headers", "missing"),
    [
        (["房号", "电话", "姓名"], "No column holds the order"),
        (["姓名", "电话", "订单"], "No column holds the home"),
    ],
)
def test_a_table_without_homes_or_orders_is_refused(headers: list[str], missing: str, tmp_path: Path) -> None:
    path = table(tmp_path / "orders.xlsx", headers, ["a", "b", "c"])
    with pytest.raises(InputError, match=missing):
        read_table_file(path)


def test_a_given_meaning_overrules_the_proposed_one(tmp_path: Path) -> None:
    path = table(tmp_path / "orders.xlsx", ["房号", "地址", "订单"], ["3-501", "旧地址9-909", "鸡蛋2板"])
    assert homes(read_table_file(path, mapping={"地址": "ignore"})) == ["3-501"]


def test_hidden_rows_and_sheets_are_said(tmp_path: Path) -> None:
    rows = [["房号", "订单"], ["3-501", "鸡蛋2板"], ["3-502", "鸡蛋2板"]]
    reading = read_table_file(xlsx(tmp_path / "orders.xlsx", {"订单": rows}, hidden_rows=[3]))
    assert homes(reading) == ["3-501"]
    assert "1 hidden rows" in str(reading.notices[0])
