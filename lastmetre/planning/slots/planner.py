"""The planner: times line by line, then improves them on its budget, and says why a visit has no slot."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.budget import Budget
from lastmetre.planning.slots.plans import Plan, Slot, Unserved
from lastmetre.planning.slots.problem import Place, Problem, Tour, Use, Visit
from lastmetre.planning.slots.reasons import reason_for

if TYPE_CHECKING:
    from lastmetre.planning.slots.search import Desk, Field

SECONDS = 10.0
"""The budget where none is given."""
CHUNK = 100
"""Tries between two looks at the clock."""
GRACE_S = 1.0
"""So long after the budget lines that have no times yet still get them."""
NO_SLOT = -1
TOGETHER = 10
"""At most so many lines are taken out at once."""


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Give each visit a slot.

    `iterations` (rounded up to 100) gives the same plan for the same seed; without, the budget is in seconds.
    Memory: a byte for each visit and minute, 8 bytes for each place and minute.
    """
    if not len(problem):
        return Plan((), (), 0, seed, 0)
    warm_up()
    return _planned(problem, seed, Budget(seconds, iterations, progress, cancelled, SECONDS))


@cache
def warm_up() -> None:
    """Have numba compile or load the search: budgets begin afterwards."""
    tours = tuple(Tour((Visit((Use(0, 1),)),)) for _ in range(2))
    _planned(Problem((Place(),), tours), 0, Budget(iterations=1))


def _planned(problem: Problem, seed: int, budget: Budget) -> Plan:
    from lastmetre.planning.slots import search  # loads the compiler only when there is something to plan
    from lastmetre.planning.slots.field import desk_for, prepare

    prepared = prepare(problem)
    field, desk = prepared.field, desk_for(prepared.field)
    used = np.zeros((len(problem.places), field.may.shape[1]), np.int64)
    begin = _booked(field, prepared.fixed, used)
    costs = np.array([search.line_cost(field, line, begin) for line in range(len(field.ready))])
    alone = np.zeros_like(costs)
    late = _construct(field, used, begin, costs, alone, desk, budget)
    best, best_cost = begin.copy(), float(costs.sum())
    search.sow(seed % 2**32)
    heat = max(best_cost - float(alone.sum()), 1.0) / len(costs) / 2
    done = 0
    while len(begin) and not late and (part := budget.spent(done)) < 1 and best_cost > alone.sum():
        best_cost = search.improve(
            field, begin, used, costs, alone, best, best_cost, CHUNK, TOGETHER, heat * 0.01**part, desk
        )
        done += CHUNK
    if budget.progress is not None:
        budget.progress(1.0)
    times = {key: int(at) for key, at in zip(prepared.keys, best, strict=True)}
    return _told(problem, times, late, seed, done)


def _booked(field: Field, fixed: NDArray[np.int64], used: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take the places of what a person has fixed before anybody else may."""
    begin = np.full(len(fixed), NO_SLOT, np.int64)
    for visit in np.flatnonzero(fixed >= 0).tolist():
        uses = range(field.use_start[visit], field.use_start[visit + 1])
        held = []
        for use in uses:
            start = int(fixed[visit] + field.use_after[use])
            held.append(
                (field.use_place[use], slice(start, start + field.use_minutes[use]), field.use_amount[use])
            )
        if all(
            (used[place, minutes] + amount <= field.capacity[place]).all() for place, minutes, amount in held
        ):
            begin[visit] = fixed[visit]
            for place, minutes, amount in held:
                used[place, minutes] += amount
    return begin


def _construct(
    field: Field,
    used: NDArray[np.int64],
    begin: NDArray[np.int64],
    costs: NDArray[np.float64],
    alone: NDArray[np.float64],
    desk: Desk,
    budget: Budget,
) -> frozenset[int]:
    """Time every line, the first that are ready first; return those for which no time was left."""
    from lastmetre.planning.slots import search

    free, order = np.zeros_like(used), np.argsort(field.ready, kind="stable")
    for number in range(0, len(order), 50):
        if budget.left_s < -GRACE_S:
            for line in order[number:]:
                search.book(field, line, used, begin, -1)
                begin[field.line_start[line] : field.line_start[line + 1]] = NO_SLOT
                costs[line] = search.line_cost(field, line, begin)
            return frozenset(order[number:].tolist())
        search.construct(field, order[number : number + 50], used, free, begin, costs, alone, desk)
    return frozenset()


def _told(
    problem: Problem, times: dict[tuple[int, int], int], late: frozenset[int], seed: int, done: int
) -> Plan:
    slots, cost = [], 0
    for number, tour in enumerate(problem.tours):
        clock = tour.ready_min
        for at, visit in enumerate(tour.visits):
            begin = times.get((number, at), NO_SLOT)
            if begin != NO_SLOT:
                due = begin if visit.due_min is None else visit.due_min
                slot = Slot(
                    number, at, begin, begin + visit.bound_min, begin - clock,
                    late_min=max(begin - due, 0), early_min=max(due - begin, 0),
                )  # fmt: skip
                slots.append(slot)
                cost += tour.wait_weight * slot.wait_min
                cost += visit.late_weight * slot.late_min + visit.early_weight * slot.early_min
                clock = slot.end_min
            clock += visit.travel_min
    return Plan(tuple(slots), tuple(_unserved(problem, times, late)), cost, seed, done)


def _unserved(
    problem: Problem, times: dict[tuple[int, int], int], late: frozenset[int]
) -> Iterator[Unserved]:
    """`times`: of all visits that could be made at all."""
    for number, tour in enumerate(problem.tours):
        for at in range(len(tour.visits)):
            if times.get((number, at), NO_SLOT) == NO_SLOT:
                reason = reason_for(
                    problem, number, at, may_ever=(number, at) in times, is_late=number in late
                )
                yield Unserved(number, at, reason)
