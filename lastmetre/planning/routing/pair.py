"""Pair: two searches side by side, one a core; for the rest of the budget both go on from the better plan.

Where windows bind, removing strings is far better on some days and local search on others, and nobody knows
beforehand which day it is. Where only PyVRP knows the rules, it searches twice with different luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from lastmetre.planning.budget import Budget
from lastmetre.planning.routing import city, district
from lastmetre.planning.routing.problem import Problem
from lastmetre.planning.routing.schedule import route_of
from lastmetre.planning.routing.search import Found, Turn

APART = 0.6
"""Part of the budget in which neither knows of the other."""
STEPS_AN_ITERATION = 60
"""Steps of the city's search in the time of one of PyVRP's iterations, where those are counted."""

Search = Callable[[Budget, Sequence[Turn]], Found]


def search(
    problem: Problem,
    stops: Sequence[int],
    budget: Budget,
    *,
    seed: int,
    is_plain: bool,
    warm: Sequence[Turn] = (),
) -> Found:
    """Search routes twice at once; the better of both, perhaps without some stops.

    `is_plain`: whether the city's search knows all rules of this problem.
    """
    town = district.Town(problem, stops)
    town.prepare()
    searches: list[Search] = [partial(_by_moves, town, seed), partial(_by_moves, town, seed + 1)]
    if is_plain:
        searches[1] = partial(_by_strings, problem, stops, seed)
    best, done = Found(tuple(warm), 0), 0
    for part in (APART, 1.0):
        if budget.is_over(done) and best.turns:
            break
        stage = _stage(budget, part, done)
        with ThreadPoolExecutor(len(searches)) as threads:
            first = threads.submit(searches[0], stage, best.turns)
            other = threads.submit(searches[1], replace(stage, progress=None), best.turns)
        found = [first.result(), other.result()]
        done += found[0].iterations
        best = min((best, *found), key=lambda one: _cost(town, one.turns))
    return Found(best.turns, done)


def _by_moves(town: district.Town, seed: int, stage: Budget, warm: Sequence[Turn]) -> Found:
    return district.search(town, stage, seed=seed, warm=warm)


def _by_strings(
    problem: Problem, stops: Sequence[int], seed: int, stage: Budget, warm: Sequence[Turn]
) -> Found:
    steps = None if stage.iterations is None else stage.iterations * STEPS_AN_ITERATION
    return city.search(problem, stops, replace(stage, iterations=steps), seed=seed, warm=warm, workers=1)


def _stage(budget: Budget, part: float, done: int) -> Budget:
    """Return the budget up to a part of the whole: what watches it, sees the whole."""
    spent = budget.spent(done)
    until = max(part, spent)

    def progress(within: float) -> None:
        if budget.progress is not None:
            budget.progress(spent + within * (until - spent))

    return Budget(
        None if budget.seconds is None else budget.left_s - (1 - until) * budget.seconds,
        None if budget.iterations is None else int(until * budget.iterations) - done,
        progress,
        budget.cancelled,
    )


def _cost(town: district.Town, turns: Sequence[Turn]) -> int:
    """Cost of routes as they will be written down, and what it costs to leave out the rest."""
    routes = [route for turn in turns if (route := route_of(town.problem, *turn))]
    served = {visit.stop for route in routes for visit in route.visits}
    left = set(town.stops) - served
    return sum(route.cost for route in routes) + sum(town.worth[stop] for stop in left)
