"""Whatever the format, a table is rows of text with the row numbers that people see."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from files_of_the_tests import ods, ods_cell, table, xls, xlsx
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.reading.tables import Workbook, cell_text, read_tables

ROWS = [
    ["房号", "电话", "订单"],
    ["3-501", "13800001234", "鸡蛋2板，青菜1份"],
    ["3-502", "13800001235", "牛奶1箱"],
]


def cells(workbook: Workbook) -> list[list[str]]:
    return [list(row.cells) for row in workbook.sheets[0].rows]


def as_ods(path: Path) -> Path:
    return ods(
        path,
        "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in ROWS),
    )


def as_csv(encoding: str, delimiter: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes("\r\n".join(delimiter.join(row) for row in ROWS).encode(encoding))
        return path

    return write


@pytest.mark.parametrize(
    "make",
    [
        lambda path: table(path, *ROWS),
        lambda path: xls(path, ROWS),
        as_ods,
        as_csv("utf-8", ","),
        as_csv("utf-8-sig", "\t"),
        as_csv("gb18030", ";"),
        as_csv("utf-16", "\t"),
        as_csv("utf-8", "|"),
    ],
    ids=["xlsx", "xls", "ods", "utf-8", "bom and tabs", "gb18030", "utf-16", "bars"],
)
def test_every_format_and_encoding_says_the_same(make: Callable[[Path], Path], tmp_path: Path) -> None:
    assert cells(read_tables(make(tmp_path / "orders"))) == ROWS


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13800000001.0, "13800000001"),
        ("13800000001.0", "13800000001"),
        ("'13800000001", "13800000001"),
        ('="13800000001"', "13800000001"),
        (602.0, "602"),
        ("602.0 ", "602"),
        (59.9, "59.9"),
        (0.1 + 0.2, "0.3"),
        ("0602", "0602"),
        (True, "TRUE"),
        (datetime.date(2022, 5, 24), "2022-05-24"),
        (datetime.datetime(2022, 5, 24), "2022-05-24"),  # noqa: DTZ001
        (datetime.datetime(2022, 5, 24, 10, 40), "2022-05-24 10:40"),  # noqa: DTZ001
        (datetime.time(8, 5), "08:05"),
        ("3-501\u200b\u00a0", "3-501"),
        ("", ""),
    ],
)
def test_numbers_as_text_and_text_as_numbers_become_one(value: object, text: str) -> None:
    assert cell_text(value) == text


@given(st.integers(0, 10**12))
def test_a_whole_number_reads_the_same_as_number_and_as_text(number: int) -> None:
    assert cell_text(float(number)) == cell_text(str(number)) == cell_text(f"{number}.0") == str(number)


def test_row_numbers_count_blank_rows_that_are_left_out(tmp_path: Path) -> None:
    path = table(tmp_path / "orders.xlsx", ["房号"], [None], [" "], ["501"])
    assert [row.number for row in read_tables(path).sheets[0].rows] == [1, 4]
    (tmp_path / "orders.csv").write_text("房号,订单\n,\n\n501,鸡蛋\n", encoding="utf-8")
    assert [row.number for row in read_tables(tmp_path / "orders.csv").sheets[0].rows] == [1, 4]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_merged_cells_lend_their_text_downwards_and_say_so(kind: str, tmp_path: Path) -> None:
    rows = [["楼号", "房号"], ["3号楼", "501"], [None, "502"], [None, "503"]]
    path = tmp_path / f"orders.{kind}"
    if kind == "xlsx":
        table(path, *rows, merged=["A2:A4"])
    else:
        xls(path, [rows[0], [None, "501"], [None, "502"], [None, "503"]], (1, 3, 0, 0, "3号楼"))
    sheet = read_tables(path).sheets[0]
    assert [row.cells for row in sheet.rows[1:]] == [("3号楼", "501"), ("3号楼", "502"), ("3号楼", "503")]
    assert [row.filled for row in sheet.rows[1:]] == [frozenset(), {0}, {0}]


def test_a_merged_title_is_not_spread_over_the_columns(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orders.xlsx", ["团购登记", None, None], ["房号", "电话", "订单"], merged=["A1:C1"]
    )
    assert [text for text in cells(read_tables(path))[0] if text] == ["团购登记"]


def test_hidden_rows_and_sheets_are_left_out_and_named(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "orders.xlsx", {"订单": ROWS}, hidden_rows=[3])
    sheet = read_tables(path).sheets[0]
    assert [row.number for row in sheet.rows] == [1, 2]
    assert sheet.hidden_rows == (3,)
    filtered = ods(
        tmp_path / "orders.ods",
        f"<table:table-row>{ods_cell('房号')}</table:table-row>"
        f'<table:table-row table:visibility="filter">{ods_cell("501")}</table:table-row>',
    )
    assert read_tables(filtered).sheets[0].hidden_rows == (2,)


def test_a_table_need_not_begin_in_the_first_cell(tmp_path: Path) -> None:
    path = table(tmp_path / "orders.xlsx", [], [None, None, "房号"], [None, None, 501])
    rows = read_tables(path).sheets[0].rows
    assert [(row.number, row.cells) for row in rows] == [(2, ("", "", "房号")), (3, ("", "", "501"))]


def test_formulas_count_with_the_value_last_shown(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "orders.xlsx")
    book.add_worksheet().write_formula(0, 0, "=1+1", value=2)
    book.close()
    assert cells(read_tables(tmp_path / "orders.xlsx")) == [["2"]]
