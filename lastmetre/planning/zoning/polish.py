"""Polish: free the compounds of a few suppliers at a time, and solve exactly who of these serves whom.

A large-neighbourhood search for where compounds need no backup: each step draws suppliers that could serve one
another's compounds, keeps everybody else's where they are, and hands the rest to a solver of whole-number programs
(HiGHS). Only choices that are cheap at the prices of capacity are offered to it. A step never makes a plan dearer.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from lastmetre.planning.zoning.field import Field, Floats, Ints

Flags = NDArray[np.bool_]

COUNTS_AS = 500_000
"""Changes of the annealing that take about as long as a step."""

AT_ONCE = 2
"""Groups of suppliers freed at the same time; fixed, so that a plan is the same on every machine."""

LONGEST_S = 10.0
"""Of a step: then whoever watches hears of it."""

NODES = 1000
"""Branches of the solver in a step; then it shall be content with what it has."""

FIRST, FEWEST = 6.0, 2.0
"""Suppliers freed in the first step, and at least in any."""

GROWS, SHRINKS = 1.05, 0.7
"""How many more are freed after a step that was solved to the end, and how many fewer after any other."""

OFFERED = 1.2, 1.8
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
        self._may = np.isfinite(field.cost[0, :, :-1])
        worth = field.cost[0, :, :-1] + np.einsum("csk,sk->cs", field.use[:, :-1], own)
        least = np.where(self._may.any(axis=1), worth.min(axis=1), 0)
        self._lost = worth - least[:, None]
        self._ranked = np.sort(self._lost, axis=None)

    def step(self, left_s: float) -> None:
        """Free the compounds of a few suppliers, and all without any, and solve that within so many seconds.

        Others, as many, are freed at the same time, a thread each: nobody stands in both.
        """
        offered, is_left = self._offered(), np.ones(len(self._field.capacity), bool)
        tasks: list[tuple[Ints, Ints]] = []
        for _ in range(AT_ONCE):
            if is_left.sum() < FEWEST and tasks:
                break
            is_chosen = self._chosen(offered, is_left)
            tasks.append(self._choices(offered, is_chosen, takes_nobodys=not tasks))
            is_left &= ~is_chosen
        with ThreadPoolExecutor(AT_ONCE) as threads:
            solved = threads.map(lambda task: self._solve(task[0], task[1], min(left_s, LONGEST_S)), tasks)
        for is_proved in solved:
            self._many *= GROWS if is_proved else SHRINKS
        self._many = min(max(self._many, FEWEST), float(len(is_left) ** 2))

    def _choices(self, offered: Flags, is_chosen: Flags, *, takes_nobodys: bool) -> tuple[Ints, Ints]:
        """Return who is free and which suppliers each may have: (N,) compounds, (N,) suppliers."""
        is_free = np.append(is_chosen, takes_nobodys)[self.serves]
        may = np.hstack([offered & is_chosen, np.zeros((len(offered), 1), bool)])
        may[np.arange(len(offered)), self.serves] = True
        compound, supplier = np.nonzero(may & is_free[:, None])
        return compound, supplier

    def _offered(self) -> Flags:
        """Return (C, S) which choices lose least at the prices of capacity; all to whoever has nobody."""
        # Where all suppliers can be freed at once, more and more is offered.
        each = self._draw.uniform(*OFFERED) * max(self._many / self._may.shape[1], 1)
        last = self._ranked[min(int(each * len(self.serves)), self._ranked.size - 1)]
        has_nobody = self.serves == self._may.shape[1]
        return np.asarray(((self._lost <= last) | has_nobody[:, None]) & self._may)

    def _chosen(self, offered: Flags, is_left: Flags) -> Flags:
        """Draw a supplier and others (S,) of those left, most likely such as could exchange most compounds with it."""
        suppliers = offered.shape[1]
        first = self._draw.choice(np.flatnonzero(is_left))
        links = 0.1 + offered[self.serves == first].sum(axis=0)
        links += np.bincount(self.serves[offered[:, first]], minlength=suppliers + 1)[:-1]
        links *= self._draw.random(suppliers)
        links[first] = np.inf
        return np.asarray(
            np.isin(np.arange(suppliers), np.argsort(-links * is_left)[: int(self._many)]) & is_left
        )

    def _solve(self, compound: Ints, supplier: Ints, left_s: float) -> bool:
        """Take the cheapest of these choices, one for each compound; tell whether nothing else is better."""
        field = self._field
        if not compound.size:
            return True
        free, row = np.unique(compound, return_inverse=True)
        cost, use, column = (
            field.cost[0, compound, supplier],
            field.use[compound, supplier],
            np.arange(len(row)),
        )
        limit = np.vstack([field.capacity, np.zeros_like(field.capacity[:1])])  # nobody gives nothing
        limits = [LinearConstraint(csr_array((np.ones(len(row)), (row, column))), 1, 1)]
        for kind in range(limit.shape[1]):
            load = csr_array((use[:, kind], (supplier, column)), (len(limit), len(row)))
            limits.append(LinearConstraint(load, -np.inf, limit[:, kind]))
        found = milp(
            cost,
            constraints=limits,
            bounds=Bounds(0, 1),
            integrality=np.ones(len(row)),
            options={"time_limit": max(left_s, 0.01), "node_limit": NODES, "mip_rel_gap": NEAREST},
        )
        if found.x is not None:
            best = np.flatnonzero(found.x > 0.5)
            taken = np.zeros_like(limit)
            np.add.at(taken, supplier[best], use[best])
            # The solver tells whole numbers apart only up to a millionth of a unit or so: what it says is added up.
            is_sound = np.array_equal(compound[best], free) and bool((taken <= limit).all())
            if is_sound and cost[best].sum() <= field.cost[0, free, self.serves[free]].sum():
                self.serves[free] = supplier[best]
        return bool(found.status == 0)
