"""What cover is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning import routing
from lastmetre.planning.columns import Real, Whole, real_table, table, yes_no_table
from lastmetre.planning.routing import Distances, Vehicle
from lastmetre.planning.routing.problem import ALWAYS, Windows
from lastmetre.terms import InputError, Sentence, say

NOBODY = -1
"""Stands for a warehouse where there is none."""
MOST = 2**31
"""No stock and no day's demand is larger: weights of all of it still fit 64 bits."""


@dataclass(frozen=True, slots=True)
class Good:
    """One good, or a kind of goods that fills shelves alike."""

    weight_g: int
    volume_ml: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A market point or shop that is filled up."""

    place: int
    """Number of the place in `Problem.distances`."""
    service_s: int = 1_800
    standing_s: int = 0
    windows: Windows = ALWAYS
    needs: str = ""
    """The pass without which no vehicle gets in."""
    room_ml: int | None = None
    """What its shelves and store hold; None: enough."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """Where goods come from, with lorries of its own that may load anew there (`Vehicle.trips`)."""

    place: int
    vehicles: tuple[Vehicle, ...]
    load_s: int = 0
    units_a_day: int | None = None
    """What its hands get out in a day; None: enough."""


@dataclass(frozen=True, eq=False)
class Problem:
    """P points, W warehouses, G goods; raises `InputError` on broken, negative or uneven tables."""

    distances: Distances
    goods: tuple[Good, ...]
    points: tuple[Point, ...]
    warehouses: tuple[Warehouse, ...]
    mean: Real
    """(P, G) units sold on a day like others."""
    spread: Real
    """(P, G) standard deviation of that."""
    stock: Whole
    """(P, G) units on the shelves and on the way there."""
    available: Whole
    """(W, G) units that may be sent."""
    allowed: NDArray[np.bool_] | None = None
    """(P, W) which warehouse may serve which point, and what a person fixed; None: all."""
    service: float = 0.95
    """How sure it is that a good lasts until the next lorry can be there."""
    between_days: float = 1.0
    """From one plan to the next: a point that would not last so long is served now."""
    cover_days: float = 3.0
    """How long a point that is filled up lasts; 3 and a plan a day: a visit every two days (PD3)."""
    lead_days: float = 0.0
    """From the plan until the goods are on the shelves; 0: before the doors open."""

    def __post_init__(self) -> None:
        points, depots, goods = len(self.points), len(self.warehouses), len(self.goods)
        for name, rows in (("mean", points), ("spread", points)):
            object.__setattr__(self, name, real_table(name, getattr(self, name), (rows, goods), MOST))
        for name, rows in (("stock", points), ("available", depots)):
            object.__setattr__(self, name, table(name, getattr(self, name), (rows, goods), most=MOST))
        if self.allowed is not None:
            object.__setattr__(self, "allowed", yes_no_table("allowed", self.allowed, (points, depots)))
        if not (
            0.5 <= self.service < 1 and self.lead_days >= 0 < self.between_days <= self.cover_days <= 365
        ):
            raise InputError(
                say(
                    "The service is no part of 1 from 0.5 on, or the days of cover end before the next plan."
                ),
                remedy=say(
                    "Give a service such as 0.95, and as many days of cover as lie between two plans."
                ),
            )
        if any(good.weight_g < 0 or good.volume_ml < 0 for good in self.goods):
            raise InputError(
                say("A good has a weight or volume below 0."), remedy=say("Correct it where goods are kept.")
            )
        rooms = [point.room_ml for point in self.points] + [one.units_a_day for one in self.warehouses]
        if any(room is not None and room < 0 for room in rooms):
            raise InputError(
                say("A point has room, or a warehouse has hands, below 0."),
                remedy=say("Give 0 or more; leave it out where it is no limit."),
            )
        for number in range(depots):  # places, vehicles and windows are looked at there
            self.routing(number, ())

    def may_serve(self) -> NDArray[np.bool_]:
        """(P, W): tell which warehouse may serve which point, and has a lorry with its pass."""
        may = (
            np.ones((len(self.points), len(self.warehouses)), bool)
            if self.allowed is None
            else self.allowed.copy()
        )
        for number, warehouse in enumerate(self.warehouses):
            there = [one for one in warehouse.vehicles if one.count and one.trips]
            passes = frozenset[str]().union(*(one.passes for one in there))
            can = [bool(there) and (not point.needs or point.needs in passes) for point in self.points]
            may[:, number] &= np.array(can, bool)
        return may

    def routing(self, warehouse: int, stops: tuple[routing.Stop, ...]) -> routing.Problem:
        """Make the day's driving of one warehouse."""
        one = self.warehouses[warehouse]
        depot = routing.Depot(one.place, one.load_s)
        return routing.Problem(self.distances, (depot,), one.vehicles, stops)


@dataclass(frozen=True, slots=True)
class Load:
    """What one point gets by one call of one vehicle; a point that needs more than a lorry has several."""

    point: int
    units: tuple[int, ...]
    """Of each good."""


@dataclass(frozen=True, slots=True)
class Round:
    """A day of one warehouse: the stops of its routing are its loads, in that order."""

    warehouse: int
    loads: tuple[Load, ...]
    routing: routing.Plan

    @property
    def left(self) -> frozenset[int]:
        """Places in `loads` that no vehicle brings."""
        return frozenset(one.stop for one in self.routing.unserved)


@dataclass(frozen=True, slots=True)
class Unserved:
    """A point that gets nothing, or not all that was meant for it, and why."""

    point: int
    reason: Sentence


@dataclass(frozen=True, eq=False)
class Plan:
    """What each point gets today; whoever is not named in rounds or unserved lasts until the next plan."""

    order_at: Whole
    """(P, G) units below which a good might not last until the next plan's lorry."""
    order_up_to: Whole
    """(P, G) units that a point is filled up to."""
    warehouse: Whole
    """(P,) from which it is served; -1 where none may."""
    brings: Whole
    """(P, G) units that vehicles bring."""
    rounds: tuple[Round, ...]
    unserved: tuple[Unserved, ...]
    seed: int
    iterations: int
    """Steps of all searches for routes."""
    notes: tuple[Sentence, ...] = ()
    """Which goods are short, and by how much."""

    @property
    def metres(self) -> int:
        """Driven by all vehicles."""
        return sum(route.metres for one in self.rounds for route in one.routing.routes)
