"""Which bag goes on which vehicle: a dock solved by hand, small ones by trying everything, and what is promised."""

from functools import partial
from itertools import product
from random import Random

import numpy as np
import pytest
from timed import is_in_time

from lastmetre.planning import loading, routing
from lastmetre.planning.loading import Item, Load, Plan, Problem, Room, Stop, Temperature, Vehicle
from lastmetre.planning.loading.check import check
from lastmetre.terms import InputError

DRY, COLD = Temperature.AMBIENT, Temperature.FROZEN


def van(weight_g: int = 100, volume_ml: int = 100, *, cold_g: int = 0) -> Vehicle:
    dry = Room(weight_g, volume_ml)
    return Vehicle((dry, Room(cold_g, cold_g, frozenset({COLD}))) if cold_g else (dry,))


def loaded(problem: Problem, iterations: int = 500) -> Plan:
    made = loading.plan(problem, seed=3, iterations=iterations)
    assert check(problem, made) == ()
    return made


def test_by_hand_the_last_stop_goes_on_first_and_the_heavy_bag_below() -> None:
    stops = (Stop(unload_at=1), Stop(unload_at=2))
    items = (Item(0, 10), Item(1, 5), Item(1, 30), Item(0, 4, temperature=COLD))
    made = loaded(Problem((van(cold_g=10),), stops, items))
    assert made.loads == (Load(0, 0, 2), Load(0, 0, 1), Load(0, 0, 0), Load(0, 1, 3))
    assert (made.left, made.split, made.vehicles) == ((), (), 1)


def test_by_hand_six_stops_fill_two_vans_though_the_first_that_fit_would_take_three() -> None:
    weights = (50, 45, 35, 30, 20, 20)  # 50 + 30 + 20 and 45 + 35 + 20; 50 + 45 leaves no room for the rest
    stops = tuple(Stop(turn) for turn in range(6))
    made = loaded(Problem((van(),) * 4, stops, tuple(Item(s, w) for s, w in enumerate(weights))))
    assert made.vehicles == 2


def best_by_trying(problem: Problem) -> tuple[int, int]:
    """Find the fewest bags left, then the fewest vehicles, of all ways to load whole stops."""
    found = []
    for choice in product(range(-1, len(problem.vehicles)), repeat=len(problem.stops)):
        on = [choice[item.stop] for item in problem.items]
        fits = all(
            sum(item.weight_g for item, at in zip(problem.items, on, strict=True) if at == number)
            <= vehicle.rooms[0].weight_g
            and sum(item.volume_ml for item, at in zip(problem.items, on, strict=True) if at == number)
            <= vehicle.rooms[0].volume_ml
            for number, vehicle in enumerate(problem.vehicles)
        )
        if fits:
            found.append((on.count(-1), len(set(on) - {-1})))
    return min(found)


@pytest.mark.parametrize("seed", range(4))
def test_a_small_dock_takes_as_few_vehicles_as_by_trying_everything(seed: int) -> None:
    draw = Random(seed)
    fleet = tuple(van(draw.randint(60, 100), draw.randint(60, 100)) for _ in range(4))
    items = tuple(Item(stop, draw.randint(5, 40), draw.randint(5, 40)) for stop in range(6))
    problem = Problem(fleet, (Stop(),) * 6, items)
    made = loaded(problem, 2_000)
    left, vehicles = best_by_trying(problem)
    assert len(made.left) <= left  # by splitting nothing less: each stop has one bag
    assert made.vehicles == vehicles


def test_the_bags_of_one_stop_stay_together_unless_no_vehicle_holds_them() -> None:
    small = (Item(0, 40), Item(0, 40), Item(1, 40), Item(1, 40))
    assert loaded(Problem((van(), van()), (Stop(), Stop()), small)).split == ()
    large = (Item(0, 60), Item(0, 60))
    made = loaded(Problem((van(), van()), (Stop(),), large))
    assert (made.split, made.left) == ((0,), ())


def test_a_stop_is_split_rather_than_left_where_room_is_scattered() -> None:
    items = (Item(0, 70), Item(1, 70), Item(2, 25), Item(2, 25))
    made = loaded(Problem((van(), van()), (Stop(), Stop(), Stop()), items))
    assert (made.split, made.left) == ((2,), ())


def test_where_not_all_fits_the_stops_that_go_first_are_loaded() -> None:
    items = tuple(Item(stop, 60) for stop in range(3))
    made = loaded(Problem((van(),), (Stop(priority=1), Stop(), Stop(priority=1)), items))
    assert [load.item for load in made.loads] == [1]
    assert len(made.left) == 2


def test_what_is_fixed_to_a_vehicle_goes_there_or_stays_behind_with_a_reason() -> None:
    problem = Problem(
        (van(), van()), (Stop(vehicle=1), Stop(vehicle=1), Stop()), (Item(0, 60), Item(1, 60), Item(2, 90))
    )
    made = loaded(problem)
    assert (made.loads[0].vehicle, problem.items[made.loads[0].item].stop) == (0, 2)
    assert [str(left.reason) for left in made.left] == [
        "Vehicle 2, which was fixed, has no room left for dry goods: let it drive twice or choose another."
    ]


@pytest.mark.parametrize(
    ("fleet", "item", "says"),
    [
        ((), Item(0, 5), "There is no vehicle"),
        ((van(),), Item(0, 5, temperature=COLD), "No vehicle has a compartment for frozen goods"),
        ((van(),), Item(0, 500), "heavier or larger"),
        ((van(10),), Item(0, 500), "heavier or larger"),
        ((Vehicle(()),), Item(0, 0), "No vehicle has a compartment for dry goods"),
        ((van(0, 0),), Item(0, 1), "heavier or larger"),
    ],
)
def test_a_bag_that_goes_nowhere_says_why(fleet: tuple[Vehicle, ...], item: Item, says: str) -> None:
    made = loaded(Problem(fleet, (Stop(),), (item,)))
    assert says in str(made.left[0].reason)


def test_a_full_dock_says_that_the_compartments_are_full() -> None:
    made = loaded(Problem((van(),), (Stop(), Stop()), (Item(0, 80), Item(1, 80))))
    assert str(made.left[0].reason).startswith("All compartments for dry goods")


def test_nothing_to_load_and_bags_without_weight() -> None:
    assert loading.plan(Problem((), (), ()), seconds=1).loads == ()
    assert loaded(Problem((van(),), (Stop(),), ())).vehicles == 0
    assert len(loaded(Problem((van(0, 0),), (Stop(),), (Item(0), Item(0)))).loads) == 2


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Problem((van(-1),), (), ()), "Vehicle 1 has a weight or volume of -1"),
        (lambda: Problem((), (Stop(),), (Item(0, -3),)), "Bag 1"),
        (lambda: Problem((), (Stop(),), (Item(1),)), "does not exist"),
        (lambda: Problem((van(),), (Stop(vehicle=1),), ()), "does not exist"),
        (lambda: Problem((Vehicle((Room(1, 1), Room(1, 1))),), (), ()), "two compartments"),
    ],
)
def test_figures_that_make_no_sense_are_refused_in_a_sentence(make: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        make()  # type: ignore[operator]


def test_after_routing_each_trip_is_loaded_against_the_order_of_its_route() -> None:
    asked = routing.Problem(
        routing.Distances(np.array([0, 500, 900]), np.array([0, 0, 0])),
        (routing.Depot(0),),
        (routing.Vehicle(weight_g=1000, count=2),),
        (routing.Stop(1, weight_g=300), routing.Stop(2, weight_g=300)),
    )
    routed = routing.plan(asked, seed=1, iterations=50)
    bags = {0: [Item(0, 300)], 1: [Item(0, 200), Item(0, 100)]}
    problem = loading.after_routing(routed, vehicles=(van(1000),), bags=bags)
    made = loaded(problem)
    assert made.left == ()
    last = list(routed.routes[0].visits)[-1].stop
    assert problem.items[made.loads[0].item].weight_g == bags[last][0].weight_g
    with pytest.raises(InputError, match="no route calls there"):
        loading.after_routing(routed, vehicles=(van(),), bags={7: [Item(0)]})


def test_a_tenth_of_a_second_gives_a_whole_plan_and_is_kept_to() -> None:
    draw = Random(1)
    items = tuple(
        Item(draw.randrange(300), draw.randint(500, 9000), draw.randint(900, 20000)) for _ in range(5_000)
    )
    for count in (3, 60):
        problem = Problem((van(1_200_000, 3_000_000),) * count, (Stop(),) * 300, items)
        assert is_in_time(partial(loading.plan, problem))
        made = loading.plan(problem, seconds=0.1)
        assert len(made.loads) + len(made.left) == 5_000


def test_the_same_seed_and_iterations_give_the_same_plan_and_a_stop_is_obeyed() -> None:
    draw = Random(2)
    items = tuple(Item(stop, draw.randint(20, 50), draw.randint(20, 50)) for stop in range(40))
    problem = Problem((van(),) * 20, (Stop(),) * 40, items)
    assert loaded(problem, 300) == loaded(problem, 300)
    assert loading.plan(problem, seconds=600, cancelled=lambda: True).iterations == 0
