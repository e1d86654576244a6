"""The review workbook: a row a doubt, with an empty column for the answer; other messages on a sheet of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

WIDTHS = (16, 24, 60, 44, 36, 30)
"""Of key, source, raw text, doubt, suggestions and answer, in characters."""


def write_review(
    path: Path,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    kept_name: str = "",
    kept: Sequence[Sequence[str]] = (),
) -> None:
    """Write rows of six texts; what looks like a formula stays text. Raises OSError where it cannot write.

    `kept` are rows of three texts (source, what it is, raw text) for the sheet `kept_name`: questions,
    complaints and reports, which order nothing but want an answer.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bg_color": "#E3EFE7", "text_wrap": True, "valign": "vcenter"})
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        answer = book.add_format(
            {"text_wrap": True, "valign": "top", "num_format": "@", "bg_color": "#FFF6DC", "border": 1}
        )
        for column, (header, width) in enumerate(zip(headers, WIDTHS, strict=True)):
            last = column == len(headers) - 1
            sheet.set_column(column, column, width, answer if last else text)
            sheet.write_string(0, column, header, head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, answer if column == len(row) - 1 else text)
        if kept:
            other = book.add_worksheet(kept_name)
            for column, width in enumerate((24, 12, 90)):
                other.set_column(column, column, width, text)
            for number, row in enumerate(kept):
                for column, value in enumerate(row):
                    other.write_string(number, column, value, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(headers) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
