"""Any workbook or CSV with orders -> order lines: the kind is recognised by its headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lastmetre.reading.column_names import ORDERS
from lastmetre.reading.columns import GivenMapping, Table, check_given, find_table, headers_seen
from lastmetre.reading.kuaituantuan import is_kuaituantuan, read_kuaituantuan
from lastmetre.reading.order_tables import lacks, read_order_table, with_goods_as_columns
from lastmetre.reading.qunjielong import is_qunjielong, read_qunjielong
from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.tables import Workbook, read_tables
from lastmetre.terms import Compound, Good, InputError, Offer, OrderLine, Sentence, Source, say


@dataclass(frozen=True, slots=True)
class TableReading:
    """What a workbook or CSV says."""

    lines: tuple[OrderLine, ...]
    totals: tuple[ControlTotal, ...] = ()
    """Checks against totals that the file states."""
    mapping: dict[str, str] = field(default_factory=dict)
    """What each column was taken as: header -> meaning; the words to correct it with."""
    notices: tuple[Sentence, ...] = ()
    """What was left out: hidden rows and sheets, sheets without orders."""


def read_table_file(
    path: Path,
    *,
    compound: Compound | None = None,
    offer: Offer | None = None,
    mapping: GivenMapping | None = None,
    elsewhere: bool = False,
) -> TableReading:
    """Read the orders of a .xlsx, .xls, .ods or .csv of any kind; raises InputError.

    `mapping` says what columns mean where the proposal is wrong: {"房号": "room", "要什么": "order"}.
    """
    workbook = read_tables(path)
    check_given(mapping, workbook, elsewhere=elsewhere)
    goods = offer.goods if offer else ()
    tables = [table for sheet in workbook.sheets if (table := find_table(sheet, ORDERS, mapping))]
    export = next((table for table in tables if is_kuaituantuan(table)), None)
    if export is not None:
        lines, totals = read_kuaituantuan(export, workbook.sheets, compound)
        return TableReading(lines, totals, export.mapping(), _left_out(workbook))
    tables = [with_goods_as_columns(table, goods) for table in tables]
    readable = [table for table in tables if is_qunjielong(table) or not lacks(table)]
    if not readable:
        raise _unreadable(workbook, tables)
    return _read(readable, workbook, goods, compound)


def _read(
    tables: Sequence[Table], workbook: Workbook, goods: Sequence[Good], compound: Compound | None
) -> TableReading:
    lines: list[OrderLine] = []
    totals: list[ControlTotal] = []
    mapping: dict[str, str] = {}
    for table in tables:
        read = read_qunjielong if is_qunjielong(table) else read_order_table
        found, checks = read(table, goods, compound)
        lines += found
        totals += checks
        mapping |= table.mapping()
    read_sheets = {table.source.sheet for table in tables}
    unread = [
        sheet.source.sheet
        for sheet in workbook.sheets
        if sheet.rows and sheet.source.sheet not in read_sheets
    ]
    skipped = tuple(say("Sheet “{sheet}” has no orders and was not read.", sheet=name) for name in unread)
    return TableReading(tuple(lines), tuple(totals), mapping, (*_left_out(workbook), *skipped))


def _left_out(workbook: Workbook) -> tuple[Sentence, ...]:
    rows = tuple(
        say(
            "{count} hidden rows of sheet “{sheet}” were not read (first: {first}). Show them if they count.",
            count=len(sheet.hidden_rows),
            sheet=sheet.source.sheet,
            first=sheet.hidden_rows[0],
        )
        for sheet in workbook.sheets
        if sheet.hidden_rows
    )
    sheets = tuple(
        say("The hidden sheet “{sheet}” was not read. Show it if it counts.", sheet=name)
        for name in workbook.hidden_sheets
    )
    return rows + sheets


def _unreadable(workbook: Workbook, tables: Sequence[Table]) -> InputError:
    """Name the headers seen and how to say what they mean; nothing is guessed."""
    if not any(sheet.rows for sheet in workbook.sheets):
        return InputError(
            say("The workbook is empty."),
            remedy=say("Check that it was saved, and give it again."),
            source=workbook.source,
        )
    best = max(tables, key=lambda table: len(table.mapping()), default=None)
    example = say(
        "Say what the columns are, such as {example}.", example="--column 房号=room --column 清单=order"
    )
    if best is None:
        return InputError(
            say(
                "No header row was found. The columns seen are: {headers}.",
                headers=headers_seen(workbook.sheets),
            ),
            remedy=example,
            source=workbook.source,
        )
    missing = say("the home") if "room" in lacks(best) else say("the order")
    return InputError(
        say(
            "No column holds {missing}. The columns are: {headers}.",
            missing=missing,
            headers="、".join(column.header for column in best.columns),
        ),
        remedy=example,
        source=Source(best.source.file, best.source.sheet, best.source.row),
    )
