"""Check: independent code that a routing must pass; it drives every route again, stop by stop.

Nothing here is shared with the searches or with what writes their plans down. Every limit, time and cost
is taken from the problem and counted anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lastmetre.planning.routing.plans import Plan, Route, Trip, Visit
from lastmetre.planning.routing.problem import Problem, Stop, Vehicle, Windows


def check(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return what is wrong with a plan; nothing where every limit is kept and the cost is right."""
    found = list(_once_each(problem, plan))
    used = Counter(route.vehicle for route in plan.routes)
    found += [
        f"There are fewer vehicles {kind}." for kind in used if used[kind] > problem.vehicles[kind].count
    ]
    for route in plan.routes:
        found += [f"Vehicle {route.vehicle}: {fault}" for fault in _Drive(problem, route).faults()]
    return tuple(found)


def cost(problem: Problem, plan: Plan) -> int:
    """Return what a plan costs, counted anew."""
    return sum(_Drive(problem, route).cost() for route in plan.routes)


def _once_each(problem: Problem, plan: Plan) -> Iterator[str]:
    served = Counter(visit.stop for route in plan.routes for visit in route.visits if not visit.collects)
    left = Counter(one.stop for one in plan.unserved)
    for stop in range(len(problem.stops)):
        if served[stop] + left[stop] != 1:
            yield f"Stop {stop} is served {served[stop]} times and left {left[stop]} times."
    if (served | left).keys() - set(range(len(problem.stops))):
        yield "A stop is served that does not exist."
    if any(not str(one.reason) for one in plan.unserved):
        yield "A stop is left without a reason."


class _Drive:
    """One route driven again."""

    def __init__(self, problem: Problem, route: Route) -> None:
        self.problem, self.route = problem, route
        self.vehicle: Vehicle = problem.vehicles[route.vehicle]
        self.start = problem.depots[self.vehicle.start]
        self.end = problem.depots[self.vehicle.end]

    def faults(self) -> Iterator[str]:
        route, vehicle = self.route, self.vehicle
        if not 1 <= len(route.trips) <= max(vehicle.trips, 1):
            yield f"{len(route.trips)} trips."
        if any(not trip.visits for trip in route.trips):
            yield "a trip to nobody."
        if route.start_s < vehicle.open_s or route.end_s > vehicle.close_s:
            yield "drives outside the crew's hours."
        if vehicle.work_s is not None and route.end_s - route.start_s > vehicle.work_s:
            yield "works too long."
        if vehicle.reach_m is not None and self.metres() > vehicle.reach_m:
            yield "drives too far."
        if route.metres != self.metres() or route.cost != self.cost():
            yield "its way or cost is counted wrong."
        free_s = vehicle.open_s
        for number, trip in enumerate(route.trips):
            if trip.load_s < free_s:
                yield "loads before it is back."
            free_s = trip.end_s
            yield from self._loads(trip)
            yield from self._times(number, trip)

    def _places(self, number: int, trip: Trip) -> list[int]:
        last = number == len(self.route.trips) - 1
        called = [self._called(visit) for visit in trip.visits]
        return [self.start.place, *called, (self.end if last else self.start).place]

    def _called(self, visit: Visit) -> int:
        stop = self.problem.stops[visit.stop]
        if not visit.collects:
            return stop.place
        if stop.collect_at is None:
            raise ValueError(f"Stop {visit.stop} has nothing to collect.")
        return stop.collect_at

    def metres(self) -> int:
        ways = [self._places(number, trip) for number, trip in enumerate(self.route.trips)]
        far = self.problem.distances.metres
        return sum(far(here, there) for way in ways for here, there in pairwise(way))

    def cost(self) -> int:
        vehicle = self.vehicle
        worked_s = self.route.end_s - self.route.start_s
        return vehicle.fixed_cost + vehicle.metre_cost * self.metres() + vehicle.second_cost * worked_s

    def _loads(self, trip: Trip) -> Iterator[str]:
        stops = [(self.problem.stops[visit.stop], visit) for visit in trip.visits]
        from_depot = [stop for stop, _ in stops if stop.collect_at is None]
        weight, volume = sum(stop.weight_g for stop in from_depot), sum(stop.volume_ml for stop in from_depot)
        loads = [(weight, volume)]
        on_board: set[int] = set()
        for stop, visit in stops:
            sign = 1 if visit.collects else -1
            if stop.collect_at is not None:
                if not visit.collects and visit.stop not in on_board:
                    yield f"stop {visit.stop} is served before its goods are collected."
                (on_board.add if visit.collects else on_board.discard)(visit.stop)
            weight += sign * stop.weight_g + stop.pickup_g
            volume += sign * stop.volume_ml + stop.pickup_ml
            loads.append((weight, volume))
        if on_board:
            yield "collected goods stay on board."
        if max(load for load, _ in loads) > self.vehicle.weight_g:
            yield "too heavy."
        if max(load for _, load in loads) > self.vehicle.volume_ml:
            yield "too full."

    def _times(self, number: int, trip: Trip) -> Iterator[str]:
        places = self._places(number, trip)
        here, clock = places[0], trip.leave_s
        if trip.leave_s < trip.load_s + self.start.load_s:
            yield "leaves before it is loaded."
        for visit, place in zip(trip.visits, places[1:], strict=False):
            stop = self.problem.stops[visit.stop]
            yield from self._passes(visit.stop)
            if visit.arrive_s < clock + self._drive_s(here, place):
                yield f"is at stop {visit.stop} before it can be."
            if not _is_open(_windows(stop, visit), visit.start_s) or visit.start_s < visit.arrive_s:
                yield f"serves stop {visit.stop} outside its windows."
            if visit.leave_s < visit.start_s + (stop.collect_s if visit.collects else stop.stay_s):
                yield f"leaves stop {visit.stop} too early."
            if trip.load_s < stop.ready_s:
                yield f"loads for stop {visit.stop} before its goods are there."
            here, clock = place, visit.leave_s
        if trip.end_s < clock + self._drive_s(here, places[-1]):
            yield "is back before it can be."

    def _passes(self, stop: int) -> Iterator[str]:
        if not self.problem.may_serve(self.route.vehicle, stop):
            yield f"may not go to stop {stop}."

    def _drive_s(self, here: int, there: int) -> int:
        return self.problem.distances.seconds(here, there, self.vehicle.speed)


def _windows(stop: Stop, visit: Visit) -> Windows:
    return stop.collect_windows if visit.collects else stop.windows


def _is_open(windows: Windows, time_s: int) -> bool:
    return any(opens <= time_s <= closes for opens, closes in windows)
