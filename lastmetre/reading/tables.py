"""Workbooks and CSV files as sheets of rows of text, row numbers as people see them.

Numbers kept as text and text kept as numbers become one (13800000001.0 -> 13800000001), merged cells are
filled down, empty and hidden rows and hidden sheets are left out, formulas count with the value last shown.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetMetadata, SheetVisibleEnum

from lastmetre.reading.folding import visible
from lastmetre.reading.guards import FileKind, SafeFile, bounded_text, guard
from lastmetre.reading.limits import MAX_CELLS, Extent, damaged, locked, no_workbook, unusual
from lastmetre.reading.raw_sheets import RawSheet
from lastmetre.reading.xls_files import read_xls
from lastmetre.terms import InputError, Source, say

_FLOATING_WHOLE = re.compile(r"(\d+)\.0+")
_FORCED_TEXT = re.compile(r"""=\s*"([^"]*)"|'(.+)""")
"""How exports keep long numbers from being rounded: ="13800000001", '13800000001."""
_DELIMITERS = ",\t;|，"
_SNIFFED_LINES = 40
_LINES_IN_A_CELL = 60
"""A cell of more lines is a quotation mark that nobody closed."""
_WORKBOOK_ENDINGS = (".xlsx", ".xls", ".ods", ".xlsm", ".et")
_PANIC = "PanicException"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of trimmed texts."""

    number: int
    cells: tuple[str, ...]
    filled: frozenset[int] = frozenset()
    """Columns (0-based) whose text a merged cell lends from a row above."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that people can see, without its empty and hidden rows."""

    source: Source
    """File and sheet."""
    rows: tuple[Row, ...]
    hidden_rows: tuple[int, ...] = ()
    """Rows with content that the sheet hides (a filter): they were not read."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """All visible sheets of a file; a CSV has one."""

    source: Source
    sheets: tuple[Sheet, ...]
    hidden_sheets: tuple[str, ...] = ()


def read_tables(path: Path) -> Workbook:
    """Read any .xlsx, .xls, .ods or .csv that the guard lets pass; raises InputError."""
    file = guard(path)
    if file.kind is FileKind.TEXT:
        return _read_csv(file)
    return _read_workbook(file)


def cell_text(value: object) -> str:
    """Return a cell as people read it: whole numbers without .0, dates as 2022-05-24."""
    if isinstance(value, str):
        return _plain_text((value if value.isprintable() else visible(value)).strip())
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.12g}"
    if isinstance(value, datetime.datetime):
        at_midnight = value.time() == datetime.time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return str(value)


def _plain_text(text: str) -> str:
    if text[:1] in ("=", "'") and (forced := _FORCED_TEXT.fullmatch(text)):
        text = (forced[1] or forced[2] or "").strip()
    if text[-1:] == "0" and (whole := _FLOATING_WHOLE.fullmatch(text)):
        return whole[1]
    return text


def _read_workbook(file: SafeFile) -> Workbook:
    raw_sheets = read_xls(file.data, file.source) if file.kind is FileKind.XLS else _parse(file)
    sheets = tuple(
        _read_sheet(raw, Source(file.source.file, raw.name)) for raw in raw_sheets if not raw.is_hidden
    )
    return Workbook(file.source, sheets, tuple(raw.name for raw in raw_sheets if raw.is_hidden))


def _parse(file: SafeFile) -> list[RawSheet]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(file.data)) as workbook:
            return [_parse_sheet(workbook, sheet, file) for sheet in workbook.sheets_metadata]
    except PasswordError as error:
        raise locked(file.source) from error
    except (CalamineError, OSError, ValueError) as error:
        raise damaged(file.source) from error
    except BaseException as error:
        # The parser is compiled code: what it did not foresee arrives as a panic, outside Exception.
        if type(error).__name__ == _PANIC:
            raise damaged(file.source) from error
        raise


def _parse_sheet(workbook: CalamineWorkbook, about: SheetMetadata, file: SafeFile) -> RawSheet:
    if about.visible != SheetVisibleEnum.Visible:
        return RawSheet(about.name, 0, (), is_hidden=True)
    sheet = workbook.get_sheet_by_name(about.name)
    left = [""] * (sheet.start[1] if sheet.start else 0)
    return RawSheet(
        about.name,
        sheet.total_height + 1,
        ([*left, *row] for row in sheet.iter_rows()),
        sheet.merged_cell_ranges or (),
        file.hidden.get(about.name, frozenset()),
    )


def _read_sheet(sheet: RawSheet, source: Source) -> Sheet:
    lent = _lent_cells(sheet, source)
    rows: list[Row] = []
    hidden_rows: list[int] = []
    above: dict[int, str] = {}
    texts: dict[str, str] = {}
    for number, values in enumerate(sheet.rows, start=1):
        cells = [_known_text(value, texts) for value in values]
        filled = {
            column
            for column in lent.get(number - 1, ())
            if column in above and not (column < len(cells) and cells[column])
        }
        cells += [""] * (max(filled, default=-1) + 1 - len(cells))
        for column in filled:
            cells[column] = above[column]
        own = any(text for column, text in enumerate(cells) if column not in filled)
        above = {column: cells[column] for column in lent.get(number, ()) if column < len(cells)}
        if not own:
            continue
        if number in sheet.hidden_rows:
            hidden_rows.append(number)
        else:
            rows.append(Row(number, tuple(cells), frozenset(filled)))
    return Sheet(source, tuple(rows), tuple(hidden_rows))


def _known_text(value: object, texts: dict[str, str]) -> str:
    """Read and hold equal texts once: exports repeat most of theirs."""
    if not isinstance(value, str):
        return cell_text(value)
    text = texts.get(value)
    if text is None:
        text = texts[value] = cell_text(value)
    return text


def _lent_cells(sheet: RawSheet, source: Source) -> dict[int, set[int]]:
    """Return the columns that each row (0-based) takes over from the row above it in a merged cell."""
    lent: dict[int, set[int]] = {}
    size = 0
    for (top, left), (bottom, _) in sheet.merged:
        lower = range(top + 1, min(bottom + 1, sheet.height))
        size += len(lower)
        if size > MAX_CELLS:
            raise unusual(source)
        for row in lower:
            lent.setdefault(row, set()).add(left)
    return lent


def _read_csv(file: SafeFile) -> Workbook:
    text = visible(_text(file))
    extent, rows = Extent(file.source), []
    for number, fields in enumerate(_fields(text, _delimiter(text), file.source), start=1):
        extent.stretch(number, len(fields))
        cells = tuple(cell_text(field) for field in fields)
        if any(cells):
            rows.append(Row(number, cells))
    return Workbook(file.source, (Sheet(file.source, tuple(rows)),))


def _text(file: SafeFile) -> str:
    try:
        return bounded_text(file.data, file.source)
    except InputError as error:
        if file.source.file.lower().endswith(_WORKBOOK_ENDINGS):
            raise no_workbook(file.source) from error
        raise


def _fields(text: str, delimiter: str, source: Source) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    number = 0
    try:
        for number, fields in enumerate(reader, start=1):
            if any(field.count("\n") > _LINES_IN_A_CELL for field in fields):
                raise _open_quotation(number, source)
            yield fields
    except csv.Error as error:
        raise _open_quotation(number + 1, source) from error


def _open_quotation(number: int, source: Source) -> InputError:
    return InputError(
        say("A quotation mark is opened in row {row} and not closed.", row=number),
        remedy=say("Close it, or save the table as .xlsx."),
        source=Source(source.file, source.sheet, number),
    )


def _delimiter(text: str) -> str:
    """Return the sign that cuts the first lines into the most regular columns."""
    sample = "\n".join(text.split("\n", _SNIFFED_LINES)[:_SNIFFED_LINES])

    def regularity(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(line.split(delimiter)) for line in sample.split("\n") if line.strip())
        width, lines = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
        return (lines / widths.total(), width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=regularity)
