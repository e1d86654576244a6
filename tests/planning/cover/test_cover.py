"""What a point's steward is promised: filled up in time, shared fairly when it is short, a reason when left."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parts.month import front_warehouses, lived

from lastmetre.planning import cover
from lastmetre.planning.cover import Good, Plan, Point, Problem, Warehouse
from lastmetre.planning.cover.check import check_cover
from lastmetre.planning.cover.levels import evenly
from lastmetre.planning.cover.sources import sources
from lastmetre.planning.routing import Distances, Vehicle
from lastmetre.terms import InputError

LORRY = Vehicle(1_000_000, count=1, trips=4, speed=10)
# Two warehouses at the ends of a street of 10 km, three points at 1, 4 and 9 km.
STREET = Distances(np.array([0.0, 10_000, 1_000, 4_000, 9_000]), np.zeros(5))


def street(stock: list[int], **changed: object) -> Problem:
    """One good of 1 kg; each point sells 10 a day, always."""
    count = len(stock)
    made = Problem(
        STREET,
        (Good(1_000, name="rice"),),
        tuple(Point(place) for place in range(2, 2 + count)),
        (Warehouse(0, (LORRY,)), Warehouse(1, (LORRY,))),
        mean=np.full((count, 1), 10.0),
        spread=np.zeros((count, 1)),
        stock=np.array(stock)[:, None],
        available=np.full((2, 1), 1_000),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def planned(problem: Problem, iterations: int = 20) -> Plan:
    plan = cover.plan(problem, iterations=iterations)
    assert check_cover(problem, plan) == ()
    return plan


def brought(problem: Problem) -> list[int]:
    return [int(units) for units in planned(problem).brings[:, 0]]


def test_by_hand_who_would_not_last_is_filled_up_and_who_is_due_next_on_the_way() -> None:
    assert brought(street([9, 20, 20])) == [21, 0, 0]
    assert brought(street([9, 15, 15])) == [21, 0, 0]  # a way of their own is not worth it yet
    assert brought(street([15, 9, 15])) == [15, 21, 0]  # the first lies on the way to the second


def test_goods_that_are_short_last_alike_and_are_named() -> None:
    problem = street([0, 0], mean=[[10.0], [20.0]], available=[[45], [0]], cover_days=3.0)
    plan = planned(problem)
    assert plan.brings[:, 0].tolist() == [15, 30]
    assert [str(note) for note in plan.notes] == ["rice: 45 units less than wanted for 2 points."]


def test_what_sells_unevenly_gets_more_so_that_it_lasts_as_surely() -> None:
    even, uneven = (planned(street([0], spread=[[spread]])).order_up_to[0, 0] for spread in (0.0, 6.0))
    assert (even, uneven) == (30, 49)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"allowed": [[False, False]]}, "No warehouse may serve it"),
        ({"points": (Point(2, needs="A"),)}, "with its pass"),
        ({"available": [[0], [0]]}, "none of what it lacks"),
        ({"goods": (Good(1_000, 1_000),), "points": (Point(2, room_ml=500),)}, "no room for what it lacks"),
        ({"goods": (Good(2_000_000),)}, "more than any vehicle"),
        ({"points": (Point(2, windows=((0, 10),)),)}, "within its windows"),
        (
            {"warehouses": (Warehouse(0, (replace(LORRY, count=0),)), Warehouse(1, ()))},
            "No warehouse may serve it",
        ),
    ],
)
def test_who_gets_nothing_is_named_with_the_reason(changed: dict[str, object], says: str) -> None:
    plan = planned(street([0], **changed))
    assert not plan.brings.any()
    assert [says in str(one.reason) for one in plan.unserved] == [True]


def test_too_few_lorries_go_to_who_has_run_dry_however_far_it_is() -> None:
    lorry = replace(LORRY, weight_g=35_000, trips=1)
    plan = planned(street([5, 5, 0], warehouses=(Warehouse(0, (lorry,)), Warehouse(1, ())), service=0.9))
    assert plan.brings[:, 0].tolist() == [0, 0, 30]
    assert {one.point for one in plan.unserved} == {0, 1}
    assert "lasts 0.5 days" in str(plan.unserved[0].reason)


def test_a_point_that_needs_more_than_a_lorry_has_several_calls() -> None:
    plan = planned(
        street([0], warehouses=(Warehouse(0, (replace(LORRY, weight_g=12_000),)),), available=[[99]])
    )
    assert [load.units for load in plan.rounds[0].loads] == [(12,), (12,), (6,)]
    assert plan.brings[0, 0] == 30


def test_a_point_is_filled_no_further_than_its_room_nor_a_warehouse_emptied_beyond_its_hands() -> None:
    small = street([5], goods=(Good(1_000, 100),), points=(Point(2, room_ml=1_200),))
    assert brought(small) == [7]
    weak = street([0, 0], warehouses=tuple(Warehouse(place, (LORRY,), units_a_day=20) for place in (0, 1)))
    weak = replace(weak, allowed=[[True, False]] * 2)
    assert brought(weak) == [10, 10]


@pytest.mark.parametrize("seed", range(4))
def test_warehouses_are_chosen_as_well_as_by_trying_all(seed: int) -> None:
    draw = np.random.default_rng(seed)
    at = draw.random((8, 2)) * 9_000
    problem = Problem(
        Distances(at[:, 0], at[:, 1]),
        (Good(1), Good(1)),
        tuple(Point(place) for place in range(5)),
        tuple(Warehouse(place, (LORRY,)) for place in (5, 6, 7)),
        np.ones((5, 2)),
        np.zeros((5, 2)),
        np.zeros((5, 2), int),
        available=np.full((3, 2), 22),
    )
    wanted = draw.integers(5, 15, (5, 2))

    def way_m(choice: tuple[int, ...]) -> float:
        for number in range(3):
            mine = [point for point in range(5) if choice[point] == number]
            if (wanted[mine].sum(axis=0) > 22).any():
                return float("inf")
        return sum(problem.distances.metres(5 + one, point) for point, one in enumerate(choice))

    best = min(product(range(3), repeat=5), key=way_m)
    if way_m(best) < float("inf"):
        assert way_m(tuple(sources(problem, wanted, None).tolist())) == way_m(best)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_shared_fits_and_nobody_could_have_more_days_without_one_who_has_fewer(
    data: st.DataObject,
) -> None:
    count = data.draw(st.integers(1, 5))
    row = st.lists(st.integers(0, 9), min_size=count, max_size=count).map(np.array)
    stock, most, mean = data.draw(row), data.draw(row), data.draw(row) + 1.0
    room = data.draw(st.integers(0, 30))
    added = evenly(stock, mean, most, np.ones(count, int), room)
    assert (added >= 0).all()
    assert (added <= most).all()
    assert added.sum() == min(room, most.sum())
    days = (stock + added) / mean
    for giver, taker in product(range(count), repeat=2):
        if added[giver] and added[taker] < most[taker]:
            # Handing one unit over never leaves both better than the worse one is now.
            assert min(days[giver] - 1 / mean[giver], days[taker] + 1 / mean[taker]) <= max(
                days[taker], days[giver] - 1 / mean[giver]
            )
            assert (stock[giver] + added[giver] - 1) / mean[giver] <= (
                stock[taker] + added[taker] + 1
            ) / mean[taker]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_plan_breaks_a_limit_however_tight_they_are(data: st.DataObject) -> None:
    def some(lowest: int, highest: int) -> int:
        return data.draw(st.integers(lowest, highest))

    def table(rows: int, highest: int) -> np.ndarray:
        return np.array([[some(0, highest) for _ in range(2)] for _ in range(rows)]).reshape(rows, 2)

    points, depots = some(0, 4), some(0, 2)
    where = [some(0, 9) * 700.0 for _ in range(points + depots)]
    lorries = st.builds(
        Vehicle,
        st.integers(0, 40),
        st.integers(0, 60),
        st.integers(0, 2),
        trips=st.integers(0, 3),
        speed=st.just(5.0),
    )
    problem = Problem(
        Distances(np.array(where), np.zeros(len(where))),
        (Good(some(0, 3), some(0, 3)), Good(1, 1)),
        tuple(
            Point(place, windows=((0, some(0, 9) * 900),), room_ml=data.draw(st.none() | st.integers(0, 60)))
            for place in range(points)
        ),
        tuple(
            Warehouse(points + one, tuple(data.draw(st.lists(lorries, max_size=2))), units_a_day=some(0, 40))
            for one in range(depots)
        ),
        table(points, 9),
        table(points, 4),
        table(points, 12),
        table(depots, 50),
    )
    planned(problem, iterations=5)


def test_no_point_runs_dry_in_a_month() -> None:
    problem = front_warehouses(5, 2, seed=3)

    def rule(today: Problem) -> tuple[np.ndarray, int]:
        plan = planned(today, iterations=3)
        assert plan.unserved == ()
        return plan.brings, plan.metres

    month = lived(problem, rule, days=30, seed=3)
    assert month.dry == 0
    assert month.got >= 0.99 * month.asked
    assert month.empty <= 0.05 * 30 * 5 * len(problem.goods)
    assert 1.5 < 30 * 5 / month.visits < 3  # PD3: every two days on average


def test_the_same_seed_and_iterations_give_the_same_plan_and_a_stop_is_obeyed() -> None:
    problem = front_warehouses(12, 5, seed=4)
    one, two = planned(problem), planned(problem)
    assert one.brings.tolist() == two.brings.tolist()
    assert one.rounds == two.rounds
    parts: list[float] = []
    cover.plan(problem, seconds=60, cancelled=lambda: True, progress=parts.append)
    assert parts == sorted(parts)
    assert parts[-1] == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"mean": [[-1.0]]}, "mean has an entry that is no number from 0 on"),
        ({"mean": [[float("nan")]]}, "mean has an entry that is no number from 0 on"),
        ({"stock": [[0.5]]}, "stock has an entry that is no whole number from 0 on"),
        ({"available": [[1]]}, "wrong size"),
        ({"service": 1.0}, "service"),
        ({"cover_days": 0.5}, "days of cover"),
        ({"goods": (Good(-1),)}, "below 0"),
        ({"points": (Point(2, room_ml=-1),)}, "below 0"),
        ({"warehouses": (Warehouse(77, ()), Warehouse(1, ()))}, "does not exist"),
    ],
)
def test_broken_figures_are_refused_in_a_sentence(changed: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        replace(street([0]), **changed)  # type: ignore[arg-type]


def test_nothing_to_fill_up_or_nowhere_to_take_it_from() -> None:
    none = np.empty((0, 1))
    assert (
        planned(replace(street([0]), points=(), mean=none, spread=none, stock=none.astype(int))).rounds == ()
    )
    assert len(planned(street([0], warehouses=(), available=none.astype(int))).unserved) == 1
