"""Transit: goods change from the outer fleet to the inner one at stations outside the closed area (QZ8, YX9b).

The outer lorries are planned first, with a load for each stop to the station nearest to it; the inner
vehicles then start from the stations, no trip before its goods are there. No crew crosses the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.routing.choose import SECONDS, plan
from lastmetre.planning.routing.distances import Distances
from lastmetre.planning.routing.plans import Plan, Unserved
from lastmetre.planning.routing.problem import Depot, Problem, Stop, Vehicle
from lastmetre.terms import InputError, say

OUTER_PART = 0.4
"""Of the budget, for the outer fleet."""


@dataclass(frozen=True, slots=True)
class Station:
    """Where goods are handed from one fleet to the other without contact."""

    place: int
    unload_s: int = 1800
    """A lorry's stay, with its disinfection."""
    transfer_s: int = 3600
    """From the lorry's leaving until the goods are ready for the inner fleet."""


@dataclass(frozen=True, eq=False)
class Transit:
    """Warehouses and their outer fleet; stations and their inner fleet; stops inside."""

    distances: Distances
    warehouses: tuple[Depot, ...]
    outer: tuple[Vehicle, ...]
    """Start and end at `warehouses`."""
    stations: tuple[Station, ...]
    inner: tuple[Vehicle, ...]
    """Start and end at `stations`."""
    stops: tuple[Stop, ...]
    load_s: int = 900
    """Loading of an inner vehicle."""

    def __post_init__(self) -> None:
        if not self.stations:
            raise InputError(
                say("There is no transit station."), remedy=say("Name at least one, or plan one fleet alone.")
            )


@dataclass(frozen=True, slots=True)
class Relay:
    """Both fleets' days; a stop of either problem has the number that it has in `Transit.stops`."""

    outer_problem: Problem
    outer: Plan
    inner_problem: Problem
    inner: Plan
    station_of: tuple[int, ...]

    @property
    def unserved(self) -> tuple[Unserved, ...]:
        """Stops that get nothing: their goods do not reach the station, or no inner vehicle goes there."""
        stuck = {one.stop for one in self.outer.unserved}
        return (*self.outer.unserved, *(one for one in self.inner.unserved if one.stop not in stuck))


def relay(
    transit: Transit,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Relay:
    """Plan both fleets; `progress` runs once a fleet."""
    total = SECONDS if seconds is None else seconds
    station_of = _nearest(transit)
    outer_problem = _outer(transit, station_of)
    outer = plan(
        outer_problem,
        seed=seed,
        seconds=total * OUTER_PART,
        iterations=iterations,
        progress=progress,
        cancelled=cancelled,
    )
    inner_problem = _inner(transit, station_of, outer)
    inner = plan(
        inner_problem,
        seed=seed,
        seconds=total * (1 - OUTER_PART),
        iterations=iterations,
        progress=progress,
        cancelled=cancelled,
    )
    return Relay(outer_problem, outer, inner_problem, inner, tuple(station_of))


def _nearest(transit: Transit) -> list[int]:
    metres = transit.distances.metres
    return [
        min(range(len(transit.stations)), key=lambda one: metres(transit.stations[one].place, stop.place))
        for stop in transit.stops
    ]


def _outer(transit: Transit, station_of: Sequence[int]) -> Problem:
    """One load a stop, to its station: each is small, so that a lorry's room is used up."""
    counts = [max(station_of.count(number), 1) for number in range(len(transit.stations))]
    loads = []
    for stop, number in zip(transit.stops, station_of, strict=True):
        station = transit.stations[number]
        loads.append(
            Stop(
                station.place,
                stop.weight_g,
                stop.volume_ml,
                service_s=-(-station.unload_s // counts[number]),
                priority=stop.priority,
            )
        )
    return Problem(transit.distances, transit.warehouses, transit.outer, tuple(loads))


def _inner(transit: Transit, station_of: Sequence[int], outer: Plan) -> Problem:
    there_s = {visit.stop: visit.leave_s for route in outer.routes for visit in route.visits}
    depots = tuple(Depot(station.place, transit.load_s) for station in transit.stations)
    passes = [f"station {number}" for number in range(len(depots))]
    vehicles = tuple(
        replace(one, passes=frozenset({passes[one.start], *(f"{passes[one.start]}+{p}" for p in one.passes)}))
        for one in transit.inner
    )
    stops = []
    for number, stop in enumerate(transit.stops):
        station = station_of[number]
        needs = f"{passes[station]}+{stop.needs}" if stop.needs else passes[station]
        ready_s = there_s.get(number, 0) + transit.stations[station].transfer_s
        absent = "" if number in there_s else "+goods that do not come"
        stops.append(replace(stop, needs=needs + absent, ready_s=max(stop.ready_s, ready_s)))
    return Problem(transit.distances, depots, vehicles, tuple(stops))
