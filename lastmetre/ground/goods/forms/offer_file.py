"""An offer file of the steward's tool (YAML or workbook) as a plan: products that are new, and their offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lastmetre.ground.goods.drafts import NewLine, NewOffer, NewProduct
from lastmetre.ground.goods.forms.offer_book import OfferChange
from lastmetre.ground.goods.models import Offer, Product, Supplier
from lastmetre.ground.goods.plans import Difference, Outcome, Plan, PlannedRow
from lastmetre.ground.goods.queries.caps import CapsInForce
from lastmetre.ground.goods.queries.periods import priced, valid
from lastmetre.ground.goods.rules import check_cap, yuan
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import Good, InputError, Source, say
from lastmetre.terms import Offer as OfferTerms

KIND = "offer_file"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A good of the file: the product where it is new, and the offer or what changes of it."""

    product: NewProduct | None
    offer: NewOffer | None = None
    change: OfferChange | None = None


def plan_offer_file(
    offer: OfferTerms, supplier: Supplier, place: Place, *, category: str, at: datetime
) -> Plan:
    """Hold an offer file against what a supplier offers in a place; new goods come into `category`, as its own."""
    own = Product.objects.filter(ended_at__isnull=True)
    products = [row for row in own if row.owner_id in (None, supplier.pk)]
    there = priced(Offer.objects.filter(valid(at), supplier=supplier, place=place), at)
    known = _Known(products, {row.product_id: row for row in there}, CapsInForce(products, at))
    rows = tuple(
        _row(good, number, known, supplier, place, category, at)
        for number, good in enumerate(offer.goods, start=1)
    )
    return Plan(KIND, rows)


class _Known:
    def __init__(self, products: list[Product], offers: dict[UUID, Any], caps: CapsInForce) -> None:
        self.offers, self.caps = offers, caps
        # The supplier's own goods go before those common to all.
        ordered = sorted(products, key=lambda row: row.owner_id is not None)
        self.by_name = {(row.name, row.specification): row for row in ordered}
        self.codes = set(Product.objects.values_list("code", flat=True))

    def new_code(self, wanted: str, supplier: Supplier) -> str:
        """Return a code that no product has: that of the file, or with the supplier's mark before it."""
        code, mark = wanted[:30], supplier.pk.hex[-6:]
        if code in self.codes:
            code = f"{mark}-{wanted[:24]}"
        number = 2
        while code in self.codes:
            code, number = f"{mark}-{wanted[:20]}-{number}", number + 1
        self.codes.add(code)
        return code


def _row(
    good: Good,
    number: int,
    known: _Known,
    supplier: Supplier,
    place: Place,
    category: str,
    at: datetime,
) -> PlannedRow:
    source, label = Source(row=number), f"{good.code} {good.name} {good.specification}".strip()
    if good.price_fen is None:
        refusal = InputError(
            say("“{name}” has no price.", name=good.name), remedy=say("Write its price."), source=source
        )
        return PlannedRow(source, label, Outcome.REFUSED, refusal=refusal)
    plain_name = good.name.removesuffix(f"({good.specification})") if good.specification else good.name
    product = known.by_name.get((plain_name, good.specification))
    try:
        weight = product.weight_g if product else good.weight_g
        over = known.caps.over(product, place.path) if product else []
        check_cap(good.price_fen, over, weight_g=weight)
    except InputError as error:
        refusal = InputError(error.what, remedy=error.remedy, source=source)
        return PlannedRow(source, label, Outcome.REFUSED, refusal=refusal)
    there = known.offers.get(product.pk) if product else None
    if there is not None:
        return _changed(good, there, source, label)
    new = None if product else _product(good, plain_name, known, supplier, category)
    offer = NewOffer(
        supplier.pk,
        product.pk if product else new.id,  # type: ignore[union-attr]
        place.pk,
        good.price_fen,
        at,
        id=new_id(),
        code=good.code[:20] if good.code != plain_name else "",
        case_size=good.case_size,
        limit_per_household=good.limit_per_household,
    )
    return PlannedRow(source, label, Outcome.ADDED, FileRow(new, offer))


def _changed(good: Good, there: Any, source: Source, label: str) -> PlannedRow:
    wanted = {
        "price_fen": good.price_fen,
        "code": good.code[:20] if good.code not in (there.product.code, good.name) else there.code,
        "limit_per_household": good.limit_per_household,
        "case_size": good.case_size if good.case_size != there.product.case_size else there.case_size,
    }
    values = {key: value for key, value in wanted.items() if getattr(there, key) != value}
    shown = tuple(
        Difference(key, _shown(key, getattr(there, key)), _shown(key, value)) for key, value in values.items()
    )
    outcome = Outcome.CHANGED if values else Outcome.SAME
    row = FileRow(None, change=OfferChange(there.pk, values))
    return PlannedRow(source, label, outcome, row, there.pk, shown)


def _shown(key: str, value: Any) -> str:
    if value is None:
        return ""
    return yuan(value) if key == "price_fen" else str(value)


def _product(good: Good, name: str, known: _Known, supplier: Supplier, category: str) -> NewProduct:
    return NewProduct(
        code=known.new_code(good.code, supplier),
        name=name[:60],
        category=category,
        aliases=good.aliases,
        owner=supplier.pk,
        specification=good.specification[:60],
        unit=good.unit[:10],
        step=Decimal(good.step),
        weight_g=good.weight_g or None,
        volume_ml=good.volume_ml or None,
        is_package=bool(good.contents),
        contents=good.contents[:200],
        lines=tuple(NewLine(what[:60]) for what in good.contents.split()) if good.contents else (),
    )
