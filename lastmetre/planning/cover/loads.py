"""Loads: what a point gets, divided where no lorry holds it at once, as stops of a routing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lastmetre.planning import routing
from lastmetre.planning.columns import Whole
from lastmetre.planning.cover.terms import Load, Problem

MOST_PARTS = 100
"""A point that needs more calls a day than this is left whole, and routing says that no vehicle holds it."""


def loads_of(problem: Problem, warehouse: int, point: int, units: Whole) -> list[Load]:
    """Divide what a point gets into full vehicles and a rest, which goes with what others get."""
    needs = problem.points[point].needs
    fleet = [
        one
        for one in problem.warehouses[warehouse].vehicles
        if one.count and one.trips and (not needs or needs in one.passes)
    ]
    whole = [tuple(units.tolist())]
    divided = [parts for one in fleet if (parts := _parts(problem, units, one)) is not None]
    return [Load(point, part) for part in min(divided, key=len, default=whole)]


def _parts(problem: Problem, units: Whole, vehicle: routing.Vehicle) -> list[tuple[int, ...]] | None:
    """Fill a vehicle again and again with the same mixture; None where that does not end."""
    parts: list[tuple[int, ...]] = []
    left = units
    while not _fits(problem, left, vehicle):
        weight_g, volume_ml = _size(problem, left)
        full = min(vehicle.weight_g / max(weight_g, 1), vehicle.volume_ml / max(volume_ml, 1))
        part = np.floor(left * full).astype(np.int64)
        for good in range(len(left)):  # room that whole units left
            while part[good] < left[good] and _fits(problem, _one_more(part, good), vehicle):
                part[good] += 1
        if not part.any() or len(parts) == MOST_PARTS:
            return None
        parts.append(tuple(part.tolist()))
        left = left - part
    return [*parts, tuple(left.tolist())]


def _one_more(units: Whole, good: int) -> Whole:
    more = units.copy()
    more[good] += 1
    return more


def _fits(problem: Problem, units: Whole, vehicle: routing.Vehicle) -> bool:
    weight_g, volume_ml = _size(problem, units)
    return weight_g <= vehicle.weight_g and volume_ml <= vehicle.volume_ml


def _size(problem: Problem, units: Iterable[int]) -> tuple[int, int]:
    pairs = [(int(n), good) for n, good in zip(units, problem.goods, strict=True)]
    return sum(n * good.weight_g for n, good in pairs), sum(n * good.volume_ml for n, good in pairs)


def stop_of(problem: Problem, load: Load, priority: int) -> routing.Stop:
    """Make a stop of a load."""
    point = problem.points[load.point]
    weight_g, volume_ml = _size(problem, load.units)
    return routing.Stop(
        point.place,
        weight_g,
        volume_ml,
        point.service_s,
        point.standing_s,
        point.windows,
        needs=point.needs,
        priority=priority,
    )
