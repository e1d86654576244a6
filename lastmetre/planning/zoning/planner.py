"""The planner: turns a problem into arrays, lets the annealing run on its budget, says what is left over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.columns import Whole
from lastmetre.planning.zoning.clock import Clock
from lastmetre.planning.zoning.field import Field, field_of
from lastmetre.planning.zoning.terms import BACKUP_PART, NOBODY, Plan, Problem
from lastmetre.terms import Sentence, say

if TYPE_CHECKING:
    from lastmetre.planning.zoning.prices import Prices

PRICING, PROVING = 0.1, 0.3
"""The parts of the budget after which prices, and the bound, are not made any better."""

ANNEALING = 0.4
"""The part of the budget after which a plan is polished, where it can be."""

SECONDS = 10.0
"""The budget where none is given."""


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Zone the compounds; after a failure or closure (`current`) move as few of them as can be.

    `iterations` (rounded up to 10,000) gives the same plan for the same seed; without, the budget is in
    seconds. Memory is 8 bytes x suppliers squared x categories.
    """
    if not len(problem) or not problem.suppliers:
        return _plan(problem, np.full((len(problem), 2), NOBODY, np.int64), 0.0, 0)
    warm_up(problem)
    clock = Clock(seconds, iterations, progress, cancelled, SECONDS)
    field = _unbound(problem)
    prices = _prices(field, clock)
    with ThreadPoolExecutor(1) as beside:
        proof = beside.submit(_bound, field, prices, clock.beside())
        pairs = _pairs(problem, prices, seed, clock)
        return _plan(problem, pairs, proof.result(), clock.done)


def _pairs(problem: Problem, prices: Prices, seed: int, clock: Clock) -> Whole:
    """Return the best pairs (C, 2) found in the budget."""
    # This loads the compiler: only when there is something to plan.
    from lastmetre.planning.zoning.cooling import cooled

    free, current = _free(problem), problem.current
    if _is_polished(problem):
        pairs = cooled(problem, None, free, prices, seed, clock.until(ANNEALING), once=True)
        return _polished(problem, pairs, prices, seed, clock)
    if current is None:
        return cooled(problem, None, free, prices, seed, clock.until(1))
    # First only those whose supplier or backup is gone may change; others only where that is not enough.
    pairs = cooled(problem, current, _kept(problem, current), prices, seed, clock.until(0.6))
    if problem.lacks(pairs).any():
        pairs = cooled(problem, pairs, free, prices, seed, clock.until(1))
    return pairs


def warm_up(problem: Problem) -> None:
    """Have compiled or loaded what this problem needs: budgets begin afterwards."""
    if len(problem) and problem.suppliers:
        _compile()


@cache
def _compile() -> None:
    one = np.ones((2, 1), np.int64)
    problem = Problem(
        one, one * 2, np.ones((2, 2), np.int64), one[:, 0], current=np.array([[0, 1], [NOBODY, NOBODY]])
    )
    clock = Clock(iterations=1)
    field = _unbound(problem)
    prices = _prices(field, clock)
    _bound(field, prices, clock)
    _pairs(problem, prices, 0, clock)


def _prices(field: Field, clock: Clock) -> Prices:
    """Return prices of capacity."""
    from lastmetre.planning.zoning.prices import priced

    return priced(field, clock.before(PRICING))


def _bound(field: Field, prices: Prices, clock: Clock) -> float:
    """Return what no plan can cost less than."""
    from lastmetre.planning.zoning.knapsacks import best_bound
    from lastmetre.planning.zoning.prices import relaxed

    bound, least, _ = relaxed(field, prices)
    return max(bound, best_bound(field, prices, least, clock.before(PROVING)), 0.0)


def _unbound(problem: Problem) -> Field:
    """Return the problem as if nobody served anybody yet: what moving costs is no cost of a plan."""
    return field_of(replace(problem, current=None), _free(problem))


def _free(problem: Problem) -> Whole:
    free = np.full((len(problem), 2), NOBODY, np.int64)
    return free if problem.fixed is None else problem.fixed


def _kept(problem: Problem, current: Whole) -> Whole:
    """Fix every choice in force that is still open, beside those that a person has fixed."""
    fixed, may = _free(problem), problem.may_serve()
    is_open = (current != NOBODY) & may[np.arange(len(problem))[:, None], current]
    kept = np.where(is_open, current, NOBODY)
    kept[~is_open[:, 0]] = NOBODY  # whose primary is gone may take its backup or any other
    kept[fixed[:, 0] != NOBODY] = NOBODY
    kept[fixed[:, 1] != NOBODY] = NOBODY
    return np.where(fixed != NOBODY, fixed, kept)


def _is_polished(problem: Problem) -> bool:
    """Tell whether the polish knows all that matters: no backups, no areas, nothing in force."""
    return not problem.backups and problem.area is None and problem.current is None


def _polished(problem: Problem, pairs: Whole, prices: Prices, seed: int, clock: Clock) -> Whole:
    """Make pairs without backups cheaper until the budget is over."""
    # The solver is loaded where it is needed only: that takes longer than a small town.
    from lastmetre.planning.zoning.polish import COUNTS_AS, Polish

    serves = np.where(pairs[:, 0] == NOBODY, problem.suppliers, pairs[:, 0])
    polish = Polish(field_of(problem, _free(problem)), prices.own(), serves, seed)
    while not clock.is_over(clock.done):
        polish.step(clock.left_s)
        clock.done += COUNTS_AS
    primary = np.where(polish.serves == problem.suppliers, NOBODY, polish.serves)
    return np.stack([primary, np.full(len(problem), NOBODY)], axis=1)


def _plan(problem: Problem, pairs: Whole, bound: float, done: int) -> Plan:
    primary, backup = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    costs, rows = problem.costs(), np.arange(len(problem))
    cost = 0.0
    for side, part in ((primary, 1.0), (backup, BACKUP_PART)):
        served = rows[side != NOBODY]
        cost += part * float(costs[served, side[served]].sum())
    moved = 0 if problem.current is None else int((primary != problem.current[:, 0]).sum())
    for side in (primary, backup):
        side.setflags(write=False)
    return Plan(primary, backup, cost, bound, moved, done, tuple(_notes(problem, primary, backup)))


def _notes(problem: Problem, primary: Whole, backup: Whole) -> list[Sentence]:
    """Say for each compound without supplier or backup why (house law 6)."""
    may, fixed = problem.may_serve(), _free(problem)
    said = []
    for compound in np.flatnonzero(problem.lacks(np.stack([primary, backup], axis=1))).tolist():
        number, able = compound + 1, int(may[compound].sum())
        side = 0 if primary[compound] == NOBODY else 1
        chosen = int(fixed[compound, side])
        if chosen != NOBODY:
            said.append(_note_on_fixed(number, chosen + 1, bool(may[compound, chosen])))
        elif side == 1 and able == 1:
            said.append(
                say("Compound {number} has no backup: only one supplier may serve it.", number=number)
            )
        elif side == 1:
            said.append(say("Compound {number} has no backup: no other supplier has room.", number=number))
        elif able == 0:
            said.append(say("Compound {number} has no supplier: none may serve it.", number=number))
        elif problem.area is not None and (problem.area == problem.area[compound]).sum() > 1:
            said.append(
                say("Compound {number} has no supplier: none of its area's group has room.", number=number)
            )
        else:
            said.append(
                say("Compound {number} has no supplier: none that may serve it has room.", number=number)
            )
    return said


def _note_on_fixed(number: int, supplier: int, may_serve: bool) -> Sentence:
    if may_serve:
        return say(
            "Compound {number}: supplier {supplier}, which was fixed, has no room.",
            number=number,
            supplier=supplier,
        )
    return say(
        "Compound {number}: supplier {supplier}, which was fixed, is closed or may not serve it.",
        number=number,
        supplier=supplier,
    )
