"""One pass over the ordered tokens of an order: names wait for their amounts, amounts become items."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lastmetre.reading.clauses import SWAP
from lastmetre.reading.item_tokens import Kind, Token
from lastmetre.reading.vocabulary import (
    CONTAINERS,
    DEFAULT_GOOD,
    DEFAULT_UNIT,
    EMOJI_WORDS,
    MEASURES,
    VOLUME_ML,
    WEIGHT_GRAMS,
    is_good,
    is_person,
    is_wish,
)
from lastmetre.terms import Doubt, Item, Sentence, say

NO_QTY = 1_000
"""No household's quantity: digits run together. Of weights, a thousand times as much."""
LARGE_QTY = 50
"""More of one good than a household carries: a person looks at it (weights excepted)."""
_VAGUE = re.compile(r"^(?:多来|来|多要|要|多)?(?:一?[点些]儿?|几[个份斤]|若干|随便)")
_VAGUE_BEHIND = re.compile(r"^(.{1,8}?)(?:来|要)?(?:一?点儿?|些|适量|随便|若干|少许)$")
_VARIANT = re.compile(r"^(?P<good>[^要(（]+)要(?P<variant>[^\d要]{1,6})$")
_JOINED = re.compile(r"(?:和|与|跟|及|以及|还有|同埋)")


@dataclass(slots=True)
class _Name:
    text: str
    code: str = ""
    known: str = ""
    clause: int = 0
    plus: bool = False
    end: int = -1
    """Where it ends in the text; -1 where it was put together."""

    @property
    def is_good(self) -> bool:
        return bool(self.code or self.known or is_good(self.text) or self.text == DEFAULT_GOOD)

    def is_person_before(self, amount: Token) -> bool:
        """Say whether a person is named here: 张三 2份; a good has a unit of its own (高乐高 1罐)."""
        return not self.is_good and is_person(self.text) and amount.unit in ("", "份", "份儿", "单")


@dataclass(slots=True)
class Assembly:
    """Takes the tokens of an order one by one; afterwards holds items, notes, doubts and loose words."""

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
        """Take the next token of a clause."""
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
        elif token.kind is Kind.GOOD and self._spelled_out(token):
            return
        else:
            self.names.append(
                _Name(
                    token.text,
                    code=token.code if token.kind is Kind.CODE else "",
                    clause=self.clause,
                    plus=self.plus,
                    end=token.end,
                )
            )
            if token.kind is Kind.GOOD:
                self.names[-1].known = token.code

    def _spelled_out(self, token: Token) -> bool:
        """A蔬菜包2份: the code and the name of one good; of two goods, a person says which is meant."""
        last = self.names[-1] if self.names and self.names[-1].clause == self.clause else None
        if last is None or not last.code or last.text.upper() != last.code:
            return False
        if last.code != token.code and last.end != token.start:
            return False
        if last.code != token.code:
            sentence = say("“{text}”: the code and the name are of two goods.", text=last.text + token.text)
            self._doubt("code_and_name", sentence)
        last.known = token.code
        last.text += token.text
        return True

    def end_clause(self, ended_by: Kind | None) -> None:
        """End a clause; behind a full stop no amount reaches back over it."""
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
        one_of_them = (
            len(parts) == 1
            and not whole.note
            and parts[0].qty == 1
            and together < (whole.qty or 0)
            and "换" not in parts[0].note
        )
        if not noted or (together != whole.qty and not one_of_them):
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
        trailing = _VAGUE_BEHIND.match(word)
        if trailing and is_good(trailing[1]):
            word = f"来点{trailing[1]}"
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
        if current and current[-1].is_good and not SWAP.search(inner):
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
        name = self._joined(current, token)
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
        if not variants and len(self.names) > 1 and any(_JOINED.search(name.text) for name in self.names[1:]):
            variants = goods[1:]
        if variants and goods[0].is_good:
            base = goods[0].text
            goods = [_Name(f"{base} {name.text}") for name in variants]
            self._doubt(
                "each_variants", say("Are “{names}” separate goods?", names="、".join(g.text for g in goods))
            )
        self.names = []
        for name in goods:
            self._add(name, token.qty, token.unit or DEFAULT_UNIT)

    def _joined(self, current: list[_Name], amount: Token) -> _Name:
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
                    amount=amount.text.strip(),
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
        if not token.unit and token.qty is not None and token.qty >= NO_QTY:
            self.words.append(token.text)  # a telephone or a home, perhaps: nothing's amount
            return
        if token.unit in ("天", "层"):
            self.notes.append(token.text)
            return
        if any(item.name != DEFAULT_GOOD for item in self.items):
            self._doubt("loose_amount", say("What is “{text}” an amount of?", text=token.text))
        self._add(_Name(DEFAULT_GOOD), token.qty, token.unit or DEFAULT_UNIT)

    def _add(self, name: _Name, qty: Decimal | None, unit: str, *, stated: bool = True) -> None:
        if qty is not None and qty >= NO_QTY * (1 if unit not in WEIGHT_GRAMS else 1_000):
            self._doubt("large_qty", say("Really {qty} of “{name}”?", qty="…", name=name.text))
            qty = None
        large = LARGE_QTY * 4 if unit in ("个", "枚", "只", "颗") else LARGE_QTY
        if qty is not None and qty > large and unit not in WEIGHT_GRAMS:
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
        if len(parts) > 1 and any(is_good(part) for part in parts):
            return [_Name(part) for part in parts]
    if name.is_good:
        return [name]
    return [_Name(part) for part in _JOINED.split(name.text) if part]


def _rank(unit: str) -> int:
    """How large a unit is: a piece, a small pack, a container."""
    if unit in "个枚只条颗粒片根支头抽":
        return 0
    return 1 if unit in "包盒瓶罐听卷袋桶杯" or unit not in CONTAINERS else 2
