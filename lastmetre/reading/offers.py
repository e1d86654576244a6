"""An offer file (YAML or workbook) -> `Offer`; a stock file -> sale units available of each good."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from lastmetre.reading.cell_values import decimal, money_fen, quantity, whole
from lastmetre.reading.column_names import OFFER, STOCK, Meaning
from lastmetre.reading.columns import GivenMapping, Table, check_given, find_table, headers_seen
from lastmetre.reading.folding import bare, fold
from lastmetre.reading.guards import is_table_file
from lastmetre.reading.tables import Row, Workbook, read_tables
from lastmetre.reading.yaml_files import Value, read_yaml
from lastmetre.terms import Good, InputError, Offer, Source, say

_KEYS = ("title", "supplier", "goods")
_GOOD_KEYS = (
    *("code", "name", "aliases", "specification", "unit", "step", "price_yuan", "price_fen", "weight_g"),
    *("volume_ml", "case_size", "limit", "substitutes", "contents"),
)
_LIST = re.compile(r"[,;/|\s]+")
_GRAMS = {"克": 1, "g": 1, "公斤": 1000, "千克": 1000, "kg": 1000, "斤": 500}
_MILLILITRES = {"毫升": 1, "ml": 1, "升": 1000, "l": 1000}
_NO_NUMBER = frozenset(("", "-", "/", "无", "不限", "不限购"))
Number = TypeVar("Number", int, Decimal)


def read_offer(path: Path, mapping: GivenMapping | None = None) -> Offer:
    """Read what is on offer; raises InputError that names line or row."""
    offer = _read_table(path, mapping) if is_table_file(path) else _read_yaml(path)
    _check_substitutes(offer, Source(path.name))
    return offer


def _read_yaml(path: Path) -> Offer:
    root = read_yaml(path)
    keys = root.keys(_KEYS)
    goods = tuple(
        (_read_good(value), value.source) for value in (keys["goods"].each() if "goods" in keys else ())
    )
    _check_names(goods, root.source)
    return Offer(
        title=keys["title"].text() if "title" in keys else "",
        supplier=keys["supplier"].text() if "supplier" in keys else "",
        goods=tuple(good for good, _ in goods),
    )


def _read_good(value: Value) -> Good:
    keys = value.keys(_GOOD_KEYS)
    if "name" not in keys:
        raise value.wrong(say("A good needs a name."))
    if "price_yuan" in keys and "price_fen" in keys:
        raise value.wrong(say("Give price_yuan or price_fen, not both."))
    name = keys["name"].text()
    return Good(
        code=keys["code"].text() if "code" in keys else name,
        name=name,
        aliases=keys["aliases"].texts() if "aliases" in keys else (),
        specification=keys["specification"].text() if "specification" in keys else "",
        unit=keys["unit"].text() if "unit" in keys else "份",
        step=keys["step"].number() if "step" in keys else Decimal(1),
        price_fen=_price_fen(keys),
        weight_g=keys["weight_g"].whole() if "weight_g" in keys else None,
        volume_ml=keys["volume_ml"].whole() if "volume_ml" in keys else None,
        case_size=keys["case_size"].whole(1) if "case_size" in keys else None,
        limit_per_household=keys["limit"].whole() if "limit" in keys else None,
        substitutes=keys["substitutes"].texts() if "substitutes" in keys else (),
        contents=keys["contents"].text() if "contents" in keys else "",
    )


def _price_fen(keys: Mapping[str, Value]) -> int | None:
    if "price_fen" in keys:
        return keys["price_fen"].whole()
    if "price_yuan" not in keys:
        return None
    value = keys["price_yuan"]
    fen = money_fen(value.text())
    if fen is None or fen < 0:
        raise value.wrong(say("“{text}” is no price in yuan such as 39.9.", text=value.text()))
    return fen


def _read_table(path: Path, mapping: GivenMapping | None) -> Offer:
    workbook = read_tables(path)
    check_given(mapping, workbook)
    table = _table(workbook, Meaning.PRICE, mapping)
    found = [
        (_Cells(table, row).good(), table.at(row)) for row in table.rows if table.text(row, Meaning.GOOD)
    ]
    names = [good.name for good, _ in found]
    goods = [(_told_apart(good) if names.count(good.name) > 1 else good, source) for good, source in found]
    _check_names(goods, workbook.source)
    return Offer(goods=tuple(good for good, _ in goods))


def _table(workbook: Workbook, essential: Meaning, mapping: GivenMapping | None) -> Table:
    """Find the table of goods; of several the one that has the essential column."""
    wanted = OFFER | STOCK
    tables = [table for sheet in workbook.sheets if (table := find_table(sheet, wanted, mapping))]
    named = [table for table in tables if table.has(Meaning.GOOD, Meaning.CODE)]
    if not named:
        raise InputError(
            say(
                "No column holds the goods. The columns are: {headers}.",
                headers=headers_seen(workbook.sheets),
            ),
            remedy=say("Name the columns 代码, 商品, 规格, 单位, 单价(元), 库存, or say what they are."),
            source=workbook.source,
        )
    return max(named, key=lambda table: (table.has(essential), len(table.mapping())))


def _told_apart(good: Good) -> Good:
    """Name goods that differ only by specification as exports do: 怡颗梅蓝莓(半箱六盒)."""
    name = f"{good.name}({good.specification})" if good.specification else good.name
    return replace(good, name=name, code=name if good.code == good.name else good.code)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one good's row, each checked as it is read."""

    table: Table
    row: Row

    def good(self) -> Good:
        name = self.text(Meaning.GOOD)
        return Good(
            code=self.text(Meaning.CODE) or name,
            name=name,
            aliases=self.texts(Meaning.ALIASES),
            specification=self.text(Meaning.SPECIFICATION),
            unit=self.text(Meaning.SALE_UNIT) or "份",
            step=self.number(Meaning.STEP, decimal) or Decimal(1),
            price_fen=self.number(Meaning.PRICE, self._price_fen),
            weight_g=self.number(Meaning.WEIGHT, lambda text: self._scaled(Meaning.WEIGHT, text, _GRAMS)),
            volume_ml=self.number(
                Meaning.VOLUME, lambda text: self._scaled(Meaning.VOLUME, text, _MILLILITRES)
            ),
            case_size=self.number(Meaning.CASE_SIZE, whole),
            limit_per_household=self.number(Meaning.LIMIT, whole),
            substitutes=self.texts(Meaning.SUBSTITUTES),
            contents=self.text(Meaning.CONTENTS),
        )

    def text(self, meaning: Meaning) -> str:
        return self.table.text(self.row, meaning)

    def texts(self, meaning: Meaning) -> tuple[str, ...]:
        return tuple(filter(None, _LIST.split(fold(self.text(meaning)))))

    def number(self, meaning: Meaning, read: Callable[[str], Number | None]) -> Number | None:
        text = self.text(meaning)
        if text in _NO_NUMBER:
            return None
        value = read(text)
        if value is None or value < 0:
            raise InputError(
                say("“{text}” in column “{header}” cannot be read.", text=text, header=self._header(meaning)),
                remedy=say(
                    "Write a number; say in the header what it counts: 单价(元), 重量(克), 体积(毫升)."
                ),
                source=self.table.at(self.row),
            )
        return value

    def _header(self, meaning: Meaning) -> str:
        return next(column.header for column in self.table.columns if column.meaning is meaning)

    def _price_fen(self, text: str) -> int | None:
        """Prices are in yuan unless the header says 分: nobody prices in fen without saying so."""
        header = fold(self._header(Meaning.PRICE))
        return money_fen(text, in_fen=header.endswith(("(分)", "_fen")))

    def _scaled(self, meaning: Meaning, text: str, units: Mapping[str, int]) -> int | None:
        """Read a number whose unit stands behind it or in the header; None where neither says it."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(\S*)", fold(text).casefold())
        if not found:
            return None
        said = found[2] or fold(self._header(meaning)).casefold()
        unit = next(
            (unit for unit in units if said == unit or said.endswith((f"({unit})", f"_{unit}"))), None
        )
        return round(Decimal(found[1]) * units[unit]) if unit else None


def _check_names(goods: Sequence[tuple[Good, Source]], source: Source) -> None:
    """Refuse two goods that answer to one code, name or alias; raises InputError."""
    if not goods:
        raise InputError(
            say("Nothing is on offer here."),
            remedy=say("List the goods with code, name and unit."),
            source=source,
        )
    named: dict[str, int] = {}
    for at, (good, place) in enumerate(goods):
        for name in (good.code, good.name, *good.aliases):
            first = named.setdefault(bare(name), at)
            if first != at:
                raise InputError(
                    say(
                        "“{name}” names two goods; the other stands in row {row}.",
                        name=name,
                        row=goods[first][1].row,
                    ),
                    remedy=say("Give each good its own code and names."),
                    source=place,
                )


def _check_substitutes(offer: Offer, source: Source) -> None:
    codes = [good.code for good in offer.goods]
    for good in offer.goods:
        for code in good.substitutes:
            if code not in codes:
                raise InputError(
                    say(
                        "“{name}” names the substitute “{code}”, which is not on offer.",
                        name=good.name,
                        code=code,
                    ),
                    remedy=say("The codes are: {codes}.", codes="、".join(codes)),
                    source=source,
                )


def read_stock(path: Path, offer: Offer, mapping: GivenMapping | None = None) -> dict[str, Decimal]:
    """Return the sale units available by a good's code, of the goods that are named; raises InputError."""
    if is_table_file(path):
        stated = _stock_rows(path, mapping)
    else:
        root = read_yaml(path)
        keys = root.content if isinstance(root.content, dict) else root.keys(["A"])
        stated = [(name, value.text(), value.source) for name, value in keys.items()]
    codes = {bare(name): good.code for good in offer.goods for name in (good.name, *good.aliases, good.code)}
    codes |= {bare(good.name + good.specification): good.code for good in offer.goods}
    stock: dict[str, Decimal] = {}
    for name, text, source in stated:
        code = codes.get(bare(name))
        if code is None:
            near = difflib.get_close_matches(bare(name), codes, 1, 0.4)
            raise InputError(
                say("“{name}” is not on offer.", name=name),
                remedy=say("Did you mean “{near}”?", near=codes[near[0]])
                if near
                else say("The codes are: {codes}.", codes="、".join(good.code for good in offer.goods)),
                source=source,
            )
        found = quantity(text)
        if found is None:
            raise InputError(
                say("The stock of “{name}” must be a number, not “{text}”.", name=name, text=text),
                remedy=say("Write how many sale units there are, such as 120."),
                source=source,
            )
        if code in stock:
            raise InputError(
                say("The stock of “{name}” is stated twice.", name=name),
                remedy=say("Keep one line for each good."),
                source=source,
            )
        stock[code] = found[0]
    return stock


def _stock_rows(path: Path, mapping: GivenMapping | None) -> list[tuple[str, str, Source]]:
    workbook = read_tables(path)
    check_given(mapping, workbook)
    table = _table(workbook, Meaning.STOCK, mapping)
    if not table.has(Meaning.STOCK, Meaning.QUANTITY):
        raise InputError(
            say(
                "No column holds the stock. The columns are: {headers}.",
                headers=headers_seen(workbook.sheets),
            ),
            remedy=say("Name the column 库存, or say which it is."),
            source=table.source,
        )
    return [
        (name, text, table.at(row))
        for row in table.rows
        if (name := table.text(row, Meaning.CODE) or table.text(row, Meaning.GOOD))
        and (text := table.text(row, Meaning.STOCK) or table.text(row, Meaning.QUANTITY))
    ]
