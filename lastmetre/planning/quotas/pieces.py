"""Pieces: lots and needs that hang together, and the linear program that brings as much as can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from lastmetre.planning.columns import Real, Whole
from lastmetre.planning.quotas.terms import Prices, Problem, Ways

SHORT_COSTS = 1_000.0
"""A unit short costs more than any way of bringing it; ways cost at most 2."""

PRECISE = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}


@dataclass(frozen=True)
class Solved:
    """What is brought by each way of a piece, units short, and the prices that prove it."""

    flow: Real
    short: float
    prices: Prices


@dataclass(frozen=True)
class Piece:
    """Some ways of a problem (`index`); no other way uses their lots or serves their claims."""

    problem: Problem
    ways: Ways
    index: Whole

    @cached_property
    def needs(self) -> Whole:
        """The needs it serves, in order."""
        return np.unique(self.ways.need[self.index])

    @cached_property
    def claims(self) -> Whole:
        """The claims that are part of them, in order."""
        return np.flatnonzero(np.isin(self.problem.needs, self.needs))

    @cached_property
    def lots(self) -> Whole:
        """The lots it has, in order."""
        return np.unique(self.ways.lot[self.index])

    @cached_property
    def limited(self) -> Whole:
        """Places in `needs` where only so much is accepted of what stands in."""
        stands_in = self.ways.stands_in[self.index]
        if self.problem.accepted is None or not stands_in.any():
            return np.empty(0, np.int64)
        return np.searchsorted(self.needs, np.unique(self.ways.need[self.index[stands_in]]))

    @cached_property
    def matrix(self) -> csr_array:
        """Rows: what each need is brought (negative), what each lot gives, what stands in; columns: ways, shorts."""
        size, column = self.index.size, np.arange(self.index.size)
        need = np.searchsorted(self.needs, self.ways.need[self.index])
        lot = np.searchsorted(self.lots, self.ways.lot[self.index])
        gives = 1 / self.ways.per_unit[self.index]
        brought = csr_array((-gives, (need, column)), shape=(self.needs.size, size))
        taken = csr_array((np.ones(size), (lot, column)), shape=(self.lots.size, size))
        rows = [
            hstack([brought, -_eye(self.needs.size)]),
            hstack([taken, _none(self.lots.size, self.needs.size)]),
        ]
        if self.limited.size:
            instead = np.flatnonzero(self.ways.stands_in[self.index])
            row = np.searchsorted(self.limited, need[instead])
            stands = csr_array((gives[instead], (row, instead)), shape=(self.limited.size, size))
            rows.append(hstack([stands, _none(self.limited.size, self.needs.size)]))
        return vstack(rows, format="csr")

    def solve(self, due: Real, cost: Real | None = None) -> Solved:
        """Bring what is due (P,) with as little short as can be, and by the cheapest ways where they have costs."""
        needs, lots, limited = self.needs.size, self.lots.size, self.needs[self.limited]
        accepted = np.zeros(0) if self.problem.accepted is None else self.problem.accepted.ravel()[limited]
        wanted = np.bincount(self.problem.needs[self.claims], due[self.claims], minlength=len(self.problem))
        bounds = np.concatenate([-wanted[self.needs], self.problem.stock[self.lots], accepted])
        costs = (
            [np.zeros(self.index.size), np.ones(needs)]
            if cost is None
            else [cost[self.index], np.full(needs, SHORT_COSTS)]
        )
        found = linprog(
            np.concatenate(costs), A_ub=self.matrix, b_ub=bounds, method="highs", options=dict(PRECISE)
        )
        if found.x is None:
            raise RuntimeError(f"The linear program of {needs} needs has no answer: {found.message}")
        price = np.maximum(-found.ineqlin.marginals, 0)
        prices = Prices(
            need=_spread(price[:needs], self.needs, len(self.problem)),
            lot=_spread(price[needs : needs + lots], self.lots, len(self.problem.stock)),
            accepted=_spread(price[needs + lots :], limited, len(self.problem)),
        )
        return Solved(found.x[: self.index.size], float(found.x[self.index.size :].sum()), prices)


def pieces(problem: Problem, ways: Ways, index: Whole) -> Iterator[Piece]:
    """Cut ways into pieces that share neither lots nor needs: each is a problem of its own."""
    if not index.size:
        return
    lots = len(problem.stock)
    ends = (ways.lot[index], lots + ways.need[index])
    graph = coo_array((np.ones(index.size), ends), shape=(lots + len(problem),) * 2)
    _count, label = connected_components(graph, directed=False)
    of_way = label[ways.lot[index]]
    order = np.argsort(of_way, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(of_way[order])) + 1):
        yield Piece(problem, ways, index[part])


def _spread(values: Real, places: Whole, size: int) -> Real:
    spread = np.zeros(size)
    spread[places] = values
    return spread


def _eye(size: int) -> csr_array:
    return csr_array((np.ones(size), (np.arange(size), np.arange(size))), shape=(size, size))


def _none(rows: int, columns: int) -> csr_array:
    return csr_array((rows, columns))
