"""Cases: how many whole cases to order, and who gets what is in them.

Suppliers sell milk by twelve; households want two. The last case is ordered when enough of it is
wanted, what fills it up goes to those who said they would take more, and when a case is missing its
lack is shared by the rule of `shares`: never "late orderers get nothing" (foodsoft #473, #662, #764).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from lastmetre.planning import Cancelled, Progress, shares
from lastmetre.planning.columns import Whole, column
from lastmetre.planning.reasons import quantity
from lastmetre.terms import InputError, Sentence, say

UP = Fraction(0)
"""`last_case`: order a case for whatever is wanted of it."""
NEAREST = Fraction(1, 2)
"""`last_case`: order it when at least half of it is taken."""
DOWN = Fraction(1)
"""`last_case`: order full cases only."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A good that comes in cases; arrays have an entry a household, quantities are in steps (`shares`).

    Raises `InputError` on negative, broken or differently long arrays.
    """

    case_size: int
    """Steps in a case."""
    wishes: Whole
    last_case: Fraction = NEAREST
    """The part of the last case that must be taken, by wish or tolerance, for it to be ordered."""
    cases_available: int | None = None
    """None: as many as are ordered."""
    tolerances: Whole | None = None
    """Steps more than its wish that a household would take to fill a case; None: nobody would."""
    weights: Whole | None = None
    """Head counts; 0 where not known; None: every household alike."""
    limits: Whole | None = None
    """Most that a household may have, tolerance included (PD8); None: no limit."""
    credits: Whole | None = None
    """Millionths of a step carried from earlier rounds."""
    step: Decimal = Decimal(1)
    """Sale units in a step: for the words only."""
    people: Whole | None = None
    """Head counts for the words, and the weight of one person (`shares`)."""
    parts: int = 1

    def __post_init__(self) -> None:
        if self.case_size < 1:
            raise InputError(
                say("A case holds {size}.", size=self.case_size), remedy=say("Give a case size of 1 or more.")
            )
        if not 0 <= self.last_case <= 1:
            raise InputError(
                say("The last case is to be ordered from {part} of it on.", part=str(self.last_case)),
                remedy=say("Give a part between 0 (always) and 1 (full cases only)."),
            )
        if self.cases_available is not None and self.cases_available < 0:
            raise InputError(
                say("There are {cases} cases.", cases=self.cases_available),
                remedy=say("Give 0 or more, or nothing where any number can be ordered."),
            )
        if self.tolerances is not None:
            tolerances = column("tolerances", self.tolerances, len(self.wishes))
            object.__setattr__(self, "tolerances", tolerances)
        object.__setattr__(self, "wishes", self.sharing(0).wishes)

    def __len__(self) -> int:
        return len(self.wishes)

    def sharing(self, stock: int) -> shares.Problem:
        """Put the question who gets what of a stock."""
        return shares.Problem(
            *(stock, self.wishes, self.weights, self.limits, self.credits, self.step, self.people, self.parts)
        )

    @cached_property
    def caps(self) -> Whole:
        """What each household can get of its wish: no more than its limit."""
        return self.wishes if self.limits is None else np.minimum(self.wishes, self.limits)

    @cached_property
    def spare_room(self) -> Whole:
        """What each household would take beyond its wish, within its limit; who wishes none takes none."""
        if self.tolerances is None:
            return np.zeros_like(self.wishes)
        room = np.where(self.wishes > 0, self.tolerances, 0)
        return room if self.limits is None else np.minimum(room, np.asarray(self.limits) - self.caps)


@dataclass(frozen=True, eq=False)
class Plan:
    """The cases to order, what each household gets of them, and what is left over."""

    problem: Problem
    cases: int
    got: Whole
    """Steps handed out, extras included."""
    extra: Whole
    """Of these, steps beyond the wish, to households that accepted them."""
    spare: int
    """Steps left in the last case: forced on nobody, for the liaison to offer."""
    sharing: shares.Plan
    """How the wishes were met."""

    def __post_init__(self) -> None:
        for array in (self.got, self.extra):
            array.setflags(write=False)

    @property
    def last_case_taken(self) -> int:
        """Steps of the last case that households get; 0 where no case is ordered."""
        return self.problem.case_size - self.spare if self.cases else 0

    @property
    def credit_after(self) -> Whole:
        """Millionths of a step, the `credits` of the next round."""
        return self.sharing.credit_after

    @property
    def wanted(self) -> int:
        """Steps wanted within the limits."""
        return self.sharing.wanted

    @property
    def missing(self) -> int:
        """Steps wanted within the limits that nobody gets."""
        return self.wanted - int((self.got - self.extra).sum())

    def reason(self, household: int) -> Sentence:
        """Say why a household gets what it gets."""
        if self.extra[household]:
            return say(
                "You asked for {asked} and would take more; to fill the case you get {extra} more: {got}.",
                asked=self._units(self.problem.wishes[household]),
                extra=self._units(self.extra[household]),
                got=self._units(self.got[household]),
            )
        reason = self.sharing.reason(household)
        if self.sharing.fair(household) == int(self.problem.caps[household]):
            return reason
        return say("{cases} {reason}", cases=self._cases(), reason=reason)

    def summary(self) -> Sentence:
        """Say to the liaison what is ordered, how full the last case is, and what is short or spare."""
        if self.missing:
            missing = self._units(self.missing)
            return say("{cases} Missing: {missing}.", cases=self._cases(), missing=missing)
        if not self.spare:
            return say("{cases} All are taken.", cases=self._cases())
        return say(
            "{cases} Of the last case {taken} taken, {spare} to spare: offer them.",
            cases=self._cases(),
            taken=self._units(self.last_case_taken),
            spare=self._units(self.spare),
        )

    def _cases(self) -> Sentence:
        size, wanted = self._units(self.problem.case_size), self._units(self.wanted)
        if self.cases == 1:
            return say("1 case of {size} for {wanted} wanted.", size=size, wanted=wanted)
        return say("{cases} cases of {size} for {wanted} wanted.", cases=self.cases, size=size, wanted=wanted)

    def _units(self, steps: int | np.int64) -> str:
        return quantity(int(steps) * Fraction(self.problem.step))


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Order whole cases and share what is in them (the rule in plain words: docs/planning/cases.md).

    `seed` draws the lots that settle what is left of ties. Exact and done in a moment: the budget,
    progress and cancellation are ignored.
    """
    cases = _cases_to_order(problem)
    sharing = shares.plan(problem.sharing(cases * problem.case_size), seed=seed)
    extra = _extras(problem, sharing.left, seed)
    spare = sharing.left - int(extra.sum())
    return Plan(problem, cases, got=sharing.got + extra, extra=extra, spare=spare, sharing=sharing)


def _cases_to_order(problem: Problem) -> int:
    """Full cases, and the last one when wishes and tolerances take enough of it."""
    full, rest = divmod(int(problem.caps.sum()), problem.case_size)
    taken = min(problem.case_size, rest + int(problem.spare_room.sum()))
    last = rest > 0 and taken >= problem.last_case * problem.case_size
    wanted = full + last
    return wanted if problem.cases_available is None else min(wanted, problem.cases_available)


def _extras(problem: Problem, left: int, seed: int) -> Whole:
    """Share what fills the last case over those who would take more (foodsoft #473), like a stock."""
    # No credit: an extra is a favour to the case, it neither uses nor earns a claim.
    return shares.plan(shares.Problem(left, problem.spare_room, problem.weights), seed=seed).got
