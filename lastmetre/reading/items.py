"""What is ordered: `鸡蛋2板，青菜半斤 A2` -> items with quantities; what is unclear comes with a doubt.

Phrases that speak of a whole (其中, 有货的话, 没有换…) are taken out first; the rest is cut into tokens
(`item_tokens`), each clause is brought into the order name, amount (`clauses`), and one pass assembles the
items (`assembly`). An amount belongs to the name before it; a good without an amount counts as one, marked as
understood and not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lastmetre.reading.assembly import Assembly
from lastmetre.reading.clauses import clauses, in_order
from lastmetre.reading.item_tokens import tokens
from lastmetre.reading.vocabulary import DEFAULT_GOOD, DEFAULT_UNIT, is_good
from lastmetre.terms import Doubt, Good, Item, say

_CONDITION = re.compile(r"(?:如果|要是)?(?:还)?有(?:货的话|的话|货(?!吗))(?:就)?[,，]?")
_LISTED_WISH = re.compile(r"((?:换|备注|口味|忌口|注)[一-鿿]{0,4}(?:\d份)?[:：][^;；.。\n]*)")
_SUBSTITUTE = re.compile(
    r"(?:如果|要是|万一)?(?:没有?货?|缺货|断货)(?:的话|了)?[就,，]?(?:换成?|给?来|要|给)(?:成)?(?P<instead>[^,，;；。()（）\s]+)"
)
_EITHER = re.compile(r"([A-Za-z一-鿿]{1,8})\s*(?:或者?|还是)\s*([A-Za-z一-鿿]{1,8})")
_WITHOUT = re.compile(
    r"(?P<kept>[(（][^()（）]*[)）])"
    r"|(?<![都也])(?P<wish>(?:不要|不吃|别放|不放|别要|少放|多放)(?!了)[^\s,，;；。()（）\d一两二三半了]{1,6})(?![了\d])"
)
"""不要土豆 behind an order, where 土豆 is on offer too; what stands in brackets is a remark already."""
_MONEY = re.compile(
    r"(?:一共|总共|共|合计)?\s*[¥￥]\s*\d+(?:\.\d+)?|(?:一共|总共|共|合计)?\s*\d+(?:\.\d+)?\s*(?:元(?!宝)|块钱)(?:/\S)?"
)
_ONE_OF = re.compile(r"((?:^|[\s,，])(?:再|还|想|我)?(?:来|要|加|拿|买))([个只条盒箱袋瓶包份串])(?=[一-鿿])")
_FIXED_WISH = re.compile(
    r"(家里?\d口人?|\d口人|\d大\d小|半份?(?:米)?饭|米?饭半份|\d荤\d素|[一二两三]荤[一二两三]素(?:就行)?)"
)


@dataclass(frozen=True, slots=True)
class ItemReading:
    """Items, notes, doubts, and the words that are neither (a name or a place, perhaps)."""

    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    words: tuple[str, ...] = ()


def read_items(text: str, goods: Sequence[Good] = ()) -> tuple[tuple[Item, ...], tuple[Doubt, ...]]:
    """Read the cell or piece of text that holds nothing but an order list."""
    reading = read_order(text, goods)
    loose = tuple(Item(word, Decimal(1), qty_stated=False) for word in reading.words)
    doubts = reading.doubts
    if loose:
        doubts += (Doubt("unknown_word", say("Is “{words}” a good?", words=" ".join(reading.words))),)
    return reading.items + loose, doubts


def read_order(text: str, goods: Sequence[Good] = ()) -> ItemReading:
    """Read a piece of an order; costs a few passes over its characters."""
    for phrase in (_partly, _or_instead, _either_or, _if_there_is):
        reading = phrase(text, goods)
        if reading is not None:
            return reading
    if goods:
        text = _WITHOUT.sub(lambda found: found["kept"] or f"({found['wish']})", text)
    text = _ONE_OF.sub(r"\1一\2", _MONEY.sub(" ", text))
    text = _FIXED_WISH.sub(r"(\1)", _LISTED_WISH.sub(r"(\1)", text))
    assembly = Assembly()
    for clause, ended_by in clauses(tokens(text, goods)):
        for token in in_order(clause):
            assembly.take(token)
        assembly.end_clause(ended_by)
    assembly.flush(assembly.names)
    assembly.join_parts()
    reading = ItemReading(
        tuple(assembly.items), tuple(assembly.notes), tuple(assembly.doubts), tuple(assembly.words)
    )
    return replace(reading, doubts=reading.doubts + tuple(_doubts_of_whole(reading, text)))


def _doubts_of_whole(reading: ItemReading, text: str) -> Iterator[Doubt]:
    """Doubts that only show when all is read: a good that hides in a remark, an amount inside a wish."""
    loose = [
        item
        for item in reading.items
        if item.name == DEFAULT_GOOD and item.unit not in ("", DEFAULT_UNIT, "单")
    ]
    if loose and any(is_good(word) for note in reading.notes for word in re.split(r"[给来要的，,\s]", note)):
        amount = f"{loose[0].qty}{loose[0].unit}"
        yield Doubt("loose_amount", say("What is “{text}” an amount of?", text=amount))
    named = any(item.name != DEFAULT_GOOD for item in reading.items)
    nameless = [item for item in reading.items if item.name == DEFAULT_GOOD]
    if named and nameless and not any(doubt.code == "loose_amount" for doubt in reading.doubts):
        amount = f"{nameless[0].qty}{nameless[0].unit}"
        yield Doubt("loose_amount", say("What is “{text}” an amount of?", text=amount))
    listed = _LISTED_WISH.search(text)
    if listed and re.search(r"\d份", listed[0]):
        yield Doubt("subset", say("Are the later amounts part of the first, or more?"))


def _partly(text: str, goods: Sequence[Good]) -> ItemReading | None:
    """`4份，其中2份少饭`: what follows is part of the whole before it."""
    whole, marker, part = text.partition("其中")
    if not marker:
        return None
    part = part.replace("其中", " ")
    more = re.search(r"[,，;；。\s](?:另外?|还要|再来|再要)", part)
    rest = read_order(part[more.end() :], goods) if more else ItemReading()
    if not more or all(item.name == DEFAULT_GOOD for item in rest.items):
        return _with_part(read_order(whole, goods), read_order(part, goods), part)
    part = part[: more.start()]
    return _joined_readings(_with_part(read_order(whole, goods), read_order(part, goods), part), rest)


def _or_instead(text: str, goods: Sequence[Good]) -> ItemReading | None:
    """`鸡蛋2板 没有就换豆腐`: what to take instead belongs to the last good."""
    substitute = _SUBSTITUTE.search(text)
    if not substitute:
        return None
    return _with_substitute(read_order(_SUBSTITUTE.sub(" ", text), goods), substitute)


def _either_or(text: str, goods: Sequence[Good]) -> ItemReading | None:
    """`A或者B都行`: a person chooses."""
    either = _EITHER.search(text)
    if not either:
        return None
    reading = read_order(_EITHER.sub(r"\1,\2", text).replace("或", ",").replace("还是", ","), goods)
    if len(reading.items) < 2:
        return None
    sentence = say("One or the other: “{text}”?", text=either[0])
    return replace(reading, doubts=(*reading.doubts, Doubt("either", sentence, _ways(reading.items, either))))


def _ways(items: Sequence[Item], either: re.Match[str]) -> tuple[str, ...]:
    """Spell the whole order with the one and with the other; none where it cannot be told which these are."""
    named = [
        [item for item in items if (item.code or item.name) in words or words in item.name]
        for words in either.groups()
    ]
    if [len(each) for each in named] != [1, 1] or named[0] == named[1]:
        return ()
    (one,), (other,) = named
    kept = ([item for item in items if item is not left] for left in (other, one))
    return tuple(
        " ".join(f"{item.code or item.name}{item.qty or 1}{item.unit}" for item in way) for way in kept
    )


def _if_there_is(text: str, goods: Sequence[Good]) -> ItemReading | None:
    """`有货的话要2份`, `有肉蛋包的话来1份`: an order with a remark."""
    spoken = re.sub(r"有([^,，\s有]{2,8}?)的话", r"\1", text)
    condition = _CONDITION.search(spoken)
    if not condition:
        return read_order(spoken, goods) if spoken != text else None
    reading = read_order(_CONDITION.sub(" ", spoken), goods)
    return replace(reading, notes=(condition[0].strip(" ,，"), *reading.notes))


def _joined_readings(one: ItemReading, other: ItemReading) -> ItemReading:
    return ItemReading(
        one.items + other.items, one.notes + other.notes, one.doubts + other.doubts, one.words + other.words
    )


def _with_substitute(reading: ItemReading, substitute: re.Match[str]) -> ItemReading:
    note = substitute[0].strip(" ,，")
    if not reading.items:
        return replace(reading, notes=(*reading.notes, note))
    *first, last = reading.items
    remark = "，".join(filter(None, (last.note, note)))
    item = replace(last, note=remark, substitute=substitute["instead"].strip())
    return replace(reading, items=(*first, item), notes=(*reading.notes, note))


def _with_part(whole: ItemReading, part: ItemReading, text: str) -> ItemReading:
    """Read `其中…`: named goods take the place of the total they add up to; anything else is a note."""
    named = [item for item in part.items if item.name != DEFAULT_GOOD]
    totals = [item for item in whole.items if item.name == DEFAULT_GOOD]
    if not named:
        note = "其中" + text.strip(" ,，。.")
        items = tuple(replace(item, note=note) if item is whole.items[-1] else item for item in whole.items)
        return replace(whole, items=items, notes=(*whole.notes, note))
    doubts = whole.doubts + part.doubts
    if totals and sum(item.qty or 0 for item in totals) != sum(item.qty or 0 for item in part.items):
        doubts += (
            Doubt("sum_differs", say("The parts do not add up to the whole: “{text}”.", text=text.strip())),
        )
    others = tuple(item for item in whole.items if item not in totals)
    return ItemReading(others + part.items, whole.notes + part.notes, doubts, whole.words + part.words)
