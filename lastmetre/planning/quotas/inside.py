"""Inside a claim: its quota goes to the households of the class by the rule of `shares`, stand-ins after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lastmetre.planning import shares
from lastmetre.planning.columns import Whole, column
from lastmetre.planning.quotas.terms import THOUSAND, Plan


@dataclass(frozen=True, eq=False)
class Inside:
    """What the households of one claim get."""

    own: shares.Plan
    """Of the category itself."""
    instead: tuple[tuple[int, shares.Plan], ...]
    """Lot and sharing of each that stands in, in units of that lot."""

    @property
    def units(self) -> int:
        """Units handed out, stand-ins in units of their lots."""
        return int(self.own.got.sum()) + sum(int(each.got.sum()) for _lot, each in self.instead)


def share_inside(
    plan: Plan, claim: int, households: shares.Problem, *, takes: Whole | None = None, seed: int = 0
) -> Inside:
    """Share a claim's quota among its households; `households.stock` is not looked at.

    `takes` is 1 for households that take a stand-in, else 0; None: all do. Whoever still lacks something
    after its own category was shared takes part in the stand-ins, by the same weights.
    """
    problem = plan.problem
    kind = claim % problem.wishes.shape[2]
    its = np.flatnonzero(plan.claim == claim)
    stands_in = problem.category[plan.lot[its]] != kind
    own = shares.plan(replace(households, stock=int(plan.units[its[~stands_in]].sum())), seed=seed)
    lacking = (households.caps - own.got) * THOUSAND  # thousandths of a unit of the category
    if takes is not None:
        lacking = lacking * np.minimum(column("answers", takes, len(households)), 1)
    instead = []
    for delivery in its[stands_in].tolist():
        lot = int(plan.lot[delivery])
        per_unit = int(problem.per_unit[lot, kind])
        wanted = shares.Problem(
            stock=int(plan.units[delivery]),
            wishes=lacking * per_unit // THOUSAND**2,
            weights=households.weights,
        )
        shared = shares.plan(wanted, seed=seed)
        lacking = lacking + (-shared.got * THOUSAND**2) // per_unit
        instead.append((lot, shared))
    return Inside(own, tuple(instead))
