"""Check: independent code that a plan of cover must pass; levels, loads, stores and every route anew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import gamma

from lastmetre.planning import routing
from lastmetre.planning.columns import Whole
from lastmetre.planning.cover.terms import NOBODY, Plan, Problem, Round
from lastmetre.planning.routing.check import check as check_routing


def check_cover(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return what is wrong with a plan; nothing where every limit is kept and every reason is there."""
    faults = [*_levels(problem, plan.order_at, problem.lead_days + problem.between_days)]
    faults += _levels(problem, plan.order_up_to, problem.lead_days + problem.cover_days)
    given, driven = np.zeros_like(problem.stock), np.zeros_like(problem.stock)
    taken = np.zeros_like(problem.available)
    for one in plan.rounds:
        faults += _round(problem, plan, one)
        served = {visit.stop for route in one.routing.routes for visit in route.visits}
        for number, load in enumerate(one.loads):
            units = np.array(load.units, np.int64)
            given[load.point] += units
            taken[one.warehouse] += units
            if number in served:
                driven[load.point] += units
    faults += _amounts(problem, plan, given, taken)
    if (driven != plan.brings).any():
        faults.append("What the vehicles bring is counted wrong.")
    return (*faults, *_reasons(problem, plan, given, driven))


def _levels(problem: Problem, level: Whole, days: float) -> Iterator[str]:
    """A level must last as surely as it says; one unit less must not, unless the mean needs it."""
    for (point, good), units in np.ndenumerate(level):
        mean, sd = float(problem.mean[point, good]) * days, float(problem.spread[point, good]) * days**0.5
        if units < mean - 1e-6:
            yield f"Point {point} would have less of good {good} than it sells."
        if not mean or not sd:
            continue
        demand = gamma(mean**2 / sd**2, scale=sd**2 / mean)
        if demand.cdf(units + 1e-6) < problem.service - 1e-9:
            yield f"Point {point}: {units} of good {good} do not last {days} days."
        if units - 1 >= mean and demand.cdf(units - 1) > problem.service + 1e-6:
            yield f"Point {point}: {units} of good {good} are more than are needed."


def _round(problem: Problem, plan: Plan, one: Round) -> Iterator[str]:
    stops = []
    for load in one.loads:
        point = problem.points[load.point]
        if plan.warehouse[load.point] != one.warehouse:
            yield f"Point {load.point} is served from another warehouse than its own."
        if problem.allowed is not None and not problem.allowed[load.point, one.warehouse]:
            yield f"Warehouse {one.warehouse} may not serve point {load.point}."
        if min(load.units) < 0 or not any(load.units):
            yield f"Point {load.point} is sent nothing, or less."
        weight = sum(n * good.weight_g for n, good in zip(load.units, problem.goods, strict=True))
        volume = sum(n * good.volume_ml for n, good in zip(load.units, problem.goods, strict=True))
        times = {"service_s": point.service_s, "standing_s": point.standing_s, "windows": point.windows}
        stops.append(routing.Stop(point.place, weight, volume, needs=point.needs, **times))  # type: ignore[arg-type]
    warehouse = problem.warehouses[one.warehouse]
    depots = (routing.Depot(warehouse.place, warehouse.load_s),)
    drive = routing.Problem(problem.distances, depots, warehouse.vehicles, tuple(stops))
    for fault in check_routing(drive, one.routing):
        yield f"Warehouse {one.warehouse}: {fault}"


def _amounts(problem: Problem, plan: Plan, given: Whole, taken: Whole) -> Iterator[str]:
    if (problem.stock + given > np.maximum(plan.order_up_to, problem.stock)).any():
        yield "A point is filled above its level."
    if (taken > problem.available).any():
        yield "A warehouse sends more than it has."
    for number, warehouse in enumerate(problem.warehouses):
        if warehouse.units_a_day is not None and int(taken[number].sum()) > warehouse.units_a_day:
            yield f"Warehouse {number} sends more than its hands get out."
    for number, point in enumerate(problem.points):
        there, added = (
            sum(int(n) * good.volume_ml for n, good in zip(units[number], problem.goods, strict=True))
            for units in (problem.stock, given)
        )
        if point.room_ml is not None and added > max(point.room_ml - there, 0):
            yield f"Point {number} has no room for what it gets."


def _reasons(problem: Problem, plan: Plan, given: Whole, driven: Whole) -> Iterator[str]:
    named = {one.point for one in plan.unserved if str(one.reason)}
    for point in range(len(problem.points)):
        is_urgent = bool((problem.stock[point] < plan.order_at[point]).any())
        is_left = bool((given[point] != driven[point]).any()) or (is_urgent and not driven[point].any())
        if is_left != (point in named):
            yield f"Point {point} is left without a reason, or named without need."
        if driven[point].any() and plan.warehouse[point] == NOBODY:
            yield f"Point {point} is served from nowhere."
