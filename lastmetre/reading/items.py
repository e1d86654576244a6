"""What is ordered: `鸡蛋2板，青菜半斤 A2` -> items with quantities; what is unclear comes with a doubt.

The text is cut into tokens (`item_tokens`), each clause is brought into the order good, amount (`_in_order`),
and one pass assembles the items. An amount belongs to the name before it; a good without an amount counts
as one, marked as understood and not stated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lastmetre.reading.item_tokens import Kind, Token, tokens
from lastmetre.reading.vocabulary import (
    CONTAINERS,
    DEFAULT_GOOD,
    DEFAULT_UNIT,
    EMOJI_WORDS,
    MEASURES,
    VOLUME_ML,
    WEIGHT_GRAMS,
    WISH,
    is_good,
    is_person,
    is_wish,
    plain,
)
from lastmetre.terms import Doubt, Good, Item, Sentence, say

LARGE_QTY = 50
"""More of one good than a household carries: a person looks at it (weights excepted)."""

_VERB = re.compile(
    r"^(?:(?:不该|唔该|麻烦|请)?(?:帮|给)(?:我|[他她]们?)家?|唔该|我系|同埋|(?:我家|我们家?|俺家?|我|家里)?(?:还|也)?(?:想|需)?(?:要|来|买|订购?|加|拿|报(?!纸)|再|留|捎|定|下单|接龙|接|需要|购买|预定|报名|登记|一共|总共|共|合计)(?:一下)?)+"
)
_TAIL = re.compile(
    r"(?:给我来?|帮我|同埋|各?来|要|买|订|一共|共|需要|加|还有|以及|和|及|跟|与)$|(?:谢+|哦|哈+|呀|啊|吧|呢|哟|喽|啦|了|滴|嘞|噢)+$"
)
_COURTESY = re.compile(
    r"^(?:谢|感谢|辛苦|麻烦|你好|您好|团长|群主|多谢|好的?$|收到$|ok$|OK$|嗯+$|[的是家]$|@)"
)
_NOT_VERB = re.compile(r"^(?:来伊份|加多宝|加饭|加辣|加蛋|加菜|要熟|要生|要[大小软硬红绿白])")
_CONDITION = re.compile(r"(?:如果|要是)?(?:还)?有(?:货的话|的话|货(?!吗))(?:就)?[,，]?")
_VAGUE = re.compile(r"^(?:多来|来|多要|要|多)?(?:一?[点些]儿?|几[个份斤]|若干|随便)")
_VARIANT = re.compile(r"^(?P<good>[^要(（]+)要(?P<variant>[^\d要]{1,6})$")
_LISTED_WISH = re.compile(r"((?:换|备注|口味|忌口|注)[一-鿿]{0,4}(?:\d份)?[:：][^;；.。\n]*)")
_SUBSTITUTE = re.compile(
    r"(?:如果|要是|万一)?(?:没有?货?|缺货|断货)(?:的话|了)?[就,，]?(?:换成?|给?来|要|给)(?:成)?(?P<instead>[^,，;；。()（）\s]+)"
)
_EITHER = re.compile(r"([A-Za-z一-鿿]{1,8})\s*(?:或者?|还是)\s*([A-Za-z一-鿿]{1,8})")
_FIXED_WISH = re.compile(r"(半份?(?:米)?饭|米?饭半份|\d荤\d素|[一二两三]荤[一二两三]素(?:就行)?)")
_SWAP = re.compile(r"换|不要|别|免|去|少|多|放|送|加")
_JOINED = re.compile(r"(?:和|与|跟|及|以及|还有|同埋)")


@dataclass(frozen=True, slots=True)
class ItemReading:
    """Items, notes, doubts, and the words that are neither (a name or a place, perhaps)."""

    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class _Name:
    text: str
    code: str = ""
    known: str = ""
    clause: int = 0
    plus: bool = False

    @property
    def is_good(self) -> bool:
        return bool(self.code or self.known or is_good(self.text) or self.text == DEFAULT_GOOD)

    def is_person_before(self, amount: Token) -> bool:
        """Say whether a person is named here: 张三 2份; a good has a unit of its own (高乐高 1罐)."""
        return not self.is_good and is_person(self.text) and amount.unit in ("", "份", "份儿", "单")


def read_items(text: str, goods: Sequence[Good] = ()) -> tuple[tuple[Item, ...], tuple[Doubt, ...]]:
    """Read the cell or piece of text that holds nothing but an order list."""
    reading = read_order(text, goods)
    loose = tuple(Item(word, Decimal(1), qty_stated=False) for word in reading.words)
    doubts = reading.doubts
    if loose:
        doubts += (Doubt("unknown_word", say("Is “{words}” a good?", words=" ".join(reading.words))),)
    return reading.items + loose, doubts


def read_order(text: str, goods: Sequence[Good] = ()) -> ItemReading:
    """Read a piece of an order; costs one pass over its characters."""
    whole, marker, part = text.partition("其中")
    if marker:
        more = re.search(r"[,，;；。\s](?:另外?|还要|再来|再要)", part)
        rest = read_order(part[more.end() :], goods) if more else ItemReading()
        if not more or all(item.name == DEFAULT_GOOD for item in rest.items):
            return _with_part(read_order(whole, goods), read_order(part, goods), part)
        part = part[: more.start()]
        return _joined_readings(_with_part(read_order(whole, goods), read_order(part, goods), part), rest)
    substitute = _SUBSTITUTE.search(text)
    if substitute:
        return _with_substitute(read_order(text.replace(substitute[0], " ", 1), goods), substitute)
    either = _EITHER.search(text)
    if either:
        reading = read_order(text.replace(either[0], f"{either[1]},{either[2]}", 1), goods)
        if len(reading.items) > 1:
            doubt = Doubt("either", say("One or the other: “{text}”?", text=either[0]))
            return replace(reading, doubts=(*reading.doubts, doubt))
    text = re.sub(r"有([^,，\s有]{2,8}?)的话", r"\1", text)
    condition = _CONDITION.search(text)
    if condition:
        reading = read_order(text.replace(condition[0], " ", 1), goods)
        return replace(reading, notes=(condition[0].strip(" ,，"), *reading.notes))
    text = _FIXED_WISH.sub(r"(\1)", _LISTED_WISH.sub(r"(\1)", text))
    assembly = _Assembly()
    clauses = _clauses(tokens(text, goods))
    for clause, ended_by in clauses:
        for token in _in_order(clause):
            assembly.take(token)
        assembly.end_clause(ended_by)
    assembly.flush(assembly.names)
    assembly.join_parts()
    loose = [
        item
        for item in assembly.items
        if item.name == DEFAULT_GOOD and item.unit not in ("", DEFAULT_UNIT, "单")
    ]
    if loose and any(is_good(word) for note in assembly.notes for word in re.split(r"[给来要的，,\s]", note)):
        assembly.doubts.append(
            Doubt(
                "loose_amount", say("What is “{text}” an amount of?", text=f"{loose[0].qty}{loose[0].unit}")
            )
        )
    listed = _LISTED_WISH.search(text)
    if listed and re.search(r"\d份", listed[0]):
        assembly.doubts.append(Doubt("subset", say("Are the later amounts part of the first, or more?")))
    return ItemReading(
        tuple(assembly.items), tuple(assembly.notes), tuple(assembly.doubts), tuple(assembly.words)
    )


def _joined_readings(one: ItemReading, other: ItemReading) -> ItemReading:
    return ItemReading(
        one.items + other.items, one.notes + other.notes, one.doubts + other.doubts, one.words + other.words
    )


def _with_substitute(reading: ItemReading, substitute: re.Match[str]) -> ItemReading:
    """`鸡蛋2板 没有就换豆腐`: what to take instead belongs to the last good."""
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


def _clauses(found: list[Token]) -> list[tuple[list[Token], Kind | None]]:
    clauses: list[tuple[list[Token], Kind | None]] = [([], None)]
    for index, token in enumerate(found):
        if token.kind is Kind.STOP and _only_divides(clauses[-1][0], found[index + 1 :]):
            continue
        if token.kind in (Kind.COMMA, Kind.STOP, Kind.PLUS):
            clauses[-1] = (clauses[-1][0], token.kind)
            clauses.append(([], None))
        elif token.kind is Kind.WORD and not (word := _clean(token.text)):
            continue
        elif token.kind is Kind.WORD:
            clauses[-1][0].append(replace(token, text=word))
        else:
            clauses[-1][0].append(token)
    return clauses


def _only_divides(clause: list[Token], behind: list[Token]) -> bool:
    """鸡蛋：2板, 豆腐.一盒: the sign stands between a name and its amount and ends nothing."""
    before = [token for token in clause if token.kind is not Kind.SPACE]
    after = [token for token in behind[:2] if token.kind is not Kind.SPACE]
    named = bool(before) and _names_a_good(before[-1])
    if len(before) > 1 and before[-2].kind is Kind.AMOUNT and before[-2].end == before[-1].start:
        return False  # 1份A。1份B
    return named and bool(after) and after[0].kind is Kind.AMOUNT


def _clean(text: str) -> str:
    word = plain(text.strip()).removeprefix("的")
    if _COURTESY.match(word):
        return ""
    if not _NOT_VERB.match(word):
        word = _VERB.sub("", word)
    if not WISH.match(word):
        word = _TAIL.sub("", word)
    return word.strip("-:：~'\" ")


def _in_order(clause: list[Token]) -> list[Token]:
    """Bring a clause into the order name, amount: `2份A 1份B` becomes `A 2份 B 1份`."""
    parts = _with_brackets(_with_sizes([token for token in clause if token.kind is not Kind.SPACE]))
    if len(parts) > 1 and _is_remark_behind(parts[-1], parts[-2]):
        parts[-1] = replace(parts[-1], kind=Kind.NOTE)
    prefixed = _prefixed(parts)
    if prefixed is not None:
        return prefixed
    parts = _glued_amounts_behind(parts)
    weighty = [token for token in parts if token.kind is not Kind.NOTE]
    if not weighty or weighty[0].kind is not Kind.AMOUNT or weighty[0].times or len(weighty) < 2:
        return parts
    names = [token for token in weighty if _names_a_good(token)]
    amounts = [token for token in weighty if token.kind is Kind.AMOUNT]
    if len(names) + len(amounts) != len(weighty):
        return parts
    if len(names) == len(amounts) and weighty[0::2] == amounts:
        return _swapped(parts)
    first, second = weighty[0], weighty[1]
    if second.kind is Kind.WORD and first.end == second.start and len(names) == len(amounts) - 1:
        # 10斤大米2袋, 2L可乐1瓶: the first amount belongs to the name.
        joined = replace(second, text=first.text + second.text, start=first.start)
        return [joined] + [token for token in parts if token not in (first, second)]
    return parts


def _prefixed(parts: list[Token]) -> list[Token] | None:
    """`留一袋面粉 一桶油`: every amount is glued to the name behind it, the last name has none of its own."""
    weighty = [token for token in parts if token.kind is not Kind.NOTE]
    amounts = [index for index, token in enumerate(weighty) if token.kind is Kind.AMOUNT]
    if len(amounts) < 2 or weighty[-1].kind is Kind.AMOUNT or any(token.times for token in weighty):
        return None
    for index in amounts:
        behind = weighty[index + 1]
        if weighty[index].end != behind.start or not _names_a_good(behind):
            return None
    lead = weighty[: amounts[0]]
    if any(_names_a_good(token) and (token.kind is not Kind.WORD or is_good(token.text)) for token in lead):
        return None
    return _swapped(parts)


def _glued_amounts_behind(parts: list[Token]) -> list[Token]:
    """`1份A 1份C 鸡蛋x2`, `A 1份 四盒豆腐`: an amount glued to a name that has none goes behind it."""
    ordered = list(parts)
    index = 0
    pending = False
    while index < len(ordered) - 1:
        token, behind = ordered[index], ordered[index + 1]
        after = ordered[index + 2] if index + 2 < len(ordered) else None
        takes = after is not None and after.kind is Kind.AMOUNT and after.start == behind.end
        glued = token.kind is Kind.AMOUNT and not token.times and token.end == behind.start
        if glued and not pending and _names_a_good(behind) and not takes:
            ordered[index], ordered[index + 1] = behind, token
            index += 1
        pending = ordered[index].kind is not Kind.AMOUNT and _names_a_good(ordered[index])
        index += 1
    return ordered


def _is_remark_behind(word: Token, before: Token) -> bool:
    """椰子2个开好口: words glued to the last amount, no good of their own."""
    glued = word.kind is Kind.WORD and before.kind is Kind.AMOUNT and before.end == word.start
    return glued and not is_good(word.text) and not is_person(word.text) and not is_wish(word.text)


def _with_sizes(parts: list[Token]) -> list[Token]:
    """Join sizes to the name they describe: 青岛24罐装, 百岁山348ml*24瓶装, and 30枚鸡蛋 between two amounts."""
    joined: list[Token] = []
    for index, token in enumerate(parts):
        behind = parts[index + 1 : index + 3]
        if token.kind is Kind.SPEC:
            text = token.text
            while joined and joined[-1].kind is Kind.AMOUNT and len(joined) > 1:
                text = joined.pop().text + text
            if joined and joined[-1].kind in (Kind.WORD, Kind.GOOD):
                joined[-1] = replace(joined[-1], text=joined[-1].text + text, end=token.end)
            else:
                joined.append(replace(token, kind=Kind.WORD, text=text))
        elif (
            joined
            and joined[-1].kind is Kind.WORD
            and token.kind in (Kind.WORD, Kind.GOOD)
            and joined[-1].end == token.start
        ):
            joined[-1] = replace(token, text=joined[-1].text + token.text, start=joined[-1].start)
        elif _is_size_before(token, joined, behind):
            joined.append(replace(token, kind=Kind.WORD))
        else:
            joined.append(token)
    return joined


def _is_size_before(token: Token, before: list[Token], behind: list[Token]) -> bool:
    """鸡蛋2板 30枚鹌鹑蛋1盒: an amount glued to the next name, which has its own amount."""
    return (
        token.kind is Kind.AMOUNT
        and not token.times
        and token.unit != DEFAULT_UNIT
        and bool(before)
        and before[-1].kind is Kind.AMOUNT
        and before[-1].end < token.start
        and len(behind) == 2
        and behind[0].kind is Kind.WORD
        and behind[0].start == token.end
        and behind[1].kind is Kind.AMOUNT
    )


def _with_brackets(parts: list[Token]) -> list[Token]:
    """Keep what stands in brackets between a name and its amount with the name: 香蕉（熟点）3斤."""
    joined: list[Token] = []
    for index, token in enumerate(parts):
        before = joined[-1] if joined else None
        behind = parts[index + 1].kind if index + 1 < len(parts) else None
        named = before is not None and before.kind in (Kind.WORD, Kind.GOOD) and before.end == token.start
        amount = _bracketed_amount(token) if before is not None and _names_a_good(before) else None
        if amount and behind is not Kind.AMOUNT:
            joined.append(amount)
        elif (
            token.kind is Kind.NOTE
            and before
            and named
            and behind is Kind.AMOUNT
            and not _SWAP.search(token.text)
        ):
            joined[-1] = replace(before, text=before.text + token.text, end=token.end)
        else:
            joined.append(token)
    return joined


def _bracketed_amount(token: Token) -> Token | None:
    """嫩豆腐（2盒）: an amount in brackets behind a name is its amount."""
    inner = tokens(token.text[1:-1]) if token.kind is Kind.NOTE else []
    if len(inner) != 1 or inner[0].kind is not Kind.AMOUNT:
        return None
    return replace(inner[0], start=token.start, end=token.end)


def _names_a_good(token: Token) -> bool:
    return token.kind in (Kind.CODE, Kind.GOOD) or (token.kind is Kind.WORD and not is_wish(token.text))


def _swapped(parts: list[Token]) -> list[Token]:
    swapped: list[Token] = []
    held: Token | None = None
    for token in parts:
        if token.kind is Kind.AMOUNT:
            held = token
        elif held is not None and token.kind is not Kind.NOTE:
            swapped += [token, held]
            held = None
        else:
            swapped.append(token)
    return swapped


@dataclass(slots=True)
class _Assembly:
    items: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    names: list[_Name] = field(default_factory=list)
    clause: int = 0
    each: bool = False
    plus: bool = False
    amount: Token | None = None
    """The last amount, not yet an item: the next one may show that it was a specification."""
    pair_doubt: Doubt | None = None

    def take(self, token: Token) -> None:
        if token.kind is Kind.AMOUNT:
            self._amount(token)
            return
        self._settle()
        if token.kind is Kind.EACH:
            self.each = True
        elif token.kind is Kind.NOTE:
            self._note(token.text)
        elif token.kind is Kind.WORD:
            self._word(token)
        else:
            self.names.append(
                _Name(token.text, token.code if token.kind is Kind.CODE else "", "", self.clause, self.plus)
            )
            if token.kind is Kind.GOOD:
                self.names[-1].known = token.code

    def end_clause(self, ended_by: Kind | None) -> None:
        self._settle()
        self.plus = ended_by is Kind.PLUS
        self.clause += 1
        if ended_by is Kind.STOP:
            self.flush(self.names)
            self.each = False

    def flush(self, names: list[_Name]) -> None:
        """Turn names without an amount into one of each, or into loose words."""
        for name in list(names):
            if name.is_good:
                self._add(name, Decimal(1), "", stated=False)
                if not name.code and not name.known and not name.text.endswith(DEFAULT_GOOD):
                    self._doubt(
                        "qty_not_stated", say("How many of “{name}”? No quantity is written.", name=name.text)
                    )
            else:
                self.words.append(name.text)
        plus_joined = [name for name in names if name.plus and not name.code and name.is_good]
        if plus_joined:
            self._doubt(
                "plus_joined", say("Is “{name}” one of each, or one good?", name=plus_joined[-1].text)
            )
        names.clear()

    def join_parts(self) -> None:
        """`2份 一份少饭一份正常`: parts that add up to the first amount are notes; others are doubted."""
        loose = [item for item in self.items if item.name == DEFAULT_GOOD and not item.code]
        if len(loose) < 2:
            return
        whole, *parts = loose
        together = sum(part.qty or 0 for part in parts)
        noted = all(part.note and part.unit == whole.unit for part in parts)
        if together != whole.qty or not noted:
            self._doubt("subset", say("Are the later amounts part of the first, or more?"))
        if noted and together <= (whole.qty or 0):
            note = "，".join(f"{part.qty}{part.unit}{part.note}" for part in parts)
            at = next(index for index, item in enumerate(self.items) if item is whole)
            self.items = [item for item in self.items if not any(item is part for part in parts)]
            self.items[at] = replace(whole, note=f"{whole.note}；{note}".strip("；"))

    def _word(self, token: Token) -> None:
        word = token.text
        if is_wish(word):
            self._wish(word)
            return
        variant = _VARIANT.match(word)
        if variant and is_good(variant["good"]):
            word = f"{variant['good']}({variant['variant'].removesuffix('的')})"
        vague = _VAGUE.match(word)
        if vague and is_good(word[vague.end() :]):
            word = word[vague.end() :]
            self._doubt("vague", say("How much “{name}”?", name=word))
            self.items.append(Item(word, None, ""))
            return
        last = self.names[-1] if self.names and self.names[-1].clause == self.clause else None
        named = not is_person(word) or word in EMOJI_WORDS.values()
        if last and last.code and last.text.upper() == last.code and named:
            last.text = f"{last.text} {word}"  # J 鸡胸球, h三鲜
            return
        parts = [part for part in _JOINED.split(word) if part]
        if len(parts) > 1 and (self.each or all(is_good(part) or len(part) == 1 for part in parts)):
            self.names += [_Name(part, clause=self.clause) for part in parts]
        else:
            self.names.append(_Name(word, clause=self.clause, plus=self.plus))

    def _wish(self, word: str) -> None:
        if self.items and not self.names:
            self._remark(word)
        self.notes.append(word)

    def _remark(self, note: str) -> None:
        """Put a note on the last item."""
        last = self.items[-1]
        self.items[-1] = replace(last, note="，".join(filter(None, (last.note, note))))

    def _note(self, text: str) -> None:
        inner = text.strip("()[]（）【】 ")
        current = [name for name in self.names if name.clause == self.clause]
        if current and current[-1].is_good and not _SWAP.search(inner):
            current[-1].text += text
            return
        if self.items:
            self._remark(inner)
        self.notes.append(inner)

    def _amount(self, token: Token) -> None:
        if self.amount is None:
            self.amount = token
            return
        self.amount = self._two_amounts(self.amount, token)

    def _two_amounts(self, first: Token, second: Token) -> Token:
        """Say what two amounts in a row mean: a specification and a quantity, a weight in two units, ..."""
        if first.unit in ("斤", "公斤") and second.unit == "两" and first.qty and second.qty:
            share = WEIGHT_GRAMS["两"] / Decimal(WEIGHT_GRAMS[first.unit])
            return replace(first, qty=first.qty + second.qty * share, text=first.text + second.text)
        if second.times and first.unit not in MEASURES and first.qty and second.qty and not second.unit:
            return replace(first, qty=first.qty * second.qty, text=first.text + second.text)
        if first.unit == second.unit == DEFAULT_UNIT and not second.times and not self.names:
            self._settle_amount(first)
            return second
        if self.names:
            self.names[-1].text += first.text
        elif self.items:
            self._settle_amount(first)
            self.doubts.append(_two_amounts_doubt(first, second))
            return second
        sizes = second.times and first.unit in MEASURES
        self.pair_doubt = None
        if sizes and second.qty is not None and second.qty > 5:
            self.pair_doubt = Doubt(
                "spec_or_quantity",
                say("Is “{text}” the size of one pack or the quantity?", text=first.text + second.text),
            )
        elif (
            not sizes
            and not first.times
            and first.unit not in MEASURES
            and _rank(first.unit) >= _rank(second.unit)
        ):
            self.pair_doubt = _two_amounts_doubt(first, second)
        return second

    def _settle(self) -> None:
        if self.amount is not None:
            token, self.amount = self.amount, None
            if self.pair_doubt:
                self.doubts.append(self.pair_doubt)
                self.pair_doubt = None
            self._settle_amount(token)

    def _settle_amount(self, token: Token) -> None:
        if token.qty is None:
            self._doubt("range", say("How many exactly: “{text}”?", text=token.text))
        if self.each:
            self._each(token)
            return
        current = [name for name in self.names if name.clause == self.clause] or self.names[-1:]
        people = [name for name in current if name.is_person_before(token)]
        self.words += [name.text for name in people]
        self.names = [name for name in self.names if name not in people]
        current = [name for name in current if name not in people]
        self.flush([name for name in self.names if name not in current])
        self.names = []
        if not current:
            self._loose_amount(token)
            return
        name = self._joined(current)
        if token.unit in VOLUME_ML or (token.unit in MEASURES and token.unit not in WEIGHT_GRAMS):
            self._add(replace(name, text=name.text + token.text), Decimal(1), "", stated=False)
        else:
            self._add(name, token.qty, token.unit or DEFAULT_UNIT)

    def _each(self, token: Token) -> None:
        self.each = False
        if not self.names:
            self._doubt("each_of_what", say("One each of what: “{text}”?", text=token.text))
        goods = [part for name in self.names for part in _split_names(name)]
        variants = [name for name in goods if not name.is_good]
        if variants and goods[0].is_good:
            base = goods[0].text
            goods = [_Name(f"{base} {name.text}") for name in variants]
            self._doubt(
                "each_variants", say("Are “{names}” separate goods?", names="、".join(g.text for g in goods))
            )
        self.names = []
        for name in goods:
            self._add(name, token.qty, token.unit or DEFAULT_UNIT)

    def _joined(self, current: list[_Name]) -> _Name:
        """Join the words before an amount to one name, or keep the good that stands apart."""
        *before, last = current
        people = [name for name in before if not name.is_good and is_person(name.text)]
        self.words += [name.text for name in people]
        before = [name for name in before if name not in people]
        if not before:
            return last
        apart = [name for name in before if name.code or name.known]
        self.flush(apart.copy())
        rest = [name for name in before if name not in apart]
        if any(name.is_good for name in rest) and last.is_good:
            self._doubt(
                "amount_of_which",
                say(
                    "Does “{amount}” belong to each of these, or to the last: {names}?",
                    amount="…",
                    names="、".join(name.text for name in current),
                ),
            )
            self.flush(rest)
            return last
        if last.code or last.known:
            self.words += [name.text for name in rest]
            return last
        return _Name(" ".join(name.text for name in (*rest, last)))

    def _loose_amount(self, token: Token) -> None:
        if token.unit in ("天", "层"):
            self.notes.append(token.text)
            return
        if any(item.name != DEFAULT_GOOD for item in self.items):
            self._doubt("loose_amount", say("What is “{text}” an amount of?", text=token.text))
        self._add(_Name(DEFAULT_GOOD), token.qty, token.unit or DEFAULT_UNIT)

    def _add(self, name: _Name, qty: Decimal | None, unit: str, *, stated: bool = True) -> None:
        if qty is not None and qty > LARGE_QTY and unit not in WEIGHT_GRAMS:
            self._doubt("large_qty", say("Really {qty} of “{name}”?", qty=qty, name=name.text))
        self.items.append(
            Item(name=name.text, qty=qty, unit=unit, code=name.code, good=name.known, qty_stated=stated)
        )

    def _doubt(self, code: str, sentence: Sentence) -> None:
        self.doubts.append(Doubt(code, sentence))


def _two_amounts_doubt(first: Token, second: Token) -> Doubt:
    return Doubt("two_amounts", say("Which amount is meant: “{a}” or “{b}”?", a=first.text, b=second.text))


def _split_names(name: _Name) -> list[_Name]:
    if name.is_good and not name.code and not name.known:
        parts = [part for part in _JOINED.split(name.text) if part]
        if len(parts) > 1 and all(is_good(part) for part in parts):
            return [_Name(part) for part in parts]
    if name.is_good:
        return [name]
    return [_Name(part) for part in _JOINED.split(name.text) if part]


def _rank(unit: str) -> int:
    """How large a unit is: a piece, a small pack, a container."""
    if unit in "个枚只条颗粒片根支头抽":
        return 0
    return 1 if unit in "包盒瓶罐听卷袋桶杯" or unit not in CONTAINERS else 2
