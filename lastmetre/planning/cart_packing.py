"""Bags as they stand packed -> the problem of the carts: rooms in walking order, floors, missing weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lastmetre.planning.cart_terms import Bag, Problem, Team
from lastmetre.terms import Unit, natural_key

DEFAULT_WEIGHT_G = 1000
"""Of a sale unit whose weight nobody gave; the carts are planned with it."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed bag and the door that it is for."""

    unit: int
    """Place of its unit among the units."""
    room: str
    floor: int | None
    weight_g: int
    volume_ml: int = 0
    pieces: int = 1


def problem_of(
    units: Sequence[Unit],
    packed: Sequence[Packed],
    *,
    numbers: Sequence[int | None] = (),
    people: int | None = None,
    carts: int | None = None,
    waves_a_day: int = 2,
) -> Problem:
    """Return what `carts.plan` solves for these bags; raises InputError for numbers that make no sense."""
    rooms = sorted({bag.room for bag in packed}, key=natural_key)
    order = {room: index for index, room in enumerate(rooms)}
    return Problem(
        units=tuple(units),
        bags=tuple(
            Bag(
                unit=bag.unit,
                floor=bag.floor,
                room=order[bag.room],
                weight_g=bag.weight_g,
                volume_ml=bag.volume_ml,
                pieces=bag.pieces,
            )
            for bag in packed
        ),
        numbers=tuple(numbers),
        carts=carts,
        team=Team(people=people, waves_a_day=waves_a_day),
    )


def floor_of(room: str) -> int | None:
    """Return the floor that a room number of three or four digits names (1701 -> 17); None for others."""
    digits = re.fullmatch(r"(\d{1,2})\d{2}", room)
    return int(digits[1]) if digits else None
