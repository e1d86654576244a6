"""Orders -> what each household gets of each good, with the sentence why: limits, cases, shortage, substitutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import numpy as np

from lastmetre.planning import cases, shares
from lastmetre.planning.checks import check_cases, check_shares
from lastmetre.terms import Good, Home, Offer, Order, OrderedItem, Sentence

Plan = TypeVar("Plan")
Credits = dict[str, dict[str, int]]
"""Good -> home -> millionths of a step that earlier rounds owe it (planning.shares)."""


@dataclass(frozen=True, slots=True)
class Got:
    """What one household gets of one good it wished, and why."""

    good: Good
    wished: Decimal
    got: Decimal
    reason: Sentence
    """Empty where all that was wished is there."""
    credit: Decimal = Decimal(0)
    """Sale units that the next round owes it."""
    instead_of: str = ""
    """Code of the good that this one stands in for (YX7)."""


@dataclass(slots=True)
class Sharing:
    """The result for all goods of a round."""

    got: dict[Home, list[Got]] = field(default_factory=dict)
    cases: dict[str, cases.Plan] = field(default_factory=dict)
    credits: Credits = field(default_factory=dict)


def share_out(
    orders: Sequence[Order],
    offer: Offer,
    heads: Mapping[Home, int],
    stock: Mapping[str, Decimal],
    credits: Credits,
    last_case: Fraction = cases.UP,
    seed: int = 0,
) -> Sharing:
    """Decide every good: those with a stock first, so that what they lack can fall on their substitutes.

    `heads`: people per household, missing where unknown. `stock`: sale units, missing where unlimited.
    `last_case`: the part of a case that must be wanted for it to be ordered (planning.cases).
    """
    sharing = Sharing(got={order.home: [] for order in orders})
    extra: dict[str, dict[Home, Decimal]] = {}
    goods = {good.code: good for good in offer.goods}
    wished = {(order.home, item.good): item for order in orders for item in order.items}
    by_good: dict[str, dict[Home, Decimal]] = {}
    for (home, code), item in wished.items():
        by_good.setdefault(code, {})[home] = item.qty
    for good in sorted(offer.goods, key=lambda good: good.code not in stock):
        wishes = {order.home: item.qty for order in orders for item in order.items if item.good == good.code}
        instead = {home: qty for home, qty in extra.get(good.code, {}).items() if home not in wishes}
        both = wishes | instead
        if not both:
            continue
        results = _one_good(
            good, both, heads, stock.get(good.code), credits.get(good.code, {}), sharing, last_case, seed
        )
        for home, result in results.items():
            sharing.got[home].append(result)
            lacking = result.wished - result.got
            if lacking > 0 and home in wishes:
                _fall_back(wished[home, good.code], home, lacking, goods, stock, extra)
    return sharing


def _one_good(
    good: Good,
    wishes: Mapping[Home, Decimal],
    heads: Mapping[Home, int],
    stock: Decimal | None,
    credits: Mapping[str, int],
    sharing: Sharing,
    last_case: Fraction,
    seed: int,
) -> dict[Home, Got]:
    homes = sorted(wishes, key=lambda home: home.sort_key)
    steps = np.array([int(wishes[home] / good.step) for home in homes], dtype=np.int64)
    weights = np.array([heads.get(home, 0) for home in homes], dtype=np.int64)
    limits = None
    if good.limit_per_household is not None:
        limits = np.full(len(homes), int(Decimal(good.limit_per_household) / good.step), dtype=np.int64)
    owed = np.array([credits.get(str(home), 0) for home in homes], dtype=np.int64)
    plan: shares.Plan | cases.Plan
    if good.case_size:
        size = int(Decimal(good.case_size) / good.step)
        available = None if stock is None else int(stock // good.case_size)
        problem = cases.Problem(
            size,
            steps,
            last_case=last_case,
            cases_available=available,
            weights=weights,
            limits=limits,
            credits=owed,
            step=good.step,
        )
        planned = cases.plan(problem, seed=seed)
        plan = checked(planned, check_cases(problem, planned))
        sharing.cases[good.code] = planned
    else:
        units = int(steps.sum()) if stock is None else int(stock / good.step)
        question = shares.Problem(units, steps, weights, limits, owed, good.step)
        shared = shares.plan(question, seed=seed)
        plan = checked(shared, check_shares(question, shared))
    after = plan.credit_after
    sharing.credits[good.code] = {str(home): int(after[i]) for i, home in enumerate(homes) if after[i]}
    return {
        home: Got(
            good=good,
            wished=wishes[home],
            got=int(plan.got[index]) * good.step,
            reason=plan.reason(index) if plan.got[index] < steps[index] else Sentence(""),
            credit=_units(Fraction(int(after[index]), shares.MILLION), good.step),
        )
        for index, home in enumerate(homes)
    }


def checked(plan: Plan, faults: Sequence[str]) -> Plan:
    """Return a plan in which independent code found no fault; one with a fault is never printed."""
    if faults:
        raise RuntimeError("; ".join(faults))
    return plan


def _units(steps: Fraction, step: Decimal) -> Decimal:
    return (Decimal(steps.numerator) / Decimal(steps.denominator) * step).quantize(Decimal("0.01"))


def _fall_back(
    item: OrderedItem,
    home: Home,
    lacking: Decimal,
    goods: Mapping[str, Good],
    stock: Mapping[str, Decimal],
    extra: dict[str, dict[Home, Decimal]],
) -> None:
    """A household that named a substitute gets it for what it lacks; nobody gets one unasked (没有换…)."""
    if item.substitute in goods and item.substitute not in stock:
        there = extra.setdefault(item.substitute, {})
        there[home] = there.get(home, Decimal(0)) + lacking
