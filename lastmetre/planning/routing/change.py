"""Change: a day that is under way is planned again around what goes on as it was, after a vehicle fails.

Nobody else's route is touched: what the failed vehicle has not served goes to vehicles that are not out, or
to others' further trips after they are back. So the fewest are told anything new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.routing.choose import plan
from lastmetre.planning.routing.plans import Plan, Route, Unserved
from lastmetre.planning.routing.problem import Problem, Vehicle
from lastmetre.terms import InputError, say


@dataclass(frozen=True, slots=True)
class Changed:
    """What goes on, what is new, and what is left."""

    kept: tuple[Route, ...]
    """Routes of the old plan that go on unchanged."""
    failed: tuple[Route, ...]
    """Routes of the old plan that ended early."""
    done: tuple[int, ...]
    """Stops that the failed vehicles had served."""
    problem: Problem
    """What was planned anew: `added` is a plan of it."""
    added: Plan
    stops: tuple[int, ...]
    """The old number of each stop of `problem`."""
    vehicles: tuple[int | None, ...]
    """For each kind of vehicle of `problem`: the place in `kept` of the one that goes out again; None: it was free."""

    @property
    def unserved(self) -> tuple[Unserved, ...]:
        """Stops that are left, by their old numbers."""
        return tuple(Unserved(self.stops[one.stop], one.reason) for one in self.added.unserved)


def after_failure(
    problem: Problem,
    old: Plan,
    *,
    failed: Collection[int],
    now_s: int,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Changed:
    """Plan again what some vehicles (places in `old.routes`) have not served at `now_s`.

    Their goods are loaded anew: what is on a failed vehicle stays on it. Stops that the old plan left are
    tried again too. A stop fixed to a kind of vehicle goes with one that is not out yet.
    Raises `InputError` where a place does not exist.
    """
    for place in failed:
        if not 0 <= place < len(old.routes):
            raise InputError(
                say("Route {place} is not in the plan.", place=place),
                remedy=say("Name routes of this plan, counted from 0."),
            )
    broken = tuple(old.routes[place] for place in sorted(set(failed)))
    kept = tuple(route for place, route in enumerate(old.routes) if place not in set(failed))
    done = tuple(stop for route in broken for stop in _served(route, now_s))
    open_stops = _open(old, broken, done)
    vehicles, again = _vehicles(problem, kept, broken, now_s)
    pins = [(open_stops.index(stop), kind) for stop, kind in problem.pins if stop in open_stops]
    rest = Problem(
        problem.distances,
        problem.depots,
        tuple(vehicles),
        tuple(problem.stops[stop] for stop in open_stops),
        tuple(pins),
    )
    added = plan(
        rest, seed=seed, seconds=seconds, iterations=iterations, progress=progress, cancelled=cancelled
    )
    return Changed(kept, broken, done, rest, added, tuple(open_stops), tuple(again))


def _served(route: Route, now_s: int) -> list[int]:
    return [visit.stop for visit in route.visits if not visit.collects and visit.leave_s <= now_s]


def _open(old: Plan, broken: Sequence[Route], done: Collection[int]) -> list[int]:
    missed = {visit.stop for route in broken for visit in route.visits} - set(done)
    return sorted(missed | {one.stop for one in old.unserved})


def _vehicles(
    problem: Problem, kept: Sequence[Route], broken: Sequence[Route], now_s: int
) -> tuple[list[Vehicle], list[int | None]]:
    """List the free vehicles of each kind, then each one under way with what is left of its day."""
    out = Counter(route.vehicle for route in (*kept, *broken))
    vehicles: list[Vehicle] = []
    again: list[int | None] = [None] * len(problem.vehicles)
    for kind, one in enumerate(problem.vehicles):
        opens_s = max(one.open_s, now_s)
        count = max(one.count - out[kind], 0) if opens_s <= one.close_s else 0
        vehicles.append(replace(one, count=count, open_s=min(opens_s, one.close_s)))
    for place, route in enumerate(kept):
        rest = _rest_of_day(problem, route, now_s)
        if rest is not None:
            vehicles.append(rest)
            again.append(place)
    return vehicles, again


def _rest_of_day(problem: Problem, route: Route, now_s: int) -> Vehicle | None:
    one = problem.vehicles[route.vehicle]
    trips, opens_s = one.trips - len(route.trips), max(route.end_s, now_s)
    closes_s = one.close_s if one.work_s is None else min(one.close_s, route.start_s + one.work_s)
    reach_m = None if one.reach_m is None else one.reach_m - route.metres
    if trips < 1 or one.start != one.end or opens_s >= closes_s or (reach_m is not None and reach_m < 0):
        return None
    return replace(
        one,
        count=1,
        trips=trips,
        open_s=opens_s,
        close_s=closes_s,
        work_s=None,
        reach_m=reach_m,
        fixed_cost=0,
    )
