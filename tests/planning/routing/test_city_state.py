"""What the city's search writes down of its trips while it moves stops about is what they are."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.planning.routing import Depot, Distances, Problem, Stop, Vehicle
from lastmetre.planning.routing.city import _City
from lastmetre.planning.routing.city_search import anneal
from lastmetre.planning.routing.city_times import retime_all
from lastmetre.planning.routing.city_town import CityTown
from lastmetre.planning.routing.problem import ALWAYS


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    stops=st.integers(20, 60),
    is_timed=st.booleans(),
    work_s=st.none() | st.integers(2_000, 9_000),
    trips=st.integers(1, 2),
)
def test_ways_rooms_and_times_are_those_of_the_trips(
    seed: int, stops: int, is_timed: bool, work_s: int | None, trips: int
) -> None:
    problem = _town(seed, stops, is_timed, work_s, trips)
    made = CityTown(problem, range(stops))
    search = _City(made, seed, workers=1)
    city = made.city
    (piece,) = search._cut()
    anneal(city, piece, 2_000, 300.0, 3.0)
    search.absent = piece.absent[: piece.counts[0]]
    cost = 0.0
    for vehicle in city.vehicles:
        for start in range(vehicle["first"], vehicle["last"]):
            ways, called = _followed(city.nodes, start)
            cost += sum(ways)
            assert city.nodes["calls"][start] == len(called)
            assert city.nodes["room_g"][start] == 10 - sum(city.nodes["room_g"][called])
            assert (city.nodes["trip"][called] == start).all()
    is_left = city.nodes["trip"][:stops] < 0
    assert sorted(search.absent) == list(np.flatnonzero(is_left))
    assert search._counted() == cost + city.times["prize"][:stops][is_left].sum()
    kept = city.times.copy()
    retime_all(city)
    assert all((kept[name] == city.times[name]).all() for name in kept.dtype.names) or not city.is_timed


def _town(seed: int, stops: int, is_timed: bool, work_s: int | None, trips: int) -> Problem:
    draw = np.random.default_rng(seed)
    far = Distances(draw.integers(0, 900, stops + 1), draw.integers(0, 900, stops + 1))
    opens = draw.integers(0, 5_000, stops)
    windows = [((int(one), int(one) + 1_500),) if is_timed else ALWAYS for one in opens]
    vehicle = Vehicle(10, count=stops, speed=1, work_s=work_s, trips=trips)
    return Problem(
        far,
        (Depot(0, load_s=60),),
        (vehicle,),
        tuple(
            Stop(place, int(draw.integers(1, 4)), service_s=30, windows=windows[place - 1])
            for place in range(1, stops + 1)
        ),
    )


def _followed(nodes: np.ndarray, start: int) -> tuple[list[float], list[int]]:
    """Follow a trip: the ways that it really drives, each as it is written down, and its stops."""
    order = [start, int(nodes["after"][start])]
    while nodes["trip"][order[-1]] != order[-1]:
        order.append(int(nodes["after"][order[-1]]))
    ways = []
    for left, right in pairwise(order):
        x, y = nodes["x"][left] - nodes["x"][right], nodes["y"][left] - nodes["y"][right]
        ways.append(float(int(np.sqrt(x * x + y * y) + 0.5)))
        assert nodes["way"][left] == ways[-1]
        assert nodes["before"][right] == left
    return ways, order[1:-1]
