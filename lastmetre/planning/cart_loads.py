"""Loads: which doors' bags go on which cart, and which carts go out in which wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from lastmetre.planning import runs
from lastmetre.planning.cart_doors import PERSON_PPM, Door, carry_key, doors_of
from lastmetre.planning.cart_terms import Problem

NO_LIMIT = 1 << 62

Rows = dict[int, list[Door]]
"""The doors of each cart number, in the order of carrying."""


@dataclass(frozen=True, eq=False)
class Load:
    """What goes on one cart."""

    place: int
    """Among the loads, in the order of their units."""
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

    @cached_property
    def units(self) -> tuple[int, ...]:
        """Places of its units, in their order."""
        return tuple(sorted({door.unit for door in self.doors}))


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


def waves_of(problem: Problem, rows: Rows, people: int | None, carts: int | None) -> list[list[Load]]:
    """Send out the fewest waves that the carts and the people can do, and those about alike.

    Where carts are short loads are put together, but no more than that number of waves asks for.
    """
    hands = hands_of(rows, people)
    limits = (problem.capacity.weight_g, problem.capacity.volume_ml, hands)
    loads = _put_small_together(problem, _loads(rows, limits), limits)
    for waves in count(_fewest_waves(problem, loads, limits, carts)):
        out = loads if carts is None else put_together(problem, loads, limits, enough=carts * waves)
        sizes = [(1, load.size[2]) for load in out]
        out_together = runs.evenly(sizes, (carts or NO_LIMIT, hands))
        if len(out_together) <= waves:
            return [out[wave.start : wave.stop] for wave in out_together]
    raise AssertionError("One load a wave always fits.")


def _loads(rows: Rows, limits: runs.Size) -> list[Load]:
    """Load one cart for each number, or more where weight, volume or the hands of one wave ask for it."""
    loads: list[Load] = []
    for number, doors in rows.items():
        usual = [door for door in doors if not door.is_oversize]
        cartfuls = [
            usual[run.start : run.stop] for run in runs.evenly([_size(door) for door in usual], limits)
        ]
        cartfuls += [[door] for door in doors if door.is_oversize]
        for nth, cartful in enumerate(cartfuls):
            loads.append(Load(len(loads), () if nth else (number,), tuple(cartful)))
    return loads


def _size(door: Door) -> runs.Size:
    return door.weight_g, door.volume_ml, door.hands_ppm


def _fewest_waves(problem: Problem, loads: Sequence[Load], limits: runs.Size, carts: int | None) -> int:
    """Count the waves below which there is no need to look."""
    by_hands = -(-sum(load.size[2] for load in loads) // limits[2])
    if carts is None:
        return max(1, by_hands)
    return max(1, by_hands, -(-len(put_together(problem, loads, limits, enough=1)) // carts))


def _put_small_together(problem: Problem, loads: list[Load], limits: runs.Size) -> list[Load]:
    part = problem.share_percent
    small = (limits[0] * part // 100, limits[1] * part // 100, limits[2])
    return put_together(problem, loads, small, enough=1, across_buildings=False) if part else loads


def put_together(
    problem: Problem,
    loads: Sequence[Load],
    limits: runs.Size,
    *,
    enough: int,
    across_buildings: bool = True,
) -> list[Load]:
    """Put the emptiest cart's load on the nearest that has room, own building first, until few enough."""
    waiting, alone = list(loads), list[Load]()
    while waiting and len(waiting) + len(alone) > enough:
        emptiest = min(waiting, key=lambda load: (_fill(load, limits), load.place))
        waiting.remove(emptiest)
        hosts = [
            (not _same_building(problem, emptiest, load), abs(load.place - emptiest.place), load.place, at)
            for at, load in enumerate(waiting)
            if all(a + b <= limit for a, b, limit in zip(emptiest.size, load.size, limits, strict=True))
        ]
        if hosts and (across_buildings or not min(hosts)[0]):
            host = min(hosts)[-1]
            waiting[host] = _joined(problem, waiting[host], emptiest)
        else:
            alone.append(emptiest)
    return sorted(alone + waiting, key=lambda load: load.place)


def _fill(load: Load, limits: runs.Size) -> float:
    return max(load.size[0] / limits[0], load.size[1] / limits[1])


def _same_building(problem: Problem, one: Load, other: Load) -> bool:
    buildings = {problem.units[unit].building for unit in one.units}
    return any(problem.units[unit].building in buildings for unit in other.units)


def _joined(problem: Problem, one: Load, other: Load) -> Load:
    doors = sorted(one.doors + other.doors, key=lambda door: carry_key(problem, door.bags[0]))
    return Load(min(one.place, other.place), tuple(sorted(one.numbers + other.numbers)), tuple(doors))
