"""Field: the problem as arrays that compiled code reads; the place after the last supplier is nobody."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.columns import Whole
from lastmetre.planning.zoning.terms import BACKUP_PART, NOBODY, UNSERVED, Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEAR = 24
"""Suppliers that the search draws from for a compound."""


class Field(NamedTuple):
    """What does not change: C compounds, S suppliers, K categories; side 0 is the primary, 1 the backup."""

    use: Ints
    """(C, S + 1, K) what each compound takes of each supplier."""
    capacity: Ints
    """(S, K) on a day like others."""
    emergency: Ints
    """(S, K) while one other supplier is down."""
    parts: Floats
    """(K,) one part of the mean demand: makes categories comparable."""
    cost: Floats
    """(2, C, S + 1) infinite where a supplier may not serve or step in."""
    near: Ints
    """(2, C, N) suppliers to try, the most promising first; filled up with -1."""
    group: Ints
    """(S + 1,) group of each supplier."""
    area: Ints
    """(C,) area of each compound."""
    members: Ints
    """(C,) compounds area by area."""
    area_start: Ints
    """(A + 1,) where each area begins in `members`."""


def field_of(problem: Problem, fixed: Whole) -> Field:
    """Turn a problem into arrays; `fixed` (C, 2) is what may not change, -1 where it may."""
    rows = np.arange(len(problem))
    area = rows if problem.area is None else np.unique(problem.area, return_inverse=True)[1].reshape(-1)
    group = np.arange(problem.suppliers) if problem.group is None else problem.group
    use = np.zeros((len(problem), problem.suppliers + 1, problem.capacity.shape[1]), np.int64)
    use[:, :-1] = problem.use()
    cost = np.stack([_priced(problem, fixed[:, side], side) for side in (0, 1)])
    return Field(
        use=use,
        capacity=np.array(problem.capacity),
        emergency=np.array(problem.when_one_is_down),
        parts=1 / np.maximum(use[:, :-1].mean(axis=(0, 1)), 1e-9),
        cost=cost,
        near=near_of(cost[:, :, :-1]),
        group=np.append(group, NOBODY).astype(np.int64),
        area=area.astype(np.int64),
        members=np.argsort(area, kind="stable").astype(np.int64),
        area_start=np.append(0, np.cumsum(np.bincount(area))).astype(np.int64),
    )


def near_of(cost: Floats) -> Ints:
    """Return (2, C, N) the suppliers that cost least, cheapest first; -1 where no other may serve."""
    order = np.argsort(cost, axis=2, kind="stable")[:, :, :NEAR]
    near = np.where(np.isfinite(np.take_along_axis(cost, order, axis=2)), order, NOBODY)
    return np.ascontiguousarray(near.astype(np.int64))


def _priced(problem: Problem, fixed: Whole, side: int) -> Floats:
    """Return (C, S + 1) the costs of one side, nobody in the last column."""
    part = BACKUP_PART if side else 1.0
    costs, is_fixed = problem.costs() * part, fixed != NOBODY
    may = problem.may_serve()
    may = np.where(is_fixed[:, None], may & (np.arange(problem.suppliers) == fixed[:, None]), may)
    most = costs.max(initial=1.0)
    none = most * UNSERVED * np.maximum(problem.people, 1) / max(problem.people.max(initial=1), 1)
    if side and not problem.backups:
        may, none = np.zeros_like(may), np.zeros(len(problem))
    priced = np.where(may, costs, np.inf)
    if problem.current is not None:
        # Moving a compound costs more than any way saved, and less than having nobody.
        was = problem.current[:, side]
        priced = priced + (np.arange(problem.suppliers) != was[:, None]) * most * 2
        none = none * 4
    none = np.where(is_fixed, none * 4, none)  # others give way to what a person has fixed
    return np.hstack([priced, none[:, None]])
