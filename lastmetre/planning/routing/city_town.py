"""City town: a problem as arrays for the compiled search, its vehicles one by one, and its answers back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.routing.city_near import near_of
from lastmetre.planning.routing.city_state import (
    NODE,
    TIMES,
    VEHICLE,
    City,
    Flags,
    Small,
    put_in,
)
from lastmetre.planning.routing.city_times import retime, retime_all
from lastmetre.planning.routing.problem import FOREVER_S, Problem, Stop
from lastmetre.planning.routing.schedule import Call
from lastmetre.planning.routing.search import Turn, prizes

LINE = 64
"""Bytes of a line of the cache."""
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
        self.places = self._places()
        self.city = self._city()

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

    def _city(self) -> City:
        distances, count = self.problem.distances, len(self.stops)
        stops = [self.problem.stops[stop] for stop in self.stops]
        group, allowed = self._rights()
        vehicles = self._vehicles()
        nodes = self._nodes(stops, vehicles)
        nodes["group"][:count] = group
        times = self._times(stops, vehicles)
        city = City(
            nodes,
            times,
            vehicles,
            near_of(distances, times[:count], vehicles["speed"].max(initial=0.0) or 1.0),
            allowed,
            matrix_m=NONE if distances.matrix_m is None else distances.matrix_m,
            matrix_s=NONE if distances.matrix_s is None else distances.matrix_s,
            half=0.0 if distances.rounds_down else 0.5,
            is_timed=self._is_timed(stops),
            has_hours=any(self.problem.vehicles[kind].work_s is not None for kind in self.kinds),
            has_trips=bool((self.trips > 1).any()),
        )
        if city.is_timed:
            retime_all(city)
        return city

    def _vehicles(self) -> NDArray[Any]:
        vehicles = np.zeros(len(self.kind_of), VEHICLE)
        vehicles["first"] = np.concatenate(([0], np.cumsum(self.trips + 1)[:-1])) + len(self.stops)
        vehicles["last"] = vehicles["first"] + self.trips
        vehicles["kind"] = np.searchsorted(self.kinds, self.kind_of)
        for column, name in (("room_g", "weight_g"), ("room_ml", "volume_ml"), ("fixed", "fixed_cost")):
            vehicles[column] = self._column(name)
        vehicles["speed"] = self._column("speed")
        vehicles["work"] = [FOREVER_S if limit is None else limit for limit in self._column("work_s")]
        # Paid time is taken as driving time here; the plan's cost is counted exactly afterwards.
        paid = np.array(self._column("second_cost")) / vehicles["speed"]
        vehicles["metre_cost"] = np.array(self._column("metre_cost")) + paid
        return vehicles

    def _nodes(self, stops: Sequence[Stop], vehicles: NDArray[Any]) -> NDArray[Any]:
        count, (x, y) = len(stops), self.problem.distances.scaled
        nodes = _aligned(len(self.places), NODE)
        nodes["x"], nodes["y"] = x[self.places], y[self.places]
        nodes["after"], nodes["before"] = np.arange(1, len(nodes) + 1), np.arange(-1, len(nodes) - 1)
        nodes["trip"] = np.arange(len(nodes))
        nodes["trip"][:count] = -1
        nodes["owner"] = np.repeat(np.arange(-1, len(vehicles)), [count, *(self.trips + 1)])
        nodes["room_g"][:count] = [stop.weight_g for stop in stops]
        nodes["room_ml"][:count] = [stop.volume_ml for stop in stops]
        for column, name in (("group", "kind"), ("room_g", "room_g"), ("room_ml", "room_ml")):
            nodes[column][count:] = vehicles[name][nodes["owner"][count:]]
        return nodes

    def _times(self, stops: Sequence[Stop], vehicles: NDArray[Any]) -> NDArray[Any]:
        count, worth = len(stops), prizes(self.problem)
        times = _aligned(len(self.places), TIMES)
        times["place"] = self.places
        times["prize"][:count] = [worth[stop] for stop in self.stops]
        times["stays"][:count] = [stop.stay_s for stop in stops]
        # Of several windows the longest is searched.
        windows = [max(stop.windows, key=lambda one: one[1] - one[0]) for stop in stops]
        times["closes"] = FOREVER_S
        times["opens"][:count] = [opens for opens, _ in windows]
        times["closes"][:count] = [closes for _, closes in windows]
        for row, kind in zip(vehicles, self.kind_of, strict=True):
            one, mine = self.problem.vehicles[kind], slice(row["first"], row["last"] + 1)
            times["opens"][row["first"]] = one.open_s
            times["closes"][mine] = one.close_s
            times["stays"][mine] = self.problem.depots[one.start].load_s
        return times

    def _is_timed(self, stops: Sequence[Stop]) -> bool:
        used = [self.problem.vehicles[kind] for kind in self.kinds]
        endless = all(one.work_s is None and one.close_s == FOREVER_S for one in used)
        return not endless or any(stop.windows[0][1] < FOREVER_S for stop in stops)

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

    def start_from(self, turns: Sequence[Turn]) -> None:
        """Put the routes of an earlier plan in; a route or trip too many is left out."""
        rows = {stop: row for row, stop in enumerate(self.stops)}
        free = {kind: list(np.flatnonzero(self.kind_of == kind))[::-1] for kind in self.kinds}
        for kind, trips in turns:
            if not free.get(kind):
                continue
            vehicle = free[kind].pop()
            for number, calls in enumerate(trips[: self.trips[vehicle]]):
                left = int(self.city.vehicles["first"][vehicle]) + number
                for row in (rows[stop] for stop, _ in calls if stop in rows):
                    put_in(self.city, row, left)
                    left = row
            if self.city.is_timed:
                retime(self.city, int(vehicle))

    def turns(self) -> list[Turn]:
        """Return each used vehicle's kind and the calls of its trips."""
        found: list[Turn] = []
        for number in np.flatnonzero(self.city.vehicles["served"]):
            vehicle = self.city.vehicles[number]
            trips = [self._calls(node) for node in range(vehicle["first"], vehicle["last"])]
            found.append((int(self.kind_of[number]), [calls for calls in trips if calls]))
        return found

    def _calls(self, start: int) -> list[Call]:
        calls: list[Call] = []
        after, count = self.city.nodes["after"], self.city.nodes["calls"][start]
        node = after[start]
        while len(calls) < count:
            calls.append((self.stops[node], False))
            node = after[node]
        return calls


def _aligned(count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Make an array of zeros whose records begin at a line of the cache."""
    room = np.zeros(dtype.itemsize * count + LINE, np.uint8)
    skip = -room.ctypes.data % LINE
    return room[skip : skip + dtype.itemsize * count].view(dtype)
