"""Fancheng's mode C (FC4): one list to a large supermarket, boxed by compound, fetched by the community's vehicle."""

from __future__ import annotations

from pathlib import Path

import pytest
from journey_day import Day, everybody_answered, squared
from journey_town import Good, build
from way_to_the_door import delivered, fetched_in_boxes, packed_by_the_shop

from lastmetre.ground.goods.rules import SupplierKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

GOODS = (
    Good("A", "蔬菜包", "vegetables", "30.00", 4000),
    Good("B", "食用油", "oil", "69.90", 5000, case_size=4),
)
CHAIN = """#接龙
A 蔬菜包 B 食用油
1. 1-1-101 A1 B1
2. 1-1-201 A1
3. 1-2-101 A2
4. 1-2-201 B1
5. 2-1-101 A1 B1
6. 2-1-201 A3
7. 2-2-101 A1
8. 2-2-201 B2"""
BAGS_A_BOX = 3
LOST = "2-1-201"


@pytest.fixture
def day(db: None) -> Day:
    """Two buildings, and one of the eleven supermarkets (FC1)."""
    market = {"好邻居超市": (SupplierKind.SUPERMARKET, GOODS)}
    with acting_as(SYSTEM) as now:
        town = build("汉江嘉苑", {"1": 2, "2": 2}, 2, market, now)
    return Day(town, "好邻居超市")


def test_boxes_are_fetched_counted_opened_and_what_is_missing_is_paid_back(day: Day, tmp_path: Path) -> None:
    day.begin(GOODS, mode="boxes")
    day.paste(CHAIN)
    day.cut_and_share()
    packed_by_the_shop(day, bags_a_box=BAGS_A_BOX)
    day.paid_by_app(tmp_path)
    assert fetched_in_boxes(day, missing=LOST) == 3  # eight bags, three a box
    assert set(day.due()) == {day.town.home[LOST].pk}
    delivered(day)
    day.carry_on()
    day.close()
    grams = squared(day)
    assert grams["lost"] == 3 * 4000  # its three vegetable packs
    assert everybody_answered(day) == 8
