"""Messages that change what was said before: cancellations, amendments, corrected addresses, reports."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from lastmetre.reading import intents
from lastmetre.reading.context import Message, doubted, plain_item
from lastmetre.reading.folding import fold
from lastmetre.reading.items import ItemReading
from lastmetre.reading.rooms import bare_rooms
from lastmetre.reading.vocabulary import DEFAULT_GOOD, DEFAULT_UNIT, is_good, is_person
from lastmetre.reading.zones import who_and_zone
from lastmetre.terms import Action, Change, Doubt, Item, OrderLine, Place, say

CANCEL_WORDS = re.compile(
    r"取消|不用送了|别送了|不用了|唔要|不要了|不去了|不参加了|退(?:了|掉)吧?|退出|不接了|不买了|不订了|不定了|撤销|撤单|退单|删除|删掉|退团|不需要了|作废|先不要|"
    r"算了|谢谢|我(?!家)|已(?=\s|$)|了|吧|的|订单"
)
_SHORT_WORDS = re.compile(
    r"收到|拿到|签收|漏发|漏了|漏送|少发|少送|少给|少装|没收到|未收到|没有收到|没拿到|没有|少了|缺了|差了|少|缺|差|了|[::]|还|但是?|可是|只有?|的"
)
_AMEND_WORDS = re.compile(
    r"改成|改为|改到|改订|修改|更改|换成|换为|变成|变更|追加|加订|加上|多加|多要|少要|再加|再来|再要|再|加(?!多宝)|减(?:去|掉|为|到|少)?|"
    r"把(?!手)|团长|群主|麻烦|一下|帮忙|请|(?:其他|其它|别的|其余)(?:不变|不动|照旧|一样|都不变)|先(?=不)|去掉|退[掉了]吧?|还是|删掉|唔要|不要了?|取消|改|了|我家|我们|我的?|订单|之前|原来|刚才|数量|[::]"
)
_REMARK = re.compile(
    r"[了的吧就个放别点送喊打请够吃怕等在人不着过给我你]|敲门|门口|电话|急|小心|轻|单独|一点|家里|有|现金|微信"
)
"""Function words: what has them is a remark to the carrier, not the name of a good."""
_SWAP = re.compile(r"(?:不要)?(.+?)(?:了)?[,，]?\s*(?:改成|改为|(?:换成|换为|换)(?!\s*\d))(.+)")


def names_goods(message: Message) -> bool:
    """Whether a good or code is named, so that `不要了` drops that good and not the whole order."""
    reading = message.items(CANCEL_WORDS.sub(" ", message.without_places()))
    return any(
        item.code or item.good or is_good(item.name) for item in reading.items if item.name != DEFAULT_GOOD
    )


def read_address_change(message: Message) -> OrderLine:
    """`是11-602不是11-206`: the place that is meant, and the one that was wrong."""
    folded = message.folded
    wrong = re.search(r"不是\s*", folded)
    new, old = None, None
    for match in message.places:
        if (wrong and match.start >= wrong.end() and match.start - wrong.end() <= 2) or re.search(
            r"(?:从|原来?是?|之前是?|写成了?|写的|接成了?|(?:别|不用?|不要)再?送|不住在?)\s*$",
            folded[: match.start],
        ):
            old = match.place
        else:
            new = match.place
    if len(message.places) == 2 and not wrong and old is None and re.search(r"改(?:成|为|到)", folded):
        old, new = message.places[0].place, message.places[1].place
    if len(message.places) == 2 and old is None and re.search(r"错|应该是|应为|更正", folded):
        old = next((match.place for match in message.places if match.place != new), None)
    if new and not new.room:
        rooms = bare_rooms(message)
        new = replace(new, room=rooms[0].place.room) if rooms else new
    line = replace(message.line, action=Action.ADDRESS, place=new or Place(""), note=message.text.strip())
    if old:
        line = replace(line, details={"from": _parts(old), "to": _parts(new)})
    if new is None or not new.room:
        line = doubted(line, "address_unclear", say("Which address is right?"))
    return line


def _parts(place: Place | None) -> dict[str, str | None]:
    return {"building": place.building, "unit": place.unit, "room": place.room} if place else {}


def read_report(message: Message, action: Action) -> OrderLine:
    """A complaint or a shortage: what is missing is kept, nothing is ordered."""
    line = replace(message.line, action=action, place=message.main_place, note=message.text.strip())
    if action is Action.SHORTAGE:
        missing = message.items(_SHORT_WORDS.sub(" ", message.without_places())).items
        line = replace(line, details={"missing": [plain_item(item) for item in missing]})
        if intents.only_less(message.folded):
            line = doubted(line, "less_wanted_or_received", say("Does it ask for less, or did less arrive?"))
    return line


def read_cancel(message: Message) -> OrderLine:
    """A cancelled order; an entry cancelled in place keeps the items it had."""
    place, rest = message.main_place, message.without_places()
    line = replace(message.line, action=Action.CANCEL, place=place, note=message.text.strip())
    if not place:
        who, place, rest, _ = who_and_zone(
            CANCEL_WORDS.sub(" ", rest, count=1).strip(), numbered=message.numbered
        )
        line = replace(line, who=line.who or who, place=place)
    reading = message.items(CANCEL_WORDS.sub(" ", rest))
    items = tuple(replace(item, qty=None) if (item.qty or 0) >= 10 else item for item in reading.items)
    if items != reading.items:
        line = doubted(line, "ambiguous_digit", say("Is a digit of the amount part of the address?"))
    if (
        re.search(r"(?:删|退|取消|去)掉?\s*(?:其中)?\s*[一1]\s*[个份单]|重复|接重", message.folded)
        and not message.numbered
    ):
        line = doubted(line, "cancel_part", say("Is the whole order cancelled, or one of several?"))
    if re.search(r"退(?!出|团|了吧)", message.folded):
        line = doubted(line, "drop_or_refund", say("Is the order dropped, or is money wanted back?"))
    if len({match.place.room for match in message.places if match.place.room}) > 1:
        line = doubted(line, "two_homes", say("“{value}” names two homes.", value=message.text.strip()))
    if not line.place and not line.who:
        line = doubted(line, "no_home", say("Whose order is cancelled?"))
    return replace(line, items=items if message.numbered else ())


def read_amendment(message: Message, line: OrderLine, rest: str) -> OrderLine:
    """`改成3份，鸡蛋不要了`: each clause sets, adds or removes; which good it means must be named."""
    items: list[Item] = []
    line = replace(line, action=Action.AMEND, note=rest.strip())
    swapped = _whole_swap(message, rest)
    several = len(re.findall(r"改成|改为|改(?=\d)|不要|取消|再加|换成", rest)) > 1
    clauses = [rest] if swapped else re.split(r"[,，;；。\n\s]+" if several else r"[,，;；。\n]", rest)
    for clause in clauses:
        found, doubts, line = _clause(message, line, clause)
        pending = any(doubt.code == "swap" for doubt in line.doubts)
        if len(found) == 1 and found[0].name == DEFAULT_GOOD and pending and items:
            items[-1] = replace(
                items[-1], qty=found[0].qty, unit=found[0].unit, qty_stated=True
            )  # A换成B，还是2份
            line = replace(line, doubts=tuple(doubt for doubt in line.doubts if doubt.code != "swap"))
            continue
        items += found
        line = replace(line, doubts=line.doubts + doubts)
    if any(item.name == DEFAULT_GOOD for item in items):
        line = doubted(line, "amends_what", say("Which good is to change? The message does not name it."))
    if not items:
        line = doubted(line, "amends_what", say("What is to change?"))
    return replace(line, items=tuple(items))


def _whole_swap(message: Message, rest: str) -> bool:
    return bool(re.match(r"\s*不要\S{1,8}?了?[,，]?\s*(?:换成|换为|改成|改为)", rest))


def _clause(
    message: Message, line: OrderLine, clause: str
) -> tuple[list[Item], tuple[Doubt, ...], OrderLine]:
    folded = fold(clause)
    reading = message.items(_AMEND_WORDS.sub(" ", clause))
    line, reading = with_words(line, reading)
    swap = _SWAP.match(clause.strip())
    if swap:
        old, new = (
            message.items(re.sub(r"^.*(?:报|要|订|接)的|从|^\s*把", " ", swap[1])).items,
            message.items(swap[2]).items,
        )
        if (
            len(old) == 1
            and old[0].name != DEFAULT_GOOD
            and new
            and all(item.name == DEFAULT_GOOD for item in new)
        ):
            return (
                [replace(old[0], qty=new[0].qty, unit=new[0].unit, qty_stated=True)],
                (),
                line,
            )  # 鸡蛋一板改成两板
        if old and new and (old[0].code or old[0].good or is_good(old[0].name)):
            gone = [_none_of(item) for item in old if item.name != new[0].name]
            amount = [item for item in new if item.name == DEFAULT_GOOD]
            if amount and len(new) > 1:
                new = (replace(new[0], qty=amount[0].qty, unit=amount[0].unit, qty_stated=True),)
            unsure = bool(gone) and not new[0].qty_stated
            return [*gone, *new], (Doubt("swap", say("Is all of it exchanged?")),) * unsure, line
    drop = re.search(r"[不唔]要了?|取消|去掉|退[掉了]|删掉", folded)
    if drop and reading.items:
        refund = Doubt("drop_or_refund", say("Is the order dropped, or is money wanted back?"))
        return [_none_of(item) for item in reading.items], (refund,) * drop[0].startswith("退"), line
    change = Change.SET
    if re.search(r"再|加|多要", folded):
        change = Change.ADD
    elif re.search(r"减(?!为|到)|少要", folded):
        change = Change.REMOVE
    return [replace(item, change=change) for item in reading.items], reading.doubts, line


def _none_of(item: Item) -> Item:
    return replace(item, qty=Decimal(0), unit=item.unit or DEFAULT_UNIT, qty_stated=True)


_NEIGHBOURS = re.compile(r"(?:我们?家|楼[上下]|对门|隔壁|邻居|[和跟与])+")
"""Whose order it is, said beside the address that says it better."""


def with_words(line: OrderLine, reading: ItemReading) -> tuple[OrderLine, ItemReading]:
    """Loose words become the name where one is missing; what is left over is doubted."""
    words = [word for word in reading.words if re.search(r"\w", word) and not _NEIGHBOURS.fullmatch(word)]
    if (
        words
        and not line.who
        and (
            is_person(words[0])
            or (line.place.room and reading.items and len(words[0]) <= 6 and not _REMARK.search(words[0]))
        )
    ):
        line = replace(line, who=words.pop(0))
    remarks = [word for word in words if line.place.room and reading.items and _REMARK.search(word)]
    words = [word for word in words if word not in remarks]
    reading = replace(reading, notes=(*reading.notes, *remarks))
    doubts = reading.doubts
    if words:
        doubts += (Doubt("unknown_word", say("What does “{words}” mean?", words=" ".join(words))),)
    return line, replace(reading, words=(), doubts=doubts)
