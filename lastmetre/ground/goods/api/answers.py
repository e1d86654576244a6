"""What the API of goods answers."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from ninja import Schema

from lastmetre.ground.goods.api.asked import LineIO
from lastmetre.ground.goods.queries.catalogue import Ask, Shelf
from lastmetre.ground.goods.rules import Finding


class FindingOut(Schema):
    """What is to be said of a price."""

    concern: str
    sentence: str
    refuses: bool

    @staticmethod
    def of(finding: Finding) -> dict[str, Any]:
        """Return a finding in the caller's language."""
        sentence = finding.sentence.text(gettext)
        return {"concern": finding.concern.value, "sentence": sentence, "refuses": finding.refuses}


class CategoryOut(Schema):
    """A kind of necessity."""

    code: str
    name: str
    name_en: str
    is_watched: bool
    ration_g: int | None
    ration_group: str


class ProductOut(Schema):
    """A product."""

    id: UUID
    code: str
    name: str
    category: str
    owner: UUID | None
    aliases: list[str]
    specification: str
    unit: str
    step: Decimal
    weight_g: int | None
    volume_ml: int | None
    case_size: int | None
    keeps_days: int | None
    disinfection: str
    standing_min: int | None
    temperature: str
    is_package: bool
    contents: str
    ended_at: datetime.datetime | None

    @staticmethod
    def resolve_category(row: Any) -> str:
        """Return the category's code."""
        return str(row.category_id)

    @staticmethod
    def resolve_owner(row: Any) -> UUID | None:
        """Return the supplier's id."""
        owner: UUID | None = row.owner_id
        return owner


class AskOut(Schema):
    """What a supplier asks, and what is to be said of it."""

    offer: UUID
    supplier: UUID
    supplier_name: str
    price_fen: int
    stock: Decimal | None
    limit_per_household: int | None
    findings: list[FindingOut]

    @staticmethod
    def of(ask: Ask) -> dict[str, Any]:
        """Return an ask."""
        offer = ask.offer
        return {
            "offer": offer.pk,
            "supplier": offer.supplier_id,
            "supplier_name": offer.supplier.organisation.name,
            "price_fen": offer.price_fen,
            "stock": offer.stock,
            "limit_per_household": offer.limit_per_household,
            "findings": [FindingOut.of(finding) for finding in ask.findings],
        }


class ShelfOut(Schema):
    """A product with who sells it at a place."""

    product: ProductOut
    lowest_fen: int | None
    asks: list[AskOut]

    @staticmethod
    def of(shelf: Shelf) -> dict[str, Any]:
        """Return a shelf."""
        asks = [AskOut.of(ask) for ask in shelf.asks]
        return {"product": shelf.product, "lowest_fen": shelf.lowest_fen, "asks": asks}


class StandInOut(Schema):
    """What can stand in for a product: `ratio` of it for one."""

    ratio: Decimal
    shelf: ShelfOut


class DetailOut(ShelfOut):
    """A product with contents, substitutes and how it is treated at the gate."""

    lines: list[LineIO]
    stand_ins: list[StandInOut]
    treatment: str
    standing_min: int


class SupplierOut(Schema):
    """A supplier; whom to call is asked for by itself, and recorded."""

    id: UUID
    name: str
    kind: str
    licence: str
    licence_from: datetime.date | None
    licence_until: datetime.date | None
    pledged_on: datetime.date | None
    plan_filed_on: datetime.date | None
    is_key: bool
    heads: int | None
    suspended_at: datetime.datetime | None
    stopped: str
    """Why it may not serve; '' where it may."""
    missing: list[str]


class ContactOut(Schema):
    """Whom to call at a supplier."""

    name: str
    phone: str


class PayeeOut(Schema):
    """A payee, and whether it is in force."""

    id: UUID
    state: str
    proposed_at: datetime.datetime
    decided_at: datetime.datetime | None


class OfferOut(Schema):
    """An offer with its price now."""

    id: UUID
    supplier: UUID
    product: UUID
    place: UUID
    code: str
    price_fen: int | None
    stock: Decimal | None
    stock_at: datetime.datetime | None
    case_size: int | None
    minimum: int | None
    limit_per_household: int | None
    valid_from: datetime.datetime
    valid_until: datetime.datetime | None

    @staticmethod
    def resolve_supplier(row: Any) -> UUID:
        """Return the supplier's id."""
        found: UUID = row.supplier_id
        return found

    @staticmethod
    def resolve_product(row: Any) -> UUID:
        """Return the product's id."""
        found: UUID = row.product_id
        return found

    @staticmethod
    def resolve_place(row: Any) -> UUID:
        """Return the area's id."""
        found: UUID = row.place_id
        return found


class GoodOut(Schema):
    """A good as an offer file says it."""

    code: str
    name: str
    aliases: list[str]
    specification: str
    unit: str
    step: Decimal
    price_fen: int | None
    weight_g: int | None
    volume_ml: int | None
    case_size: int | None
    limit_per_household: int | None
    substitutes: list[str]
    contents: str


class TermsOut(Schema):
    """What a place can order from one supplier."""

    title: str
    supplier: str
    goods: list[GoodOut]


class CapOut(Schema):
    """A cap in force."""

    id: UUID
    place: UUID
    product: UUID | None
    category: str | None
    price_fen: int | None
    margin_percent: Decimal | None
    starts_at: datetime.datetime
    ends_at: datetime.datetime | None
    why: str

    @staticmethod
    def of(row: Any) -> dict[str, Any]:
        """Return a cap."""
        names = ("id", "price_fen", "margin_percent", "starts_at", "ends_at", "why")
        known = {name: getattr(row, name) for name in names}
        return known | {"place": row.place_id, "product": row.product_id, "category": row.category_id}


class ReserveOut(Schema):
    """A reserve."""

    id: UUID
    tier: str
    place: UUID
    category: str
    product: UUID | None
    holder: UUID | None
    weight_kg: int
    stated_at: datetime.datetime

    @staticmethod
    def of(row: Any) -> dict[str, Any]:
        """Return a reserve."""
        known = {name: getattr(row, name) for name in ("id", "tier", "weight_kg", "stated_at")}
        links = {"product": row.product_id, "holder": row.holder_id, "category": row.category_id}
        return known | links | {"place": row.place_id}


class CoverOut(Schema):
    """What is in stock of a watched category."""

    category: str
    offers: int
    stock_g: int
    days: Decimal | None
