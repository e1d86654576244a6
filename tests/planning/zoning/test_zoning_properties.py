"""What holds for every town: nobody over capacity in any single failure, nothing that is not allowed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.planning.zoning import NOBODY, Problem, plan
from lastmetre.planning.zoning.check import check_zoning


@st.composite
def towns(draw: st.DrawFn) -> Problem:
    compounds, suppliers, kinds = draw(st.integers(1, 7)), draw(st.integers(1, 5)), draw(st.integers(1, 3))
    lots = np.random.default_rng(draw(st.integers(0, 2**20)))
    most = draw(st.sampled_from([0, 10, 40, 200]))

    def pairs() -> np.ndarray:
        made = lots.integers(NOBODY, suppliers, (compounds, 2))
        made[made[:, 0] == made[:, 1]] = NOBODY
        return made

    return Problem(
        demand=lots.integers(
            0, 20, draw(st.sampled_from([(compounds, kinds), (compounds, suppliers, kinds)]))
        ),
        capacity=lots.integers(0, most + 1, (suppliers, kinds)),
        distances_m=lots.integers(0, 9_000, (compounds, suppliers)),
        people=lots.integers(0, 900, compounds),
        emergency=draw(st.none() | st.just(lots.integers(0, most * 2 + 1, (suppliers, kinds)))),
        risk_m=draw(st.none() | st.just(lots.integers(0, 5_000, suppliers))),
        allowed=draw(st.none() | st.just(lots.random((compounds, suppliers)) < 0.8)),
        closed=draw(st.none() | st.just(lots.random(suppliers) < 0.2)),
        area=draw(st.none() | st.just(lots.integers(0, 3, compounds))),
        group=draw(st.none() | st.just(lots.integers(0, 2, suppliers))),
        fixed=draw(st.none() | st.just(pairs())),
        current=draw(st.none() | st.just(pairs())),
        backups=draw(st.booleans()),
    )


@given(problem=towns(), seed=st.integers(0, 5))
def test_no_plan_breaks_a_limit_and_whoever_lacks_somebody_is_named(problem: Problem, seed: int) -> None:
    made = plan(problem, seed=seed, iterations=10_000)
    assert check_zoning(problem, made) == ()
    lacks = (made.primary == NOBODY) | ((made.backup == NOBODY) & problem.backups)
    assert len(made.notes) == int(lacks.sum())
    if not made.notes:
        assert made.bound <= made.cost + 1e-6
