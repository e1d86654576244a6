"""A day: from the bags to be packed in the morning to the doors at night, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.flow.chance import Draws, factors
from lastmetre.planning.flow.problem import Floats, Ints, Problem, column
from lastmetre.planning.flow.queues import loads, starts
from lastmetre.planning.flow.trips import Trips, send

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Bags:
    """N bags of a day, a household each, in the order of packing: supplier, wave, compound, unit."""

    home: Ints
    grams: Floats
    asked: Ints
    """Day on which it was asked for."""
    packed: Ints
    """Day on which it was packed; -1: not yet."""
    is_there: Bools
    """Whether it waits in the compound since yesterday."""

    def __len__(self) -> int:
        return len(self.home)

    def at(self, which: Ints | Bools) -> Bags:
        """Return some of them."""
        return Bags(
            self.home[which], self.grams[which], self.asked[which], self.packed[which], self.is_there[which]
        )


@dataclass(frozen=True, eq=False)
class Queue:
    """N items that waited for a stage, in the order of its stations; times in seconds of the day."""

    station: Ints
    ready_s: Floats
    start_s: Floats
    """Infinite where it was never begun."""
    service_s: Floats

    @property
    def end_s(self) -> Floats:
        """When each was done."""
        return self.start_s + self.service_s


@dataclass(frozen=True, eq=False)
class Record:
    """What happened on a day."""

    day: int
    bags: Bags
    packing: Queue
    trips: Trips
    sorting: Queue
    rounds: Queue
    """Cart by cart."""
    trip: Ints
    """(N,) trip of each bag; -1: none."""
    round: Ints
    """(N,) cart of each bag; -1: none."""
    packed_s: Floats
    """(N,) and so on: infinite where it did not come so far."""
    there_s: Floats
    sorted_s: Floats
    door_s: Floats


def play(problem: Problem, day: int, bags: Bags, luck: Draws) -> Record:
    """Play one day through."""
    count = len(bags)
    compound = problem.of_home[bags.home]
    force = problem.regimes_on(day)
    packed, there, done, door = (np.full(count, np.inf) for _ in range(4))
    trip, on_cart = np.full(count, -1), np.full(count, -1)
    to_pack = np.flatnonzero(~bags.is_there)
    packing = _pack(problem, bags.at(to_pack), luck)
    packed[to_pack] = packing.end_s
    sent = to_pack[np.isfinite(packing.end_s)]
    trips, trip[sent] = _drive(problem, bags.at(sent), packed[sent], force, luck)
    there[sent] = trips.unloaded_s[trip[sent]]
    packed[bags.is_there] = there[bags.is_there] = done[bags.is_there] = 0.0
    arrived = np.flatnonzero(np.isfinite(there) & ~bags.is_there)
    arrived = arrived[np.lexsort((arrived, there[arrived], compound[arrived]))]
    last = np.array([[(0.0, one.waves[-1][1])] for one in problem.compounds]).reshape(-1, 1, 2)
    service = column(problem.compounds, "sort_s")[compound[arrived]] * luck.sort[bags.home[arrived]]
    begun = starts(there[arrived], service, compound[arrived], luck.sorters, last)
    sorting = Queue(compound[arrived], there[arrived], begun, service)
    done[arrived] = sorting.end_s
    ready = np.flatnonzero(np.isfinite(done))
    rounds, on_cart[ready], door[ready] = _carry(
        problem, bags.at(ready), trip[ready], done[ready], force, luck
    )
    return Record(day, bags, packing, trips, sorting, rounds, trip, on_cart, packed, there, done, door)


def _pack(problem: Problem, bags: Bags, luck: Draws) -> Queue:
    """What was packed yesterday and not sent takes no time."""
    supplier = problem.supplier_of[problem.of_home[bags.home]]
    pack = column(problem.suppliers, "pack_s")[supplier]
    service = np.where(bags.packed < 0, pack * luck.pack[bags.home], 0.0)
    opens = column(problem.suppliers, "opens_s")
    windows = np.stack([opens, column(problem.suppliers, "closes_s")], axis=1)[:, None, :]
    ready = opens[supplier]
    return Queue(supplier, ready, starts(ready, service, supplier, luck.lines, windows), service)


def _drive(problem: Problem, bags: Bags, packed: Floats, force: Ints, luck: Draws) -> tuple[Trips, Ints]:
    """Cut the packed bags into loads of one compound and wave, and send them."""
    compound = problem.of_home[bags.home]
    wave = wave_of(problem, bags)
    limit = column(problem.suppliers, "vehicle_g")[problem.supplier_of[compound]]
    number = loads(wave * len(problem.compounds) + compound, bags.grams, limit)
    first = np.flatnonzero(np.diff(number, prepend=-1))
    goes_to, size = compound[first], np.diff(np.r_[first, len(number)])
    ready = np.maximum.reduceat(packed, first) if first.size else np.zeros(0)
    chances = problem.chances
    drive = column(problem.compounds, "drive_s")[goes_to] * factors(luck.trips, len(first), chances.spread)
    drive += chances.repair_s * (luck.trips.random(len(first)) < chances.breakdown)
    work = (
        column(problem.compounds, "gate_s")[goes_to] + column(problem.compounds, "unload_s")[goes_to] * size
    )
    standing = column(problem.regimes, "standing_s")[force[goes_to]]
    gate = work * factors(luck.trips, len(first), chances.spread) + standing
    return send(problem, luck.vehicles, goes_to, size, ready, drive, gate), number


def _carry(
    problem: Problem, bags: Bags, trip: Ints, done: Floats, force: Ints, luck: Draws
) -> tuple[Queue, Ints, Floats]:
    """Load carts with what one vehicle brought for one unit, and take them round the doors (ER3b)."""
    compound, unit = problem.of_home[bags.home], problem.unit[bags.home]
    order = np.lexsort((bags.home, trip, unit, compound))
    group = np.cumsum(
        np.any([np.diff(key[order], prepend=-2) != 0 for key in (compound, unit, trip)], axis=0)
    )
    number = np.empty(len(bags), np.int64)
    number[order] = loads(group, bags.grams[order], column(problem.compounds, "cart_g")[compound[order]])
    first = np.flatnonzero(np.diff(number[order], prepend=-1))
    where = compound[order][first]
    regime = force[compound]
    climb = column(problem.compounds, "floor_s")[compound] * problem.floors[bags.home]
    at_door = (column(problem.regimes, "door_s")[regime] + climb) * luck.door[bags.home]
    walk = column(problem.regimes, "walk_s")[force[where]]
    until = np.cumsum(at_door[order])
    before = (until - at_door[order])[first]
    ready = np.maximum.reduceat(done[order], first) if first.size else np.zeros(0)
    service = np.add.reduceat(at_door[order], first) + walk if first.size else np.zeros(0)
    turn = np.lexsort((ready, where))
    begun = np.empty(len(first))
    begun[turn] = starts(ready[turn], service[turn], where[turn], luck.crew, windows_of(problem))
    door = np.empty(len(bags))
    cart = number[order]
    door[order] = begun[cart] + walk[cart] / 2 + until - before[cart]
    place = np.empty(len(first), np.int64)
    place[turn] = np.arange(len(first))
    return Queue(where[turn], ready[turn], begun[turn], service[turn]), place[number], door


def windows_of(problem: Problem) -> Floats:
    """Return (C, W, 2) the waves of each compound; what one has fewer is never open."""
    most = max((len(one.waves) for one in problem.compounds), default=1)
    windows = np.full((len(problem.compounds), most, 2), -1.0)
    for place, one in enumerate(problem.compounds):
        windows[place, : len(one.waves)] = one.waves
    return windows


def wave_of(problem: Problem, bags: Bags) -> Ints:
    """Return (N,) the wave of each bag; what was left yesterday goes with the first."""
    return np.where(bags.asked == bags.asked.max(initial=0), problem.wave_of[bags.home], 0)


def in_packing_order(problem: Problem, bags: Bags) -> Bags:
    """Sort bags by supplier, wave, compound, unit."""
    compound = problem.of_home[bags.home]
    return bags.at(np.lexsort((bags.home, compound, wave_of(problem, bags), problem.supplier_of[compound])))
