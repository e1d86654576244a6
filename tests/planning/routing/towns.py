"""Small towns for the tests of routing: solved by hand, or drawn."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from lastmetre.planning import routing
from lastmetre.planning.routing import Depot, Distances, Plan, Problem, Stop, Vehicle
from lastmetre.planning.routing.check import check
from lastmetre.planning.routing.schedule import route_of

# A depot in the middle of a street; stops 1 km and 2 km to the west, 1 km and 3 km to the east.
STREET_M = [0, -1000, -2000, 1000, 3000]


def street(*vehicles: Vehicle, **changed: Any) -> Problem:
    """Four stops of 100 kg along a street; `changed` fields hold for all of them."""
    stops = tuple(Stop(place, **{"weight_g": 100_000} | changed) for place in range(1, 5))
    far = Distances(np.array(STREET_M), np.zeros(5))
    return Problem(far, (Depot(0),), vehicles or (Vehicle(200_000, count=2, speed=10),), stops)


def routed(problem: Problem, **options: Any) -> Plan:
    """Plan, and prove the plan."""
    plan = routing.plan(problem, **({"iterations": 60} | options))
    assert check(problem, plan) == ()
    return plan


def orders(plan: Plan) -> set[tuple[int, ...]]:
    """The stops of each route, whichever end it begins with."""
    found = [tuple(visit.stop for visit in route.visits) for route in plan.routes]
    return {min(order, order[::-1]) for order in found}


@st.composite
def towns(draw: st.DrawFn, most: int = 7) -> Problem:
    """Draw small towns with every kind of limit, many of them tight or contradictory."""

    def some(lowest: int, highest: int) -> int:
        return draw(st.integers(lowest, highest))

    places = some(1, most + 2)
    far = Distances(
        np.array([some(0, 9) * 500 for _ in range(places)]),
        np.array([some(0, 9) * 500 for _ in range(places)]),
    )
    depots = tuple(Depot(some(0, places - 1), load_s=some(0, 2) * 300) for _ in range(some(1, 2)))

    def vehicle() -> Vehicle:
        depot = some(0, len(depots) - 1)
        return Vehicle(
            weight_g=some(0, 5),
            volume_ml=some(1, 9),
            count=some(0, 2),
            start=depot,
            end=some(0, len(depots) - 1),
            open_s=some(0, 1) * 600,
            close_s=some(1, 4) * 3600,
            work_s=draw(st.none() | st.just(3000)),
            trips=some(1, 3),
            speed=float(some(1, 12)),
            fixed_cost=some(0, 1) * 1000,
            metre_cost=some(0, 2),
            second_cost=some(0, 1),
            passes=draw(st.sampled_from([frozenset(), frozenset({"A"})])),
        )

    def stop() -> Stop:
        opens = some(0, 6) * 600
        windows = draw(
            st.sampled_from([((0, 9000),), ((opens, opens),), ((opens, opens + 900), (5000, 7000))])
        )
        return Stop(
            some(0, places - 1),
            some(0, 3),
            some(0, 3),
            some(0, 2) * 300,
            standing_s=draw(st.sampled_from([0, 1800])),
            windows=windows,
            ready_s=draw(st.sampled_from([0, 0, 1200])),
            needs=draw(st.sampled_from(["", "", "A", "B"])),
            priority=draw(st.sampled_from([0, 0, 1, 5])),
        )

    stops = tuple(stop() for _ in range(some(0, most)))
    return Problem(far, depots, tuple(vehicle() for _ in range(some(0, 2))), stops)


def cheapest(problem: Problem) -> int:
    """Brute force over one kind of vehicle with one trip each: the least cost that serves all stops."""

    def best(stops: frozenset[int], vehicles: int) -> float:
        if not stops:
            return 0
        if not vehicles:
            return float("inf")
        first, costs = min(stops), []
        for picked in subsets(stops - {first}):
            load = picked | {first}
            if sum(problem.stops[stop].weight_g for stop in load) <= problem.vehicles[0].weight_g:
                costs.append(alone(load) + best(stops - load, vehicles - 1))
        return min(costs, default=float("inf"))

    def alone(stops: frozenset[int]) -> float:
        routes = (route_of(problem, 0, [[(stop, False) for stop in order]]) for order in permutations(stops))
        return min((route.cost for route in routes if route), default=float("inf"))

    return int(best(frozenset(range(len(problem.stops))), problem.vehicles[0].count))


def subsets(stops: frozenset[int]) -> list[frozenset[int]]:
    """All choices of some stops."""
    made = [frozenset[int]()]
    for stop in sorted(stops):
        made += [one | {stop} for one in made]
    return made
