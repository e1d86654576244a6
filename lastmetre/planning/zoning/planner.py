"""The planner: turns a problem into arrays, lets the annealing run on its budget, says what is left over."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.budget import Budget
from lastmetre.planning.columns import Whole
from lastmetre.planning.zoning.field import Field, Floats, field_of, near_of
from lastmetre.planning.zoning.terms import BACKUP_PART, NOBODY, Plan, Problem
from lastmetre.terms import Sentence, say

if TYPE_CHECKING:
    from lastmetre.planning.zoning.prices import Prices
    from lastmetre.planning.zoning.state import State

CHUNK = 10_000
"""Changes between two looks at the clock."""

HEAT = 0.2, 0.005
"""Of the first and the last changes: part of how far apart the most promising choices are."""

COOLED, TIMES = 1200, (3, 6)
"""The search cools down as often as the compounds go into the first, between so many times: a small town is soon
stuck and warmed again; a large one that cools down only once may leave somebody out."""

MOST_RISE, RISE = 0.3, 0.02
"""How far an overloaded supplier's price rises: in the first round, and in the last while each compound is changed
once on average, as a part of what one compound is of a load; prices faster than that lead nowhere at the end."""

PRICING, PROVING = 0.1, 0.2
"""The parts of the budget after which prices, and the bound, are not made any better."""

ANNEALING = 0.6
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
    clock = _Clock(seconds, iterations, progress, cancelled, SECONDS)
    prices, bound = _proved(problem, clock)
    if problem.current is None:
        is_polished = _is_polished(problem)
        pairs = _annealed(
            problem, None, _free(problem), prices, seed, clock.until(ANNEALING if is_polished else 1)
        )
        if is_polished:
            pairs = _polished(problem, pairs, prices, seed, clock)
        return _plan(problem, pairs, bound, clock.done)
    # First only those whose supplier or backup is gone may change; others only where that is not enough.
    kept = _kept(problem, problem.current)
    pairs = _annealed(problem, problem.current, kept, prices, seed, clock.until(0.6))
    if problem.lacks(pairs).any():
        pairs = _annealed(problem, pairs, _free(problem), prices, seed, clock.until(1))
    return _plan(problem, pairs, bound, clock.done)


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
    clock = _Clock(iterations=1)
    prices, _ = _proved(problem, clock)
    _annealed(problem, problem.current, _free(problem), prices, 0, clock.until(1))


class _Clock(Budget):
    """The budget of several annealings, one after the other."""

    done, start, stop = 0, 0.0, 1.0

    def before(self, part: float) -> Callable[[], bool]:
        """Return what tells, turn by turn, whether this part of the budget is left; few iterations, few turns."""
        turns = iter(range(1 + self.iterations // CHUNK * 2)) if self.iterations is not None else count()
        return lambda: next(turns, None) is not None and self.spent(self.done) < part

    def until(self, stop: float) -> _Clock:
        """Begin another annealing, which may go on to this part of the budget."""
        self.start, self.stop = self._gone(), stop
        return self

    def cooled(self) -> float:
        """Tell how far this annealing has come, from 0 to 1, which ends it."""
        return (self._gone() - self.start) / (self.stop - self.start) if self.start < self.stop else 1.0

    def _gone(self) -> float:
        """Tell how much of the budget is gone: by iterations, where given, so that the clock changes no plan."""
        told = self.spent(self.done)
        return told if self.iterations is None or told >= 1 else self.done / max(self.iterations, 1)


def _proved(problem: Problem, clock: _Clock) -> tuple[Prices, float]:
    """Return prices of capacity, and what no plan can cost less than, whoever serves whom now."""
    # These load the compiler: only when there is something to plan.
    from lastmetre.planning.zoning import knapsacks, prices

    field = field_of(replace(problem, current=None), _free(problem))
    found = prices.priced(field, clock.before(PRICING))
    bound, least, _ = prices.relaxed(field, found)
    whole = knapsacks.best_bound(field, found, least, clock.before(PROVING))
    return found, max(bound, whole, 0.0)


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


def _annealed(
    problem: Problem, begin: Whole | None, fixed: Whole, prices: Prices, seed: int, clock: _Clock
) -> Whole:
    """Return pairs that break no limit; without any to begin with, from those that the prices suggest."""
    from lastmetre.planning.zoning import anneal
    from lastmetre.planning.zoning.prices import relaxed
    from lastmetre.planning.zoning.state import start

    field = field_of(problem, fixed)
    own = prices.own()
    # What a compound costs a supplier at these prices says more than its way alone.
    worth = field.cost[:, :, :-1] + 0.0
    worth[0] += np.einsum("csk,sk->cs", field.use[:, :-1], own)
    field = field._replace(near=near_of(worth))
    scale = _spread(np.sort(worth[0], axis=1))
    weight = np.maximum((own / field.parts).max(axis=1), scale)
    state = start(field, weight)
    _place(field, state, relaxed(field, prices).pairs if begin is None else begin)
    sound = deepcopy(state)
    anneal.repair(field, sound)
    best, cost = sound.pair, anneal.total_of(field, sound)
    has_areas = problem.area is not None
    anneal.sow(seed % 2**32)
    heat_from = HEAT[0] if begin is None else HEAT[0] / 10
    # Whoever a single cooling leaves out the polish lets in again.
    times = 1 if _is_polished(problem) else min(max(COOLED // len(problem), TIMES[0]), TIMES[1])
    slow = min(RISE * CHUNK * problem.suppliers / len(problem) ** 2, MOST_RISE)
    while (part := clock.cooled()) < 1:
        cold = part * times % 1
        heat = scale * heat_from * (HEAT[1] / heat_from) ** cold
        dearer = 1 + MOST_RISE * (slow / MOST_RISE) ** cold
        cost = anneal.run(field, state, best, cost, CHUNK, heat, has_areas)
        anneal.reprice(field, state, 0.2 * (1 - cold) + 0.5 * cold / problem.suppliers, dearer)
        clock.done += CHUNK
    anneal.repair(field, state)
    if anneal.total_of(field, state) < cost:
        best = state.pair
    return np.where(best == problem.suppliers, NOBODY, best).T


def _is_polished(problem: Problem) -> bool:
    """Tell whether the polish knows all that matters: no backups, no areas, nothing in force."""
    return not problem.backups and problem.area is None and problem.current is None


def _polished(problem: Problem, pairs: Whole, prices: Prices, seed: int, clock: _Clock) -> Whole:
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


def _spread(worth: Floats) -> float:
    """Return how far apart the most promising choices are: the scale of the heat; `worth` is sorted."""
    worth = worth[np.isfinite(worth[:, 0])]
    apart = worth[:, min(3, worth.shape[1] - 1)] - worth[:, 0]
    apart = apart[np.isfinite(apart) & (apart > 0)]
    return float(np.median(apart)) if apart.size else 1.0


def _place(field: Field, state: State, pairs: Whole) -> None:
    """Begin with pairs as far as they are allowed: a backup whose primary is gone takes its place."""
    from lastmetre.planning.zoning.state import may, place

    nobody = len(field.capacity)
    for compound, pair in enumerate(np.where(pairs == NOBODY, nobody, pairs).tolist()):
        p, b = (s if np.isfinite(field.cost[side, compound, s]) else nobody for side, s in enumerate(pair))
        if p == nobody and b != nobody and np.isfinite(field.cost[0, compound, b]):
            p, b = b, nobody
        if p != nobody and p != b and may(field, state, compound, p, b):
            place(field, state, compound, p, b)


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
