"""The sheets as a workbook and as CSV files. No formula leaves the product (trust 15)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lastmetre.papers.tables import Cell, Column, Kind, Table

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

ROWS_IN_MEMORY = 200_000
"""Rows up to which a workbook is built in memory, 1.6 times as fast; 10,000 orders have 140,000."""

CELL_SIGNS = 32_767
"""Longest text that a cell of a workbook holds."""


def write_rows(folder: Path, name: str, tables: Sequence[Table]) -> list[Path]:
    """Write tables with said headings as one workbook and as a folder of CSV files; return the files."""
    workbook = folder / f"{name}.xlsx"
    write_workbook(workbook, tables)
    written = [workbook]
    (folder / "csv").mkdir(exist_ok=True)
    for number, table in enumerate(tables, start=1):
        written.append(folder / "csv" / f"{number:02d} {file_name(str(table.title))}.csv")
        write_csv(written[-1], table)
    return written


def file_name(title: str) -> str:
    """Return a title as every file system takes it."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", title).strip(" .") or "-"


def write_workbook(path: Path, tables: Sequence[Table]) -> None:
    """Write one sheet a table: headings frozen and filtered, money in yuan, texts never taken for formulas."""
    is_large = sum(len(table.rows) for table in tables) > ROWS_IN_MEMORY
    with Workbook(path, {**SAFE, "constant_memory": is_large}) as workbook:
        workbook.set_properties({"created": None})
        styles = {
            "heading": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "total": workbook.add_format({"bold": True, "top": 1}),
            "money": workbook.add_format({"num_format": "#,##0.00"}),
            "money total": workbook.add_format({"bold": True, "top": 1, "num_format": "#,##0.00"}),
        }
        for table in tables:
            name = _sheet_name(str(table.title), {one.name.lower() for one in workbook.worksheets()})
            _write_sheet(workbook.add_worksheet(name), table, styles)


def _sheet_name(title: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "-"
    names = (plain, *(f"{plain[:28]} {number}" for number in range(2, 100)))
    return next(name for name in names if name.lower() not in taken)


def _write_sheet(sheet: Worksheet, table: Table, styles: dict[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.title), styles["heading"])
    for number, row in enumerate(table.rows, start=1):
        _write_row(sheet, number, row, table.columns, None, styles["money"])
    last = len(table.rows)
    if table.totals:
        _write_row(sheet, last + 1, table.totals, table.columns, styles["total"], styles["money total"])
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _write_row(
    sheet: Worksheet,
    number: int,
    row: Sequence[Cell],
    columns: Sequence[Column],
    style: Format | None,
    money_style: Format,
) -> None:
    for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(number, place, cell[:CELL_SIGNS], style)
        elif cell is not None and column.kind is Kind.FEN:
            sheet.write_number(number, place, cell / 100, money_style)
        elif cell is not None:
            sheet.write_number(number, place, cell, style)
        elif style:
            sheet.write_blank(number, place, None, style)


def write_csv(path: Path, table: Table) -> None:
    """Write a table as UTF-8 with a byte order mark, so that Excel opens Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(inert(str(column.title)) for column in table.columns)
        writer.writerows(_csv_row(row, table.columns) for row in table.rows)


def _csv_row(row: Sequence[Cell], columns: Sequence[Column]) -> Iterator[str]:
    for cell, column in zip(row, columns, strict=True):
        if cell is None:
            yield ""
        elif isinstance(cell, str):
            yield inert(cell)
        elif column.kind is Kind.FEN:
            yield f"{Decimal(cell) / 100:.2f}"
        else:
            yield f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def inert(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
