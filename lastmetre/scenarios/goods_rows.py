"""Rows about goods, suppliers and prices. Money is in fen; suppliers, licences and prices are invented."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from .codes import ServiceMode, SupplierKind, Tier
from .place_rows import Spot


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of necessity (YX1, PD2a, SQ4a, ER12a)."""

    code: str
    name: str
    english: str
    row: str
    is_watched: bool
    """Whether it is monitored daily (YX1)."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """Somebody who sells or makes goods."""

    key: str
    kind: SupplierKind
    name: str
    organisation: str
    place: str
    licence: str
    """An invented number."""
    phone: str
    position: Spot | None = None
    contact: str = ""
    """Key of the person to talk to."""
    pledged_on: datetime.date | None = None
    """When it signed the price-and-supply pledge (QZ4)."""
    is_key_supplier: bool = False
    """On the published list (QZ2)."""
    plan: str = ""
    """Its own supply plan on file (ER17); '' where it has handed in none."""
    serves_heads: int | None = None
    """How many people it can supply (YX15)."""


@dataclass(frozen=True, slots=True)
class Product:
    """A good or a package (QZ5), by the sale unit."""

    key: str
    code: str
    name: str
    category: str
    specification: str
    unit: str
    reference_fen: int
    aliases: tuple[str, ...] = ()
    step: Decimal = Decimal(1)
    weight_g: int | None = None
    volume_ml: int | None = None
    case_size: int | None = None
    keeps_days: int | None = None
    """How long it keeps; None: months."""
    disinfection: str = "spray"
    """What may be done to its packaging: spray, wipe (alcohol, SQ6), or none (fresh and frozen food)."""
    temperature: str = "ambient"
    """ambient, chilled or frozen."""
    is_package: bool = False
    owner: str = ""
    """Key of the supplier whose own good or package it is (QZ5); '': common to all."""


@dataclass(frozen=True, slots=True)
class PackageLine:
    """One thing inside a package (QZ5)."""

    package: str
    number: int
    what: str
    """As written: 五花肉1斤."""
    product: str = ""
    """Key of the product, where it is on sale by itself too."""
    quantity: Decimal | None = None
    """In that product's sale unit."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a supplier can bring of a category in a day."""

    supplier: str
    category: str
    daily_kg: int


@dataclass(frozen=True, slots=True)
class Contract:
    """A supplier that serves a place, and how."""

    supplier: str
    place: str
    mode: ServiceMode
    order_url: str = ""
    """The published link for that place (ER15a, FC3a, YC3); example.org."""


@dataclass(frozen=True, slots=True)
class OfferRow:
    """What a supplier sells in an area, for how much."""

    key: str
    supplier: str
    product: str
    area: str
    price_fen: int
    stock: int
    """Sale units."""
    opens: datetime.datetime
    closes: datetime.datetime
    limit: int | None = None
    """Sale units a household (PD8)."""
    code: str = ""
    """The letter that residents order by; '': the product's code."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A price to be stayed below (PD2b)."""

    product: str
    price_fen: int
    where: str


@dataclass(frozen=True, slots=True)
class PriceCap:
    """The highest price allowed in a place while it holds (ER10)."""

    product: str
    place: str
    price_fen: int
    since: datetime.date


@dataclass(frozen=True, slots=True)
class Substitute:
    """What can stand in for a good (YX7): one sale unit is replaced by `ratio` of the other's."""

    product: str
    substitute: str
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Assortment:
    """A product that belongs to an area's choice (PD10)."""

    place: str
    product: str


@dataclass(frozen=True, slots=True)
class Reserve:
    """A stock that is released by procedure, county before city before province (YX8a)."""

    key: str
    tier: Tier
    place: str
    category: str
    holder: str
    """Key of an organisation."""
    kg: int
