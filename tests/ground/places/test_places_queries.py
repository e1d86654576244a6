"""The tree with its counts, the roster masked and found, the compound as the steward's tool knows it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from small_district import Small, staff

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
from lastmetre.ground.places.actions.compounds import (
    NewCart,
    NewGate,
    NewPoint,
    NewUnloadingPoint,
    add_carts,
    add_gates,
    add_points,
    add_unloading_points,
    edit_compound,
    remove_part,
)
from lastmetre.ground.places.actions.grids import save_grid
from lastmetre.ground.places.actions.households import edit_household, reveal
from lastmetre.ground.places.actions.tree import end_place, record_survey
from lastmetre.ground.places.models import Gate, Household, Point
from lastmetre.ground.places.queries.compounds import Hands, carts, doors_by_home, parts, terms
from lastmetre.ground.places.queries.roster import roster
from lastmetre.ground.places.queries.tree import ancestors, children, counts_of, find_places, tops
from lastmetre.ground.places.rules import Need, PlaceKind
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import Home, InputError, Unit


def test_a_place_shows_what_lies_above_and_within(small: Small) -> None:
    assert [place.name for place in ancestors(small["1-2"])] == ["二七区", "德化街", "开元丽城", "1"]
    branches = children(small["street"], small.at)
    assert [branch.name for branch in branches] == ["别苑", "开元丽城"]
    licheng = branches[1].counts
    assert (licheng.buildings, licheng.units, licheng.households, licheng.people) == (2, 2, 3, 6)
    assert [branch.name for branch in children(small["compound"], small.at)] == ["1", "10"]
    assert counts_of(small["district"]).compounds == 2
    assert counts_of(small["district"]).households == 4


def test_what_has_ended_does_not_count(small: Small) -> None:
    end_place(small["1-1"], by=SYSTEM, at=small.at)
    counts = counts_of(small["compound"])
    assert (counts.units, counts.households, counts.people) == (1, 2, 3)
    assert [branch.name for branch in children(small["1"], small.at, ended=True)] == ["1", "2"]


def test_a_survey_stands_in_where_no_roster_is_known(small: Small) -> None:
    record_survey(small["other"], households=928, people=2100, needs={}, by=SYSTEM, at=small.at)
    counts = {branch.name: branch.counts for branch in children(small["street"], small.at)}
    assert counts["别苑"].most_households == 928
    assert counts["开元丽城"].most_households == 3
    assert counts_of(small["district"]).reported_people == 2100


@pytest.mark.parametrize("count", [10, 300])
def test_a_list_asks_the_same_few_questions_however_long(small: Small, count: int) -> None:
    rows = [NewPlace(PlaceKind.BUILDING, f"东{n}", small["other"].pk) for n in range(count)]
    add_places(rows, by=SYSTEM, at=small.at)
    add_households([NewHousehold(row.id, "101", name="王芳") for row in rows], by=SYSTEM, at=small.at)
    other = small["other"]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(children(other, small.at)) == count + 1
    assert len(asked) == 4
    with CaptureQueriesContext(connection) as asked:
        roster(other, limit=300)
    assert len(asked) == 1


def test_a_walk_begins_at_what_one_may_see(small: Small) -> None:
    head = staff(small["1"].path)
    with acting_as(head):
        assert [branch.name for branch in tops(head, small.at)] == ["1"]
        assert [place.name for place in ancestors(small["1"])] == ["二七区", "德化街", "开元丽城"]
        assert roster(small["compound"]).rows == roster(small["1"]).rows
        assert len(roster(small["1"]).rows) == 2
    assert [branch.name for branch in tops(SYSTEM, small.at)] == ["二七区"]


@pytest.mark.parametrize(
    ("words", "first"), [("kylc", "开元丽城"), ("丽城", "开元丽城"), ("德化", "德化街"), ("lc", "开元丽城")]
)
def test_places_are_found_by_name_alias_and_initials(small: Small, words: str, first: str) -> None:
    assert find_places(SYSTEM, words)[0].name == first
    with acting_as(staff(small["other"].path)) as _:
        assert find_places(staff(small["other"].path), words) == []


def test_a_roster_is_masked_and_in_the_order_of_doors(small: Small) -> None:
    rows = roster(small["compound"]).rows
    assert [row.home for row in rows] == ["1-1-101", "1-2-1701", "10-201"]
    assert [row.name for row in rows] == ["单**", "王**", "李**"]
    assert [row.phone_tail for row in rows] == ["1234", "1701", ""]


@pytest.mark.parametrize(
    ("words", "homes"),
    [
        ("1234", ["1-1-101"]),
        ("1701", ["1-2-1701"]),
        ("单雄信", ["1-1-101"]),
        ("sxx", ["1-1-101"]),
        ("dxx", ["1-1-101"]),
        ("201", ["10-201"]),
        ("10-201", ["10-201"]),
        ("1-2-1701", ["1-2-1701"]),
        ("1栋2单元1701", ["1-2-1701"]),
        ("一号楼", ["1-1-101", "1-2-1701"]),
        ("13800001701", ["1-2-1701"]),
        ("nobody", []),
        ("9999", []),
    ],
)
def test_a_household_is_found_as_people_ask_for_it(small: Small, words: str, homes: list[str]) -> None:
    assert [row.home for row in roster(small["compound"], words=words).rows] == homes


def test_households_are_found_by_coded_need(small: Small) -> None:
    rows = roster(small["district"], needs=[Need.LIVES_ALONE]).rows
    assert [row.home for row in rows] == ["10-201"]


def test_pages_of_a_roster_join_without_gap_or_double(small: Small) -> None:
    rooms = [NewHousehold(small["10"].pk, str(n)) for n in range(301, 348)]
    add_households(rooms, by=SYSTEM, at=small.at)
    seen, after = [], ""
    while True:
        page = roster(small["compound"], after=after, limit=7)
        seen += [row.home for row in page.rows]
        if not (after := page.next):
            break
    assert seen == [row.home for row in roster(small["compound"], limit=100).rows]
    assert len(seen) == len(set(seen)) == 50
    for cursor in ("x", "e30", "bnVsbA", "WzEsMiwzLDRd"):
        with pytest.raises(InputError, match="does not exist"):
            roster(small["compound"], after=cursor)


def test_a_compound_goes_to_reading_and_papers(small: Small) -> None:
    edit_compound(small["compound"], lanes=["66"], two_parts="unit-room", by=SYSTEM, at=small.at)
    compound = terms(small["compound"], people=True)
    assert (compound.name, compound.aliases, compound.lanes) == ("开元丽城", ("丽城",), ("66",))
    assert compound.two_parts == ("unit", "room")
    assert compound.buildings[0].aliases == ("一号楼",)
    assert compound.buildings[0].units == (Unit("1", "1", 18, True), Unit("1", "2", 18, True))
    assert compound.buildings[1].units == (Unit("10", "", 6, False),)
    assert [str(one.home) for one in compound.households] == ["1-1-101", "1-2-1701", "10-201"]
    assert compound.households[0].phone == "13800001234"
    masked = terms(small["compound"], people=False)
    assert {(one.name, one.phone) for one in masked.households} == {("", "")}
    assert masked.households[1].home == Home("1", "2", "1701")


@pytest.mark.parametrize(
    ("key", "homes"), [("1", ["1-1-101", "1-2-1701"]), ("1-2", ["1-2-1701"]), ("street", 4)]
)
def test_parts_of_a_compound_name_homes_the_same(small: Small, key: str, homes: list[str] | int) -> None:
    found = [str(one.home) for one in terms(small[key], people=False).households]
    assert found == homes or len(found) == homes
    assert len(doors_by_home(small["compound"])) == 3


def test_a_compound_has_gates_points_and_numbered_carts(small: Small) -> None:
    compound = small["compound"]
    gate = add_gates([NewGate(compound.pk, "东门")], by=SYSTEM, at=small.at)[0]
    add_unloading_points(
        [NewUnloadingPoint(compound.pk, "1号卸货点", number=1, gate=gate.pk)], by=SYSTEM, at=small.at
    )
    add_points([NewPoint(compound.pk, "delivery_point", "物业门口")], by=SYSTEM, at=small.at)
    numbers = [(2, "1-2"), (1, "1-1"), (3, None)]
    add_carts(
        [NewCart(compound.pk, number, small[unit].pk if unit else None) for number, unit in numbers],
        by=SYSTEM,
        at=small.at,
    )
    found = parts(compound)
    assert [str(point) for point in (*found.gates, *found.unloading_points, *found.points)] == [
        *("东门", "1号卸货点", "物业门口")
    ]
    assert [(cart.number, cart.building, cart.unit) for cart in carts(compound)] == [
        *((1, "1", "1"), (2, "1", "2"), (3, "", ""))
    ]
    with pytest.raises(InputError, match="there already"):
        add_carts([NewCart(compound.pk, 3)], by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="another compound"):
        add_carts([NewCart(compound.pk, 4, small["other-1"].pk)], by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="is no compound"):
        add_gates([NewGate(small["street"].pk, "北门")], by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="in use"):
        remove_part(Gate.objects.get(), by=SYSTEM, at=small.at)
    remove_part(Point.objects.get(), by=SYSTEM, at=small.at)
    assert parts(compound).points == ()


def test_hands_say_what_they_can_carry() -> None:
    assert Hands(12, 2, 30, 720).hours_for_all == 2.0
    assert Hands(None, 2, 30, 720).hours_for_all is None


def test_a_grid_groups_buildings_across_compounds_once(small: Small) -> None:
    save_grid(
        small["street"], name="第一片区", members=[small["1"].pk, small["other-1"].pk], by=SYSTEM, at=small.at
    )
    with pytest.raises(InputError, match="another grid"):
        save_grid(small["street"], name="第二片区", members=[small["1"].pk], by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="does not lie in"):
        save_grid(small["compound"], name="第三片区", members=[small["other-1"].pk], by=SYSTEM, at=small.at)


def test_what_a_form_masks_is_not_written_back(small: Small) -> None:
    row = small.household("1-2-1701")
    edit_household(row, phone="13800008888", floor=17, head_count=4, by=SYSTEM, at=small.at)
    row = small.household("1-2-1701")
    assert (row.name, row.phone, row.head_count) == ("王芳", "13800008888", 4)
    assert Entry.objects.get(verb="edit").detail == {"changed": ["phone", "head_count"]}
    assert [one.home for one in roster(small["compound"], words="8888").rows] == ["1-2-1701"]


def test_a_look_at_a_household_is_recorded_and_needs_leave(small: Small) -> None:
    viewer = staff(small["compound"].path, key="viewer")
    with acting_as(viewer):
        assert reveal(small.household("1-1-101"), by=viewer, at=small.at, why="送药").phone == "13800001234"
        with pytest.raises(Household.DoesNotExist):
            small.household("other-1-101")
    entry = Entry.objects.get(verb="revealed")
    assert (entry.actor, entry.thing, entry.why) == ("viewer", small.households["1-1-101"].pk, "送药")
    with pytest.raises(Denied):
        reveal(small.household("1-1-101"), by=staff(small["1-2"].path), at=small.at)


def test_twenty_homes_in_ten_minutes_raise_one_alarm(small: Small) -> None:
    rows = [NewHousehold(small["10"].pk, str(n), name="王芳") for n in range(301, 326)]
    for row in add_households(rows, by=SYSTEM, at=small.at):
        reveal(row, by=staff(small["compound"].path, key="curious"), at=small.at)
    assert Entry.objects.filter(verb="revealed").count() == 25
    assert Entry.objects.filter(verb="alarm").count() == 1


def test_a_household_sees_and_changes_itself_without_a_line(small: Small) -> None:
    row = small.household("1-1-101")
    resident = Actor(str(row.pk), ActorKind.HOUSEHOLD, sees=(row.path,))
    with acting_as(resident):
        assert reveal(small.household("1-1-101"), by=resident, at=small.at).name == "单雄信"
        edit_household(
            small.household("1-1-101"), note="请放门口", floor=1, head_count=3, by=resident, at=small.at
        )
        assert Household.objects.count() == 1
        with pytest.raises(Denied):  # a door's number is not its household's to change
            edit_household(
                small.household("1-1-101"), room="9", floor=1, head_count=3, by=resident, at=small.at
            )
    assert small.household("1-1-101").note == "请放门口"
    assert not Entry.objects.filter(verb="revealed").exists()
