"""Goods: one good of a round, sold singly or by the case, shared in sale units as people order them.

`shares` and `cases` count in steps; orders, stock, limits and cases come in sale units. This is the one place
where one becomes the other, so that the sheets and the relay share by the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from lastmetre.planning import Cancelled, Progress, cases, shares
from lastmetre.planning.checks import check_cases, check_shares, checked
from lastmetre.planning.columns import Whole
from lastmetre.planning.reasons import quantity
from lastmetre.terms import Sentence, say


@dataclass(frozen=True, eq=False)
class Problem:
    """A good and what each household wishes of it, in sale units; columns are in one order."""

    wishes: Sequence[Decimal]
    step: Decimal = Decimal(1)
    """The smallest quantity sold."""
    stock: Decimal | None = None
    """None: as much as is wished."""
    case_size: int | None = None
    limit: int | None = None
    """A household (PD8)."""
    weights: Whole | None = None
    people: Whole | None = None
    parts: int = 1
    credits: Whole | None = None
    """Millionths of a step."""
    more: Sequence[Decimal] | None = None
    """What each household would take beyond its wish to fill a case."""
    last_case: Fraction = cases.NEAREST

    @cached_property
    def steps(self) -> Whole:
        """The wishes in steps."""
        return np.array([self.in_steps(wish) for wish in self.wishes], np.int64)

    def in_steps(self, units: Decimal | int) -> int:
        """Return sale units in whole steps, rounded down."""
        return int(units / self.step)

    @cached_property
    def limits(self) -> Whole | None:
        """The limit of each household in steps."""
        return None if self.limit is None else np.full(len(self.wishes), self.in_steps(self.limit), np.int64)

    def sharing(self) -> shares.Problem:
        """Put the question of a good that is sold singly."""
        stock = int(self.steps.sum()) if self.stock is None else self.in_steps(self.stock)
        return shares.Problem(
            *(stock, self.steps, self.weights, self.limits, self.credits, self.step, self.people, self.parts)
        )

    def casing(self, case_size: int) -> cases.Problem:
        """Put the question of a good that comes in cases."""
        more = None if self.more is None else np.array([self.in_steps(one) for one in self.more], np.int64)
        return cases.Problem(
            max(1, self.in_steps(case_size)),
            self.steps,
            last_case=self.last_case,
            cases_available=None if self.stock is None else int(self.stock // case_size),
            tolerances=more,
            weights=self.weights,
            limits=self.limits,
            credits=self.credits,
            step=self.step,
            people=self.people,
            parts=self.parts,
        )


@dataclass(frozen=True, eq=False)
class Plan:
    """Who gets how much, and why."""

    problem: Problem
    made: shares.Plan | cases.Plan

    @property
    def sharing(self) -> shares.Plan:
        """How the wishes were met."""
        return self.made.sharing if isinstance(self.made, cases.Plan) else self.made

    @property
    def cases(self) -> int:
        """Whole cases to order; 0 where single units are sold."""
        return self.made.cases if isinstance(self.made, cases.Plan) else 0

    @property
    def spare(self) -> Decimal:
        """Sale units that are ordered and that nobody gets yet."""
        return self.units(self.made.spare) if isinstance(self.made, cases.Plan) else Decimal(0)

    @property
    def stock(self) -> Decimal | None:
        """Sale units that were shared; None where there was enough for all."""
        return None if self.sharing.level is None else self.units(self.sharing.problem.stock)

    @property
    def wanted(self) -> Decimal:
        """Sale units wanted within the limits."""
        return self.units(self.sharing.wanted)

    @property
    def handed(self) -> Decimal:
        """Sale units that households get."""
        return self.units(int(self.made.got.sum()))

    def got(self, household: int) -> Decimal:
        """Return what a household gets in sale units."""
        return self.units(int(self.made.got[household]))

    def credit_after(self, household: int) -> int:
        """Return what the next round owes a household, in millionths of a step."""
        return int(self.made.credit_after[household])

    def reason(self, household: int) -> Sentence:
        """Say why."""
        return self.made.reason(household)

    def units(self, steps: int) -> Decimal:
        """Return steps in sale units."""
        return steps * self.problem.step

    def summary(self) -> Sentence:
        """Say to the liaison what is there, what is wanted, and what is missing or to spare."""
        if isinstance(self.made, cases.Plan):
            return self.made.summary()
        wanted, missing = self.wanted, self.wanted - self.handed
        words = {"wanted": _said(wanted), "missing": _said(missing)}
        if missing:
            return say(
                "{stock} there for {wanted} wanted. Missing: {missing}.", stock=_said(self.handed), **words
            )
        return say("{wanted} wanted, and all of it is there.", wanted=_said(wanted))


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Share a good by `cases` or `shares`; independent code proves the plan before anybody sees it."""
    if problem.case_size:
        casing = problem.casing(problem.case_size)
        cased = cases.plan(casing, seed=seed)
        return Plan(problem, checked(cased, check_cases(casing, cased)))
    sharing = problem.sharing()
    shared = shares.plan(sharing, seed=seed)
    return Plan(problem, checked(shared, check_shares(sharing, shared)))


def _said(units: Decimal) -> str:
    return quantity(Fraction(units))
