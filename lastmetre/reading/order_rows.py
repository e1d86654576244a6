"""One row of any order table -> one order line: its home, who, what is wanted, what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lastmetre.reading.boxes import Boxes, note_doubts, read_home, spell
from lastmetre.reading.cell_values import is_yes, money_fen, phone, quantity
from lastmetre.reading.column_names import Meaning
from lastmetre.reading.columns import CELLS, Column, Table, cell
from lastmetre.reading.folding import fold
from lastmetre.reading.intents import asks
from lastmetre.reading.items import read_items
from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.tables import Row
from lastmetre.reading.vocabulary import DEFAULT_GOOD
from lastmetre.terms import Action, Compound, Doubt, Good, Item, OrderLine, say

_NOTHING = re.compile(r"(?:无|没有?|不(?:需)?要|不订|不用|暂无|/|\\|-+|0|×|x|\*)?", re.IGNORECASE)
_PAID = re.compile(r"(?<!未)(?<!没)(?:已|付|支付|转账|是|√|✓|有)")
_UNPAID = re.compile(r"未|没|待|否|欠")
_VOID = re.compile(r"已?(?:取消|退款|关闭|作废|退单)")
_CANCELS = re.compile(r"(?:全部?)?(?:取消|不要了|退(?:了|单|掉|出)|作废|算了|不[买订定]了)(?:谢+)?[\s.!~]*")
_CHANGES = re.compile(
    r"取消|不要了|退[掉单]|作废|改[成为要]|换[成为]|[再多]加|追加|加[一两二三四五六七八九十\d]|少要|减[掉少去]"
)
_HEADER_PRICE = re.compile(r"\s*[¥￥]?\s*\d+(?:\.\d+)?\s*元(?:\s*/\s*\w{1,2})?\s*")
_HEADER_SPECIFICATION = re.compile(r"(?P<name>[^()]+)\((?P<specification>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one table."""

    table: Table
    goods: tuple[Good, ...] = ()
    compound: Compound | None = None

    def read(self, row: Row, boxes: Boxes) -> OrderLine | None:
        """Return the row's line; None where it orders nothing. `boxes` is its home as the table tells it."""
        items, doubts, action = self._wants(row)
        note = self._note(row)
        if not items and not doubts and action is Action.ORDER:
            return None
        place, home_doubts = read_home(boxes, self.compound)
        if not (spell(place) or home_doubts):
            home_doubts = (Doubt("home_missing", say("This row names no home.")),)
        status = self.table.own_text(row, Meaning.STATUS) or self.table.own_text(row, Meaning.PAID)
        if _VOID.match(status):
            action, doubts, home_doubts = Action.NONE, (), ()
        elif not home_doubts:
            home_doubts = note_doubts(note, place, self.compound)
        name, ordered_by = (self.table.text(row, part) for part in (Meaning.NAME, Meaning.ORDERED_BY))
        return OrderLine(
            raw=self.raw(row),
            source=self.table.at(row),
            action=action,
            seq=self.table.text(row, Meaning.NUMBER),
            who=name or ordered_by,
            place=place,
            phone=phone(self.table.text(row, Meaning.PHONE)),
            items=items,
            paid_claimed=self._claims_payment(row),
            note=note,
            doubts=(
                *home_doubts,
                *self._compound_doubts(row),
                *doubts,
                *self._note_changes(items, note, action),
            ),
            details={"status": status} if _VOID.match(status) else {},
        )

    def raw(self, row: Row) -> str:
        """Return the row as a person would read it aloud."""
        return self.table.aloud(row, range(len(row.cells)))

    def _wants(self, row: Row) -> tuple[tuple[Item, ...], tuple[Doubt, ...], Action]:
        """Return what order text, good and quantity columns, and columns of single goods say."""
        text = self._order_text(row)
        items, doubts, action = self._read_text(text)
        counted, odd = self._counted(row)
        listed, unclear = self._listed(row)
        return (*items, *listed, *counted), (*doubts, *unclear, *odd, *self._strays(row)), action

    def _order_text(self, row: Row) -> str:
        texts = [self.table.own_text(row, Meaning.ORDER)]
        if self.table.has(Meaning.GOOD) and not self.table.has(Meaning.QUANTITY):
            texts.append(self.table.own_text(row, Meaning.GOOD))
        if self.table.columns[-1].meaning is Meaning.ORDER:
            # A comma within the order of an unquoted CSV cuts it into more cells.
            texts += row.cells[self.table.columns[-1].index + 1 :]
        return "，".join(filter(None, texts))

    def _read_text(self, text: str) -> tuple[tuple[Item, ...], tuple[Doubt, ...], Action]:
        folded = fold(text).strip()
        if is_nothing(text):
            return (), (), Action.ORDER
        if _CANCELS.fullmatch(folded):
            return (), (), Action.CANCEL
        items, doubts = read_items(text, self.goods)
        if asks(folded) and not any(item.qty_stated for item in items):
            return (), (), Action.QUESTION
        if changes_order(text):
            doubts += (Doubt("order_changes", say("What shall it be in the end? “{text}”", text=text)),)
        elif not items and not doubts:
            doubts = (Doubt("order_unclear", say("What is ordered here? “{text}”", text=text)),)
        return items, doubts, Action.ORDER

    def _listed(self, row: Row) -> tuple[tuple[Item, ...], tuple[Doubt, ...]]:
        """Read the columns good and quantity: one good a row."""
        if not self.table.has(Meaning.QUANTITY):
            return (), ()
        stated, good = self.table.own_text(row, Meaning.QUANTITY), self.table.own_text(row, Meaning.GOOD)
        if is_nothing(stated) and (stated or not good):
            return (), ()
        if self.table.has(Meaning.ORDER) and not good:
            return (), ()
        count = quantity(stated)
        if count is None and not self.table.has(Meaning.GOOD):
            return read_items(stated, self.goods)
        name = good or DEFAULT_GOOD
        item = Item(
            name,
            qty=count[0] if count else None,
            unit=(count[1] if count else "") or self.table.text(row, Meaning.SALE_UNIT),
            code=self.table.own_text(row, Meaning.CODE),
            amount_fen=money_fen(self.table.own_text(row, Meaning.AMOUNT)),
            specification=self.table.own_text(row, Meaning.SPECIFICATION),
        )
        doubts = () if count else (_how_many(name, stated),)
        return (item,), doubts

    def _counted(self, row: Row) -> tuple[list[Item], list[Doubt]]:
        """Read the columns of which each is a good."""
        items, doubts = [], []
        for column in self.table.columns:
            text = cell(row, column.index)
            if column.meaning is not Meaning.COUNT or column.index in row.filled or is_nothing(text):
                continue
            count = quantity(text)
            name, specification = good_of_header(column)
            items.append(
                Item(
                    name,
                    qty=count[0] if count else None,
                    unit=count[1] if count else "",
                    qty_stated=any(sign.isdigit() for sign in text),
                    specification=specification,
                )
            )
            if count is None:
                doubts.append(_how_many(name, text))
        return items, doubts

    def _strays(self, row: Row) -> list[Doubt]:
        """Doubt what stands outside all columns: it may be part of the order."""
        last = self.table.columns[-1]
        headed = {column.index for column in self.table.columns}
        stray = [
            text
            for at, text in enumerate(row.cells)
            if text and at not in headed and not (at > last.index and last.meaning is Meaning.ORDER)
        ]
        return (
            [Doubt("stray_cell", say("“{text}” stands in a column without a header.", text="，".join(stray)))]
            if stray
            else []
        )

    def _note(self, row: Row) -> str:
        texts = [cell(row, at) for at in self.table.indexes(Meaning.NOTE) if at not in row.filled]
        return "；".join(dict.fromkeys(filter(None, texts)))

    def _note_changes(self, items: Sequence[Item], note: str, action: Action) -> list[Doubt]:
        if not items or action is Action.NONE or not changes_order(note):
            return []
        return [Doubt("note_changes", say("The note changes the order: “{note}”.", note=note))]

    def _claims_payment(self, row: Row) -> bool:
        text = self.table.own_text(row, Meaning.PAID)
        if is_yes(text) is not None:
            return bool(is_yes(text))
        return bool(_PAID.search(text)) and not _UNPAID.search(text) and not _VOID.match(text)

    def _compound_doubts(self, row: Row) -> list[Doubt]:
        named = self.table.text(row, Meaning.COMPOUND)
        if not named or self.compound is None:
            return []
        own = [fold(name) for name in (self.compound.name, *self.compound.aliases)]
        if any(name in fold(named) or fold(named) in name for name in own):
            return []
        return [
            Doubt(
                "other_compound",
                say("The row says {named}, not {compound}.", named=named, compound=self.compound.name),
            )
        ]


def is_nothing(text: str) -> bool:
    """Say whether a cell orders nothing: empty, 无, 不需要, 0, a dash."""
    return _NOTHING.fullmatch(fold(text).strip()) is not None


def changes_order(text: str) -> bool:
    """Say whether a note or cell takes back or changes what was ordered (取消, 再加2份, 换成…)."""
    return _CHANGES.search(fold(text)) is not None


def good_of_header(column: Column) -> tuple[str, str]:
    """Return name and specification of the good that a header names: 鸡蛋(30枚) 25元 -> 鸡蛋, 30枚."""
    text = _HEADER_PRICE.sub("", fold(column.header.replace("\n", " "))).strip()
    found = _HEADER_SPECIFICATION.fullmatch(text)
    return (found["name"].strip(), found["specification"].strip()) if found else (text, "")


def _how_many(name: str, text: str) -> Doubt:
    return Doubt(
        "quantity_missing", say("How many of “{name}”? The cell says “{text}”.", name=name, text=text)
    )


def total_check(table: Table, row: Row, good: str, stated: Decimal, summed: Decimal) -> ControlTotal:
    """Compare what a total row states for a good with the orders read."""
    return ControlTotal(
        OrderLine(CELLS.join(filter(None, row.cells)), table.at(row), Action.TOTAL),
        good,
        stated,
        summed,
        say(
            "“{good}”: the total row says {stated}, the orders read add up to {summed}.",
            good=good,
            stated=stated,
            summed=summed,
        ),
    )
