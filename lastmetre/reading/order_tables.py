"""Order tables of any kind: 房号+电话+订购清单, 小区+门栋+户号+电话+订单, a column for each good."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lastmetre.reading.boxes import Boxes
from lastmetre.reading.cell_values import quantity
from lastmetre.reading.column_names import HOME, Meaning, meaning_of, plain_header
from lastmetre.reading.columns import Column, Table, cell
from lastmetre.reading.folding import bare, fold
from lastmetre.reading.order_rows import RowReader, good_of_header
from lastmetre.reading.places import find_places
from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.tables import Row
from lastmetre.terms import Action, Compound, Good, Item, OrderLine, Place, say

_TOTAL_ROW = re.compile(r"(?:合计|总计|小计|汇总|共计)")
_NO_GOOD = re.compile("年龄|身份证|老人|孩子|儿童|体温|车牌|面积|核酸|疫苗|组长|志愿者|是否|签")
_MOST_OF_A_GOOD = 999
_WANTS = (Meaning.ORDER, Meaning.GOOD, Meaning.COUNT, Meaning.QUANTITY)
_IDENTITY = (*HOME, Meaning.PHONE, Meaning.NAME, Meaning.ORDERED_BY, Meaning.NUMBER)


def with_goods_as_columns(table: Table, goods: Sequence[Good] = ()) -> Table:
    """Take columns that nobody names otherwise as goods: those on offer, or those that hold only quantities."""
    offered = {bare(name) for good in goods for name in (good.name, good.code, *good.aliases)}
    may_guess = not table.has(Meaning.ORDER, Meaning.GOOD, Meaning.COUNT)
    return replace(
        table,
        columns=tuple(
            replace(column, meaning=Meaning.COUNT)
            if column.meaning is None
            and (bare(good_of_header(column)[0]) in offered or (may_guess and _holds_quantities(table, column)))
            else column
            for column in table.columns
        ),
    )


def _holds_quantities(table: Table, column: Column) -> bool:
    if meaning_of(column.header, Meaning) or _NO_GOOD.search(column.header):
        return False
    counts = [quantity(text) for row in table.rows if (text := cell(row, column.index))]
    return bool(counts) and all(count and count[0] <= _MOST_OF_A_GOOD for count in counts[:-1] or counts)
