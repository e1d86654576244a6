"""What holds for every loading: no compartment over its limits, last off first on, nothing left that fits."""

from hypothesis import given
from hypothesis import strategies as st

from lastmetre.planning.loading import Item, Problem, Room, Stop, Temperature, Vehicle, plan
from lastmetre.planning.loading.check import check

KINDS = tuple(Temperature)


@st.composite
def vehicles(draw: st.DrawFn) -> Vehicle:
    kinds = draw(st.permutations(KINDS))
    cuts = draw(st.sampled_from([(3,), (1, 3), (2, 3), (1, 2), (1,), ()]))
    rooms, begin = [], 0
    for end in cuts:
        kept = frozenset(kinds[begin:end])
        rooms.append(Room(draw(st.integers(0, 30)), draw(st.integers(0, 30)), kept))
        begin = end
    return Vehicle(tuple(rooms), draw(st.integers(0, 50)))


@st.composite
def docks(draw: st.DrawFn) -> Problem:
    fleet = draw(st.lists(vehicles(), max_size=4))
    fixed = st.none() | st.integers(0, len(fleet) - 1) if fleet else st.none()
    stops = draw(
        st.lists(st.builds(Stop, st.integers(0, 3), fixed, st.integers(0, 1)), min_size=1, max_size=5)
    )
    item = st.builds(
        Item, st.integers(0, len(stops) - 1), st.integers(0, 12), st.integers(0, 12), st.sampled_from(KINDS)
    )
    return Problem(tuple(fleet), tuple(stops), tuple(draw(st.lists(item, max_size=14))))


@given(problem=docks(), seed=st.integers(0, 5))
def test_no_loading_breaks_a_limit_and_whatever_stays_behind_has_its_reason(
    problem: Problem, seed: int
) -> None:
    assert check(problem, plan(problem, seed=seed, iterations=40)) == ()
