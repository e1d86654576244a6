"""A bound below every zoning with backups: the linear relaxation by columns, its prices checked for all pairs."""

from __future__ import annotations

from time import monotonic

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from lastmetre.planning.zoning import Problem
from lastmetre.planning.zoning.terms import BACKUP_PART


def bound_of(problem: Problem, seconds: float) -> float:
    """Return the best bound found in about so many seconds; it needs every compound served and backed up."""
    begin, costs, size = monotonic(), problem.costs(), len(problem)
    columns = {(c, int(p), int(b)) for c in range(size) for p, b in _near_pairs(costs[c])}
    rows: set[tuple[int, int]] = set()
    best = 0.0
    while True:
        pairs = np.array(sorted(columns))
        duals, alpha, mu, violated = _master(problem, costs, pairs, sorted(rows))
        value, cheap = _lagrange(problem, costs, alpha, mu)
        best = max(best, value)
        before = len(columns), len(rows)
        columns |= {(c, p, b) for c, p, b, reduced in cheap if reduced < duals[c] - 1e-6}
        rows |= violated
        if before == (len(columns), len(rows)) or monotonic() - begin > seconds:
            return best


def _near_pairs(costs: np.ndarray) -> list[tuple[int, int]]:
    near = np.argsort(costs)[:6]
    return [(p, b) for p in near for b in near if p != b]


def _master(problem, costs, pairs, rows):  # type: ignore[no-untyped-def]
    """Solve the relaxation over the columns and the failures (failed, helper) at hand."""
    size, suppliers, kinds = len(problem), *problem.capacity.shape
    many = len(pairs)
    c, p, b = pairs.T
    objective = costs[c, p] + BACKUP_PART * costs[c, b]
    place, at, value = [], [], []
    limits = [problem.capacity.ravel()]
    for k in range(kinds):
        place.append(p * kinds + k), at.append(np.arange(many)), value.append(problem.demand[c, k])
    for number, (failed, helper) in enumerate(rows):
        mine, theirs = np.flatnonzero(p == helper), np.flatnonzero((p == failed) & (b == helper))
        used = np.append(mine, theirs)
        for k in range(kinds):
            row = suppliers * kinds + number * kinds + k
            place.append(np.full(used.size, row)), at.append(used), value.append(problem.demand[c[used], k])
        limits.append(problem.when_one_is_down[helper])
    over = np.arange(suppliers * kinds)  # too much supply bought at a high price keeps it solvable
    price = costs.max() * problem.people.max() / 1000
    place.append(over), at.append(many + over), value.append(np.full(over.size, -1.0))
    count = (suppliers + len(rows)) * kinds
    upper = csr_array(
        (np.concatenate(value).astype(float), (np.concatenate(place), np.concatenate(at))),
        shape=(count, many + over.size),
    )
    equal = csr_array((np.ones(many), (c, np.arange(many))), shape=(size, many + over.size))
    found = linprog(
        np.append(objective, np.full(over.size, price)),
        A_ub=upper, b_ub=np.concatenate(limits).astype(float), A_eq=equal, b_eq=np.ones(size), method="highs",
    )  # fmt: skip
    prices = np.maximum(-found.ineqlin.marginals, 0)
    alpha = prices[: suppliers * kinds].reshape(suppliers, kinds)
    mu = np.zeros((suppliers, suppliers, kinds))
    for number, (failed, helper) in enumerate(rows):
        start = (suppliers + number) * kinds
        mu[failed, helper] = prices[start : start + kinds]
    return found.eqlin.marginals, alpha, mu, _violated(problem, pairs, found.x[:many])


def _violated(problem, pairs, taken):  # type: ignore[no-untyped-def]
    suppliers, kinds = problem.capacity.shape
    load, extra = np.zeros((suppliers, kinds)), np.zeros((suppliers, suppliers, kinds))
    c, p, b = pairs.T
    part = problem.demand[c] * taken[:, None]
    np.add.at(load, p, part)
    np.add.at(extra, (p, b), part)
    is_over = ((load[None] + extra > problem.when_one_is_down[None] + 1e-4) & (extra > 1e-9)).any(axis=2)
    return {(int(f), int(h)) for f, h in np.argwhere(is_over)}


def _lagrange(problem, costs, alpha, mu):  # type: ignore[no-untyped-def]
    """Return the bound that these prices give over all pairs, and the cheapest pairs of each compound."""
    suppliers = len(alpha)
    value = -float((alpha * problem.capacity).sum()) - float((mu * problem.when_one_is_down[None]).sum())
    own, cheap = alpha + mu.sum(axis=0), []
    flat = np.ascontiguousarray(mu.reshape(-1, mu.shape[2]).T)
    for c in range(len(problem)):
        demand = problem.demand[c].astype(float)
        pair = (demand @ flat).reshape(suppliers, suppliers)
        pair += (costs[c] + own @ demand)[:, None] + BACKUP_PART * costs[c][None]
        np.fill_diagonal(pair, np.inf)
        pick = np.argpartition(pair, 8, axis=None)[:8]
        value += float(pair.min())
        cheap += [(c, int(i // suppliers), int(i % suppliers), float(pair.flat[i])) for i in pick]
    return value, cheap
