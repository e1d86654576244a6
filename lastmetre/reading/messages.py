"""One message or chain entry -> order lines: places, who, what it wants, items, claims, doubts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from lastmetre.reading import intents
from lastmetre.reading.entries import Entry
from lastmetre.reading.folding import fold
from lastmetre.reading.item_tokens import Kind, tokens
from lastmetre.reading.items import ItemReading, read_order
from lastmetre.reading.notices import read_call, read_command, read_field, read_offer
from lastmetre.reading.numerals import digits, without_letter_zeros
from lastmetre.reading.places import PlaceMatch, address_doubts, find_places, has_phase, is_address, read_address
from lastmetre.reading.vocabulary import DEFAULT_GOOD, DEFAULT_UNIT, PLACE_END, TITLES, is_good, is_person, is_wish, plain
from lastmetre.terms import Action, Change, Compound, Doubt, Good, Item, OrderLine, Place, say


@dataclass(frozen=True, slots=True)
class Context:
    """What is known before a message is read."""

    goods: tuple[Good, ...] = ()
    compound: Compound | None = None
    building: str | None = None
    """Building that the chain's heading names (3号楼接龙), for entries that give only a room."""
    above: tuple[Item, ...] | None = None
    """Items of the order before this one, for `同上`."""
    above_place: Place = Place("")


_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d(?:[- ]?\d{4}){2})(?!\d)|(?<!\d)(0\d{2,3}-?\d{7,8})(?!\d)")
_MENTION = re.compile(r"@[^\s@,，:：]+[\s,，:：]*")
_SAME = re.compile(r"同上|同楼上|跟楼上一样|和楼上一样|一样的?$|同前|照旧")
_ORGANISER = re.compile(r"团购|接龙|拼团|团长|群主|组织者|发起人|开团|[一-鿿]团$")
_JOB = re.compile(r"[大二三四]副|[一二三四大]管轮?|[大二三]厨|[一二三]水")


def read_message(entry: Entry, context: Context) -> list[OrderLine]:
    """Read one entry; several homes in it give several lines. Nothing of it is dropped: `raw` keeps the text."""
    line = OrderLine(raw=entry.raw, source=entry.source, seq=entry.seq, who=entry.speaker)
    if not entry.numbered:
        field = read_field(line)
        if field:
            return [field]
        command = read_command(line)
        if command:
            return [command]
    call = read_call(line)
    if call:
        return [call]
    if is_address(entry.raw):
        doubts = address_doubts(entry.raw)
        return [replace(line, action=Action.ADDRESS, place=read_address(entry.raw, context.compound), doubts=doubts)]
    text, line = _strip(entry.raw, line)
    if re.match(r"\s*(?:例|示例|范例|格式|样板)\s*[:：,，、 ]", text):
        return [replace(line, action=Action.NONE, details={"status": "placeholder"}, note=text.strip())]
    if not text.strip():
        return [replace(line, action=Action.NONE, details={"status": "placeholder"})]
    places = find_places(text, context.compound)
    if not places and not entry.numbered:
        offer = read_offer(line) or (replace(line, action=Action.OFFER) if entry.post else None)
        if offer:
            return [offer]
    return _Message(entry, context, line, text, places).read()


def _strip(text: str, line: OrderLine) -> tuple[str, OrderLine]:
    """Take phone, mention and claim of payment out of the text."""
    phone = _PHONE.search(fold(text))
    if phone:
        line = replace(line, phone=re.sub(r"\D", "", phone[1] or phone[2]))
        text = f"{text[: phone.start()]} {text[phone.end() :]}"
    text = _MENTION.sub(" ", text)
    folded = fold(text)
    if intents.claims_payment(folded) and not intents.asks(folded):
        line = replace(line, paid_claimed=True)
        text = intents.PAID.sub(" ", folded) if len(folded) != len(text) else _cut_all(text, folded)
    return text, line


def _cut_all(text: str, folded: str) -> str:
    for match in reversed(list(intents.PAID.finditer(folded))):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


@dataclass(slots=True)
class _Message:
    entry: Entry
    context: Context
    line: OrderLine
    text: str
    places: list[PlaceMatch]

    def read(self) -> list[OrderLine]:
        folded = fold(self.text)
        has_amount = any(t.kind is Kind.AMOUNT for t in tokens(self._without_places(), self.context.goods))
        action = intents.intent(
            folded,
            has_place=bool(self.places),
            has_room=any(match.place.room for match in self.places),
            has_amount=has_amount,
            named_goods=self._names_goods(),
        )
        if action is Action.TOTAL and self._bare_rooms():
            action = Action.ORDER
        if action in (Action.NONE, Action.NOTICE, Action.OFFER, Action.QUESTION):
            return [self._whole(action)]
        if action is Action.TOTAL:
            return [self._total()]
        if action is Action.ADDRESS:
            return [self._address(folded)]
        if action in (Action.CANCEL, Action.COMPLAINT, Action.SHORTAGE):
            return [self._without_order(action, folded)]
        lines = self._orders(action)
        if intents.asks(folded):
            doubt = Doubt("question_and_order", say("Is this an order or a question?"))
            lines = [replace(line, doubts=(*line.doubts, doubt)) for line in lines]
        return lines

    def _without_places(self) -> str:
        text = self.text
        for place in reversed(self.places):
            text = f"{text[: place.start]} {text[place.end :]}"
        return text

    def _names_goods(self) -> bool:
        reading = read_order(_CANCEL_WORDS.sub(" ", self._without_places()), self.context.goods)
        return any(item.code or item.good or is_good(item.name) for item in reading.items if item.name != DEFAULT_GOOD)

    def _whole(self, action: Action) -> OrderLine:
        place = next((m.place for m in self.places if m.place.room), self.places[0].place if self.places else Place(""))
        if action is Action.NOTICE:
            place = replace(place, room=None)
        return replace(self.line, action=action, place=place, note=self.text.strip())

    def _total(self) -> OrderLine:
        text = self._without_places()
        reading = read_order(_TOTAL_WORDS.sub(" ", text), self.context.goods)
        named = tuple(item for item in reading.items if item.name != DEFAULT_GOOD)
        if named:
            reading = replace(reading, items=named, doubts=())
        place = self.places[0].place if self.places else Place("")
        return replace(self.line, action=Action.TOTAL, place=place, items=reading.items, doubts=reading.doubts)

    def _address(self, folded: str) -> OrderLine:
        """`是11-602不是11-206`: the place that is meant, and the one that was wrong."""
        wrong = re.search(r"不是\s*", folded)
        new, old = None, None
        for match in self.places:
            if wrong and match.start >= wrong.end() and match.start - wrong.end() <= 2:
                old = match.place
            elif re.search(r"(?:从|原来?是?|之前是?|写成了?|写的)\s*$", folded[: match.start]):
                old = match.place
            else:
                new = match.place
        if len(self.places) == 2 and not wrong and old is None and re.search(r"改(?:成|为|到)", folded):
            old, new = self.places[0].place, self.places[1].place
        line = replace(self.line, action=Action.ADDRESS, place=new or Place(""), note=self.text.strip())
        if old:
            line = replace(line, details={"from": _parts(old), "to": _parts(new)})
        if new is None or not new.room:
            line = replace(line, doubts=(Doubt("address_unclear", say("Which address is right?")),))
        return line

    def _without_order(self, action: Action, folded: str) -> OrderLine:
        place = next((m.place for m in self.places if m.place.room), self.places[0].place if self.places else None)
        rest = self._without_places()
        line = replace(self.line, action=action, note=self.text.strip())
        if place is None:
            who, place, rest, _ = self._who_and_place(rest)
            line = replace(line, who=line.who or who)
        line = replace(line, place=place)
        if action is Action.CANCEL:
            return self._cancel(line, rest)
        if action is Action.SHORTAGE:
            missing = [_json_item(item) for item in read_order(_SHORT_WORDS.sub(" ", rest), self.context.goods).items]
            line = replace(line, details={"missing": missing})
            if intents.only_less(folded):
                doubt = Doubt("less_wanted_or_received", say("Does it ask for less, or did less arrive?"))
                line = replace(line, doubts=(doubt,))
        return line

    def _cancel(self, line: OrderLine, rest: str) -> OrderLine:
        reading = read_order(_CANCEL_WORDS.sub(" ", rest), self.context.goods)
        items = tuple(replace(item, qty=None) if (item.qty or 0) >= 10 else item for item in reading.items)
        doubts = reading.doubts
        if items and items != reading.items:
            doubts += (Doubt("ambiguous_digit", say("Is a digit of the amount part of the address?")),)
        if re.search(r"退(?!出|团)", fold(line.raw)):
            doubts += (Doubt("drop_or_refund", say("Is the order dropped, or is money wanted back?")),)
        if not line.place and not line.who:
            doubts += (Doubt("no_home", say("Whose order is cancelled?")),)
        return replace(line, items=items if self.entry.numbered else (), doubts=doubts)

    def _orders(self, action: Action) -> list[OrderLine]:
        proxy = self._proxy()
        if proxy:
            return proxy
        rooms = self._all_rooms()
        if len(rooms) > 1:
            return self._several(rooms, action)
        if self.places:
            return [self._one(self.places[-1] if len(self.places) == 1 else rooms[0] if rooms else self.places[0], action)]
        if len(rooms) == 1:
            return [self._one(rooms[0], action)]
        stated = any(item.qty_stated for item in read_order(self.text).items)
        if self.entry.numbered and _ORGANISER.search(self.text.strip()) and not stated:
            return [replace(self.line, action=Action.NONE, who=self.text.strip(), details={"status": "organiser"})]
        who, place, rest, doubts = self._who_and_place(self.text)
        if not (self.entry.numbered or place or who or stated or self.line.who):
            return [replace(self.line, action=Action.NONE, note=self.text.strip())]
        line = replace(self.line, who=self.line.who or who, place=place)
        return [self._filled(line, rest, action, doubts)]

    def _one(self, match: PlaceMatch, action: Action) -> OrderLine:
        before, after = self.text[: match.start], self.text[match.end :]
        who, before = _leading_name(before)
        line = replace(self.line, place=match.place, who=self.line.who or who)
        if not line.who:
            who, after = _name_behind(after)
            line = replace(line, who=who)
        doubts: tuple[Doubt, ...] = ()
        if match.place.building and not match.place.room and "别墅" not in match.place.text:
            doubts = (Doubt("room_missing", say("Which room? “{text}” names none.", text=match.place.text)),)
        elif has_phase(self.text[: match.end]):
            doubts = (Doubt("phase", say("Do the phases of the compound count their buildings anew? “{text}”", text=self.text)),)
        return self._filled(line, f"{before} {after}", action, doubts)

    def _several(self, rooms: list[PlaceMatch], action: Action) -> list[OrderLine]:
        """`101 102 各一份；103两份`: homes that share the words behind them."""
        who, _ = _leading_name(self.text[: rooms[0].start])
        lines: list[OrderLine] = []
        group: list[PlaceMatch] = []
        for index, match in enumerate(rooms):
            end = rooms[index + 1].start if index + 1 < len(rooms) else len(self.text)
            words = self.text[match.end : end].strip(" ,，、;；和及跟与\n")
            group.append(match)
            if not words and index + 1 < len(rooms):
                continue
            unclear = len(group) > 1 and not re.search(r"各|每[家户人]|都|均|分别", words)
            doubts = (Doubt("each_or_together", say("Is this for each of the homes, or for all together?")),) * unclear
            shared = re.sub(r"每[家户人]|各家|分别|各(?=[来要订]?\s*[\d一两二三])", "", words) if len(group) > 1 else words
            for home in group:
                name, rest = _name_behind(shared)
                line = replace(self.line, place=home.place, who=name or (who if len(rooms) == 1 else ""))
                lines.append(self._filled(line, rest, action, doubts))
            group = []
        return lines

    def _filled(self, line: OrderLine, rest: str, action: Action, doubts: tuple[Doubt, ...]) -> OrderLine:
        if _SAME.search(rest):
            return self._same(line, rest)
        if action is Action.AMEND and self.entry.numbered and not re.search(r"改|变|不要了|取消|去掉|退", rest):
            # 24. 阿布 加一份米饭: in a first entry a wish, not a change of an order.
            doubts += (Doubt("wish_or_change", say("Is this a wish, or a change of an order?")),)
            rest = re.sub(r"(?:再?加|换)[^,，;；。]*", lambda wish: f"({wish[0]})", rest)
        elif action is Action.AMEND:
            return self._amended(line, rest, doubts)
        reading = read_order(rest, self.context.goods)
        line, reading = _take_words(line, reading)
        if line.place.room:
            kept = tuple(doubt for doubt in reading.doubts if doubt.code != "qty_not_stated")
            reading = replace(reading, doubts=kept)
        items = reading.items or (() if reading.doubts else (self._understood(reading),))
        notes = "；".join(reading.notes)
        return replace(line, items=items, note=notes, doubts=line.doubts + doubts + reading.doubts)

    def _understood(self, reading: ItemReading) -> Item:
        return Item(DEFAULT_GOOD, Decimal(1), DEFAULT_UNIT, note="；".join(reading.notes), qty_stated=False)

    def _same(self, line: OrderLine, rest: str) -> OrderLine:
        if self.context.above is None:
            doubt = Doubt("same_as_what", say("“Same as above”: nothing readable stands above."))
            return replace(line, doubts=(*line.doubts, doubt), note=rest.strip())
        more = read_order(_SAME.sub(" ", rest), self.context.goods)
        extra = tuple(item for item in more.items if item.name != DEFAULT_GOOD)
        place = line.place or (Place("") if self.context.above_place.room else self.context.above_place)
        return replace(
            line,
            place=place,
            items=self.context.above + extra,
            note="；".join(more.notes),
            doubts=line.doubts + (more.doubts if extra else ()),
        )

    def _amended(self, line: OrderLine, rest: str, doubts: tuple[Doubt, ...]) -> OrderLine:
        items: list[Item] = []
        for clause in re.split(r"[,，;；。\n]", rest):
            found, more, line = self._amended_clause(line, clause)
            if len(found) == 1 and found[0].name == DEFAULT_GOOD and any(doubt.code == "swap" for doubt in doubts):
                items[-1] = replace(items[-1], qty=found[0].qty, unit=found[0].unit, qty_stated=True)  # A换成B，还是2份
                doubts = tuple(doubt for doubt in doubts if doubt.code != "swap")
                continue
            items += found
            doubts += more
        if any(item.name == DEFAULT_GOOD for item in items):
            doubts += (Doubt("amends_what", say("Which good is to change? The message does not name it.")),)
        if not items:
            doubts += (Doubt("amends_what", say("What is to change?")),)
        return replace(line, action=Action.AMEND, items=tuple(items), doubts=line.doubts + doubts, note=rest.strip())

    def _amended_clause(self, line: OrderLine, clause: str) -> tuple[list[Item], tuple[Doubt, ...], OrderLine]:
        folded = fold(clause)
        swap = re.match(r"(.+?)(?:换成|换为|改成|改为|换)(?!\s*\d)(.+)", folded)
        drop = re.search(r"不要了?|取消|去掉|退[掉了]|删掉", folded)
        reading = read_order(_AMEND_WORDS.sub(" ", clause), self.context.goods)
        line, reading = _take_words(line, reading)
        if drop and reading.items:
            gone = [replace(i, qty=Decimal(0), unit=i.unit or DEFAULT_UNIT, qty_stated=True) for i in reading.items]
            refund = Doubt("drop_or_refund", say("Is the order dropped, or is money wanted back?"))
            return gone, (refund,) if drop[0].startswith("退") else (), line
        if swap:
            old = read_order(swap[1], self.context.goods).items
            new = read_order(swap[2], self.context.goods).items
            if old and new:
                kept = [replace(i, qty=Decimal(0), unit=i.unit or DEFAULT_UNIT) for i in old if i.name != new[0].name]
                return [*kept, *new], (Doubt("swap", say("Is all of it exchanged?")),) if kept else (), line
        change = Change.SET
        if re.search(r"再|加|多要", folded):
            change = Change.ADD
        elif re.search(r"减(?!为|到)|少要", folded):
            change = Change.REMOVE
        return [replace(item, change=change) for item in reading.items], reading.doubts, line

    def _proxy(self) -> list[OrderLine] | None:
        """`我是3-501，帮3-502王奶奶订1份`: the order belongs to the home it is for (YC4a)."""
        match = intents.PROXY.search(fold(self.text))
        if not match:
            return None
        behind = [place for place in self.places if place.start >= match.end()]
        neighbour = re.match(r".{0,6}?(\d{3,4})\s*室?", fold(self.text[match.end() :]))
        if not behind and neighbour and self.places:
            return [self._for_neighbour(match.end(), neighbour)]
        target = behind[0] if behind else (self.places[0] if len(self.places) == 1 else None)
        if target is None:
            return None
        rest = self.text[max(target.end, match.end()) :] if target.start < match.end() else self.text[target.end :]
        if target.start > match.end():
            rest = f"{self.text[match.end() : target.start]} {rest}"
        name, rest = _name_behind(rest.lstrip(" 的家"))
        line = replace(self.line, place=target.place, who=name or self.line.who, proxy=True)
        rest = _PROXY_VERB.sub(" ", rest)
        lines = [self._filled(line, rest, Action.ORDER, ())]
        own = [place for place in self.places if place.end <= match.start()]
        between = self.text[own[-1].end : match.start()] if own else ""
        reading = read_order(between, self.context.goods)
        if own and reading.items:
            lines.insert(0, replace(self.line, place=own[-1].place, items=reading.items, doubts=reading.doubts))
        return lines

    def _for_neighbour(self, start: int, neighbour: re.Match[str]) -> OrderLine:
        """`我是3-402，帮楼上502的李爷爷…`: the building is the helper's, as far as one can tell."""
        place = replace(self.places[0].place, room=digits(neighbour[1]), text=neighbour[0].strip())
        name, rest = _name_behind(self.text[start + neighbour.end() :].lstrip(" 的家"))
        line = replace(self.line, place=place, who=name or self.line.who, proxy=True)
        doubt = Doubt("proxy_home", say("Is “{text}” in the same building as the one who asks?", text=place.text))
        return self._filled(line, _PROXY_VERB.sub(" ", rest), Action.ORDER, (doubt,))

    def _all_rooms(self) -> list[PlaceMatch]:
        """Homes in the text, rooms that lean on a building or unit named before them included."""
        rooms = [match for match in self.places if match.place.room] + self._bare_rooms()
        return sorted(rooms, key=lambda match: match.start)

    def _bare_rooms(self) -> list[PlaceMatch]:
        folded = without_letter_zeros(fold(self.text))
        found = []
        for match in _BARE_ROOM.finditer(folded):
            if any(place.start < match.end() and match.start() < place.end for place in self.places):
                continue
            lead = [place for place in self.places if place.end <= match.start()]
            leading = not folded[: match.start()].strip(" ,.;:")
            building = lead[-1].place.building if lead else self.context.building
            unit = lead[-1].place.unit if lead else None
            if not (lead or leading or found):
                continue
            text = self.text[match.start() : match.end()]
            place = Place(text.strip(), building=building, unit=unit, room=digits(match["room"]))
            found.append(PlaceMatch(match.start(), match.end(), place, "room"))
        return found

    def _who_and_place(self, text: str) -> tuple[str, Place, str, tuple[Doubt, ...]]:
        """Split `晓某 E1份 …`, `妮，E区东门，少饭` into name, place and the rest."""
        who, rest = _first_name(text) if self.entry.numbered or not read_order(text).items else _leading_name(text)
        if who and _is_zone(who):
            place, who = Place(who), ""
            name, rest = _name_behind(rest)
            amount = _ambiguous_amount(rest)
            return name, place, rest, amount
        place, rest, doubts = _zone(rest, bool(who))
        return who, place, rest, doubts


_PROXY_VERB = re.compile(r"^\s*(?:的|家)?\s*(?:代)?(?:订|买|接龙?|带|拿|下单|要|点|报|来|购)(?:一下)?|[(（][^()（）]*[)）]")
_BARE_ROOM = re.compile(
    r"(?<![\d.\-*×A-Za-z¥￥/#])(?P<room>\d{3,4})(?:\s*(?:室|户|是(?=[\s,]|$)))?(?=\s*(?:$|[,;.:]|[A-K](?![a-z])|各|\+|[一二两三1-9]\s*[份套箱袋包板]|\s(?!\d{4}\b)|[一-鿿]))"
    r"(?!\s*(?:ml|g|克|斤|元|块|片|抽|枚|个|份|只|毫升|年|号楼|弄|人|户))"
)
_CANCEL_WORDS = re.compile(r"取消|不要了|不去了|不参加了|退(?:了|掉)吧?|退出|不接了|不买了|不订了|不定了|撤销|撤单|退单|删除|删掉|退团|不需要了|作废|先不要|算了|谢谢|我(?!家)|了|吧|的")
_TOTAL_WORDS = re.compile(r"合计|总计|共计|小计|统计|汇总|总数|总共|一共|全部|共|[::]|\d+\s*户")
_SHORT_WORDS = re.compile(r"收到|拿到|签收|漏发|漏了|漏送|少发|少送|少给|少装|没收到|未收到|没有收到|没拿到|没有|少了|缺了|差了|少|缺|差|了|[::]|还|但是?|可是|只有?|的")
_AMEND_WORDS = re.compile(r"改成|改为|改到|改订|修改|更改|换成|换为|变成|变更|追加|加订|加上|多加|多要|少要|再加|再来|再要|再|加(?!多宝)|减(?:去|掉|为|到|少)?|去掉|退[掉了]吧?|还是|删掉|不要了?|取消|改|了|我的?|订单|之前|原来|刚才|数量|[::]")


def _parts(place: Place | None) -> dict[str, str | None]:
    return {"building": place.building, "unit": place.unit, "room": place.room} if place else {}


def _json_item(item: Item) -> dict[str, object]:
    return {"name": item.name, "qty": float(item.qty) if item.qty is not None else None, "unit": item.unit}


def _leading_name(text: str) -> tuple[str, str]:
    """Take a nickname that stands before an address; words that are goods or wishes stay."""
    stripped = text.strip(" ,，-—:：、.。")
    if not stripped or stripped[0] in "[【" or is_wish(stripped) or any(t.kind is Kind.AMOUNT for t in tokens(stripped)):
        return ("", text)
    word = plain(stripped) or stripped
    if len(word) > 16 or (is_good(word) and not is_person(word)) or re.match(r"^(?:我家?是?|我要|要|来|家住|住)", word):
        return ("", "" if re.match(r"^(?:我家?是?|家住|住)$", word) else text)
    return stripped, ""


def _name_behind(text: str) -> tuple[str, str]:
    """Take a name that stands behind an address: 王阿姨, 老王, (张三), 王."""
    stripped = text.lstrip(" ,，-—:：、.。")
    bracket = re.match(r"[(（]\s*([^()（）\d]{1,8})\s*[)）]", stripped)
    if bracket and is_person(bracket[1]):
        return bracket[1], stripped[bracket.end() :]
    word = re.match(r"[一-鿿]{1,8}(?=$|[\s,，、:：.。A-Za-z(（+])", stripped)
    if word and is_person(word[0]):
        return word[0], stripped[word.end() :]
    titled = re.match(r"([一-鿿]{1,3}?(?:" + "|".join(TITLES[:44]) + r"))(?=.)", stripped)
    if titled and is_person(titled[1]):
        return titled[1], stripped[titled.end() :]
    return "", text


def _first_name(text: str) -> tuple[str, str]:
    """Take the nickname that begins a chain entry; an entry that begins with a good has none."""
    stripped = text.strip()
    odd = re.match(r"([^\w\s(（])\s+", stripped)
    match = odd and re.match(r"(.)(\s+)", stripped) or re.match(r"([^\s,，、:：;；\-—~(（]+)([\s,，、:：\-—]*)", stripped)
    if not match:
        return "", text
    word, rest = match[1], stripped[match.end() :]
    if _JOB.fullmatch(word) or (":" in fold(match[2]) and len(word) <= 12):
        return word, rest
    if any(t.kind is Kind.AMOUNT for t in tokens(word)) or is_wish(word):
        return "", text
    following = re.match(r"(\S+)(\s|$)", rest)
    if following and following[1] in TITLES and len(word) == 1:
        word, rest = f"{word} {following[1]}", rest[following.end() :]
    elif is_good(word) and not is_person(word) and (not rest or tokens(rest)[0].kind in (Kind.AMOUNT, Kind.WORD)):
        return "", text
    return word, rest


def _is_zone(word: str) -> bool:
    return bool(PLACE_END.search(word)) and not is_good(word)


def _zone(text: str, has_name: bool) -> tuple[Place, str, tuple[Doubt, ...]]:
    """Take a place without a room: H区, E区东门, 云谷, D1, and `E1份`, which may be E or E1."""
    stripped = text.lstrip(" ,，-—:：、.。")
    folded = fold(stripped)
    glued = re.match(r"([A-Z])(\d)\s*份", folded)
    if glued and has_name:
        doubt = Doubt("code_or_place", say("“{text}”: a place and an amount, or a code?", text=glued[0]))
        return Place(glued[1]), stripped[1:], (doubt,)
    split = re.match(r"[A-Z]\d{2,}\s*份", folded)
    if split and has_name:
        doubt = Doubt("ambiguous_digit", say("“{text}”: which digits are the place, which the amount?", text=split[0]))
        return Place(""), stripped[split.end() :], (doubt,)
    bracket = re.match(r"\((?![不已没])([一-鿿A-Za-z\d]{1,6})\)", folded)
    if bracket and has_name and not is_good(bracket[1]) and not is_wish(bracket[1]):
        return Place(stripped[1 : bracket.end() - 1]), stripped[bracket.end() :], ()
    match = re.match(r"([A-Za-z]\d{1,2}|[A-Za-z]区(?:[东西南北]\d?门)?)(?=$|[\s,.;(\-])", folded)
    if match and has_name and not re.match(r"\s*[A-Z]\d(?!\d)", folded[match.end() :]):
        return Place(stripped[: match.end()]), stripped[match.end() :], ()
    word = re.match(r"[^\s,，、;；。.(（+]{1,10}", stripped)
    if not word:
        return Place(""), text, ()
    rest = stripped[word.end() :]
    if _is_zone(word[0]):
        return Place(word[0]), rest, _ambiguous_amount(rest)
    if has_name and _only_wishes(rest) and re.fullmatch(r"[一-鿿]{2,4}", word[0]) and not is_good(word[0]) and not is_wish(word[0]):
        return Place(word[0]), rest, ()
    return Place(""), text, ()


def _ambiguous_amount(text: str) -> tuple[Doubt, ...]:
    """`B座 11份`: eleven, or B座1 and one?"""
    if re.match(r"\s*\d{2}\s*份", fold(text)):
        return (Doubt("ambiguous_digit", say("Is a digit of the amount part of the address?")),)
    return ()


def _only_wishes(text: str) -> bool:
    reading = read_order(text)
    return bool(reading.notes) and not reading.items and not reading.words


def _take_words(line: OrderLine, reading: ItemReading) -> tuple[OrderLine, ItemReading]:
    """Loose words become the name where one is missing; what is left over is doubted."""
    words = list(reading.words)
    if words and not line.who and is_person(words[0]):
        line = replace(line, who=words.pop(0))
    doubts = reading.doubts
    if words:
        doubts += (Doubt("unknown_word", say("What does “{words}” mean?", words=" ".join(words))),)
    return line, replace(reading, words=(), doubts=doubts)
