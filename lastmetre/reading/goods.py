"""Goods as typed -> goods of the offer: by code, by name, by alias, by a slip that sounds the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches

from lastmetre.reading.folding import bare
from lastmetre.reading.item_tokens import LONGER
from lastmetre.reading.sounds import sound
from lastmetre.reading.vocabulary import DEFAULT_GOOD, WEIGHT_GRAMS
from lastmetre.terms import Doubt, Good, Item, Offer, OrderLine, say

_MAX_SUGGESTIONS = 5
_NO_QTY = 1_000_000
"""No household's quantity, and too large to divide by a step."""
_GENERIC_UNITS = frozenset(("", "份", "份儿", "个", "件", "单", "套"))
"""Units that people use for anything: they never contradict the sale unit."""


_CONTAINERS = frozenset(("板", "箱", "提", "件", "打", "筐", "篮"))
_PIECES = frozenset(("个", "枚", "只", "颗", "瓶", "盒", "包", "罐", "袋", "卷"))


@dataclass(frozen=True, slots=True)
class GoodBook:
    """Index of an offer; looking a name up costs a few dictionary reads, a slip one pass over the names."""

    goods: dict[str, Good]
    names: dict[str, str]
    """Bare name or alias -> code."""
    sounds: dict[str, str]

    @classmethod
    def of(cls, offer: Offer) -> GoodBook:
        """Index `offer`."""
        names: dict[str, str] = {}
        for good in offer.goods:
            for name in (good.name, *good.aliases, good.name + good.specification, good.code):
                names.setdefault(bare(name), good.code)
        return cls(
            {good.code: good for good in offer.goods},
            names,
            {sound(name): code for name, code in names.items()},
        )

    def resolve(self, line: OrderLine) -> OrderLine:
        """Return the line with every item tied to a good of the offer, or with the doubt that keeps it from one."""
        items: list[Item] = []
        doubts = line.doubts
        for item in line.items:
            found, more = self.find(item)
            items.append(found)
            doubts += more
        if any(item.good for item in items):
            doubts = tuple(doubt for doubt in doubts if doubt.code not in ("qty_not_stated", "plus_joined"))
        items = [replace(item, substitute=self._substitute(item)) for item in _once(items)]
        return replace(line, items=tuple(items), doubts=doubts)

    def _substitute(self, item: Item) -> str:
        """The code of what is taken instead; what is not on offer stays a note."""
        instead = re.sub(r"\d.*$", "", item.substitute)
        return (
            (self._code(Item(instead, code=instead.upper() if len(instead) == 1 else "")) or "")
            if instead
            else ""
        )

    def find(self, item: Item) -> tuple[Item, tuple[Doubt, ...]]:
        """Tie one item to a good."""
        code = item.good or self._code(item)
        if code is None:
            return item, (self._unknown(item),)
        return self._in_sale_units(replace(item, good=code))

    def _code(self, item: Item) -> str | None:
        if item.name == DEFAULT_GOOD and not item.code:
            return next(iter(self.goods)) if len(self.goods) == 1 else self.names.get(bare(item.name))
        name = bare(re.sub(r"[(（].*?[)）]", "", item.name))
        whole = self.names.get(bare(item.name + item.specification)) if item.specification else None
        by_name = whole or self._by_name(bare(item.name)) or self._by_name(name)
        by_code = item.code if item.code in self.goods else None
        if by_code and by_name and by_name != by_code:
            return None
        return by_code or by_name or self._by_part(name)

    def _by_name(self, name: str) -> str | None:
        return (
            self.names.get(name) or self.names.get(name.replace("套餐", "")) or self.sounds.get(sound(name))
        )

    def _by_part(self, name: str) -> str | None:
        """猪五花 for 五花肉 is no part; 纯牛奶250ml24盒 holds 纯牛奶: one good only may be held."""
        if len(name) < 2:
            return None
        inside = {known: code for known, code in self.names.items() if _holds(name, known)}
        longest = max(map(len, inside), default=0)
        held = set(inside.values())
        if len(held) > 1:
            held = {code for known, code in inside.items() if len(known) == longest}
        if any(code in held and _is_one_off(name, known) for known, code in self.names.items()):
            return None
        if not held:
            held = {code for known, code in self.names.items() if name in known}
        return held.pop() if len(held) == 1 else None

    def _unknown(self, item: Item) -> Doubt:
        if item.name == DEFAULT_GOOD and not item.code:
            suggestions = tuple(good.name for good in self.goods.values())[:_MAX_SUGGESTIONS]
            return Doubt("which_good", say("Which good? The order names none."), suggestions, item.name)
        near = get_close_matches(bare(item.name), list(self.names), _MAX_SUGGESTIONS, 0.3)
        names = tuple(dict.fromkeys(self.goods[self.names[name]].name for name in near))
        return Doubt("unknown_good", say("“{name}” is not on offer.", name=item.name), names, item.name)

    def _in_sale_units(self, item: Item) -> tuple[Item, tuple[Doubt, ...]]:
        good = self.goods[item.good]
        qty = item.qty
        if item.qty is not None and item.unit != good.unit and item.unit in WEIGHT_GRAMS:
            if good.unit not in WEIGHT_GRAMS:
                sentence = say(
                    "“{name}” is sold by {unit}: how many are {qty} {typed}?",
                    name=good.name,
                    unit=good.unit,
                    qty=item.qty,
                    typed=item.unit,
                )
                return item, (Doubt("other_unit", sentence, about=item.name),)
            qty = item.qty * WEIGHT_GRAMS[item.unit] / Decimal(WEIGHT_GRAMS[good.unit])
        elif good.unit in WEIGHT_GRAMS and item.unit not in (good.unit, "") and item.qty_stated and item.qty:
            sentence = say("“{name}” is sold by {unit}: how much is meant?", name=good.name, unit=good.unit)
            return item, (Doubt("other_unit", sentence, about=item.name),)
        elif (good.unit in _CONTAINERS and item.unit in _PIECES) or (
            item.unit not in _GENERIC_UNITS and item.unit != good.unit and not _same_kind(item.unit, good)
        ):
            sentence = say(
                "“{name}” is sold by {unit}, not by {typed}.", name=good.name, unit=good.unit, typed=item.unit
            )
            return item, (Doubt("other_unit", sentence, about=item.name),)
        if qty is not None and (qty > _NO_QTY or qty % good.step):
            sentence = say(
                "“{name}” is sold in steps of {step} {unit}.", name=good.name, step=good.step, unit=good.unit
            )
            return item, (Doubt("step", sentence, about=item.name),)
        return replace(item, qty=qty, unit=good.unit), ()


def _once(items: list[Item]) -> list[Item]:
    """`A、蔬菜包 2份`: the code and the name of one good, of which one has the amount, are one item."""
    return [
        item
        for item in items
        if item.qty_stated
        or not any(
            other.qty_stated and item.good and other.good == item.good and bool(other.code) != bool(item.code)
            for other in items
        )
    ]


def _holds(name: str, known: str) -> bool:
    """纯牛奶250ml24盒 holds 纯牛奶; 鸡蛋糕 is another good than 鸡蛋."""
    return len(known) > 1 and bool(re.search(re.escape(known) + LONGER, name))


def _is_one_off(name: str, known: str) -> bool:
    """酸牛奶 for 纯牛奶 is a slip or another good: a person says."""
    differing = sum(one != other for one, other in zip(name, known, strict=False))
    return len(name) == len(known) > 2 and differing == 1


def _same_kind(typed: str, good: Good) -> bool:
    """袋 for 包, 盒 for 份: containers of one piece that people mix up; 箱 for 盒 changes the amount."""
    small = ("份", "包", "袋", "盒", "提", "套", "瓶", "桶", "板", "把", "个", "扎", "捆")
    large = ("箱", "件")
    if good.unit == "份":
        return typed in small
    if good.unit in large:
        return typed in (*large, "提")
    return (
        {typed, good.unit} <= {"包", "袋"}
        or {typed, good.unit} <= {"板", "版", "盘"}
        or {typed, good.unit} <= {"把", "扎", "捆"}
    )


def goods_as_typed(lines: Iterable[OrderLine]) -> Offer:
    """Build the offer of a round that has none: every good under the name as typed, prices where all rows agree."""
    prices: dict[str, set[int]] = {}
    units: dict[str, str] = {}
    for line in lines:
        for item in line.items:
            name = item.good or item.code or item.name
            units.setdefault(name, item.unit or "份")
            if item.amount_fen is not None and item.qty:
                prices.setdefault(name, set()).add(round(item.amount_fen / item.qty))
    return Offer(
        goods=tuple(
            Good(
                code=name,
                name=name,
                unit=unit,
                price_fen=prices[name].copy().pop() if len(prices.get(name, ())) == 1 else None,
            )
            for name, unit in units.items()
        )
    )
