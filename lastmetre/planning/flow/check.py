"""Check: independent code that goes through a played day again, bag by bag and minute by minute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from lastmetre.planning.flow.problem import Floats, Problem
from lastmetre.planning.flow.weeks import Day

SLACK = 1e-6


def check_flow(problem: Problem, days: Sequence[Day]) -> tuple[str, ...]:
    """Return what is wrong with the days of one replication, from the first on."""
    faults: list[str] = []
    open_homes: set[int] = set()
    given_g: dict[int, float] = defaultdict(float)
    for day in days:
        asked, short = set(day.asked.tolist()), set(day.short.tolist())
        on_the_way = set(day.record.bags.home.tolist())
        if asked & open_homes or on_the_way != open_homes | (asked - short) or short - asked:
            faults.append(f"Day {day.record.day}: not every household that asked has one bag.")
        came = set(day.record.bags.home[np.isfinite(day.record.door_s)].tolist())
        open_homes = on_the_way - came - set(day.spoiled.tolist())
        if came & set(day.spoiled.tolist()):
            faults.append(f"Day {day.record.day}: a bag came and was thrown away.")
        for home, grams, first in zip(
            day.record.bags.home, day.record.bags.grams, day.record.bags.asked, strict=True
        ):
            if first == day.record.day:
                given_g[problem.compounds[problem.of_home[home]].supplier] += float(grams)
        for place, supplier in enumerate(problem.suppliers):
            if given_g[place] > supplier.stock_g + day.record.day * supplier.daily_g + 1:
                faults.append(f"Day {day.record.day}: supplier {place} gave more than it had.")
        faults += _order_faults(day) + _load_faults(problem, day) + _crowd_faults(problem, day)
    return tuple(faults)


def _order_faults(day: Day) -> list[str]:
    """Look that no bag is at a stage before it left the one before."""
    record = day.record
    faults = []
    steps = [record.packed_s, record.there_s, record.sorted_s, record.door_s]
    for before, after in pairwise(steps):
        late = np.isfinite(after) & ~(before <= after + SLACK)
        faults += [f"Day {record.day}: bag {bag} is early." for bag in np.flatnonzero(late).tolist()]
    return faults


def _load_faults(problem: Problem, day: Day) -> list[str]:
    """Weigh vehicles and carts; look that each goes to one place only."""
    record, faults = day.record, []
    of_home = problem.of_home
    for name, load in (("trip", record.trip), ("cart", record.round)):
        weight: dict[int, list[float]] = defaultdict(list)
        where: dict[int, set[int]] = defaultdict(set)
        for bag in np.flatnonzero(load >= 0).tolist():
            weight[int(load[bag])].append(float(record.bags.grams[bag]))
            home = record.bags.home[bag]
            place = of_home[home] if name == "trip" else of_home[home] * 2**21 + problem.unit[home]
            where[int(load[bag])].add(int(place))
        for number, grams in weight.items():
            compound = problem.compounds[
                min(where[number]) if name == "trip" else min(where[number]) // 2**21
            ]
            limit = problem.suppliers[compound.supplier].vehicle_g if name == "trip" else compound.cart_g
            if len(where[number]) > 1 or (sum(grams) > limit + 1 and len(grams) > 1):
                faults.append(f"Day {record.day}: {name} {number} goes to two places or is too heavy.")
    return faults


def _crowd_faults(problem: Problem, day: Day) -> list[str]:
    """Count who is busy at once at each place, and who begins outside the hours."""
    record, faults = day.record, []
    trips = record.trips
    out = np.isfinite(trips.out_s)
    suppliers = problem.supplier_of[trips.compound]
    crowds = (
        ("lines", record.packing.station, record.packing.start_s, record.packing.end_s, problem.suppliers),
        ("vehicles", suppliers[out], trips.out_s[out], trips.back_s[out], problem.suppliers),
        ("lanes", trips.compound, trips.in_lane_s, trips.unloaded_s, problem.compounds),
        ("sorters", record.sorting.station, record.sorting.start_s, record.sorting.end_s, problem.compounds),
        ("crew", record.rounds.station, record.rounds.start_s, record.rounds.end_s, problem.compounds),
    )
    for name, station, start, end, places in crowds:
        for place, row in enumerate(places):
            here = (station == place) & np.isfinite(start)
            if _most_at_once(start[here], end[here]) > getattr(row, name):
                faults.append(f"Day {record.day}: more {name} at work at {place} than there are.")
    for place, begin in zip(record.rounds.station.tolist(), record.rounds.start_s.tolist(), strict=True):
        waves: Iterable[tuple[int, int]] = problem.compounds[place].waves
        if begin < np.inf and not any(opens <= begin <= closes for opens, closes in waves):
            faults.append(f"Day {record.day}: a cart goes out at {place} outside the waves.")
    return faults


def _most_at_once(start: Floats, end: Floats) -> int:
    """Count the most that are busy at once; who ends makes room for who begins."""
    busy = end > start + SLACK
    edges = sorted([(time, 1) for time in start[busy]] + [(time - SLACK, -1) for time in end[busy]])
    most = now = 0
    for _, step in edges:
        now += step
        most = max(most, now)
    return most
