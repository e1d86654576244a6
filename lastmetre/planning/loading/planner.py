"""The planner: whole stops on few vehicles; what fits nowhere whole is split; then the order of loading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from lastmetre.planning import Cancelled, Progress, routing
from lastmetre.planning.budget import Budget
from lastmetre.planning.loading.packing import (
    ENOUGH,
    NOWHERE,
    Packing,
    Whole,
    needs_of,
    packing_of,
    room_of,
)
from lastmetre.planning.loading.plans import Left, Load, Plan
from lastmetre.planning.loading.problem import Item, Problem, Stop, Vehicle
from lastmetre.planning.loading.reasons import reason_for
from lastmetre.terms import InputError, say

SECONDS = 5.0
"""The budget where none is given."""
PUSHES_A_UNIT = 10
"""After so many pushes for each stop a vehicle is kept."""


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Load as much as fits, stops whole, on few vehicles.

    `iterations` (stops pushed in) gives the same plan for the same seed; without, the budget is in seconds.
    """
    clock = _Pushes(seconds, iterations, progress, cancelled, SECONDS)
    if not problem.items or not problem.vehicles:
        return _told(problem, np.full(len(problem.items), NOWHERE, np.int64), seed, 0)
    packed = [np.full(len(problem.items), NOWHERE, np.int64)]
    needs = needs_of(problem.items)
    units = _units(problem, needs)
    if units:
        packing = packing_of(problem, units, needs)
        packing.fill()
        packed = [_of_items(problem, units, packing)]
        draw = np.random.default_rng(seed % 2**32)
        if packing.lost() == 0 or packing.press_in(draw, clock.goes_on):
            _save_vehicles(packing, draw, clock)
            packed.clear()
        packing.fill()
        packed.append(_of_items(problem, units, packing))
    for on in packed:
        while _split(problem, on, needs) or _gather(problem, on, needs):
            pass
    return _told(problem, min(packed, key=lambda on: _loss(problem, on)), seed, clock.done)


def _of_items(problem: Problem, units: Sequence[Sequence[int]], packing: Packing) -> Whole:
    """(I,) the vehicle of each item."""
    on = np.full(len(problem.items), NOWHERE, np.int64)
    for unit, vehicle in zip(units, packing.on.tolist(), strict=True):
        on[unit] = vehicle
    return on


def _loss(problem: Problem, on: Whole) -> tuple[list[int], int, int]:
    """What to keep small: bags left of the stops that go first, then of the next; stops split; vehicles."""
    ranks = sorted({stop.priority for stop in problem.stops})
    left = [
        problem.stops[problem.items[item].stop].priority for item in np.flatnonzero(on == NOWHERE).tolist()
    ]
    vehicles = len(set(on.tolist()) - {NOWHERE})
    return [left.count(rank) for rank in ranks], len(_split_stops(problem, on)), vehicles


def after_routing(
    plan: routing.Plan, *, vehicles: Sequence[Vehicle], bags: Mapping[int, Sequence[Item]]
) -> Problem:
    """Ask how each trip of a routing is loaded: `vehicles` by kind, `bags` by stop of the routing.

    Each trip is a vehicle to be loaded once, route by route. Raises `InputError` for bags of a stop that no route
    calls at.
    """
    trips: list[Vehicle] = []
    stops: list[Stop] = []
    items: list[Item] = []
    number_of: dict[int, int] = {}
    for route in plan.routes:
        for trip in route.trips:
            for turn, visit in enumerate(trip.visits):
                if not visit.collects:
                    number_of[visit.stop] = len(stops)
                    stops.append(Stop(unload_at=turn, vehicle=len(trips)))
            trips.append(vehicles[route.vehicle])
    for stop, some in bags.items():
        if stop not in number_of:
            raise InputError(
                say("Stop {number} has bags, and no route calls there.", number=stop + 1),
                remedy=say("Load only what a vehicle drives out."),
            )
        items += [Item(number_of[stop], bag.weight_g, bag.volume_ml, bag.temperature) for bag in some]
    return Problem(tuple(trips), tuple(stops), tuple(items))


class _Pushes(Budget):
    """The budget, in pushes or in seconds."""

    done = 0

    def goes_on(self) -> bool:
        """Count a push; tell whether there may be another."""
        goes_on = not self.is_over(self.done)
        self.done += goes_on
        return goes_on


def _units(problem: Problem, needs: Whole) -> list[list[int]]:
    """Return the items of each stop; those of a stop that no vehicle holds whole, in parts that one holds."""
    items_of: dict[int, list[int]] = {}
    for number, item in enumerate(problem.items):
        items_of.setdefault(item.stop, []).append(number)
    rooms = np.array([room_of(vehicle) for vehicle in problem.vehicles], np.int64)
    kinds_of_vehicle = np.unique(rooms, axis=0)
    units = []
    for stop, items in items_of.items():
        fixed = problem.stops[stop].vehicle
        allowed = kinds_of_vehicle if fixed is None else rooms[fixed : fixed + 1]
        if (needs[items].sum(axis=0) <= allowed).all(axis=1).any():
            units.append(items)
            continue
        while items:
            part = max((_that_fit(items, needs, room) for room in allowed), key=len)
            if not part:
                break
            units.append(part)
            inside = set(part)
            items = [item for item in items if item not in inside]
    return units


def _that_fit(items: list[int], needs: Whole, room: Whole) -> list[int]:
    """Return as many of the items as fit in order of size, the smallest first where not all do."""
    if (needs[items].sum(axis=0) <= room).all():
        return items
    share = (needs[items] / np.maximum(np.where(room >= ENOUGH, ENOUGH, room), 1)).max(axis=1)
    free, part = room.copy(), []
    for at in share.argsort(kind="stable"):
        if (needs[items[at]] <= free).all():
            free -= needs[items[at]]
            part.append(items[at])
    return sorted(part)


def _save_vehicles(packing: Packing, draw: np.random.Generator, clock: _Pushes) -> None:
    """Empty one vehicle after another while what it holds can be pressed into the others.

    First each alone, the least full first; then two at a time, against one that was not used.
    """
    tries, alone = PUSHES_A_UNIT * len(packing.on), True
    while int((packing.units_on > 0).sum()) > _least(packing):
        used = packing.units_on > 0
        used[packing.fixed[packing.fixed != NOWHERE]] = False  # those stay
        able, unused = np.flatnonzero(used), np.flatnonzero(packing.units_on == 0)
        if alone:
            loads = np.array([packing.size[packing.on == vehicle].sum() for vehicle in able])
            attempts = [([vehicle], NOWHERE) for vehicle in able[loads.argsort(kind="stable")].tolist()]
        elif len(able) > 1 and unused.size:
            attempts = [(draw.choice(able, 2, replace=False).tolist(), int(draw.choice(unused)))]
        else:
            return
        alone = False
        for closed, opened in attempts:
            if not clock.goes_on():
                return
            until = clock.done + tries
            if _emptied(packing, closed, opened, draw, partial(_until, clock, until)):
                alone = True
                break


def _until(clock: _Pushes, until: int) -> bool:
    return clock.done < until and clock.goes_on()


def _emptied(
    packing: Packing, closed: list[int], opened: int, draw: np.random.Generator, goes_on: Callable[[], bool]
) -> bool:
    """Press what some vehicles hold into the others in use and perhaps a new one; tell whether it went."""
    before = packing.saved()
    packing.shut |= packing.units_on == 0
    packing.shut[closed] = True
    if opened != NOWHERE:
        packing.shut[opened] = False
    for unit in np.flatnonzero(np.isin(packing.on, closed)):
        packing.take(int(unit))
    went = packing.press_in(draw, goes_on)
    if not went:
        packing.restore(before)
    packing.shut[:] = False
    return went


def _least(packing: Packing) -> int:
    """Tell how many vehicles there must be at least, by each column alone."""
    rooms = packing.free.copy()
    loaded = packing.on != NOWHERE
    np.add.at(rooms, packing.on[loaded], packing.needs[loaded])
    total = packing.needs[loaded].sum(axis=0)
    sums = np.minimum(np.cumsum(-np.sort(-np.minimum(rooms, ENOUGH // 2**20), axis=0), axis=0), ENOUGH)
    return int((sums < total).sum(axis=0).max(initial=0)) + 1 if loaded.any() else 0


def _free(problem: Problem, on: Whole, needs: Whole) -> Whole:
    free = np.array([room_of(vehicle) for vehicle in problem.vehicles], np.int64)
    np.subtract.at(free, on[on != NOWHERE], needs[on != NOWHERE])
    return free


def _split(problem: Problem, on: Whole, needs: Whole) -> bool:
    """Load bags that fit nowhere with their whole stop, each stop's on as few vehicles as can be."""
    free, before = _free(problem, on, needs), int((on == NOWHERE).sum())
    left: dict[int, list[int]] = {}
    for item in np.flatnonzero(on == NOWHERE).tolist():
        left.setdefault(problem.items[item].stop, []).append(item)
    for stop in sorted(left, key=lambda one: (problem.stops[one].priority, len(left[one]))):
        items, fixed = left[stop], problem.stops[stop].vehicle
        allowed = range(len(free)) if fixed is None else [fixed]
        while items:
            parts = [_that_fit(items, needs, free[vehicle]) for vehicle in allowed]
            most = max(range(len(parts)), key=lambda one: len(parts[one]))
            if not parts[most]:
                break
            on[parts[most]] = allowed[most]
            free[allowed[most]] -= needs[parts[most]].sum(axis=0)
            items = [item for item in items if on[item] == NOWHERE]
    return int((on == NOWHERE).sum()) < before


def _gather(problem: Problem, on: Whole, needs: Whole) -> bool:
    """Bring the bags of a split stop together where one vehicle holds them all; tell whether any were."""
    stops, found = np.array([item.stop for item in problem.items], np.int64), False
    free = _free(problem, on, needs)
    for stop in _split_stops(problem, on):
        whole = np.flatnonzero((stops == stop) & (on != NOWHERE))
        np.add.at(free, on[whole], needs[whole])
        fits = np.flatnonzero((free >= needs[whole].sum(axis=0)).all(axis=1))
        if fits.size:
            on[whole], found = fits[0], True
        np.subtract.at(free, on[whole], needs[whole])
    return found


def _split_stops(problem: Problem, on: Whole) -> tuple[int, ...]:
    vehicles_of: dict[int, set[int]] = {}
    for item in np.flatnonzero(on != NOWHERE).tolist():
        vehicles_of.setdefault(problem.items[item].stop, set()).add(int(on[item]))
    return tuple(sorted(stop for stop, several in vehicles_of.items() if len(several) > 1))


def _told(problem: Problem, on: Whole, seed: int, done: int) -> Plan:
    loads = []
    for number in np.lexsort((np.arange(len(on)), on)).tolist():
        if on[number] != NOWHERE:
            kind = problem.items[number].temperature
            rooms = problem.vehicles[on[number]].rooms
            room = next(at for at, one in enumerate(rooms) if kind in one.temperatures)
            loads.append(Load(int(on[number]), room, number))

    def turn(load: Load) -> tuple[int, ...]:
        item = problem.items[load.item]
        # The heavy first: they lie below.
        return (
            load.vehicle,
            -problem.stops[item.stop].unload_at,
            item.stop,
            load.room,
            -item.weight_g,
            load.item,
        )

    return Plan(
        loads=tuple(sorted(loads, key=turn)),
        left=tuple(Left(item, reason_for(problem, item)) for item in np.flatnonzero(on == NOWHERE).tolist()),
        split=_split_stops(problem, on),
        seed=seed,
        iterations=done,
    )
