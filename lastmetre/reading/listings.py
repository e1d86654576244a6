"""Workbooks with one thing a row (products, suppliers, offers): columns by their headers, cells as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lastmetre.reading.column_names import plain_header
from lastmetre.reading.columns import cell, headers_seen
from lastmetre.reading.tables import Row, Sheet, Workbook, read_tables
from lastmetre.terms import InputError, Sentence, Source, say

_HEADER_WITHIN = 40
MOST_ROWS = 4_000
"""Of one listing: more than any supplier or district has."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that is understood: the headers that people write over it."""

    names: tuple[str, ...]
    """The first one is what a refusal tells people to write."""
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row: text by the key of its column; '' where the cell or the column is missing."""

    source: Source
    cells: Mapping[str, str]

    def text(self, key: str) -> str:
        """Return a cell's text."""
        return self.cells.get(key, "")


@dataclass(frozen=True, slots=True)
class Listing:
    """All rows of a workbook, and what was left out of it."""

    rows: tuple[ListedRow, ...]
    columns: frozenset[str]
    """Keys of the columns that are there: what a workbook does not hold, it does not change."""
    notices: tuple[Sentence, ...] = ()


def read_listing(path: Path, headings: Mapping[str, Heading]) -> Listing:
    """Read a workbook or CSV that the guard lets pass; raises InputError that names file, sheet, row, column."""
    workbook = read_tables(path)
    sheet, header, columns = _table(workbook, headings)
    missing = [
        heading.names[0] for key, heading in headings.items() if heading.is_needed and key not in columns
    ]
    if missing:
        raise InputError(
            say("No column is called {names}.", names="、".join(f"“{name}”" for name in missing)),
            remedy=say("The columns are: {headers}.", headers="、".join(filter(None, header.cells))[:300]),
            source=replace(sheet.source, row=header.number),
        )
    rows = tuple(
        ListedRow(
            replace(sheet.source, row=row.number), {key: cell(row, at).strip() for key, at in columns.items()}
        )
        for row in sheet.rows
        if row.number > header.number and row.cells != header.cells
    )
    rows = tuple(row for row in rows if any(row.cells.values()))
    if len(rows) > MOST_ROWS:
        raise InputError(
            say("The list has more than {limit} rows.", limit=MOST_ROWS),
            remedy=say("Split it into smaller files."),
            source=sheet.source,
        )
    return Listing(rows, frozenset(columns), _left_out(workbook, sheet, header, columns))


def _table(workbook: Workbook, headings: Mapping[str, Heading]) -> tuple[Sheet, Row, dict[str, int]]:
    """Find the sheet and row with most of the headers."""
    best: tuple[int, Sheet, Row, dict[str, int]] | None = None
    for sheet in workbook.sheets:
        for row in sheet.rows[:_HEADER_WITHIN]:
            columns = _columns(row, headings)
            if columns and (best is None or len(columns) > best[0]):
                best = (len(columns), sheet, row, columns)
    if best is None:
        raise InputError(
            say(
                "No header row was found. The columns seen are: {headers}.",
                headers=headers_seen(workbook.sheets),
            ),
            remedy=say("Use the workbook that the export writes, and keep its first row."),
            source=workbook.source,
        )
    return best[1:]


def _columns(row: Row, headings: Mapping[str, Heading]) -> dict[str, int]:
    known = {plain_header(name): key for key, heading in headings.items() for name in heading.names}
    found: dict[str, int] = {}
    for index, text in enumerate(row.cells):
        key = known.get(plain_header(text)) if text else None
        if key is not None:
            found.setdefault(key, index)
    return found


def _left_out(
    workbook: Workbook, read: Sheet, header: Row, columns: Mapping[str, int]
) -> tuple[Sentence, ...]:
    unknown = [text for index, text in enumerate(header.cells) if text and index not in columns.values()]
    said = []
    if unknown:
        said.append(say("Not read: the columns {headers}.", headers="、".join(unknown)[:300]))
    said += [
        say(
            "{count} hidden rows of sheet “{sheet}” were not read (first: {first}). Show them if they count.",
            count=len(sheet.hidden_rows),
            sheet=sheet.source.sheet,
            first=sheet.hidden_rows[0],
        )
        for sheet in workbook.sheets
        if sheet.hidden_rows
    ]
    others: Sequence[str] = [
        sheet.source.sheet for sheet in workbook.sheets if sheet is not read and len(sheet.rows) > 1
    ]
    said += [say("Sheet “{sheet}” was not read.", sheet=name) for name in (*others, *workbook.hidden_sheets)]
    return tuple(said)
