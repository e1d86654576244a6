"""Compound files and rosters: what a bare address means here, who lives where; mistakes named with their line."""

from __future__ import annotations

from pathlib import Path

import pytest
from files_of_the_tests import table, xlsx

from lastmetre.reading.compounds import read_compound
from lastmetre.terms import Home, Household, InputError, Unit

COMPOUND = """
name: 桂花苑
aliases: [桂花]
lanes: [500]
two_parts: unit-room
three_parts: lane-building-room
buildings:
  - name: 1
    aliases: [一号楼]
    lane: 500
    lift: yes
    floors: 18
    units: [1, {name: 2, floors: 6, lift: no}]
  - {name: 商务楼, units: [A]}
  - 29
households:
  - {home: 1号楼2单元301, phone: 013800001234, name: 王女士, people: 3}
  - {home: 500-29-101, floor: 2}
"""


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_a_compound_file_says_what_addresses_mean_here(tmp_path: Path) -> None:
    compound = read_compound(written(tmp_path / "guihua.yaml", COMPOUND))
    assert (compound.name, compound.aliases, compound.lanes) == ("桂花苑", ("桂花",), ("500",))
    assert compound.two_parts == ("unit", "room")
    assert compound.three_parts == ("lane", "building", "room")
    first, business, villa = compound.buildings
    assert (first.name, first.aliases, first.lane) == ("1", ("一号楼",), "500")
    assert first.units == (Unit("1", "1", 18, True), Unit("1", "2", 6, False))
    assert business.units == (Unit("商务楼", "A"),)
    assert villa.units == (Unit("29"),)
    assert compound.households == (
        Household(Home("1", "2", "301"), 3, "013800001234", "王女士", 3),
        Household(Home("29", "", "101"), 2),
    )


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_compound_file_from_any_editor(encoding: str, tmp_path: Path) -> None:
    path = written(tmp_path / "guihua.yaml", COMPOUND, encoding)
    assert read_compound(path).name == "桂花苑"


BROKEN = (
    ("buildings: [1]", "The compound has no name", 1),
    ("name: 甲", "The compound has no buildings", 1),
    ("name: 甲\nbuildings:\n  - {name: 1, flors: 3}", "Did you mean “floors”", 3),
    ("name: 甲\nbuildings:\n  - {name: 1, floors: many}", "“floors” must be a whole number", 3),
    ("name: 甲\nbuildings:\n  - {name: 1, floors: 0}", "“floors” must be a whole number from 1", 3),
    ("name: 甲\nbuildings:\n  - {name: 1, lift: maybe}", "“lift” must be yes or no", 3),
    ("name: 甲\nbuildings:\n  - {aliases: [x]}", "A building needs a name", 3),
    ("name: 甲\nbuildings:\n  - 1\n  - {name: 2, aliases: ['1']}", "“1” names two buildings", 4),
    ("name: 甲\nbuildings:\n  - {name: 1, units: [1, 1]}", "Unit 1 of building 1 stands here twice", 3),
    (
        "name: 甲\nbuildings: [1]\nhouseholds:\n  - {home: 1-301}\n  - {home: 1-301}",
        "Home 1-301 stands in the lists twice",
        5,
    ),
    ("name: 甲\nbuildings: [1]\nhouseholds:\n  - {home: 2-301}", "there is no building “2”", 4),
    ("name: 甲\nbuildings: [{name: 1, units: [1, 2]}]\nhouseholds: [{home: 1-301}]", "has the units 1、2", 3),
    ("name: 甲\nbuildings: [1, 2]\nhouseholds: [{home: 院子}]", "“院子” is no home", 3),
    ("name: 甲\nbuildings: [1]\nhouseholds: [{home: 1-301, phone: 123}]", "“123” is no telephone number", 3),
    ("name: 甲\nbuildings: [1]\ntwo_parts: house-room", "“two_parts” must be 2 of", 3),
    ("name: [甲]\nbuildings: [1]", "“name” must be a single value", 1),
    ("name: 甲\nname: 乙", "“name” stands here twice", 2),
    ("name: 甲\nroster: none.xlsx", "“none.xlsx” does not lie beside", 2),
    ("name: 甲\nbuildings:\n  - name: 1\n   floors: 3", "Line 4, column", 4),
    ("name：甲\nbuildings：[1]", "Here should stand keys and values", 1),
    ("- 甲\n- 乙", "Here should stand keys and values", 1),
    ("a: &x [1]\nb: *x", "References", 1),
    ("[" * 5000, "nested too deep", 1),
)


@pytest.mark.parametrize(("text", "says", "line"), BROKEN, ids=[says for _, says, _ in BROKEN])
def test_a_mistake_is_named_with_its_line(text: str, says: str, line: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says.replace("[", r"\[")) as refused:
        read_compound(written(tmp_path / "guihua.yaml", text))
    assert refused.value.source is not None
    assert (refused.value.source.file, refused.value.source.row) == ("guihua.yaml", line)
    assert str(refused.value.remedy)


def test_a_full_width_colon_is_pointed_at(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="plain colon and a space"):
        read_compound(written(tmp_path / "guihua.yaml", "name: 甲\nlanes：500\nbuildings: [1]"))


ROSTER = (
    ["桂花苑住户名册", None, None, None, None, None, None, None],
    ["楼栋", "单元", "房号", "姓名", "电话", "人数", "楼层", "电梯"],
    ["1号楼", "1单元", 301.0, "王女士", 13800001234, "3人", 3, "有"],
    [None, None, 302, "李先生", None, None, 3, None],
    [None, "2单元", 1701, "赵阿姨", "138 0000 1235", 1, None, "无"],
    ["2号楼", "1单元", "301", None, None, None, None, None],
)


def test_a_roster_alone_is_a_compound(tmp_path: Path) -> None:
    compound = read_compound(table(tmp_path / "桂花苑.xlsx", *ROSTER, merged=["A1:H1", "A3:A5", "B3:B4"]))
    assert compound.name == "桂花苑"
    assert compound.households == (
        Household(Home("1", "1", "301"), 3, "13800001234", "王女士", 3),
        Household(Home("1", "1", "302"), 3, "", "李先生"),
        Household(Home("1", "2", "1701"), 17, "13800001235", "赵阿姨", 1),
        Household(Home("2", "1", "301"), 3),
    )
    assert [(building.name, [unit.name for unit in building.units]) for building in compound.buildings] == [
        ("1", ["1", "2"]),
        ("2", ["1"]),
    ]
    assert [unit.has_lift for unit in compound.buildings[0].units] == [True, False]


def test_a_roster_of_persons_counts_them(tmp_path: Path) -> None:
    path = table(
        tmp_path / "roster.xlsx",
        ["住址", "姓名", "手机号"],
        ["3栋2单元501", "王一", None],
        ["3栋2单元501", "王二", "13800001234"],
        ["3栋2单元502", "李三", None],
    )
    assert read_compound(path).households == (
        Household(Home("3", "2", "501"), 5, "13800001234", "王一", 2),
        Household(Home("3", "2", "502"), 5, "", "李三", 1),
    )


def test_a_roster_by_sheets_and_with_buildings_named_once(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "roster.xlsx",
        {
            "1栋": [["房间号", "户主"], ["101", "王"], ["102", "李"]],
            "2栋": [
                ["单元", "房间号", "户主"],
                ["1", "101", "赵"],
                [None, "102", "钱"],
                ["2", "201", "孙"],
                [None, "202", ""],
            ],
        },
    )
    homes = [str(household.home) for household in read_compound(path).households]
    assert homes == ["1-101", "1-102", "2-1-101", "2-1-102", "2-2-201", "2-2-202"]


def test_a_roster_beside_the_compound_file_follows_its_names(tmp_path: Path) -> None:
    table(tmp_path / "roster.xlsx", ["楼号", "房号", "人数"], ["一号楼", "301", 3])
    text = "name: 桂花苑\nroster: roster.xlsx\nbuildings: [{name: 1, aliases: [一号楼], units: [甲]}]"
    compound = read_compound(written(tmp_path / "guihua.yaml", text))
    assert [household.home for household in compound.households] == [Home("1", "甲", "301")]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["姓名", "电话"], ["王", "13800001234"]], "no column with rooms"),
        ([["楼号", "房号"], [None, "301"], ["1", None]], "The homes of 1 rows cannot be read: 2: 301"),
        (
            [["楼号", "房号", "人数"], ["1", "301", 2], ["1", "301", 3]],
            "Home 1-301 stands in several rows: 2、3",
        ),
        ([["楼号", "房号"]], "lists no home"),
    ],
)
def test_a_roster_that_cannot_be_is_refused(rows: list[list[object]], says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        read_compound(table(tmp_path / "roster.xlsx", *rows))
