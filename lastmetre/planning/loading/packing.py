"""Packing: stops as columns of what they need, vehicles as rows of what they have, and the search between.

What a set of temperatures needs together is one column, for each of the 7 sets: a compartment limits the set
that it takes, and only that. So one comparison of rows tells whether a stop fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.loading.problem import Item, Problem, Temperature, Vehicle

Whole = NDArray[np.int64]
ENOUGH = 2**60
NOWHERE = -1
KINDS = tuple(Temperature)
SETS = tuple(frozenset(some) for many in (1, 2, 3) for some in combinations(KINDS, many))


def needs_of(items: Sequence[Item]) -> Whole:
    """(I, D) what each needs: weight, pieces of each kind, weight and volume of each set of kinds."""
    kind_of = {kind: number for number, kind in enumerate(KINDS)}
    rows = [(item.weight_g, item.volume_ml, kind_of[item.temperature]) for item in items]
    weight, volume, kind = np.array(rows, np.int64).reshape(-1, 3).T
    columns = [weight, *(np.asarray(kind == number, np.int64) for number in range(len(KINDS)))]
    for some in SETS:
        inside = np.isin(kind, [kind_of[one] for one in some])
        columns += [weight * inside, volume * inside]
    return np.stack(columns, axis=1)


def room_of(vehicle: Vehicle) -> Whole:
    """(D,) what a vehicle has of each column."""
    kept = frozenset(kind for room in vehicle.rooms for kind in room.temperatures)
    has = [vehicle.weight_g, *(ENOUGH if kind in kept else 0 for kind in KINDS)]
    limits = {room.temperatures: (room.weight_g, room.volume_ml) for room in vehicle.rooms}
    for some in SETS:
        has += limits.get(some, (ENOUGH, ENOUGH))
    return np.array(has, np.int64)


class Packing:
    """Units (whole stops, or parts of those that no vehicle holds) on vehicles."""

    def __init__(
        self, needs: Whole, rooms: Whole, fixed: Whole, priority: Whole, worth: NDArray[np.float64]
    ) -> None:
        self.needs, self.fixed, self.priority, self.worth = needs, fixed, priority, worth
        self.free = rooms.copy()
        self.on = np.full(len(needs), NOWHERE, np.int64)
        self.units_on = np.zeros(len(rooms), np.int64)
        self.shut = np.zeros(len(rooms), bool)
        largest = np.where(rooms >= ENOUGH, 0, rooms).max(axis=0, initial=0)
        self.size = (needs / np.maximum(largest, 1) * (largest > 0)).max(axis=1, initial=0.0)
        self.roominess = np.where(rooms >= ENOUGH, 0, rooms / np.maximum(largest, 1)).mean(axis=1)

    def put(self, unit: int, vehicle: int) -> None:
        """Load a unit."""
        self.on[unit] = vehicle
        self.free[vehicle] -= self.needs[unit]
        self.units_on[vehicle] += 1

    def take(self, unit: int) -> None:
        """Unload a unit."""
        vehicle = self.on[unit]
        self.on[unit] = NOWHERE
        self.free[vehicle] += self.needs[unit]
        self.units_on[vehicle] -= 1

    def fitting(self, unit: int) -> Whole:
        """Return the vehicles that have room for a unit."""
        fits = (self.free >= self.needs[unit]).all(axis=1) & ~self.shut
        if self.fixed[unit] != NOWHERE:
            fits &= np.arange(len(self.free)) == self.fixed[unit]
        return np.flatnonzero(fits)

    def place(self, unit: int) -> bool:
        """Load a unit on a vehicle in use that it fills best, or on the roomiest other; tell whether it fits."""
        fits = self.fitting(unit)
        if not fits.size:
            return False
        in_use = fits[self.units_on[fits] > 0]
        if in_use.size:
            rest = np.where(self.free[in_use] >= ENOUGH // 2, 0, self.free[in_use] - self.needs[unit])
            scale = np.maximum(self.needs.max(axis=0, initial=1), 1)
            self.put(unit, int(in_use[(rest / scale).sum(axis=1).argmin()]))
        else:
            self.put(unit, int(fits[self.roominess[fits].argmax()]))
        return True

    def fill(self) -> None:
        """Load all that is not, the fixed first, then by priority, then the largest."""
        is_free = self.fixed == NOWHERE
        for unit in np.lexsort((-self.size, self.priority, is_free)):
            if self.on[unit] == NOWHERE:
                self.place(int(unit))

    def lost(self) -> float:
        """Tell what is not loaded, by worth."""
        return float(self.worth[self.on == NOWHERE].sum())

    def saved(self) -> tuple[Whole, Whole, Whole]:
        """Return a copy of the state."""
        return self.on.copy(), self.free.copy(), self.units_on.copy()

    def restore(self, state: tuple[Whole, Whole, Whole]) -> None:
        """Return to a state."""
        self.on[:], self.free[:], self.units_on[:] = state

    def press_in(self, draw: np.random.Generator, goes_on: Callable[[], bool]) -> bool:
        """Load what is not by pushing others out that were pushed least (guided ejection); keep the best.

        Returns whether all is loaded.
        """
        best, best_lost = self.saved(), self.lost()
        pushed = np.ones(len(self.on))
        while best_lost > 0 and goes_on():
            out = np.flatnonzero(self.on == NOWHERE)
            unit = int(draw.choice(out))
            if self.place(unit):
                if self.lost() < best_lost:
                    best, best_lost = self.saved(), self.lost()
                continue
            pushed[unit] += 1
            other = self._pushable(unit, pushed, draw)
            if other != NOWHERE:
                vehicle = int(self.on[other])
                self.take(other)
                self.put(unit, vehicle)
                self._shake(draw)
        self.restore(best)
        return best_lost == 0

    def _pushable(self, unit: int, pushed: NDArray[np.float64], draw: np.random.Generator) -> int:
        """Find who must go so that a unit fits: pushed least so far, then of least worth and size."""
        on = np.flatnonzero((self.on != NOWHERE) & (self.fixed == NOWHERE))
        if self.fixed[unit] != NOWHERE:
            on = on[self.on[on] == self.fixed[unit]]
        fits = (self.free[self.on[on]] + self.needs[on] >= self.needs[unit]).all(axis=1)
        on = on[fits & ~self.shut[self.on[on]]]
        if not on.size:
            return NOWHERE
        price = pushed[on] * (0.2 + self.size[on]) * (1 + draw.random(on.size))
        return int(on[price.argmin()])

    def _shake(self, draw: np.random.Generator) -> None:
        """Move a few units elsewhere, so that room gathers."""
        for unit in draw.integers(0, len(self.on), 3):
            if self.on[unit] != NOWHERE and self.fixed[unit] == NOWHERE:
                fits = self.fitting(int(unit))
                fits = fits[self.units_on[fits] > 0]
                if fits.size:
                    self.take(int(unit))
                    self.put(int(unit), int(draw.choice(fits)))


def packing_of(problem: Problem, units: Sequence[Sequence[int]], item_needs: Whole) -> Packing:
    """Make the packing of units, each the numbers of its items."""
    needs = np.array([item_needs[unit].sum(axis=0) for unit in units], np.int64)
    rooms = np.array([room_of(vehicle) for vehicle in problem.vehicles], np.int64)
    stops = [problem.stops[problem.items[unit[0]].stop] for unit in units]
    fixed = np.array([NOWHERE if stop.vehicle is None else stop.vehicle for stop in stops], np.int64)
    priority = np.array([stop.priority for stop in stops], np.int64)
    ranks = np.unique(-priority, return_inverse=True)[1]
    # A stop that goes first is worth more than all bags of those that go later.
    step = min(float(len(problem.items) + 1), 1e12 ** (1 / (1 + ranks.max(initial=0))))
    worth = np.array([len(unit) for unit in units]) * step**ranks
    return Packing(needs, rooms, fixed, priority, worth)
