"""What a household is promised when a good runs short: solved by hand (docs/planning/shares.md)."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from lastmetre.planning import shares
from lastmetre.planning.checks import check_shares
from lastmetre.planning.shares import MILLION
from lastmetre.terms import InputError

# The example of the page: 10 bags of flour; Wang (1 person) wants 2, Li (2) wants 5, Zhao (4) wants 8,
# Sun (3) wants 1.
WISHES, PEOPLE = [2, 5, 8, 1], [1, 2, 4, 3]


def share(stock: int, wishes: list[int], seed: int = 0, **columns: list[int]) -> shares.Plan:
    problem = shares.Problem(stock, np.array(wishes), **{name: np.array(v) for name, v in columns.items()})
    plan = shares.plan(problem, seed=seed)
    assert check_shares(problem, plan) == ()
    return plan


def test_the_worked_example() -> None:
    plan = share(10, WISHES, weights=PEOPLE)
    # Sun's 1 is below any level: 9 are left for 7 heads.
    assert plan.level == Fraction(9, 7)
    assert [plan.fair(i) for i in range(4)] == [Fraction(9, 7), Fraction(18, 7), Fraction(36, 7), 1]
    # Rounded down 1 + 2 + 5 + 1 = 9; the odd bag goes to the largest remainder, Li's 4/7.
    assert plan.got.tolist() == [1, 3, 5, 1]
    assert plan.credit_after.tolist() == [285714, 571429 - MILLION, 142857, 0]


def test_the_reasons_of_the_worked_example() -> None:
    plan = share(10, WISHES, weights=PEOPLE)
    wang, li, zhao, sun = (str(plan.reason(i)) for i in range(4))
    assert wang == (
        "You asked for 2; stock 10 for 16 wanted; shared by head count, 1 person: 1. "
        "Your share of 1.29 was rounded down; your credit for next time is now 0.29."
    )
    assert li == (
        "You asked for 5; stock 10 for 16 wanted; shared by head count, 2 people: 3. "
        "Your share of 2.57 was rounded up; the 0.43 ahead is set against next time."
    )
    assert zhao == (
        "You asked for 8; stock 10 for 16 wanted; shared by head count, 4 people: 5. "
        "Your share of 5.14 was rounded down; your credit for next time is now 0.14."
    )
    assert sun == "You asked for 1 and get all of it."


def test_in_the_next_round_the_credit_decides_who_gets_the_odd_one() -> None:
    first = share(10, WISHES, weights=PEOPLE)
    second = share(10, WISHES, weights=PEOPLE, credits=first.credit_after.tolist())
    # Claims: Wang 2/7 + 2/7, Li 4/7 - 3/7, Zhao 1/7 + 1/7: now it is Wang's turn.
    assert second.got.tolist() == [2, 2, 5, 1]
    assert str(second.reason(0)).endswith(
        "Your share of 1.29 was rounded up, with 0.29 credited from earlier rounds."
    )


def test_after_seven_rounds_each_has_exactly_the_fair_share() -> None:
    credits, got = [0] * 4, np.zeros(4, int)
    for _ in range(7):
        plan = share(10, WISHES, weights=PEOPLE, credits=credits)
        credits, got = plan.credit_after.tolist(), got + plan.got
    assert got.tolist() == [9, 18, 36, 7]
    assert np.abs(credits).max() <= 7  # millionths: what rounding to them may leave


def test_with_enough_everybody_gets_all_and_the_rest_is_left() -> None:
    plan = share(20, WISHES, weights=PEOPLE, credits=[5, -5, 0, 0])
    assert plan.got.tolist() == WISHES
    assert plan.left == 4
    assert plan.credit_after.tolist() == [5, -5, 0, 0]


def test_the_limit_comes_before_sharing() -> None:
    plan = share(100, [5, 2, 0], limits=[3, 3, 3])
    assert plan.got.tolist() == [3, 2, 0]
    assert [str(plan.reason(i)) for i in range(3)] == [
        "You asked for 5; the limit is 3 a household: 3.",
        "You asked for 2 and get all of it.",
        "You asked for nothing.",
    ]


def test_limit_and_shortage_are_both_said() -> None:
    plan = share(4, [9, 9], limits=[3, 3])
    assert plan.got.tolist() == [2, 2]
    assert str(plan.reason(0)) == (
        "You asked for 9, the limit is 3 a household; stock 4 for 6 wanted; shared equally: 2."
    )


def test_a_head_count_that_is_not_known_counts_as_one_and_is_said() -> None:
    plan = share(3, [9, 9], weights=[0, 2])
    assert plan.got.tolist() == [1, 2]
    assert "yours is not known and counts as 1: 1." in str(plan.reason(0))


def test_who_was_ahead_and_is_rounded_down_is_told_so() -> None:
    plan = share(1, [1, 1], credits=[-600_000, 600_000])
    assert plan.got.tolist() == [0, 1]
    assert str(plan.reason(0)).endswith(
        "Your share of 0.5 was rounded down, as you had 0.6 more than your share before."
    )


def test_half_a_jin_is_shared_in_halves() -> None:
    problem = shares.Problem(5, np.array([3, 3]), np.array([2, 3]), step=Decimal("0.5"))
    plan = shares.plan(problem)
    assert plan.got.tolist() == [2, 3]
    assert str(plan.reason(0)) == (
        "You asked for 1.5; stock 2.5 for 3 wanted; shared by head count, 2 people: 1."
    )


def test_of_equal_claims_the_smaller_household_comes_first_then_the_lot() -> None:
    # Half a bag each is cut off: it weighs more for one person than for three.
    assert share(2, [9, 9], weights=[3, 1]).got.tolist() == [1, 1]
    drawn = {tuple(share(1, [1, 1, 1], seed=seed).got.tolist()) for seed in range(20)}
    assert drawn == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}


def test_the_same_seed_draws_the_same_lots() -> None:
    assert share(5, [1] * 20, seed=7).got.tolist() == share(5, [1] * 20, seed=7).got.tolist()


def test_nothing_to_share_and_nobody_to_share_it() -> None:
    assert share(0, [2, 1]).got.tolist() == [0, 0]
    assert share(5, []).left == 5
    assert share(5, [0, 0]).got.tolist() == [0, 0]


def test_neither_wishes_nor_plan_can_be_changed_afterwards() -> None:
    wishes = np.array([2, 1])
    problem = shares.Problem(1, wishes)
    wishes[0] = 99
    assert problem.wishes.tolist() == [2, 1]
    with pytest.raises(ValueError, match="read-only"):
        shares.plan(problem).got[0] = 2


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"stock": -1, "wishes": [1]}, "The stock is -1."),
        ({"stock": 1, "wishes": [1, -2]}, "Number 2 of the wishes is -2."),
        ({"stock": 1, "wishes": [1.5]}, "Not all wishes are whole numbers."),
        ({"stock": 1, "wishes": [1, 2], "weights": [1]}, "There are 1 weights for 2 households."),
        ({"stock": 1, "wishes": [1], "limits": [-1]}, "Number 1 of the limits is -1."),
        ({"stock": 1, "wishes": [2**40], "weights": [2**20]}, "These wishes and weights are too large"),
    ],
)
def test_broken_figures_are_refused_with_a_remedy(columns: dict[str, object], what: str) -> None:
    with pytest.raises(InputError, match=what) as refused:
        shares.Problem(**columns)
    assert str(refused.value.remedy)
