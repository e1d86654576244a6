"""The planner: fills the levels within the budget, then makes whole units of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.budget import Budget
from lastmetre.planning.columns import Real, Whole
from lastmetre.planning.quotas.levels import Filling, fill
from lastmetre.planning.quotas.terms import Plan, Problem
from lastmetre.planning.shares import MILLION

TINY = 1e-4
"""Units that a solver's tolerance may take from a whole one."""


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Share the lots between zones, classes and categories (YX7, YX8b; docs/planning/quotas.md).

    Exact, so `seed` only draws the order of equal remainders. A budget in `seconds` or `iterations` (levels)
    that runs out leaves a fair start that is not proved: `is_proved` says so.
    """
    budget = Budget(seconds, iterations, cancelled=cancelled)
    level = count()

    def go_on(done: float) -> bool:
        if progress is not None:
            progress(done)
        return not budget.is_over(next(level))

    filling = fill(problem, go_on)
    deliveries = _split(filling)
    units = _whole_units(filling, deliveries, seed)
    fair = _brought(deliveries, deliveries.flow, len(problem))
    credit = np.zeros(len(problem)) if problem.credits is None else problem.credits.ravel()
    after = credit + np.round((fair - _brought(deliveries, units, len(problem))) * MILLION)
    some = np.flatnonzero(units)
    return Plan(
        problem=problem,
        lot=deliveries.lot[some],
        claim=deliveries.claim[some],
        units=units[some],
        fair=fair,
        flow=filling.flow,
        credit_after=after.astype(np.int64).reshape(problem.wishes.shape),
        bottlenecks=tuple(filling.bottlenecks),
        is_proved=filling.is_proved,
    )


@dataclass(frozen=True)
class _Deliveries:
    """What comes from each lot to each claim, before rounding: a need's flow, split by what is due."""

    lot: Whole
    claim: Whole
    flow: Real
    per_unit: Real
    stands_in: NDArray[np.bool_]


def _split(filling: Filling) -> _Deliveries:
    problem, ways = filling.problem, filling.ways
    by_need = np.argsort(problem.needs, kind="stable")
    begin = np.searchsorted(problem.needs[by_need], ways.need, side="left")
    count = np.searchsorted(problem.needs[by_need], ways.need, side="right") - begin
    way = np.repeat(np.arange(ways.lot.size), count)
    within = np.arange(way.size) - np.repeat(np.cumsum(count) - count, count)
    claim = by_need[np.repeat(begin, count) + within]
    due = np.bincount(problem.needs, filling.due, minlength=len(problem))
    part = filling.due[claim] / np.maximum(due[problem.needs[claim]], 1e-12)
    return _Deliveries(
        ways.lot[way], claim, filling.flow[way] * part, ways.per_unit[way], ways.stands_in[way]
    )


def _brought(deliveries: _Deliveries, units: Real | Whole, claims: int) -> Real:
    """Add up what comes to each claim, in units of its category."""
    return np.asarray(
        np.bincount(deliveries.claim, units / deliveries.per_unit, minlength=claims), np.float64
    )


def _whole_units(filling: Filling, of: _Deliveries, seed: int) -> Whole:
    """Round down, then give each lot's odd units to the largest claims that may have one more.

    A claim is what rounding cut off, with what earlier rounds owe (largest remainder, as in `shares`).
    """
    problem, lots = filling.problem, len(filling.problem.stock)
    units = np.floor(of.flow + TINY).astype(np.int64)
    odd = np.floor(np.bincount(of.lot, of.flow, minlength=lots) + TINY).astype(np.int64)
    odd -= np.bincount(of.lot, units, minlength=lots).astype(np.int64)
    fair, got = (_brought(of, by, len(problem)) for by in (of.flow, units))
    owed = np.zeros(len(problem)) if problem.credits is None else problem.credits.ravel() / MILLION
    instead = np.bincount(of.claim, units / of.per_unit * of.stands_in, minlength=len(problem))
    accepted = np.full(len(problem), np.inf) if problem.accepted is None else problem.accepted.ravel()
    drawn = np.random.default_rng(seed).permutation(of.lot.size)
    parted = np.flatnonzero(of.flow - units > TINY)
    for way in parted[np.lexsort((drawn[parted], -(fair - got + owed)[of.claim[parted]]))].tolist():
        lot, claim, one = of.lot[way], of.claim[way], 1 / of.per_unit[way]
        stood_in = instead[claim] + one * of.stands_in[way]
        is_room = got[claim] + one <= filling.caps[claim] + TINY and stood_in <= accepted[claim] + TINY
        if odd[lot] > 0 and is_room:
            units[way] += 1
            odd[lot] -= 1
            got[claim] += one
            instead[claim] = stood_in
    return units
