"""What the API of goods takes."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Query, Schema
from pydantic import AwareDatetime, Field

from lastmetre.ground.goods.rules import Disinfection, ServiceMode, SupplierKind, Temperature, Tier

NO_NUL = r"^[^\x00]*$"
Short = Annotated[str, Field(max_length=60, pattern=NO_NUL)]
Text = Annotated[str, Field(max_length=2_000, pattern=NO_NUL)]
Words = Annotated[str, Query(max_length=60, pattern=NO_NUL)]
Fen = Annotated[int, Field(ge=0, le=10_000_000, description="1 yuan is 100 fen.")]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Whole = Annotated[int, Field(ge=0, le=2_000_000_000)]
Units = Annotated[Decimal, Field(ge=0, lt=1_000_000_000, decimal_places=3, description="Sale units.")]


class LineIO(Schema):
    """One thing in a package."""

    what: Short
    product: UUID | None = None
    quantity: Annotated[Decimal, Field(gt=0, lt=1_000_000, decimal_places=3)] | None = None


class ProductIn(Schema):
    """A product; `owner` is the supplier whose own it is."""

    code: Annotated[str, Field(min_length=1, max_length=40, pattern=NO_NUL)]
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=NO_NUL)]
    category: Short
    owner: UUID | None = None
    aliases: Annotated[list[Short], Field(max_length=20)] = []
    specification: Short = ""
    unit: Annotated[str, Field(min_length=1, max_length=10, pattern=NO_NUL)] = "份"
    step: Annotated[Decimal, Field(gt=0, lt=1_000_000, decimal_places=3)] = Decimal(1)
    weight_g: Count | None = None
    volume_ml: Count | None = None
    case_size: Count | None = None
    keeps_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    disinfection: Disinfection = Disinfection.SPRAY
    standing_min: Annotated[int, Field(ge=0, le=240)] | None = None
    temperature: Temperature = Temperature.AMBIENT
    is_package: bool = False
    contents: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    lines: Annotated[list[LineIO], Field(max_length=100)] = []


class SubstituteIn(Schema):
    """`ratio` sale units of the substitute replace one of the product."""

    product: UUID
    substitute: UUID
    ratio: Annotated[Decimal, Field(gt=0, lt=100_000, decimal_places=3)]
    rank: Annotated[int, Field(ge=1, le=100)] = 1


class ChoiceIO(Schema):
    """The products of an area's own choice; none: that of the area above."""

    products: Annotated[list[UUID], Field(max_length=5_000)]


class SupplierPapers(Schema):
    """A supplier's papers."""

    kind: SupplierKind
    licence: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    licence_from: datetime.date | None = None
    licence_until: datetime.date | None = None
    is_key: bool = False
    heads: Whole | None = None


class SupplierIn(SupplierPapers):
    """An organisation that becomes a supplier."""

    organisation: UUID
    place: UUID
    contact_name: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    contact_phone: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""


class PledgeIn(Schema):
    """When the pledge was signed."""

    on: datetime.date


class WordsIn(Schema):
    """Something in words: a plan, a reason."""

    text: Text = ""


class CapacityIn(Schema):
    """What a supplier can bring of a category in a day."""

    category: Short
    daily_kg: Whole


class AreaIn(Schema):
    """A supplier serves a place from now on."""

    place: UUID
    mode: ServiceMode
    order_url: Annotated[str, Field(max_length=200, pattern=r"^(https?://[^\s\x00]+)?$")] = ""
    fee_fen: Fen = 0


class PayeeIn(Schema):
    """Whom residents pay."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=NO_NUL)]
    code: Annotated[str, Field(min_length=1, max_length=300, pattern=NO_NUL)]


class OfferIn(Schema):
    """An offer from now on."""

    supplier: UUID
    product: UUID
    place: UUID
    price_fen: Fen
    stock: Units | None = None
    code: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    case_size: Count | None = None
    minimum: Count | None = None
    limit_per_household: Count | None = None
    cost_fen: Fen | None = None


class OfferChange(Schema):
    """What changes of an offer; what is left out stays."""

    price_fen: Fen | None = None
    cost_fen: Fen | None = None
    stock: Units | None = None
    code: Annotated[str, Field(max_length=20, pattern=NO_NUL)] | None = None
    case_size: Count | None = None
    minimum: Count | None = None
    limit_per_household: Count | None = None


class StockChange(Schema):
    """Added to (or taken from) the stock."""

    change: Annotated[Decimal, Field(gt=-1_000_000_000, lt=1_000_000_000, decimal_places=3)]
    why: Short = ""


class CapIn(Schema):
    """A cap of a product (for a sale unit) or of a category (for a kilogram)."""

    place: UUID
    product: UUID | None = None
    category: Short | None = None
    price_fen: Fen | None = None
    margin_percent: Annotated[Decimal, Field(ge=0, lt=1000, decimal_places=1)] | None = None
    ends_at: AwareDatetime | None = None
    why: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""


class BenchmarkIn(Schema):
    """A price to stay below."""

    product: UUID
    price_fen: Fen
    where: Annotated[str, Field(min_length=1, max_length=80, pattern=NO_NUL)]


class ReserveIn(Schema):
    """A reserve."""

    tier: Tier
    place: UUID
    category: Short
    weight_kg: Whole
    product: UUID | None = None
    holder: UUID | None = None
