"""What is to be written: frozen rows that pages, workbooks, the API and scenarios hand to the actions."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from lastmetre.ground.goods.rules import Disinfection, ServiceMode, SupplierKind, Temperature, Tier
from lastmetre.ground.protection.ids import new_id


@dataclass(frozen=True, slots=True)
class NewCategory:
    """A kind of necessity."""

    code: str
    name: str
    name_en: str = ""
    is_watched: bool = False
    ration_g: int | None = None
    ration_group: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class NewLine:
    """One thing in a package; a product with a quantity, or words alone."""

    what: str
    product: UUID | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A good or package by its sale unit."""

    code: str
    name: str
    category: str
    id: UUID = field(default_factory=new_id)
    aliases: tuple[str, ...] = ()
    owner: UUID | None = None
    specification: str = ""
    unit: str = "份"
    step: Decimal = Decimal(1)
    weight_g: int | None = None
    volume_ml: int | None = None
    case_size: int | None = None
    keeps_days: int | None = None
    disinfection: Disinfection = Disinfection.SPRAY
    standing_min: int | None = None
    temperature: Temperature = Temperature.AMBIENT
    is_package: bool = False
    contents: str = ""
    lines: tuple[NewLine, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSubstitute:
    """`ratio` sale units of the substitute replace one of the product (YX7)."""

    product: UUID
    substitute: UUID
    ratio: Decimal
    rank: int = 1


@dataclass(frozen=True, slots=True)
class NewSupplier:
    """An organisation that sells; its id becomes the supplier's."""

    organisation: UUID
    kind: SupplierKind
    place: UUID
    licence: str = ""
    licence_from: datetime.date | None = None
    licence_until: datetime.date | None = None
    pledged_on: datetime.date | None = None
    plan_filed_on: datetime.date | None = None
    plan: str = ""
    is_key: bool = False
    heads: int | None = None
    longitude: float | None = None
    latitude: float | None = None
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class NewCapacity:
    """What a supplier can bring of a category in a day."""

    supplier: UUID
    category: str
    daily_kg: int


@dataclass(frozen=True, slots=True)
class NewArea:
    """A supplier serves a place and all below it."""

    supplier: UUID
    place: UUID
    mode: ServiceMode
    starts_at: datetime.datetime
    ends_at: datetime.datetime | None = None
    order_url: str = ""
    fee_fen: int = 0


@dataclass(frozen=True, slots=True)
class NewOffer:
    """A supplier sells a product in a place and below."""

    supplier: UUID
    product: UUID
    place: UUID
    price_fen: int
    valid_from: datetime.datetime
    valid_until: datetime.datetime | None = None
    id: UUID = field(default_factory=new_id)
    code: str = ""
    stock: Decimal | None = None
    case_size: int | None = None
    minimum: int | None = None
    limit_per_household: int | None = None
    cost_fen: int | None = None
    earlier: tuple[tuple[int, datetime.datetime], ...] = ()
    """Prices before this one, oldest first: (fen, from when)."""


@dataclass(frozen=True, slots=True)
class NewBenchmark:
    """A price to stay below (PD2b)."""

    product: UUID
    price_fen: int
    where: str
    seen_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class NewCap:
    """The highest price or margin of a product or category (ER10)."""

    place: UUID
    starts_at: datetime.datetime
    product: UUID | None = None
    category: str | None = None
    price_fen: int | None = None
    margin_percent: Decimal | None = None
    ends_at: datetime.datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class NewReserve:
    """What lies in reserve (YX8a)."""

    tier: Tier
    place: UUID
    category: str
    weight_kg: int
    product: UUID | None = None
    holder: UUID | None = None
