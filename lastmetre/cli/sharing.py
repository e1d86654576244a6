"""Orders -> what each household gets of each good, with the sentence why: limits, cases, shortage, substitutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import numpy as np

from lastmetre.planning import cases, goods, shares
from lastmetre.terms import Good, Home, Offer, Order, OrderedItem, Sentence

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
    known = {good.code: good for good in offer.goods}
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
                _fall_back(wished[home, good.code], home, lacking, known, stock, extra)
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
    problem = goods.Problem(
        [wishes[home] for home in homes],
        good.step,
        stock,
        good.case_size,
        good.limit_per_household,
        weights=np.array([heads.get(home, 0) for home in homes], dtype=np.int64),
        credits=np.array([credits.get(str(home), 0) for home in homes], dtype=np.int64),
        last_case=last_case,
    )
    plan = goods.plan(problem, seed=seed)
    if isinstance(plan.made, cases.Plan):
        sharing.cases[good.code] = plan.made
    after = plan.made.credit_after
    sharing.credits[good.code] = {str(home): int(after[i]) for i, home in enumerate(homes) if after[i]}
    return {
        home: Got(
            good=good,
            wished=wishes[home],
            got=plan.got(index),
            reason=plan.reason(index) if plan.got(index) < wishes[home] else Sentence(""),
            credit=_units(Fraction(int(after[index]), shares.MILLION), good.step),
        )
        for index, home in enumerate(homes)
    }


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
