"""However a resident writes an address, its lane, building, unit and room are read; what is none is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from compound_of_the_tests import COMPOUND, codes, only_line, parts, said

from lastmetre.reading.places import address_doubts, find_places, is_address, read_address
from lastmetre.reading.texts import read_text


@pytest.mark.parametrize(
    ("address", "read"),
    [
        # building and room
        ("3-501", "3--501"),
        ("３－５０１", "3--501"),
        ("3—501", "3--501"),
        ("3 - 501", "3--501"),
        ("3/501", "3--501"),
        ("3_501", "3--501"),
        ("3#501", "3--501"),
        ("3＃501室", "3--501"),
        ("3号501", "3--501"),
        ("3号楼501", "3--501"),
        ("3号楼501室", "3--501"),
        ("3号楼 501室", "3--501"),
        ("3栋501", "3--501"),
        ("3棟501", "3--501"),
        ("3號樓501室", "3--501"),
        ("3幢501户", "3--501"),
        ("3座501", "3--501"),
        ("03-0501", "3--501"),
        ("13-1501", "13--1501"),
        ("103-1501", "103--1501"),
        # the letter o for zero, 是 for 室
        ("3-5o1", "3--501"),
        ("3-5O1", "3--501"),
        ("3-501是", "3--501"),
        # Chinese numerals
        ("三号楼五零一", "3--501"),
        ("三栋五〇一室", "3--501"),
        ("十二号楼三零二", "12--302"),
        ("三栋幺幺零一室", "3--1101"),
        # units
        ("7-2-903", "7-2-903"),
        ("７－２－９０３", "7-2-903"),
        ("7号楼2单元903", "7-2-903"),
        ("7栋2单元903室", "7-2-903"),
        ("7幢二单元九零三", "7-2-903"),
        ("7#2-903", "7-2-903"),
        ("2单元903", "-2-903"),
        # lanes
        ("500弄7号903室", "500弄7--903"),
        ("500弄7-903", "500弄7--903"),
        ("五百弄7号903室", "500弄7--903"),
        ("5oo弄7号9o3室", "500弄7--903"),
        # letters, names, villas, floors
        ("A-1203", "A--1203"),
        ("A座1203", "A--1203"),
        ("a1203", "A--1203"),
        ("友园12-404", "友园12--404"),
        ("别墅12", "别墅12--"),
        ("别墅12号", "别墅12--"),
        ("3号楼5楼01室", "3--501"),
    ],
)
def test_an_address_is_read_however_it_is_written(address: str, read: str) -> None:
    line = only_line(f"{address} 鸡蛋2板")
    assert parts(line.place) == read
    assert said(line.items) == "鸡蛋 2板"


@pytest.mark.parametrize(
    "text", ["3-501鸡蛋2板", "3-501，鸡蛋2板", "3-501：鸡蛋2板", "鸡蛋2板 3-501", "鸡蛋2板，3-501"]
)
def test_the_address_may_stand_before_or_behind_the_goods(text: str) -> None:
    line = only_line(text)
    assert (parts(line.place), said(line.items)) == ("3--501", "鸡蛋 2板")


@pytest.mark.parametrize(
    "text",
    [
        "鸡蛋 3-5个",
        "鸡蛋10-20个",
        "大米5kg 2袋",
        "可乐330ml*24罐",
        "021-54321234",
        "13812345678",
        "4月15日 8:30-9:30",
        "鸡蛋30元一板",
        "2022-04-05",
        "六个核桃1箱",
    ],
)
def test_amounts_phones_dates_and_prices_are_no_addresses(text: str) -> None:
    assert [match.place for match in find_places(text) if match.place.room] == []


@pytest.mark.parametrize(
    ("good", "read"),
    [
        ("鸡蛋2板", "鸡蛋 2板"),
        ("年糕2条", "年糕 2条"),
        ("抽纸2提", "抽纸 2提"),
        ("元宵2袋", "元宵 2袋"),
        ("克力架2包", "克力架 2包"),
    ],
)
def test_a_good_that_begins_like_a_measure_does_not_hide_the_room(good: str, read: str) -> None:
    line = only_line(f"3-501 {good}")
    assert (parts(line.place), said(line.items)) == ("3--501", read)


def test_spaces_within_an_address_change_nothing() -> None:
    assert parts(only_line("3 号楼 501 室 鸡蛋2板").place) == "3--501"


def test_a_fourth_number_in_an_address_orders_nothing() -> None:
    line = only_line("3-1501-2 鸡蛋2板")
    assert said(line.items) == "鸡蛋 2板" or line.doubts


def test_every_address_of_a_text_is_found_where_it_stands() -> None:
    text = "我在3号楼501室，帮7-2-903和５－６０２的邻居问"
    found = find_places(text)
    assert [text[match.start : match.end] for match in found] == ["3号楼501室", "7-2-903", "５－６０２"]
    assert [parts(match.place) for match in found] == ["3--501", "7-2-903", "5--602"]


@pytest.mark.parametrize(
    ("two_parts", "read"), [(("building", "room"), "3--501"), (("unit", "room"), "-3-501")]
)
def test_the_compound_says_what_a_bare_pair_means(two_parts: tuple[str, ...], read: str) -> None:
    compound = replace(COMPOUND, two_parts=two_parts)
    (line,) = read_text("3-501 鸡蛋2板", compound=compound).lines
    assert parts(line.place) == read


@pytest.mark.parametrize(
    ("three_parts", "read"),
    [(("building", "unit", "room"), "7-2-903"), (("lane", "building", "room"), "7弄2--903")],
)
def test_the_compound_says_what_a_bare_triple_means(three_parts: tuple[str, ...], read: str) -> None:
    compound = replace(COMPOUND, three_parts=three_parts)
    (line,) = read_text("7-2-903 鸡蛋2板", compound=compound).lines
    assert parts(line.place) == read
    (spelt,) = read_text("7号楼2单元903 鸡蛋2板", compound=compound).lines
    assert parts(spelt.place) == "7-2-903"  # written out, it leaves no choice


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("903室 鸡蛋2板", "building_missing"),
        ("7号楼 鸡蛋2板", "room_missing"),
        ("7号楼2单元 鸡蛋2板", "room_missing"),
        ("二期12号楼301 鸡蛋2板", "phase"),
        ("3-501或3-502 鸡蛋1板", "two_homes"),
    ],
)
def test_an_address_that_leaves_a_question_is_doubted(text: str, code: str) -> None:
    assert code in codes(only_line(text))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("上海市闵行区某某路500弄7号903室", "500弄7--903"),
        ("上海市上海市闵行区某某镇某某路500弄7幢903室", "500弄7--903"),
        ("某某路500号88#1701", "88--1701"),
        ("某某路500号7弄903室", "500弄7--903"),
        ("Room 903, No. 7, Lane 500", "500弄7--903"),
        ("某某路5899号511室(某某商务楼)", "商务楼--511"),
        ("", "--"),
        ("桂花苑", "--"),
    ],
)
def test_a_postal_address_is_read(text: str, read: str) -> None:
    place = read_address(text)
    assert parts(place) == read
    assert place.text == text


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("某某路500弄7号903室", True),
        ("Room 903, No. 7, Lane 500", True),
        ("某某路500弄7号903室 鸡蛋2板", False),
        ("3-501 鸡蛋2板", False),
        ("在路上了", False),
    ],
)
def test_an_address_alone_is_told_from_an_order(text: str, yes: bool) -> None:
    assert is_address(text) is yes


@pytest.mark.parametrize("words", ["A2", "AB各1", "要蔬菜包", "取消"])
def test_an_order_with_its_lane_is_no_address_alone(words: str) -> None:
    assert not is_address(f"500弄7号903室 {words}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("某某路500弄7号903室或904室", "two_homes"),
        ("某某路500弄7号", "room_missing"),
        ("某某路500弄二期7号903室", "phase"),
    ],
)
def test_what_is_odd_about_a_postal_address_is_said(text: str, code: str) -> None:
    assert [doubt.code for doubt in address_doubts(text)] == [code]


def test_nothing_is_odd_about_a_whole_address() -> None:
    assert address_doubts("某某路500弄7号903室") == ()
