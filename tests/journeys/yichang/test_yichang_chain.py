"""Yichang's chain (YC3): every resident has the platforms' links, all goods meet at one gate, officers to each door."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from journey_day import Day, everybody_answered, squared
from journey_town import Good, build
from way_to_the_door import ended_wave, out_with_the_carts, packed_by_the_shop, scanned_at_doors, to_the_gate

from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.sorting.models import CartRun
from lastmetre.ground.goods.rules import SupplierKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.scenarios.figures import read_sheet
from lastmetre.scenarios.yichang.making import NAMES

YICHANG = read_sheet("yichang")
FRESH = (Good("A", "蔬菜包", "vegetables", "29.90", 3000),)
DRY = (Good("A", "大米", "rice", "36.00", 5000), Good("B", "挂面", "noodles", "9.90", 1000))


@pytest.fixture
def days(db: None) -> Sequence[Day]:
    """东辰心语: 26 buildings, 35 units (YC1), a door each; two of the platforms whose links were sent."""
    sellers = {"鲜生平台": (SupplierKind.PLATFORM, FRESH), "粮油平台": (SupplierKind.PLATFORM, DRY)}
    buildings = {name: 2 if name in YICHANG.rest["two_units"] else 1 for name in NAMES}
    with acting_as(SYSTEM) as now:
        town = build("东辰心语", buildings, 1, sellers, now)
    assert (len(town.building), len(town.home)) == (YICHANG["buildings"], YICHANG["units"])
    fresh, dry = Day(town, "鲜生平台"), Day(town, "粮油平台")
    dry.phones = fresh.phones
    return fresh, dry


def test_goods_of_several_platforms_reach_each_door_in_one_visit(days: Sequence[Day], tmp_path: Path) -> None:
    fresh, dry = days
    asked(fresh, dry)
    for day in days:
        day.cut_and_share()
        packed_by_the_shop(day)
        day.paid_by_app(tmp_path)
        to_the_gate(day)
    runs = out_with_the_carts(fresh)
    assert runs == YICHANG["units"], "one cart a unit"
    out_with_the_carts(dry)
    both_bags_by_one_scan(fresh, dry)
    for day in days:
        ended_wave(day)
        day.close()
        assert squared(day)["lost"] == 0
    assert everybody_answered(fresh) == YICHANG["units"]
    assert everybody_answered(dry) == 12


def asked(fresh: Day, dry: Day) -> None:
    """The chat of the compound; who cannot is asked at the door by an officer (YC4a)."""
    doors = list(fresh.town.home)
    fresh.begin(FRESH, mode="chain", title="鲜生")
    chain = [f"{number}. {door} A{1 + number % 3}" for number, door in enumerate(doors[:-1], start=1)]
    fresh.paste("#接龙\nA 蔬菜包\n" + "\n".join(chain))
    assert fresh.doubts() == []
    officer = fresh.who("building_head", fresh.town.building["E6"])
    last = fresh.town.home[doors[-1]].pk
    officer.tap(f"/orders/rounds/{fresh.row.pk}/phone/{last}", keyed="A1", is_proxy="on")
    dry.begin(DRY, mode="chain", title="粮油")
    for door in doors[:12]:
        dry.order(door, {"A": "1", "B": "2"})


def both_bags_by_one_scan(fresh: Day, dry: Day) -> None:
    """One scan closes all bags of a door, of whichever platform."""
    scanned_at_doors(fresh)
    with acting_as(SYSTEM):
        open_bags = Parcel.objects.filter(book__in=[fresh.row.book_id, dry.row.book_id], ended_at=None)
        assert not open_bags.exists()
        assert CartRun.objects.filter(round__in=[fresh.row, dry.row]).count() == 35 + 12
    assert dry.refresh().state == fresh.refresh().state == "settling"
