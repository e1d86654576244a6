"""The workbook of products: read into a plan, and written from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from lastmetre.ground.goods.drafts import NewLine, NewProduct
from lastmetre.ground.goods.forms.cells import (
    Column,
    Unread,
    called,
    cell_error,
    count,
    differences,
    joined,
    number,
    one_of,
    quantity,
    read_cells,
    text,
    texts,
    yes,
    yes_no,
)
from lastmetre.ground.goods.models import Category, Product
from lastmetre.ground.goods.plans import Outcome, Plan, PlannedRow
from lastmetre.ground.goods.rules import Disinfection, Temperature
from lastmetre.ground.protection.ids import new_id
from lastmetre.papers.tables import Kind, Table
from lastmetre.reading.cell_values import decimal
from lastmetre.reading.listings import ListedRow, Listing
from lastmetre.terms import InputError, say

KIND = "products"
_LINE = re.compile(r"(?P<what>.*?)(?:\s*[(（](?P<code>[^()（）*×]+)[*×](?P<quantity>[\d.]+)[)）])?")

COLUMNS = (
    Column(
        "code", say("Product code"), text, width=10, names=("代码", "编码", "货号", "code"), is_needed=True
    ),
    Column("name", say("Product"), text, width=18, names=("名称", "品名", "商品名称"), is_needed=True),
    Column("category", say("Category"), text, names=("类别", "品类"), is_needed=True),
    Column("aliases", say("Aliases"), texts, joined, names=("又名", "俗称")),
    Column("specification", say("Specification"), text, width=16),
    Column("unit", say("Sale unit"), text, width=8, names=("单位",)),
    Column("step", say("Step"), quantity, number, Kind.NUMBER, 8, names=("起售",)),
    Column("weight_g", say("Weight (g)"), count, number, Kind.NUMBER, 10, names=("重量(克)",)),
    Column("volume_ml", say("Volume (ml)"), count, number, Kind.NUMBER, 10, names=("体积(毫升)",)),
    Column("case_size", say("Case size"), count, number, Kind.NUMBER, 8, names=("箱规",)),
    Column("keeps_days", say("Keeps (days)"), count, number, Kind.NUMBER, 8),
    Column("disinfection", say("Disinfection"), one_of(Disinfection), called),
    Column("standing_min", say("Standing (minutes)"), count, number, Kind.NUMBER, 8),
    Column("temperature", say("Temperature"), one_of(Temperature), called, width=8),
    Column("is_package", say("Package"), yes, yes_no, width=8),
    Column("lines", say("Contents line by line"), text, width=40, names=("套餐明细",)),
    Column("contents", say("Contents"), text, width=30, names=("内容",)),
)
_BY_KEY = {column.key: column for column in COLUMNS}
_DEFAULTS: dict[str, Any] = {"unit": "份", "step": Decimal(1)}


def plan_products(listing: Listing, *, owner: UUID | None = None) -> Plan:
    """Hold a workbook of products (of one supplier's own where `owner`) against the catalogue."""
    reader = _Reader(listing, owner)
    return Plan(KIND, tuple(reader.row(row) for row in listing.rows), listing.notices)


class _Reader:
    """Holds what the database has against the rows."""

    def __init__(self, listing: Listing, owner: UUID | None) -> None:
        self.columns, self.owner = listing.columns, owner
        self.there = {row.code: row for row in Product.objects.prefetch_related("lines__product")}
        self.categories: dict[str, str] = {}
        for category in Category.objects.all():
            for name in (category.code, category.name, category.name_en):
                self.categories[name.casefold()] = category.code
        self.new: dict[str, NewProduct] = {}
        self.first: dict[str, int | None] = {}
        codes = {row.text("code") for row in listing.rows}
        self.coming = {code: new_id() for code in codes if code not in self.there}

    def row(self, row: ListedRow) -> PlannedRow:
        label = " ".join(filter(None, (row.text("code"), row.text("name"), row.text("specification"))))
        try:
            return self._read(row, label)
        except InputError as error:
            return PlannedRow(row.source, label, Outcome.REFUSED, refusal=error)

    def _read(self, row: ListedRow, label: str) -> PlannedRow:
        values = read_cells(row, COLUMNS, self._filled(row))
        code = values["code"]
        if code in self.first:
            raise cell_error(row, _BY_KEY["code"], say("Row {row} has this code too.", row=self.first[code]))
        self.first[code] = row.source.row
        values["category"] = self._category(row)
        there = self.there.get(code)
        if there and there.owner_id != self.owner:
            raise InputError(
                say("The code “{code}” belongs to another catalogue.", code=code),
                remedy=say("Choose another code."),
                source=row.source,
            )
        before = product_values(there) if there else {}
        if "lines" in values:
            values["lines"] = self._lines(row, code)
        merged = {**_DEFAULTS, **before, **values}
        identity = there.pk if there else self.coming[code]
        draft = NewProduct(id=identity, owner=self.owner, **merged)
        if there is None:
            return PlannedRow(row.source, label, Outcome.ADDED, draft)
        shown = differences(COLUMNS, _told(before, self), _told({**before, **values}, self))
        outcome = Outcome.CHANGED if shown else Outcome.SAME
        return PlannedRow(row.source, label, outcome, draft, there.pk, shown)

    def _filled(self, row: ListedRow) -> frozenset[str]:
        """A cell left empty in a column with a usual value keeps what is known or the usual."""
        usual = ("unit", "step", "disinfection", "temperature", "is_package")
        return frozenset(key for key in self.columns if row.text(key) or key not in usual)

    def _category(self, row: ListedRow) -> str:
        code = self.categories.get(row.text("category").casefold())
        if code is None:
            known = "、".join(dict.fromkeys(self.categories.values()))
            raise cell_error(row, _BY_KEY["category"], say("The categories are: {codes}.", codes=known))
        return code

    def _lines(self, row: ListedRow, code: str) -> tuple[NewLine, ...]:
        try:
            lines = read_lines(row.text("lines"), self._id_of)
        except Unread as error:
            raise cell_error(row, _BY_KEY["lines"], error.sentence) from error
        if any(line.product == self._id_of(code) for line in lines if line.product):
            raise cell_error(row, _BY_KEY["lines"], say("A package cannot contain itself."))
        return lines

    def _id_of(self, code: str) -> UUID | None:
        there = self.there.get(code)
        return there.pk if there else self.coming.get(code)

    def code_of(self, product: UUID | None) -> str:
        """Return the code of a product, known or coming."""
        known = {row.pk: code for code, row in self.there.items()} | {
            pk: code for code, pk in self.coming.items()
        }
        return known.get(product, "") if product else ""


def read_lines(typed: str, id_of: Callable[[str], UUID | None]) -> tuple[NewLine, ...]:
    """Read contents, one thing a line or between semicolons: 大米1袋 (R1*1). Raises Unread."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;；\r\n]+", typed))):
        match = _LINE.fullmatch(part)
        inside = match["code"].strip() if match and match["code"] else ""
        product = id_of(inside) if inside else None
        amount = decimal(match["quantity"]) if match and inside else None
        if match is None or (inside and (product is None or not amount)):
            raise Unread(say("Write lines such as 大米1袋 (R1*1), with codes of the catalogue."))
        found.append(NewLine((match["what"].strip() or inside)[:60], product, amount))
    return tuple(found)


def contents_read(typed: str) -> tuple[NewLine, ...]:
    """Read contents as typed on a page; raises InputError."""
    codes = {code.strip() for code in re.findall(r"[(（]([^()（）*×]+)[*×]", typed)}
    known = dict(Product.objects.filter(code__in=codes).values_list("code", "pk"))
    try:
        return read_lines(typed, known.get)
    except Unread as error:
        raise InputError(say("The contents cannot be read."), remedy=error.sentence) from error


def contents_written(row: Product) -> str:
    """Write a package's contents as a page shows them for changing, one thing a line."""
    lines = list(row.lines.select_related("product"))
    codes = {line.product_id: line.product.code for line in lines if line.product}
    drafts = [NewLine(line.what, line.product_id, _plain(line.quantity)) for line in lines]
    return lines_text(drafts, codes.__getitem__).replace("；", "\n")


def product_values(row: Product) -> dict[str, Any]:
    """Return a product as the fields of its draft."""
    values = {
        column.key: getattr(row, column.key) for column in COLUMNS if column.key not in ("category", "lines")
    }
    return values | {
        "category": row.category_id,
        "aliases": tuple(row.aliases),
        "step": row.step.normalize() + 0,
        "disinfection": Disinfection(row.disinfection),
        "temperature": Temperature(row.temperature),
        "lines": tuple(
            NewLine(line.what, line.product_id, _plain(line.quantity)) for line in row.lines.all()
        ),
    }


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize() + 0


def _told(values: Mapping[str, Any], reader: _Reader) -> dict[str, Any]:
    """Return the values as cells tell them: contents as one text."""
    lines = values.get("lines", ())
    return {**values, "lines": lines_text(lines, reader.code_of)}


def lines_text(lines: Iterable[NewLine], code_of: Any) -> str:
    """Write contents: 大米1袋 (R1*1)；鸡蛋1板 (E1*1)."""
    return "；".join(
        f"{line.what} ({code_of(line.product)}*{line.quantity:f})" if line.product else line.what
        for line in lines
    )


def product_table(products: Iterable[Product]) -> Table:
    """Return products as a sheet that can be read again without any change."""
    rows = list(products)
    codes = {line.product_id: line.product.code for row in rows for line in row.lines.all() if line.product}
    names = dict(Category.objects.values_list("code", "name"))
    written = []
    for row in rows:
        values = product_values(row)
        values |= {
            "category": names[row.category_id],
            "lines": lines_text(values["lines"], codes.__getitem__),
        }
        written.append(tuple(column.write(values[column.key]) for column in COLUMNS))
    return Table(say("Products"), tuple(column.paper for column in COLUMNS), tuple(written))
