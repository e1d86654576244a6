"""The reader reads what people type as a careful clerk would; and the scorer that says so can fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from clerk import (
    ADDRESS_ALONE,
    CODE,
    FIELD_PARTS,
    QUIET,
    Case,
    Verdict,
    allowed_actions,
    clerks_lines,
    fold,
    judge,
    load,
    score,
)

from lastmetre.terms import Action, Change, Doubt, InputError, Item, OrderLine, Place, Source, say

OWN = Path(__file__).with_name("clerk.jsonl")
EXAMINERS = Path(__file__).with_name("examiners.jsonl")
"""Texts written without sight of the reader."""
PUBLIC = Path(__file__).resolve().parents[3] / "shared" / "orders" / "chains.jsonl"
CLEAR_SHARE_MIN = 0.95
"""Least share of the clear texts that must be exact; raised as the reader learns."""

CASES = load(OWN)
ASK = Doubt("test", say("Is this right?"))


def case(expected: Mapping[str, Any], text: str = "3-501 A1") -> Case:
    return Case("T", text, "test", (), expected)


def line(*items: Item, action: Action = Action.ORDER, place: str = "3--501", **parts: Any) -> OrderLine:
    building, unit, room = place.split("-") if place else ("", "", "")
    home = Place(place, building or None, unit or None, room or None)
    return OrderLine("", Source(), action=action, place=home, items=items, **parts)


def item(name: str, qty: str = "1", unit: str = "份", **parts: Any) -> Item:
    return Item(name, Decimal(qty), unit, **parts)


HOME = {"building": "3", "room": "501"}
EGGS = {**HOME, "items": [{"name": "鸡蛋", "qty": 2, "unit": "盒"}]}
EGGS_ASKED = {**EGGS, "review": True}
EXACT, REVIEW, SILENTLY_WRONG = Verdict.EXACT, Verdict.REVIEW, Verdict.SILENTLY_WRONG


@pytest.mark.parametrize(
    ("expected", "read", "verdict"),
    [
        (EGGS, [line(item("鸡蛋", "2", "盒"))], EXACT),
        (EGGS, [line(item("鸡蛋", "2", "盒"), doubts=(ASK,))], REVIEW),
        (EGGS, [line(item("鸡蛋", "3", "盒"))], SILENTLY_WRONG),
        (EGGS, [line(item("鸡蛋", "3", "盒"), doubts=(ASK,))], REVIEW),
        (EGGS, [line(item("鸭蛋", "2", "盒"))], SILENTLY_WRONG),
        (EGGS, [line(item("鸡蛋", "2", "板"))], SILENTLY_WRONG),
        (EGGS, [line(Item("鸡蛋", None, "盒"))], SILENTLY_WRONG),
        (EGGS, [line(item("鸡蛋", "2", "盒"), item("牛奶"))], SILENTLY_WRONG),
        (EGGS, [line()], SILENTLY_WRONG),
        (EGGS, [], SILENTLY_WRONG),
        (EGGS, [line(item("鸡蛋", "2", "盒"))] * 2, SILENTLY_WRONG),
        (EGGS, [line(item("鸡蛋", "2", "盒"), place="3-2-501")], SILENTLY_WRONG),
        (EGGS, [line(item("鸡蛋", "2", "盒"), place="3--502")], SILENTLY_WRONG),
        (EGGS, [line(item("鸡蛋", "2", "盒"), place="")], SILENTLY_WRONG),
        (EGGS, [line(item("鸡蛋", "2", "盒"), action=Action.AMEND)], SILENTLY_WRONG),
        (EGGS_ASKED, [line(item("鸡蛋", "2", "盒"), doubts=(ASK,))], EXACT),
        (EGGS_ASKED, [line(item("鸡蛋", "2", "盒"))], SILENTLY_WRONG),
        (EGGS_ASKED, [line(item("鸡蛋", "1", "盒"), doubts=(ASK,))], REVIEW),
    ],
)
def test_a_difference_counts_and_a_doubt_excuses_it(
    expected: Mapping[str, Any], read: Sequence[OrderLine], verdict: Verdict
) -> None:
    assert judge(case(expected), read).verdict is verdict


@pytest.mark.parametrize(
    ("name", "qty", "unit", "read", "same"),
    [
        ("猪肉", 0.1, "kg", item("猪肉", "2", "两"), True),
        ("猪肉", 1.5, "斤", item("猪肉", "750", "克"), True),
        ("猪肉", 2, "两", item("猪肉", "2", "份"), False),
        ("牛奶（无糖）", 1, "KG", item("牛奶 (无糖)", "1", "ｋｇ"), True),
        ("套餐", 1, "份", item("本团商品"), True),
        ("本团商品", 1, "份", item(""), True),
        ("餐", 1, "份", item("米饭"), False),
        ("餐", 1, "份", item("", code="A"), False),
        ("A套餐", 1, "份", item("套餐A"), True),
        ("套餐A", 1, "份", item("", code="a"), True),
        ("A", 1, "份", item("套餐", code="B"), False),
        ("A套餐", 1, "份", item("套餐"), False),
        ("套餐B", 1, "份", item("套餐"), True),  # no B in the text: nobody can read it there
        ("J 鸡胸球", 1, None, item("鸡胸球", unit="", code="J"), True),
        ("J 鸡胸球", 1, None, item("鸡胸球", unit="", code="K"), False),
        ("套餐一", 1, "份", item("套餐", code="1"), True),
        ("鸡蛋", None, "盒", item("鸡蛋", "7", "盒"), True),
        ("鸡蛋", 1, None, item("鸡蛋"), False),
    ],
)
def test_goods_compare_by_name_or_code_and_weights_as_weights(
    name: str, qty: float | None, unit: str | None, read: Item, same: bool
) -> None:
    expected = {**HOME, "items": [{"name": name, "qty": qty, "unit": unit}]}
    wanted = EXACT if same else SILENTLY_WRONG
    assert judge(case(expected, "3-501 A1 J 鸡胸球 套餐一"), [line(read)]).verdict is wanted


ROOMS = {
    "orders": [{**HOME, "items": [{"name": "A", "qty": 1, "unit": "份"}]}] * 2,
    "unit": "2",
}
A1 = item("", code="A")


@pytest.mark.parametrize(
    ("read", "verdict"),
    [
        ([line(A1, place="3-2-501")] * 2, EXACT),
        ([line(A1, place="3-2-501")] * 3, SILENTLY_WRONG),
        ([line(A1, place="3-2-501"), line(action=Action.NOTICE)], SILENTLY_WRONG),
        ([line(A1, place="3-2-501"), line(action=Action.NOTICE), line(A1, place="3-2-501")], EXACT),
        # a doubt on one line does not excuse another
        ([line(A1, place="3-2-501", doubts=(ASK,)), line(A1, place="3-1-501")], SILENTLY_WRONG),
        ([line(A1, place="3-2-501"), line(A1, place="3-1-501", doubts=(ASK,))], REVIEW),
    ],
)
def test_lists_compare_line_by_line_and_share_the_stairs_named_once(
    read: Sequence[OrderLine], verdict: Verdict
) -> None:
    assert judge(case(ROOMS), read).verdict is verdict


TWICE = {"lines": [{"seq": 2, "who": "老王", "items": [], "supersedes": 1}]}


@pytest.mark.parametrize(
    ("read", "verdict"),
    [
        ([line(seq="2", place="")], EXACT),
        ([line(seq="1", place=""), line(seq="2", place="", doubts=(ASK,))], EXACT),
        ([line(seq="1", place=""), line(seq="2", place="")], SILENTLY_WRONG),
    ],
)
def test_a_person_who_stands_twice_is_replaced_or_asked_about(
    read: Sequence[OrderLine], verdict: Verdict
) -> None:
    assert judge(case(TWICE), read).verdict is verdict


@pytest.mark.parametrize(
    ("expected", "read", "verdict"),
    [
        ({"kind": "offer"}, line(action=Action.OFFER, place=""), EXACT),
        ({"kind": "offer"}, line(item("白菜"), place=""), SILENTLY_WRONG),
        ({"kind": "offer"}, line(action=Action.NOTICE, place=""), SILENTLY_WRONG),
        ({"kind": "pickup_call"}, line(action=Action.OFFER, place=""), SILENTLY_WRONG),
        ({"kind": "notice", "buildings": [3, 4]}, line(action=Action.NOTICE, place="3--"), EXACT),
        ({"kind": "notice", "buildings": [3, 4]}, line(action=Action.NOTICE), SILENTLY_WRONG),
        (
            {"kind": "arrival", "buildings": ["3"]},
            line(action=Action.NOTICE, place="", details={"buildings": ["4"]}),
            SILENTLY_WRONG,
        ),
        ({"join": ["2"]}, line(item("", "2"), place=""), SILENTLY_WRONG),
        ({"join": ["2"]}, line(action=Action.NONE, place=""), EXACT),
        ({"close": True}, line(place=""), SILENTLY_WRONG),
        ({"leave": ["N"]}, line(action=Action.CANCEL, place=""), EXACT),
        (HOME, line(action=Action.NONE), EXACT),
        (HOME, line(item("鸡蛋")), SILENTLY_WRONG),
        (HOME, line(item("", qty_stated=False)), EXACT),
        ({"override_address": HOME}, line(action=Action.ADDRESS), EXACT),
        ({"override_address": HOME}, line(action=Action.ORDER), SILENTLY_WRONG),
        (
            {"action": "fix_address", "from_": {"building": "9"}, "to": HOME},
            line(action=Action.ADDRESS, place="9--501"),
            SILENTLY_WRONG,
        ),
        ({"field": "房号", "value": "501"}, line(), EXACT),
        ({"field": "房号", "value": "501"}, line(place="501--"), SILENTLY_WRONG),
        ({"field": "小区", "value": "丽城"}, line(details={"compound": "丽城"}), EXACT),
        ({"field": "小区", "value": "丽城"}, line(), SILENTLY_WRONG),
        ({**HOME, "items": [], "status": "cancelled"}, line(A1, action=Action.CANCEL), EXACT),
        ({**HOME, "items": [], "status": "cancelled"}, line(A1), SILENTLY_WRONG),
        ({**HOME, "items": [], "action": "question"}, line(A1, action=Action.QUESTION), SILENTLY_WRONG),
        ({"place": "E区", "items": []}, line(place="Ｅ区--"), SILENTLY_WRONG),
    ],
)
def test_what_is_no_order_compares_by_action_and_place(
    expected: Mapping[str, Any], read: OrderLine, verdict: Verdict
) -> None:
    assert judge(case(expected), [read]).verdict is verdict


def test_a_place_kept_as_written_compares_by_its_words() -> None:
    expected = {"place": "E区东门", "items": []}
    read = line(place="")
    assert judge(case(expected), [replace(read, place=Place("ｅ区 东门"))]).verdict is EXACT
    assert judge(case(expected), [replace(read, place=Place("E区"))]).verdict is SILENTLY_WRONG


def test_more_of_a_good_is_not_the_same_as_so_much_of_it() -> None:
    eggs = {"name": "鸡蛋", "qty": 1, "unit": "份", "change": "add"}
    expected = {**HOME, "items": [eggs], "action": "amend"}
    more = line(item("鸡蛋", change=Change.ADD), action=Action.AMEND)
    assert judge(case(expected), [more]).verdict is EXACT
    assert judge(case(expected), [line(item("鸡蛋"), action=Action.AMEND)]).verdict is SILENTLY_WRONG


def test_a_line_that_is_only_copied_must_not_be_taken_apart() -> None:
    expected = {"lines": [{"seq": 1, "raw": "邻居 512 白"}, {"seq": 2, "status": "placeholder"}]}
    copied = replace(line(place=""), raw="1. 邻居 512 白")
    assert judge(case(expected), [copied]).verdict is EXACT
    assert judge(case(expected), [replace(copied, items=(item("白", "512"),))]).verdict is SILENTLY_WRONG
    assert judge(case(expected), [replace(copied, place=Place("512", room="512"))]).verdict is SILENTLY_WRONG
    assert judge(case(expected), []).verdict is SILENTLY_WRONG


def test_a_refused_text_reaches_a_person() -> None:
    def refuse(text: str) -> Sequence[OrderLine]:
        raise InputError(say("This cannot be read."), remedy=say("Type it again."))

    assert [one.verdict for one in score([case(EGGS)], refuse)] == [REVIEW]


# The corpus itself, and a clerk's own reading of it: a perfect reader is told from careless ones.


def clerk_reads(expected: Mapping[str, Any], raw: str) -> OrderLine:
    """Write one of the clerk's lines as the reader would return it."""
    address = expected.get("override_address") or expected.get("to") or expected
    parts = {part: address.get(part) or "" for part in ("building", "unit", "room")}
    if "field" in expected and expected["field"] in FIELD_PARTS:
        parts = {FIELD_PARTS[expected["field"]]: expected["value"] or ""}
    place = Place(str(expected.get("place") or expected.get("value") or ""), **parts)
    allowed = allowed_actions(expected)
    quiet = allowed & QUIET and allowed != ADDRESS_ALONE
    action = min((allowed & QUIET) if quiet else (allowed - QUIET), key=list(Action).index)
    return OrderLine(
        str(expected.get("raw", raw)),
        Source(),
        action=Action.ORDER if allowed == ADDRESS_ALONE else action,
        seq=str(expected.get("seq", "")),
        place=Place("") if quiet else place,
        items=tuple(clerk_item(wanted) for wanted in expected.get("items", ())),
        doubts=(ASK,) if doubted(expected) else (),
    )


def clerk_item(wanted: Mapping[str, Any]) -> Item:
    match = CODE.fullmatch(fold(wanted["name"]))
    return Item(
        "" if match else wanted["name"],
        None if wanted["qty"] is None else Decimal(str(wanted["qty"])),
        wanted["unit"] or "",
        code=(match[1] or match[2]) if match else "",
        change=Change(wanted.get("change", "set")),
    )


def doubted(expected: Mapping[str, Any]) -> bool:
    return bool(expected.get("review") or any(one.get("review") for one in expected.get("items", ())))


def clerks_reading(one: Case) -> list[OrderLine]:
    listed = clerks_lines(one.expected)
    return [clerk_reads(wanted, one.text) for wanted in ([one.expected] if listed is None else listed)]


def test_the_corpus_is_whole() -> None:
    assert [one.name for one in CASES] == [f"C{number:03}" for number in range(1, 241)]
    assert len({fold(one.text) for one in CASES}) == len(CASES)
    assert 20 <= sum(not one.clear for one in CASES) <= 30
    for one in CASES:
        for wanted in clerks_lines(one.expected) or [one.expected]:
            unknown = any(each["qty"] is None for each in wanted.get("items", ()))
            assert doubted(wanted) or not unknown, one.name


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_the_clerks_own_reading_is_exact(one: Case) -> None:
    own = judge(one, clerks_reading(one))
    assert (own.verdict, own.differences) == (EXACT, ())


def test_one_too_many_of_anything_ordered_is_silently_wrong() -> None:
    for one in CASES:
        lines = clerks_reading(one)
        if not one.clear or not all(each.items and each.action in COUNTED for each in lines):
            continue
        more = [
            replace(each, items=tuple(replace(i, qty=(i.qty or Decimal(0)) + 1) for i in each.items))
            for each in lines
        ]
        assert judge(one, more).verdict is SILENTLY_WRONG, one.text


COUNTED = {Action.ORDER, Action.AMEND, Action.TOTAL}


def test_a_reader_that_orders_one_of_everything_is_found_out() -> None:
    scores = score(CASES, lambda text: [OrderLine(text, Source(), items=(Item("", unit="份"),))])
    assert all(one.verdict is not EXACT or not one.case.expected.get("items") for one in scores)
    assert sum(one.verdict is SILENTLY_WRONG for one in scores) > 0.9 * len(CASES)


def test_a_reader_that_doubts_everything_is_never_wrong_and_never_exact_where_all_is_clear() -> None:
    scores = score(CASES, lambda text: [OrderLine(text, Source(), items=(), doubts=(ASK,))])
    assert not any(one.verdict is SILENTLY_WRONG for one in scores)
    assert not any(one.verdict is EXACT for one in scores if one.case.clear)


@pytest.mark.parametrize(
    "corpus",
    [
        pytest.param(OWN, id="own"),
        pytest.param(EXAMINERS, id="examiners"),
        pytest.param(PUBLIC, id="public", marks=pytest.mark.skipif(not PUBLIC.exists(), reason="not here")),
    ],
)
def test_the_reader_reads_as_a_careful_clerk_would(corpus: Path) -> None:
    from lastmetre.reading.texts import read_text

    scores = score(load(corpus), lambda text: read_text(text).lines)
    silently_wrong = {
        one.case.name: (one.case.text, one.differences) for one in scores if one.verdict is SILENTLY_WRONG
    }
    clear = [one for one in scores if one.case.clear]
    exact = sum(one.verdict is EXACT for one in clear)
    assert silently_wrong == {}
    assert exact / len(clear) >= CLEAR_SHARE_MIN
