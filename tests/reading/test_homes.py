"""A place as written is one household of the compound, or a doubt that says why not and what it may be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from compound_of_the_tests import COMPOUND, HOMES, PHONE, WITHOUT_ROSTER, codes, household, resolved

from lastmetre.reading.homes import HomeBook
from lastmetre.reading.places import read_address
from lastmetre.terms import Building, Home, OrderLine, Place, Source


def found(text: str, book: HomeBook) -> str:
    """The home that an address names, as building-unit-room; '' where none is found."""
    home, _ = book.find(read_address(text, book.compound))
    return str(home or "")


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("3-501", "3-501"),
        ("3号楼501室", "3-501"),
        ("三栋五零一", "3-501"),
        ("03-501", "3-501"),
        ("500弄3号501室", "3-501"),
        ("7-2-903", "7-2-903"),
        ("7号楼2单元903", "7-2-903"),
        ("7-904", "7-2-904"),  # only one unit has a 904
        ("友园12-404", "友园12-404"),
        ("友园12号404", "友园12-404"),
        ("有园12-404", "友园12-404"),  # sounds the same
        ("别墅1", "别墅1"),
        ("A1203", "A-1203"),
        ("a座1203室", "A-1203"),
        ("桂花苑3-501", "3-501"),
        ("桂花苑7号楼2单元903", "7-2-903"),
    ],
)
def test_a_place_is_its_household(text: str, home: str) -> None:
    (line,) = resolved(f"{text} 鸡蛋2板")
    assert (str(line.home), codes(line)) == (home, set())


@pytest.mark.parametrize(
    ("text", "code", "suggested"),
    [
        ("7-903", "which_home", ["7-1-903", "7-2-903"]),
        ("7-1-904", "no_such_home", ["7-2-904", "7-1-903"]),
        ("3-503", "no_such_home", ["3-502", "3-501"]),
        ("501室", "which_home", ["3-501"]),
        ("9-501", "no_such_building", []),
        ("600弄3号501室", "other_lane", []),
        ("3号楼", "room_missing", []),
    ],
)
def test_a_place_that_is_no_household_is_doubted_with_suggestions(
    text: str, code: str, suggested: list[str]
) -> None:
    home, (doubt,) = HOMES.find(read_address(text, COMPOUND))
    assert (home, doubt.code) == (None, code)
    assert list(doubt.suggestions[: len(suggested)]) == suggested


def test_every_suggestion_is_a_household_of_the_compound() -> None:
    homes = {str(entry.home) for entry in COMPOUND.households}
    for text in ("7-903", "7-1-904", "3-503", "501室", "3-1051", "7-3-903", "A-1204"):
        _, (doubt,) = HOMES.find(read_address(text, COMPOUND))
        assert set(doubt.suggestions) <= homes, text


@pytest.mark.parametrize(
    ("building", "name"),
    [
        ("桂香楼", "3"),
        ("贵香楼", "3"),
        ("3号楼", "3"),
        ("３", "3"),
        ("003", "3"),
        ("友园12", "友园12"),
        ("a", "A"),
    ],
)
def test_a_building_is_known_by_its_aliases_and_their_homophones(building: str, name: str) -> None:
    home, doubts = HOMES.find(
        Place(building, building, None, {"A": "1203", "友园12": "404"}.get(name, "501"))
    )
    assert (home and home.building, doubts) == (name, ())


@pytest.mark.parametrize(
    "text",
    [
        "桂香楼501 A1",
        "桂香楼-501 A1",
    ],
)
def test_a_building_is_known_by_its_name_in_a_message(text: str) -> None:
    (line,) = resolved(text)
    assert line.home == Home("3", "", "501")


def test_two_buildings_never_share_a_name() -> None:
    twins = replace(COMPOUND, buildings=(Building("1", aliases=("2",)), Building("2")), households=())
    home, _ = HomeBook.of(twins).find(Place("2-501", "2", None, "501"))
    assert home == Home("1", "", "501") or home == Home("2", "", "501")


# Without a roster every room of a known building is a home


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("3-999", "3-999"),
        ("7-1-101", "7-1-101"),
        ("友园12-101", "友园12-101"),
        ("7-3-101", ""),
        ("9-101", ""),
        ("7-101", ""),
    ],
)
def test_without_a_roster_a_room_of_a_known_building_and_unit_is_a_home(text: str, home: str) -> None:
    assert found(text, HomeBook.of(WITHOUT_ROSTER)) == home


def test_without_a_roster_the_units_are_suggested() -> None:
    _, (doubt,) = HomeBook.of(WITHOUT_ROSTER).find(read_address("7-101"))
    assert (doubt.code, doubt.suggestions) == ("which_home", ("7-1-101", "7-2-101"))


def test_where_there_is_one_building_a_room_is_enough() -> None:
    single = replace(WITHOUT_ROSTER, buildings=(Building("1"),))
    assert found("501室", HomeBook.of(single)) == "1-501"


def test_a_unit_is_enough_where_there_is_one_building() -> None:
    tower = HomeBook.of(
        replace(
            COMPOUND,
            buildings=(Building("1", units=COMPOUND.buildings[2].units),),
            households=(household("1", "1", "501"), household("1", "2", "501")),
            two_parts=("unit", "room"),
        )
    )
    assert found("2-501", tower) == "1-2-501"


# Lines


NOWHERE = Place("")


def line(place: Place, phone: str = "") -> OrderLine:
    return OrderLine("", Source(), place=place, phone=phone)


def test_a_line_gets_its_home_or_the_doubt() -> None:
    assert HOMES.resolve(line(read_address("3-501"))).home == Home("3", "", "501")
    unknown = HOMES.resolve(line(read_address("3-999")))
    assert (unknown.home, codes(unknown)) == (None, {"no_such_home"})


def test_a_phone_suggests_a_home_and_never_chooses_it() -> None:
    unknown = HOMES.resolve(line(NOWHERE, PHONE))
    assert (unknown.home, codes(unknown)) == (None, {"no_home"})
    assert unknown.doubts[0].suggestions == ("3-501",)


def test_a_line_with_an_address_belongs_there_whatever_the_phone_says() -> None:
    assert HOMES.resolve(line(read_address("5-602"), PHONE)).home == Home("5", "", "602")


def test_a_line_that_says_nothing_of_its_home_stays_without_one() -> None:
    assert HOMES.resolve(line(NOWHERE)) == line(NOWHERE)
