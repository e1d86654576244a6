"""What a dispatcher is promised of a day's routes: solved by hand (docs/planning/routing.md)."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from timed import is_in_time
from towns import orders, routed, street

from lastmetre.planning.routing import Depot, Distances, Problem, Stop, Vehicle
from lastmetre.planning.routing.choose import chosen
from lastmetre.terms import InputError

ENGINES = ["district", "city", "pair"]
CAR = Vehicle(200_000, count=2, speed=10)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_worked_example(engine: str) -> None:
    plan = routed(street(), engine=engine)
    # West and east: 2 x 2 km and 2 x 3 km; any other pairing crosses the depot twice.
    assert orders(plan) == {(0, 1), (2, 3)}
    assert plan.cost == 4_000 + 6_000
    assert plan.unserved == ()


def test_windows_disinfection_and_standing_are_in_the_times() -> None:
    stops = {"service_s": 300, "standing_s": 1800, "windows": ((3600, 7200),)}
    plan = routed(street(Vehicle(100_000, count=4, speed=10), **stops))
    nearest = next(route for route in plan.routes if next(route.visits).stop == 0)
    visit = next(nearest.visits)
    # 100 s of way: leaves at 3500 rather than wait at the gate; stays 35 minutes.
    assert (nearest.start_s, visit.start_s, visit.leave_s) == (3500, 3600, 5700)


@pytest.mark.parametrize("engine", ENGINES)
def test_one_vehicle_loads_anew_where_two_are_not_there(engine: str) -> None:
    problem = street(replace(CAR, count=1, trips=2))
    problem = replace(problem, depots=(Depot(0, load_s=600),))
    (route,) = routed(problem, engine=engine).routes
    assert len(route.trips) == 2
    assert route.trips[1].leave_s == route.trips[0].end_s + 600


@pytest.mark.parametrize("engine", ENGINES)
def test_only_the_vehicle_with_the_pass_goes_in(engine: str) -> None:
    problem = street(CAR, replace(CAR, count=1, passes=frozenset({"red"}), metre_cost=9))
    problem = replace(problem, stops=(*problem.stops[:3], replace(problem.stops[3], needs="red")))
    plan = routed(problem, engine=engine)
    (inner,) = (route for route in plan.routes if route.vehicle == 1)
    assert 3 in [visit.stop for visit in inner.visits]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_person_fixed_stays(engine: str) -> None:
    problem = street(replace(CAR, count=1), replace(CAR, count=1, metre_cost=1))
    problem = replace(problem, pins=((0, 0), (3, 0)))
    assert orders(routed(problem, engine=engine)) == {(0, 3), (1, 2)}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_smaller_priority_stays_behind(engine: str) -> None:
    problem = street(replace(CAR, count=1))
    stops = tuple(
        replace(stop, priority=priority) for stop, priority in zip(problem.stops, (1, 3, 2, 0), strict=True)
    )
    plan = routed(replace(problem, stops=stops), engine=engine)
    assert [one.stop for one in plan.unserved] == [0, 2]
    assert "All vehicles are full: they carry 200 kg, wanted are 400 kg." in str(plan.unserved[0].reason)


def test_goods_are_collected_at_two_suppliers_and_reach_one_compound() -> None:
    far = Distances(np.array([0, 1000, 2000, 3000]), np.zeros(4))
    stops = tuple(Stop(3, 100_000, collect_at=supplier, collect_s=600) for supplier in (1, 2))
    (route,) = routed(Problem(far, (Depot(0),), (CAR,), stops)).routes
    assert [visit.collects for visit in route.visits] == [True, True, False, False]
    assert route.metres == 6000


def test_the_later_slot_of_a_gate_is_taken_when_the_first_is_missed() -> None:
    plan = routed(street(Vehicle(400_000, speed=10, open_s=1000), windows=((0, 900), (2000, 3000))))
    assert plan.unserved == ()
    assert min(visit.start_s for route in plan.routes for visit in route.visits) >= 2000


def test_a_matrix_counts_as_given_in_both_directions() -> None:
    matrix = np.array([[0, 5, 90], [50, 0, 5], [5, 90, 0]])
    problem = Problem(Distances(matrix_m=matrix), (Depot(0),), (CAR,), (Stop(1), Stop(2)))
    (route,) = routed(problem).routes
    assert ([visit.stop for visit in route.visits], route.metres) == ([0, 1], 15)


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (street(Vehicle(1, count=0)), "There is no vehicle."),
        (street(needs="red"), "No vehicle has the pass “red”."),
        (street(weight_g=300_000), "Its goods (300 kg, 0 l) are more than any vehicle allowed there holds"),
        (street(windows=((0, 50),)), "No vehicle can be there within its windows"),
        (street(Vehicle(200_000, count=1, speed=10)), "All vehicles are full: they carry 200 kg"),
    ],
)
def test_what_is_left_says_why(problem: Problem, reason: str) -> None:
    plan = routed(problem)
    assert plan.unserved
    assert all(reason in str(one.reason) for one in plan.unserved)


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (lambda: street(weight_g=-5), "Stop 1 has a weight, time or cost of -5."),
        (lambda: street(windows=((9, 3),)), "Stop 1 has hours that end before they begin, or none."),
        (lambda: street(replace(CAR, speed=0)), "Vehicle 1 has a speed of 0."),
        (lambda: street(replace(CAR, start=4)), "Number 4 of the depots of the vehicles does not exist."),
        (lambda: Distances(np.array([0.0, np.nan]), np.zeros(2)), "The places have broken coordinates"),
        (lambda: Distances(matrix_m=np.array([[0, -1], [1, 0]])), "The places have broken coordinates"),
    ],
)
def test_broken_figures_are_refused_with_a_remedy(broken: object, what: str) -> None:
    with pytest.raises(InputError, match=what) as refused:
        broken()  # type: ignore[operator]
    assert str(refused.value.remedy)


def test_nobody_to_serve_one_to_serve_and_all_at_one_place() -> None:
    far = Distances(np.zeros(1), np.zeros(1))
    for count in (0, 1, 30):
        problem = Problem(far, (Depot(0),), (CAR,), (Stop(0, 10_000),) * count)
        plan = routed(problem)
        assert (plan.cost, plan.unserved) == (0, ())


@pytest.mark.parametrize("engine", ENGINES)
def test_a_tenth_of_a_second_gives_a_plan_in_time(engine: str) -> None:
    draw = np.random.default_rng(0)
    far = Distances(draw.random(301) * 9999, draw.random(301) * 9999)
    problem = Problem(far, (Depot(0),), (CAR,), tuple(Stop(place, 1000) for place in range(1, 301)))
    assert is_in_time(partial(routed, problem, iterations=None, engine=engine))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_seed_and_iterations_give_the_same_plan(engine: str) -> None:
    draw = np.random.default_rng(3)
    far = Distances(draw.random(41) * 9999, draw.random(41) * 9999)
    problem = Problem(
        far, (Depot(0),), (Vehicle(9, count=9),), tuple(Stop(place, 1) for place in range(1, 41))
    )
    first, again = (routed(problem, iterations=200, seed=5, engine=engine) for _ in range(2))
    assert first.routes == again.routes


def test_a_search_goes_on_from_a_plan() -> None:
    problem = street(CAR, replace(CAR, trips=3))
    first = routed(problem)
    assert routed(problem, warm=first, iterations=1).cost <= first.cost


def test_whoever_watches_is_told_and_can_stop_it() -> None:
    told: list[float] = []
    plan = routed(street(), iterations=10_000_000, progress=told.append, cancelled=lambda: len(told) > 20)
    assert told == sorted(told)
    assert plan.iterations < 100


def test_the_engine_is_chosen_by_size_and_rules_and_too_much_at_once_is_said() -> None:
    far = Distances(np.arange(4000.0), np.zeros(4000))

    def large(count: int, **changed: object) -> Problem:
        return Problem(far, (Depot(0),), (CAR,), tuple(Stop(place, **changed) for place in range(1, count)))

    assert chosen(large(50)) == "district"
    assert chosen(large(200)) == "city"
    assert chosen(large(200, ready_s=60)) == "pair"
    assert chosen(large(200, windows=((0, 900),))) == "pair"
    assert chosen(large(2000, windows=((0, 900),))) == "city"
    with pytest.raises(
        InputError, match="3999 stops with returns, suppliers or several windows are too many"
    ):
        chosen(large(4000, pickup_g=1))


def test_optional_stops_are_served_by_further_trips_too() -> None:
    problem = street(Vehicle(100_000, count=2, trips=2, speed=10), priority=3)
    assert routed(problem, iterations=20).unserved == ()
    one = street(Vehicle(100_000, count=1, trips=3, speed=10), priority=3)
    assert len(routed(one, iterations=20).unserved) == 1
