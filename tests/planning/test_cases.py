"""What households and the liaison are promised when goods come in whole cases (docs/planning/cases.md)."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.planning import cases
from lastmetre.planning.checks import check_cases
from lastmetre.planning.shares import MILLION
from lastmetre.terms import InputError

MILK = [2, 2, 3, 1, 2, 4, 2, 3]  # 19 bottles, in cases of 12: one full, 7 in the last


def order(wishes: list[int], case_size: int = 12, **others: Any) -> cases.Plan:
    problem = cases.Problem(case_size, np.array(wishes, int), **others)
    plan = cases.plan(problem)
    assert check_cases(problem, plan) == ()
    return plan


def test_a_last_case_over_half_wanted_is_ordered_and_its_rest_forced_on_nobody() -> None:
    plan = order(MILK)
    assert (plan.cases, plan.last_case_taken, plan.spare) == (2, 7, 5)
    assert plan.got.tolist() == MILK
    assert str(plan.summary()) == (
        "2 cases of 12 for 19 wanted. Of the last case 7 taken, 5 to spare: offer them."
    )
    assert str(plan.reason(2)) == "You asked for 3 and get all of it."


def test_a_last_case_under_half_wanted_is_not_ordered_and_its_lack_is_shared() -> None:
    plan = order([*MILK[:-2], 2], weights=[1, 2, 3, 1, 2, 4, 2])  # 16 wanted: 4 in the last case
    assert (plan.cases, plan.last_case_taken, plan.spare, plan.missing) == (1, 12, 0, 4)
    # 12 for 15 heads: 0.8 a head, so 0.8, 1.6, 2.4, 0.8, 1.6, 3.2, 1.6; the last two of four odd bottles
    # are drawn among the three households that 0.6 is cut off.
    assert plan.got[[0, 2, 3, 5]].tolist() == [1, 2, 1, 3]
    assert sorted(plan.got[[1, 4, 6]]) == [1, 2, 2]
    assert str(plan.summary()) == "1 case of 12 for 16 wanted. Missing: 4."


def test_who_goes_short_is_told_how_many_cases_came_and_what_is_credited() -> None:
    plan = order([4, 4, 8], last_case=cases.DOWN)
    assert plan.got.tolist() == [4, 4, 4]
    assert str(plan.reason(2)) == (
        "1 case of 12 for 16 wanted. You asked for 8; stock 12 for 16 wanted; shared equally: 4."
    )
    assert str(plan.reason(0)) == "You asked for 4 and get all of it."


def test_latecomers_do_not_go_without() -> None:
    """First come, first served is what foodsoft #764 complains of: the last in the list had nothing."""
    plan = order([3] * 8, case_size=8, cases_available=1)
    assert plan.got.tolist() == [1] * 8


@pytest.mark.parametrize(
    ("last_case", "ordered"),
    [(cases.UP, 1), (Fraction(1, 4), 1), (Fraction(1, 3), 0), (cases.NEAREST, 0), (cases.DOWN, 0)],
)
def test_the_stated_part_of_the_last_case_decides(last_case: Fraction, ordered: int) -> None:
    assert order([3], last_case=last_case).cases == ordered


def test_tolerance_fills_the_case_and_is_shared_among_those_who_offered_it() -> None:
    # 10 wanted in a case of 12; three would take up to 2 more: 2 extras over 3 households.
    plan = order([4, 3, 3], last_case=cases.DOWN, tolerances=[2, 2, 2], weights=[1, 3, 3])
    assert (plan.cases, plan.spare) == (1, 0)
    assert plan.extra.tolist() == [0, 1, 1]
    assert plan.got.tolist() == [4, 4, 4]
    assert str(plan.reason(1)) == "You asked for 3 and would take more; to fill the case you get 1 more: 4."
    assert str(plan.summary()) == "1 case of 12 for 10 wanted. All are taken."


def test_without_enough_tolerance_full_cases_only_stay_full() -> None:
    plan = order([4, 3, 3], last_case=cases.DOWN, tolerances=[1, 0, 0])
    assert plan.cases == 0
    assert plan.got.tolist() == [0, 0, 0]
    assert str(plan.reason(0)) == (
        "0 cases of 12 for 10 wanted. You asked for 4; stock 0 for 10 wanted; shared equally: 0."
    )


def test_an_extra_neither_passes_the_limit_nor_reaches_who_asked_for_none() -> None:
    plan = order([3, 2, 0], case_size=6, tolerances=[5, 5, 5], limits=[3, 3, 3])
    assert plan.extra.tolist() == [0, 1, 0]
    assert plan.spare == 0


def test_more_tolerance_does_not_order_another_case() -> None:
    assert order([12], tolerances=[50]).cases == 1


def test_what_rounding_took_is_carried_to_the_next_delivery() -> None:
    first = order([2, 2, 2, 2, 2], case_size=4, last_case=cases.DOWN)  # 8 bottles for 10
    second = order([2, 2, 2, 2, 2], case_size=4, last_case=cases.DOWN, credits=first.credit_after)
    assert first.credit_after.sum() == 0
    behind = first.got == 1
    assert (second.got[behind] == 2).all()


@pytest.mark.parametrize(
    ("figures", "what"),
    [
        ({"case_size": 0}, "A case holds 0."),
        ({"last_case": Fraction(3, 2)}, "from 3/2 of it on"),
        ({"cases_available": -1}, "There are -1 cases."),
        ({"tolerances": [1, 1]}, "There are 2 tolerances for 1 households."),
        ({"wishes": [-1]}, "Number 1 of the wishes is -1."),
    ],
)
def test_broken_figures_are_refused_with_a_remedy(figures: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError, match=what) as refused:
        cases.Problem(**{"case_size": 12, "wishes": [1], **figures})
    assert str(refused.value.remedy)


@st.composite
def problems(draw: st.DrawFn) -> cases.Problem:
    n = draw(st.integers(0, 10))

    def column(lowest: int, highest: int) -> np.ndarray:
        return np.array(draw(st.lists(st.integers(lowest, highest), min_size=n, max_size=n)), int)

    return cases.Problem(
        case_size=draw(st.integers(1, 12)),
        wishes=column(0, 6),
        last_case=draw(st.sampled_from([cases.UP, Fraction(1, 3), cases.NEAREST, cases.DOWN])),
        cases_available=draw(st.none() | st.integers(0, 6)),
        tolerances=draw(st.none() | st.just(column(0, 4))),
        weights=draw(st.none() | st.just(column(0, 5))),
        limits=draw(st.none() | st.just(column(0, 7))),
        credits=draw(st.none() | st.just(column(-MILLION, MILLION))),
    )


@given(problems(), st.integers(0, 3))
def test_every_plan_passes_the_independent_check(problem: cases.Problem, seed: int) -> None:
    assert check_cases(problem, cases.plan(problem, seed=seed)) == ()


@given(problems())
def test_each_bottle_is_accounted_for_and_nobody_has_more_than_offered_to_take(
    problem: cases.Problem,
) -> None:
    plan = cases.plan(problem)
    assert plan.cases * problem.case_size == plan.got.sum() + plan.spare
    assert 0 <= plan.spare < problem.case_size
    tolerances = 0 if problem.tolerances is None else problem.tolerances
    assert (plan.got <= problem.wishes + tolerances).all()
    if problem.limits is not None:
        assert (plan.got <= problem.limits).all()
    assert plan.missing == 0 or plan.spare == 0


@given(problems())
def test_a_step_is_never_taken_for_having_asked_late(problem: cases.Problem) -> None:
    """Alike households get alike, to a step, wherever they stand in the list."""
    alike = cases.Problem(
        problem.case_size, np.full(len(problem), 3), problem.last_case, problem.cases_available
    )
    got = cases.plan(alike).got
    assert not got.size or got.max() - got.min() <= 1


@given(problems())
def test_every_household_has_its_reason_and_the_liaison_the_summary(problem: cases.Problem) -> None:
    plan = cases.plan(problem)
    for i in range(len(problem)):
        said = str(plan.reason(i))
        wish = int(problem.wishes[i])
        assert said.count(f"You asked for {wish or 'nothing'}") == 1
        assert wish == 0 or plan.got[i] == wish or said.count(f": {plan.got[i]}.") == 1
    said = str(plan.summary())
    assert ("Missing" in said) == (plan.missing > 0)
    assert ("spare" in said) == (plan.spare > 0)
