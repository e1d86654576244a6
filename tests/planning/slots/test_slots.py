"""When each vehicle is at each gate: a day solved by hand, small days by trying everything, and what is promised."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from timed import is_in_time

from lastmetre.planning import routing, slots
from lastmetre.planning.slots import Building, Group, Place, Plan, Problem, Slot, Tour, Use, Visit
from lastmetre.planning.slots.check import check, cost
from lastmetre.terms import InputError

TRIES = 2_000


def timed(problem: Problem, iterations: int = TRIES) -> Plan:
    made = slots.plan(problem, seed=3, iterations=iterations)
    assert check(problem, made) == ()
    return made


def begins(made: Plan) -> list[int]:
    return [slot.begin_min for slot in made.slots]


def call(minutes: int, *, place: int = 0, travel: int = 0, **more: object) -> Visit:
    return Visit((Use(place, minutes),), travel_min=travel, **more)  # type: ignore[arg-type]


def two_vehicles() -> Problem:
    """Two vehicles are at gate 0 at once; the second has another gate after it, the first has none."""
    return Problem((Place(), Place()), (Tour((call(10),)), Tour((call(5, travel=10), call(30, place=1)))))


def test_by_hand_the_shorter_call_goes_first() -> None:
    made = timed(two_vehicles())
    assert begins(made) == [5, 0, 15]
    assert (made.cost, made.wait_min, made.late_min) == (5, 5, 0)


def test_by_hand_a_vehicle_does_not_enter_before_its_unloading_point_is_free() -> None:
    through = Visit((Use(0, 10), Use(1, 40, after_min=12)))  # SQ6 at the gate, SQ7 at the point
    made = timed(Problem((Place(), Place()), (Tour((through,)), Tour((through,)))))
    assert sorted(begins(made)) == [0, 40]
    roomy = timed(Problem((Place(), Place(capacity=2)), (Tour((through,)), Tour((through,)))))
    assert sorted(begins(roomy)) == [0, 10]


def all_times(problem: Problem) -> Iterator[Plan]:
    """Try every minute for every visit, none before its vehicle is there."""
    end = max(closes for place in problem.places for _, closes in place.hours)
    for told in product(*(list(tour_times(number, tour, end)) for number, tour in enumerate(problem.tours))):
        plan = Plan(tuple(slot for slots_of_tour in told for slot in slots_of_tour), (), 0, 0, 0)
        yield replace(plan, cost=cost(problem, plan))


def tour_times(number: int, tour: Tour, end: int) -> Iterator[tuple[Slot, ...]]:
    for times in combinations(range(end), len(tour.visits)):
        clock, told = tour.ready_min, []
        for at, (visit, begin) in enumerate(zip(tour.visits, times, strict=True)):
            late = max(begin - (visit.due_min or 0), 0)
            early = max((visit.due_min or 0) - begin, 0)
            told.append(Slot(number, at, begin, begin + visit.bound_min, begin - clock, late, early))
            clock = begin + visit.bound_min + visit.travel_min
        if min(slot.wait_min for slot in told) >= 0:
            yield tuple(told)


@pytest.mark.parametrize("seed", range(4))
def test_a_small_day_is_timed_as_well_as_by_trying_everything(seed: int) -> None:
    draw = Random(seed)
    places = (Place(draw.randint(1, 2), ((0, 14),)), Place(1, ((2, 14),)))
    tours = tuple(
        Tour(
            tuple(
                call(draw.randint(1, 3), place=draw.randint(0, 1), travel=1, due_min=draw.randint(0, 6))
                for _ in range(2)
            ),
            draw.randint(0, 2),
            wait_weight=draw.randint(1, 3),
        )
        for _ in range(2)
    )
    problem = Problem(places, tours)
    made = timed(problem)
    assert not [one for one in all_times(problem) if one.cost < made.cost and not check(problem, one)]


def test_a_visit_that_a_person_fixed_stays_and_others_go_around_it() -> None:
    problem = Problem((Place(),), (Tour((call(10),)), Tour((call(10, fixed_min=5),))))
    assert begins(timed(problem)) == [15, 5]


def test_of_two_fixed_at_once_one_is_left_and_says_so() -> None:
    problem = Problem((Place(),), (Tour((call(10, fixed_min=600),)), Tour((call(10, fixed_min=605),))))
    made = timed(problem)
    assert begins(made) == [600]
    assert "fixed at 10:05" in str(made.unserved[0].reason)


@pytest.mark.parametrize(
    ("visit", "says"),
    [
        (call(10, windows=((50, 60),)), "never meet"),
        (call(10, place=1), "room for 0 at once"),
        (call(90), "never open for 90 minutes"),
        (Visit((Use(0, 10, amount=3),)), "takes 3"),
    ],
)
def test_a_visit_that_cannot_be_made_says_why_and_the_vehicle_drives_on(visit: Visit, says: str) -> None:
    places = (Place(hours=((0, 40),)), Place(capacity=0))
    made = timed(Problem(places, (Tour((call(5, travel=5), replace(visit, travel_min=5), call(5))),)))
    assert [(slot.visit, slot.begin_min) for slot in made.slots] == [(0, 0), (2, 15)]
    assert says in str(made.unserved[0].reason)


def test_more_than_a_gate_can_take_in_a_day_leaves_some_with_a_reason() -> None:
    made = timed(Problem((Place(hours=((0, 60),)),), tuple(Tour((call(25),)) for _ in range(5))))
    assert len(made.slots) == 2
    assert {str(one.reason) for one in made.unserved} == {
        "Whenever it could be, others hold the places: open them longer or send a vehicle less."
    }


def test_nothing_to_time_one_visit_and_calls_that_take_no_time() -> None:
    assert slots.plan(Problem((), ()), seconds=1).slots == ()
    assert timed(Problem((), (Tour(()), Tour((Visit(()),))))).cost == 0
    assert begins(timed(Problem((Place(),), (Tour((call(0),)), Tour((call(0),)))))) == [0, 0]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Problem((Place(capacity=-1),), ()), "Place 1 has a time, weight or room of -1"),
        (lambda: Problem((Place(step_min=0),), ()), "from 1"),
        (lambda: Problem((Place(hours=((9, 3),)),), ()), "end before they begin"),
        (lambda: Problem((Place(),), (Tour((call(-5),)),)), "Visit 1 of tour 1"),
        (lambda: Problem((Place(),), (Tour((call(5, place=2),)),)), "does not exist"),
        (lambda: Problem((Place(),), (Tour((Visit((Use(0, 1), Use(0, 2))),)),)), "same place twice"),
        (lambda: Problem((Place(),), (Tour((), ready_min=99_999),)), "Tour 1"),
    ],
)
def test_figures_that_make_no_sense_are_refused_in_a_sentence(make: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        make()  # type: ignore[operator]


def test_buildings_are_called_down_one_after_another_and_none_before_its_bags_are_sorted() -> None:
    problem = slots.by_building(
        [Building(30), Building(10, ready_min=20), Building(20, ready_min=20)],
        seconds_each=60,
        hours=((0, 600),),
    )
    made = timed(problem)
    assert begins(made)[0] == 0
    assert sorted(begins(made)[1:]) in ([30, 40], [30, 50])
    assert made.cost == 10 * 10 + 20 * 20
    two_desks = slots.by_building([Building(30), Building(30)], seconds_each=60, desks=2)
    assert begins(timed(two_desks)) == [0, 0]


def test_a_market_keeps_groups_near_their_wish_and_never_holds_too_many_people() -> None:
    groups = [Group(20, 540), Group(30, 540), Group(10, 540), Group(60, 540)]
    made = timed(slots.market(groups, room=50, stay_min=30, hours=((480, 720),)))
    times = {slot.tour: slot.begin_min for slot in made.slots}
    assert times[0] == times[1] == 540
    assert times[2] in (510, 570)
    assert "room for 50 at once, this takes 60" in str(made.unserved[0].reason)


def test_after_routing_each_vehicle_keeps_its_order_and_two_do_not_meet_at_one_gate() -> None:
    stops = tuple(routing.Stop(place, weight_g=600, service_s=600, standing_s=1800) for place in (1, 1, 2))
    asked = routing.Problem(
        routing.Distances(np.array([0, 480, 0]), np.array([0, 0, 480])),
        (routing.Depot(0),),
        (routing.Vehicle(weight_g=1000, count=3),),
        stops,
    )
    routed = routing.plan(asked, seed=1, iterations=50)
    gate = {0: (Use(0, 40),), 1: (Use(0, 40),), 2: (Use(1, 40),)}
    problem = slots.after_routing(asked, routed, places=(Place(), Place()), uses=gate)
    made = timed(problem)
    assert made.unserved == ()
    assert sorted(slot.begin_min for slot in made.slots) == [1, 1, 41]
    assert made.late_min == 40


def test_a_tenth_of_a_second_gives_a_whole_plan_and_is_kept_to() -> None:
    timed(two_vehicles(), 1)
    draw = Random(1)
    tours = tuple(
        Tour(tuple(call(20, place=draw.randrange(200), travel=10) for _ in range(6)), draw.randrange(200))
        for _ in range(500)
    )
    problem = Problem(tuple(Place(hours=((0, 900),)) for _ in range(200)), tours)
    assert is_in_time(partial(slots.plan, problem))
    assert check(problem, slots.plan(problem, seconds=0.1)) == ()


def test_the_same_seed_and_iterations_give_the_same_plan_and_a_stop_is_obeyed() -> None:
    tours = tuple(Tour((call(7 + one % 3), call(9, place=1)), one % 20) for one in range(30))
    problem = Problem((Place(), Place()), tours)
    assert timed(problem, 500) == timed(problem, 500)
    assert slots.plan(problem, seconds=600, cancelled=lambda: True).iterations == 0
