"""Capacity: how many bags a day gets through, what holds it up, and what one more of each would bring.

Closed forms over the same `flow.Problem` that the drill plays: no chance, no queue, an answer at once (house
law 7). The rule in plain words: docs/planning/capacity.md.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from lastmetre.planning.flow.day import windows_of
from lastmetre.planning.flow.problem import Floats, Ints, Problem, column

ONE_BY_ONE = 60
"""So many things begun one after the other are counted one by one; beyond, their number is all but even."""


class Means(StrEnum):
    """What there can be more of."""

    GOODS = "goods"
    LINE = "line"
    VEHICLE = "vehicle"
    LANE = "lane"
    SORTER = "sorter"
    HAND = "hand"
    CART = "cart"


SUPPLIERS = (Means.GOODS, Means.LINE, Means.VEHICLE)
"""What is the supplier's; the rest is the compound's."""
FIELDS = {
    Means.LINE: "lines",
    Means.VEHICLE: "vehicles",
    Means.LANE: "lanes",
    Means.SORTER: "sorters",
    Means.HAND: "hands",
    Means.CART: "carts",
}
TRIED = (*((one,) for one in FIELDS), (Means.HAND, Means.CART))
"""A cart without a hand is idle, and the other way round: where both are short only a pair helps."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a compound can handle in a day, in bags."""

    wanted: float
    limits: dict[Means, float]
    """What each would let through alone; of the supplier's the compound's part by what it wants."""
    served: float

    @property
    def bottleneck(self) -> Means | None:
        """What holds it up; None where all that is wanted gets through."""
        tightest = min(self.limits, key=lambda means: self.limits[means])
        return None if self.served >= self.wanted - 1e-9 else tightest


@dataclass(frozen=True, slots=True)
class More:
    """One more of something somewhere, and the bags a day that it would bring."""

    means: tuple[Means, ...]
    """One, or a hand and a cart together."""
    place: int
    """Place of the supplier or compound in the problem."""
    bags: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The first day of a problem, reckoned."""

    rooms: tuple[Room, ...]
    """One a compound."""
    more: tuple[More, ...]
    """What one more of each brings, the most first; what brings nothing is left out."""

    @property
    def wanted(self) -> float:
        """Bags asked for."""
        return sum(room.wanted for room in self.rooms)

    @property
    def served(self) -> float:
        """Bags brought to the door."""
        return sum(room.served for room in self.rooms)


def plan(problem: Problem, *, day: int = 0) -> Plan:
    """Reckon a day, and what one more of each would bring where something is held up.

    Later than the first day there is what arrives that morning, and nothing is left of the day before.
    """
    if day:
        fresh = tuple(dataclasses.replace(one, stock_g=one.daily_g) for one in problem.suppliers)
        problem = dataclasses.replace(problem, suppliers=fresh)
    force = problem.regimes_on(day)
    loads = _loads(problem, force)
    rooms = _rooms(problem, force, loads)
    more: list[More] = []
    for means in TRIED if any(room.bottleneck for room in rooms) else ():
        # One more everywhere at once: places do not get into each other's way.
        after = _rooms(_with_more(problem, means), force, loads)
        gains = np.array([new.served - old.served for new, old in zip(after, rooms, strict=True)])
        if means[0] in SUPPLIERS:
            gains = np.bincount(problem.supplier_of, gains, len(problem.suppliers))
        more += [More(means, int(place), float(gains[place])) for place in np.flatnonzero(gains > 0.5)]
    # A pair that brings no more than one of the two alone is left out.
    alone = {(one.means[0], one.place): one.bags for one in more if len(one.means) == 1}
    more = [
        one
        for one in more
        if len(one.means) == 1
        or one.bags > 0.5 + max(alone.get((means, one.place), 0.0) for means in one.means)
    ]
    return Plan(tuple(rooms), tuple(sorted(more, key=lambda one: -one.bags)))


def _with_more(problem: Problem, means: tuple[Means, ...]) -> Problem:
    def more(row: Any) -> Any:
        return dataclasses.replace(row, **{FIELDS[one]: getattr(row, FIELDS[one]) + 1 for one in means})

    if means[0] in SUPPLIERS:
        return dataclasses.replace(problem, suppliers=tuple(map(more, problem.suppliers)))
    return dataclasses.replace(problem, compounds=tuple(map(more, problem.compounds)))


def begun(time: ArrayLike, mean: ArrayLike, deviation: ArrayLike) -> Floats:
    """Return how many things are begun one after the other before the time is up, the first at once.

    Each takes `mean` with a standard deviation: the n-th is begun where the n before are done, whose sum is
    nearly normal. The same counts the carts that a row of bags fills.
    """
    mean, time = np.maximum(np.asarray(mean, np.float64), 1e-9), np.asarray(time, np.float64)
    deviation = np.asarray(deviation, np.float64)
    ratio = np.maximum(time, 0) / mean
    by_renewal = ratio + (1 + (deviation / mean) ** 2) / 2
    few = np.minimum(ratio, ONE_BY_ONE)
    count = np.ones_like(ratio)
    for done in range(1, int(few.max(initial=0) + 6 * np.sqrt(few.max(initial=0) + 1)) + 2):
        spread = np.maximum(deviation / mean * np.sqrt(done), 1e-8)
        count += ndtr((ratio - done - 1e-6) / spread)
    return np.where(time > 0, np.where(ratio < ONE_BY_ONE, count, by_renewal), 0.0)


@dataclass(frozen=True, eq=False)
class _Loads:
    """What fills vehicles and carts; each (C,)."""

    wanted: Floats
    bag_g: Floats
    trips: Floats
    a_trip: Floats
    """Bags."""
    a_cart: Floats
    floors: Floats
    """Climbed to a door, on average."""


def _rooms(problem: Problem, force: Ints, loads: _Loads) -> list[Room]:
    if not problem.compounds:
        return []
    drive, gate = _way(problem, force, loads)
    supplier = problem.supplier_of
    load_s = column(problem.suppliers, "load_s")[supplier]
    last_end = np.array([one.waves[-1][1] for one in problem.compounds], np.float64)
    sort_one = column(problem.compounds, "sort_s") / np.maximum(
        _there(problem, problem.compounds, "sorters"), 1e-9
    )
    first_out = _first_out(problem, loads, 2 * drive + gate + load_s)
    arrives = first_out + load_s + drive
    unloaded = arrives + gate
    latest_out = last_end - (load_s + drive + gate + sort_one * loads.a_cart)
    lanes = column(problem.compounds, "lanes")
    spread = problem.chances.spread
    standing = column(problem.regimes, "standing_s")[force]
    # What is still in the lane when the last wave ends comes to no door that day.
    through = begun(last_end - sort_one * loads.a_trip / 2 - arrives, gate, spread * (gate - standing)) - 1
    local = {
        Means.LANE: lanes * np.maximum(through, 0) * loads.a_trip,
        Means.SORTER: np.maximum(last_end - unloaded, 0) / sort_one,
    } | _carts(problem, force, loads, unloaded + sort_one * loads.a_cart)
    theirs = _suppliers(problem, loads, 2 * drive + gate + load_s, latest_out)
    wanted_there = np.bincount(supplier, loads.wanted, len(problem.suppliers))
    share = loads.wanted / np.maximum(wanted_there, 1e-9)[supplier]
    limits = {means: limit[supplier] * share for means, limit in theirs.items()} | local
    served = np.minimum(loads.wanted, np.min(list(limits.values()), axis=0))
    return [
        Room(
            float(loads.wanted[place]),
            {means: float(limit[place]) for means, limit in limits.items()},
            float(served[place]),
        )
        for place in range(len(problem.compounds))
    ]


def _there(problem: Problem, rows: tuple[Any, ...], name: str) -> Floats:
    """Return how many come, a place; for the last one somebody stands in."""
    planned, absence = column(rows, name), problem.chances.absence
    return np.where(planned > 0, planned * (1 - absence) + absence**planned, 0.0) if absence else planned


def _bags_of(problem: Problem, force: Ints) -> Floats:
    """Return (H,) the bags a day that each household asks for."""
    every, orders = column(problem.regimes, "every_days"), column(problem.regimes, "orders")
    return np.where(problem.heads > 0, (orders / every)[force][problem.of_home], 0.0)


def _loads(problem: Problem, force: Ints) -> _Loads:
    count = len(problem.compounds)
    bags = _bags_of(problem, force)
    wanted = np.bincount(problem.of_home, bags, count).astype(np.float64)
    some = np.maximum(wanted, 1e-9)
    heads = np.bincount(problem.of_home, bags * problem.heads, count) / some
    squares = np.bincount(problem.of_home, bags * problem.heads**2, count) / some
    every = column(problem.regimes, "every_days")[force]
    bag_g = heads * every * problem.ration_g
    spread_2 = problem.chances.spread**2
    uneven = np.sqrt(spread_2 + (1 + spread_2) * np.maximum(squares / np.maximum(heads, 1e-9) ** 2 - 1, 0))
    waves = np.array([len(one.waves) for one in problem.compounds], np.float64)
    vehicle_g = column(problem.suppliers, "vehicle_g")[problem.supplier_of]
    in_vehicle = _fitting(vehicle_g, bag_g, uneven)
    trips = waves * begun(wanted / waves, in_vehicle, uneven * np.sqrt(in_vehicle))
    in_cart = _fitting(column(problem.compounds, "cart_g"), bag_g, uneven)
    key = problem.of_home * 2**21 + problem.unit
    _, first, unit = np.unique(key, return_index=True, return_inverse=True)
    where = problem.of_home[first]
    in_unit = np.bincount(unit, bags)
    carts = begun(in_unit, in_cart[where], (uneven * np.sqrt(in_cart))[where])
    # A unit whose bags come with two vehicles needs one cart more.
    rounds = np.bincount(where, carts, count) + np.maximum(trips - waves, 0)
    floors = np.bincount(problem.of_home, bags * problem.floors, count) / some
    return _Loads(
        wanted, bag_g, trips, wanted / np.maximum(trips, 1), wanted / np.maximum(rounds, 1e-9), floors
    )


def _fitting(limit_g: Floats, bag_g: Floats, uneven: Floats) -> Floats:
    """Return how many bags go in on average: the one that does not fit leaves room behind."""
    bags = limit_g / np.maximum(bag_g, 1e-9)
    return np.maximum(np.where(uneven > 1e-6, bags + (uneven**2 - 1) / 2, np.floor(bags + 1e-9)), 1.0)


def _way(problem: Problem, force: Ints, loads: _Loads) -> tuple[Floats, Floats]:
    """Return (C,) the mean way out with breakdowns, and the mean stay in a lane, in seconds."""
    chances = problem.chances
    drive = column(problem.compounds, "drive_s") + chances.breakdown * chances.repair_s
    unload = column(problem.compounds, "unload_s") * loads.a_trip
    return drive, column(problem.compounds, "gate_s") + unload + column(problem.regimes, "standing_s")[force]


def _first_out(problem: Problem, loads: _Loads, cycle: Floats) -> Floats:
    """Return (C,) when the first vehicle for each compound can leave: loads are packed and sent in turn."""
    out = np.zeros(len(problem.compounds))
    all_lines, all_vehicles = (_there(problem, problem.suppliers, name) for name in ("lines", "vehicles"))
    for place, supplier in enumerate(problem.suppliers):
        here = np.flatnonzero(problem.supplier_of == place)
        waves = np.array([len(problem.compounds[one].waves) for one in here])
        lines, vehicles = max(all_lines[place], 1e-9), max(all_vehicles[place], 1e-9)
        bags, trips = loads.wanted[here] / waves, loads.trips[here] / waves
        packed = supplier.opens_s + (np.cumsum(bags) - bags + loads.a_trip[here]) * supplier.pack_s / lines
        turn = np.floor((np.cumsum(trips) - trips) / vehicles)
        mean = float((cycle[here] * trips).sum() / max(trips.sum(), 1e-9))
        out[here] = np.maximum(packed, packed[:1] + turn * mean)
    return out


def _carts(problem: Problem, force: Ints, loads: _Loads, first: Floats) -> dict[Means, Floats]:
    """Return (C,) the bags that hands and carts take round in all waves, from when the first cart is loaded."""
    door = column(problem.regimes, "door_s")[force] + column(problem.compounds, "floor_s") * loads.floors
    walk = column(problem.regimes, "walk_s")[force]
    around = walk + door * loads.a_cart
    # The number of bags on a cart strays too: the last of a unit is seldom full.
    deviation = door * np.sqrt((problem.chances.spread**2 + 1) * loads.a_cart)
    windows = windows_of(problem)
    hours = windows[:, :, 1] - np.maximum(windows[:, :, 0], first[:, None])
    a_crew = begun(hours, around[:, None], deviation[:, None]).sum(axis=1) * loads.a_cart
    return {
        Means.HAND: _there(problem, problem.compounds, "hands") * a_crew,
        Means.CART: column(problem.compounds, "carts") * a_crew,
    }


def _suppliers(problem: Problem, loads: _Loads, cycle: Floats, latest_out: Floats) -> dict[Means, Floats]:
    """Return (S,) the bags that goods, lines and vehicles let through in time for the last wave."""
    limits = {means: np.zeros(len(problem.suppliers)) for means in SUPPLIERS}
    spread = problem.chances.spread
    lines, vehicles = (_there(problem, problem.suppliers, name) for name in ("lines", "vehicles"))
    for place, one in enumerate(problem.suppliers):
        here = np.flatnonzero(problem.supplier_of == place)
        wanted, trips = loads.wanted[here], loads.trips[here]
        if not wanted.sum():
            continue
        latest = float((latest_out[here] * trips).sum() / trips.sum())
        bags_a_trip = float(wanted.sum() / trips.sum())
        limits[Means.GOODS][place] = one.stock_g / float((loads.bag_g[here] * wanted).sum() / wanted.sum())
        packing = min(one.closes_s, latest) - one.opens_s
        each = begun(packing, one.pack_s, spread * one.pack_s)
        # What is packed of a load too late for the last wave waits until tomorrow.
        torn = bags_a_trip / 2 if latest < one.closes_s else 0.0
        limits[Means.LINE][place] = max(float(lines[place] * each) - torn, 0.0)
        load_packed = bags_a_trip * one.pack_s / max(lines[place], 1e-9)
        mean = (cycle[here] * trips).sum() / trips.sum()
        drives = column(problem.compounds, "drive_s")[here].mean()
        # Vehicle after vehicle begins when its first load is packed.
        starts = one.opens_s + load_packed * np.arange(1, one.vehicles + 1)
        each = begun(min(one.last_out_s, latest) - starts, mean, spread * drives)
        came = vehicles[place] / max(one.vehicles, 1)
        limits[Means.VEHICLE][place] = came * float(each.sum()) * bags_a_trip
    return limits
