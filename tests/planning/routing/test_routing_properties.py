"""What holds for every town, however its limits contradict each other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import cheapest, routed, street, towns

from lastmetre.planning.routing import Problem, Vehicle

ENGINES = ["district", "city", "pair"]


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=60, deadline=None)
@given(problem=towns())
def test_no_plan_breaks_a_limit(engine: str, problem: Problem) -> None:
    routed(problem, iterations=30, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=15, deadline=None)
@given(weights=st.lists(st.integers(1, 3), min_size=4, max_size=4), room=st.integers(3, 6))
def test_small_towns_cost_no_more_than_by_brute_force(engine: str, weights: list[int], room: int) -> None:
    problem = street(Vehicle(room, count=4, fixed_cost=500))
    stops = tuple(type(stop)(stop.place, weight) for stop, weight in zip(problem.stops, weights, strict=True))
    problem = Problem(problem.distances, problem.depots, problem.vehicles, stops)
    assert routed(problem, iterations=300, engine=engine).cost == cheapest(problem)
