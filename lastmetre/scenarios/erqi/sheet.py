"""Writes the workbooks: the roster, and the group buy exactly as 快团团 exports it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from lastmetre.terms import Good, Household

from .export import FIRST_ROW, GroupOrder

CREATED = datetime.datetime(2022, 5, 11, 16, 40)  # noqa: DTZ001 workbooks know no zones
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
ROSTER_HEADER = ("楼栋", "单元", "房号", "楼层", "姓名", "电话", "人数")
BUYERS_HEADER = (
    "下单人", "团员备注", "备注", "跟团号", "商品", "规格", "数量", "商品金额", "运费", "优惠",
    "订单金额", "退款金额", "物流方式", "服务小区", "服务小区联系人", "服务小区电话", "服务小区地址",
    "收货人", "联系电话", "详细地址", "团长", "房号（如606）", "楼号（如10）", "弄号（如168）",
)  # fmt: skip
GOODS_HEADER = (
    "团购标题", "所属团长", "商品", "商品ID", "商品编码", "规格", "分类", "总库存",
    "当前库存（总库存-销售数量）", "销售数量", "团当前单价", "商品总金额", "商品成本价", "商品利润粗估",
)  # fmt: skip
PLACE_HEADER = (
    "团购标题", "服务小区", "服务小区联系人", "服务小区电话", "服务小区地址", "服务小区所属团长",
    "订单总数", "商品总金额", "优惠总金额", "订单总金额", "订单退款总金额", "商品总数",
)  # fmt: skip
MERGED_COLUMNS = (1, 2, *range(8, 17), *range(19, 24))
"""Columns that the export merges over the rows of one order: notes, money, place, address, boxes."""
TITLE = "丽城第三批保供🥬\n5月11日截单"
LEADER, PLACE, STREET = "丽城小管家", "开元丽城", "河南省郑州市二七区长江路66号院"
REMARKS = (
    "说明", "顾客购买表：将下单人和收货信息相同的订单合并，不包含已取消的订单和商品",
    "商品汇总表：商品汇总售卖件数，不包含已取消的订单和商品",
    "服务小区商品汇总表：按自提点汇总商品售卖件数，不包含已取消的订单和商品", None, "筛选条件：全部",
    "筛选范围：2022-05-08 16:35:00-2022-05-11 16:35:00",
    "下单时间：2022-05-10 20:03:17至2022-05-11 16:28:51",
)  # fmt: skip

Cell = str | int | float | None


def _book(path: Path) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(str(path), OPTIONS)
    book.set_properties({"created": CREATED})
    return book


def _rows(book: xlsxwriter.Workbook, name: str, rows: Sequence[Sequence[Cell]]) -> None:
    page = book.add_worksheet(name)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)


def write_roster(path: Path, households: Sequence[Household]) -> None:
    """Write who lives where; unknown phones and head counts stay empty."""
    rows: list[Sequence[Cell]] = [ROSTER_HEADER]
    for person in households:
        home = person.home
        numbers = (int(home.building), int(home.unit), int(home.room), person.floor)
        rows.append((*numbers, person.name, person.phone or None, person.head_count))
    with _book(path) as book:
        _rows(book, "住户", rows)


def _yuan(fen: int | Decimal) -> int | float:
    yuan = Decimal(fen) / 100
    return int(yuan) if yuan == yuan.to_integral_value() else float(yuan)


def _fen(good: Good, qty: Decimal) -> int:
    return int((good.price_fen or 0) * qty)


def _title(good: Good) -> str:
    return f"{good.name}({good.specification})"


def _order_rows(order: GroupOrder, offer: Mapping[str, Good]) -> list[list[Cell]]:
    total = _yuan(sum(_fen(offer[code], qty) for code, qty in order.wanted.items()))
    rows: list[list[Cell]] = []
    for index, (code, qty) in enumerate(order.wanted.items()):
        good = offer[code]
        stray = order.stray_number if index == len(order.wanted) - 1 else None
        bought: list[Cell] = [_title(good), good.specification, int(qty), _yuan(_fen(good, qty))]
        number = str(stray or order.number)
        blank = index > 0 and order.later_rows == "merged"
        paid = 0 if index and order.later_rows == "zero" else total
        money: list[Cell] = [None] * 5 if blank else [0, 0, paid, 0, "顾客自提"]
        place: list[Cell] = [None] * 4 if blank else [PLACE, None, None, STREET]
        boxes: list[Cell] = (
            [None] * 5
            if blank
            else [order.address, LEADER, order.room_box, order.building_box, order.lane_box]
        )
        note = None if blank else order.note or None
        who: list[Cell] = [order.receiver, int(order.phone) if order.phone_as_number else order.phone]
        rows.append([order.member, note, None, number, *bought, *money, *place, *who, *boxes])
    return rows


def _buyers(book: xlsxwriter.Workbook, orders: Sequence[GroupOrder], offer: Mapping[str, Good]) -> None:
    page = book.add_worksheet("顾客购买表")
    page.set_column(4, 4, 20)
    page.write_row(0, 0, BUYERS_HEADER)
    middle = book.add_format({"valign": "vcenter"})
    top = FIRST_ROW - 1
    for order in orders:
        rows = _order_rows(order, offer)
        for offset, row in enumerate(rows):
            page.write_row(top + offset, 0, row)
        if len(rows) > 1 and order.later_rows == "merged":
            for column in MERGED_COLUMNS:
                page.merge_range(top, column, top + len(rows) - 1, column, rows[0][column], middle)
        top += len(rows)


def write_export(path: Path, orders: Sequence[GroupOrder], offer: Mapping[str, Good]) -> None:
    """Write the four sheets of the export."""
    sold: dict[str, int] = dict.fromkeys(offer, 0)
    for order in orders:
        for code, qty in order.wanted.items():
            sold[code] += int(qty)
    sold = {code: count for code, count in sold.items() if count}
    money = {code: _fen(offer[code], Decimal(count)) for code, count in sold.items()}
    goods_rows: list[Sequence[Cell]] = [GOODS_HEADER]
    for index, (code, count) in enumerate(sold.items()):
        good, price = offer[code], offer[code].price_fen or 0
        identity: list[Cell] = [TITLE, LEADER, good.name, str(1180042000000 + 7919 * index), None]
        stock: list[Cell] = [good.specification, "更多好货", "不限", "不限", count]
        goods_rows.append([*identity, *stock, f"{price / 100:.2f}", _yuan(money[code]), "-", "-"])
    all_money, all_count = _yuan(sum(money.values())), sum(sold.values())
    place_head = (*PLACE_HEADER, *(_title(offer[code]) for code in sold))
    sums: list[Cell] = [len(orders), all_money, 0, all_money, 0, all_count, *sold.values()]
    with _book(path) as book:
        _buyers(book, orders, offer)
        _rows(book, "商品汇总表", goods_rows)
        _rows(book, "服务小区商品汇总表", [place_head, [TITLE, PLACE, None, None, STREET, LEADER, *sums]])
        _rows(book, "说明", [[remark] for remark in REMARKS])
