"""The 快团团 export as exported: sheet 顾客购买表, one row an item, sheet 商品汇总表 with what was sold.

The order's total stands on its first row; later rows leave name and address blank or repeat them, and may
carry another phone or even another number (see `continuations`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lastmetre.reading.boxes import Boxes, note_doubts, read_home, spell
from lastmetre.reading.cell_values import money_fen, phone, quantity
from lastmetre.reading.column_names import OFFER, STOCK, Meaning, plain_header
from lastmetre.reading.columns import CELLS, Table, find_table
from lastmetre.reading.continuations import ExportOrder, ExportRow, group
from lastmetre.reading.folding import fold
from lastmetre.reading.order_rows import changes_order
from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.tables import Row, Sheet
from lastmetre.terms import Action, Compound, Doubt, Item, OrderLine, Place, say

_HEADERS = {"跟团号", "商品", "规格", "数量", "订单金额"}
_SOLD_HEADERS = {"商品", "规格", "销售数量"}
_TOTAL_ROW = re.compile("合计|总计|小计|汇总")
_SPECIFIED = re.compile(r"(?P<name>.+?)\s*[(（](?P<specification>.+)[)）]\s*")


def is_kuaituantuan(table: Table) -> bool:
    """Recognise the export by its headers."""
    return {plain_header(column.header) for column in table.columns} >= _HEADERS


def read_kuaituantuan(
    table: Table, sheets: Sequence[Sheet], compound: Compound | None = None
) -> tuple[tuple[OrderLine, ...], tuple[ControlTotal, ...]]:
    """Return one line an order, items inside, and the checks: totals of orders, the sheet of goods sold."""
    sold = _sold_table(sheets)
    rows = [row for row in table.rows if _is_item(table, row)]
    names = _Names.learn(table, rows, sold)
    orders = group([_export_row(table, row) for row in rows])
    lines = tuple(_Line(table, names, order, compound).build() for order in orders)
    checks = (*_money_checks(orders, lines), *_goods_checks(sold, names, lines))
    return lines, checks


def _is_item(table: Table, row: Row) -> bool:
    """Leave out total rows and remarks below the table; a row with a number is never left out."""
    good = table.own_text(row, Meaning.GOOD)
    is_total = _TOTAL_ROW.fullmatch(good) or _TOTAL_ROW.match(row.cells[0])
    return not is_total and bool(good or table.own_text(row, Meaning.NUMBER))


def _export_row(table: Table, row: Row) -> ExportRow:
    texts = {
        meaning: table.own_text(row, meaning)
        for meaning in (Meaning.ADDRESS, Meaning.LANE, Meaning.BUILDING, Meaning.UNIT, Meaning.ROOM)
    }
    home = [
        at for meaning in (Meaning.ADDRESS, Meaning.BUILDING, Meaning.ROOM) for at in table.indexes(meaning)
    ]

    def fen(meaning: Meaning) -> int:
        return money_fen(table.own_text(row, meaning)) or 0

    return ExportRow(
        row=row,
        number=table.text(row, Meaning.NUMBER),
        boxes=Boxes(**{str(meaning): text for meaning, text in texts.items()}),
        is_lent_home=any(at in row.filled for at in home),
        amount_fen=fen(Meaning.AMOUNT),
        total_fen=money_fen(table.own_text(row, Meaning.TOTAL)),
        charges_fen=fen(Meaning.FREIGHT) - fen(Meaning.DISCOUNT),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of goods without the specification that the export glues on: 西柚(十个一份) -> 西柚, 十个一份."""

    split: dict[str, tuple[str, str]]

    @classmethod
    def learn(cls, table: Table, rows: Iterable[Row], sold: Table | None) -> _Names:
        """A bracket is a specification where any row says so beside it; rows pasted by hand often do not."""
        pairs = {(table.text(row, Meaning.GOOD), table.text(row, Meaning.SPECIFICATION)) for row in rows}
        proven = set()
        for good, specification in pairs:
            found = _SPECIFIED.fullmatch(good)
            if found and fold(found["specification"]) == fold(specification):
                proven.add((good, found["name"], found["specification"]))
        if sold is not None:
            for row in sold.rows:
                name, specification = sold.text(row, Meaning.GOOD), sold.text(row, Meaning.SPECIFICATION)
                proven.add((f"{name}({specification})", name, specification))
        bought = {good for good, _ in pairs}
        bare = [name for good, name, _ in proven if good in bought]
        # Two specifications of one name are two goods: 怡颗梅蓝莓(半箱六盒), 怡颗梅蓝莓(一箱12盒).
        return cls(
            {
                good: (name if bare.count(name) < 2 else good, specification)
                for good, name, specification in proven
            }
        )

    def of(self, good: str, specification: str) -> tuple[str, str]:
        """Return name and specification of a good as the row names it."""
        return self.split.get(good, (good, "" if _SPECIFIED.fullmatch(good) else specification))


@dataclass(frozen=True, slots=True)
class _Line:
    """Builds the line of one order."""

    table: Table
    names: _Names
    order: ExportOrder
    compound: Compound | None

    def build(self) -> OrderLine:
        first = self.order.rows[0].row
        place, doubts = self._home()
        items = tuple(self._item(row) for row in self.order.all_rows)
        refund_fen = sum(self._fen(row.row, Meaning.REFUND) for row in self.order.all_rows)
        is_refunded = 0 < (self.order.total_fen or self.order.summed_fen) <= refund_fen
        name, ordered_by = (self.table.text(first, part) for part in (Meaning.NAME, Meaning.ORDERED_BY))
        note = self._note()
        if not doubts:
            doubts = note_doubts(note, place, self.compound)
        return OrderLine(
            raw="\n".join(self._raw(row.row) for row in self.order.all_rows),
            source=self.table.at(first),
            # A refunded order is no cancellation: the household may have ordered again.
            action=Action.NONE if is_refunded else Action.ORDER,
            seq=self.order.number,
            who=name or ordered_by,
            place=place,
            phone=phone(self.table.text(first, Meaning.PHONE)),
            items=items,
            note=note,
            doubts=() if is_refunded else (*doubts, *self._order_doubts(items, note, refund_fen)),
            details=self._details(ordered_by if ordered_by != name else "", refund_fen),
        )

    def _home(self) -> tuple[Place, tuple[Doubt, ...]]:
        boxes = list(dict.fromkeys(row.boxes for row in self.order.rows if row.has_home))
        read = [read_home(each, self.compound) for each in boxes]
        if not read:
            return Place(""), (self._no_home(),)
        homes = list(dict.fromkeys(spell(place) for place, _ in read if spell(place)))
        if len(homes) > 1:
            doubt = Doubt(
                "two_homes",
                say(
                    "Rows of order {number} name more than one home: {homes}.",
                    number=self.order.number,
                    homes=" / ".join(homes),
                ),
                tuple(homes),
            )
            return Place(" / ".join(each.text for each in boxes)), (doubt,)
        place, doubts = next((found for found in read if found[1] or spell(found[0])), read[0])
        return place, doubts if doubts or spell(place) else (self._no_home(),)

    def _no_home(self) -> Doubt:
        if self.order.above is None:
            return Doubt("home_missing", say("This order names no home."))
        above = self.order.above
        place = next(
            (read_home(row.boxes, self.compound)[0] for row in above.rows if row.has_home), Place("")
        )
        return Doubt(
            "home_missing",
            say(
                "Number {number} names no home. Does it belong to {above} above it?",
                number=self.order.number or "?",
                above=above.number,
            ),
            tuple(filter(None, (spell(place),))),
        )

    def _item(self, row: ExportRow) -> Item:
        name, specification = self.names.of(
            self.table.text(row.row, Meaning.GOOD), self.table.text(row.row, Meaning.SPECIFICATION)
        )
        count = quantity(self.table.own_text(row.row, Meaning.QUANTITY))
        return Item(
            name,
            qty=count[0] if count else None,
            unit=count[1] if count else "",
            specification=specification,
            amount_fen=row.amount_fen or None,
        )

    def _order_doubts(self, items: Sequence[Item], note: str, refund_fen: int) -> Iterable[Doubt]:
        for item in items:
            if not item.name:
                yield Doubt(
                    "good_missing", say("Order {number} has a row without a good.", number=self.order.number)
                )
            elif not item.qty:
                yield Doubt("quantity_missing", say("How many of “{name}”?", name=item.name))
        if changes_order(note):
            yield Doubt(
                "note_changes", say("The note changes the order: “{note}”.", note=note), (_items_text(items),)
            )
        yield from _refund_doubts(items, refund_fen)

    def _details(self, ordered_by: str, refund_fen: int) -> dict[str, object]:
        rows = self.order.all_rows
        details: dict[str, object] = {"platform": "快团团", "item_rows": [row.row.number for row in rows]}
        if self.order.continued:
            details["continued"] = [
                {"number": row.number, "row": row.row.number} for row in self.order.continued
            ]
        if self.order.total_fen is not None:
            details["total_fen"] = self.order.total_fen
        if refund_fen:
            details["refund_fen"] = refund_fen
        if ordered_by:
            details["ordered_by"] = ordered_by
        return details

    def _fen(self, row: Row, meaning: Meaning) -> int:
        return money_fen(self.table.own_text(row, meaning)) or 0

    def _note(self) -> str:
        texts = [
            row.row.cells[at]
            for row in self.order.all_rows
            for at in self.table.indexes(Meaning.NOTE)
            if at < len(row.row.cells) and at not in row.row.filled
        ]
        return "；".join(dict.fromkeys(filter(None, texts)))

    def _raw(self, row: Row) -> str:
        kept = (column.index for column in self.table.columns if column.meaning is not Meaning.IGNORE)
        return self.table.aloud(row, (at for at in kept if at not in row.filled))


def _items_text(items: Iterable[Item]) -> str:
    """Return items in the words that the review reads back."""
    return "，".join(
        f"{item.name} {item.qty if item.qty is not None else '?'}{item.unit or '份'}" for item in items
    )


def _refund_doubts(items: Sequence[Item], refund_fen: int) -> Iterable[Doubt]:
    """A refund of exactly an item's money may mean that the item was taken back; any other is a discount."""
    taken = [item for item in items if refund_fen and item.amount_fen == refund_fen]
    if taken:
        kept = (_items_text(other for other in items if other is not item) for item in taken)
        yield Doubt(
            "item_refunded",
            say(
                "{yuan} yuan were refunded: was “{name}” taken back?",
                yuan=_yuan(refund_fen),
                name=taken[0].name,
            ),
            (*dict.fromkeys(filter(None, kept)), _items_text(items)),
        )


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def _sold_table(sheets: Sequence[Sheet]) -> Table | None:
    found = (find_table(sheet, OFFER | STOCK) for sheet in sheets)
    return next(
        (
            table
            for table in found
            if table and {plain_header(column.header) for column in table.columns} >= _SOLD_HEADERS
        ),
        None,
    )


def _money_checks(orders: Sequence[ExportOrder], lines: Sequence[OrderLine]) -> Iterable[ControlTotal]:
    for order, line in zip(orders, lines, strict=True):
        stated, summed = order.total_fen, order.summed_fen
        if stated is not None and stated != summed:
            yield ControlTotal(
                OrderLine(line.raw, line.source, Action.TOTAL, seq=line.seq, place=line.place),
                "订单金额",
                _yuan(stated),
                _yuan(summed),
                say(
                    "Order {number} states {stated} yuan, its rows add up to {summed}.",
                    number=order.number,
                    stated=_yuan(stated),
                    summed=_yuan(summed),
                ),
            )


def _goods_checks(sold: Table | None, names: _Names, lines: Iterable[OrderLine]) -> Iterable[ControlTotal]:
    if sold is None:
        return
    ordered: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        for item in line.items if line.action is Action.ORDER else ():
            key = (item.name, item.specification)
            ordered[key] = ordered.get(key, Decimal(0)) + (item.qty or 0)
    for row in sold.rows:
        name, specification = sold.text(row, Meaning.GOOD), sold.text(row, Meaning.SPECIFICATION)
        stated = quantity(sold.own_text(row, Meaning.QUANTITY))
        if not name or stated is None:
            continue
        summed = ordered.get(names.of(f"{name}({specification})", specification), Decimal(0))
        yield ControlTotal(
            OrderLine(CELLS.join(filter(None, row.cells)), sold.at(row), Action.TOTAL),
            f"{name}({specification})",
            stated[0],
            summed,
            say(
                "“{good}”: {stated} were sold, the orders read add up to {summed}.",
                good=f"{name}({specification})",
                stated=stated[0],
                summed=summed,
            ),
        )
