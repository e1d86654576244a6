"""A district runs short: nobody can be raised without lowering somebody who is no better off, and it is proved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lastmetre.planning import quotas, shares
from lastmetre.planning.checks import check_shares
from lastmetre.planning.quotas.check import check_quotas
from lastmetre.planning.quotas.inside import share_inside
from lastmetre.planning.quotas.terms import Plan, Prices, Problem
from lastmetre.terms import InputError

RICE, NOODLES = 0, 1


def problem(**changed: Any) -> Problem:
    """Two zones of one class: 60 and 40 sacks of rice wished, 50 there; 20 boxes of noodles wished, 60 there."""
    given: dict[str, Any] = {
        "wishes": [[[60, 10]], [[40, 10]]],
        "stock": [50, 60],
        "per_unit": [[1000, 0], [0, 1000]],
        "category": [RICE, NOODLES],
    }
    return Problem(**(given | changed))


def got(plan: Plan) -> list[float]:
    return [round(each, 6) for each in plan.fair.tolist()]


def test_without_stand_ins_each_category_is_shared_alone() -> None:
    plan = quotas.plan(problem())
    assert got(plan) == [30, 10, 20, 10], "rice: half of every wish; noodles: all"
    assert [plan.quota(zone, 0) for zone in (0, 1)] == [{0: 30, 1: 10}, {0: 20, 1: 10}]
    assert str(plan.reason(0, 0, RICE)) == (
        "60 were asked for: 30 of it. Everybody who depends on the same lots gets 50 % of the wish, as whole"
        " units allow."
    )
    assert str(plan.reason(0, 0, NOODLES)) == "10 were asked for and all of it is there."
    assert check_quotas(plan.problem, plan) == ()


def test_what_is_there_stands_in_for_what_is_short() -> None:
    """Two boxes of noodles stand for a sack of rice: 40 boxes make 20 sacks, 14 are eaten as noodles."""
    plan = quotas.plan(problem(stock=[50, 54], per_unit=[[1000, 0], [2000, 1000]]))
    assert got(plan) == [42, 7, 28, 7], "everybody has 70 % of every wish"
    assert int(plan.units[plan.lot == NOODLES].sum()) == 54
    assert "of what stands in for it" in str(plan.reason(0, 0, RICE)) + str(plan.reason(1, 0, RICE))
    assert check_quotas(plan.problem, plan) == ()


def test_a_zone_that_takes_no_stand_ins_has_the_more_of_its_own() -> None:
    """The second zone takes none: it gets its rice, the first zone the noodles, and both stand alike."""
    plan = quotas.plan(
        problem(per_unit=[[1000, 0], [1000, 1000]], accepted=[[[60, 0]], [[0, 0]]], stock=[50, 34])
    )
    assert got(plan) == [42, 7, 28, 7]
    assert plan.quota(1, 0) == {RICE: 28, NOODLES: 7}
    assert check_quotas(plan.problem, plan) == ()


def test_who_is_reached_by_less_gets_less_and_nobody_else_suffers() -> None:
    """A second lot reaches the second zone only: that zone leaves the first lot to the others."""
    plan = quotas.plan(
        Problem(
            wishes=[[[60]], [[40]], [[30]]],
            stock=[45, 30],
            per_unit=[[1000], [1000]],
            category=[0, 0],
            reach=np.array([[1, 1, 1], [0, 1, 0]], bool),
        )
    )
    assert got(plan) == [30, 30, 15]
    assert [round(one.level, 6) for one in plan.bottlenecks] == [0.5, 0.75]
    assert check_quotas(plan.problem, plan) == ()


def test_people_count_and_small_wishes_are_filled_first() -> None:
    plan = quotas.plan(
        Problem(
            wishes=[[[5]], [[90]], [[90]]],
            stock=[65],
            per_unit=[[1000]],
            category=[0],
            weights=[[[10]], [[10]], [[20]]],
        )
    )
    assert got(plan) == [5, 20, 40]
    assert "2 a head" in str(plan.reason(1, 0, 0))


def test_classes_of_an_earlier_rank_have_their_wishes_first() -> None:
    wishes = [[[10], [50]], [[20], [50]]]
    plan = quotas.plan(Problem(wishes=wishes, stock=[40], per_unit=[[1000]], category=[0], rank=[0, 1]))
    assert got(plan) == [10, 5, 20, 5]
    plan = quotas.plan(Problem(wishes=wishes, stock=[15], per_unit=[[1000]], category=[0], rank=[0, 1]))
    assert got(plan) == [5, 0, 10, 0]
    assert str(plan.reason(0, 1, 0)) == "50 were asked for; nothing that could serve it is left."
    assert check_quotas(plan.problem, plan) == ()


def test_of_equally_fair_plans_the_shortest_ways_are_taken() -> None:
    plan = quotas.plan(
        Problem(
            wishes=[[[10]], [[10]]],
            stock=[10, 10],
            per_unit=[[1000]] * 2,
            category=[0, 0],
            ways_m=[[9000, 1000], [1000, 9000]],
        )
    )
    assert plan.quota(0, 0) == {1: 10}


def test_odd_units_go_in_turns() -> None:
    """One sack for two zones that wish one each: what the first round takes, the second gives back."""
    credit, had = None, np.zeros(2, int)
    for _round in range(4):
        plan = quotas.plan(
            Problem(wishes=[[[1]], [[1]]], stock=[1], per_unit=[[1000]], category=[0], credits=credit)
        )
        had += [sum(plan.quota(zone, 0).values()) for zone in (0, 1)]
        credit = plan.credit_after
        assert check_quotas(plan.problem, plan) == ()
    assert had.tolist() == [2, 2]


def test_households_share_their_zones_quota_with_stand_ins_for_who_takes_them() -> None:
    plan = quotas.plan(
        problem(stock=[50, 54], per_unit=[[1000, 0], [2000, 1000]], wishes=[[[60, 20]], [[0, 0]]])
    )
    homes = shares.Problem(stock=0, wishes=np.full(20, 3), weights=np.ones(20, int))
    inside = share_inside(plan, 0, homes, takes=np.arange(20) % 2)
    assert check_shares(inside.own.problem, inside.own) == ()
    (lot, instead), *_ = inside.instead
    assert lot == NOODLES
    assert not instead.got[::2].any()
    assert (instead.got % 2 == 0).all(), "two boxes for each sack"
    assert (inside.own.got + instead.got // 2 <= 3).all()
    assert int(inside.own.got.sum()) == int(plan.units[(plan.lot == RICE) & (plan.claim == 0)].sum())


@pytest.mark.parametrize(
    "wrong",
    [
        {"stock": [50]},
        {"stock": [50, -1]},
        {"wishes": [[60, 10], [40, 10]]},
        {"wishes": [[[0.5, 10]], [[40, 10]]]},
        {"category": [0, 2]},
        {"reach": np.ones((1, 2), bool)},
    ],
)
def test_a_broken_table_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        problem(**wrong)


def test_nothing_to_share_and_nobody_to_share_with() -> None:
    assert got(quotas.plan(problem(stock=[0, 0]))) == [0, 0, 0, 0]
    assert got(quotas.plan(problem(wishes=np.zeros((2, 1, 2), int)))) == [0, 0, 0, 0]
    empty = Problem(wishes=np.zeros((0, 1, 1), int), stock=[], per_unit=np.zeros((0, 1), int), category=[])
    assert quotas.plan(empty).units.size == 0


def test_a_budget_of_nothing_still_gives_a_plan_that_says_it_is_not_proved() -> None:
    plan = quotas.plan(town(3), seconds=0)
    assert not plan.is_proved
    assert check_quotas(plan.problem, plan) == ()
    assert plan.fair.sum() > 0
    stopped = quotas.plan(town(3), cancelled=lambda: True)
    assert (stopped.units == plan.units).all()


def test_the_check_finds_a_plan_that_is_not_fair() -> None:
    plan = quotas.plan(town(3))
    assert check_quotas(plan.problem, plan) == ()
    one = plan.bottlenecks[0]
    free = replace(one, prices=Prices(one.prices.need, one.prices.lot * 0, one.prices.accepted))
    for wrong in (
        replace(plan, bottlenecks=plan.bottlenecks[1:]),
        replace(plan, bottlenecks=(free, *plan.bottlenecks[1:])),
        replace(plan, fair=plan.fair * 0.9),
        replace(plan, units=plan.units + 1),
        replace(plan, lot=(plan.lot + 1) % len(plan.problem.stock)),
        replace(plan, bottlenecks=(replace(one, level=one.level / 2), *plan.bottlenecks[1:])),
    ):
        assert check_quotas(plan.problem, wrong) != ()


def town(seed: int, zones: int = 6, classes: int = 2, kinds: int = 3, shops: int = 3) -> Problem:
    """Zones that two shops can reach, with what the one category has too little of in the next."""
    draw = np.random.default_rng(seed)
    lots, category = shops * kinds, np.tile(np.arange(kinds), shops)
    per_unit = np.zeros((lots, kinds), int)
    per_unit[np.arange(lots), category] = 1000
    per_unit[np.arange(lots), (category + 1) % kinds] = draw.integers(0, 3, lots) * 700
    wishes = draw.integers(0, 40, (zones, classes, kinds))
    reach = np.repeat(draw.random((shops, zones)) < 0.7, kinds, axis=0)
    return Problem(
        wishes=wishes,
        stock=draw.integers(0, 60, lots),
        per_unit=per_unit,
        category=category,
        weights=draw.integers(0, 30, wishes.shape),
        reach=reach,
        accepted=wishes // 2 if seed % 2 else None,
        rank=np.arange(classes) if seed % 3 == 0 else None,
    )


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_every_plan_is_proved_and_the_same_again(seed: int) -> None:
    plan = quotas.plan(town(seed))
    assert plan.is_proved
    assert check_quotas(plan.problem, plan) == ()
    assert (quotas.plan(town(seed)).units == plan.units).all()


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_small_districts_are_shared_as_by_raising_one_after_the_other(seed: int) -> None:
    asked = town(seed, zones=3, classes=1, kinds=2, shops=2)
    fair = quotas.plan(asked).fair
    np.testing.assert_allclose(np.sort(fair / asked.heads), np.sort(_one_by_one(asked)), atol=1e-4)


def _one_by_one(asked: Problem) -> Any:
    """Raise all to a level, try for each whether it could be higher, fix those that cannot: no prices."""
    ways, caps = asked.ways(), asked.wishes.ravel().astype(float)
    levels, free = np.zeros(len(asked)), set(np.flatnonzero(caps).tolist())

    def best(level_of: dict[int, float], rising: set[int]) -> float:
        """Return the highest common level of some claims while the others keep theirs."""
        size, rows, bounds = ways.lot.size, [], []
        for claim in range(len(asked)):
            its = ways.need == asked.needs[claim]
            row = np.zeros(size + 1)
            row[:size][its] = -1 / ways.per_unit[its]
            row[size] = asked.heads[claim] if claim in rising else 0
            rows.append(row)
            bounds.append(0 if claim in rising else -level_of.get(claim, 0.0) * asked.heads[claim] + 1e-9)
            if asked.accepted is not None:
                rows.append(-row * np.append(ways.stands_in, 0))
                bounds.append(asked.accepted.ravel()[claim])
        for lot, stock in enumerate(asked.stock):
            rows.append(np.append(ways.lot == lot, 0).astype(float))
            bounds.append(stock)
        top = min(caps[claim] / asked.heads[claim] for claim in rising)
        goal = np.zeros(size + 1)
        goal[size] = -1
        return float(-linprog(goal, A_ub=rows, b_ub=bounds, bounds=[(0, None)] * size + [(0, top)]).fun)

    fixed: dict[int, float] = {}
    while free:
        level = best(fixed, free)
        at = fixed | dict.fromkeys(free, level)
        stuck = {
            one for one in free if best({k: v for k, v in at.items() if k != one}, {one}) <= level + 1e-6
        }
        fixed |= dict.fromkeys(stuck, level)
        free -= stuck
    levels[list(fixed)] = list(fixed.values())
    return levels
