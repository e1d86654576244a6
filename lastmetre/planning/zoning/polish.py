"""Polish: free the compounds of a few suppliers at a time, and solve exactly who of these serves whom.

A large-neighbourhood search for where compounds need no backup: each step draws suppliers that could serve one
another's compounds, keeps everybody else's where they are, and hands the rest to a solver of whole-number programs
(HiGHS). Only choices that are cheap at the prices of capacity are offered to it. A step never makes a plan dearer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from lastmetre.planning.zoning.field import Field, Floats, Ints

COUNTS_AS = 500_000
"""Changes of the annealing that take about as long as a step."""

NODES = 100
"""Branches of the solver in a step; then it shall be content with what it has."""

FIRST, FEWEST = 6.0, 2.0
"""Suppliers freed in the first step, and at least in any."""

GROWS, SHRINKS = 1.05, 0.7
"""How many more are freed after a step that was solved to the end, and how many fewer after any other."""

OFFERED = 1.4, 2.0
"""Suppliers offered to a compound on average, drawn for each step: few offers to many compounds reach farther
than many to few."""

NEAREST = 1e-5
"""A plan that can be bettered by no more than this part of its cost is good enough to end a step."""


class Polish:
    """Who serves whom, ever better step by step."""

    serves: Ints
    """(C,) supplier of each compound; the place after the last is nobody."""

    def __init__(self, field: Field, own: Floats, serves: Ints, seed: int) -> None:
        """Begin with a plan within all capacities; `own` (S, K) are the prices of capacity."""
        self.serves = serves.copy()
        self._field, self._draw, self._many = field, np.random.default_rng(seed), FIRST
        worth = field.cost[0, :, :-1] + np.einsum("csk,sk->cs", field.use[:, :-1], own)
        least = np.min(worth, axis=1, initial=np.inf)[:, None]
        self._lost = np.where(np.isfinite(worth), worth - np.where(np.isfinite(least), least, 0), np.inf)
        self._ranked = np.sort(self._lost, axis=None)

    def step(self, left_s: float) -> None:
        """Free the compounds of a few suppliers, and all without any, and solve that within so many seconds."""
        suppliers = len(self._field.capacity)
        offered = self._offered()
        chosen = self._chosen(offered)
        free = np.flatnonzero(np.isin(self.serves, [*chosen, suppliers]))
        offered[:, np.setdiff1d(np.arange(suppliers), chosen)] = False
        is_one = np.zeros((len(free), suppliers + 1), bool)
        is_one[:, :-1] = offered[free]
        is_one[np.arange(len(free)), self.serves[free]] = True
        if free.size:
            proved = self._solve(free, chosen, is_one, left_s)
            self._many = min(max(self._many * (GROWS if proved else SHRINKS), FEWEST), float(suppliers))

    def _offered(self) -> NDArray[np.bool_]:
        """Return (C, S) which choices lose least at the prices of capacity."""
        many = int(self._draw.uniform(*OFFERED) * len(self.serves))
        return np.asarray((self._lost <= self._ranked[min(many, self._ranked.size - 1)]) & np.isfinite(self._lost))

    def _chosen(self, offered: NDArray[np.bool_]) -> Ints:
        """Draw a supplier and others, most likely those with which it could exchange most compounds."""
        suppliers = offered.shape[1]
        first = self._draw.integers(suppliers)
        links = 0.1 + offered[self.serves == first].sum(axis=0)
        links += np.bincount(self.serves[offered[:, first]], minlength=suppliers + 1)[:-1]
        links *= self._draw.random(suppliers)
        links[first] = np.inf
        return np.sort(np.argsort(-links)[: int(self._many)])

    def _solve(self, free: Ints, chosen: Ints, is_one: NDArray[np.bool_], left_s: float) -> bool:
        """Give the free compounds the cheapest of their choices (F, S + 1); tell whether nothing else is better."""
        field, now = self._field, self.serves[free]
        row, supplier = np.nonzero(is_one)
        cost, use = field.cost[0, free[row], supplier], field.use[free[row], supplier]
        column, kinds = np.arange(len(row)), use.shape[1]
        served = coo_array((np.ones(len(row)), (row, column))).tocsc()
        limits = [LinearConstraint(served, 1, 1)]
        is_real = supplier < len(field.capacity)
        where = np.searchsorted(chosen, supplier[is_real])
        for kind in range(kinds):
            load = coo_array(
                (use[is_real, kind], (where, column[is_real])), shape=(len(chosen), len(row))
            ).tocsc()
            limits.append(LinearConstraint(load, -np.inf, field.capacity[chosen, kind]))
        found = milp(
            cost,
            constraints=limits,
            bounds=Bounds(0, 1),
            integrality=np.ones(len(row)),
            options={"time_limit": max(left_s, 0.01), "node_limit": NODES, "mip_rel_gap": NEAREST},
        )
        if found.x is not None:
            best = np.flatnonzero(found.x > 0.5)
            if len(best) == len(free) and cost[best].sum() <= field.cost[0, free, now].sum():
                self.serves[free[row[best]]] = supplier[best]
        return found.status == 0
