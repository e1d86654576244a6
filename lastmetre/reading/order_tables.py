"""Order tables of any kind: 房号+电话+订购清单, 小区+门栋+户号+电话+订单, a column for each good."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from lastmetre.reading.cell_values import quantity
from lastmetre.reading.column_names import Meaning, meaning_of
from lastmetre.reading.columns import Column, Table, cell
from lastmetre.reading.folding import bare, fold
from lastmetre.reading.order_rows import RowReader, good_of_header, is_nothing, total_check
from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.row_homes import with_homes
from lastmetre.reading.tables import Row
from lastmetre.terms import Action, Compound, Good, OrderLine

_TOTAL_ROW = re.compile("合计|总计|小计|汇总|共计")
_GRAND_TOTAL = re.compile("合计|总计|汇总|共计")
_NO_GOOD = re.compile("年龄|身份证|老人|孩子|儿童|体温|车牌|面积|核酸|疫苗|组长|志愿者|是否|签")
_MOST_OF_A_GOOD = 999
_WANTS = (Meaning.ORDER, Meaning.GOOD, Meaning.COUNT, Meaning.QUANTITY)


def with_goods_as_columns(table: Table, goods: Sequence[Good] = ()) -> Table:
    """Take columns as goods that are on offer or, where nothing else is ordered, hold only quantities."""
    offered = {bare(name) for good in goods for name in (good.name, good.code, *good.aliases)}
    may_guess = not table.has(Meaning.ORDER, Meaning.GOOD, Meaning.COUNT)
    return replace(
        table,
        columns=tuple(
            replace(column, meaning=Meaning.COUNT)
            if column.meaning is None
            and (
                bare(good_of_header(column)[0]) in offered or (may_guess and _holds_quantities(table, column))
            )
            else column
            for column in table.columns
        ),
    )


def _holds_quantities(table: Table, column: Column) -> bool:
    if meaning_of(column.header, tuple(Meaning)) or _NO_GOOD.search(column.header):
        return False
    texts = [cell(row, column.index) for row in table.rows if not _is_total(row)]
    said = [text for text in texts if not is_nothing(text)]
    counts = [count for text in said if (count := quantity(text)) and count[0] <= _MOST_OF_A_GOOD]
    # A few cells say more than a number (2份要新鲜): they are asked about, the column stays a good.
    return bool(counts) and 2 * len(counts) > len(said)


def lacks(table: Table) -> list[str]:
    """Return what an order table needs and this one has not: a home, an order."""
    has_home = table.has(Meaning.ROOM, Meaning.ADDRESS)
    has_order = table.has(*_WANTS)
    return [need for need, has in (("room", has_home), ("order", has_order)) if not has]


def read_order_table(
    table: Table, goods: Sequence[Good] = (), compound: Compound | None = None
) -> tuple[tuple[OrderLine, ...], tuple[ControlTotal, ...]]:
    """Return a line for each row that orders something, and the checks against its total row."""
    reader = RowReader(table, tuple(goods), compound)
    rows = [row for row in table.rows if not _is_total(row)]
    lines = []
    for row, boxes, details in with_homes(table, rows):
        line = reader.read(row, boxes)
        if line is not None:
            lines.append(replace(line, details={**line.details, **details}))
    return tuple(lines), tuple(_checks(table, lines))


def _is_total(row: Row) -> bool:
    first = next(filter(None, row.cells), "")
    return _TOTAL_ROW.match(fold(first)) is not None


def _checks(table: Table, lines: Sequence[OrderLine]) -> Iterator[ControlTotal]:
    """Compare the total row with the sum of each good's column, or of the quantities."""
    ordered: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        for item in line.items if line.action is Action.ORDER else ():
            ordered[item.name] += item.qty or 0
    for row in table.rows:
        first = next(filter(None, row.cells), "")
        if not _GRAND_TOTAL.match(fold(first)):
            continue
        for column in table.columns:
            stated = quantity(cell(row, column.index))
            if stated is None or column.meaning not in (Meaning.COUNT, Meaning.QUANTITY):
                continue
            name = good_of_header(column)[0]
            is_one_good = column.meaning is Meaning.COUNT
            summed = ordered[name] if is_one_good else sum(ordered.values(), Decimal(0))
            yield total_check(table, row, name, stated[0], summed)
