"""What the API of compounds takes and answers: gates, points, carts, grids."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from lastmetre.ground.places.api.schemas import MOST_AT_ONCE, Count, Input, Latitude, Longitude, Name, Small
from lastmetre.ground.places.rules import PointKind


class CompoundIn(Input):
    """How addresses are written in a compound, and how many hands there are."""

    lanes: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=50)] = []
    two_parts: Annotated[str, Field(max_length=40)] = "building-room"
    three_parts: Annotated[str, Field(max_length=40)] = "building-unit-room"
    hands_per_wave: Small | None = None
    waves_per_day: Annotated[int, Field(ge=1, le=24)] = 2
    doors_per_hour: Annotated[int, Field(ge=1, le=999)] = 30


class GateIn(Input):
    """A gate."""

    name: Name
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    takes_vehicles: bool = True
    is_closed: bool = False


class UnloadingPointIn(Input):
    """Where vehicles unload, and the fixed way there (SQ7)."""

    number: Small | None = None
    name: Name
    gate: UUID | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    route: Annotated[str, Field(max_length=1000)] = ""


class PointIn(Input):
    """A point of service."""

    kind: PointKind
    name: Name
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    capacity: Count | None = None
    opens_at: time | None = None
    closes_at: time | None = None


class CartIn(Input):
    """A numbered cart and the unit (or building) that it serves."""

    number: Annotated[int, Field(ge=1, le=9_999)]
    unit: UUID | None = None


class GridIn(Input):
    """A grid area and its buildings or compounds."""

    name: Name
    members: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE)] = []


class PartsOut(Schema):
    """What a compound has."""

    detail: dict[str, Any] | None
    gates: list[dict[str, Any]]
    unloading_points: list[dict[str, Any]]
    points: list[dict[str, Any]]
    carts: list[dict[str, Any]]
    grids: list[dict[str, Any]]
