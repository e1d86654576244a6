"""The checks see what is wrong: each planted fault is found and named."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from lastmetre.planning import carts, cases, shares
from lastmetre.planning.carts import Bag
from lastmetre.planning.checks import check_carts, check_cases, check_shares
from lastmetre.planning.shares import MILLION
from lastmetre.terms import Unit

FLOUR = shares.Problem(10, np.array([2, 5, 8, 1]), np.array([1, 2, 4, 3]))
MILK = cases.Problem(12, np.array([6, 8, 3]), tolerances=np.array([0, 1, 1]))
YARD = carts.Problem(
    units=(Unit("1", "1", floors=6), Unit("1", "2", floors=6)),
    bags=tuple(Bag(unit, floor, room, 9_000) for unit in (0, 1) for floor in (1, 2, 3) for room in (0, 1)),
    team=carts.Team(people=2),
)


def given(*steps: int) -> Callable[[shares.Plan], shares.Plan]:
    """Hand out other steps than planned, with credits to match."""

    def change(plan: shares.Plan) -> shares.Plan:
        got = np.array(steps)
        return replace(plan, got=got, credit_after=plan.credit_after - (got - plan.got) * MILLION)

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (given(1, 4, 6, -1), "Somebody gets less than nothing."),
        (given(1, 3, 4, 2), "Somebody gets more than wish or limit."),
        (given(1, 3, 4, 1), "Not all that is there and wanted is handed out."),
        (given(2, 2, 5, 1), "An odd step went to a smaller claim."),
        (given(1, 4, 4, 1), "Somebody is a whole step or more from the fair share."),
        (given(0, 2, 8, 0), "Somebody better off has a step more than fairness allows."),
        (lambda plan: replace(plan, credit_after=plan.credit_after + 5), "The credits do not add up."),
        (
            lambda plan: replace(plan, credit_after=np.add(plan.credit_after, [9, -9, 0, 0])),
            "Somebody's credit is not what rounding took or gave.",
        ),
        (lambda plan: replace(plan, level=Fraction(5, 4)), "The level does not use up the stock."),
        (lambda plan: replace(plan, level=None), "There is enough, but somebody is short."),
    ],
)
def test_faults_of_a_sharing_are_found(change: Callable[[shares.Plan], shares.Plan], fault: str) -> None:
    plan = shares.plan(FLOUR)
    assert check_shares(FLOUR, plan) == ()
    assert fault in check_shares(FLOUR, change(plan))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"cases": 1}, "A case is not ordered that enough want."),
        ({"cases": 3}, "A case is ordered that too few want."),
        ({"spare": 4}, "What is handed out and spare is not what is in the cases."),
        ({"extra": np.array([1, 1, 1])}, "Somebody gets an extra that was not accepted."),
        ({"extra": np.array([0, 0, 1])}, "Spare steps are left though somebody would take them."),
        ({"got": np.array([7, 9, 4])}, "Wishes and extras do not make up what is handed out."),
        ({"cases": 1, "spare": 0}, "Not all that is there and wanted is handed out."),
    ],
)
def test_faults_of_cases_are_found(change: dict[str, object], fault: str) -> None:
    plan = cases.plan(MILK)
    assert (plan.cases, plan.spare, plan.extra.tolist()) == (2, 5, [0, 1, 1])
    assert check_cases(MILK, plan) == ()
    assert fault in check_cases(MILK, replace(plan, **change))


def test_extras_before_wishes_are_found() -> None:
    short = replace(MILK, cases_available=1)
    plan = cases.plan(short)
    favoured = replace(plan, extra=np.array([0, 1, 0]), got=np.add(plan.got, [0, 1, 0]))
    assert "Extras are handed out while wishes are open." in check_cases(short, favoured)


def first_cart(plan: carts.Plan, **change: object) -> carts.Plan:
    return replace(plan, carts=(replace(plan.carts[0], **change), *plan.carts[1:]))


def first_round(plan: carts.Plan, **change: object) -> carts.Plan:
    return replace(plan, rounds=(replace(plan.rounds[0], **change), *plan.rounds[1:]))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda plan: first_cart(plan, bags=plan.carts[0].bags[1:]), "A bag is not on exactly one cart."),
        (lambda plan: first_cart(plan, number=2), "A cart number comes twice."),
        (
            lambda plan: first_cart(plan, bags=plan.carts[0].bags[::-1]),
            "A cart is not carried top floor first.",
        ),
        (
            lambda plan: replace(plan, cart_of_bag=plan.cart_of_bag[::-1]),
            "A label names another cart than its bag is on.",
        ),
        (lambda plan: first_cart(plan, turns=()), "A bag is not in exactly one person's hands."),
        (lambda plan: first_round(plan, bags=()), "A bag is not in exactly one person's hands."),
        (lambda plan: first_round(plan, work_s=99_999), "Somebody has more than the minutes of a wave."),
        (
            lambda plan: first_round(plan, bags=tuple(range(12)) * 12),
            "Somebody has more than the weight of a wave.",
        ),
        (
            lambda plan: first_round(plan, bags=tuple(range(12)) * 99, work_s=60),
            "Somebody has more than the minutes of a wave.",
        ),
        (lambda plan: first_round(plan, person=3), "Somebody works who is not there."),
        (
            lambda plan: replace(plan, waves=3),
            "More waves than in a day, and nothing is said to be missing.",
        ),
    ],
)
def test_faults_of_carts_are_found(change: Callable[[carts.Plan], carts.Plan], fault: str) -> None:
    plan = carts.plan(YARD)
    assert check_carts(YARD, plan) == ()
    assert fault in check_carts(YARD, change(plan))


def test_too_many_and_too_full_carts_are_found() -> None:
    plan = carts.plan(YARD)
    few = replace(YARD, carts=1)
    assert "A wave needs more carts than there are." in check_carts(few, plan)
    weak = replace(YARD, capacity=carts.Capacity(weight_g=50_000))
    assert "A cart is overloaded by more than one bag." in check_carts(weak, plan)
