"""Schedule: times of a route whose order is known: out as late as it can be without coming back later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lastmetre.planning.routing.plans import Route, Trip, Visit
from lastmetre.planning.routing.problem import FOREVER_S, Problem, Windows

Call = tuple[int, bool]
"""A stop, and whether its goods are collected rather than handed over."""
Trips = Sequence[Sequence[Call]]


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that takes time at a place: loading, a call, or coming back."""

    place: int
    windows: Windows
    stay_s: int
    call: Call | None = None


def route_of(problem: Problem, kind: int, trips: Trips) -> Route | None:
    """Write a route down with its times; None where windows or hours cannot be kept in this order."""
    vehicle, events = problem.vehicles[kind], _events(problem, kind, trips)
    drives = _drives(problem, kind, events)
    earliest = _forward(events, drives, vehicle.open_s)
    if earliest is None:
        return None
    starts = _forward(events, drives, _latest_start(events, drives, earliest[-1][1]))
    if starts is None or starts[-1][1] > earliest[-1][1]:
        starts = earliest
    worked_s = starts[-1][1] - starts[0][1]
    if vehicle.work_s is not None and worked_s > vehicle.work_s:
        return None
    far = problem.distances.metres
    metres = sum(far(one.place, two.place) for one, two in pairwise(events))
    if vehicle.reach_m is not None and metres > vehicle.reach_m:
        return None
    cost = vehicle.fixed_cost + vehicle.metre_cost * metres + vehicle.second_cost * worked_s
    return Route(kind, _written(events, starts), metres, cost)


def _events(problem: Problem, kind: int, trips: Trips) -> list[_Event]:
    vehicle, events = problem.vehicles[kind], []
    start, end = problem.depots[vehicle.start], problem.depots[vehicle.end]
    for calls in trips:
        ready_s = max((problem.stops[stop].ready_s for stop, _ in calls), default=0)
        events.append(_Event(start.place, ((ready_s, FOREVER_S),), start.load_s))
        for stop, collects in calls:
            it = problem.stops[stop]
            if collects and it.collect_at is not None:
                events.append(_Event(it.collect_at, it.collect_windows, it.collect_s, (stop, True)))
            else:
                events.append(_Event(it.place, it.windows, it.stay_s, (stop, False)))
    events.append(_Event(end.place, ((0, vehicle.close_s),), 0))
    return events


def _drives(problem: Problem, kind: int, events: Sequence[_Event]) -> list[int]:
    seconds, speed = problem.distances.seconds, problem.vehicles[kind].speed
    ways = pairwise(events)
    return [seconds(one.place, two.place, speed) for one, two in ways]


def _forward(events: Sequence[_Event], drives: Sequence[int], start_s: int) -> list[tuple[int, int]] | None:
    """Return when each event is reached and begins, as early as can be; None where a window is missed."""
    times, clock = [], start_s
    for event, drive_s in zip(events, [*drives, 0], strict=True):
        begins = min((max(opens, clock) for opens, closes in event.windows if clock <= closes), default=None)
        if begins is None:
            return None
        times.append((clock, begins))
        clock = begins + event.stay_s + drive_s
    return times


def _latest_start(events: Sequence[_Event], drives: Sequence[int], end_s: int) -> int:
    clock = end_s
    for event, drive_s in zip(reversed(events[:-1]), reversed(drives), strict=True):
        due = clock - drive_s - event.stay_s
        clock = max((min(closes, due) for opens, closes in event.windows if opens <= due), default=due)
    return clock


def _written(events: Sequence[_Event], starts: Sequence[tuple[int, int]]) -> tuple[Trip, ...]:
    trips: list[Trip] = []
    visits: list[Visit] = []
    load_s = leave_s = 0
    for number, (event, (arrive_s, begin_s)) in enumerate(zip(events, starts, strict=True)):
        if event.call is not None:
            stop, collects = event.call
            visits.append(Visit(stop, arrive_s, begin_s, begin_s + event.stay_s, collects))
            continue
        if number:
            trips.append(Trip(load_s, leave_s, tuple(visits), arrive_s))
            visits = []
        load_s, leave_s = begin_s, begin_s + event.stay_s
    return tuple(trips)
