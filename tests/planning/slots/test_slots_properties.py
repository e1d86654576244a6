"""What holds for every day at the gates: no place over its room, nothing outside its hours, a reason for each."""

from hypothesis import given
from hypothesis import strategies as st

from lastmetre.planning.slots import Place, Problem, Tour, Use, Visit, plan
from lastmetre.planning.slots.check import check

MINUTE = st.integers(0, 90)


@st.composite
def windows(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    return tuple(tuple(sorted((draw(MINUTE), draw(MINUTE)))) for _ in range(draw(st.integers(1, 2))))  # type: ignore[misc]


@st.composite
def days(draw: st.DrawFn) -> Problem:
    places = draw(
        st.lists(
            st.builds(Place, st.integers(0, 3), windows(), st.sampled_from([1, 1, 5])), min_size=1, max_size=3
        )
    )
    use = st.builds(
        Use, st.integers(0, len(places) - 1), st.integers(0, 20), st.integers(0, 9), st.integers(0, 2)
    )
    visit = st.builds(
        Visit,
        st.lists(use, max_size=2, unique_by=lambda one: one.place).map(tuple),
        st.integers(0, 9),
        st.integers(0, 9),
        windows(),
        st.none() | MINUTE,
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from([None, None, None, 10, 20]),
    )
    tour = st.builds(
        Tour,
        st.lists(visit, max_size=3).map(tuple),
        st.integers(0, 40),
        st.integers(0, 120),
        st.integers(0, 3),
    )
    return Problem(tuple(places), tuple(draw(st.lists(tour, max_size=5))))


@given(problem=days(), seed=st.integers(0, 5))
def test_no_slot_breaks_a_limit_and_each_visit_without_one_has_its_reason(
    problem: Problem, seed: int
) -> None:
    assert check(problem, plan(problem, seed=seed, iterations=100)) == ()
