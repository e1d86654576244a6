"""Rows about places: the tree, what a compound has, who lives there, what is in force.

Keys are short readable strings; `place`, `parent`, `building` and the like hold keys of other rows.
Positions are (longitude, latitude) near the real area, rounded, never surveyed.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .codes import Need, PlaceKind, PointKind, Regime, Risk

Spot = tuple[float, float]
"""Longitude and latitude in degrees."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the tree (ER3a), after its parent."""

    key: str
    kind: PlaceKind
    name: str
    parent: str = ""
    aliases: tuple[str, ...] = ()
    household_count: int | None = None
    """Where households are counted; the rows of `World.households` below it, or a figure without rows."""
    head_count: int | None = None
    position: Spot | None = None
    outline: tuple[Spot, ...] = ()
    """Corners of a polygon, the first not repeated; empty for units, which share their building's."""


@dataclass(frozen=True, slots=True)
class Building:
    """What a building has: floors and a lift."""

    place: str
    floors: int
    has_lift: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid area (片区) that groups buildings or compounds."""

    key: str
    place: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compound:
    """What addresses mean in a compound, and what it can handle."""

    place: str
    two_parts: str = "building-room"
    three_parts: str = "building-unit-room"
    lanes: tuple[str, ...] = ()
    hands_per_wave: int = 0
    """People who can sort and carry in one wave (ER5)."""
    waves_per_day: int = 2


@dataclass(frozen=True, slots=True)
class Gate:
    """An entrance where goods are handed over."""

    key: str
    place: str
    name: str
    position: Spot
    takes_vehicles: bool = True


@dataclass(frozen=True, slots=True)
class UnloadingPoint:
    """Where vehicles that may enter are unloaded (SQ7)."""

    key: str
    place: str
    number: int
    name: str
    position: Spot


@dataclass(frozen=True, slots=True)
class Point:
    """A delivery point, sale point, market, warehouse or stop."""

    key: str
    kind: PointKind
    place: str
    name: str
    position: Spot
    opens: str = ""
    """Time of day (08:00); '' where the source names none."""
    keeper: str = ""
    """Key of the person or supplier who runs it."""


@dataclass(frozen=True, slots=True)
class Cart:
    """A numbered cart for one unit (ER3b)."""

    compound: str
    number: int
    unit: str


@dataclass(frozen=True, slots=True)
class Household:
    """One home and who lives there; every name and phone is invented."""

    key: str
    place: str
    """Its unit, its building where that has no units, or its village."""
    room: str
    floor: int | None
    name: str
    phone: str
    head_count: int | None
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class RegimeRow:
    """What was or is in force in a place; `until` is None while it holds (YX2)."""

    place: str
    regime: Regime
    risk: Risk
    since: datetime.date
    until: datetime.date | None
    notice: str
