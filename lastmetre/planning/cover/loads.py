"""Loads: what a point gets, divided where no lorry holds it at once, as stops of a routing."""

from __future__ import annotations

import numpy as np

from lastmetre.planning import routing
from lastmetre.planning.columns import Whole
from lastmetre.planning.cover.terms import Load, Problem

MOST_PARTS = 100
"""A point that needs more calls a day than this is left whole, and routing says that no vehicle holds it."""


def loads_of(problem: Problem, warehouse: int, point: int, units: Whole) -> list[Load]:
    """Divide what a point gets into the fewest parts about alike that a vehicle allowed there holds."""
    needs = problem.points[point].needs
    fleet = [
        one
        for one in problem.warehouses[warehouse].vehicles
        if one.count and one.trips and (not needs or needs in one.passes)
    ]
    for count in range(1, MOST_PARTS):
        parts = _parts(units, count)
        if any(all(_fits(problem, part, one) for part in parts) for one in fleet):
            return [Load(point, part) for part in parts]
    return [Load(point, tuple(units.tolist()))]


def _parts(units: Whole, count: int) -> list[tuple[int, ...]]:
    """Cut each good into parts; single units left over begin at another part for each good."""
    turn = np.arange(len(units)) % count
    cuts = (units * np.arange(count + 1)[:, None] + turn) // count
    return [part for row in np.diff(cuts, axis=0).tolist() if any(part := tuple(row))]


def _fits(problem: Problem, units: tuple[int, ...], vehicle: routing.Vehicle) -> bool:
    weight_g, volume_ml = _size(problem, units)
    return weight_g <= vehicle.weight_g and volume_ml <= vehicle.volume_ml


def _size(problem: Problem, units: tuple[int, ...]) -> tuple[int, int]:
    pairs = list(zip(units, problem.goods, strict=True))
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
