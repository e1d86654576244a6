"""The planner: who needs what, from where, what there is of it, and who drives it there."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning import Cancelled, Progress, routing
from lastmetre.planning.columns import Whole
from lastmetre.planning.cover.levels import evenly, order_at, order_up_to
from lastmetre.planning.cover.loads import loads_of, stop_of
from lastmetre.planning.cover.sources import sources
from lastmetre.planning.cover.terms import NOBODY, Load, Plan, Problem, Round, Unserved
from lastmetre.planning.routing import city
from lastmetre.planning.routing.reasons import hopeless
from lastmetre.terms import Sentence, say

Flags = NDArray[np.bool_]

SECONDS = 20.0
"""The budget where none is given."""
SOURCES_PART = 0.3
"""Of the budget, at most, for choosing the warehouses."""
STEPS_A_STOP = 200
"""Of the search for routes, where the budget is in seconds; a small round needs no more."""
CITY_OVER = 300
"""Stops of one warehouse from which the city's search may be the better one."""
DETOUR_PART = 0.5
"""A point that is due next is served with others where that takes at most this part of a way of its own."""
SURE, URGENT, SOON = 0, 500, 1
"""Priorities of stops: of a point that has run dry, of those that might (500-999), of those due next (1-10)."""


def warm_up(problem: Problem) -> None:
    """Have compiled or loaded what this problem needs: budgets begin afterwards."""
    if len(problem.points) > CITY_OVER:
        city.warm_up()


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Fill up the points that would not last, and those due next that lie on the way, while there is room.

    With `iterations` (steps of each warehouse's search for routes a stop) the same problem and seed give the
    same plan. Memory is 8 bytes x due points x 8 x limits that could bind.
    """
    warm_up(problem)
    budget = _Budget(SECONDS if seconds is None else seconds, iterations, progress, cancelled)
    need = _Need(problem)
    warehouse = sources(problem, need.wanted, None if iterations else budget.seconds * SOURCES_PART)
    send = _sent(problem, need, warehouse)
    rounds = _driven(problem, need, warehouse, send, seed, budget)
    brings = np.zeros_like(send)
    for one in rounds:
        for number, load in enumerate(one.loads):
            if number not in one.left:
                brings[load.point] += load.units
    for array in (need.at, need.up_to, warehouse, brings):
        array.setflags(write=False)
    steps = sum(one.routing.iterations for one in rounds)
    left = _unserved(problem, need, warehouse, send, rounds)
    sent = np.flatnonzero(send.sum(axis=1))
    notes = _short(problem, (need.wanted - send)[sent])
    return Plan(need.at, need.up_to, warehouse, brings, rounds, left, seed, steps, notes)


class _Need:
    """What each point would get if there were enough of everything."""

    def __init__(self, problem: Problem) -> None:
        self.at, self.up_to = order_at(problem), order_up_to(problem)
        self.is_urgent: Flags = np.any(problem.stock < self.at, axis=1)
        next_at = self.at + problem.mean * problem.between_days
        is_due: Flags = np.any(problem.stock < next_at, axis=1)
        self.wanted = np.where(is_due[:, None], np.maximum(self.up_to - problem.stock, 0), 0)
        volumes = np.array([good.volume_ml for good in problem.goods], np.int64)
        for number, point in enumerate(problem.points):
            if point.room_ml is not None:
                stock = problem.stock[number]
                room = max(point.room_ml - int((stock * volumes).sum()), 0)
                self.wanted[number] = evenly(stock, problem.mean[number], self.wanted[number], volumes, room)
        selling = np.where(problem.mean > 0, problem.stock / np.maximum(problem.mean, 1e-12), np.inf)
        self.days = selling.min(axis=1, initial=np.inf)
        self.worry_days = problem.lead_days + problem.between_days

    def priority(self, point: int) -> int:
        """Who has fewer days comes first: no far village is left out day after day."""
        days = float(self.days[point])
        if days <= 0:
            return SURE
        if self.is_urgent[point]:
            return URGENT + int(499 / (1 + days / self.worry_days))
        return SOON + int(9 / (1 + days / self.worry_days))


def _is_on_a_way(problem: Problem, need: _Need, warehouse: Whole) -> Flags:
    """(P,): who is served: all that are urgent, and of those due next whoever saves half of a way of its own."""
    served: Flags = np.logical_and(need.is_urgent, warehouse != NOBODY)
    far, urgent = problem.distances.metres, np.flatnonzero(served)
    for point in np.flatnonzero(~served & (warehouse != NOBODY) & need.wanted.any(axis=1)).tolist():
        here, home = problem.points[point].place, problem.warehouses[warehouse[point]].place
        others = (problem.points[one].place for one in urgent[warehouse[urgent] == warehouse[point]].tolist())
        own_m = far(home, here) + far(here, home)
        detour_m = min((far(one, here) + far(here, home) - far(one, home) for one in others), default=own_m)
        served[point] = detour_m <= own_m * DETOUR_PART
    return served


def _sent(problem: Problem, need: _Need, warehouse: Whole) -> Whole:
    """Share out what is short at each warehouse, goods first, then hands, so that all last alike."""
    send = need.wanted.copy()
    send[~_is_on_a_way(problem, need, warehouse)] = 0
    for number, one in enumerate(problem.warehouses):
        mine = np.flatnonzero(warehouse == number)
        for good in range(len(problem.goods)):
            its = (problem.stock[mine, good], problem.mean[mine, good], send[mine, good])
            send[mine, good] = evenly(*its, np.ones_like(mine), int(problem.available[number, good]))
        if one.units_a_day is not None:
            table = (problem.stock[mine].ravel(), problem.mean[mine].ravel(), send[mine].ravel())
            even = evenly(*table, np.ones(table[0].size, np.int64), one.units_a_day)
            send[mine] = even.reshape(len(mine), len(problem.goods))
    return send


@dataclass
class _Budget:
    """When to stop; each warehouse gets its part by the number of its stops."""

    seconds: float
    steps_a_stop: int | None
    progress: Progress | None
    cancelled: Cancelled | None

    def __post_init__(self) -> None:
        self.began = monotonic()

    def until(self, done: int, stops: int, total: int) -> Cancelled:
        """Tell progress, and return what asks whether the time of these stops is over."""
        if self.progress is not None:
            self.progress(done / max(total, 1))
        left_s = self.seconds - (monotonic() - self.began)
        ends_at = monotonic() + left_s * stops / max(total - done, 1)
        return lambda: (
            (self.steps_a_stop is None and monotonic() > ends_at)
            or (self.cancelled is not None and self.cancelled())
        )


def _driven(
    problem: Problem, need: _Need, warehouse: Whole, send: Whole, seed: int, budget: _Budget
) -> tuple[Round, ...]:
    loads: dict[int, list[Load]] = {}
    for point in np.flatnonzero(send.sum(axis=1)).tolist():
        depot = int(warehouse[point])
        loads.setdefault(depot, []).extend(loads_of(problem, depot, point, send[point]))
    total, done, rounds = sum(map(len, loads.values())), 0, []
    # Small rounds first: what they leave of their time is the large ones'.
    for depot, its in sorted(loads.items(), key=lambda pair: (len(pair[1]), pair[0])):
        stops = tuple(stop_of(problem, load, need.priority(load.point)) for load in its)
        routed = routing.plan(
            problem.routing(depot, stops),
            seed=seed,
            iterations=(budget.steps_a_stop or STEPS_A_STOP) * len(stops),
            cancelled=budget.until(done, len(stops), total),
            engine="district" if len(stops) <= CITY_OVER else None,
        )
        rounds.append(Round(depot, tuple(its), routed))
        done += len(stops)
    budget.until(total, 0, total)
    return tuple(rounds)


def _unserved(
    problem: Problem, need: _Need, warehouse: Whole, send: Whole, rounds: tuple[Round, ...]
) -> tuple[Unserved, ...]:
    """Say who might run dry, or was due and not reached, and why (house law 6)."""
    found = {
        point: _without(problem, need, point, int(warehouse[point]))
        for point in np.flatnonzero(need.is_urgent & ~send.any(axis=1)).tolist()
    }
    for one in rounds:
        stops = tuple(stop_of(problem, load, 0) for load in one.loads)
        known = hopeless(problem.routing(one.warehouse, stops)) if one.left else {}
        for stop in sorted(one.left):
            point = one.loads[stop].point
            found[point] = known.get(stop) or _no_room(need, point, one.warehouse)
    return tuple(Unserved(point, found[point]) for point in sorted(found))


def _without(problem: Problem, need: _Need, point: int, warehouse: int) -> Sentence:
    if not need.wanted[point].any():
        return say("It has no room for what it lacks.")
    if warehouse == NOBODY:
        return say("No warehouse may serve it, or none that may has a vehicle with its pass.")
    return say("Warehouse {warehouse} has none of what it lacks, or no hands left.", warehouse=warehouse + 1)


def _no_room(need: _Need, point: int, warehouse: int) -> Sentence:
    words = {"warehouse": warehouse + 1, "days": f"{min(need.days[point], 999):.1f}"}
    if need.is_urgent[point]:
        return say(
            "The vehicles of warehouse {warehouse} had no room or time left; what is shortest lasts {days} days.",
            **words,
        )
    return say(
        "It is due next; the vehicles of warehouse {warehouse} had no room or time left, and it lasts {days} days.",
        **words,
    )


def _short(problem: Problem, missing: Whole) -> tuple[Sentence, ...]:
    said = []
    for number, good in enumerate(problem.goods):
        points = np.flatnonzero(missing[:, number])
        if len(points):
            said.append(
                say(
                    "{good}: {units} units less than wanted for {count} points.",
                    good=good.name or say("Good {number}", number=number + 1),
                    units=int(missing[points, number].sum()),
                    count=len(points),
                )
            )
    return tuple(said)
