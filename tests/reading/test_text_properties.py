"""What holds for every text, however it is typed, numbered, punctuated or pasted again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from time import perf_counter
from unicodedata import normalize

import pytest
from compound_of_the_tests import OFFER, orders, parts, resolved, wanted
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.reading.control_totals import check_totals
from lastmetre.reading.folding import bare, fold, visible
from lastmetre.reading.merging import merge
from lastmetre.reading.readings import Reading, as_json
from lastmetre.reading.texts import read_text
from lastmetre.terms import Action, OrderLine

PLENTY = settings(deadline=None, max_examples=60)
SOME = settings(deadline=None, max_examples=25)

# Any text: signs, pieces of orders in any order, and anything at all

SIGNS = (
    "0123456789０１２一二三两半十百〇零oO-－—#/_~.,，、。；;！!？?()（）[]【】+＋*×xX@=ABCabＡＢ①②⑳\n\n\n \u3000\t🥚🥬👍⃣"
    "室号楼栋幢单元弄路门区座别墅斤公克kgml升份板箱包个块抽年套餐鸡蛋青菜牛奶大米王李老阿姨取消不要了改成换再加减同上各每其中共合计"
    "有货没帮替代我是接龙团长已付转收到少烂退送达货请下来领吗什么时候错写地址例如占位第No"
)
PIECES = (
    "3-501|3号楼501室|7-2-903|5栋602|500弄3号501室|A1203|友园12-404|别墅1|鸡蛋2板|青菜1份|A1|B2|A*2|各一份|同上|取消|不要了|改成3份|换成|"
    "再加|帮|3-502王阿姨|+1|已付|共4份|其中|没有换|1、|（3）|①|老王|#接龙|合计|3号楼合计|13800000001|收到|少了|？|吗|。|，|100|2-3个|"
    "五花肉斤半|1斤2两|600ml*24瓶4箱|鸡蛋|元|抽纸2提|送达 3-5号楼|@团长|退出 N|+N 小明|是3-502不是3-501|\n|\n1. |\n2. |\n\n"
).split("|")  # fmt: skip
PIECED = st.lists(st.sampled_from(PIECES), max_size=10)
ROWS = st.one_of(st.text(SIGNS, max_size=50), PIECED.map("".join), PIECED.map(" ".join))
"""Rows without colons, quotes and times: those make speakers, and are looked at by hand."""
ANYTHING = st.one_of(ROWS, st.text(SIGNS + ":：「」『』", max_size=50), st.text(max_size=40))

# Chains that a clerk reads at a glance

GOODS = [
    ("鸡蛋", "板"), ("青菜", "份"), ("牛奶", "箱"), ("五花肉", "斤"), ("苹果", "斤"), ("抽纸", "提"), ("A", "份"), ("B", "份"),
]  # fmt: skip
ADDRESSES = "3-501 3号楼502室 7-2-903 7栋1单元903 5-602 友园12-404 A-1203 8#1101 10号楼1501室".split()
SEPARATORS = ["，", "、", ",", " ", "；", ";", "。", "\u3000", " ，", "/", "+", "， "]
MARKS = ["{}. ", "{}.", "{}、", "（{}）", "({})", "{}）", "{}．", "{}，", "【{}】"]
Good = tuple[str, int, str]


@dataclass(frozen=True)
class Entry:
    """What one entry of a chain says."""

    address: str
    goods: tuple[Good, ...]

    def typed(self, separator: str = " ") -> str:
        return f"{self.address} " + separator.join(f"{name}{qty}{unit}" for name, qty, unit in self.goods)


@st.composite
def chains(draw: st.DrawFn, least: int = 1) -> list[Entry]:
    addresses = draw(st.lists(st.sampled_from(ADDRESSES), min_size=least, max_size=6, unique=True))
    entries = []
    for address in addresses:
        named = draw(st.lists(st.sampled_from(GOODS), min_size=1, max_size=3, unique=True))
        entries.append(Entry(address, tuple((name, draw(st.integers(1, 30)), unit) for name, unit in named)))
    return entries


def chain(
    entries: Sequence[Entry], mark: str = "{}. ", separator: str = " ", numbers: Sequence[int] = ()
) -> str:
    numbered = zip(numbers or range(1, len(entries) + 1), entries, strict=True)
    return "\n".join(mark.format(number) + entry.typed(separator) for number, entry in numbered)


def meaning(lines: Sequence[OrderLine]) -> list[tuple[object, ...]]:
    """What lines say, without the way it was typed."""
    return [
        (
            line.action,
            parts(line.place),
            [(normalize("NFKC", item.name), item.code, item.qty, item.unit) for item in line.items],
            [doubt.code for doubt in line.doubts],
        )
        for line in lines
    ]


def stated(entries: Sequence[Entry]) -> list[list[Good]]:
    return [list(entry.goods) for entry in entries]


def read(lines: Sequence[OrderLine]) -> list[list[tuple[str, Decimal | None, str]]]:
    return [[(item.name, item.qty, item.unit) for item in line.items] for line in lines]


@PLENTY
@given(ANYTHING)
def test_reading_never_raises_and_every_quantity_is_known_or_doubted(text: str) -> None:
    lines = resolved(text)
    merge(lines)
    check_totals(lines)
    as_json(Reading(tuple(lines)))
    for line in lines:
        if line.action in (Action.ORDER, Action.AMEND):
            assert line.doubts or all(item.qty is not None for item in line.items)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3-501 A2" + "其中A1" * 1000, id="nested parts"),
        pytest.param("3-501 " + "有货鸡蛋2板" * 1000, id="nested conditions"),
        pytest.param("3-501 A1 共" + "9" * 5000 + "份", id="a total of 5000 digits"),
        pytest.param("房号: " + "9" * 5000, id="a room of 5000 digits"),
    ],
)
def test_nor_on_absurd_texts(text: str) -> None:
    read_text(text)


def test_a_row_of_blanks_costs_no_more_than_a_row_of_words() -> None:
    def seconds(text: str) -> float:
        before = perf_counter()
        read_text(text)
        return perf_counter() - before

    words = max(seconds("鸡蛋" * 75) for _ in range(3))
    assert min(seconds(" " * 150 + "A") for _ in range(2)) < 10 * words


def squashed(text: str) -> str:
    return "".join(text.split())


@PLENTY
@given(ANYTHING)
def test_a_line_is_found_where_it_says_it_stood(text: str) -> None:
    text = visible(text)
    reading = read_text(text, file="chat.txt")
    for line in (*reading.lines, *reading.superseded):
        source = line.source
        assert (source.file, source.sheet) == ("chat.txt", "")
        assert source.start is not None
        assert squashed(text[source.start : source.end]).endswith(squashed(line.raw))
        assert source.row == text.count("\n", 0, source.start) + 1


@PLENTY
@given(ROWS)
def test_no_sign_of_a_text_is_lost(text: str) -> None:
    reading = read_text(text)
    left = list(visible(text))
    for line in (*reading.lines, *reading.superseded):
        for at in range(line.source.start or 0, line.source.end or 0):
            left[at] = "\n" if left[at] == "\n" else " "
    heading = set(reading.heading.split("\n"))
    assert [row for row in "".join(left).split("\n") if row.strip() and row.strip() not in heading] == []


@SOME
@given(st.text(max_size=60))
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert visible(visible(text)) == visible(text)


@SOME
@given(st.text("鸡蛋A1②３ａ", max_size=20), st.text(" ，。、!?！…·-", max_size=5), st.integers(0, 20))
def test_punctuation_says_nothing(text: str, signs: str, at: int) -> None:
    assert bare(text[:at] + signs + text[at:]) == bare(text)


@PLENTY
@given(chains())
def test_a_clear_chain_is_read_as_it_says_and_without_a_doubt(entries: list[Entry]) -> None:
    lines = read_text(chain(entries)).lines
    assert read(lines) == stated(entries)
    assert [line.seq for line in lines] == [str(number) for number in range(1, len(entries) + 1)]
    assert not any(line.doubts for line in lines)


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


@PLENTY
@given(chains(), st.sampled_from(MARKS), st.sampled_from(SEPARATORS))
def test_full_width_signs_read_like_half_width(entries: list[Entry], mark: str, separator: str) -> None:
    text = chain(entries, mark, separator)
    assert meaning(read_text(text.translate(WIDE)).lines) == meaning(read_text(text).lines)


@PLENTY
@given(chains(), st.sampled_from(MARKS), st.sampled_from(SEPARATORS))
def test_marks_and_punctuation_change_no_item(entries: list[Entry], mark: str, separator: str) -> None:
    reading = read_text(chain(entries, mark, separator))
    assert read(reading.lines) == stated(entries)
    assert not any(line.doubts for line in reading.lines)
    if separator not in "/+":  # signs that may be part of a good's name
        assert reading.hash == read_text(chain(entries)).hash


@SOME
@given(chains())
def test_circled_numbers_are_marks_too(entries: list[Entry]) -> None:
    text = "\n".join(f"{'①②③④⑤⑥'[at]}{entry.typed()}" for at, entry in enumerate(entries))
    assert meaning(read_text(text).lines) == meaning(read_text(chain(entries)).lines)


@SOME
@given(chains(), st.lists(st.integers(1, 40), min_size=6, max_size=6).map(accumulate).map(list))
def test_renumbering_changes_nothing(entries: list[Entry], numbers: list[int]) -> None:
    numbers = numbers[: len(entries)]
    reading, renumbered = read_text(chain(entries)), read_text(chain(entries, numbers=numbers))
    assert meaning(renumbered.lines) == meaning(reading.lines)
    assert renumbered.hash == reading.hash
    assert wanted(orders(chain(entries, numbers=numbers))) == wanted(orders(chain(entries)))


@SOME
@given(chains(), st.sampled_from(["\n", "\n\n", "\n#接龙\n", "\n\n李姐：\n"]))
def test_a_chain_pasted_twice_is_the_chain(entries: list[Entry], between: str) -> None:
    once, twice = read_text(chain(entries)), read_text(chain(entries) + between + chain(entries))
    assert meaning(twice.lines) == meaning(once.lines)
    assert len(twice.superseded) == len(entries)
    assert wanted(orders(chain(entries) + between + chain(entries))) == wanted(orders(chain(entries)))


@SOME
@given(chains(least=2), st.data())
def test_in_a_copy_with_one_more_and_one_changed_the_later_stands(
    entries: list[Entry], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    later = [*entries, Entry("9-1001", (("鸡蛋", 1, "板"),))]
    later[at] = Entry(later[at].address, (("牛奶", 7, "箱"),))
    both = read_text(chain(entries) + "\n\n" + chain(later))
    assert read(both.lines) == stated(later)


@SOME
@given(chains(), st.data(), st.sampled_from(["（取消）", " 取消", " 不要了", "。已取消"]))
def test_a_cancelled_entry_leaves_no_order(entries: list[Entry], data: st.DataObject, words: str) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    rows = chain(entries).split("\n")
    rows[at] += words
    kept = [row for number, row in enumerate(rows) if number != at]
    assert wanted(orders("\n".join(rows))) == wanted(orders("\n".join(kept)))


@PLENTY
@given(chains(), st.data())
def test_the_hash_tells_a_changed_quantity(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    (name, qty, unit), *rest = entries[at].goods
    changed = [*entries]
    changed[at] = replace(entries[at], goods=((name, qty + data.draw(st.integers(1, 9)), unit), *rest))
    reading = read_text(chain(entries))
    assert read_text(chain(changed)).hash != reading.hash
    line = reading.lines[at]  # the words are the same, but they are understood in another way
    more = tuple(replace(item, qty=(item.qty or 0) + 1) for item in line.items)
    for other in (replace(line, items=more), replace(line, action=Action.CANCEL), replace(line, items=())):
        assert Reading((*reading.lines[:at], other, *reading.lines[at + 1 :])).hash != reading.hash


@SOME
@given(chains())
def test_the_hash_does_not_depend_on_where_a_text_was_kept(entries: list[Entry]) -> None:
    text = chain(entries)
    assert read_text(text, file="a.txt").hash == read_text("\n" + text + "\n\n", file="b.txt").hash


@SOME
@given(chains(least=2))
def test_sums_over_households_are_what_the_chain_says(entries: list[Entry]) -> None:
    known = {"A": "A", "B": "B", "鸡蛋": "B", "牛奶": "D", "五花肉": "C"}
    plain = [
        Entry(entry.address, tuple(good for good in entry.goods if good[0] in known)) for entry in entries
    ]
    plain = [entry for entry in plain if entry.goods and entry.address[:2] not in ("8#", "10")]
    found = wanted(orders(chain(plain))) if plain else {}
    for good in OFFER.goods:
        said = sum(qty for entry in plain for name, qty, _ in entry.goods if known[name] == good.code)
        assert sum(items.get(good.code, Decimal(0)) for items in found.values()) == said
