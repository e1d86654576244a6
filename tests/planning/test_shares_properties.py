"""What holds for every sharing, however many households, wishes, limits and earlier rounds."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.planning import shares
from lastmetre.planning.checks import check_shares
from lastmetre.planning.shares import MILLION


@st.composite
def problems(draw: st.DrawFn, households: int = 12, most: int = 12) -> shares.Problem:
    n = draw(st.integers(0, households))

    def column(lowest: int, highest: int) -> np.ndarray:
        return np.array(draw(st.lists(st.integers(lowest, highest), min_size=n, max_size=n)), int)

    return shares.Problem(
        draw(st.integers(0, n * most)),
        column(0, most),
        weights=draw(st.none() | st.just(column(0, 6))),
        limits=draw(st.none() | st.just(column(0, most))),
        credits=draw(st.none() | st.just(column(-2 * MILLION, 2 * MILLION))),
    )


def level_by_raising(problem: shares.Problem) -> list[Fraction]:
    """Raise all who are not full alike until somebody is or the stock is used up: slow and plain."""
    caps, heads = problem.caps.tolist(), problem.heads.tolist()
    filled = [Fraction(0)] * len(caps)
    left = Fraction(problem.stock)
    while left and (thirsty := [i for i, cap in enumerate(caps) if filled[i] < cap]):
        rise = min(
            *((caps[i] - filled[i]) / heads[i] for i in thirsty), left / sum(heads[i] for i in thirsty)
        )
        for i in thirsty:
            filled[i] += rise * heads[i]
        left -= rise * sum(heads[i] for i in thirsty)
    return filled


@given(problems(), st.integers(0, 3))
def test_every_plan_passes_the_independent_check(problem: shares.Problem, seed: int) -> None:
    assert check_shares(problem, shares.plan(problem, seed=seed)) == ()


@given(problems())
def test_the_fair_level_is_the_one_found_by_raising_all_step_by_step(problem: shares.Problem) -> None:
    plan = shares.plan(problem)
    assert [plan.fair(i) for i in range(len(problem))] == level_by_raising(problem)


@given(problems())
def test_credits_change_by_what_rounding_took_or_gave(problem: shares.Problem) -> None:
    plan = shares.plan(problem)
    for i in range(len(problem)):
        owed = (plan.fair(i) - int(plan.got[i])) * MILLION
        assert abs(int(plan.credit_after[i] - problem.carried[i]) - owed) <= 1


@given(problems(households=5, most=3))
def test_no_other_whole_sharing_is_nearer_to_the_fair_one(problem: shares.Problem) -> None:
    """Brute force: of all ways to hand out whole steps none is closer to fair shares and credits."""
    plan = shares.plan(problem)
    fair = [plan.fair(i) for i in range(len(problem))]
    claims = [
        share + Fraction(int(credit), MILLION) for share, credit in zip(fair, problem.carried, strict=True)
    ]

    def distance(got: tuple[int, ...]) -> Fraction:
        return sum(((claim - steps) ** 2 for claim, steps in zip(claims, got, strict=True)), Fraction(0))

    rounded = (range(int(share), int(-(-share // 1)) + 1) for share in fair)
    best = min(distance(got) for got in product(*rounded) if sum(got) == sum(fair))
    slack = Fraction(len(problem), MILLION)  # remainders are compared in millionths
    assert distance(tuple(plan.got.tolist())) <= best + slack


@given(problems(households=5, most=3))
def test_among_alike_households_nobody_can_be_better_off_without_one_worse_off(
    problem: shares.Problem,
) -> None:
    """Brute force: no whole sharing gives the worst off more, then the next..."""
    problem = shares.Problem(problem.stock, problem.wishes, limits=problem.limits)
    plan = shares.plan(problem)
    every = product(*(range(int(cap) + 1) for cap in problem.caps))
    best = max((sorted(got) for got in every if sum(got) == plan.got.sum()), default=[])
    assert sorted(plan.got.tolist()) == best


@given(problems(), st.integers(0, 99))
def test_the_order_of_the_list_settles_nothing_but_ties(problem: shares.Problem, shuffle: int) -> None:
    order = np.random.default_rng(shuffle).permutation(len(problem))
    columns = {
        name: None if (values := getattr(problem, name)) is None else values[order]
        for name in ("wishes", "weights", "limits", "credits")
    }
    plan, mixed = shares.plan(problem), shares.plan(shares.Problem(problem.stock, **columns))
    for place, household in enumerate(order):
        assert mixed.fair(place) == plan.fair(household)

    def handed(one: shares.Plan) -> list[tuple[object, ...]]:
        return sorted(
            (one.fair(i), *(int(column[i]) for column in (one.problem.heads, one.problem.carried, one.got)))
            for i in range(len(problem))
        )

    # Households of one claim and size may swap by lot; what each such group gets stays.
    assert handed(mixed) == handed(plan)


@given(problems(), st.integers(1, 5))
def test_more_stock_takes_from_nobody_before_rounding_and_at_most_one_step_after(
    problem: shares.Problem, more: int
) -> None:
    richer = shares.Problem(
        problem.stock + more, problem.wishes, problem.weights, problem.limits, problem.credits
    )
    before, after = shares.plan(problem), shares.plan(richer)
    assert all(after.fair(i) >= before.fair(i) for i in range(len(problem)))
    assert (after.got >= before.got - 1).all()
    assert after.got.sum() >= before.got.sum()


@given(problems(), st.integers(1, 5))
def test_among_alike_households_more_stock_takes_from_nobody_at_all(
    problem: shares.Problem, more: int
) -> None:
    alike = {"limits": problem.limits, "credits": problem.credits}
    before = shares.plan(shares.Problem(problem.stock, problem.wishes, **alike))
    after = shares.plan(shares.Problem(problem.stock + more, problem.wishes, **alike))
    assert (after.got >= before.got).all()


@given(problems())
def test_asking_for_more_never_brings_less(problem: shares.Problem) -> None:
    greedy = problem.wishes.copy()
    greedy[:1] += 3
    asked = shares.Problem(problem.stock, greedy, problem.weights, problem.limits, problem.credits)
    before, after = shares.plan(problem), shares.plan(asked)
    if len(problem):
        assert after.fair(0) >= before.fair(0)


@given(problems())
def test_every_household_has_its_reason(problem: shares.Problem) -> None:
    plan = shares.plan(problem)
    for i in range(len(problem)):
        said = str(plan.reason(i))
        if problem.wishes[i] == 0:
            assert said == "You asked for nothing."
        elif plan.got[i] == problem.wishes[i] == plan.fair(i):
            assert said == f"You asked for {problem.wishes[i]} and get all of it."
        else:
            assert f"household: {plan.got[i]}." in said or f"stock {problem.stock} for" in said


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_over_many_rounds_nobody_stays_behind(seed: int) -> None:
    """Households come and go, stock and wishes change: credits do not run away (docs/planning/shares.md)."""
    draw = np.random.default_rng(seed)
    heads = draw.integers(1, 6, 60)
    credits, fair, got = np.zeros(60, int), np.zeros(60), np.zeros(60)
    for turn in range(300):
        wishes = draw.integers(1, 9, 60) * (draw.random(60) < draw.random())
        stock = int(draw.integers(0, wishes.sum() + 1))
        plan = shares.plan(shares.Problem(stock, wishes, heads, credits=credits), seed=turn)
        credits = plan.credit_after
        fair += [float(plan.fair(i)) for i in range(60)]
        got += plan.got
    assert np.abs(fair - got).max() < 2


def test_three_hundred_thousand_households_pass_the_check() -> None:
    draw = np.random.default_rng(7)
    n = 300_000
    problem = shares.Problem(
        stock=n,
        wishes=draw.integers(0, 7, n),
        weights=draw.integers(0, 7, n),
        limits=np.full(n, 5),
        credits=draw.integers(-MILLION, MILLION, n),
    )
    assert check_shares(problem, shares.plan(problem, seed=3)) == ()
