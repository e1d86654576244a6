"""What happens when a lorry fails on the way, and where goods change vehicles at a transit station."""

from dataclasses import replace

import numpy as np
import pytest
from towns import STREET_M, routed, street

from lastmetre.planning.routing import Depot, Distances, Problem, Stop, Vehicle
from lastmetre.planning.routing.change import Changed, after_failure
from lastmetre.planning.routing.check import check
from lastmetre.planning.routing.transit import Station, Transit, relay
from lastmetre.terms import InputError

CAR = Vehicle(200_000, count=2, speed=10, trips=2)


def failed(problem: Problem, now_s: int) -> Changed:
    old = routed(replace(problem, vehicles=tuple(replace(one, trips=1) for one in problem.vehicles)))
    east = next(place for place, route in enumerate(old.routes) if any(v.stop == 3 for v in route.visits))
    changed = after_failure(problem, old, failed=[east], now_s=now_s, iterations=60)
    assert check(changed.problem, changed.added) == ()
    assert changed.kept == tuple(route for place, route in enumerate(old.routes) if place != east)
    return changed


def test_the_other_vehicle_goes_out_again_after_its_own_round_and_nobody_else_changes() -> None:
    changed = failed(street(CAR, service_s=60), now_s=100)
    (route,) = changed.added.routes
    assert changed.vehicles[route.vehicle] == 0
    assert route.start_s >= changed.kept[0].end_s
    assert sorted(changed.stops[visit.stop] for visit in route.visits) == [2, 3]


def test_what_was_served_before_is_not_served_again() -> None:
    old = routed(street(replace(CAR, trips=1), service_s=60))
    east = next(place for place, route in enumerate(old.routes) if any(v.stop == 3 for v in route.visits))
    first, _ = old.routes[east].visits
    changed = after_failure(street(CAR, service_s=60), old, failed=[east], now_s=first.leave_s, iterations=60)
    assert changed.done == (first.stop,)
    assert first.stop not in changed.stops


def test_a_free_vehicle_goes_at_once() -> None:
    changed = failed(street(replace(CAR, count=3, trips=1)), now_s=100)
    (route,) = changed.added.routes
    assert changed.vehicles[route.vehicle] is None
    assert route.start_s >= 100


def test_with_no_hours_left_the_stops_are_left_with_their_reason() -> None:
    changed = failed(street(replace(CAR, close_s=700)), now_s=150)
    assert {one.stop for one in changed.unserved} <= {2, 3}
    assert all(str(one.reason) for one in changed.unserved)
    assert changed.unserved


def test_a_route_that_is_not_there_cannot_fail() -> None:
    with pytest.raises(InputError, match="Route 9 is not in the plan"):
        after_failure(street(), routed(street()), failed=[9], now_s=0)


def transit(**changed: object) -> Transit:
    """Goods come from 20 km east to stations at both ends of the street."""
    far = Distances(np.array([*STREET_M, 20_000]), np.zeros(6))
    whole = Transit(
        far,
        (Depot(5),),
        (Vehicle(1_000_000, speed=10),),
        (Station(2), Station(4)),
        (Vehicle(150_000, count=2, speed=10), Vehicle(150_000, count=2, start=1, end=1, speed=10)),
        tuple(Stop(place, 100_000) for place in (1, 3)),
    )
    return replace(whole, **changed)


def test_goods_change_vehicles_and_no_inner_trip_leaves_before_they_are_there() -> None:
    made = relay(transit(), iterations=60)
    assert check(made.outer_problem, made.outer) == ()
    assert check(made.inner_problem, made.inner) == ()
    assert made.unserved == ()
    assert made.station_of == (0, 1)
    brought_s = {visit.stop: visit.leave_s for route in made.outer.routes for visit in route.visits}
    for route in made.inner.routes:
        (visit,) = route.visits
        assert route.start_s >= brought_s[visit.stop] + 3600


def test_what_no_lorry_brings_no_inner_vehicle_waits_for() -> None:
    made = relay(transit(outer=(Vehicle(100_000, speed=10),)), iterations=60)
    assert len(made.unserved) == 1
    assert len(made.inner.routes) == 1
    assert "All vehicles are full" in str(made.unserved[0].reason)
