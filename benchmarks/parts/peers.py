"""Other solvers on our problems: the same distances, limits and seconds; their routes as our plans."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from lastmetre.planning.routing.plans import Plan
from lastmetre.planning.routing.problem import Problem
from lastmetre.planning.routing.reasons import unserved
from lastmetre.planning.routing.schedule import route_of


class NotThere(Exception):
    """A peer that is not installed, or has no place for this kind of problem."""


def plan_of(problem: Problem, turns: list[tuple[int, list[list[int]]]], name: str, seed: int) -> Plan:
    """Write a peer's routes down: the kind of vehicle and the stops of each trip."""
    calls = [(kind, [[(stop, False) for stop in trip] for trip in trips if trip]) for kind, trips in turns]
    routes = [route for kind, trips in calls if trips and (route := route_of(problem, kind, trips))]
    served = {visit.stop for route in routes for visit in route.visits}
    left = [stop for stop in range(len(problem.stops)) if stop not in served]
    return Plan(tuple(routes), unserved(problem, left, {}), name, seed, 0)


def whole(problem: Problem) -> tuple[np.ndarray, int]:
    """Matrix over depots and stops; only where there is one trip a vehicle and one speed."""
    if len(problem.stops) > 12_000:
        raise NotThere("a matrix of so many places does not fit in memory")
    places = np.array([one.place for one in (*problem.depots, *problem.stops)])
    return problem.distances.between(places), len(problem.depots)


def pyvrp_alone(problem: Problem, *, seconds: float, seed: int, **_: Any) -> Plan:
    """PyVRP's own `solve`, everything at its defaults."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    from lastmetre.planning.routing.district_data import DistrictData

    if len(problem.stops) > 12_000:
        raise NotThere("a matrix of so many places does not fit in memory")
    started = time.monotonic()
    made = DistrictData(problem, range(len(problem.stops)), prizes=None)
    left_s = seconds - (time.monotonic() - started)
    best = pyvrp.solve(made.data, MaxRuntime(left_s), seed=seed, display=False).best
    turns = made.turns(best) if best.is_feasible() else []
    return plan_of(
        problem,
        [(kind, [[stop for stop, _ in trip] for trip in trips]) for kind, trips in turns],
        "pyvrp",
        seed,
    )


SOLVERS = {"pyvrp": pyvrp_alone}
