"""The workbook of offers: read into a plan, and written from what is on offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lastmetre.ground.goods.drafts import NewOffer
from lastmetre.ground.goods.forms.areas import Areas, areas_of_supplier
from lastmetre.ground.goods.forms.cells import (
    Column,
    cell_error,
    count,
    differences,
    number,
    quantity,
    read_cells,
    text,
    yuan_cell,
)
from lastmetre.ground.goods.models import Offer, OfferCost, Product, Supplier
from lastmetre.ground.goods.plans import Outcome, Plan, PlannedRow
from lastmetre.ground.goods.queries.caps import CapsInForce
from lastmetre.ground.goods.queries.findings import benchmarks_of
from lastmetre.ground.goods.queries.periods import priced, valid
from lastmetre.ground.goods.rules import check_cap, reference_finding
from lastmetre.ground.protection.ids import new_id
from lastmetre.papers.tables import Kind, Table
from lastmetre.reading.listings import ListedRow, Listing
from lastmetre.terms import InputError, Sentence, say

KIND = "offers"
COLUMNS = (
    Column(
        "product", say("Product code"), text, width=10, names=("代码", "编码", "货号", "code"), is_needed=True
    ),
    Column("name", say("Product"), text, width=24, names=("名称", "品名", "商品名称")),
    Column("area", say("Area"), text, width=16, names=("小区", "供应范围")),
    Column(
        "price_fen", say("Price (yuan)"), yuan_cell, number, Kind.FEN, 10, ("价格", "售价"), is_needed=True
    ),
    Column("stock", say("Stock"), quantity, number, Kind.NUMBER, 8, ("现有库存", "现货")),
    Column("code", say("Letter in the list"), text, width=8, names=("团购代号",)),
    Column("case_size", say("Case size"), count, number, Kind.NUMBER, 8, ("箱规",)),
    Column("minimum", say("Minimum"), count, number, Kind.NUMBER, 8, ("起订量",)),
    Column(
        "limit_per_household", say("Limit a household"), count, number, Kind.NUMBER, 8, ("限购", "每户限购")
    ),
    Column("cost_fen", say("Cost (yuan)"), yuan_cell, number, Kind.FEN, 10, ("成本", "进货价")),
)
_BY_KEY = {column.key: column for column in COLUMNS}
_COMPARED = tuple(column for column in COLUMNS if column.key not in ("product", "name", "area"))


@dataclass(frozen=True, slots=True)
class OfferChange:
    """What a row changes of an offer that is there."""

    offer: UUID
    values: dict[str, Any]


def plan_offers(listing: Listing, supplier: Supplier, *, at: datetime) -> Plan:
    """Hold a workbook of one supplier's offers against what it offers; rows that are not named stay."""
    reader = _Reader(listing, supplier, at)
    return Plan(KIND, tuple(reader.row(row) for row in listing.rows), listing.notices)


class _Reader:
    """Holds what the database has against the rows."""

    def __init__(self, listing: Listing, supplier: Supplier, at: datetime) -> None:
        self.columns, self.supplier, self.at = listing.columns, supplier, at
        codes = {row.text("product") for row in listing.rows}
        products = Product.objects.filter(code__in=codes, ended_at__isnull=True)
        self.products = {row.code: row for row in products if row.owner_id in (None, supplier.pk)}
        # Clerks know their goods by the letters that residents order by.
        lettered = Offer.objects.filter(valid(at), supplier=supplier, code__in=codes - {""})
        for offer in lettered.select_related("product"):
            self.products.setdefault(offer.code, offer.product)
        self.areas, self.admitted = areas_of_supplier(supplier.pk, at)
        self.caps = CapsInForce(self.products.values(), at)
        self.benchmarks = benchmarks_of(row.pk for row in self.products.values())
        self.costs = _costs(supplier)
        offers = priced(Offer.objects.filter(valid(at), supplier=supplier), at)
        self.there = {(offer.product_id, offer.place_id): offer for offer in offers}
        self.first: dict[tuple[UUID, UUID], int | None] = {}

    def row(self, row: ListedRow) -> PlannedRow:
        product = self.products.get(row.text("product"))
        label = f"{row.text('product')} {product or row.text('name')} {row.text('area')}".strip()
        try:
            return self._read(row, label)
        except InputError as error:
            return PlannedRow(row.source, label, Outcome.REFUSED, refusal=error)

    def _read(self, row: ListedRow, label: str) -> PlannedRow:
        values = read_cells(row, COLUMNS, self.columns)
        product, place = self._product(row), self._place(row)
        key = (product.pk, place)
        if key in self.first:
            raise cell_error(
                row,
                _BY_KEY["product"],
                say("Row {row} names it too, for the same area.", row=self.first[key]),
            )
        self.first[key] = row.source.row
        for name in ("product", "name", "area"):
            values.pop(name, None)
        there = self.there.get(key)
        before = offer_values(there, self.costs) if there else {}
        self._check(row, product, place, values, before)
        benchmark = self.benchmarks.get(product.pk)
        finding = reference_finding(values["price_fen"], *benchmark) if benchmark else None
        flags = (finding.sentence,) if finding else ()
        if there is None:
            draft = NewOffer(self.supplier.pk, product.pk, place, valid_from=self.at, id=new_id(), **values)
            return PlannedRow(row.source, label, Outcome.ADDED, draft, flags=flags)
        shown = differences(_COMPARED, before, values)
        changed = OfferChange(there.pk, {one.column: values[one.column] for one in shown})
        outcome = Outcome.CHANGED if shown else Outcome.SAME
        return PlannedRow(row.source, label, outcome, changed, there.pk, shown, flags=flags)

    def _product(self, row: ListedRow) -> Product:
        product = self.products.get(row.text("product"))
        if product is None:
            raise cell_error(row, _BY_KEY["product"], say("Write the code of a product of the catalogue."))
        return product

    def _place(self, row: ListedRow) -> UUID:
        said = row.text("area")
        if not said and len(self.admitted) == 1:
            return self.admitted[0]
        found = self.areas.find(said) if said else say("Write where it is sold.")
        if isinstance(found, Sentence):
            raise cell_error(row, _BY_KEY["area"], found)
        return found.pk

    def _check(
        self, row: ListedRow, product: Product, place: UUID, values: dict[str, Any], before: dict[str, Any]
    ) -> None:
        path = self.areas.places[place].path
        cost = values.get("cost_fen", before.get("cost_fen"))
        try:
            check_cap(
                values["price_fen"], self.caps.over(product, path), weight_g=product.weight_g, cost_fen=cost
            )
        except InputError as error:
            raise InputError(error.what, remedy=error.remedy, source=row.source) from error
        for name in ("case_size", "minimum"):
            if values.get(name) == 0:
                raise cell_error(row, _BY_KEY[name], say("Leave it empty where there is none."))


def _costs(supplier: Supplier) -> dict[UUID, int]:
    rows = OfferCost.objects.filter(offer__supplier=supplier).order_by("stated_at")
    return dict(rows.values_list("offer", "cost_fen"))


def offer_values(offer: Any, costs: dict[UUID, int]) -> dict[str, Any]:
    """Return a priced offer as the cells of its row."""
    stock: Decimal | None = offer.stock
    return {
        "price_fen": offer.price_fen,
        "stock": None if stock is None else stock.normalize() + 0,
        "code": offer.code,
        "case_size": offer.case_size,
        "minimum": offer.minimum,
        "limit_per_household": offer.limit_per_household,
        "cost_fen": costs.get(offer.pk),
    }


def offer_table(supplier: Supplier, offers: Iterable[Any], at: datetime) -> Table:
    """Return priced offers of a supplier as a sheet that can be read again without any change."""
    areas, _ = areas_of_supplier(supplier.pk, at)
    costs = _costs(supplier)
    written = []
    for offer in offers:
        values = offer_values(offer, costs)
        product = offer.product
        values |= {"product": product.code, "name": str(product), "area": area_name(areas, offer)}
        written.append(tuple(column.write(values[column.key]) for column in COLUMNS))
    return Table(say("Offers"), tuple(column.paper for column in COLUMNS), tuple(written))


def area_name(areas: Areas, offer: Any) -> str:
    """Return what an offer's area is called; '' where the supplier is no longer admitted there."""
    return areas.name(offer.place_id) if offer.place_id in areas.places else ""
