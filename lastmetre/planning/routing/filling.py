"""Filling: stops that a search left are put into gaps and further trips of its routes, dearest first.

A search moves stops about; it seldom opens a new trip for a stop that it may leave out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lastmetre.planning.routing.problem import Problem
from lastmetre.planning.routing.reasons import calls_of
from lastmetre.planning.routing.schedule import Call, route_of
from lastmetre.planning.routing.search import Turn

TRIES = 10_000
"""Routes written down at most: a second or two, however many stops were left."""


@dataclass
class _Tries:
    left: int = TRIES


def filled(
    problem: Problem, turns: Sequence[Turn], stops: Sequence[int], prizes: Mapping[int, int]
) -> list[Turn]:
    """Return the routes with whatever more of the stops fits, each where it costs least."""
    made = [(kind, [list(calls) for calls in trips]) for kind, trips in turns]
    served = {stop for _, trips in made for calls in trips for stop, _ in calls}
    tries = _Tries()
    for stop in sorted(set(stops) - served, key=lambda one: (-prizes[one], one)):
        best: tuple[int, int, Turn] | None = None
        for place, turn in _changed(problem, made, stop, tries):
            route = route_of(problem, *turn)
            if route is not None:
                before = route_of(problem, *made[place]) if place < len(made) else None
                added = route.cost - (before.cost if before else 0)
                best = min(best or (added, place, turn), (added, place, turn), key=lambda one: one[:2])
        if best is not None and best[0] < prizes[stop]:
            made[best[1] : best[1] + 1] = [best[2]]
    return made


def _changed(problem: Problem, made: Sequence[Turn], stop: int, tries: _Tries) -> Iterator[tuple[int, Turn]]:
    """Walk each route that could take a stop, changed so, with its place; a new one comes after the last."""
    used = [kind for kind, _ in made]
    new = [
        (len(made), (kind, [calls_of(problem, stop)]))
        for kind, one in enumerate(problem.vehicles)
        if used.count(kind) < one.count and one.trips
    ]
    more = (
        (place, (kind, way))
        for place, (kind, trips) in enumerate(made)
        for way in _ways(problem, kind, trips, stop)
    )
    for place, (kind, trips) in (*new, *more):
        if (
            tries.left
            and problem.may_serve(kind, stop)
            and all(_holds(problem, kind, calls) for calls in trips)
        ):
            tries.left -= 1
            yield place, (kind, trips)


def _ways(problem: Problem, kind: int, trips: list[list[Call]], stop: int) -> Iterator[list[list[Call]]]:
    """Walk a route with a stop in each gap of its trips, or on a trip of its own."""
    calls = calls_of(problem, stop)
    if len(trips) < problem.vehicles[kind].trips:
        yield from ([*trips[:number], calls, *trips[number:]] for number in range(len(trips) + 1))
    for number, trip in enumerate(trips if len(calls) == 1 else ()):
        for gap in range(len(trip) + 1):
            yield [*trips[:number], [*trip[:gap], *calls, *trip[gap:]], *trips[number + 1 :]]


def _holds(problem: Problem, kind: int, calls: Sequence[Call]) -> bool:
    """Tell whether a vehicle is never too heavy or too full on a trip."""
    one = problem.vehicles[kind]
    stops = [problem.stops[stop] for stop, _ in calls]
    weight = sum(it.weight_g for it in stops if it.collect_at is None)
    volume = sum(it.volume_ml for it in stops if it.collect_at is None)
    for it, (_, collects) in zip(stops, calls, strict=True):
        if weight > one.weight_g or volume > one.volume_ml:
            return False
        sign = 1 if collects else -1
        weight += sign * it.weight_g + it.pickup_g
        volume += sign * it.volume_ml + it.pickup_ml
    return weight <= one.weight_g and volume <= one.volume_ml
