"""The planner: turns a problem into arrays, lets the annealing run on its budget, says what is left over."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.budget import Budget
from lastmetre.planning.columns import Whole
from lastmetre.planning.zoning.terms import BACKUP_PART, NOBODY, UNSERVED, Plan, Problem
from lastmetre.terms import Sentence, say

if TYPE_CHECKING:
    from lastmetre.planning.zoning.anneal import Field, State

CHUNK = 10_000
"""Changes between two looks at the clock."""

NEAR = 24
"""Suppliers near a compound that the search draws from."""

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
        return _plan(problem, np.full((len(problem), 2), NOBODY, np.int64), 0)
    warm_up(problem)
    clock = _Clock(seconds, iterations, progress, cancelled, SECONDS)
    if problem.current is None:
        pairs = _annealed(problem, None, _free(problem), seed, clock)
        return _plan(problem, pairs, clock.done)
    # First only those whose supplier or backup is gone may change; others only where that is not enough.
    pairs = _annealed(problem, problem.current, _kept(problem, problem.current), seed, clock.half())
    if bool((pairs == NOBODY).any()):
        pairs = _annealed(problem, pairs, _free(problem), seed, clock)
    return _plan(problem, pairs, clock.done)


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
    assert problem.current is not None
    _annealed(problem, problem.current, _free(problem), 0, _Clock(iterations=1))


class _Clock(Budget):
    """The budget of up to two annealings, one after the other."""

    done, stop, start = 0, 1.0, 0.0

    def half(self) -> _Clock:
        """Stop for the first time at half of the budget."""
        self.stop = 0.5
        return self

    def cooled(self) -> float:
        """Tell how far this annealing has come, from 0 to 1; 1 ends it and begins the next."""
        part = (self.spent(self.done) - self.start) / (self.stop - self.start)
        if part >= 1:
            self.start, self.stop = self.stop if self.stop < 1 else 0.0, 1.0
        return part


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


def _annealed(problem: Problem, begin: Whole | None, fixed: Whole, seed: int, clock: _Clock) -> Whole:
    from lastmetre.planning.zoning import anneal  # loads the compiler only when there is something to plan

    field = _field(problem, fixed)
    state = anneal.start(field)
    if begin is not None:
        _place_current(field, state, begin)
    anneal.repair(field, state)
    best, cost = np.stack([state.primary, state.backup]), anneal.total_of(field, state)
    scale = (
        float(np.median(np.where(np.isfinite(field.first), field.first, 0)[:, :-1].mean(axis=1))) / 2 or 1.0
    )
    has_areas = problem.area is not None
    anneal.sow(seed % 2**32)
    heat_from = 0.5 if begin is None else 0.02
    while (part := clock.cooled()) < 1:
        heat, price = scale * heat_from * (0.005 / heat_from) ** part, scale * 4 * 25**part
        cost = anneal.run(field, state, best, cost, CHUNK, heat, price, has_areas)
        clock.done += CHUNK
    anneal.repair(field, state)
    if anneal.total_of(field, state) < cost:
        best = np.stack([state.primary, state.backup])
    return np.where(best == problem.suppliers, NOBODY, best).T


def _place_current(field: Field, state: State, pairs: Whole) -> None:
    """Begin with what is in force: a backup whose primary is gone takes its place."""
    from lastmetre.planning.zoning import anneal

    nobody = field.capacity.shape[0]
    for compound, (primary, backup) in enumerate(pairs.tolist()):
        p = primary if primary != NOBODY and np.isfinite(field.first[compound, primary]) else nobody
        b = backup if backup != NOBODY and np.isfinite(field.second[compound, backup]) else nobody
        if p == nobody and b != nobody and np.isfinite(field.first[compound, b]):
            p, b = b, nobody
        if p != nobody and p != b and anneal.may(field, state, compound, p, b):
            anneal.place(field, state, compound, p, b)


def _field(problem: Problem, fixed: Whole) -> Field:
    from lastmetre.planning.zoning.anneal import Field

    costs, may = problem.costs(), problem.may_serve()
    first, near = _side(problem, costs, may, fixed[:, 0], 0)
    second, near_backup = _side(problem, costs * BACKUP_PART, may, fixed[:, 1], 1)
    area = (
        np.arange(len(problem)) if problem.area is None else np.unique(problem.area, return_inverse=True)[1]
    )
    group = np.arange(problem.suppliers) if problem.group is None else problem.group
    means = np.maximum(problem.demand.mean(axis=0), 1e-9)
    return Field(
        demand=np.ascontiguousarray(problem.demand),
        capacity=np.ascontiguousarray(problem.capacity),
        emergency=np.ascontiguousarray(problem.when_one_is_down),
        parts=1 / means,
        first=first,
        second=second,
        near=near,
        near_backup=near_backup,
        group=np.append(group, NOBODY).astype(np.int64),
        area=area.astype(np.int64).reshape(-1),
        members=np.argsort(area, kind="stable").astype(np.int64),
        area_start=np.append(0, np.cumsum(np.bincount(area.reshape(-1)))).astype(np.int64),
    )


def _side(
    problem: Problem, costs: np.ndarray, may: np.ndarray, fixed: Whole, side: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return costs with nobody in the last column, and the nearest that may serve, filled up with -1."""
    is_fixed = fixed != NOBODY
    may = np.where(is_fixed[:, None], may & (np.arange(problem.suppliers) == fixed[:, None]), may)
    none = (
        costs.max(initial=1.0)
        * UNSERVED
        * np.maximum(problem.people, 1)
        / max(problem.people.max(initial=1), 1)
    )
    priced = np.where(may, costs, np.inf)
    if problem.current is not None:
        # Moving a compound costs more than any way saved, and less than having nobody.
        was = problem.current[:, side]
        priced = priced + (np.arange(problem.suppliers) != was[:, None]) * costs.max(initial=1.0) * 2
        none = none * 4
    none = np.where(is_fixed, none * 4, none)  # others give way to what a person has fixed
    order = np.argsort(priced, axis=1, kind="stable")[:, :NEAR]
    near = np.where(np.isfinite(np.take_along_axis(priced, order, axis=1)), order, NOBODY)
    return np.hstack([priced, none[:, None]]), np.ascontiguousarray(near.astype(np.int64))


def _plan(problem: Problem, pairs: Whole, done: int) -> Plan:
    primary, backup = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    costs, rows = problem.costs(), np.arange(len(problem))
    cost = 0.0
    for side, part in ((primary, 1.0), (backup, BACKUP_PART)):
        served = rows[side != NOBODY]
        cost += part * float(costs[served, side[served]].sum())
    moved = 0 if problem.current is None else int((primary != problem.current[:, 0]).sum())
    for side in (primary, backup):
        side.setflags(write=False)
    return Plan(primary, backup, cost, moved, done, tuple(_notes(problem, primary, backup)))


def _notes(problem: Problem, primary: Whole, backup: Whole) -> list[Sentence]:
    """Say for each compound without supplier or backup why (house law 6)."""
    may, fixed = problem.may_serve(), _free(problem)
    said = []
    for compound in np.flatnonzero((primary == NOBODY) | (backup == NOBODY)).tolist():
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
