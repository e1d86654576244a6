"""What who carries is promised: no more than may be asked of them, and about as much as everybody else."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.planning import carts, hands
from lastmetre.planning.hands import Person, Plan, Problem, Stop
from lastmetre.planning.hands.check import check_hands
from lastmetre.terms import InputError, Unit, say


def row(*stairs: int, wave: int = 1, work_s: int = 600, weight_g: int = 1_000) -> tuple[Stop, ...]:
    """Doors of ten minutes and a kilogram; a unit every four."""
    return tuple(
        Stop(wave, place // 4 + 1, place // 4, work_s, weight_g, climbed)
        for place, climbed in enumerate(stairs)
    )


def given_out(stops: tuple[Stop, ...], *people: Person, warm: Plan | None = None) -> Plan:
    problem = Problem(stops, people)
    plan = hands.plan(problem, warm=warm)
    assert check_hands(problem, plan) == ()
    return plan


def doors(plan: Plan, person: int, wave: int = 1) -> list[int]:
    return [stop for one in plan.rounds_of(wave) if one.person == person for stop in one.stops]


ANNA, BEN, CUI = (Person(name, (180, 180)) for name in ("Anna", "Ben", "Cui"))


def test_by_hand_who_is_there_half_the_time_has_half_as_much() -> None:
    plan = given_out(row(*[0] * 9), replace(ANNA, minutes=(60,)), replace(BEN, minutes=(120,)))
    assert (doors(plan, 0), doors(plan, 1)) == ([0, 1, 2], [3, 4, 5, 6, 7, 8])
    assert [one.load_ppm for one in plan.rounds] == [500_000, 500_000]


def test_who_may_not_climb_has_doors_with_a_lift_and_no_more_than_others() -> None:
    spared = replace(ANNA, wave_stairs=0)
    plan = given_out(row(3, 3, 2, 1, 0, 0, 0, 0, 4, 4, 4, 4), spared, BEN, CUI)
    assert doors(plan, 0) == [4, 5, 6, 7]
    assert sorted(map(len, (doors(plan, 1), doors(plan, 2)))) == [4, 4]
    all_flat = given_out(row(*[0] * 12), spared, BEN, CUI)
    assert [len(doors(all_flat, person)) for person in range(3)] == [4, 4, 4]
    ground = given_out(row(3, 0, 2, 0), spared, BEN)
    assert doors(ground, 0) == [1, 3]


def test_the_weaker_carry_less_and_few_stairs_are_kept() -> None:
    weak = given_out(
        row(*[0] * 8, weight_g=100_000), replace(ANNA, wave_g=200_000), replace(BEN, wave_g=600_000)
    )
    assert (len(doors(weak, 0)), len(doors(weak, 1))) == (2, 6)
    few = given_out(row(*[5] * 8), replace(ANNA, wave_stairs=12), BEN)
    assert sum(5 for _ in doors(few, 0)) <= 12
    assert few.left == ()


def test_who_is_not_well_does_not_work_and_the_plan_says_why() -> None:
    plan = given_out(row(*[0] * 6), replace(ANNA, away=say("not tested since Monday")), BEN)
    assert doors(plan, 1) == [0, 1, 2, 3, 4, 5]
    assert [str(note) for note in plan.notes] == ["Anna does not work today: not tested since Monday"]


def test_a_day_limit_holds_over_all_waves() -> None:
    stops = row(*[0] * 12) + row(*[0] * 12, wave=2)
    plan = given_out(stops, replace(ANNA, day_minutes=90), BEN)
    assert sum(one.work_s for one in plan.rounds if one.person == 0) <= 90 * 60
    assert plan.left == ()


def test_who_is_in_one_wave_only_works_there_only() -> None:
    stops = row(*[0] * 8) + row(*[0] * 8, wave=2)
    plan = given_out(stops, replace(ANNA, minutes=(180, 0)), replace(BEN, minutes=(0, 180)))
    assert {(one.person, one.wave) for one in plan.rounds} == {(0, 1), (1, 2)}


def test_a_head_of_building_gets_the_own_units_and_squads_stay_side_by_side() -> None:
    heads = (replace(ANNA, knows=frozenset({2})), replace(BEN, knows=frozenset({0})), CUI)
    plan = given_out(row(*[0] * 12), *heads)
    assert (doors(plan, 0), doors(plan, 1)) == ([8, 9, 10, 11], [0, 1, 2, 3])
    squads = [replace(ANNA, name=str(n), squad="ab"[n % 2]) for n in range(4)]
    plan = given_out(row(*[0] * 8), *squads)
    assert {stop // 4 for person in (0, 2) for stop in doors(plan, person)} == {0}


def test_when_somebody_falls_out_the_others_keep_their_doors() -> None:
    people = (ANNA, BEN, CUI)
    before = given_out(row(*[0] * 12), *people)
    after = given_out(row(*[0] * 12), ANNA, replace(BEN, away=say("fell ill")), CUI, warm=before)
    assert set(doors(before, 0)) < set(doors(after, 0))
    assert set(doors(before, 2)) < set(doors(after, 2))
    assert [len(doors(after, person)) for person in (0, 1, 2)] == [6, 0, 6]


def test_a_door_that_nobody_can_take_is_left_with_its_reason() -> None:
    heavy = given_out(row(0, weight_g=2_000_000), ANNA)
    assert "send two together" in str(heavy.left[0].reason)
    assert heavy.missing_people == 0
    steep = given_out(row(4), replace(ANNA, wave_stairs=0))
    assert "may climb 4 storeys" in str(steep.left[0].reason)
    alone = given_out(row(0, wave=2), replace(ANNA, minutes=(180,)))
    assert str(alone.left[0].reason) == "Nobody is there in wave 2."
    full = given_out(row(*[0] * 40), ANNA)
    assert len(doors(full, 0)) == 18
    assert full.missing_people == 2
    assert str(full.notes[-1]) == "22 doors are left; 2 more people would do them."


def test_the_doors_of_a_days_carts_find_hands() -> None:
    units = (Unit("1", "1", floors=6), Unit("1", "2", has_lift=True, floors=9))
    bags = tuple(carts.Bag(place % 2, place % 6 + 1, place, 4_000) for place in range(60))
    problem = carts.Problem(units, bags, team=carts.Team(people=2))
    stops = hands.stops_of(problem, carts.plan(problem))
    assert sorted(bag for stop in stops for bag in stop.bags) == list(range(60))
    assert {stop.stairs for stop in stops} == {0, 2, 4}
    plan = given_out(stops, replace(ANNA, wave_stairs=0), BEN)
    assert plan.left == ()
    assert all(stops[stop].stairs == 0 for stop in doors(plan, 0))


@st.composite
def days(draw: st.DrawFn) -> Problem:
    whole = st.integers(0, 4)
    stops = st.builds(
        Stop,
        st.integers(1, 2),
        whole,
        whole,
        whole.map(lambda n: n * 400),
        whole.map(lambda n: n * 300),
        whole,
    )
    people = st.builds(
        Person,
        st.just("Anna"),
        st.tuples(st.integers(0, 60), st.integers(0, 60)),
        st.none() | st.integers(0, 80),
        st.integers(0, 4_000),
        st.none() | st.integers(0, 9),
        st.sampled_from(["", "a"]),
        st.frozensets(whole),
        st.sampled_from([say(""), say("ill")]),
    )
    return Problem(tuple(draw(st.lists(stops, max_size=14))), tuple(draw(st.lists(people, max_size=4))))


@settings(max_examples=150, deadline=None)
@given(days(), days())
def test_nobody_is_asked_more_than_may_be_also_after_a_change(problem: Problem, other: Problem) -> None:
    plan = given_out(problem.stops, *problem.people)
    assert hands.plan(problem) == plan
    changed = (*other.people, *problem.people)[: len(problem.people)]
    given_out(problem.stops, *changed, warm=plan)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(100, 200), min_size=60, max_size=90), st.integers(2, 4))
def test_people_alike_have_loads_within_two_doors(work: list[int], count: int) -> None:
    stops = tuple(Stop(1, 1, 0, work_s, 1_000) for work_s in work)
    plan = given_out(stops, *[ANNA] * count)
    loads = [one.work_s for one in plan.rounds]
    assert plan.left == ()
    assert len(loads) == count
    assert max(loads) - min(loads) <= 2 * max(work)


@pytest.mark.parametrize(
    ("stops", "people"),
    [
        ((Stop(0, 1, 0, 1, 1),), ()),
        ((Stop(1, 1, 0, -1, 1),), ()),
        ((), (replace(ANNA, minutes=(-1,)),)),
        ((), (replace(ANNA, wave_stairs=-1),)),
    ],
)
def test_broken_figures_are_refused_in_a_sentence(
    stops: tuple[Stop, ...], people: tuple[Person, ...]
) -> None:
    with pytest.raises(InputError, match="below 0"):
        Problem(stops, people)
