"""City town: a problem as arrays for the compiled search, its vehicles one by one, and its answers back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from lastmetre.planning.routing.city_state import Flags, Ints, Reals, Small, State, Town, put_in, retime, retime_all
from lastmetre.planning.routing.problem import FOREVER_S, Problem, Stop
from lastmetre.planning.routing.schedule import Call
from lastmetre.planning.routing.search import Turn, prizes

NEAR = 40
"""Stops that count as near: where strings are torn and insertion looks."""
NONE = np.empty((0, 0), np.int64)
NONE.setflags(write=False)  # as matrices handed in: numba compiles for one kind of array only


class CityTown:
    """The arrays of a city, and which stop and kind of vehicle each row stands for."""

    def __init__(self, problem: Problem, stops: Sequence[int]) -> None:
        self.problem, self.stops = problem, list(stops)
        self.kinds = [kind for kind, one in enumerate(problem.vehicles) if one.count and one.trips]
        of_kind = [kind for kind in self.kinds for _ in range(min(problem.vehicles[kind].count, len(stops)))]
        self.kind_of = np.array(of_kind, np.int64)
        self.trips = np.array([self._trips(kind) for kind in of_kind], np.int64)
        self.town = self._town()
        self.state = self._state()

    def _trips(self, kind: int) -> int:
        one = self.problem.vehicles[kind]
        return min(one.trips, len(self.stops)) if one.start == one.end else 1

    def _column(self, name: str) -> list[int]:
        return [getattr(one, name) for one in (self.problem.vehicles[kind] for kind in self.kind_of)]

    def _places(self) -> Small:
        places = [self.problem.stops[stop].place for stop in self.stops]
        for kind, trips in zip(self.kind_of, self.trips, strict=True):
            one = self.problem.vehicles[kind]
            places += [self.problem.depots[one.start].place] * trips + [self.problem.depots[one.end].place]
        return np.array(places, np.int32)

    def _town(self) -> Town:
        problem, count = self.problem, len(self.stops)
        stops = [problem.stops[stop] for stop in self.stops]
        places, (x, y) = self._places(), problem.distances.scaled
        first = np.concatenate(([0], np.cumsum(self.trips + 1))) + count
        opens, closes, stays, loading = self._times(stops, first)
        near, near_m = _near(problem, places[:count], NEAR)
        group, allowed = self._rights()
        worth = prizes(problem)
        speed = np.array(self._column("speed"), float)
        work = np.array([FOREVER_S if value is None else value for value in self._column("work_s")], float)
        return Town(
            x=x[places],
            y=y[places],
            place=places,
            matrix_m=NONE if problem.distances.matrix_m is None else problem.distances.matrix_m,
            matrix_s=NONE if problem.distances.matrix_s is None else problem.distances.matrix_s,
            half=0.0 if problem.distances.rounds_down else 0.5,
            weight=np.array([one.weight_g for one in stops], np.int64),
            volume=np.array([one.volume_ml for one in stops], np.int64),
            opens=opens,
            closes=closes,
            stays=stays,
            prize=np.array([worth[stop] for stop in self.stops], float),
            group=group,
            near=near,
            near_m=near_m,
            owner=np.repeat(np.arange(-1, len(self.kind_of)), [count, *(self.trips + 1)]).astype(np.int32),
            first=first.astype(np.int32),
            kind=np.searchsorted(self.kinds, self.kind_of).astype(np.int32),
            room_g=np.array(self._column("weight_g"), np.int64),
            room_ml=np.array(self._column("volume_ml"), np.int64),
            # Paid time is taken as driving time here; the plan's cost is counted exactly afterwards.
            metre_cost=np.array(self._column("metre_cost"), float) + self._column("second_cost") / speed,
            fixed=np.array(self._column("fixed_cost"), float),
            speed=speed,
            work=work,
            loading=loading,
            allowed=allowed,
            is_timed=self._is_timed(stops),
            has_trips=bool((self.trips > 1).any()),
        )

    def _is_timed(self, stops: Sequence[Stop]) -> bool:
        used = [self.problem.vehicles[kind] for kind in self.kinds]
        endless = all(one.work_s is None and one.close_s == FOREVER_S for one in used)
        return not endless or any(stop.windows[0][1] < FOREVER_S for stop in stops)

    def _times(self, stops: Sequence[Stop], first: Ints) -> tuple[Reals, Reals, Reals, Reals]:
        """Windows, stays and loading times a node; of several windows the longest is searched."""
        windows = [max(stop.windows, key=lambda one: one[1] - one[0]) for stop in stops]
        opens, closes, stays, loading = (np.zeros(first[-1]) for _ in range(4))
        closes[:] = FOREVER_S
        opens[: len(stops)] = [window[0] for window in windows]
        closes[: len(stops)] = [window[1] for window in windows]
        stays[: len(stops)] = [stop.stay_s for stop in stops]
        for vehicle, kind in enumerate(self.kind_of):
            one = self.problem.vehicles[kind]
            opens[first[vehicle]] = one.open_s
            closes[first[vehicle] : first[vehicle + 1]] = one.close_s
            loading[first[vehicle] : first[vehicle + 1]] = self.problem.depots[one.start].load_s
        return opens, closes, stays, loading

    def _rights(self) -> tuple[Small, Flags]:
        """Group the stops by what lets a vehicle in, and say which kinds may go to which group."""
        numbers: dict[tuple[str, int], int] = {}
        examples: list[int] = []
        group = np.zeros(len(self.stops), np.int32)
        for row, stop in enumerate(self.stops):
            key = self.problem.stops[stop].needs, self.problem.pinned.get(stop, -1)
            if key not in numbers:
                numbers[key] = len(examples)
                examples.append(stop)
            group[row] = numbers[key]
        allowed = [[self.problem.may_serve(kind, stop) for stop in examples] for kind in self.kinds]
        return group, np.array(allowed, bool)

    def _state(self) -> State:
        town, nodes, vehicles = self.town, len(self.town.x), len(self.kind_of)
        after, before = np.arange(1, nodes + 1, dtype=np.int32), np.arange(-1, nodes - 1, dtype=np.int32)
        trip = np.arange(nodes, dtype=np.int32)
        trip[: len(self.stops)] = -1
        spans = np.zeros((2, nodes, 3))
        state = State(
            after=after,
            before=before,
            trip=trip,
            way=np.zeros(nodes),
            load_g=np.zeros(nodes, np.int64),
            load_ml=np.zeros(nodes, np.int64),
            calls=np.zeros(nodes, np.int32),
            served=np.zeros(vehicles, np.int32),
            till=spans[0],
            hence=spans[1],
            piece=np.zeros(vehicles, np.int32),
        )
        if town.is_timed:
            retime_all(town, state)
        return state

    def start_from(self, turns: Sequence[Turn]) -> None:
        """Put the routes of an earlier plan in; a route or trip too many is left out."""
        rows = {stop: row for row, stop in enumerate(self.stops)}
        free = {kind: list(np.flatnonzero(self.kind_of == kind))[::-1] for kind in self.kinds}
        for kind, trips in turns:
            if not free.get(kind):
                continue
            vehicle = free[kind].pop()
            for number, calls in enumerate(trips[: self.trips[vehicle]]):
                left = int(self.town.first[vehicle]) + number
                for row in (rows[stop] for stop, _ in calls if stop in rows):
                    put_in(self.town, self.state, row, left)
                    left = row
            if self.town.is_timed:
                retime(self.town, self.state, vehicle)

    def turns(self) -> list[Turn]:
        """Return each used vehicle's kind and the calls of its trips."""
        found: list[Turn] = []
        for vehicle in np.flatnonzero(self.state.served):
            trips = [self._calls(node) for node in range(*self.town.first[vehicle : vehicle + 2])]
            found.append((int(self.kind_of[vehicle]), [calls for calls in trips if calls]))
        return found

    def _calls(self, start: int) -> list[Call]:
        calls: list[Call] = []
        node = int(self.state.after[start])
        while len(calls) < self.state.calls[start]:
            calls.append((self.stops[node], False))
            node = int(self.state.after[node])
        return calls


def _near(problem: Problem, places: Small, most: int) -> tuple[Small, Reals]:
    """Find the nearest stops of each stop by a tree over coordinates, or by the matrix."""
    count = min(most, len(places) - 1)
    near = np.full((len(places), max(count, 1)), -1, np.int32)
    if count < 1:
        return near, np.zeros(near.shape)
    if problem.distances.x_m is None:
        far = problem.distances.between(places).astype(float)
        far += far.T
    else:
        x, y = problem.distances.scaled
        points = np.column_stack((x[places], y[places]))
        _, found = cKDTree(points).query(points, k=count + 1)
    for row in range(len(places)):
        order = found[row] if problem.distances.x_m is not None else np.argsort(far[row], kind="stable")
        near[row] = order[order != row][:count]
    if problem.distances.x_m is None:
        return near, problem.distances.metres_matrix[places[:, None], places[near]].astype(float)
    far = np.sqrt((x[places[:, None]] - x[places[near]]) ** 2 + (y[places[:, None]] - y[places[near]]) ** 2)
    return near, np.floor(far + (0.0 if problem.distances.rounds_down else 0.5))
