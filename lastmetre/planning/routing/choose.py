"""Choose: one question whatever the size; the engine is chosen, its answer timed, checked and explained."""

from __future__ import annotations

from collections.abc import Sequence

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.budget import Budget
from lastmetre.planning.routing import city, district, pair
from lastmetre.planning.routing.district_data import MOST_CLIENTS
from lastmetre.planning.routing.plans import Plan, Route
from lastmetre.planning.routing.problem import ALWAYS, Problem
from lastmetre.planning.routing.reasons import hopeless, unserved
from lastmetre.planning.routing.schedule import route_of
from lastmetre.planning.routing.search import Found, Turn
from lastmetre.terms import InputError, say

SECONDS = 60.0
"""The budget where none is given."""
CITY_FROM, CITY_FROM_TIMED = 100, 1_500
"""Stops from which the city's search is the better one, without and with windows, where it knows all the rules."""
PAIR_FROM = 100
"""Stops from which the others are worth two searches side by side."""


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    warm: Plan | None = None,
    engine: str | None = None,
) -> Plan:
    """Route a day (the rules in plain words: docs/planning/routing.md).

    With `iterations` the same problem and seed give the same plan; with `seconds` the search ends after them.
    `warm`: a plan of the same problem from where to go on. `engine`: 'district', 'city' or 'pair'; None: chosen.
    """
    engine = engine or chosen(problem)
    _warm_up(engine, problem)
    budget = Budget(seconds, iterations, progress, cancelled, SECONDS)
    known = hopeless(problem)
    stops = [stop for stop in range(len(problem.stops)) if stop not in known]
    engine = engine if stops else "none"
    found = _search(engine, problem, stops, budget, seed, _turns(warm, known) if warm else ())
    routes = [route for kind, trips in found.turns if (route := route_of(problem, kind, trips))]
    served = {visit.stop for route in routes for visit in route.visits}
    left = [stop for stop in range(len(problem.stops)) if stop not in served]
    return Plan(tuple(routes), unserved(problem, left, known), engine, seed, found.iterations)


def warm_up(problem: Problem) -> None:
    """Have compiled or loaded what this problem needs: budgets begin afterwards."""
    _warm_up(chosen(problem), problem)


def _warm_up(engine: str, problem: Problem) -> None:
    if engine == "city" or (engine == "pair" and _is_plain(problem)):
        city.warm_up()


def chosen(problem: Problem) -> str:
    """Choose the engine by size and features; raises `InputError` where neither can take it."""
    count = len(problem.stops)
    is_timed = any(stop.windows != ALWAYS for stop in problem.stops)
    if _is_plain(problem) and count >= (CITY_FROM_TIMED if is_timed else CITY_FROM):
        return "city"
    clients = sum(len(stop.windows) for stop in problem.stops)
    if clients > MOST_CLIENTS:
        raise InputError(
            say(
                "{count} stops with returns, suppliers or several windows are too many at once.",
                count=clients,
            ),
            remedy=say("Divide them by area, up to {most} each.", most=MOST_CLIENTS),
        )
    return "pair" if count >= PAIR_FROM else "district"


def _is_plain(problem: Problem) -> bool:
    """Tell whether the city's search knows all rules of a problem."""
    return not any(
        stop.collect_at is not None
        or stop.pickup_g
        or stop.pickup_ml
        or stop.ready_s
        or len(stop.windows) > 1
        for stop in problem.stops
    ) and all(one.reach_m is None and (one.trips < 2 or one.start == one.end) for one in problem.vehicles)


def _search(
    engine: str, problem: Problem, stops: Sequence[int], budget: Budget, seed: int, warm: Sequence[Turn]
) -> Found:
    if engine == "none":
        return Found((), 0)
    if engine == "city":
        return city.search(problem, stops, budget, seed=seed, warm=warm)
    if engine == "pair":
        return pair.search(problem, stops, budget, seed=seed, is_plain=_is_plain(problem), warm=warm)
    return district.search(district.Town(problem, stops), budget, seed=seed, warm=warm)


def _turns(warm: Plan, known: object) -> list[Turn]:
    return [_turn(route) for route in warm.routes]


def _turn(route: Route) -> Turn:
    trips = [[(visit.stop, visit.collects) for visit in trip.visits] for trip in route.trips]
    return route.vehicle, trips
