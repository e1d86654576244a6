"""What both searches are handed and hand back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lastmetre.planning.routing.problem import Problem
from lastmetre.planning.routing.schedule import Call

Turn = tuple[int, list[list[Call]]]
"""A kind of vehicle, and the calls of each of its trips."""
MUST = 1_000
"""A stop that must be served counts as many optional ones of priority 1."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: routes whose order is settled, their times not yet."""

    turns: Sequence[Turn]
    iterations: int


def prizes(problem: Problem) -> dict[int, int]:
    """Return what serving each stop is worth: more than any detour, optional ones by their priority."""
    places = {depot.place for depot in problem.depots}
    metres = problem.distances.metres
    farthest = max((metres(depot, stop.place) for depot in places for stop in problem.stops), default=0)
    dearest = max((one.metre_cost for one in problem.vehicles), default=1)
    fixed = max((one.fixed_cost for one in problem.vehicles), default=0)
    paid_s = max((one.second_cost for one in problem.vehicles), default=0) * 86_400
    worth = min(2 * farthest * dearest + fixed + paid_s + 1, 2**34)
    return {
        number: worth * (min(stop.priority, MUST - 1) or MUST) for number, stop in enumerate(problem.stops)
    }
