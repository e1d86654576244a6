"""What a sharing between zones is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.columns import MOST, Real, Whole, table, yes_no_table
from lastmetre.planning.reasons import quantity
from lastmetre.terms import InputError, Sentence, say

THOUSAND = 1000
"""Ratios of stand-ins are in thousandths."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Z zones, K classes of households, C categories, G lots of goods; raises `InputError` on broken arrays.

    A claim is what one class of one zone wishes of one category; claims are numbered zone by zone, in it
    class by class, in that category by category. Quantities are in sale units.
    """

    wishes: Whole
    """(Z, K, C) units wished, within the limits a household (PD8)."""
    stock: Whole
    """(G,) units of each lot."""
    per_unit: Whole
    """(G, C) thousandths of a lot's unit that stand for one unit of a category (YX7); 0: it cannot."""
    category: Whole
    """(G,) category that a lot belongs to: of that it is no stand-in."""
    weights: Whole | None = None
    """(Z, K, C) how much a claim counts (people, need, days of food left: `weights`); None: its wishes."""
    reach: NDArray[np.bool_] | None = None
    """(G, Z) zones that a lot can be brought to; None: all."""
    accepted: Whole | None = None
    """(Z, K, C) units for which the households take a stand-in; None: all."""
    rank: Whole | None = None
    """(K,) classes of rank 0 have their wishes before others get any, and so on; None: all alike."""
    ways_m: Whole | None = None
    """(G, Z) metres: of equally fair plans the one with the shortest ways is made; None: not known."""
    credits: Whole | None = None
    """(Z, K, C) millionths of a unit that rounding took earlier: a plan's `credit_after`; None: none."""

    def __post_init__(self) -> None:
        zones, classes, kinds = np.shape(self.wishes) if np.ndim(self.wishes) == 3 else (0, 0, 0)
        lots = np.shape(self.stock)[0] if np.ndim(self.stock) == 1 else 0
        claims = (zones, classes, kinds)
        for name, shape, lowest in (
            ("wishes", claims, 0),
            ("stock", (lots,), 0),
            ("per_unit", (lots, kinds), 0),
            ("category", (lots,), 0),
            ("weights", claims, 0),
            ("accepted", claims, 0),
            ("rank", (classes,), 0),
            ("ways_m", (lots, zones), 0),
            ("credits", claims, -MOST),
        ):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, table(name, getattr(self, name), shape, lowest))
        if self.reach is not None:
            object.__setattr__(self, "reach", yes_no_table("reach", self.reach, (lots, zones)))
        if lots and int(self.category.max()) >= kinds:
            raise InputError(
                say("A lot belongs to a category that is not there."),
                remedy=say("Number the categories from 0 on."),
            )

    def __len__(self) -> int:
        return int(self.wishes.size)

    @cached_property
    def heads(self) -> Real:
        """(P,) weights as they count: a claim of unknown weight by its wishes, and never as nothing."""
        given = self.wishes if self.weights is None else self.weights
        return np.where(given > 0, given, np.maximum(self.wishes, 1)).ravel().astype(np.float64)

    @cached_property
    def ranks(self) -> Whole:
        """(P,) rank of each claim's class."""
        _zones, classes, _kinds = self.wishes.shape
        rank = np.zeros(classes, np.int64) if self.rank is None else self.rank
        return np.broadcast_to(rank[None, :, None], self.wishes.shape).ravel()

    @cached_property
    def needs(self) -> Whole:
        """(P,) need that each claim is part of: classes of a zone have the same ways to the same category, so
        they are one need as long as all take stand-ins alike; N needs, numbered from 0.
        """
        if self.accepted is not None:
            return np.arange(len(self))
        zones, classes, kinds = self.wishes.shape
        need = np.arange(zones * kinds).reshape(zones, 1, kinds)
        return np.broadcast_to(need, (zones, classes, kinds)).ravel()

    def ways(self) -> Ways:
        """List every lot that can serve a need, with how much of it stands for a unit."""
        zones, _classes, kinds = self.wishes.shape
        reach = np.ones((len(self.stock), zones), bool) if self.reach is None else self.reach
        wished = (self.wishes if self.accepted is not None else self.wishes.sum(axis=1, keepdims=True)) > 0
        may = reach[:, :, None, None] & (self.per_unit > 0)[:, None, None, :] & wished[None]
        lot, zone, of_class, kind = np.nonzero(may)
        return Ways(
            lot=lot,
            need=(zone * may.shape[2] + of_class) * kinds + kind,
            per_unit=self.per_unit[lot, kind] / THOUSAND,
            stands_in=self.category[lot] != kind,
            metres=np.zeros(lot.size) if self.ways_m is None else self.ways_m[lot, zone].astype(np.float64),
        )


@dataclass(frozen=True, eq=False)
class Ways:
    """From lots to needs: A entries each."""

    lot: Whole
    need: Whole
    per_unit: Real
    """Units of the lot that stand for one unit of the need."""
    stands_in: NDArray[np.bool_]
    metres: Real


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices at which no way gives a need's unit for less than the need's price.

    Whatever the plan, needs weighed by their prices never add up to more than lots and acceptances do.
    """

    need: Real
    """(N,) of a unit; 0 for needs outside."""
    lot: Real
    """(G,) of a unit."""
    accepted: Real
    """(N,) of a unit for which a stand-in is taken."""

    def worth(self, problem: Problem) -> float:
        """Return what all lots and acceptances are worth."""
        accepted = 0.0 if problem.accepted is None else float(self.accepted @ problem.accepted.ravel())
        return float(self.lot @ problem.stock) + accepted


@dataclass(frozen=True, eq=False)
class Bottleneck:
    """Why nobody in it can have more: at these prices its needs have all that there is."""

    level: float
    """Units a weight at which its claims stand."""
    rank: int
    prices: Prices


@dataclass(frozen=True, eq=False)
class Plan:
    """What each claim gets of each lot, and the proof that it is fair."""

    problem: Problem
    lot: Whole
    """(D,) of each delivery."""
    claim: Whole
    """(D,) of each delivery."""
    units: Whole
    """(D,) whole units of the lot; 0 is left out."""
    fair: Real
    """(P,) units of its category that each claim gets before rounding to whole ones."""
    flow: Real
    """(A,) units of its lot by each of `problem.ways()`, before rounding."""
    credit_after: Whole
    """(Z, K, C) millionths of a unit that rounding took so far: the `credits` of the next round."""
    bottlenecks: tuple[Bottleneck, ...]
    """One a level; a claim in none has all it wishes, or no lot that could serve it."""
    is_proved: bool = True
    """False where the budget ran out before the last level."""

    def quota(self, zone: int, of_class: int) -> dict[int, int]:
        """Return the whole units of each lot for a class of a zone."""
        _zones, classes, kinds = self.problem.wishes.shape
        first = (zone * classes + of_class) * kinds
        its = (self.claim >= first) & (self.claim < first + kinds)
        units: dict[int, int] = {}
        for lot, count in zip(self.lot[its].tolist(), self.units[its].tolist(), strict=True):
            units[lot] = units.get(lot, 0) + count
        return units

    def reason(self, zone: int, of_class: int, category: int) -> Sentence:
        """Say why a claim gets what it gets, in figures that everybody can add up."""
        problem = self.problem
        _zones, classes, kinds = problem.wishes.shape
        claim = (zone * classes + of_class) * kinds + category
        asked = int(problem.wishes[zone, of_class, category])
        its = self.claim == claim
        stands_in = problem.category[self.lot[its]] != category
        own, others = int(self.units[its][~stands_in].sum()), int(self.units[its][stands_in].sum())
        if not asked:
            return say("Nothing was asked for.")
        if self.fair[claim] >= asked * (1 - 1e-9) and not others:
            return say("{asked} were asked for and all of it is there.", asked=asked)
        if not own and not others:
            return say("{asked} were asked for; nothing that could serve it is left.", asked=asked)
        got = say("{own} of it", own=own)
        if others:
            got = say("{own} of it and {others} of what stands in for it", own=own, others=others)
        return say(
            "{asked} were asked for: {got}. {rule}",
            asked=asked,
            got=got,
            rule=self._rule(claim),
        )

    def _rule(self, claim: int) -> Sentence:
        level = Fraction(float(self.fair[claim] / self.problem.heads[claim])).limit_denominator(10_000)
        if self.problem.weights is None:
            return say(
                "Everybody who depends on the same lots gets {percent} % of the wish, as whole units allow.",
                percent=quantity(level * 100),
            )
        return say(
            "Everybody who depends on the same lots gets {units} a head, as whole units allow.",
            units=quantity(level),
        )
