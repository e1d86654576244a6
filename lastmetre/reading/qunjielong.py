"""The 群接龙 export: one row an order, the good only in the file's name, a total in the last row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import PurePath

from lastmetre.reading.cell_values import money_fen, quantity
from lastmetre.reading.column_names import Meaning, plain_header
from lastmetre.reading.columns import Table
from lastmetre.reading.folding import bare, fold
from lastmetre.reading.order_rows import RowReader, total_check
from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.row_homes import boxes_of
from lastmetre.reading.tables import Row
from lastmetre.reading.vocabulary import DEFAULT_GOOD
from lastmetre.terms import Action, Compound, Good, Item, OrderLine

_HEADERS = {"收货人", "订单总金额", "支付状态", "收货地址", "订购数量"}
_DATE = re.compile(r"(?:\d{2,4}\s*[年._/-])?\d{1,2}\s*[月._/-]\s*\d{1,2}\s*日?|\d{6,}")
_COPY = re.compile(r"\(\d{1,2}\)|副本|copy", re.IGNORECASE)
_FILING = re.compile("群接龙|接龙|团购|订单|数据|导出|明细|列表|统计|汇总|报表|下载|表格|表$|结果")
_TOTAL_ROW = re.compile("合计|总计|汇总|共计")


def is_qunjielong(table: Table) -> bool:
    """Recognise the export by its headers."""
    headers = {plain_header(column.header) for column in table.columns}
    return headers >= _HEADERS and not table.has(Meaning.GOOD, Meaning.ORDER)


def good_in_file_name(name: str, goods: Sequence[Good] = ()) -> str:
    """Return the good that a file's name names (群接龙_蔬菜包_20220524.xlsx -> 蔬菜包); '' where none."""
    stem = PurePath(name).stem
    offered = [text for good in goods for text in (good.name, *good.aliases) if bare(text) in bare(stem)]
    if offered:
        return max(offered, key=len)
    text = _FILING.sub(" ", _COPY.sub(" ", _DATE.sub(" ", fold(stem))))
    return re.sub(r"[\s_\-.\[\]【】《》,:+]+", " ", text).strip()


def read_qunjielong(
    table: Table, goods: Sequence[Good] = (), compound: Compound | None = None
) -> tuple[tuple[OrderLine, ...], tuple[ControlTotal, ...]]:
    """Return a line for each order, and the checks against the total row."""
    good = good_in_file_name(table.source.file, goods) or DEFAULT_GOOD
    reader = RowReader(table, tuple(goods), compound)
    totals = [row for row in table.rows if _is_total(table, row)]
    lines = tuple(
        replace(line, items=tuple(_named(item, good) for item in line.items))
        for row in table.rows
        if row not in totals and (line := reader.read(row, boxes_of(table, row)))
    )
    return lines, tuple(check for row in totals for check in _checks(table, row, good, lines))


def _named(item: Item, good: str) -> Item:
    return replace(item, name=good) if item.name == DEFAULT_GOOD else item


def _is_total(table: Table, row: Row) -> bool:
    """The total row has no address and no phone, whether or not it calls itself a total."""
    if any(_TOTAL_ROW.match(text) for text in row.cells):
        return True
    return (
        not table.text(row, Meaning.ADDRESS) and not table.text(row, Meaning.PHONE) and row is table.rows[-1]
    )


def _checks(table: Table, row: Row, good: str, lines: Sequence[OrderLine]) -> Iterator[ControlTotal]:
    count = quantity(table.own_text(row, Meaning.QUANTITY))
    if count is not None:
        items = [item for line in lines if line.action is Action.ORDER for item in line.items]
        yield total_check(
            table, row, good, count[0], sum((item.qty or Decimal(0) for item in items), Decimal(0))
        )
    stated_fen = money_fen(table.own_text(row, Meaning.TOTAL))
    if stated_fen is not None:
        orders = [other for other in table.rows if not _is_total(table, other)]
        summed_fen = sum(money_fen(table.own_text(order, Meaning.TOTAL)) or 0 for order in orders)
        yield total_check(table, row, "订单总金额", Decimal(stated_fen) / 100, Decimal(summed_fen) / 100)
