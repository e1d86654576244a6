"""What the API of regimes and responses takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from lastmetre.ground.places.api.schemas import Days, Input, Name
from lastmetre.ground.places.rules import HandOver, Risk, SupplyMode


class RegimeIn(Input):
    """A regime of one's own."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    name_en: Annotated[str, Field(max_length=40)] = ""
    strictness: Annotated[int, Field(ge=0, le=9)]
    supply_modes: Annotated[list[SupplyMode], Field(min_length=1, max_length=20)]
    request_every_days: Days | None = None
    outing_every_days: Days | None = None
    outing_persons: Annotated[int, Field(ge=0, le=20)] | None = None
    hand_over: HandOver
    shop_capped: bool = False


class NewRegimeIn(RegimeIn):
    """A regime of one's own with its code."""

    code: Annotated[str, Field(min_length=1, max_length=20, pattern="^[a-z0-9_]+$")]


class PeriodIn(Input):
    """A regime to put in force."""

    regime: Annotated[str, Field(max_length=20)]
    risk: Risk
    starts_at: datetime | None = None
    """Null: now."""
    ends_at: datetime | None = None
    notice: Annotated[str, Field(max_length=4000)] = ""
    also_below: bool = False


class PeriodOut(Schema):
    """A regime in force at a place for a time."""

    id: UUID
    place: UUID
    place_name: str
    regime: str
    risk: Risk
    starts_at: datetime
    ends_at: datetime | None
    announced_at: datetime | None
    notice: str


class ResponseIn(Input):
    """A response to open."""

    name: Name


class EraseIn(Input):
    """The confirmation of an erasure: the response's name."""

    name: Annotated[str, Field(max_length=100)]


class ResponseOut(Schema):
    """A response of a territory."""

    id: UUID
    name: str
    place: UUID | None
    opened_at: datetime
    closed_at: datetime | None
    erased_at: datetime | None
    key_fingerprint: str


class CertificateOut(ResponseOut):
    """What an erasure destroyed."""

    records: dict[str, int]
