"""A world in the making: collects rows, hands out keys, names, phones, dates and ground."""

from __future__ import annotations

import datetime
import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from .codes import PlaceKind
from .figures import read_sheet
from .geometry import Area, Ground
from .goods_rows import (
    Assortment,
    Benchmark,
    Capacity,
    Category,
    Contract,
    OfferRow,
    PackageLine,
    PriceCap,
    Product,
    Reserve,
    Substitute,
    Supplier,
)
from .naming import Directory
from .people_rows import Assignment, Organisation, Person, Shift, Team
from .place_rows import (
    Building,
    Cart,
    Compound,
    Gate,
    Grid,
    Household,
    Place,
    Point,
    RegimeRow,
    UnloadingPoint,
)
from .world import World

CHINA = datetime.timezone(datetime.timedelta(hours=8))
FIELDS = {
    Place: "places", Building: "buildings", Grid: "grids", Compound: "compounds", Gate: "gates",
    UnloadingPoint: "unloading_points", Cart: "carts", Household: "households", RegimeRow: "regimes",
    Organisation: "organisations", Person: "people", Assignment: "assignments", Team: "teams",
    Shift: "shifts", Category: "categories", Product: "products", PackageLine: "package_lines",
    Supplier: "suppliers", Point: "points", Capacity: "capacities", Contract: "contracts",
    OfferRow: "offers", Benchmark: "benchmarks", PriceCap: "price_caps", Substitute: "substitutes",
    Assortment: "assortments", Reserve: "reserves",
}  # fmt: skip
"""Type of a row to the field of `World` that holds it."""


class Draft:
    """Rows so far. All chance comes from `rng`, which the scenario's name and the seed fix."""

    def __init__(self, name: str, seed: int, *, origin: Ground, taken_phones: Iterable[str] = ()) -> None:
        self.name = name
        self.seed = seed
        self.sheet = read_sheet(name)
        self.rng = random.Random(f"{name}/{seed}")
        self.directory = Directory(self.rng, taken=taken_phones)
        self.ground = origin
        self.areas: dict[str, Area] = {}
        """Ground of each place that has some."""
        self.titles: dict[str, str] = {}
        """Name of each place."""
        self._rows: dict[type, list[Any]] = defaultdict(list)

    def key(self, *parts: object) -> str:
        """Make a key of the scenario's name and parts."""
        return "/".join([self.name, *map(str, parts)])

    def add(self, *rows: object) -> None:
        """Collect rows."""
        for row in rows:
            self._rows[type(row)].append(row)

    def rows(self, kind: type) -> list[Any]:
        """Return the rows of one type so far."""
        return self._rows[kind]

    def invented(self, kind: str) -> str:
        """Invent a name for a shop, compound or the like."""
        return self.directory.thing(kind)

    def places_named(self, keys: Iterable[str]) -> list[Place]:
        """Return places by their keys."""
        wanted = set(keys)
        return [place for place in self._rows[Place] if place.key in wanted]

    def date(self, days: int = 0) -> datetime.date:
        """Return the scenario's day, or so many days after it."""
        return self.sheet.day + datetime.timedelta(days=days)

    def time(self, days: int, clock: str) -> datetime.datetime:
        """Return a time of day ('16:30') so many days after the scenario's day."""
        return datetime.datetime.combine(self.date(days), datetime.time.fromisoformat(clock), CHINA)

    def place(
        self,
        kind: PlaceKind,
        key: str,
        name: str,
        area: Area,
        *,
        parent: str = "",
        aliases: tuple[str, ...] = (),
        households: int | None = None,
        heads: int | None = None,
    ) -> str:
        """Add a place with its ground and return its key."""
        self.areas[key] = area
        self.titles[key] = name
        self.add(
            Place(
                key=key,
                kind=kind,
                name=name,
                parent=parent,
                aliases=aliases,
                household_count=households,
                head_count=heads,
                position=self.ground.spot(area.middle),
                outline=self.ground.outline(area),
            )
        )
        return key

    def world(self) -> World:
        """Return everything collected."""
        rows: dict[str, Any] = {field: tuple(self._rows[kind]) for kind, field in FIELDS.items()}
        return World(
            name=self.name,
            title=self.sheet.title,
            day=self.sheet.day,
            seed=self.seed,
            figures=tuple(self.sheet.figures.values()),
            **rows,
        )
