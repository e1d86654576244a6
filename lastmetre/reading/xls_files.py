"""Old workbooks (.xls), read in pure Python: a damaged one ends in an error, not in the end of the process."""

from __future__ import annotations

import io

import xlrd

from lastmetre.reading.limits import MAX_XLS_BYTES, Extent, damaged, locked, no_workbook, too_big
from lastmetre.reading.raw_sheets import RawSheet
from lastmetre.terms import InputError, Source

_BOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")


def check_xls(data: bytes, source: Source) -> None:
    """Refuse what is locked, too large or no workbook, by the names in its container; raises InputError."""
    if _LOCKED_STREAM in data:
        raise locked(source)
    if not any(name in data for name in _BOOK_STREAMS):
        raise no_workbook(source)
    if len(data) > MAX_XLS_BYTES:
        raise too_big(MAX_XLS_BYTES, source)


def read_xls(data: bytes, source: Source) -> list[RawSheet]:
    """Return all sheets; raises InputError."""
    extent = Extent(source)
    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True, on_demand=True
        )
        return [_sheet(book, book.sheet_by_index(index), extent) for index in range(book.nsheets)]
    except InputError:
        raise
    except xlrd.XLRDError as error:
        raise (locked(source) if "encrypted" in str(error) else damaged(source)) from error
    except Exception as error:  # a damaged file may fail anywhere in the reader
        raise damaged(source) from error


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet, extent: Extent) -> RawSheet:
    extent.next_sheet()
    extent.stretch(sheet.nrows, max(sheet.ncols, 1))
    return RawSheet(
        name=sheet.name,
        height=sheet.nrows,
        rows=[_values(book, sheet, row) for row in range(sheet.nrows)],
        merged=[((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells],
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
        is_hidden=bool(sheet.visibility),
    )


def _values(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int) -> list[object]:
    return [
        _value(book, kind, value)
        for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
    ]


def _value(book: xlrd.Book, kind: int, value: object) -> object:
    if kind == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(value, book.datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return "" if kind == xlrd.XL_CELL_ERROR else value
