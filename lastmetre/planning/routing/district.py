"""District: up to about a thousand stops with every rule there is, searched by PyVRP.

First all stops are taken to be served. Where that is not found in a part of the budget, each stop gets a
prize that outweighs its way, and what does not fit is left, once gaps and further trips are filled.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyvrp

from lastmetre.planning.budget import Budget
from lastmetre.planning.routing.district_data import DistrictData
from lastmetre.planning.routing.filling import filled
from lastmetre.planning.routing.problem import Problem
from lastmetre.planning.routing.search import Found, Turn, prizes

FULL_PART = 0.3
"""Of the budget, spent on serving everybody before stops may be left out."""


class _Stop:
    """PyVRP's stopping rule: our budget; and, while nothing complete is found, only a part of it."""

    def __init__(self, budget: Budget, part: float, done: int) -> None:
        self.budget, self.part, self.iterations = budget, part, done
        self.is_found = False

    def __call__(self, best_cost: float) -> bool:
        self.is_found = self.is_found or best_cost < 2**62
        if self.budget.spent(self.iterations) >= (1.0 if self.is_found else self.part):
            return True
        self.iterations += 1
        return False


def search(
    problem: Problem, stops: Sequence[int], budget: Budget, *, seed: int, warm: Sequence[Turn] = ()
) -> Found:
    """Search routes for some stops within a budget; the best found, perhaps without some of them."""
    if not stops:
        return Found((), 0)
    done = 0
    if _may_fit(problem, stops):
        data = DistrictData(problem, stops, prizes=None)
        done, best = _run(data, budget, seed, warm, part=FULL_PART, done=0)
        if best.is_feasible() and best.is_complete():
            return Found(data.turns(best), done)
    worth = prizes(problem)
    data = DistrictData(problem, stops, prizes=worth)
    done, best = _run(data, budget, seed, warm, part=1.0, done=done)
    return Found(filled(problem, data.turns(best), stops, worth), done)


def _may_fit(problem: Problem, stops: Sequence[int]) -> bool:
    fleet = [one for one in problem.vehicles if one.trips]
    weight = sum(one.weight_g * one.count * one.trips for one in fleet)
    volume = sum(one.volume_ml * one.count * one.trips for one in fleet)
    collected = any(problem.stops[stop].collect_at is not None for stop in stops)
    return collected or (
        sum(problem.stops[stop].weight_g for stop in stops) <= weight
        and sum(problem.stops[stop].volume_ml for stop in stops) <= volume
    )


def _run(
    made: DistrictData, budget: Budget, seed: int, warm: Sequence[Turn], *, part: float, done: int
) -> tuple[int, pyvrp.Solution]:
    stop = _Stop(budget, part, done)
    start = made.solution(warm) if warm else None
    result = pyvrp.solve(
        made.data, stop, seed=seed, collect_stats=False, display=False, initial_solution=start
    )
    return stop.iterations, result.best
