"""What holds for every day: any compound, any bags, any carts and people."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lastmetre.planning import carts
from lastmetre.planning.carts import Bag, Capacity, Problem, Team
from lastmetre.planning.checks import check_carts
from lastmetre.terms import Unit

UNITS = st.builds(
    Unit,
    building=st.sampled_from("123"),
    name=st.sampled_from("12"),
    floors=st.none() | st.integers(1, 30),
    has_lift=st.booleans(),
)
TEAMS = st.builds(
    Team,
    people=st.none() | st.integers(1, 4),
    minutes=st.integers(20, 60),
    waves_a_day=st.integers(1, 3),
    wave_g=st.integers(130_000, 300_000),
)


def door(bag: Bag) -> tuple[int, int | None, int]:
    return bag.unit, bag.floor, bag.room


@st.composite
def problems(draw: st.DrawFn, *, one_bag_a_door: bool = False) -> Problem:
    units = draw(st.lists(UNITS, min_size=1, max_size=6))
    number = st.none() | st.integers(1, 9)
    bag = st.builds(
        Bag,
        unit=st.integers(0, len(units) - 1),
        floor=st.none() | st.integers(-1, 12),
        room=st.integers(0, 3),
        weight_g=st.integers(0, 60_000),
        volume_ml=st.integers(0, 200_000),
        pieces=st.integers(0, 5),
    )
    return Problem(
        units=tuple(units),
        bags=tuple(draw(st.lists(bag, max_size=40, unique_by=door if one_bag_a_door else None))),
        numbers=tuple(draw(st.just([]) | st.lists(number, min_size=len(units), max_size=len(units)))),
        capacity=Capacity(draw(st.integers(50_000, 150_000)), draw(st.integers(150_000, 500_000))),
        carts=draw(st.none() | st.integers(1, 5)),
        share_percent=draw(st.sampled_from([0, 30])),
        team=draw(TEAMS),
    )


@given(problems())
def test_every_plan_passes_the_independent_check(problem: Problem) -> None:
    assert check_carts(problem, carts.plan(problem)) == ()


@given(problems())
def test_the_same_day_gives_the_same_plan(problem: Problem) -> None:
    assert carts.plan(problem) == carts.plan(problem, seed=9)


@given(problems(one_bag_a_door=True))
def test_the_order_in_which_bags_are_listed_changes_nothing(problem: Problem) -> None:
    turned = replace(problem, bags=problem.bags[::-1])

    def loaded(one: Problem) -> list[tuple[object, ...]]:
        plan = carts.plan(one)
        carried = [[one.bags[bag] for bag in turn.bags] for cart in plan.carts for turn in cart.turns]
        return [
            (cart.number, cart.wave, [one.bags[bag] for bag in cart.bags], carried) for cart in plan.carts
        ]

    assert loaded(turned) == loaded(problem)


def load_ppm(problem: Problem, bag: Bag) -> float:
    """What one bag at its own door takes of a person's wave, by the page's formula; 0 if over half."""
    team, unit = problem.team, problem.units[bag.unit]
    floors_up = (unit.floors or 6) // 2 if bag.floor is None else max(bag.floor - 1, -bag.floor)
    climb_s = 0 if unit.has_lift else floors_up * team.floor_s * bag.weight_g / team.carry_g
    work_s = team.door_s + max(0, bag.pieces - 1) * team.piece_s + climb_s
    load = 1e6 * max(work_s / (team.minutes * 60), bag.weight_g / team.wave_g)
    return load if load <= 500_000 else 0


@given(problems(one_bag_a_door=True))
def test_loads_of_a_wave_are_within_5_percent_of_the_mean_or_one_door_of_it(problem: Problem) -> None:
    plan = carts.plan(problem)
    for wave in range(1, plan.waves + 1):
        bags = [problem.bags[bag] for cart in plan.carts if cart.wave == wave for bag in cart.bags]
        doors = [load_ppm(problem, bag) for bag in bags]
        mean = sum(doors) / plan.people
        loads = {one.person: one.load_ppm for one in plan.rounds if one.wave == wave}
        rounding = 2000 * len(doors)  # seconds are rounded up, at least 20 minutes a wave
        for person in range(1, plan.people + 1):
            assert abs(loads.get(person, 0) - mean) <= max(mean / 20, max(doors)) + rounding


@given(problems())
def test_a_unit_keeps_its_number_and_second_carts_come_after_the_last(problem: Problem) -> None:
    problem = replace(problem, numbers=(), carts=None, share_percent=0)
    plan = carts.plan(problem)
    for unit in {bag.unit for bag in problem.bags}:
        own, *others = (cart.number for cart in plan.carts if unit in cart.units)
        assert own == unit + 1
        assert all(number > len(problem.units) for number in others)


@given(problems())
def test_a_cart_has_the_number_of_one_of_its_units_or_one_after_the_last(problem: Problem) -> None:
    problem = replace(problem, numbers=())
    for cart in carts.plan(problem).carts:
        assert cart.number - 1 in cart.units or cart.number > len(problem.units)


@given(problems())
def test_with_what_is_said_to_be_missing_it_fits_in_the_day(problem: Problem) -> None:
    plan = carts.plan(problem)
    a_day = problem.team.waves_a_day
    assert (plan.waves > a_day) == bool(plan.missing_people or plan.missing_carts)
    people = problem.team.people and problem.team.people + plan.missing_people
    helped = replace(
        problem,
        team=replace(problem.team, people=people),
        carts=problem.carts and problem.carts + plan.missing_carts,
    )
    assert carts.plan(helped).waves <= a_day


@given(problems())
def test_without_the_last_of_the_missing_people_it_does_not_fit(problem: Problem) -> None:
    problem = replace(problem, carts=None)
    plan = carts.plan(problem)
    if plan.missing_people and problem.team.people:
        people = problem.team.people + plan.missing_people - 1
        almost = replace(problem, team=replace(problem.team, people=people))
        assert carts.plan(almost).waves > problem.team.waves_a_day
