"""The polish of zonings without backups: never dearer, within every limit, as cheap as by trying everything."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.planning.zoning import NOBODY, Plan, Problem, plan
from lastmetre.planning.zoning.check import check_zoning
from lastmetre.planning.zoning.field import field_of
from lastmetre.planning.zoning.polish import COUNTS_AS, Polish


def town(seed: int, compounds: int = 6, suppliers: int = 3, kinds: int = 1, room: float = 1.4) -> Problem:
    draw = np.random.default_rng(seed)
    demand = draw.integers(5, 25, (compounds, suppliers, kinds))
    return Problem(
        demand,
        (demand.mean(axis=1).sum(axis=0) * room / suppliers).astype(int)[None].repeat(suppliers, axis=0),
        draw.integers(10, 50, (compounds, suppliers)) * 1000,
        np.ones(compounds, int),
        fixed=np.full((compounds, 2), NOBODY),
        backups=False,
    )


def begun(problem: Problem, serves: list[int] | None = None, seed: int = 0) -> Polish:
    """Begin with these suppliers, or with nobody served, at prices of nothing."""
    assert problem.fixed is not None
    field = field_of(problem, problem.fixed)
    nobody = [problem.suppliers] * len(problem)
    return Polish(field, np.zeros(problem.capacity.shape), np.array(serves or nobody, np.int64), seed)


def cost(problem: Problem, polish: Polish) -> float:
    """Add up the cost, nobody counted as the search counts it."""
    assert problem.fixed is not None
    field = field_of(problem, problem.fixed)
    return float(field.cost[0, np.arange(len(problem)), polish.serves].sum())


def faults(problem: Problem, polish: Polish) -> tuple[object, ...]:
    primary = np.where(polish.serves == problem.suppliers, NOBODY, polish.serves)
    served = np.flatnonzero(primary != NOBODY)
    whole = float(problem.costs()[served, primary[served]].sum())
    made = Plan(primary, np.full(len(problem), NOBODY), whole, 0.0, 0, 0)
    return tuple(check_zoning(problem, made))


def test_by_hand_two_change_places_that_neither_could_leave_alone() -> None:
    # Each supplier has room for one; both compounds live beside the other's.
    problem = replace(
        town(0, 2, 2), demand=[[[9], [9]], [[9], [9]]], capacity=[[9], [9]], distances_m=[[9, 1], [1, 9]]
    )
    polish = begun(problem, [0, 1])
    polish.step(np.inf)
    assert polish.serves.tolist() == [1, 0]


@pytest.mark.parametrize("seed", range(4))
def test_a_small_town_becomes_as_cheap_as_by_trying_everything(seed: int) -> None:
    problem = town(seed, room=1.6)
    use, rows = problem.use(), np.arange(6)
    best = min(
        problem.costs()[rows, list(choice)].sum()
        for choice in product(range(3), repeat=6)
        if all((use[np.array(choice) == s, s].sum(axis=0) <= problem.capacity[s]).all() for s in range(3))
    )
    polish = begun(problem)
    for _ in range(60):
        polish.step(np.inf)
    assert cost(problem, polish) == best
    assert faults(problem, polish) == ()


@given(
    seed=st.integers(0, 2**20),
    suppliers=st.sampled_from([5, 16]),  # with more than the first step frees, two groups are solved at once
    kinds=st.integers(1, 3),
    room=st.sampled_from([0.0, 0.6, 1.4]),
)
def test_no_step_makes_a_plan_dearer_or_breaks_a_limit_or_a_fixed_choice(
    seed: int, suppliers: int, kinds: int, room: float
) -> None:
    draw, many = np.random.default_rng(seed), 12 if suppliers == 5 else 40
    fixed = np.full((many, 2), NOBODY)
    fixed[draw.integers(many), 0] = 1
    problem = replace(
        town(seed, many, suppliers, kinds, room),
        fixed=fixed,
        closed=draw.random(suppliers) < 0.2,
        allowed=draw.random((many, suppliers)) < 0.8,
    )
    polish, before = begun(problem, seed=seed), np.inf
    for _ in range(5):
        polish.step(np.inf)
        assert faults(problem, polish) == ()
        assert cost(problem, polish) <= before
        before = cost(problem, polish)


def test_the_same_seed_and_iterations_give_the_same_plan_and_polishing_stops_when_told() -> None:
    problem = town(5, 120, 12)
    one, two = (plan(problem, seed=4, iterations=2 * COUNTS_AS) for _ in range(2))
    assert one.primary.tolist() == two.primary.tolist()
    assert one.iterations == two.iterations > COUNTS_AS
    assert check_zoning(problem, one) == ()
    assert one.notes == ()
    looks: list[float] = []
    stopped = plan(
        problem, iterations=200 * COUNTS_AS, progress=looks.append, cancelled=lambda: len(looks) > 60
    )
    assert stopped.iterations < 10 * COUNTS_AS
    assert check_zoning(problem, stopped) == ()
