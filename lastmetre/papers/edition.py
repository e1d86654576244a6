"""A pack as one reader sees it: in a language, with names and numbers masked as asked, in the papers' order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from lastmetre.papers.codes import printed_code
from lastmetre.papers.masking import masked_name, shown_phone
from lastmetre.papers.pack import Bag, BagItem, Pack, PhoneKind
from lastmetre.terms import Good, Home, Sentence, Translate, natural_key, say, untranslated

Key = TypeVar("Key")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Position:
    """Which bag of the compound, and of its building: `总1/25（本楼1/2）`."""

    number: int
    count: int
    number_here: int
    count_here: int


@dataclass(frozen=True)
class Edition:
    """A pack with the choices of its print."""

    pack: Pack
    translate: Translate = untranslated
    phone: PhoneKind = PhoneKind.TAIL
    name_masked: bool = True

    def say(self, template: Sentence) -> str:
        """Say a sentence in the reader's language."""
        return template.text(self.translate)

    @cached_property
    def round_name(self) -> str:
        """Compound and round, said once where the round's name already holds the compound's."""
        compound, title = self.pack.compound, self.pack.title
        return title if compound in title else " · ".join(part for part in (compound, title) if part)

    @cached_property
    def goods(self) -> dict[str, Good]:
        """The pack's goods by code."""
        return {good.code: good for good in self.pack.goods}

    @cached_property
    def bags(self) -> tuple[Bag, ...]:
        """All bags by building, unit and room as numbers: 201 before 1701."""
        return tuple(sorted(self.pack.bags, key=lambda bag: (bag.home.sort_key, bag.code)))

    @cached_property
    def buildings(self) -> dict[str, list[Bag]]:
        """The bags of each building, both in order."""
        return grouped(self.bags, lambda bag: bag.home.building)

    @cached_property
    def carts(self) -> dict[tuple[int, str, str], list[Bag]]:
        """The bags of each cart in carry order; where no carts were planned, of each unit."""
        found = grouped(self.bags, _cart_key)
        return {
            key: sorted(found[key], key=lambda bag: bag.carry)
            for key in sorted(found, key=lambda key: (key[0], natural_key(key[1]), natural_key(key[2])))
        }

    @cached_property
    def positions(self) -> dict[str, Position]:
        """Where each bag stands in its compound and building, by its code."""
        return positions([(bag.code, bag.home.building) for bag in self.bags])

    @cached_property
    def _same_names(self) -> frozenset[str]:
        counts = Counter(good.name for good in self.pack.goods)
        return frozenset(name for name, count in counts.items() if count > 1)

    def name(self, bag: Bag) -> str:
        """Return the name to print."""
        return masked_name(bag.name) if self.name_masked else bag.name.strip()

    def phone_text(self, bag: Bag) -> str:
        """Return the number to print, with a word where it is only its end."""
        shown = shown_phone(bag.phone, self.phone)
        if shown and self.phone is PhoneKind.TAIL:
            return self.say(say("tel. …{tail}", tail=shown))
        return shown

    def who(self, bag: Bag) -> str:
        """Return name and number in one line."""
        return "  ".join(part for part in (self.name(bag), self.phone_text(bag)) if part)

    def building(self, name: str) -> str:
        """Return what a building is called."""
        return self.say(say("Building {building}", building=name)) if name.isdecimal() else name

    def building_title(self, name: str) -> str:
        """Return what stands over a building's list, also for homes without one."""
        return self.building(name) or self.say(say("Without a building"))

    def unit(self, name: str) -> str:
        """Return what a stairwell is called."""
        return self.say(say("Unit {unit}", unit=name)) if name.isdecimal() else name

    def stairwell(self, home: Home) -> str:
        """Return building and unit of a home."""
        return " ".join(part for part in (self.building_title(home.building), self.unit(home.unit)) if part)

    def stairwells(self, bags: Iterable[Bag]) -> str:
        """Return all stairwells that some bags go to."""
        return "、".join(grouped(bags, lambda bag: self.stairwell(bag.home)))

    def good(self, code: str) -> str:
        """Return code and name of a good, with its specification where another has the same name."""
        good = self.goods[code]
        name = f"{good.name}（{good.specification}）" if self._is_ambiguous(good) else good.name
        return f"{good.code} {name}" if good.code and good.code != good.name else name

    def _is_ambiguous(self, good: Good) -> bool:
        return good.name in self._same_names and bool(good.specification)

    def quantity(self, item: BagItem) -> str:
        """Return `×2份`."""
        return f"×{plain(item.qty)}{self.goods[item.good].unit}"

    def item(self, item: BagItem) -> str:
        """Return good, quantity and note of an item in one line."""
        note = f"（{item.note}）" if item.note else ""
        return f"{self.good(item.good)}{self.quantity(item)}{note}"

    def items(self, bag: Bag) -> str:
        """Return all items of a bag in one line."""
        return "；".join(self.item(item) for item in bag.items)

    def count(self, position: Position, *, pieces: bool = False) -> str:
        """Return `总1/25（本楼1/2）`, of bags or of pieces of one good; one building alone is not counted."""
        known = {"number": position.number, "count": position.count}
        total = (
            say("Piece {number} of {count}", **known) if pieces else say("Bag {number} of {count}", **known)
        )
        if position.count == position.count_here:
            return self.say(total)
        here = f"{position.number_here}/{position.count_here}"
        return self.say(say("{total} (building {here})", total=total, here=here))

    def bag_count(self, count: int) -> str:
        """Return `26 bags`."""
        return self.say(say("1 bag") if count == 1 else say("{count} bags", count=count))

    def cart(self, bag: Bag) -> str:
        """Return a cart's number as it is painted on the cart: 07."""
        return "" if bag.cart is None else f"{bag.cart:02d}"

    def code(self, bag: Bag) -> str:
        """Return the short code in its two groups."""
        return printed_code(bag.code)


def positions(keys: Sequence[tuple[str, str]]) -> dict[str, Position]:
    """Number (key, building) pairs through the compound and through each building, in their order."""
    here = Counter(building for _, building in keys)
    seen: Counter[str] = Counter()
    found = {}
    for number, (key, building) in enumerate(keys, start=1):
        seen[building] += 1
        found[key] = Position(number, len(keys), seen[building], here[building])
    return found


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """Gather rows by a key, in the order in which the keys first come."""
    found: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)


def plain(number: Decimal) -> str:
    """Write a quantity without trailing zeros: 2, 1.5, 100."""
    return f"{number.normalize():f}" if number else "0"


def yuan(fen: int) -> str:
    """Write money: 1,234.50."""
    return f"{Decimal(fen) / 100:,.2f}"


def _cart_key(bag: Bag) -> tuple[int, str, str]:
    return (bag.cart, "", "") if bag.cart is not None else (10**9, bag.home.building, bag.home.unit)
