"""A platform's export of several compounds -> one table a compound, each as the platform would have written it.

Fancheng's mode B (FC3): each compound has its own link, the platform exports all of them in one workbook.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from lastmetre.reading.tables import Row, Sheet, read_tables
from lastmetre.terms import InputError, say

_COMPOUND = re.compile(r"(?:服务|所在|收货)?小区(?:名称?)?|自提点(?:名称)?|团点(?:名称)?")
_TOTAL = re.compile(r"合计|总计|小计|汇总")
_HEADER_ROWS = 20
"""The header stands within these; above it platforms write a title."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one compound ordered."""

    compound: str
    """As the platform calls it; '' for rows that name none."""
    rows: int
    content: bytes
    """A CSV in UTF-8 with the headers of the export."""


def split_by_compound(path: Path) -> tuple[Part, ...]:
    """Return an export's rows by compound, in the order of their first row; cost linear in the rows.

    Raises InputError where no column names a compound.
    """
    for sheet in read_tables(path).sheets:
        found = _header(sheet)
        if found is not None:
            return _parts(sheet, *found)
    raise InputError(
        say("No column in this file names the compound."),
        remedy=say("Choose the compound that it is of, or export it with the column 服务小区."),
    )


def _header(sheet: Sheet) -> tuple[int, int] | None:
    """Return the place of the header row and of its column of compounds."""
    for place, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        columns = [number for number, cell in enumerate(row.cells) if _COMPOUND.fullmatch(cell.strip())]
        if columns and sum(bool(cell) for cell in row.cells) > 2:
            return place, columns[0]
    return None


def _parts(sheet: Sheet, place: int, column: int) -> tuple[Part, ...]:
    rows: dict[str, list[Row]] = {}
    compound = ""
    for row in sheet.rows[place + 1 :]:
        named = row.cells[column].strip() if column < len(row.cells) else ""
        if not named and any(_TOTAL.match(cell) for cell in row.cells if cell):
            continue
        # Later rows of an order leave name and place blank.
        compound = named or compound
        rows.setdefault(compound, []).append(row)
    header = sheet.rows[place]
    return tuple(Part(name, len(some), _written([header, *some])) for name, some in rows.items())


def _written(rows: list[Row]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(row.cells for row in rows)
    return out.getvalue().encode()
