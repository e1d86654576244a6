"""Check: independent code that a sharing between zones must pass before anybody writes it down.

It solves nothing. It adds up what is brought, and takes the plan's prices as they are: whatever they are,
if no way gives a need's unit below its price, then no plan at all brings needs worth more than the lots
are; where this one brings just that much, nobody inside can have more unless somebody inside has less. A way
dearer than its need's price then carries nothing unless somebody inside has less: it is closed to those who
rise higher.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.columns import Real
from lastmetre.planning.quotas.terms import Bottleneck, Plan, Prices, Problem, Ways

Yes = NDArray[np.bool_]

NO_PRICE = 1e-6

NEAR = 1e-5
"""Part of a sum below which two are alike: the solver works with floating point."""


def check_quotas(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return what is wrong: too much brought, out of reach, or somebody who could have more."""
    wishes = problem.wishes.ravel()
    _zones, classes, kinds = problem.wishes.shape
    zone, kind = plan.claim // (classes * kinds), plan.claim % kinds
    per_unit = problem.per_unit[plan.lot, kind]
    reached = np.ones(plan.lot.size, bool) if problem.reach is None else problem.reach[plan.lot, zone]
    got = np.bincount(plan.claim, plan.units * 1000 / np.maximum(per_unit, 1), minlength=wishes.size)
    stands_in = problem.category[plan.lot] != kind
    instead = np.bincount(
        plan.claim, plan.units * stands_in * 1000 / np.maximum(per_unit, 1), minlength=wishes.size
    )
    accepted = np.full(wishes.size, np.inf) if problem.accepted is None else problem.accepted.ravel()
    faults = {
        "A lot gives less than nothing.": bool((plan.units <= 0).any()),
        "A lot goes where it may not.": bool((~reached | (per_unit <= 0)).any()),
        "A lot gives more than there is.": bool(
            (np.bincount(plan.lot, plan.units, minlength=len(problem.stock)) > problem.stock).any()
        ),
        "A claim gets more than it wishes.": bool((got > wishes + 1e-3).any()),
        "A claim gets more stand-ins than it accepts.": bool((instead > accepted + 1e-3).any()),
    }
    said = [fault for fault, is_wrong in faults.items() if is_wrong]
    said += _flow_faults(problem, plan)
    if plan.is_proved:
        said += _price_faults(problem, plan) + _unproved(problem, plan)
    return tuple(said)


def _flow_faults(problem: Problem, plan: Plan) -> list[str]:
    """Add up what is fair before rounding, and look how far the whole units are from it."""
    ways = problem.ways()
    brought = np.bincount(ways.need, plan.flow / ways.per_unit, minlength=len(problem))
    fair = np.bincount(problem.needs, plan.fair, minlength=len(problem))
    taken = np.bincount(ways.lot, plan.flow, minlength=len(problem.stock))
    whole = np.bincount(plan.lot, plan.units, minlength=len(problem.stock))
    faults = {
        "The fair shares are not what is brought.": bool((abs(brought - fair) > NEAR * (1 + brought)).any()),
        "More is shared than there is.": bool((taken > problem.stock + NEAR * (1 + problem.stock)).any()),
        "A claim's share is more than its wish.": bool((plan.fair > problem.wishes.ravel() + NEAR).any()),
        "Whole units are more than the shares of a lot.": bool((whole > taken + 1e-3).any()),
    }
    return [fault for fault, is_wrong in faults.items() if is_wrong]


def _price_faults(problem: Problem, plan: Plan) -> list[str]:
    ways, faults = problem.ways(), []
    fair = np.bincount(problem.needs, plan.fair, minlength=len(problem))
    is_closed = np.zeros(ways.lot.size, bool)
    for one in plan.bottlenecks:
        prices, worth = one.prices, float(one.prices.lot @ problem.stock)
        if problem.accepted is not None:
            worth += float(prices.accepted @ problem.accepted.ravel())
        spare, is_inside = _spare(ways, prices), prices.need[problem.needs] > NO_PRICE
        found = {
            "A price is below nothing.": min(map(_least, (prices.need, prices.lot, prices.accepted))) < 0,
            "A way gives a unit below its price.": bool((spare[~is_closed] < -NEAR).any()),
            "A bottleneck has something left.": abs(worth - float(prices.need @ fair)) > NEAR * (1 + worth),
            "Somebody is held back for the sake of one better off.": bool(
                (is_inside & _is_better_off(problem, plan, one)).any()
            ),
        }
        faults += [fault for fault, is_wrong in found.items() if is_wrong]
        is_closed |= spare > NO_PRICE
    return faults


def _spare(ways: Ways, prices: Prices) -> Real:
    """Return how much dearer a lot's unit is than what it gives is worth, for each way."""
    worth = (prices.need[ways.need] - prices.accepted[ways.need] * ways.stands_in) / ways.per_unit
    return np.asarray(prices.lot[ways.lot] - worth, np.float64)


def _is_better_off(problem: Problem, plan: Plan, one: Bottleneck) -> Yes:
    """Tell who could give something up: stands higher, is no earlier in rank, and has something."""
    is_higher = plan.fair / problem.heads > one.level * (1 + NEAR) + NEAR
    is_later = problem.ranks > one.rank
    return np.asarray((is_later & (plan.fair > NEAR)) | ((problem.ranks == one.rank) & is_higher), bool)


def _unproved(problem: Problem, plan: Plan) -> list[str]:
    """Every claim that is short must be held by a bottleneck at its own level, or have no way that is open to it."""
    ways, levels = problem.ways(), plan.fair / problem.heads
    is_held = np.zeros(len(problem), bool)
    is_closed = {int(rank): np.zeros(ways.lot.size, bool) for rank in np.unique(problem.ranks)}
    for one in plan.bottlenecks:
        is_at_level = levels >= one.level * (1 - NEAR) - NEAR
        is_held |= (one.prices.need[problem.needs] > NO_PRICE) & ((problem.ranks > one.rank) | is_at_level)
        for rank, closed in is_closed.items():
            if rank > one.rank or one.level <= NEAR:
                closed |= _spare(ways, one.prices) > NO_PRICE
    for rank, closed in is_closed.items():
        is_held |= (problem.ranks == rank) & ~np.isin(problem.needs, ways.need[~closed])
    is_short = plan.fair < problem.wishes.ravel() * (1 - NEAR) - NEAR
    return ["Somebody is short whom nothing holds back."] if bool((is_short & ~is_held).any()) else []


def _least(prices: Real) -> float:
    return float(prices.min(initial=0.0))
