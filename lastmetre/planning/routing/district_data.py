"""The district's problem in the terms of PyVRP 0.14, and its answers back in ours."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pyvrp
from numpy.typing import NDArray
from pyvrp.search import compute_neighbours

from lastmetre.planning.columns import Whole
from lastmetre.planning.routing.problem import FOREVER_S, Problem, Stop, Vehicle
from lastmetre.planning.routing.schedule import Call

BARRED_M = 2**34
"""Distance to where a vehicle may not go: beyond all others, yet a day of them fits 64 bits."""
MOST_CLIENTS = 3_000
"""With more windows than this together the matrices take over a gigabyte."""


class DistrictData:
    """PyVRP's data of some stops, and which client stands for which stop."""

    def __init__(self, problem: Problem, stops: Sequence[int], *, prizes: dict[int, int] | None) -> None:
        """Take `prizes` a stop where stops may be left out; None: all must be served."""
        self.problem, self.prizes = problem, prizes
        self.has_volume = any(one.volume_ml or one.pickup_ml for one in problem.stops)
        self.kinds = [kind for kind, one in enumerate(problem.vehicles) if one.count and one.trips]
        self.client_stops: list[int] = []
        self.shipment_stops: list[int] = []
        self._places = [depot.place for depot in problem.depots]
        self._barring: list[int | None] = [None] * len(self._places)
        self._clients: list[pyvrp.Client] = []
        self._shipments: list[pyvrp.Shipment] = []
        self._groups: list[pyvrp.ClientGroup] = []
        for stop in stops:
            self._add(stop)
        self.data = self._made()
        self.neighbours = compute_neighbours(self.data)

    def _add(self, stop: int) -> None:
        it = self.problem.stops[stop]
        location = self._location(it.place, stop)
        if it.collect_at is not None:
            self._add_shipment(stop, it, self._location(it.collect_at, stop), location)
            return
        windows = [one for one in it.windows if one[1] >= it.ready_s]
        group = len(self._groups) if len(windows) > 1 else None
        if group is not None:
            members = range(len(self._clients), len(self._clients) + len(windows))
            self._groups.append(pyvrp.ClientGroup(list(members), required=self.prizes is None))
        for opens, closes in windows:
            self.client_stops.append(stop)
            self._clients.append(
                pyvrp.Client(
                    location,
                    delivery=self._sizes(it.weight_g, it.volume_ml),
                    pickup=self._sizes(it.pickup_g, it.pickup_ml),
                    service_duration=it.stay_s,
                    tw_early=opens,
                    tw_late=closes,
                    release_time=min(it.ready_s, FOREVER_S),
                    prize=self.prizes[stop] if self.prizes else 0,
                    required=self.prizes is None and group is None,
                    group=group,
                )
            )

    def _add_shipment(self, stop: int, it: Stop, origin: int, target: int) -> None:
        # One window a step: the longest; the schedule written afterwards may use the others.
        collect, hand_over = (
            max(windows, key=lambda one: one[1] - one[0]) for windows in (it.collect_windows, it.windows)
        )
        self.shipment_stops.append(stop)
        self._shipments.append(
            pyvrp.Shipment(
                origin,
                target,
                pickup_tw_early=collect[0],
                pickup_tw_late=collect[1],
                pickup_service_duration=it.collect_s,
                delivery_tw_early=hand_over[0],
                delivery_tw_late=hand_over[1],
                delivery_service_duration=it.stay_s,
                amount=self._sizes(it.weight_g, it.volume_ml),
                prize=self.prizes[stop] if self.prizes else 0,
                required=self.prizes is None,
            )
        )

    def _location(self, place: int, stop: int) -> int:
        self._places.append(place)
        self._barring.append(stop)
        return len(self._places) - 1

    def _sizes(self, weight_g: int, volume_ml: int) -> list[int]:
        return [weight_g, volume_ml] if self.has_volume else [weight_g]

    def _made(self) -> pyvrp.ProblemData:
        problem, places = self.problem, np.array(self._places)
        metres = problem.distances.between(places)
        profiles: dict[tuple[float, bytes], int] = {}
        far, long, types = [], [], []
        for kind in self.kinds:
            one = problem.vehicles[kind]
            barred = np.array([s is not None and not problem.may_serve(kind, s) for s in self._barring])
            key = (one.speed, barred.tobytes())
            if key not in profiles:
                profiles[key] = len(profiles)
                seconds = problem.distances.times(places, metres, one.speed)
                far.append(_barred(metres, barred))
                long.append(_barred(seconds, barred))
            types.append(self._type(one, profiles[key]))
        return pyvrp.ProblemData(
            [pyvrp.Location(0, 0) for _ in places] if problem.distances.x_m is None else self._locations(),
            self._clients,
            [pyvrp.Depot(number, service_duration=one.load_s) for number, one in enumerate(problem.depots)],
            types,
            far,
            long,
            self._groups,
            self._shipments,
        )

    def _locations(self) -> list[pyvrp.Location]:
        x_m, y_m = self.problem.distances.scaled
        return [pyvrp.Location(float(x_m[place]), float(y_m[place])) for place in self._places]

    def _type(self, one: Vehicle, profile: int) -> pyvrp.VehicleType:
        return pyvrp.VehicleType(
            num_available=one.count,
            capacity=self._sizes(one.weight_g, one.volume_ml),
            start_depot=one.start,
            end_depot=one.end,
            fixed_cost=one.fixed_cost,
            tw_early=one.open_s,
            tw_late=one.close_s,
            shift_duration=FOREVER_S if one.work_s is None else one.work_s,
            max_distance=FOREVER_S if one.reach_m is None else one.reach_m,
            unit_distance_cost=one.metre_cost,
            unit_duration_cost=one.second_cost,
            profile=profile,
            reload_depots=[one.start] if one.trips > 1 else [],
            max_reloads=one.trips - 1,
        )

    def turns(self, solution: pyvrp.Solution) -> list[tuple[int, list[list[Call]]]]:
        """Return each route that breaks no limit as its kind of vehicle and the calls of its trips."""
        kept = [route for route in solution.routes() if route.is_feasible()]
        return [(self.kinds[route.vehicle_type()], self._trips(route)) for route in kept]

    def _trips(self, route: pyvrp.Route) -> list[list[Call]]:
        trips: list[list[Call]] = [[]]
        for step in route.schedule():
            if step.is_depot():
                trips.append([])
            elif step.is_client():
                trips[-1].append((self.client_stops[step.idx], False))
            else:
                trips[-1].append((self.shipment_stops[step.idx], step.is_pickup()))
        return [calls for calls in trips if calls]

    def solution(self, turns: Collection[tuple[int, list[list[Call]]]]) -> pyvrp.Solution:
        """Write routes in PyVRP's terms: where a search starts warm."""
        return pyvrp.Solution(
            self.data,
            [
                pyvrp.Route(self.data, self._steps(kind, trips), self.kinds.index(kind))
                for kind, trips in turns
                if trips
            ],
        )

    def _steps(self, kind: int, trips: list[list[Call]]) -> list[pyvrp.Activity]:
        start = self.problem.vehicles[kind].start
        steps: list[pyvrp.Activity] = []
        for number, calls in enumerate(trips):
            if number:
                steps.append(pyvrp.Activity(pyvrp.ActivityType.DEPOT, start))
            steps += [self._step(stop, collects) for stop, collects in calls]
        return steps

    def _step(self, stop: int, collects: bool) -> pyvrp.Activity:
        if self.problem.stops[stop].collect_at is None:
            return pyvrp.Activity(pyvrp.ActivityType.CLIENT, self.client_stops.index(stop))
        kind = pyvrp.ActivityType.PICKUP if collects else pyvrp.ActivityType.DELIVERY
        return pyvrp.Activity(kind, self.shipment_stops.index(stop))


def _barred(matrix: Whole, barred: NDArray[np.bool_]) -> Any:
    if not barred.any():
        return matrix
    changed = np.array(matrix)
    changed[barred, :] = changed[:, barred] = BARRED_M
    np.fill_diagonal(changed, 0)
    return changed
