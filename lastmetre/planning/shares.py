"""Shares: who gets what when one good runs short.

Every household is filled to the same level a head, no further than its wish and limit (weighted
max-min fairness); the level rarely gives whole units, so shares are rounded down and the odd units go
to the largest remainders, earlier credit counted in (largest remainder, Hamilton). What rounding took
or gave is carried to the next round. All in whole numbers: nothing is lost to floating point.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.columns import Whole, check_exact, column
from lastmetre.planning.reasons import Share
from lastmetre.terms import InputError, Sentence, say

MILLION = 1_000_000
"""Credits are kept in millionths of a step: whole numbers, so that their sum is conserved exactly."""


@dataclass(frozen=True, eq=False)
class Problem:
    """One good and the households that want it; arrays have an entry a household, all in one order.

    Quantities are in steps, the smallest quantity sold (a good sold by half a 斤: 3 steps are 1.5 斤).
    Raises `InputError` on negative, broken or differently long arrays.
    """

    stock: int
    """Steps there are to share."""
    wishes: Whole
    weights: Whole | None = None
    """Head counts; 0 where not known, which counts as 1 and is said so; None: every household alike."""
    limits: Whole | None = None
    """Most that a household may have (PD8); None: no limit."""
    credits: Whole | None = None
    """Millionths of a step that earlier rounds owe (or, below 0, gave ahead): a plan's `credit_after`."""
    step: Decimal = Decimal(1)
    """Sale units in a step: for the words only."""
    people: Whole | None = None
    """Head counts for the words, where the weights count other things too (`weights`); None: the weights."""
    parts: int = 1
    """The weight of one person: what a household counts as is said in people."""

    def __post_init__(self) -> None:
        if self.stock < 0:
            raise InputError(
                say("The stock is {stock}.", stock=self.stock), remedy=say("Give a stock of 0 or more.")
            )
        households = len(self.wishes)
        for name, lowest in (("wishes", 0), ("weights", 0), ("limits", 0), ("credits", None), ("people", 0)):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, column(name, values, households, lowest))
        check_exact(self.caps, self.heads)

    def __len__(self) -> int:
        return len(self.wishes)

    @cached_property
    def caps(self) -> Whole:
        """What each household can get at most: its wish within its limit."""
        return self.wishes if self.limits is None else np.minimum(self.wishes, self.limits)

    @cached_property
    def heads(self) -> Whole:
        """Weights as they count: unknown as 1."""
        return np.ones_like(self.wishes) if self.weights is None else np.maximum(self.weights, 1)

    @cached_property
    def carried(self) -> Whole:
        """Credits as they count, in millionths: none where none were given."""
        return np.zeros_like(self.wishes) if self.credits is None else self.credits


@dataclass(frozen=True, eq=False)
class Plan:
    """What each household gets, what it is owed after it, and why."""

    problem: Problem
    got: Whole
    """Steps handed out; their sum is the smaller of the stock and what can be taken."""
    credit_after: Whole
    """Millionths of a step, the `credits` of the next round; the sum is that of the credits before."""
    level: Fraction | None
    """Steps a head at which the good is shared; None where there is enough for everybody."""

    def __post_init__(self) -> None:
        for array in (self.got, self.credit_after):
            array.setflags(write=False)

    @cached_property
    def wanted(self) -> int:
        """Steps wanted within the limits."""
        return int(self.problem.caps.sum())

    @property
    def left(self) -> int:
        """Steps that nobody wants."""
        return self.problem.stock - int(self.got.sum())

    def fair(self, household: int) -> Fraction:
        """Return the share of one household before rounding, in steps."""
        cap = int(self.problem.caps[household])
        if self.level is None:
            return Fraction(cap)
        return min(Fraction(cap), self.level * int(self.problem.heads[household]))

    def share(self, household: int) -> Share:
        """Gather one household's figures: what a notice prints beside the reason."""
        problem = self.problem
        people = problem.weights if problem.people is None else problem.people
        heads = None if people is None else int(people[household])
        counts_as = Fraction(int(problem.heads[household]), problem.parts)
        return Share(
            asked=int(problem.wishes[household]),
            limit=None if problem.limits is None else int(problem.limits[household]),
            people=heads,
            counts_as=None if heads is None or counts_as == max(heads, 1) else counts_as,
            stock=problem.stock,
            wanted=self.wanted,
            fair=self.fair(household),
            got=int(self.got[household]),
            credit_before=Fraction(int(problem.carried[household]), MILLION),
            credit_after=Fraction(int(self.credit_after[household]), MILLION),
            step=Fraction(problem.step),
        )

    def reason(self, household: int) -> Sentence:
        """Say why a household gets what it gets; made when asked for, as there may be 300,000."""
        return self.share(household).reason()


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Share the stock fairly (PD8, YX8b; the rule in plain words: docs/planning/shares.md).

    `seed` draws the lots that settle what is left of ties. Exact and done in a moment (300,000 households
    in about 0.1 s): the budget, progress and cancellation are ignored.
    """
    caps, heads = problem.caps, problem.heads
    if problem.stock >= int(caps.sum()):
        return Plan(problem, got=caps, credit_after=problem.carried, level=None)
    level = _water_level(caps, heads, problem.stock)
    got, remainder = _whole_steps(caps, heads, level)
    credit_after = problem.carried.copy()
    uneven = np.flatnonzero(remainder)
    part = remainder[uneven] * MILLION // level.denominator
    odd_steps = problem.stock - int(got.sum())
    first = _Turns(part + problem.carried[uneven], heads[uneven], _lots(len(problem), seed)[uneven]).first
    lucky = uneven[first(odd_steps)]
    got[lucky] += 1
    # The millionths that rounding down lost go one each to the first in turn: the sum stays exact.
    part[first(odd_steps * MILLION - int(part.sum()))] += 1
    credit_after[uneven] += part
    credit_after[lucky] -= MILLION
    return Plan(problem, got=got, credit_after=credit_after, level=level)


def _water_level(caps: Whole, heads: Whole, stock: int) -> Fraction:
    """Find the steps a head at which the stock is just used up, less than what is wanted."""
    first_full = np.argsort(caps / heads, kind="stable")
    caps, heads = caps[first_full], heads[first_full]
    used_before = np.cumsum(caps) - caps
    heads_left = heads.sum() - (np.cumsum(heads) - heads)
    # Filling goes from the smallest wish a head on; a household is full if all that are still
    # thirsty can have as much a head as it takes.
    full = int(np.count_nonzero(caps * heads_left <= (stock - used_before) * heads))
    return Fraction(stock - int(caps[:full].sum()), int(heads[full:].sum()))


def _whole_steps(caps: Whole, heads: Whole, level: Fraction) -> tuple[Whole, Whole]:
    """Return each share rounded down, and what that cut off, in parts of the level's denominator."""
    raised = heads * level.numerator
    is_full = caps * level.denominator <= raised
    whole, remainder = np.divmod(raised, level.denominator)
    return np.where(is_full, caps, whole), np.where(is_full, 0, remainder)


def _lots(households: int, seed: int) -> Whole:
    return np.random.default_rng(seed).permutation(households)


@dataclass(frozen=True, eq=False)
class _Turns:
    """Turns for the odd steps: largest claim, then the smaller household (a step weighs more), then lot."""

    claims: Whole
    heads: Whole
    lots: Whole

    def first(self, count: int) -> Whole:
        """Return who is among the first `count`; only those tied for the last places are sorted."""
        if not count:
            return np.empty(0, np.int64)
        least = np.partition(self.claims, -count)[-count]
        before = np.flatnonzero(self.claims > least)
        tied = np.flatnonzero(self.claims == least)
        turn = np.lexsort((self.lots[tied], self.heads[tied]))
        return np.concatenate((before, tied[turn[: count - before.size]]))
