"""What the people at the carts are promised: solved by hand (docs/planning/carts.md)."""

from collections.abc import Sequence
from typing import Any

import pytest

from lastmetre.planning import carts
from lastmetre.planning.carts import Bag, Capacity, Problem, Team
from lastmetre.planning.checks import check_carts
from lastmetre.terms import InputError, Unit

# A walk-up building of two units and a tower of one, as in the example of the page.
UNITS = (Unit("1", "1", floors=6), Unit("1", "2", floors=6), Unit("2", "1", floors=18, has_lift=True))
KG = 1000


def doors(unit: int, count: int, *, kg: int = 5, litres: int = 10, floors: int = 6) -> list[Bag]:
    """Fill a unit from the ground up: `count` doors over its floors, one bag each."""
    return [
        Bag(unit, place % floors + 1, place // floors, kg * KG, litres * 1000, pieces=1)
        for place in range(count)
    ]


def load(bags: Sequence[Bag], **others: Any) -> carts.Plan:
    problem = Problem(**{"units": UNITS, "bags": tuple(bags), **others})
    plan = carts.plan(problem)
    assert check_carts(problem, plan) == ()
    return plan


def rows(plan: carts.Plan) -> list[tuple[int, int, tuple[int, ...], int]]:
    return [(cart.number, cart.wave, cart.units, len(cart.bags)) for cart in plan.carts]


def said(plan: carts.Plan) -> list[str]:
    return [str(note) for note in plan.notes]


def test_the_worked_example() -> None:
    plan = load(doors(0, 12) + doors(1, 3) + doors(2, 18), carts=2, team=Team(people=2))
    # Unit 1-2 is the emptiest and goes on the cart of its neighbour; the tower keeps number 3.
    assert rows(plan) == [(1, 1, (0, 1), 15), (3, 1, (2,), 18)]
    # A walk-up door takes 120 s and 7.5 s a floor; the even cut, 2,106 s, is nearest to the end of cart 1.
    assert [(one.carts, one.doors, one.work_s) for one in plan.rounds] == [((1,), 15, 2051), ((3,), 18, 2160)]
    assert (plan.waves, said(plan)) == (1, [])


# Numbers


def test_one_cart_a_unit_with_the_number_of_the_unit() -> None:
    plan = load(doors(0, 12) + doors(1, 12) + doors(2, 18))
    assert rows(plan) == [(1, 1, (0,), 12), (2, 1, (1,), 12), (3, 1, (2,), 18)]
    assert said(plan) == []


def test_a_unit_keeps_its_number_whatever_others_ordered() -> None:
    assert rows(load(doors(2, 3))) == [(3, 1, (2,), 3)]


def test_given_numbers_hold_and_the_others_keep_out_of_their_way() -> None:
    plan = load(doors(0, 1) + doors(1, 1) + doors(2, 1), numbers=(2, None, None))
    # Unit 2's own number is taken, so it has the next after the last; unit 3 keeps 3.
    assert [(cart.number, cart.units) for cart in plan.carts] == [(2, (0,)), (4, (1,)), (3, (2,))]


def test_units_of_one_number_share_its_cart() -> None:
    plan = load(doors(0, 2) + doors(1, 2), numbers=(1, 1, 3))
    assert rows(plan) == [(1, 1, (0, 1), 4)]


def test_a_large_unit_gets_a_second_cart_with_the_next_free_number() -> None:
    # 40 doors of 5 kg are 200 kg for carts of 150 kg: two of 100 kg, the top floors on the first.
    plan = load(doors(0, 40) + doors(1, 5))
    assert rows(plan) == [(1, 1, (0,), 20), (4, 1, (0,), 20), (2, 1, (1,), 5)]
    first, second, _ = plan.carts
    assert (first.weight_g, second.weight_g) == (100 * KG, 100 * KG)


def test_volume_asks_for_a_second_cart_as_weight_does() -> None:
    plan = load(doors(0, 30, kg=1, litres=30))
    assert [cart.volume_ml for cart in plan.carts] == [450_000, 450_000]


def test_bags_of_one_door_stay_on_one_cart() -> None:
    bags = [Bag(0, 1, room, 40 * KG, 1000) for room in (0, 0, 1, 1, 2, 2)]
    plan = load(bags)
    assert [cart.bags for cart in plan.carts] == [(0, 1), (2, 3), (4, 5)]


def test_a_door_that_no_cart_holds_is_spread_over_carts() -> None:
    plan = load([Bag(2, 1, 0, 60 * KG, 1000) for _ in range(3)])
    assert [cart.bags for cart in plan.carts] == [(0, 1), (2,)]


def test_a_bag_that_no_cart_holds_goes_alone_and_is_said() -> None:
    plan = load([*doors(0, 2), Bag(0, 1, 5, 160 * KG, 10_000)])
    assert [(cart.number, cart.bags) for cart in plan.carts] == [(1, (1, 0)), (4, (2,))]
    assert said(plan)[0] == (
        "A bag for 1-1 (160 kg, 10 l) is more than a cart holds; it goes alone as cart 4."
    )


# The order of carrying


def test_top_floor_first_then_by_room_and_unknown_floors_last() -> None:
    bags = [Bag(0, 1, 0, KG), Bag(0, None, 9, KG), Bag(0, 6, 2, KG), Bag(0, 6, 1, KG), Bag(0, 3, 1, KG)]
    plan = load(bags)
    assert plan.carts[0].bags == (3, 2, 4, 0, 1)
    assert said(plan) == ["Bags whose floor is not known: 1. They are carried last and count as half way up."]


# Short of carts


def test_small_units_share_a_cart_when_carts_are_short_own_building_first() -> None:
    # The emptiest load, unit 1-2, has room on both others; 1-1 is its own building.
    plan = load(doors(0, 12) + doors(1, 3) + doors(2, 6), carts=2)
    assert rows(plan) == [(1, 1, (0, 1), 15), (3, 1, (2,), 6)]


def test_carts_are_not_shared_unasked() -> None:
    assert len(load(doors(0, 1) + doors(1, 1)).carts) == 2


def test_small_loads_of_a_building_share_when_the_threshold_says_so() -> None:
    # 15 + 15 kg fill a fifth of a cart; the tower is another building and keeps its own.
    plan = load(doors(0, 3) + doors(1, 3) + doors(2, 3), share_percent=20)
    assert rows(plan) == [(1, 1, (0, 1), 6), (3, 1, (2,), 3)]
    assert len(load(doors(0, 3) + doors(1, 3) + doors(2, 3), share_percent=19).carts) == 3


def test_full_carts_go_out_in_waves_when_there_are_too_few() -> None:
    plan = load(doors(0, 20) + doors(1, 20) + doors(2, 20), carts=2, team=Team(people=2))
    assert [(cart.number, cart.wave) for cart in plan.carts] == [(1, 1), (2, 1), (3, 2)]
    assert (plan.waves, plan.missing_carts, said(plan)) == (2, 0, [])


def test_no_more_is_put_together_than_the_waves_ask_for() -> None:
    # Together all fit on two carts, but in two waves one cart can carry them as they are: one each.
    small = [doors(unit, 16)[:16] for unit in range(3)]
    plan = load([bag for unit in small for bag in unit], carts=1, team=Team(waves_a_day=3))
    assert (plan.waves, len(plan.carts)) == (3, 3)


def test_too_few_carts_for_the_day_are_said_with_what_is_missing() -> None:
    plan = load(doors(0, 25) + doors(1, 25) + doors(2, 25), carts=1)
    assert (plan.waves, plan.missing_carts, plan.missing_people) == (3, 1, 0)
    assert said(plan) == ["This takes 3 waves; a day has 2. To do it in a day, add carts: 1."]


# Hands


def test_the_work_of_a_door() -> None:
    # 120 s at the door, 2 more pieces of 5 s, and 4 floors of 30 s for half a full carry of 20 kg.
    plan = load([Bag(0, 5, 0, 10 * KG, pieces=3)])
    assert plan.rounds[0].work_s == 120 + 2 * 5 + 4 * 30 // 2
    # By lift there is no climbing; 10 kg are 1 % of a person's tonne, 130 s of 180 min are 1.2 %.
    plan = load([Bag(2, 5, 0, 10 * KG, pieces=3)])
    assert (plan.rounds[0].work_s, plan.rounds[0].load_ppm) == (130, 12038)


def test_the_fewest_people_are_found_where_none_are_named() -> None:
    # 100 doors by lift at 2 minutes are 200 minutes: more than the 180 of one person.
    plan = load(doors(2, 100, kg=1, litres=1, floors=1))
    assert (plan.people, plan.waves) == (2, 1)
    assert [one.doors for one in plan.rounds] == [50, 50]


def test_loads_are_even_and_a_person_may_help_at_the_next_cart() -> None:
    plan = load(doors(0, 30) + doors(1, 10), team=Team(people=2))
    first, second = plan.rounds
    assert first.carts == (1,)
    assert second.carts == (1, 2)
    assert abs(first.load_ppm - second.load_ppm) <= (first.load_ppm + second.load_ppm) // 20
    assert [turn.person for turn in plan.carts[0].turns] == [1, 2]


def test_hands_change_at_a_cart_where_that_is_as_fair() -> None:
    # 24 doors on the first cart, 23 on the second: half a door from the even cut.
    plan = load(doors(2, 24) + doors(1, 23, floors=1), team=Team(people=2), capacity=Capacity(200 * KG))
    assert [one.carts for one in plan.rounds] == [(2,), (3,)]


def test_more_work_than_a_wave_goes_out_in_two_with_the_same_people() -> None:
    plan = load(doors(0, 90) + doors(1, 90) + doors(2, 20), team=Team(people=2))
    assert plan.waves == 2
    assert {(one.person, one.wave) for one in plan.rounds} == {(1, 1), (2, 1), (1, 2), (2, 2)}
    assert said(plan) == []


def test_too_few_people_for_the_day_are_said_with_what_is_missing() -> None:
    # 280 doors by lift are 560 minutes: four waves of one person, two of two.
    plan = load(doors(2, 280, kg=1, litres=1), team=Team(people=1))
    assert (plan.waves, plan.missing_people) == (4, 1)
    assert said(plan) == ["This takes 4 waves; a day has 2. To do it in a day, add people: 1."]


def test_missing_people_and_carts_are_said_together() -> None:
    bags = doors(0, 30) + doors(1, 30) + doors(2, 300, kg=1, litres=1)
    plan = load(bags, carts=1, team=Team(people=1))
    missing = f"add people: {plan.missing_people}, and carts: {plan.missing_carts}"
    assert said(plan) == [f"This takes {plan.waves} waves; a day has 2. To do it in a day, {missing}."]
    assert plan.missing_people > 0
    assert plan.missing_carts > 0


def test_the_weight_of_a_wave_limits_a_person_too() -> None:
    plan = load(doors(2, 20, kg=7), team=Team(people=1, wave_g=100 * KG, waves_a_day=9))
    assert plan.waves == 2
    assert max(one.weight_g for one in plan.rounds) <= 100 * KG


def test_a_bag_for_several_hands_is_in_nobodys_round_and_is_said() -> None:
    plan = load([*doors(2, 2), Bag(2, 1, 7, 600 * KG)])
    [usual, heavy] = plan.carts
    assert (heavy.together, heavy.turns) == ((2,), ())
    assert all(2 not in one.bags for one in plan.rounds)
    assert said(plan)[1:] == [
        "A bag of 600 kg for 2-1 on cart 4 is too much for one person: arrange several hands.",
        "Bags over 20 kg, more than one person carries: 1. Take them by two or in parts.",
    ]
    assert usual.together == ()


def test_a_door_of_more_than_half_a_wave_is_carried_in_parts() -> None:
    plan = load([Bag(2, 3, 0, 20 * KG, pieces=600) for _ in range(4)], team=Team(people=4))
    assert [one.doors for one in plan.rounds] == [1, 1, 1, 1]


def test_nothing_to_carry() -> None:
    plan = load([])
    assert (plan.carts, plan.rounds, plan.people, plan.waves, plan.notes) == ((), (), 0, 0, ())
    assert load([], team=Team(people=3)).people == 3


@pytest.mark.parametrize(
    ("figures", "what"),
    [
        ({"bags": (Bag(3, 1, 0, KG),)}, "Bag 1 belongs to no unit of the compound."),
        ({"bags": (Bag(0, 1, 0, -1),)}, "Bag 1 has a weight, volume or number below 0."),
        ({"numbers": (1,)}, "There are 1 cart numbers for 3 units."),
        ({"numbers": (1, 0, 2)}, "One of the cart numbers is 0."),
        ({"carts": 0}, "One of the carts is 0."),
        ({"team": Team(people=0)}, "One of the people is 0."),
        ({"team": Team(minutes=0)}, "One of the limits of the team is 0."),
        ({"capacity": Capacity(weight_g=0)}, "One of the limits of the carts is 0."),
    ],
)
def test_broken_figures_are_refused_with_a_remedy(figures: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError, match=what) as refused:
        Problem(**{"units": UNITS, "bags": (), **figures})
    assert str(refused.value.remedy)
