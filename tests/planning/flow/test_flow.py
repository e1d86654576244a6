"""The drill: what reaches which door when, by hand, against SimPy, and under every shortage."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from parts.flow_oracle import Oracle
from towns_of_flow import BY_THE_CLOCK, HOUR, busy_town, four_homes, towns

from lastmetre.planning.flow import Chances, Change, Estimate, Problem, Regime, plan
from lastmetre.planning.flow.chance import draw
from lastmetre.planning.flow.check import check_flow
from lastmetre.planning.flow.weeks import days_of
from lastmetre.terms import InputError


def doors(problem, day=0):
    """Return when each door got its bag, in minutes of that day."""
    record = list(days_of(problem, 1, 0))[day].record
    order = np.argsort(record.bags.home)
    return (record.door_s[order] / 60).tolist()


def test_four_homes_by_hand():
    # Packed 6:01-6:04. First two out at 6:02, loaded 6:12, at the gate 6:32; 5 min and two bags, then 30 min:
    # 7:08. Sorted 7:09 and 7:10; the walk is 5 min both ways: 7:12:30, doors at 7:14:30 and 7:16:30, back 7:19.
    # The vehicle is back at 7:28, loads until 7:38, 7:58 at the gate, 8:34 unloaded, 8:36 sorted.
    assert doors(four_homes()) == [434.5, 436.5, 520.5, 522.5]


def test_a_second_vehicle_waits_at_the_gate_and_a_second_lane_ends_that():
    # Packed at 6:04 it could be at the gate at 6:34; the lane is free at 7:08, unloaded 7:44, sorted 7:46.
    assert doors(four_homes(vehicles=2))[2:] == [470.5, 472.5]
    # With its own lane: unloaded at 7:10, while the first two are sorted until 7:10; the cart is back at 7:19.
    assert doors(four_homes(vehicles=2, lanes=2))[2:] == [443.5, 445.5]
    assert doors(four_homes(vehicles=2, lanes=2, hands=2, carts=2))[2:] == [436.5, 438.5]


def test_no_cart_goes_out_after_the_wave_and_what_is_left_goes_first_the_next_morning():
    late = four_homes(waves=((7 * HOUR, 8 * HOUR),), days=2)
    result = plan(late, iterations=1)
    assert result.days["delivered"].tolist() == [[2, 4]]
    assert result.days["open"].tolist() == [[2, 0]]
    assert doors(late, day=1)[2:] == [7 * 60 + 4.5, 7 * 60 + 6.5]  # out at 7:00, when the wave begins
    assert result.days["same_day"].tolist() == [[2, 2]]


def test_where_goods_are_short_those_with_the_least_food_come_first_and_the_others_ask_again():
    regime = (Regime("control", every_days=2, standing_s=0),)
    result = plan(four_homes(stock_g=4000, regimes=regime, days=4, home_days=0.0), iterations=1)
    assert result.total("delivered").tolist() == [2]
    assert result.total("short").sum() > 0
    assert result.days["hungry"][0, -1] == 4


def test_what_waits_too_long_is_thrown_away_and_asked_for_again():
    nobody = four_homes(hands=0, days=3)
    nobody = dataclasses.replace(nobody, keeps_days=2)
    result = plan(nobody, iterations=1)
    assert result.days["spoiled"].tolist() == [[0, 4, 0]]
    assert result.days["asked"].tolist() == [[4, 0, 4]]


def test_a_change_of_regime_changes_rhythm_and_standing():
    regimes = (Regime("open", standing_s=0), Regime("sealed", every_days=3, standing_s=1800))
    changed = four_homes(regimes=regimes, changes=(Change(1, 1),), days=4)
    assert plan(changed, iterations=1).days["asked"].tolist() == [[4, 0, 0, 4]]
    assert doors(changed, day=0)[0] == 424.5  # there at 6:38, the cart waits for the wave at 7:00
    assert (
        doors(changed, day=3)[0] == 432
    )  # 3 kg go alone: 6:31 at the gate, 7:06:30 unloaded, 7:07:30 sorted


def test_who_buys_for_themselves_neither_asks_nor_hungers_and_all_ask_at_once_when_it_is_sealed():
    regimes = (Regime("open", orders=0.0), Regime("sealed", every_days=3, standing_s=0))
    closing = four_homes(regimes=regimes, changes=(Change(4, 1),), days=6, home_days=0.0)
    assert plan(closing, iterations=1).days["asked"].tolist() == [[0, 0, 0, 0, 4, 0]]
    assert plan(closing, iterations=1).days["hungry"][0, :4].tolist() == [0, 0, 0, 0]


def test_for_the_last_one_who_stays_away_somebody_stands_in():
    alone = four_homes(chances=Chances(spread=0.0, absence=1.0))
    assert doors(alone) == doors(four_homes())
    assert plan(four_homes(hands=0), iterations=1).total("delivered") == 0


def test_every_bag_has_the_same_time_as_in_simpy():
    problem = busy_town(chances=Chances(absence=0.1, breakdown=0.1))
    record = next(days_of(problem, 3, 0)).record
    oracle = Oracle(problem, record.bags, draw(problem, 3, 0, 0)).run()
    assert 0 < np.isfinite(record.door_s).sum() < len(record.bags)
    np.testing.assert_allclose(record.door_s, oracle.door_s, rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(towns())
def test_no_day_breaks_a_limit_or_loses_a_bag(problem):
    assert check_flow(problem, list(days_of(problem, 5, 0))) == ()


def test_the_check_sees_a_cart_out_of_hours_and_a_lost_bag():
    problem = four_homes()
    (day,) = days_of(problem, 1, 0)
    early = dataclasses.replace(day.record.rounds, start_s=day.record.rounds.start_s - HOUR)
    assert check_flow(
        problem, [dataclasses.replace(day, record=dataclasses.replace(day.record, rounds=early))]
    )
    assert check_flow(problem, [dataclasses.replace(day, asked=day.asked[1:])])


def test_the_same_seed_gives_the_same_days_and_one_more_hand_the_same_luck():
    problem = busy_town(homes=60, chances=Chances(absence=0.2))
    first, again = plan(problem, seed=4, iterations=3), plan(problem, seed=4, iterations=3)
    assert first.door_bins.tolist() == again.door_bins.tolist()
    assert first.door_bins.tolist() != plan(problem, seed=5, iterations=3).door_bins.tolist()
    more = dataclasses.replace(
        problem, compounds=tuple(dataclasses.replace(one, hands=3) for one in problem.compounds)
    )
    before, after = draw(problem, 4, 0, 0), draw(more, 4, 0, 0)
    assert (after.crew - before.crew <= 1).all()
    assert before.vehicles.tolist() == after.vehicles.tolist()
    assert before.door.tolist() == after.door.tolist()


def test_replications_give_an_interval_and_a_budget_at_least_a_day():
    assert Estimate.of(np.array([1.0, 2.0, 3.0])).half_width == pytest.approx(2.4841, abs=1e-4)
    problem = busy_town(homes=30)
    seen = []
    result = plan(problem, iterations=4, progress=seen.append)
    assert result.replications == 4
    assert seen == [0.25, 0.5, 0.75, 1.0]
    assert 0 < Estimate.of(result.mean_hours()).half_width < np.inf
    assert plan(problem, iterations=None, seconds=0).replications == 1
    assert plan(problem, cancelled=lambda: True).replications == 1
    weeks = dataclasses.replace(problem, days=30)
    assert plan(weeks, iterations=None, seconds=0).days["asked"].shape == (1, 1)
    asked = iter([False] * 40 + [True] * 40)
    assert plan(weeks, cancelled=lambda: next(asked)).days["asked"].shape == (1, 30)
    assert result.worst_share().tolist() == result.share.min(axis=1).tolist()


def test_an_empty_town_has_an_empty_day():
    nobody = Problem((), (), [], [], [])
    assert plan(nobody, iterations=1).total("asked").tolist() == [0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"home_unit": [1, 0, 0, 0]}, "order of their compounds and units"),
        ({"people": [1, 1, -1, 1]}, "below 0"),
        ({"people": [1, 1]}, "differ in length"),
        ({"changes": (Change(0, 7),)}, "Number 7 of the regimes"),
        ({"chances": dataclasses.replace(BY_THE_CLOCK, absence=1.5)}, "chance is 1.5"),
        ({"days": 0}, "days is 0"),
    ],
)
def test_what_makes_no_sense_is_said(changes, said):
    with pytest.raises(InputError, match=said):
        dataclasses.replace(four_homes(), **changes)
