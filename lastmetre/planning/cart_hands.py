"""Hands: who carries which doors of a wave, everybody about as much."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from lastmetre.planning.cart_doors import PERSON_PPM, Door
from lastmetre.planning.cart_loads import Load
from lastmetre.planning.cart_terms import Round, Turn


@dataclass(frozen=True, slots=True)
class _Stop:
    cart: int
    """Place of its load in the wave."""
    door: Door


def share_out(
    loads: Sequence[Load], numbers: Sequence[int], *, wave: int, people: int
) -> tuple[list[tuple[Turn, ...]], list[Round]]:
    """Give each person one stretch of the wave's row of doors; return each cart's turns and the rounds.

    A stretch ends with a cart where that is as fair (see `cut`), so that few carts are handed over.
    """
    stops = [_Stop(cart, door) for cart, load in enumerate(loads) for door in load.doors]
    stops = [stop for stop in stops if not stop.door.needs_hands]
    turns: list[list[Turn]] = [[] for _ in loads]
    rounds = []
    for person, (start, end) in enumerate(pairwise(cut(stops, people)), start=1):
        mine = stops[start:end]
        for cart, stretch in groupby(mine, key=lambda stop: stop.cart):
            bags = tuple(bag for stop in stretch for bag in stop.door.bags)
            turns[cart].append(Turn(person, bags))
        if mine:
            carts = tuple(numbers[cart] for cart, _ in groupby(mine, key=lambda stop: stop.cart))
            rounds.append(_round(person, wave, carts, [stop.door for stop in mine]))
    return [tuple(cart) for cart in turns], rounds


def _round(person: int, wave: int, carts: tuple[int, ...], doors: Sequence[Door]) -> Round:
    return Round(
        person=person,
        wave=wave,
        carts=carts,
        bags=tuple(bag for door in doors for bag in door.bags),
        doors=len(doors),
        weight_g=sum(door.weight_g for door in doors),
        work_s=sum(door.work_s for door in doors),
        load_ppm=sum(door.load_ppm for door in doors),
    )


def cut(stops: Sequence[_Stop], people: int) -> list[int]:
    """Cut a row of doors so that every load is within 5 % of the mean, or one door of it.

    Of the places within 2.5 % of the even cut the best is where a cart ends, then a unit, then a floor;
    where there is none, the nearest place is taken.
    """
    # Times `people`, so that the even cuts are whole numbers too.
    done = [people * load for load in accumulate((stop.door.load_ppm for stop in stops), initial=0)]
    total = done[-1] // people
    slack = max(0, min(total // 40, (people * PERSON_PPM - total) // 2))
    breaks = [0, *(_break(before, after) for before, after in pairwise(stops)), 0]
    cuts = [0]
    for person in range(1, people):
        even = total * person
        first, end = bisect_left(done, even - slack), bisect_right(done, even + slack)
        if first < end:
            cuts.append(min(range(first, end), key=lambda place: (breaks[place], abs(done[place] - even))))
        else:
            cuts.append(min(first - 1, first, key=lambda place: abs(done[place] - even)))
    return [*cuts, len(stops)]


def _break(before: _Stop, after: _Stop) -> int:
    """Rank the place between two doors: 0 is the best to hand over."""
    if before.cart != after.cart:
        return 0
    if before.door.unit != after.door.unit:
        return 1
    return 2 if before.door.floor != after.door.floor else 3
