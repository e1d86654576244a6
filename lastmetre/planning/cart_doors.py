"""Doors: the bags of one door as one thing to carry, and what carrying it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lastmetre.planning import runs
from lastmetre.planning.cart_terms import Bag, Problem, Team

PERSON_PPM = 1_000_000
"""Load of one person who does all that may be asked in a wave."""
TOO_MUCH_PPM = PERSON_PPM // 2
"""A bag that takes over half a person's wave needs several hands; a door that does is carried in parts."""
WALK_UP_FLOORS = 6
"""Floors of a building without lift where they are not known: from seven on GB 50096 asks for one."""

Key = tuple[int, bool, int, int]


@dataclass(frozen=True, slots=True)
class Door:
    """Bags for one door that are carried together: all of them, unless no cart or person can take them."""

    unit: int
    floor: int | None
    bags: tuple[int, ...]
    weight_g: int
    volume_ml: int
    work_s: int
    load_ppm: int
    """Part of what one person may be asked in a wave."""
    is_oversize: bool
    """More than one cart holds."""

    needs_hands: bool
    """A bag that is too much for one person: several carry it, by arrangement."""
    hands_ppm: int
    """What it takes of the people whose rounds are planned: nothing where several carry it by arrangement."""


def carry_key(problem: Problem, bag: int) -> Key:
    """Sort bags as they are carried: by unit, from the top floor down, unknown floors last, by room."""
    it = problem.bags[bag]
    return it.unit, it.floor is None, -(it.floor or 0), it.room


def doors_of(problem: Problem, bags: Sequence[int]) -> Iterator[Door]:
    """Gather bags into doors, in the order in which they are carried."""
    by_door = sorted((carry_key(problem, bag), bag) for bag in bags)
    for _, same in groupby(by_door, key=lambda pair: pair[0]):
        yield from _parts(problem, tuple(bag for _, bag in same))


def _parts(problem: Problem, bags: tuple[int, ...]) -> list[Door]:
    """One door; or as few parts as can be carried where it is more than a cart or a person takes."""
    door = _door(problem, bags)
    if len(bags) == 1 or not (door.is_oversize or door.load_ppm > TOO_MUCH_PPM):
        return [door]
    singles = [_door(problem, (bag,)) for bag in bags]
    sizes = [(one.weight_g, one.volume_ml, one.load_ppm) for one in singles]
    limits = (problem.capacity.weight_g, problem.capacity.volume_ml, TOO_MUCH_PPM)
    return [_door(problem, bags[part.start : part.stop]) for part in runs.fewest(sizes, limits)]


def _door(problem: Problem, bags: tuple[int, ...]) -> Door:
    first = problem.bags[bags[0]]
    weight_g = sum(problem.bags[bag].weight_g for bag in bags)
    volume_ml = sum(problem.bags[bag].volume_ml for bag in bags)
    work_s = _work_s(problem, bags, weight_g)
    load_ppm = _load_ppm(problem.team, weight_g, work_s)
    needs_hands = len(bags) == 1 and load_ppm > TOO_MUCH_PPM
    return Door(
        unit=first.unit,
        floor=first.floor,
        bags=bags,
        weight_g=weight_g,
        volume_ml=volume_ml,
        work_s=work_s,
        load_ppm=load_ppm,
        is_oversize=weight_g > problem.capacity.weight_g or volume_ml > problem.capacity.volume_ml,
        needs_hands=needs_hands,
        hands_ppm=0 if needs_hands else load_ppm,
    )


def _work_s(problem: Problem, bags: tuple[int, ...], weight_g: int) -> int:
    """At the door, piece by piece, and its part of the stairs: a full carry climbs once."""
    team = problem.team
    pieces = sum(problem.bags[bag].pieces for bag in bags)
    climb_s = floors_up(problem, problem.bags[bags[0]]) * team.floor_s
    return team.door_s + max(0, pieces - 1) * team.piece_s + _ceil(climb_s * weight_g, team.carry_g)


def floors_up(problem: Problem, bag: Bag) -> int:
    """Return the storeys that somebody climbs on foot to a bag's door."""
    unit = problem.units[bag.unit]
    if unit.has_lift:
        return 0
    if bag.floor is None:
        return (unit.floors or WALK_UP_FLOORS) // 2
    return max(bag.floor - 1, -bag.floor)


def _load_ppm(team: Team, weight_g: int, work_s: int) -> int:
    # The larger of both at each door keeps the sum over doors within both limits.
    return max(_ceil(work_s * PERSON_PPM, team.minutes * 60), _ceil(weight_g * PERSON_PPM, team.wave_g))


def _ceil(part: int, whole: int) -> int:
    return -(-part // whole)
