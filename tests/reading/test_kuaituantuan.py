"""The 快团团 export: one line an order, every row in exactly one, what is not proven goes to a person."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from files_of_the_tests import xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.reading.boxes import Boxes, spell
from lastmetre.reading.continuations import ExportRow, group
from lastmetre.reading.table_files import TableReading, read_table_file
from lastmetre.reading.tables import Row
from lastmetre.terms import Action, OrderLine

PUBLIC = Path(__file__).resolve().parents[3] / "shared" / "orders" / "kuaituantuan_fictitious.xlsx"
HEADERS = (
    *(
        "下单人",
        "团员备注",
        "备注",
        "跟团号",
        "商品",
        "规格",
        "数量",
        "商品金额",
        "运费",
        "优惠",
        "订单金额",
        "退款金额",
    ),
    *(
        "物流方式",
        "服务小区",
        "服务小区联系人",
        "服务小区电话",
        "服务小区地址",
        "收货人",
        "联系电话",
        "详细地址",
        "团长",
    ),
    *("房号（如606）", "楼号（如10）", "弄号（如168）"),
)
LANE = "上海市某区桂花路500弄"


def row(
    number: object,
    good: str,
    amount: float | None,
    *,
    total: float | None = None,
    home: tuple[str, str] | None = None,
    address: str | None = None,
    **more: object,
) -> list[object]:
    """Return an export's row; `home` is (building, room). Rows without a home leave its cells blank."""
    building, room = home or (None, None)
    specification = good.partition("(")[2].rstrip(")")
    values = {
        "下单人": "王阿姨",
        "跟团号": number,
        "商品": good,
        "规格": specification,
        "数量": 1,
        "商品金额": amount,
        "订单金额": total,
        "收货人": "王桂花",
        "联系电话": 13800001234,
        "服务小区": "桂花苑" if home else None,
        "服务小区地址": LANE if home else None,
        "详细地址": (address or f"{LANE}{building}号{room}室") if home or address else None,
        "房号（如606）": room,
        "楼号（如10）": building,
        "弄号（如168）": "500" if home else None,
    } | more
    return [values.get(header) for header in HEADERS]


def read(
    path: Path, *rows: Sequence[object], merged: Sequence[str] = (), sold: Sequence[Sequence[object]] = ()
) -> TableReading:
    sheets: dict[str, Sequence[Sequence[object]]] = {"顾客购买表": [HEADERS, *rows]}
    if sold:
        sheets["商品汇总表"] = [("商品", "规格", "团当前单价", "销售数量"), *sold]
    return read_table_file(xlsx(path / "export.xlsx", sheets, merged))


def codes(line: OrderLine) -> list[str]:
    return [doubt.code for doubt in line.doubts]


def test_an_order_is_one_line_with_its_items_and_their_rows(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(1, "西柚(十个一份)", 36, total=95.9, home=("56", "602"), 数量=1, 团员备注="熟一点"),
        row(1, "荔枝(每箱四斤)", 59.9, 联系电话=13900001234),
        row(2, "荔枝(每箱四斤)", 119.8, total=119.8, home=("3", "1502"), 数量=2),
    )
    first, second = reading.lines
    assert [(item.name, item.specification, item.qty, item.amount_fen) for item in first.items] == [
        ("西柚", "十个一份", Decimal(1), 3600),
        ("荔枝", "每箱四斤", Decimal(1), 5990),
    ]
    assert (first.seq, first.who, first.phone, spell(first.place)) == ("1", "王桂花", "13800001234", "56-602")
    assert (first.source.sheet, first.source.row, first.note) == ("顾客购买表", 2, "熟一点")
    assert first.details["item_rows"] == [2, 3]
    assert second.items[0].qty == 2
    assert not first.doubts + second.doubts
    assert reading.mapping["跟团号"] == "number"


def test_a_number_without_a_home_continues_the_order_whose_total_needs_it(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(65, "芒果(12个)", 95, total=201, home=("50", "301")),
        row(111, "蓝莓(一斤)", 70, 联系电话=13900001234),
        row(65, "西柚(十个)", 36),
        row(66, "西柚(十个)", 36, total=36, home=("50", "302")),
    )
    first, second = reading.lines
    assert [item.name for item in first.items] == ["芒果", "蓝莓", "西柚"]
    assert first.details["continued"] == [{"number": "111", "row": 3}]
    assert not first.doubts + second.doubts


@pytest.mark.parametrize(
    ("total", "strays"),
    [
        (95, [70]),  # the order above is complete without it
        (None, [70]),  # nothing states a total
        (165, [70, 70]),  # either of two would do
        (150, [70]),  # it does not make the total right
    ],
)
def test_what_no_total_proves_is_asked_about(
    total: float | None, strays: list[float], tmp_path: Path
) -> None:
    reading = read(
        tmp_path,
        row(1, "芒果(12个)", 95, total=total, home=("50", "301")),
        *(row(100 + at, "蓝莓(一斤)", amount) for at, amount in enumerate(strays)),
    )
    assert len(reading.lines) == 1 + len(strays)
    for line in reading.lines[1:]:
        assert codes(line) == ["home_missing"]
        assert line.doubts[0].suggestions == ("50-301",)


def test_merged_address_cells_prove_a_continuation_where_no_total_is_stated(tmp_path: Path) -> None:
    # T, V and W are the columns of address, room and building.
    reading = read(
        tmp_path,
        row(1, "芒果(12个)", 95, home=("50", "301")),
        row(9, "蓝莓(一斤)", 70),
        merged=["T2:T3", "V2:V3", "W2:W3"],
    )
    (line,) = reading.lines
    assert len(line.items) == 2
    assert line.details["continued"] == [{"number": "9", "row": 3}]


def test_a_number_that_comes_again_for_another_home_is_another_order(tmp_path: Path) -> None:
    # Two exports pasted under each other: both count from 1.
    reading = read(
        tmp_path,
        row(1, "芒果(12个)", 95, total=95, home=("50", "301")),
        row(2, "芒果(12个)", 95, total=95, home=("50", "302")),
        row(1, "芒果(12个)", 95, total=95, home=("50", "303")),
    )
    assert [spell(line.place) for line in reading.lines] == ["50-301", "50-302", "50-303"]


def test_rows_of_one_number_with_two_homes_are_asked_about(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(1, "芒果(12个)", 95, total=190, home=("50", "301")),
        row(1, "芒果(12个)", 95, home=("50", "302")),
    )
    (line,) = reading.lines
    assert codes(line) == ["two_homes"]
    assert line.doubts[0].suggestions == ("50-301", "50-302")


def test_address_against_boxes_and_a_note_that_redirects_are_asked_about(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(71, "芒果(12个)", 95, total=95, home=("47", "102"), address=f"{LANE}69号902"),
        row(
            22,
            "芒果(12个)",
            95,
            total=95,
            home=("48", "302"),
            address=LANE,
            团员备注="22:帮忙送到87-105",
        ),
        row(23, "芒果(12个)", 95, total=95, home=("1", "801"), 团员备注="23:1-801"),
        row(24, "芒果(12个)", 95, total=95, home=("1", "802"), 团员备注="芒果换成西柚"),
    )
    assert [codes(line) for line in reading.lines] == [
        ["two_homes"],
        ["note_redirects"],
        [],
        ["note_changes"],
    ]


def test_a_refund_of_everything_leaves_nothing_to_pack_and_cancels_nothing_else(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(1, "芒果(12个)", 95, total=95, home=("50", "301"), 退款金额=95),
        row(2, "芒果(12个)", 95, total=131, home=("50", "302"), 退款金额=36),
        row(2, "西柚(十个)", 36),
        row(3, "芒果(12个)", 95, total=95, home=("50", "303"), 退款金额=4.5),
    )
    whole, item, price = reading.lines
    assert (whole.action, whole.doubts) == (Action.NONE, ())
    assert codes(item) == ["item_refunded"]
    assert item.doubts[0].suggestions == ("芒果 1份", "芒果 1份，西柚 1份")
    assert (price.action, price.doubts, price.details["refund_fen"]) == (Action.ORDER, (), 450)


def test_a_quantity_that_cannot_be_told_is_asked_about(tmp_path: Path) -> None:
    reading = read(tmp_path, row(1, "芒果(12个)", 95, total=95, home=("50", "301"), 数量=None))
    assert codes(reading.lines[0]) == ["quantity_missing"]
    assert reading.lines[0].items[0].qty is None


def test_a_row_without_a_number_or_a_good_is_not_lost(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(1, "芒果(12个)", 95, total=131, home=("50", "301")),
        row(None, "西柚(十个)", 36),
        row(None, "西柚(十个)", 36, total=36, home=("50", "302")),
        row(3, "", 36, total=36, home=("50", "303")),
        ["以上为全部订单"],
    )
    assert [(spell(line.place), len(line.items), codes(line)) for line in reading.lines] == [
        ("50-301", 2, []),
        ("50-302", 1, []),
        ("50-303", 1, ["good_missing"]),
    ]


def test_a_bracket_is_cut_off_only_where_it_is_the_specification(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(1, "蓝莓(半箱六盒)", 92, total=92, home=("50", "301")),
        row(2, "蓝莓(半箱六盒)", 92, total=92, home=("50", "302"), 规格="每箱四斤"),
        row(3, "酸奶(原味)", 20, total=20, home=("50", "303"), 规格="12杯"),
    )
    assert [(line.items[0].name, line.items[0].specification) for line in reading.lines] == [
        ("蓝莓", "半箱六盒"),
        ("蓝莓", "半箱六盒"),
        ("酸奶(原味)", ""),
    ]


def test_two_specifications_of_one_name_stay_two_goods(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(1, "蓝莓(半箱六盒)", 92, total=92, home=("50", "301")),
        row(2, "蓝莓(一箱12盒)", 180, total=180, home=("50", "302")),
    )
    assert [line.items[0].name for line in reading.lines] == ["蓝莓(半箱六盒)", "蓝莓(一箱12盒)"]


def test_totals_are_checks_and_no_doubts(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(1, "西柚(十个)", 36, total=40, home=("50", "301")),
        row(2, "西柚(十个)", 36, total=36, home=("50", "302")),
        row("", "合计", 72, total=76),
        sold=[("西柚", "十个", 36, 3), ("荔枝", "四斤", 59.9, 0)],
    )
    assert [(total.good, total.stated, total.summed, total.agrees) for total in reading.totals] == [
        ("订单金额", Decimal(40), Decimal(36), False),
        ("西柚(十个)", Decimal(3), Decimal(2), False),
        ("荔枝(四斤)", Decimal(0), Decimal(0), True),
    ]
    assert not any(line.doubts for line in reading.lines)
    assert len(reading.lines) == 2


NUMBERS = st.sampled_from(["1", "2", "3", "9", ""])
EXPORT_ROWS = st.lists(
    st.tuples(NUMBERS, st.booleans(), st.integers(0, 3), st.sampled_from([None, 0, 100, 300])), max_size=12
)


@settings(deadline=None)
@given(EXPORT_ROWS)
def test_every_row_is_in_exactly_one_order(drawn: list[tuple[str, bool, int, int | None]]) -> None:
    rows = [
        ExportRow(
            Row(number, ()),
            seq,
            Boxes(building="5", room=seq) if has_home else Boxes(),
            False,
            100 * amount,
            total,
            0,
        )
        for number, (seq, has_home, amount, total) in enumerate(drawn, start=2)
    ]
    placed = sorted(row.row.number for order in group(rows) for row in order.all_rows)
    assert placed == [row.row.number for row in rows]


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public export is not here")
def test_the_public_export_is_read_without_loss() -> None:
    reading = read_table_file(PUBLIC)
    lines = {line.seq: line for line in reading.lines}
    assert len(reading.lines) == len(lines) == 75
    rows = sorted(row for line in reading.lines for row in line.details["item_rows"])  # type: ignore[attr-defined]
    assert rows == list(range(2, 121))
    assert {seq: line.details["continued"] for seq, line in lines.items() if "continued" in line.details} == {
        "158": [{"number": "32", "row": 55}],
        "65": [{"number": "111", "row": 102}],
        "69": [{"number": "91", "row": 111}],
    }
    assert {seq: codes(line) for seq, line in lines.items() if line.doubts} == {
        "71": ["two_homes"],
        "22": ["note_redirects"],
    }
    assert all(line.place.building and line.place.room for seq, line in lines.items() if seq != "71")
    assert spell(lines["58"].place) == "86-801"
    assert spell(lines["44"].place) == "52-502"
    assert spell(lines["57"].place) == "39-702"
    assert spell(lines["12"].place) == "29-别墅"
