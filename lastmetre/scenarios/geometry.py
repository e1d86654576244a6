"""Schematic ground plans: rectangles in metres, turned into rounded degrees near the real area."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .place_rows import Spot

METRES_PER_DEGREE = 111_320
DECIMALS = 6
"""About 10 cm."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, in metres east and north of the scenario's origin."""

    west: float
    south: float
    width: float
    depth: float

    @property
    def middle(self) -> tuple[float, float]:
        """Return its centre, metres east and north."""
        return self.west + self.width / 2, self.south + self.depth / 2

    def at(self, across: float, along: float) -> tuple[float, float]:
        """Return a point by its share of width and depth: (0.5, 0) is the middle of the south side."""
        return self.west + self.width * across, self.south + self.depth * along

    def tiles(self, count: int, *, gap: float = 0.08) -> list[Area]:
        """Cut it into `count` areas in rows from the north, with a gap between them (share of a tile)."""
        columns = max(1, math.ceil(math.sqrt(count * self.width / self.depth)))
        rows = math.ceil(count / columns)
        width, depth = self.width / columns, self.depth / rows
        return [
            Area(
                self.west + width * (index % columns + gap / 2),
                self.south + depth * (rows - 1 - index // columns + gap / 2),
                width * (1 - gap),
                depth * (1 - gap),
            )
            for index in range(count)
        ]

    def centred(self, width: float, depth: float) -> Area:
        """Return an area of that size with the same centre."""
        east, north = self.middle
        return Area(east - width / 2, north - depth / 2, width, depth)


def area_around(width: float, depth: float) -> Area:
    """Return an area of that size around the origin."""
    return Area(-width / 2, -depth / 2, width, depth)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the scenario lies on earth."""

    longitude: float
    latitude: float

    def spot(self, point: tuple[float, float]) -> Spot:
        """Turn metres from the origin into degrees."""
        east, north = point
        across = METRES_PER_DEGREE * math.cos(math.radians(self.latitude))
        return (
            round(self.longitude + east / across, DECIMALS),
            round(self.latitude + north / METRES_PER_DEGREE, DECIMALS),
        )

    def outline(self, area: Area) -> tuple[Spot, ...]:
        """Return an area's four corners, from the south-west, against the clock."""
        return tuple(self.spot(area.at(*corner)) for corner in ((0, 0), (1, 0), (1, 1), (0, 1)))
