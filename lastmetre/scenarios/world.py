"""One scenario as rows in the order in which they can be loaded: each names only rows before it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .figures import Figure
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


@dataclass(frozen=True, slots=True)
class World:
    """Everything of one scenario. The same name and seed give the same world."""

    name: str
    title: str
    day: datetime.date
    """The day that the source speaks of; all dates stand around it, and a loader may shift them together."""
    seed: int
    figures: tuple[Figure, ...]
    places: tuple[Place, ...] = ()
    buildings: tuple[Building, ...] = ()
    grids: tuple[Grid, ...] = ()
    compounds: tuple[Compound, ...] = ()
    gates: tuple[Gate, ...] = ()
    unloading_points: tuple[UnloadingPoint, ...] = ()
    carts: tuple[Cart, ...] = ()
    households: tuple[Household, ...] = ()
    regimes: tuple[RegimeRow, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    people: tuple[Person, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    teams: tuple[Team, ...] = ()
    shifts: tuple[Shift, ...] = ()
    categories: tuple[Category, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    products: tuple[Product, ...] = ()
    package_lines: tuple[PackageLine, ...] = ()
    points: tuple[Point, ...] = ()
    """After people and suppliers, who keep them."""
    capacities: tuple[Capacity, ...] = ()
    contracts: tuple[Contract, ...] = ()
    offers: tuple[OfferRow, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    price_caps: tuple[PriceCap, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    assortments: tuple[Assortment, ...] = ()
    reserves: tuple[Reserve, ...] = ()

    def figure(self, key: str) -> Figure:
        """Return one figure of the source; `KeyError` where it has none of that name."""
        return {figure.key: figure for figure in self.figures}[key]
