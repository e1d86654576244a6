"""Loads: which doors' bags go on which cart, and which carts go out in which wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np

from lastmetre.planning import runs
from lastmetre.planning.cart_doors import PERSON_PPM, Door, carry_key, doors_of
from lastmetre.planning.cart_terms import Problem

NO_LIMIT = 1 << 62

Rows = dict[int, list[Door]]
"""The doors of each cart number, in the order of carrying."""


@dataclass(frozen=True, eq=False)
class Load:
    """What goes on one cart."""

    numbers: tuple[int, ...]
    """Numbers of the units whose own cart this is; () for a second cart."""
    doors: tuple[Door, ...]
    """In the order of carrying."""

    @cached_property
    def size(self) -> runs.Size:
        """Grams, millilitres, and what it takes of the hands of a wave, in millionths of a person."""
        return (
            sum(door.weight_g for door in self.doors),
            sum(door.volume_ml for door in self.doors),
            sum(door.hands_ppm for door in self.doors),
        )

    @property
    def units(self) -> tuple[int, ...]:
        """Places of its units, in their order."""
        return tuple(sorted({door.unit for door in self.doors}))


@dataclass(frozen=True, eq=False)
class Loads:
    """The loads of a day in the order of their units, and what one cart and the hands of one wave take."""

    problem: Problem
    row: tuple[Load, ...]
    limits: runs.Size

    @cached_property
    def fewest_carts(self) -> int:
        """Carts that hold everything at once when as much as can be is put together."""
        return len(put_together(self, enough=1))


def cart_numbers(problem: Problem) -> tuple[int, ...]:
    """Number each unit's cart: as given, else the unit's place (ER3b), else the next after the last.

    Only the compound's list of units decides, so that a number stays whatever is ordered.
    """
    given = problem.numbers or (None,) * len(problem.units)
    taken = {number for number in given if number is not None}
    spare = count(max((len(problem.units), *taken)) + 1)
    return tuple(
        number or (next(spare) if place in taken else place) for place, number in enumerate(given, start=1)
    )


def rows_of(problem: Problem) -> Rows:
    """Gather the doors by the number of their unit's cart; units without bags have none."""
    numbers = cart_numbers(problem)
    bags: dict[int, list[int]] = {number: [] for number in numbers}
    for place, bag in enumerate(problem.bags):
        bags[numbers[bag.unit]].append(place)
    return {number: list(doors_of(problem, places)) for number, places in bags.items() if places}


def hands_of(rows: Rows, people: int | None) -> int:
    """Work that surely can be shared out over the people of a wave, in millionths of a person.

    Doors are not torn apart, so each person keeps room for the largest.
    """
    largest = max((door.hands_ppm for doors in rows.values() for door in doors), default=0)
    return NO_LIMIT if people is None else people * (PERSON_PPM - largest)


def loads_of(problem: Problem, rows: Rows, people: int | None) -> Loads:
    """Load one cart for each number, or more where weight, volume or the hands of one wave ask for it."""
    limits = (problem.capacity.weight_g, problem.capacity.volume_ml, hands_of(rows, people))
    row = []
    for number, doors in rows.items():
        usual = [door for door in doors if not door.is_oversize]
        sizes = [(door.weight_g, door.volume_ml, door.hands_ppm) for door in usual]
        cartfuls = [usual[run.start : run.stop] for run in runs.evenly(sizes, limits)]
        cartfuls += [[door] for door in doors if door.is_oversize]
        row += [Load(() if nth else (number,), tuple(cartful)) for nth, cartful in enumerate(cartfuls)]
    loads = Loads(problem, tuple(row), limits)
    part = problem.share_percent
    if not part:
        return loads
    small = (limits[0] * part // 100, limits[1] * part // 100, limits[2])
    return Loads(problem, put_together(loads, enough=1, limits=small, across_buildings=False), limits)


def waves_of(loads: Loads, carts: int | None) -> list[tuple[Load, ...]]:
    """Send out the fewest waves that the carts and the people can do, and those about alike.

    Where carts are short loads are put together, but no more than that number of waves asks for.
    """
    for waves in count(_fewest_waves(loads, carts)):
        row = loads.row if carts is None else put_together(loads, enough=carts * waves)
        sizes = [(1, load.size[2]) for load in row]
        cuts = runs.evenly(sizes, (carts or NO_LIMIT, loads.limits[2]))
        if len(cuts) <= waves:
            break
    return [row[cut.start : cut.stop] for cut in cuts]


def _fewest_waves(loads: Loads, carts: int | None) -> int:
    """Count the waves below which there is no need to look."""
    by_hands = -(-sum(load.size[2] for load in loads.row) // loads.limits[2])
    by_carts = 1 if carts is None else -(-loads.fewest_carts // carts)
    return max(1, by_hands, by_carts)


def put_together(
    loads: Loads, *, enough: int, limits: runs.Size | None = None, across_buildings: bool = True
) -> tuple[Load, ...]:
    """Put the emptiest cart's load on the nearest that has room, own building first, until few enough."""
    if len(loads.row) <= enough:
        return loads.row
    carts = np.arange(len(loads.row))
    building = np.array([loads.problem.units[load.doors[0].unit].building for load in loads.row])
    size = np.array([load.size for load in loads.row])
    room = np.array(limits or loads.limits)
    is_waiting = np.ones(len(carts), bool)
    merged = {int(cart): [load] for cart, load in zip(carts, loads.row, strict=True)}
    while len(merged) > enough and is_waiting.any():
        # How full a cart is tells its weight or its volume, whichever is nearer its limit.
        full = (size[:, :2] / np.array(loads.limits[:2])).max(axis=1)
        emptiest = int(np.where(is_waiting, full, np.inf).argmin())
        is_waiting[emptiest] = False
        is_elsewhere = building != building[emptiest]
        fits = is_waiting & (size + size[emptiest] <= room).all(axis=1) & (across_buildings | ~is_elsewhere)
        if fits.any():
            far = is_elsewhere * len(carts) + abs(carts - emptiest)
            host = int(np.where(fits, far, 2 * len(carts)).argmin())
            size[host] += size[emptiest]
            merged[host] += merged.pop(emptiest)
    return tuple(_joined(loads.problem, group) for _, group in sorted(merged.items()))


def _joined(problem: Problem, loads: Sequence[Load]) -> Load:
    if len(loads) == 1:
        return loads[0]
    numbers = sorted(number for load in loads for number in load.numbers)
    doors = sorted(
        (door for load in loads for door in load.doors), key=lambda door: carry_key(problem, door.bags[0])
    )
    return Load(tuple(numbers), tuple(doors))
