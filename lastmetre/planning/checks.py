"""Checks: independent code that a plan must pass before anybody writes it down.

Each check returns what is wrong, for whoever mends the program; nothing where all is right. None uses
the code it checks: a fair level is proved by what it adds up to, not by finding it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

import numpy as np

from lastmetre.planning import cases, shares
from lastmetre.planning.cart_terms import Plan as CartPlan
from lastmetre.planning.cart_terms import Problem as CartProblem
from lastmetre.planning.columns import Whole
from lastmetre.planning.shares import MILLION

Faults = tuple[str, ...]
Made = TypeVar("Made")


def checked(plan: Made, faults: Sequence[str]) -> Made:
    """Return a plan in which independent code found no fault; one with a fault is never printed or kept."""
    if faults:
        raise RuntimeError("; ".join(faults))
    return plan


def check_shares(problem: shares.Problem, plan: shares.Plan) -> Faults:
    """Prove that a sharing is max-min fair, in whole steps by largest remainder, with credits kept."""
    caps, heads, got = problem.caps, problem.heads, plan.got
    whole = {
        "Somebody gets less than nothing.": bool((got < 0).any()),
        "Somebody gets more than wish or limit.": bool((got > caps).any()),
        "Not all that is there and wanted is handed out.": int(got.sum())
        != min(problem.stock, int(caps.sum())),
        "The credits do not add up.": int(plan.credit_after.sum()) != int(problem.carried.sum()),
        "Somebody better off has a step more than fairness allows.": _is_envied(caps, heads, got),
    }
    if plan.level is None:
        short = {"There is enough, but somebody is short.": bool((got != caps).any())}
        return _said(whole | short)
    return _said(whole | _level_faults(problem, plan, plan.level))


def _is_envied(caps: Whole, heads: Whole, got: Whole) -> bool:
    """Tell whether a household could give another a step and still have no less a head than the other."""
    can_rise = np.flatnonzero(got < caps)
    can_give = np.flatnonzero(got > 0)
    if not can_rise.size or not can_give.size:
        return False
    lowest = can_rise[np.argmin((got[can_rise] + 1) / heads[can_rise])]
    highest = can_give[np.argmax((got[can_give] - 1) / heads[can_give])]
    risen = Fraction(int(got[lowest]) + 1, int(heads[lowest]))
    given = Fraction(int(got[highest]) - 1, int(heads[highest]))
    return given >= risen


def _level_faults(problem: shares.Problem, plan: shares.Plan, level: Fraction) -> dict[str, bool]:
    parts = level.denominator
    caps, raised, got = problem.caps * parts, problem.heads * level.numerator, plan.got * parts
    fair = np.minimum(caps, raised)
    # What each share differs from its whole steps must be what its credit changed by.
    credited = plan.credit_after - problem.carried + plan.got * MILLION
    claims = credited - fair // parts * MILLION + problem.carried
    is_odd = fair % parts > 0
    is_up = is_odd & (got > fair)
    is_down = is_odd & (got < fair)
    turn_kept = not is_up.any() or not is_down.any() or claims[is_up].min() >= claims[is_down].max()
    return {
        # At one level only does what is filled to it add up to the stock: so this is the fair level.
        "The level does not use up the stock.": int(fair.sum()) != problem.stock * parts,
        "Somebody is a whole step or more from the fair share.": bool((abs(got - fair) >= parts).any()),
        "Somebody's credit is not what rounding took or gave.": bool(
            (abs(credited - fair // parts * MILLION - fair % parts * MILLION // parts) > 1).any()
        ),
        "An odd step went to a smaller claim.": not turn_kept,
    }


def check_cases(problem: cases.Problem, plan: cases.Plan) -> Faults:
    """Prove that the right number of cases is ordered and nobody gets what was not asked or accepted."""
    size, wanted = problem.case_size, int(problem.caps.sum())
    accepted = wanted + int(problem.spare_room.sum())
    available = problem.cases_available

    def is_due(case: int) -> bool:
        before = (case - 1) * size
        is_wanted = wanted > before and min(size, accepted - before) >= problem.last_case * size
        return is_wanted and (available is None or case <= available)

    handed = int(plan.got.sum())
    faults = {
        "A case is ordered that too few want.": plan.cases > 0 and not is_due(plan.cases),
        "A case is not ordered that enough want.": is_due(plan.cases + 1),
        "What is handed out and spare is not what is in the cases.": handed + plan.spare != plan.cases * size,
        "Somebody gets an extra that was not accepted.": bool((plan.extra > problem.spare_room).any()),
        "Extras are handed out while wishes are open.": plan.missing > 0 and bool(plan.extra.any()),
        "Spare steps are left though somebody would take them.": plan.spare > 0
        and bool((plan.extra < problem.spare_room).any() or plan.missing),
        "Wishes and extras do not make up what is handed out.": bool(
            (plan.got != plan.sharing.got + plan.extra).any()
        ),
    }
    sharing = check_shares(problem.sharing(plan.cases * size), plan.sharing)
    return _said(faults) + sharing


def check_carts(problem: CartProblem, plan: CartPlan) -> Faults:
    """Prove that every bag is on one cart and in one pair of hands, and nobody and nothing is overloaded."""
    return _said(_cart_faults(problem, plan) | _hand_faults(problem, plan))


def _cart_faults(problem: CartProblem, plan: CartPlan) -> dict[str, bool]:
    bags = problem.bags
    everything = Counter(range(len(bags)))
    numbers = Counter(cart.number for cart in plan.carts)
    a_wave = Counter(cart.wave for cart in plan.carts)
    over = [
        cart
        for cart in plan.carts
        if sum(bags[bag].weight_g for bag in cart.bags) > problem.capacity.weight_g
        or sum(bags[bag].volume_ml for bag in cart.bags) > problem.capacity.volume_ml
    ]
    order = [[_carry_order(problem, bag) for bag in cart.bags] for cart in plan.carts]
    return {
        "A bag is not on exactly one cart.": Counter(bag for cart in plan.carts for bag in cart.bags)
        != everything,
        "A cart number comes twice.": any(times > 1 for times in numbers.values()),
        "A wave needs more carts than there are.": problem.carts is not None
        and any(carts > problem.carts for carts in a_wave.values()),
        "A cart is overloaded by more than one bag.": any(len(cart.bags) > 1 for cart in over),
        "A cart is not carried top floor first.": any(keys != sorted(keys) for keys in order),
        "A label names another cart than its bag is on.": any(
            plan.cart_of_bag[bag] != cart.number for cart in plan.carts for bag in cart.bags
        ),
    }


def _carry_order(problem: CartProblem, bag: int) -> tuple[float, ...]:
    it = problem.bags[bag]
    return it.unit, float("inf") if it.floor is None else -it.floor, it.room


def _hand_faults(problem: CartProblem, plan: CartPlan) -> dict[str, bool]:
    team = problem.team
    in_turns = [bag for cart in plan.carts for turn in cart.turns for bag in turn.bags]
    in_rounds = [bag for one in plan.rounds for bag in one.bags]
    together = [bag for cart in plan.carts for bag in cart.together]
    return {
        "A bag is not in exactly one person's hands.": sorted(in_turns + together)
        != list(range(len(problem.bags)))
        or sorted(in_rounds) != sorted(in_turns),
        "Somebody has more than the minutes of a wave.": any(
            max(one.work_s, _work_s(problem, one.bags)) > team.minutes * 60 for one in plan.rounds
        ),
        "Somebody has more than the weight of a wave.": any(
            sum(problem.bags[bag].weight_g for bag in one.bags) > team.wave_g for one in plan.rounds
        ),
        "Somebody works who is not there.": any(not 1 <= one.person <= plan.people for one in plan.rounds),
        "More waves than in a day, and nothing is said to be missing.": plan.waves > team.waves_a_day
        and not (plan.missing_people or plan.missing_carts),
    }


def _work_s(problem: CartProblem, places: Sequence[int]) -> float:
    """Time that bags take: at their doors, piece by piece, and up the stairs by part of a full carry."""
    team, seconds, doors = problem.team, 0.0, set()
    for bag in (problem.bags[place] for place in places):
        unit = problem.units[bag.unit]
        floor = (unit.floors or 6) // 2 + 1 if bag.floor is None else bag.floor
        stairs = 0 if unit.has_lift else floor - 1 if floor > 0 else -floor
        seconds += stairs * team.floor_s * bag.weight_g / team.carry_g + bag.pieces * team.piece_s
        doors.add((bag.unit, bag.floor, bag.room))
    return seconds + len(doors) * (team.door_s - team.piece_s)


def _said(faults: dict[str, bool]) -> Faults:
    return tuple(fault for fault, is_wrong in faults.items() if is_wrong)
