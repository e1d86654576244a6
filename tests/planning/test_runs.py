"""A row is cut into the fewest runs that fit, in its order."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.planning.runs import Size, evenly, fewest

ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9)
LIMITS = st.tuples(st.integers(9, 20), st.integers(9, 20))


@pytest.mark.parametrize(
    ("sizes", "runs"),
    [
        ([], []),
        ([(5,), (5,)], [range(2)]),
        ([(6,), (5,), (5,)], [range(1), range(1, 3)]),
        ([(3,), (99,), (3,)], [range(1), range(1, 2), range(2, 3)]),
    ],
)
def test_hand_solved(sizes: list[Size], runs: list[range]) -> None:
    assert fewest(sizes, (10,)) == runs


def test_even_runs_are_as_alike_as_they_can_be() -> None:
    sizes = [(1,)] * 12
    assert [len(run) for run in fewest(sizes, (10,))] == [10, 2]
    assert [len(run) for run in evenly(sizes, (10,))] == [6, 6]


@given(ROWS, LIMITS)
def test_the_row_stays_whole_and_every_run_fits(sizes: list[Size], limits: Size) -> None:
    for runs in (fewest(sizes, limits), evenly(sizes, limits)):
        assert [place for run in runs for place in run] == list(range(len(sizes)))
        for run in runs:
            used = [sum(column) for column in zip(*sizes[run.start : run.stop], strict=True)]
            assert used[0] <= limits[0]
            assert used[1] <= limits[1]


@given(ROWS, LIMITS)
def test_no_way_to_cut_needs_fewer_runs(sizes: list[Size], limits: Size) -> None:
    def fits(cuts: tuple[int, ...]) -> bool:
        return all(
            sum(size[k] for size in sizes[start:end]) <= limits[k]
            for start, end in pairwise((0, *cuts, len(sizes)))
            for k in range(2)
        )

    best = next(
        (cuts + 1 for cuts in range(len(sizes)) if any(map(fits, combinations(range(1, len(sizes)), cuts)))),
        0,
    )
    assert len(fewest(sizes, limits)) == len(evenly(sizes, limits)) == best
