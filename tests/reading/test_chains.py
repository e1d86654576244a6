"""A chain is cut at its marks, its later copy stands, and nobody in it is forgotten or counted twice."""

from __future__ import annotations

import pytest
from compound_of_the_tests import codes, parts, said

from lastmetre.reading.readings import Reading
from lastmetre.reading.texts import read_text
from lastmetre.terms import Action, OrderLine

THREE = ("3-501 鸡蛋2板", "3-502 青菜1份", "5-602 牛奶1箱")


def chain(*entries: str, mark: str = "{}. ", first: int = 1) -> str:
    return "\n".join(mark.format(number) + entry for number, entry in enumerate(entries, first))


def rows(reading: Reading) -> list[tuple[str, str]]:
    return [(parts(line.place), said(line.items)) for line in reading.lines]


@pytest.mark.parametrize(
    "mark",
    [
        "{}. ", "{}.", "{}、", "{}，", "{}．", "{}。", "{}) ", "{}） ", "({})", "（{}）", "【{}】", "{}: ", "{}：",
        "NO.{} ", "第{}位 ", "#{} ", "{}️⃣",
    ],
)  # fmt: skip
def test_a_chain_is_cut_at_every_kind_of_mark(mark: str) -> None:
    reading = read_text(chain(*THREE, mark=mark))
    assert [line.seq for line in reading.lines] == ["1", "2", "3"]
    assert rows(reading) == [("3--501", "鸡蛋 2板"), ("3--502", "青菜 1份"), ("5--602", "牛奶 1箱")]
    assert not any(map(codes, reading.lines))


@pytest.mark.parametrize("signs", ["①②③", "１２３", "⑴⑵⑶", "❶❷❸"])
def test_circled_and_full_width_numbers_count(signs: str) -> None:
    dot = "．" if signs[0] == "１" else ""
    reading = read_text("\n".join(sign + dot + entry for sign, entry in zip(signs, THREE, strict=True)))
    assert [(line.seq, line.who) for line in reading.lines] == [("1", ""), ("2", ""), ("3", "")]


def test_a_number_and_a_space_make_a_mark_too() -> None:
    reading = read_text(chain(*THREE, mark="{} "))
    assert rows(reading) == [("3--501", "鸡蛋 2板"), ("3--502", "青菜 1份"), ("5--602", "牛奶 1箱")]


def test_a_number_may_be_glued_to_a_lane() -> None:
    (line,) = read_text("6.500弄3号1501室 鸡蛋2板").lines
    assert (line.seq, said(line.items)) == ("6", "鸡蛋 2板")


def test_a_number_and_a_space_make_a_mark_in_front_of_a_name() -> None:
    reading = read_text("1 老王 鸡蛋2板\n2 李姐 青菜1份")
    assert [(line.seq, line.who) for line in reading.lines] == [("1", "老王"), ("2", "李姐")]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_and_invisible_signs_change_nothing(line_end: str) -> None:
    text = chain(*THREE)
    assert read_text(text.replace("\n", line_end)) == read_text(text)
    assert read_text("\ufeff" + text.replace(" ", " \u200b")) == read_text(text)


@pytest.mark.parametrize("text", ["3-501 鸡蛋1.5斤", "3.5斤五花肉 3-501", "8:30 送到"])
def test_a_decimal_or_a_time_is_no_mark(text: str) -> None:
    assert [line.seq for line in read_text(text).lines] in ([""], [])


def test_a_chain_that_lost_its_line_breaks_is_cut_all_the_same() -> None:
    reading = read_text("#接龙 1. 3-501 鸡蛋2板 2. 3-502 青菜1份 3. 5-602 牛奶1箱")
    assert rows(reading) == rows(read_text(chain(*THREE)))
    assert reading.heading == "#接龙"


def test_without_line_breaks_and_addresses_a_person_says_who_wants_what() -> None:
    first, second, third = read_text("1. 邻居甲 2. 邻居乙 3. 邻居丙 512 白色").lines
    assert all("line_breaks_lost" in codes(line) for line in (first, second, third))
    assert third.raw == "邻居丙 512 白色"


# Headings, speakers, quotes


def test_the_heading_is_kept_and_orders_nothing() -> None:
    reading = read_text("#接龙\n蔬菜团购，今晚八点截止\n\n" + chain(*THREE))
    assert reading.heading == "#接龙\n蔬菜团购，今晚八点截止"
    assert len(reading.lines) == 3


@pytest.mark.parametrize("heading", ["3号楼接龙", "#接龙 3号楼", "3栋的邻居接龙"])
def test_the_building_of_the_heading_completes_the_rooms(heading: str) -> None:
    reading = read_text(f"{heading}\n" + chain("501 鸡蛋2板", "502 青菜1份", "5-602 牛奶1箱"))
    assert [parts(line.place) for line in reading.lines] == ["3--501", "3--502", "5--602"]


@pytest.mark.parametrize(
    "room",
    [
        "501室",
        "五零一室",
    ],
)
def test_the_building_of_the_heading_completes_a_room_with_its_word_too(room: str) -> None:
    first, _ = read_text("3号楼接龙\n" + chain(f"{room} 鸡蛋2板", "502 青菜1份")).lines
    assert parts(first.place) == "3--501"


def test_the_leaders_own_entry_and_an_example_order_nothing() -> None:
    reading = read_text("#接龙\n1. 团长\n2. 例：3-501 张三 鸡蛋2板\n3. 老王 占位\n4. \n5. 3-502 青菜1份")
    assert [line.action for line in reading.lines] == [*[Action.NONE] * 4, Action.ORDER]
    assert not any(line.items for line in reading.lines[:4])


@pytest.mark.parametrize(
    "below",
    ["   鸡蛋2板\n   青菜1份", "- 鸡蛋2板\n- 青菜1份", "（鸡蛋2板）\n（青菜1份）", "+鸡蛋2板\n+青菜1份"],
)
def test_goods_listed_below_an_entry_belong_to_it(below: str) -> None:
    reading = read_text(f"1. 3-501 牛奶1箱\n{below}\n2. 3-502 青菜1份")
    assert len(reading.lines) == 2
    assert "鸡蛋2板" in reading.lines[0].raw
    assert reading.lines[0].source.row == 1


def test_a_list_below_an_entry_is_ordered_with_it() -> None:
    reading = read_text("1. 3-501\n- 鸡蛋2板\n- 青菜1份\n2. 3-502 牛奶1箱")
    assert rows(reading) == [("3--501", "鸡蛋 2板，青菜 1份"), ("3--502", "牛奶 1箱")]


@pytest.mark.parametrize(
    ("speaker", "who"),
    [
        ("老王：", "老王"),
        ("老王 15:20", "老王"),
        ("老王 下午 3:20", "老王"),
        ("[老王] 2022-04-05 15:20:11", "老王"),
        ("2022/4/5 15:20 老王", "老王"),
    ],
)
def test_the_speaker_above_a_message_is_who_orders(speaker: str, who: str) -> None:
    first, second = read_text(f"{speaker}\n3-501 鸡蛋2板\n\n李姐 15:25\n5-602 青菜1份").lines
    assert (first.who, second.who) == (who, "李姐")


def test_a_quoted_order_is_not_ordered_again() -> None:
    reading = read_text("「老王：3-501 鸡蛋2板」\n———————\n3-502 青菜1份")
    assert rows(reading) == [("3--502", "青菜 1份")]


def test_a_quote_is_kept_to_look_up() -> None:
    reading = read_text("「老王：3-501 鸡蛋2板」\n3-502 青菜1份")
    assert "老王：3-501 鸡蛋2板" in reading.heading + "".join(
        f"{line.raw}{line.note}{line.details}" for line in reading.lines
    )


# Copies of a chain


def test_the_later_copy_of_a_chain_stands() -> None:
    reading = read_text(chain("3-501 A1", "3-502 A1") + "\n" + chain("3-501 A3", "3-502 A1", "5-602 B1"))
    assert rows(reading) == [("3--501", "A 3份"), ("3--502", "A 1份"), ("5--602", "B 1份")]
    assert {parts(line.place) for line in reading.superseded} == {"3--501", "3--502"}
    assert not any(map(codes, reading.lines))


def test_three_copies_leave_one() -> None:
    copies = [chain(*THREE[: count + 1]) for count in range(3)]
    reading = read_text("\n\n".join(f"{who}：\n{copy}" for who, copy in zip("甲乙丙", copies, strict=True)))
    assert rows(reading) == rows(read_text(chain(*THREE)))


def test_names_without_addresses_are_superseded_too() -> None:
    reading = read_text(chain("老王 鸡蛋2板", "李姐 青菜1份") + "\n" + chain("老王 鸡蛋3板", "李姐 青菜1份"))
    assert [(line.who, said(line.items)) for line in reading.lines] == [
        ("老王", "鸡蛋 3板"),
        ("李姐", "青菜 1份"),
    ]


def gone(reading: Reading) -> list[OrderLine]:
    return [line for line in reading.lines if "gone_from_copy" in codes(line)]


def test_an_entry_that_two_posters_overwrote_is_doubted_and_not_lost() -> None:
    reading = read_text(chain(*THREE) + "\n" + chain(THREE[0], THREE[2], "8-1101 A1"))
    assert [parts(line.place) for line in gone(reading)] == ["3--502"]
    assert len(reading.lines) == 4


def test_a_homes_second_entry_that_was_overwritten_is_doubted_too() -> None:
    reading = read_text(
        chain("3-501 A1", "3-502 A1", "3-501 B1") + "\n" + chain("3-501 A1", "3-502 A1", "5-602 A1")
    )
    assert [said(line.items) for line in gone(reading)] == ["B 1份"]


def test_a_chain_of_one_below_a_chain_of_one_is_asked_about() -> None:
    first, second, *_ = read_text(chain("3-501 鸡蛋1板") + "\n\n" + chain("3-501 牛奶7箱", "3-502 A1")).lines
    assert (codes(first), codes(second)) == (set(), {"same_home"})


def test_a_changed_entry_of_a_home_is_replaced() -> None:
    reading = read_text(chain("3-501 A1", "3-502 A1") + "\n\n" + chain("3-501 A1", "3-502 B2"))
    assert [said(line.items) for line in reading.lines] == ["A 1份", "B 2份"]
    assert not any(map(codes, reading.lines))


def test_another_chain_below_adds_to_the_first() -> None:
    reading = read_text(chain("3-501 A1", "3-502 A1") + "\n\n" + chain("7-2-903 B1", "8-1101 B2"))
    assert len(reading.lines) == 4
    assert reading.superseded == ()


def test_a_chain_of_the_same_homes_for_other_goods_adds_too() -> None:
    vegetables = "#接龙 蔬菜\n" + chain("3-501 青菜1份", "3-502 青菜2份")
    fruit = "#接龙 水果\n" + chain("3-501 苹果2斤", "3-502 香蕉1斤")
    reading = read_text(f"{vegetables}\n\n{fruit}")
    kept = [said(line.items) for line in reading.lines if line.items]
    assert kept == ["青菜 1份", "青菜 2份", "苹果 2斤", "香蕉 1斤"] or all(map(codes, reading.lines))


def test_two_who_posted_at_once_may_share_a_number() -> None:
    reading = read_text("1. 3-501 A1\n2. 3-502 A1\n2. 5-602 B1\n3. 8-1101 A1")
    assert [parts(line.place) for line in reading.lines] == ["3--501", "3--502", "5--602", "8--1101"]


# Twice in one chain


def test_the_same_name_twice_without_goods_is_the_later_one() -> None:
    reading = read_text(chain("老王", "李姐", "老王 晚上"))
    assert [line.seq for line in reading.lines] == ["2", "3"]
    assert [line.seq for line in reading.superseded] == ["1"]


def test_the_same_name_twice_with_goods_is_asked_about() -> None:
    reading = read_text(chain("老王 鸡蛋2板", "李姐 青菜1份", "老王 牛奶1箱"))
    assert [codes(line) for line in reading.lines] == [set(), set(), {"same_person"}]


@pytest.mark.parametrize("again", ["3-501 A2", "3-501 B2", "3号楼501室 A2"])
def test_a_home_with_two_numbers_is_asked_whether_it_wants_more(again: str) -> None:
    reading = read_text(chain("3-501 A1", "3-502 A1", again))
    assert [codes(line) for line in reading.lines] == [set(), set(), {"same_home"}]


@pytest.mark.parametrize("again", ["3-501 再加A2", "我是5-602，帮3-501王奶奶订B1"])
def test_a_home_that_says_it_wants_more_is_not_asked(again: str) -> None:
    reading = read_text(chain("3-501 A1", "3-502 A1", again))
    assert not any(map(codes, reading.lines))


def test_the_same_message_again_is_one_order() -> None:
    reading = read_text("3-501 A1\n3-502 A1\n3-501 A1")
    assert len(reading.lines) == 2


# Changes in place


@pytest.mark.parametrize(
    "entry", ["3-501 A1（取消）", "3-501 A1 取消", "取消 3-501 A1", "3-501 A1 不要了", "3-501 A1。已取消"]
)
def test_an_entry_may_be_cancelled_in_place(entry: str) -> None:
    first, second = read_text(chain(entry, "3-502 A1")).lines
    assert (first.action, parts(first.place), first.seq) == (Action.CANCEL, "3--501", "1")
    assert second.action is Action.ORDER


def test_an_entry_refers_to_the_one_above() -> None:
    reading = read_text(chain("3-501 鸡蛋2板", "3-502 同上", "5-602 同上"))
    assert {said(line.items) for line in reading.lines} == {"鸡蛋 2板"}
