"""Turns a home and a basket into the words of one resident."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from lastmetre.scenarios.naming import SURNAMES
from lastmetre.terms import Good, Home, Household

from . import phrases

CHINESE_DIGITS = "零一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789ABCDEFGHJKLMNP", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＬＭＮＰ")
MANNERS = {"short": 45, "formal": 25, "elder": 13, "sloppy": 17}
PACKAGES = "ABCD"
GOODS_BY_WEIGHT = "GNP"
LIKING = {
    "A": 45, "B": 27, "C": 25, "D": 13, "E": 44, "F": 18, "G": 15, "H": 20, "J": 19, "K": 14, "L": 12,
    "M": 5, "N": 12, "P": 13,
}  # fmt: skip
QUANTITIES = {
    "A": (1, 1, 1, 1, 1, 2), "B": (1, 1, 1, 1, 2), "C": (1, 1, 1, 2), "D": (1,), "E": (1, 1, 1, 2, 2, 3),
    "F": (1, 1, 1, 2), "G": ("0.5", 1, 1, "1.5", 2, 2, "2.5", 3), "H": (1, 2, 2, 3, 4), "J": (1, 2, 2, 3),
    "K": (1, 2, 2, 3), "L": (1, 1, 2), "M": (1, 1, 2), "N": (2, 3, 3, 5), "P": (1, "1.5", 2, 2, 3),
}  # fmt: skip

Basket = dict[str, Decimal]


def count_in_chinese(number: int) -> str:
    """Say how many, up to nine: 两 for 2."""
    return "两" if number == 2 else CHINESE_DIGITS[number]


def place_words(shape: str, home: Home) -> str:
    """Fill a place's shape, see `phrases.PLACES`."""
    return shape.format(
        b=home.building,
        u=home.unit,
        r=home.room,
        bc=CHINESE_DIGITS[int(home.building)],
        uc=CHINESE_DIGITS[int(home.unit)],
        rc="".join(CHINESE_DIGITS[int(digit)] for digit in home.room),
        bf=home.building.translate(FULL_WIDTH),
        rf=home.room.translate(FULL_WIDTH),
        ro=home.room.replace("0", "o"),
    )


def basket(rng: random.Random, codes: str = "ABCDEFGHJKLMNP") -> Basket:
    """Choose what a household wants."""
    wanted = rng.choices((1, 2, 3, 4, 5), (24, 34, 25, 12, 5))[0]
    chosen: list[str] = []
    while len(chosen) < wanted:
        code = rng.choices(codes, [LIKING[code] for code in codes])[0]
        if code not in chosen:
            chosen.append(code)
    if rng.random() < 0.8:
        chosen.sort()
    return {code: Decimal(rng.choice(QUANTITIES[code])) for code in chosen}


def _weight_words(rng: random.Random, name: str, qty: Decimal, *, in_digits: bool) -> str:
    whole = int(qty)
    if qty == whole:
        return f"{name}{whole}斤" if in_digits else f"{name}{count_in_chinese(whole)}斤"
    if not whole:
        return f"{name}半斤"
    if in_digits:
        return f"{name}{qty}斤"
    forms = [f"{name}{count_in_chinese(whole)}斤半"]
    return rng.choice([*forms, f"{name}斤半"] if whole == 1 else forms)


@dataclass(frozen=True, slots=True)
class Manner:
    """How one resident writes in one message."""

    place: str
    code_item: str
    name_item: str
    by_code: bool
    """Packages by their letter."""
    bare: bool
    """No quantities at all: one of each is meant."""


def manner(rng: random.Random) -> Manner:
    """Choose how somebody writes."""
    kind = rng.choices(list(MANNERS), list(MANNERS.values()))[0]
    return Manner(
        place=rng.choice(phrases.PLACES[kind]),
        code_item=rng.choice(phrases.CODE_ITEMS),
        name_item=rng.choice(phrases.NAME_ITEMS[kind]),
        by_code=rng.random() < (0.3 if kind == "elder" else 0.65),
        bare=rng.random() < 0.2,
    )


def _item_words(rng: random.Random, how: Manner, good: Good, qty: Decimal) -> str:
    by_code = how.by_code and good.code in PACKAGES
    name = good.name if rng.random() < 0.55 else rng.choice(good.aliases)
    if how.bare:
        return good.code if by_code else name
    if good.code in GOODS_BY_WEIGHT:
        return _weight_words(rng, name, qty, in_digits="{q" in how.name_item and "{qc}" not in how.name_item)
    count = int(qty)
    shape = how.code_item if by_code else how.name_item
    if not by_code and good.code in phrases.SPECIFIED and rng.random() < 0.12:
        shape = phrases.SPECIFIED[good.code]
    return shape.format(
        c=good.code,
        cl=good.code.lower(),
        cf=good.code.translate(FULL_WIDTH),
        n=name,
        e=phrases.EMOJI.get(good.code, name),
        u=good.unit,
        q=count,
        qc=count_in_chinese(count),
        qf=str(count).translate(FULL_WIDTH),
    )


def _can_run_on(parts: list[str], how: Manner, units: set[str]) -> bool:
    if how.bare or any(part[0] in "一两三四" or part[0].isdigit() for part in parts):
        return False
    glued_codes = all(part[0] in PACKAGES and part[-1].isdigit() and len(part) == 2 for part in parts)
    return glued_codes or all(part[-1] in units for part in parts)


def _joined(rng: random.Random, parts: list[str], how: Manner, units: set[str]) -> str:
    joiner = rng.choice(phrases.JOINERS)
    if not joiner and not _can_run_on(parts, how, units):
        joiner = " "
    if "+" in joiner and any("+" in part for part in parts):
        joiner = " "
    if how.bare and joiner == "/":  # without quantities a stroke might mean "or"
        joiner = "、"
    return joiner.join(parts)


def titled(rng: random.Random, name: str) -> str:
    """Return 王阿姨, 欧阳先生."""
    return surname(name) + rng.choice(phrases.TITLES)


def surname(name: str) -> str:
    """Return the surname, two characters long where it is."""
    return name[:2] if name[:2] in SURNAMES else name[:1]


def _who(rng: random.Random, person: Household, nicknames: list[str]) -> str:
    forms = (titled(rng, person.name), person.name, f"老{surname(person.name)}", f"小{surname(person.name)}")
    if nicknames and rng.random() < 0.45:
        return nicknames.pop()
    return rng.choices(forms, (45, 35, 10, 10))[0]


def _closing(rng: random.Random) -> str:
    words = ""
    if rng.random() < 0.13:
        words += rng.choice(("，{}", " {}", "（{}）", "，{}", " ({})")).format(rng.choice(phrases.NOTES))
    if rng.random() < 0.12:
        words += rng.choice((" ", "，", "")) + rng.choice(phrases.THANKS)
    return words


def order_line(
    rng: random.Random, person: Household, offer: dict[str, Good], nicknames: list[str]
) -> tuple[str, str]:
    """Write one household's entry, without its number; and its meaning in the notation of `truth`."""
    how = manner(rng)
    wanted = basket(rng, "ABCDEFHJKLM") if how.bare else basket(rng)
    if how.bare:
        wanted = dict.fromkeys(wanted, Decimal(1))
    parts = [_item_words(rng, how, offer[code], qty) for code, qty in wanted.items()]
    items = _joined(rng, parts, how, {good.unit for good in offer.values()})
    place = place_words(how.place, person.home)
    named = rng.random() < 0.62
    shape = rng.choice(phrases.LINES_WITH_NAME if named else phrases.LINES_WITHOUT_NAME)
    who = _who(rng, person, nicknames) if named else ""
    if named and person.phone and rng.random() < 0.05:
        who += f" {person.phone}"
    if any(word in shape and word in items for word in "要来"):
        shape = "{place} {who} {items}" if named else "{place} {items}"
    closing = _closing(rng)
    text = shape.format(place=place, who=who, items=items)
    text = (text.rstrip("。") if closing else text) + closing
    effect = " ".join(
        [f"{person.home.building}-{person.home.room}", *(f"{code}{qty}" for code, qty in wanted.items())]
    )
    if rng.random() < 0.33:
        return (
            f"{text.rstrip('。')}{rng.choice((' ', ' ', '，', ' '))}{rng.choice(phrases.PAID)}",
            f"{effect} $",
        )
    return text, effect
