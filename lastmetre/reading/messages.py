"""One message or chain entry -> order lines: places, who, what it wants, items, claims, doubts."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from lastmetre.reading import intents
from lastmetre.reading.changes import (
    names_goods,
    read_address_change,
    read_amendment,
    read_cancel,
    read_report,
    with_words,
)
from lastmetre.reading.context import Context, Message, doubted
from lastmetre.reading.entries import Entry
from lastmetre.reading.folding import fold
from lastmetre.reading.items import ItemReading
from lastmetre.reading.names import leading_name, name_behind, nickname_behind
from lastmetre.reading.notices import read_call, read_command, read_field, read_offer
from lastmetre.reading.places import (
    PlaceMatch,
    address_doubts,
    find_places,
    has_phase,
    is_address,
    read_address,
)
from lastmetre.reading.proxies import read_proxy
from lastmetre.reading.rooms import homes_in
from lastmetre.reading.second_look import second_look
from lastmetre.reading.supersede import key_of
from lastmetre.reading.vocabulary import DEFAULT_GOOD, DEFAULT_UNIT
from lastmetre.reading.zones import who_and_zone
from lastmetre.terms import Action, Compound, Item, OrderLine, Place, say

_PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d(?:[- ]?\d{4}){2})(?!\d)|(?<!\d)(0\d{2,3}-?\d{7,8})(?!\d)"
)
_MENTION = re.compile(r"@[^\s@,，:：]+[\s,，:：]*")
_SAME = re.compile(r"同上|同楼上|(?:跟|和|同)(?:楼上|上面)(?:的)?一样|同前")
_SAME_AS_SOMEBODY = re.compile(
    r"(?:跟|和|同|照)([^\s,，]{1,6})(?:的)?(?:一样|点|来)|老样子|老规矩|照旧|一样的?$"
)
_ORGANISER = re.compile(r"团购|接龙|拼团|团长|群主|组织者|发起人|开团|预[订定]$|代购$|集采|[一-鿿]团$")
_EXAMPLE = re.compile(r"\s*(?:例|示例|范例|格式|样板|模板)\s*(?:如|子)?\s*[:：,，、 ]")
_TAIL_OF_PHONE = re.compile(r"(?:手机)?尾号\s*[:：]?\s*\d{4}")
_POINTER = re.compile(r"(?:接龙)?第\s*\d+\s*[条位]|(?:[一二两三四五六七八九十]|\d+)户(?=各|每|都|一共|$)")
_LONGEST = 3000
"""Characters of one message; what is longer is a post or many messages run together."""
_LATER = re.compile(r"占(?:个|一个)?(?:位|坑)|待定|晚点定|先占")
_TOTAL_WORDS = re.compile(r"合计|总计|共计|小计|统计|汇总|总数|总共|一共|全部|共|[::]|\d+\s*户")
_IN_ALL = re.compile(r"[,，;；\s(（](?:一共|总共|合计|共计?)\s*(\d+)\s*份[)）]?\s*[.。]?$")
_HELPED = re.compile(r"(?:帮|替|代|给)(?!我|忙)[一-鿿]{1,3}?也?(?:带|点|订|买|拿|要|报|接)(?!\S*家)")
_QUESTION_WORDS = re.compile(
    r"(?:还有|有没有|有)?(?:货)?(?:吗|么|没有|没)?\s*[?？]\s*(?:(?:如果|要是)?有(?:的话|货)?(?:就)?)?"
)
_TITLE = re.compile(r"(?<![A-Za-z])(Mrs?|Ms|Dr)\.\s*(?=[^\W\d])", re.IGNORECASE)
"""Mr.何家: one name, no end of a sentence."""
_NEIGHBOURS = re.compile(
    r"^(?:(?:我们?家|自己家?|楼[上下]|对门|隔壁|邻居)[和跟与、]?){1,3}(?=[各每都一两\dA-Za-z])"
)


def read_message(entry: Entry, context: Context) -> list[OrderLine]:
    """Read one entry; several homes in it give several lines. Nothing of it is dropped: `raw` keeps the text."""
    line = OrderLine(raw=entry.raw, source=entry.source, seq=entry.seq, who=entry.speaker)
    if entry.quote:
        line = replace(line, details={"quote": entry.quote})
    if len(entry.raw) > _LONGEST and not entry.post:
        sentence = say("A message of {length} characters: please split it.", length=len(entry.raw))
        return [doubted(replace(line, action=Action.NONE), "too_long", sentence)]
    special = _special(entry, context, line)
    if special:
        return [special]
    text, line = _strip(entry.raw, line, context.compound)
    if not text.strip() or _EXAMPLE.match(text):
        return [replace(line, action=Action.NONE, details={"status": "placeholder"}, note=text.strip())]
    message = Message(entry, context, line, text, tuple(find_places(text, context.compound)))
    if not entry.numbered and not any(match.place.room for match in message.places):
        offer = read_offer(line) or (replace(line, action=Action.OFFER) if entry.post else None)
        if offer:
            return [offer]
    return second_look(_read(message))


def _special(entry: Entry, context: Context, line: OrderLine) -> OrderLine | None:
    """Read what is no order by its shape: a form field, a command, a call, a postal address."""
    if not entry.numbered:
        found = read_field(line) or read_command(line)
        if found:
            return found
    call = read_call(line)
    if call:
        return call
    if not is_address(entry.raw):
        return None
    doubts = address_doubts(entry.raw)
    return replace(
        line, action=Action.ADDRESS, place=read_address(entry.raw, context.compound), doubts=doubts
    )


def _strip(text: str, line: OrderLine, compound: Compound | None) -> tuple[str, OrderLine]:
    """Take phone, mention and claim of payment out of the text."""
    phone = _PHONE.search(fold(text))
    if phone:
        line = replace(line, phone=re.sub(r"\D", "", phone[1] or phone[2]))
        text = f"{text[: phone.start()]} {text[phone.end() :]}"
    text = _TITLE.sub(r"\1", text)
    text = _POINTER.sub(" ", _TAIL_OF_PHONE.sub(" ", _MENTION.sub(" ", text)))
    for name in (compound.name, *compound.aliases) if compound else ():
        text = re.sub(rf"{re.escape(name)}(?:小区)?\s*(?=[\dA-Za-z一二三四五六七八九十(（])", " ", text)
    folded = fold(text)
    if intents.claims_payment(folded) and not intents.asks(folded):
        line = replace(line, paid_claimed=True)
        for match in reversed(list(intents.PAID.finditer(folded))):
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text, line


def _read(message: Message) -> list[OrderLine]:
    homes = homes_in(message)
    action = _intent(message, homes)
    if action in (Action.NONE, Action.NOTICE, Action.OFFER, Action.QUESTION):
        place = message.main_place
        if action is Action.NOTICE:
            place = replace(place, room=None)
        return [replace(message.line, action=action, place=place, note=message.text.strip())]
    if action is Action.TOTAL:
        return [_total(message)]
    if action is Action.ADDRESS:
        return [read_address_change(message)]
    if action in (Action.COMPLAINT, Action.SHORTAGE):
        return [read_report(message, action)]
    if action is Action.CANCEL:
        return [read_cancel(message)]
    lines = _orders(message, homes, action)
    if intents.asks(message.folded):
        lines = [
            doubted(line, "question_and_order", say("Is this an order or a question?")) for line in lines
        ]
    return lines


def _intent(message: Message, homes: list[PlaceMatch]) -> Action:
    rest = message.without_places()
    action = intents.intent(
        message.folded,
        has_place=bool(message.places),
        has_room=bool(homes),
        has_amount=message.has_amount(rest),
        named_goods=lambda: names_goods(message),
        numbered=message.numbered,
    )
    if action is Action.TOTAL and homes:
        return Action.ORDER
    if action is Action.CANCEL and len(homes) > 1 and message.has_amount(rest):
        return Action.ORDER  # 201 204 各两份，401取消: each home for itself
    return action


def _total(message: Message) -> OrderLine:
    reading = message.items(_TOTAL_WORDS.sub(" ", message.without_places()))
    named = tuple(item for item in reading.items if item.name != DEFAULT_GOOD)
    line = replace(message.line, action=Action.TOTAL, place=message.main_place)
    if named:
        ranges = tuple(doubt for doubt in reading.doubts if doubt.code == "range")
        return replace(line, items=named, doubts=ranges)
    return replace(line, items=reading.items, doubts=reading.doubts)


def _orders(message: Message, homes: list[PlaceMatch], action: Action) -> list[OrderLine]:
    proxy = read_proxy(message, lambda line, rest: _filled(message, line, rest, Action.ORDER))
    if proxy:
        return proxy
    if len(homes) > 1:
        return _several(message, homes, action)
    if homes or message.places:
        return [_at(message, homes[0] if homes else message.places[0], action)]
    stated = any(item.qty_stated for item in message.items(message.text).items)
    if message.numbered and _ORGANISER.search(message.text.strip()) and not stated:
        return [
            replace(
                message.line, action=Action.NONE, who=message.text.strip(), details={"status": "organiser"}
            )
        ]
    return [_without_home(message, action, stated)]


def _without_home(message: Message, action: Action, stated: bool) -> OrderLine:
    helped = _HELPED.search(message.text)
    text = message.text.replace(helped[0], " ", 1) if helped else message.text
    who, place, rest, doubts = who_and_zone(text, numbered=message.numbered)
    line = replace(message.line, who=message.line.who or who, place=place, doubts=doubts, proxy=bool(helped))
    if _LATER.search(message.folded) and not stated:
        return replace(line, action=Action.NONE, place=Place(""), details={"status": "placeholder"})
    if _SAME_AS_SOMEBODY.search(message.text) and not message.numbered:
        return doubted(
            replace(line, who=message.line.who, note=message.text.strip()),
            "nobody",
            say("Whose order is this? No home and no name."),
        )
    if not (message.numbered or stated or (message.line.who and message.items(rest).items)):
        return replace(line, action=Action.NONE, who="", note=message.text.strip())
    filled = _filled(message, line, rest, action)
    if not (filled.who or filled.place or filled.phone):
        filled = doubted(filled, "nobody", say("Whose order is this? No home and no name."))
    return filled


def _at(message: Message, match: PlaceMatch, action: Action) -> OrderLine:
    before, after = message.text[: match.start], message.text[match.end :]
    lead, goods_follow = before, bool(before.strip()) and bool(message.items(after).items)
    who, before = leading_name(before, goods_follow=goods_follow)
    if who and message.is_order(who) and (message.has_amount(who) or not goods_follow):
        who, before = "", lead  # 纸巾1，6-1706
    place = match.place
    if place.room and not (place.building or place.unit) and message.context.building:
        place = replace(place, building=message.context.building)
    line = replace(message.line, place=place, who=message.line.who or who)
    if not line.who:
        who, after = name_behind(after)
        if not who and message.context.goods:
            who, after = nickname_behind(after, message.on_offer)
        line = replace(line, who=who)
    if re.search(r"\d\s*(?:号楼?|栋|幢|座|#)\s*(?:或者?|还是)\s*\d", message.folded):
        line = doubted(line, "two_homes", say("“{value}” names two homes.", value=message.text.strip()))
    if not place.room and "别墅" not in place.text:
        line = doubted(line, "room_missing", say("Which room? “{text}” names none.", text=place.text))
    elif not place.building and not place.unit:
        line = doubted(line, "building_missing", say("Which building? “{text}” names none.", text=place.text))
    elif has_phase(message.text[: match.end]):
        sentence = say(
            "Do the phases of the compound count their buildings anew? “{text}”", text=message.text
        )
        line = doubted(line, "phase", sentence)
    return _filled(message, line, f"{before} {after}", action)


def _several(message: Message, homes: list[PlaceMatch], action: Action) -> list[OrderLine]:
    """`101 102 各一份；103两份`: homes that share the words behind them."""
    text = message.text
    in_all = _IN_ALL.search(fold(text))
    if in_all:
        text = text[: in_all.start()]
    either = re.search(r"\d\s*室?\s*(?:或者?|还是)\s*\d", fold(text))
    if either:
        place = replace(homes[0].place, room=None, text=text.strip())
        line = doubted(
            replace(message.line, place=place),
            "two_homes",
            say("“{value}” names two homes.", value=text.strip()),
        )
        return [replace(line, items=message.items(text[: homes[0].start] or text[homes[-1].end :]).items)]
    lead = message.text[: homes[0].start]
    if not text[homes[-1].end :].strip(" ,，。.!！") and message.has_amount(lead):
        words = _NEIGHBOURS.sub("", lead.strip(" ,，:："))
        return _group(message, homes, words, action)  # 我家和对门各一份A：5-1203 5-1204
    lines: list[OrderLine] = []
    group: list[PlaceMatch] = []
    for index, match in enumerate(homes):
        end = homes[index + 1].start if index + 1 < len(homes) else len(text)
        words = text[match.end : end].strip(" \u3000,，、;；和及跟与/~-\n")
        group.append(match)
        if not words and index + 1 < len(homes):
            continue
        lines += _with_good_before(lines, _group(message, group, words, action))
        group = []
    if in_all and sum(item.qty or 0 for line in lines for item in line.items) != int(in_all[1]):
        lines = [
            doubted(
                line, "sum_differs", say("The parts do not add up to the whole: “{text}”.", text=in_all[0])
            )
            for line in lines
        ]
    if re.search(r"其中|送到|送去", text) and len(homes) > 1:
        lines = [
            doubted(line, "split_delivery", say("How is the order divided between the homes?"))
            for line in lines
        ]
    return lines


def _with_good_before(before: list[OrderLine], lines: list[OrderLine]) -> list[OrderLine]:
    """`801 802 鸡蛋各一板，803两板`: an amount alone means the good of the homes before it."""
    goods = {item.name: item for line in before for item in line.items}
    if len(goods) != 1 or DEFAULT_GOOD in goods:
        return lines
    good = next(iter(goods.values()))
    return [
        replace(line, items=(replace(line.items[0], name=good.name, code=good.code, good=good.good),))
        if len(line.items) == 1 and line.items[0].name == DEFAULT_GOOD and line.items[0].unit == good.unit
        else line
        for line in lines
    ]


def _group(message: Message, homes: list[PlaceMatch], words: str, action: Action) -> list[OrderLine]:
    if re.fullmatch(r"(?:取消|不要了|退了|退出)[.。!！]?", words):
        return [replace(message.line, place=home.place, action=Action.CANCEL) for home in homes]
    shared = words
    line = message.line
    if len(homes) > 1:
        shared = re.sub(r"每[家户人]|各家|分别|各(?=[来要订]?\s*[\d一两二三])", " ", words)
        if not re.search(r"各|每[家户人]|都|均|分别", words):
            line = doubted(
                line, "each_or_together", say("Is this for each of the homes, or for all together?")
            )
    lines = []
    for home in homes:
        name, rest = name_behind(shared)
        lines.append(_filled(message, replace(line, place=home.place, who=name or line.who), rest, action))
    return lines


def _filled(message: Message, line: OrderLine, rest: str, action: Action) -> OrderLine:
    """Read the items that belong to a line whose home or name is known."""
    if _SAME.search(rest):
        return _same(message, line, rest)
    rest = re.sub(r"(?:其他|其它|别的|其余)(?:不变|不动|照旧|一样|都不变)", " ", rest)
    somebody = _SAME_AS_SOMEBODY.search(rest)
    if somebody:
        line = doubted(line, "same_as_what", say("The same as whose order: “{text}”?", text=somebody[0]))
        rest = re.sub(r"(?:再|另)?加", " ", _SAME_AS_SOMEBODY.sub(" ", rest))
    elif action is Action.AMEND and not _first_order(message, line):
        return read_amendment(message, line, rest)
    elif action is Action.AMEND:
        line, rest = _wishes(message, line, rest)
    if intents.asks(fold(rest)):
        rest = _QUESTION_WORDS.sub(" ", rest)
    helped = _HELPED.search(rest)
    if helped:
        line, rest = replace(line, proxy=True), rest.replace(helped[0], f"({helped[0]})", 1)
    reading, in_all = _without_total(message, rest)
    talk = not message.numbered and bool(reading.words) and not any(item.qty_stated for item in reading.items)
    if line.paid_claimed and not message.numbered and not reading.items:
        return replace(line, action=Action.NONE, note=rest.strip())  # 6-402 已付款 截图发你了
    line, reading = with_words(line, reading)
    said = bool(reading.notes or reading.words) and not reading.items and not somebody
    if not message.numbered and said:
        line = doubted(line, "order_or_talk", say("Is this an order? No amount is written, but more words."))
    if talk and reading.items:
        line = doubted(line, "order_or_talk", say("Is this an order? No amount is written, but more words."))
    if in_all and sum(item.qty or 0 for item in reading.items) != in_all:
        line = doubted(
            line, "sum_differs", say("The parts do not add up to the whole: “{text}”.", text=rest.strip())
        )
    doubts = reading.doubts
    if line.place.room:
        doubts = tuple(doubt for doubt in doubts if doubt.code != "qty_not_stated")
    items = reading.items or (() if doubts or somebody else (_understood(reading.notes),))
    items = tuple(replace(item, qty=None) if item.name == "__" else item for item in items)
    return replace(
        line, action=Action.ORDER, items=items, note="；".join(reading.notes), doubts=line.doubts + doubts
    )


def _without_total(message: Message, rest: str) -> tuple[ItemReading, int | None]:
    """Read the items in front of `共4份`, and that total."""
    in_all = _IN_ALL.search(fold(rest))
    if in_all:
        reading = message.items(rest[: in_all.start()])
        if reading.items:
            return reading, int(in_all[1])
    return message.items(rest), None


def _first_order(message: Message, line: OrderLine) -> bool:
    """An entry of a chain that speaks of adding or exchanging orders for the first time: a wish, no change."""
    if key_of(line) in message.context.ordered:
        return False
    return message.numbered and not re.search(r"改|变|不要了|取消|去掉|退", message.text)


def _wishes(message: Message, line: OrderLine, rest: str) -> tuple[OrderLine, str]:
    """24. 阿布 加一份米饭: a wish, or one more good? 清炒时蔬换成番茄炒蛋 is a wish."""
    if re.search(r"加", rest):
        line = doubted(line, "wish_or_change", say("Is this a wish, or a change of an order?"))
        rest = re.sub(r"再?加[^,，;；。]*", lambda wish: f"({wish[0]})", rest)
    return line, rest


def _understood(notes: tuple[str, ...]) -> Item:
    return Item(DEFAULT_GOOD, Decimal(1), DEFAULT_UNIT, note="；".join(notes), qty_stated=False)


def _same(message: Message, line: OrderLine, rest: str) -> OrderLine:
    above = message.context.above
    if above is None:
        sentence = say("“Same as above”: nothing readable stands above.")
        return replace(doubted(line, "same_as_what", sentence), note=rest.strip())
    more = message.items(re.sub(r"(?:另外?|再|外)加|加", " ", _SAME.sub(" ", rest)))
    extra = tuple(item for item in more.items if item.name != DEFAULT_GOOD)
    place = line.place or (Place("") if above.place.room else above.place)
    doubts = line.doubts + (more.doubts if extra else ())
    return replace(line, place=place, items=above.items + extra, note="；".join(more.notes), doubts=doubts)
