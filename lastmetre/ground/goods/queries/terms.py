"""What is on offer at a place as `terms.Offer`: what the reader, the planners and the papers work on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lastmetre.ground.goods.models import PackageContent, Substitute, Supplier
from lastmetre.ground.goods.queries.catalogue import choice_of, offers_for
from lastmetre.ground.goods.queries.findings import findings_of
from lastmetre.terms import Good
from lastmetre.terms import Offer as OfferTerms


def offered(path: str, supplier: UUID, at: datetime) -> list[Any]:
    """Return what one supplier may sell at a place: in its choice, and at no price above a cap; by its letters."""
    chosen = choice_of(path)
    rows = [
        offer
        for offer in offers_for(path, at).filter(supplier=supplier, path__above=path)
        if chosen is None or offer.product_id in chosen
    ]
    found = findings_of(rows, at, path=path)
    kept = [offer for offer in rows if not any(finding.refuses for finding in found[offer.pk])]
    nearest: dict[UUID, Any] = {}
    for offer in sorted(kept, key=lambda offer: len(offer.path)):
        nearest[offer.product_id] = offer  # an offer for the place itself goes before one for the district
    found_here = [offer for offer in kept if nearest[offer.product_id] is offer]
    return sorted(found_here, key=lambda offer: (not offer.code, offer.code))


def offer_terms(path: str, supplier: Supplier, at: datetime, *, title: str = "") -> OfferTerms:
    """Return what a place can order from one supplier, as an offer file says it."""
    rows = offered(path, supplier.pk, at)
    codes = _codes(rows)
    return OfferTerms(title, supplier.organisation.name, tuple(_goods(rows, codes)))


def stock_terms(path: str, supplier: UUID, at: datetime) -> dict[str, Decimal]:
    """Return the counted stock by the good's code, as a stock file says it."""
    rows = offered(path, supplier, at)
    codes = _codes(rows)
    return {codes[row.product_id]: row.stock for row in rows if row.stock is not None}


def _codes(rows: Sequence[Any]) -> dict[UUID, str]:
    """Letters of the supplier's list where all differ, else the product's code."""
    taken = Counter(row.code for row in rows if row.code)
    return {
        row.product_id: row.code if row.code and taken[row.code] == 1 else row.product.code for row in rows
    }


def _goods(rows: Sequence[Any], codes: dict[UUID, str]) -> list[Good]:
    names = Counter(row.product.name for row in rows)
    stand_ins: dict[UUID, list[str]] = defaultdict(list)
    for one in Substitute.objects.filter(product__in=codes, substitute__in=codes).order_by("rank", "pk"):
        stand_ins[one.product_id].append(codes[one.substitute_id])
    contents: dict[UUID, list[str]] = defaultdict(list)
    for line in PackageContent.objects.filter(package__in=codes):
        contents[line.package_id].append(line.what)
    return [
        Good(
            code=codes[row.product_id],
            name=_told_apart(row.product, names),
            aliases=tuple(row.product.aliases),
            specification=row.product.specification,
            unit=row.product.unit,
            step=row.product.step.normalize() + 0,
            price_fen=row.price_fen,
            weight_g=row.product.weight_g,
            volume_ml=row.product.volume_ml,
            case_size=row.case_size or row.product.case_size,
            limit_per_household=row.limit_per_household,
            substitutes=tuple(stand_ins[row.product_id]),
            contents=row.product.contents or " ".join(contents[row.product_id]),
        )
        for row in rows
    ]


def _told_apart(product: Any, names: Counter[str]) -> str:
    """Name goods that differ only by specification as exports do: 大米(5kg)."""
    if names[product.name] == 1 or not product.specification:
        return str(product.name)
    return f"{product.name}({product.specification})"
