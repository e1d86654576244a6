"""District: up to about a thousand stops with every rule there is, searched by PyVRP.

First all stops are taken to be served. Where that is not found in a part of the budget, each stop gets a
prize that outweighs its way, and what does not fit is left, once gaps and further trips are filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pyvrp
from pyvrp.search import LocalSearch, PerturbationManager

from lastmetre.planning.budget import Budget
from lastmetre.planning.routing.district_data import DistrictData
from lastmetre.planning.routing.filling import filled
from lastmetre.planning.routing.problem import Problem
from lastmetre.planning.routing.search import Found, Turn, prizes

FULL_PART = 0.3
"""Of the budget, spent on serving everybody before stops may be left out."""
FIRST_NEAR = 12
"""Neighbours looked at for the first routes: in a quarter of the time not half a per cent longer."""


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


class Town:
    """Some stops in PyVRP's terms, made once however many searches there are."""

    def __init__(self, problem: Problem, stops: Sequence[int]) -> None:
        self.problem, self.stops = problem, stops
        self.worth = prizes(problem)

    @cached_property
    def complete(self) -> DistrictData | None:
        """All stops must be served; None where they cannot."""
        return DistrictData(self.problem, self.stops, prizes=None) if self._may_fit() else None

    @cached_property
    def optional(self) -> DistrictData:
        """Each stop has its prize."""
        return DistrictData(self.problem, self.stops, prizes=self.worth)

    def prepare(self) -> DistrictData:
        """Make what a search begins with: once, before there are several threads."""
        return self.complete or self.optional

    def _may_fit(self) -> bool:
        problem = self.problem
        fleet = [one for one in problem.vehicles if one.trips]
        weight = sum(one.weight_g * one.count * one.trips for one in fleet)
        volume = sum(one.volume_ml * one.count * one.trips for one in fleet)
        collected = any(problem.stops[stop].collect_at is not None for stop in self.stops)
        return collected or (
            sum(problem.stops[stop].weight_g for stop in self.stops) <= weight
            and sum(problem.stops[stop].volume_ml for stop in self.stops) <= volume
        )


def search(town: Town, budget: Budget, *, seed: int, warm: Sequence[Turn] = ()) -> Found:
    """Search routes for a town within a budget; the best found, perhaps without some stops."""
    if not town.stops:
        return Found((), 0)
    done = 0
    if town.complete is not None:
        done, best = _run(town.complete, budget, seed, warm, part=FULL_PART, done=0)
        if best.is_feasible() and best.is_complete():
            return Found(town.complete.turns(best), done)
    done, best = _run(town.optional, budget, seed, warm, part=1.0, done=done)
    return Found(filled(town.problem, town.optional.turns(best), town.stops, town.worth), done)


def _run(
    made: DistrictData, budget: Budget, seed: int, warm: Sequence[Turn], *, part: float, done: int
) -> tuple[int, pyvrp.Solution]:
    """Do what `pyvrp.solve` does, but find neighbours once for all searches of the same data."""
    stop, how = _Stop(budget, part, done), pyvrp.SolveParams()
    random = pyvrp.RandomNumberGenerator(seed)
    moves = LocalSearch(made.data, random, made.neighbours, PerturbationManager(how.perturbation))
    for operator in how.operators:
        if operator.supports(made.data):
            moves.add_operator(operator(made.data))
    prices = pyvrp.PenaltyManager(how.penalty.midpoint_penalties(made.data), how.penalty)
    if warm:
        start = made.solution(warm)
    else:
        drawn = pyvrp.Solution.make_random(made.data, random)
        moves.neighbours = {one: near[:FIRST_NEAR] for one, near in made.neighbours.items()}
        start = moves(drawn, prices.max_cost_evaluator(), exhaustive=True)
        moves.neighbours = made.neighbours
    searching = pyvrp.IteratedLocalSearch(made.data, prices, moves, start, how.ils)
    best = searching.run(stop, collect_stats=False).best
    return stop.iterations, best
