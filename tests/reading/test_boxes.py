"""Address and boxes of a row name one home, or a person is asked; nobody's box decides against another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.reading.boxes import Boxes, note_doubts, read_home, spell
from lastmetre.terms import Building, Compound, Home, Household, Place, Unit

LANE = "上海市某区桂花路500弄"
SURE = (
    # what a person sees -> the home
    (Boxes(f"{LANE}56号602室", "500", "56", "", "602"), "56-602"),
    (Boxes(f"{LANE}56号602室"), "56-602"),
    (Boxes(LANE, "500", "56", "", "602"), "56-602"),
    (Boxes(f"{LANE}86801", "500", "86", "", "801"), "86-801"),
    (Boxes(f"{LANE}31502", "500弄", "3", "", "1502"), "3-1502"),
    (Boxes("桂花路500号桂花苑45-101", "500弄", "45", "", "101"), "45-101"),
    (Boxes("桂花路500号88#1701", "500弄", "88", "", "1701"), "88-1701"),
    (Boxes(f"{LANE}桂花苑52－502", "500弄", "52－502室。", "", "502号。"), "52-502"),
    (Boxes(f"{LANE}29号", "500", "29号", "", "别墅"), "29-别墅"),
    (Boxes("桂花路5OO弄69号2O1室。", "桂花路500弄69号201室", "69号", "", "2O1室"), "69-201"),
    (Boxes("", "", "友园12", "", "6o2是"), "友园12-602"),
    (Boxes("", "", "A座", "", "1203室"), "A-1203"),
    (Boxes("", "", "五号楼", "", "三零一"), "5-301"),
    (Boxes("", "", "商务楼", "", "501"), "商务楼-501"),
    (Boxes("", "", "3栋", "2单元", "501室"), "3-2-501"),
    (Boxes("", "", "3号楼2单元", "", "501"), "3-2-501"),
    (Boxes("", "", "3-2", "", "501"), "3-2-501"),
    (Boxes("", "", "3", "", "2-501"), "3-2-501"),
    (Boxes("", "", "3", "", "3-501"), "3-501"),
    (Boxes("", "", "", "", "7-2-903"), "7-2-903"),
    (Boxes("", "", "", "", "3栋2单元501"), "3-2-501"),
    (Boxes("", "", "7-2-903", "", "903"), "7-2-903"),
    (Boxes("桂花路66号院桂花苑6号楼404", "66", "6", "", "404"), "6-404"),
    (Boxes(f"{LANE}56号602室", "56", "56", "", "602"), "56-602"),
    (Boxes("同上", "", "5", "", "301"), "5-301"),
)


@pytest.mark.parametrize(
    ("boxes", "home"), SURE, ids=[f"{number}: {home}" for number, (_, home) in enumerate(SURE)]
)
def test_one_home_however_it_is_typed(boxes: Boxes, home: str) -> None:
    place, doubts = read_home(boxes)
    assert spell(place) == home
    assert doubts == ()


UNSURE = (
    (Boxes(f"{LANE}69号902", "500", "47", "", "102"), "two_homes", {"69-902", "47-102"}),
    (Boxes(f"{LANE}69号902", "500", "69", "", "901"), "two_homes", {"69-902", "69-901"}),
    (Boxes(f"{LANE}11号101室", "500", "1", "", "1101"), "two_homes", {"11-101", "1-1101"}),
    (Boxes(f"{LANE}3-2-501", "500", "2", "", "501"), "two_homes", {"3-2-501", "2-501"}),
    (Boxes("", "", "52-502", "", "602"), "two_homes", {"52-502", "52-602"}),
    (Boxes("", "", "52", "", "53-502"), "two_homes", {"52-502", "53-502"}),
    (Boxes("", "桂花路500弄69号201室", "70号", "", "201室"), "two_homes", {"69-201", "70-201"}),
    (Boxes("桂花路168弄5号602", "500", "5", "", "602"), "two_homes", {"168弄5-602", "500弄5-602"}),
    (Boxes(f"{LANE}31502"), "glued_address", {"3-1502", "31-502"}),
    (Boxes("", "", "2022-12-05", "", ""), "date_for_home", {"12-5", "5-12"}),
)


@pytest.mark.parametrize(("boxes", "code", "homes"), UNSURE, ids=[spelled.text for spelled, _, _ in UNSURE])
def test_two_homes_go_to_a_person_with_both_as_suggestions(boxes: Boxes, code: str, homes: set[str]) -> None:
    place, (doubt,) = read_home(boxes)
    assert doubt.code == code
    assert homes <= set(doubt.suggestions)
    if code != "glued_address":
        assert not spell(place)
    assert place.text == boxes.text


BUILDINGS = st.integers(1, 99).map(str)
ROOMS = st.builds(lambda floor, door: f"{floor}{door:02}", st.integers(1, 33), st.integers(1, 8))
ENDINGS = st.sampled_from(["", "号", "号楼", "栋", "幢"]), st.sampled_from(["", "室", "号", "。", "号。"])


@settings(deadline=None)
@given(BUILDINGS, ROOMS, *ENDINGS, BUILDINGS, ROOMS)
def test_boxes_with_any_ending_agree_with_their_address_and_with_no_other(
    building: str, room: str, of_building: str, of_room: str, other_building: str, other_room: str
) -> None:
    boxes = Boxes(f"{LANE}{building}号{room}室", "500", building + of_building, "", room + of_room)
    assert spell(read_home(boxes)[0]) == f"{building}-{room}"
    other = Boxes(f"{LANE}{other_building}号{other_room}室", "500", building, "", room)
    place, doubts = read_home(other)
    same = (building, room) == (other_building, other_room)
    assert bool(doubts) is not same
    assert bool(spell(place)) is same


VILLAS = Compound(
    "桂花苑",
    buildings=(Building("29"), Building("3", units=(Unit("3", "21"), Unit("3", "22")))),
    households=(
        Household(Home("29", "", "")),
        Household(Home("3", "21", "501")),
        Household(Home("3", "22", "501")),
    ),
)


def test_a_second_home_within_the_address_is_asked_about() -> None:
    _, (doubt,) = read_home(Boxes(f"{LANE}56号602室（请放58号301室）", "500", "56", "", "602"))
    assert doubt.suggestions == ("56-602", "58-301")


def test_a_villa_has_no_room_where_the_roster_knows_none() -> None:
    assert read_home(Boxes("", "", "29", "", "别墅"), VILLAS)[0].room is None


def test_the_compound_says_what_may_be_a_unit() -> None:
    assert spell(read_home(Boxes("", "", "3", "", "22-501"), VILLAS)[0]) == "3-22-501"
    assert read_home(Boxes("", "", "3", "", "2-501"), VILLAS)[1][0].code == "two_homes"


HOME = Place("", building="48", room="302")


@pytest.mark.parametrize(
    "note", ["22:48-302", "请送到48号302室", "要熟一点的", "下午5-6点在家", "不要辣，13800001234", ""]
)
def test_a_note_that_names_no_other_home_is_no_doubt(note: str) -> None:
    assert note_doubts(note, HOME) == ()


@pytest.mark.parametrize("note", ["22:帮忙送到87-105", "放87号105门口", "87:地址是500弄87号105"])
def test_a_note_that_redirects_is_asked_about(note: str) -> None:
    (doubt,) = note_doubts(note, HOME)
    assert doubt.code == "note_redirects"
    assert doubt.suggestions == ("87-105", "48-302")


def test_a_home_that_only_the_note_names_is_asked_about() -> None:
    (doubt,) = note_doubts("送到87-105", Place(LANE))
    assert doubt.suggestions == ("87-105",)
