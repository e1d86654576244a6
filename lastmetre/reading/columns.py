"""Tables within sheets: where the header row stands and what each column means, proposed or given."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lastmetre.reading.column_names import Meaning, meaning_of, plain_header
from lastmetre.reading.tables import Row, Sheet, Workbook
from lastmetre.terms import InputError, Source, say

GivenMapping = Mapping[str, str]
"""What a person says of columns: header -> meaning, such as {"房号": "room", "清单": "order"}."""

_HEADER_WITHIN = 40
"""Rows with content in which the header row is looked for: titles and notices stand above it."""
_ENOUGH = 2
CELLS = " | "
"""Between the cells of a row that is read aloud."""
_PHONE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column (0-based) and what it is taken as; None where nobody can tell."""

    index: int
    header: str
    meaning: Meaning | None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under a header row."""

    source: Source
    """File, sheet and row of the header."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def has(self, *meanings: Meaning) -> bool:
        """Say whether a column of any of these meanings exists."""
        return any(column.meaning in meanings for column in self.columns)

    def indexes(self, meaning: Meaning) -> list[int]:
        """Return the columns that hold this."""
        return [column.index for column in self.columns if column.meaning is meaning]

    def text(self, row: Row, meaning: Meaning) -> str:
        """Return the first text that the row has for this, lent by a merged cell or its own; '' without."""
        return next((text for at in self.indexes(meaning) if (text := cell(row, at))), "")

    def own_text(self, row: Row, meaning: Meaning) -> str:
        """Return the row's own text: what a merged cell says once counts once (quantities, money, orders)."""
        return next(
            (text for at in self.indexes(meaning) if at not in row.filled and (text := cell(row, at))), ""
        )

    def aloud(self, row: Row, indexes: Iterable[int]) -> str:
        """Return cells of a row as a person would read them: each behind its column's heading, but for the number."""
        headings = {
            column.index: heading(column.header)
            for column in self.columns
            if column.meaning is not Meaning.NUMBER
        }
        cells = ((headings.get(at, ""), cell(row, at)) for at in indexes)
        return CELLS.join(f"{named} {text}".strip() for named, text in cells if text)

    def mapping(self) -> dict[str, str]:
        """Return what each header is taken as, in the words that a given mapping uses."""
        return {column.header: str(column.meaning) for column in self.columns if column.meaning}

    def at(self, row: Row) -> Source:
        """Return the place of a row."""
        return replace(self.source, row=row.number)


def heading(header: str) -> str:
    """Return what a column is called, without the example or remark in brackets behind it: 房号（如606）."""
    return re.sub(r"\s*[(（【].*", "", header.strip(), flags=re.DOTALL) or header.strip()


def cell(row: Row, index: int) -> str:
    """Return a cell's text; '' beyond the row's end."""
    return row.cells[index] if index < len(row.cells) else ""


def find_table(sheet: Sheet, wanted: Collection[Meaning], given: GivenMapping | None = None) -> Table | None:
    """Find the header row, also under title rows, and read what its columns mean; None without one."""
    best: tuple[int, int, tuple[Column, ...]] | None = None
    for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        columns = _columns(row, wanted, given)
        score = len({column.meaning for column in columns if column.meaning})
        if best is None or score > best[0] or (at == best[1] + 1 and _is_second_level(row, columns)):
            best = (score, at, columns)
    if best is None or best[0] < (1 if given else _ENOUGH):
        return None
    _, at, columns = best
    header = sheet.rows[at]
    rows = tuple(row for row in sheet.rows[at + 1 :] if row.cells != header.cells)
    return Table(replace(sheet.source, row=header.number), columns, rows)


def _is_second_level(row: Row, columns: tuple[Column, ...]) -> bool:
    """Say whether the header above is merged into this row: only a header of two rows does that."""
    return any(column.meaning and column.index in row.filled for column in columns)


def _columns(row: Row, wanted: Collection[Meaning], given: GivenMapping | None) -> tuple[Column, ...]:
    said = {plain_header(header): Meaning(meaning) for header, meaning in (given or {}).items()}
    columns = []
    for index, header in enumerate(row.cells):
        if not header:
            continue
        if _PHONE.fullmatch(header):
            return ()
        meaning = said.get(plain_header(header)) or meaning_of(header, wanted)
        columns.append(Column(index, header, meaning))
    return tuple(columns)


def check_given(given: GivenMapping | None, workbook: Workbook, *, elsewhere: bool = False) -> None:
    """Refuse a given mapping that names unknown meanings or headers; raises InputError.

    `elsewhere`: a header may stand in another of several files.
    """
    headers = {plain_header(text): text for text in _early_texts(workbook)}
    for header, meaning in (given or {}).items():
        if meaning not in list(Meaning):
            raise InputError(
                say("“{meaning}” is no meaning of a column.", meaning=meaning),
                remedy=say("Use one of: {meanings}.", meanings=", ".join(Meaning)),
            )
        if plain_header(header) not in headers and not elsewhere:
            near = difflib.get_close_matches(plain_header(header), headers, 1, 0.3)
            raise InputError(
                say("No column is called “{header}”.", header=header),
                remedy=say("Did you mean “{near}”?", near=headers[near[0]])
                if near
                else say("The columns are: {headers}.", headers=headers_seen(workbook.sheets)),
                source=workbook.source,
            )


def _early_texts(workbook: Workbook) -> Iterable[str]:
    for sheet in workbook.sheets:
        for row in sheet.rows[:_HEADER_WITHIN]:
            yield from filter(None, row.cells)


def headers_seen(sheets: Sequence[Sheet]) -> str:
    """Return the texts of the likeliest header row, for a sentence."""
    rows = [row for sheet in sheets for row in sheet.rows[:_HEADER_WITHIN]]
    widest = max(rows, key=lambda row: sum(1 for text in row.cells if text), default=None)
    return "、".join(text for text in widest.cells if text)[:200] if widest else ""
