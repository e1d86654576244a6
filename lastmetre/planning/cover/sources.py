"""Sources: from which warehouse each point is served; short ways, within what each has and can do."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from lastmetre.planning.columns import Real, Whole
from lastmetre.planning.cover.terms import NOBODY, Problem

NEAR = 8
"""Warehouses near a point that may become its source."""
NODES = 500
"""Of the search tree at most: the same problem gives the same answer where the clock does not end it first."""
SHORT = 100
"""A hundredth of a point's mean need that is missing counts as one way to the farthest."""
GAP = 1e-4


def ways_m(problem: Problem) -> Whole:
    """(P, W): metres from each warehouse to each point."""
    metres = problem.distances.metres
    ways = [[metres(one.place, point.place) for one in problem.warehouses] for point in problem.points]
    return np.array(ways, np.int64).reshape(len(problem.points), len(problem.warehouses))


def sources(problem: Problem, wanted: Whole, seconds: float | None) -> Whole:
    """(P,): choose a warehouse for each point; -1 where none may. `wanted` (P, G): what points would get.

    Exact over the eight nearest of each (a mixed-integer program by HiGHS) where a limit could bind: goods,
    hands, and what the lorries carry; a simple rule where time is too short for that. What is over a limit
    all the same is shared out afterwards.
    """
    ways = np.where(problem.may_serve(), ways_m(problem).astype(float), np.inf)
    if not ways.size:
        return np.full(len(problem.points), NOBODY)
    nearest = np.where(np.isfinite(ways).any(axis=1), ways.argmin(axis=1), NOBODY)
    due = np.flatnonzero((wanted.sum(axis=1) > 0) & (nearest != NOBODY))
    if len(due):
        began = monotonic()
        choice = _Choice(problem, ways, wanted, due)
        left_s = None if seconds is None else max(seconds - (monotonic() - began), 0.01)
        nearest[due] = choice.solved(left_s)
    return nearest.astype(np.int64)


class _Choice:
    """The program: a variable for each point and near warehouse, and one for what is over each limit."""

    def __init__(self, problem: Problem, ways: Real, wanted: Whole, due: Whole) -> None:
        self.problem, self.wanted, self.due = problem, wanted, due
        near = np.argsort(ways[due], axis=1, kind="stable")[:, :NEAR]
        pairs = [
            (row, int(one)) for row, its in enumerate(near) for one in its if np.isfinite(ways[due[row], one])
        ]
        self.row, self.at = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
        self.way = ways[due[self.row], self.at]
        self.limits = [
            (use, limit, scale)
            for use, limit, scale in self._limits()
            if float(use.sum()) > limit  # all that could come here fits: no limit at all
        ]
        scales = np.array([scale for *_, scale in self.limits])
        self.room = np.array([limit for _, limit, _ in self.limits]) / scales
        self.uses = np.array([use for use, *_ in self.limits]).reshape(-1, len(self.row)) / scales[:, None]
        self.far = max(float(self.way.max()), 1.0)

    def _limits(self) -> Iterator[tuple[Real, float, float]]:
        """Walk what each pair takes of a limit, the limit, and what a mean point takes of it."""
        goods, wanted = self.problem.goods, self.wanted[self.due]
        sizes = {
            "weight_g": wanted @ np.array([good.weight_g for good in goods], np.int64),
            "volume_ml": wanted @ np.array([good.volume_ml for good in goods], np.int64),
        }
        units = wanted.sum(axis=1)
        for number, warehouse in enumerate(self.problem.warehouses):
            here = self.at == number
            for good in range(len(goods)):
                yield self._limit(here, wanted[:, good], float(self.problem.available[number, good]))
            if warehouse.units_a_day is not None:
                yield self._limit(here, units, float(warehouse.units_a_day))
            for name, size in sizes.items():
                room = sum(float(getattr(one, name)) * one.count * one.trips for one in warehouse.vehicles)
                yield self._limit(here, size, room)

    def _limit(self, here: NDArray[np.bool_], use: Whole, limit: float) -> tuple[Real, float, float]:
        return np.where(here, use[self.row], 0).astype(float), limit, max(float(use.mean()), 1.0)

    def solved(self, seconds: float | None) -> Whole:
        """Return a warehouse for each due point: the program's answer, or the simple rule's where that is better."""
        simple = self._greedy()
        exact = self._exact(seconds) if self.limits else None
        return exact if exact is not None and self.cost(exact) < self.cost(simple) else simple

    def cost(self, chosen: Whole) -> float:
        """Count the ways, and what is over the limits."""
        is_chosen = self.at == chosen[self.row]
        over = np.maximum(self.uses[:, is_chosen].sum(axis=1) - self.room, 0).sum()
        return float(self.way[is_chosen].sum() + self.far * SHORT * over)

    def _exact(self, seconds: float | None) -> Whole | None:
        pairs, over = len(self.row), len(self.limits)
        each_once = csr_array((np.ones(pairs), (self.row, np.arange(pairs))), (len(self.due), pairs + over))
        within = csr_array(np.hstack([self.uses, -np.eye(over)]))
        options = {"mip_rel_gap": GAP, "node_limit": NODES}
        result = milp(
            np.append(self.way, np.full(over, self.far * SHORT)),
            integrality=np.append(np.ones(pairs), np.zeros(over)),
            bounds=Bounds(0, np.append(np.ones(pairs), np.full(over, np.inf))),
            constraints=[LinearConstraint(each_once, 1, 1), LinearConstraint(within, -np.inf, self.room)],
            options=options if seconds is None else options | {"time_limit": seconds},
        )
        if result.x is None:
            return None
        chosen = np.full(len(self.due), NOBODY)
        best = np.argsort(result.x[:pairs], kind="stable")  # the largest of a point is written last
        chosen[self.row[best]] = self.at[best]
        return chosen

    def _greedy(self) -> Whole:
        """Give the largest points first what is nearest, where it adds least to what is over a limit."""
        chosen, room = np.full(len(self.due), NOBODY), self.room.copy()
        starts = np.searchsorted(self.row, np.arange(len(self.due) + 1))
        for point in np.argsort(-self.wanted[self.due].sum(axis=1), kind="stable").tolist():
            its = slice(starts[point], starts[point + 1])
            added = np.maximum(self.uses[:, its] - np.maximum(room, 0)[:, None], 0).sum(axis=0)
            best = starts[point] + int(np.argmin(self.way[its] + self.far * SHORT * added))
            room -= self.uses[:, best]
            chosen[point] = self.at[best]
        return chosen
