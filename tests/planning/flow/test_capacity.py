"""Capacity: the closed forms agree with the drill, name what holds it up, and what one more would bring."""

import dataclasses

import numpy as np
import pytest
from towns_of_flow import four_homes

from lastmetre.planning import capacity, flow
from lastmetre.planning.capacity import Means

PLENTY = {"lines": 40, "vehicles": 40, "lanes": 6, "sorters": 20, "hands": 80, "carts": 90}


def two_yards(homes=2400, *, chances=flow.Chances(), **scarce):  # noqa: B008
    """Two compounds of walk-ups at one supplier, with plenty of everything but what is scarce."""
    rng = np.random.default_rng(3)
    there = PLENTY | scarce
    supplier = flow.Supplier("s", lines=there["lines"], vehicles=there["vehicles"], vehicle_g=300_000)
    yard = {name: there[name] for name in ("lanes", "sorters", "hands", "carts")}
    return flow.Problem(
        (supplier,),
        tuple(flow.Compound(f"c{place}", 0, drive_s=1800, **yard) for place in range(2)),
        home_compound=np.repeat(np.arange(2), homes // 2),
        home_unit=np.tile(np.arange(homes // 2) // 30, 2),
        people=rng.integers(1, 6, homes),
        climbs=rng.integers(0, 6, homes),
        chances=chances,
    )


@pytest.mark.parametrize(
    ("means", "homes", "count"),
    [
        (Means.LINE, 2400, 2),
        (Means.VEHICLE, 2400, 2),
        (Means.LANE, 5000, 1),
        (Means.SORTER, 5000, 1),
        (Means.HAND, 2400, 5),
        (Means.CART, 2400, 5),
    ],
)
@pytest.mark.parametrize("chances", [flow.Chances(), flow.Chances(spread=0.0)], ids=["chance", "clock"])
def test_within_five_percent_of_the_drill_also_with_one_more(means, homes, count, chances):
    scarce = two_yards(homes, chances=chances, **{capacity.FIELDS[means]: count})
    reckoned = capacity.plan(scarce)
    assert {room.bottleneck for room in reckoned.rooms} == {means}
    assert reckoned.served == pytest.approx(brought(scarce), rel=0.05)
    more = {one.place: one.bags for one in reckoned.more if one.means == (means,)}
    with_more = two_yards(homes, chances=chances, **{capacity.FIELDS[means]: count + 1})
    assert reckoned.served + sum(more.values()) == pytest.approx(brought(with_more), rel=0.05)
    assert reckoned.more[0].means == (means,)


def brought(problem):
    return flow.plan(problem, iterations=8).total("delivered").mean()


def test_by_hand():
    # In 2 hours rounds of 9 minutes are begun at 0, 9, ... 117 minutes; in no time none is.
    assert capacity.begun(7200, 540, 0) == pytest.approx(14)
    assert capacity.begun(0, 540, 100) == 0
    # One line packs a bag a minute; the last vehicle leaves at 8:20, to be there and unloaded by the wave's end.
    (room,) = capacity.plan(four_homes()).rooms
    assert room.wanted == room.served == 4
    assert 90 < room.limits[Means.LINE] < 145
    assert room.bottleneck is None
    assert capacity.plan(four_homes()).more == ()


def test_where_hands_and_carts_are_short_only_a_pair_helps():
    scarce = two_yards(hands=5, carts=5)
    first = capacity.plan(scarce).more[0]
    assert first.means == (Means.HAND, Means.CART)
    assert first.bags > 100


def test_who_stays_away_counts_and_a_place_without_anybody_gets_nothing_through():
    away = capacity.plan(two_yards(hands=8, chances=flow.Chances(absence=0.25)))
    assert away.served == pytest.approx(capacity.plan(two_yards(hands=6)).served, rel=0.01)
    nobody = capacity.plan(two_yards(sorters=0, homes=60))
    assert nobody.served == 0
    assert {one.means for one in nobody.more} == {(Means.SORTER,)}
    empty = flow.Problem((), (), [], [], [])
    assert capacity.plan(empty) == capacity.Plan((), ())


def test_a_longer_standing_makes_the_gate_the_bottleneck():
    town = two_yards(5000, hands=8, lanes=1)
    assert capacity.plan(town).rooms[0].bottleneck is Means.HAND
    sealed = dataclasses.replace(town, regimes=(flow.Regime("sealed", standing_s=7200),))
    assert capacity.plan(sealed).rooms[0].bottleneck is Means.LANE
