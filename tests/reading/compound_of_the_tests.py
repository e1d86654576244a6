"""A small compound and its offer, solvable by hand, and the way from a text to orders that the tests share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from lastmetre.reading.goods import GoodBook
from lastmetre.reading.homes import HomeBook
from lastmetre.reading.merging import merge, old_place, with_old_home
from lastmetre.reading.texts import read_text
from lastmetre.terms import (
    Action,
    Building,
    Compound,
    Good,
    Home,
    Household,
    Item,
    Offer,
    Order,
    OrderLine,
    Place,
    Unit,
)

PHONE = "13800001234"


def household(building: str, unit: str, room: str, phone: str = "") -> Household:
    return Household(Home(building, unit, room), phone=phone)


COMPOUND = Compound(
    name="桂花苑",
    lanes=("500",),
    buildings=(
        Building("3", aliases=("桂香楼",)),
        Building("5"),
        Building("7", units=(Unit("7", "1"), Unit("7", "2"))),
        Building("友园12"),
        Building("别墅1"),
        Building("A"),
    ),
    households=(
        household("3", "", "501", PHONE),
        household("3", "", "502"),
        household("3", "", "1501"),
        household("5", "", "602"),
        household("7", "1", "903"),
        household("7", "2", "903"),
        household("7", "2", "904"),
        household("友园12", "", "404"),
        household("别墅1", "", ""),
        household("A", "", "1203"),
    ),
)
"""Rooms 903 stand in both units of building 7; the villa is one household; only unit 2 has a 904."""

WITHOUT_ROSTER = replace(COMPOUND, households=())

OFFER = Offer(
    goods=(
        Good("A", "蔬菜包", aliases=("菜包",), price_fen=3990),
        Good("B", "鸡蛋", unit="板", price_fen=3000),
        Good("C", "五花肉", unit="斤", step=Decimal("0.5"), price_fen=2600),
        Good("D", "纯牛奶", aliases=("牛奶",), specification="250ml*12盒", unit="箱", price_fen=6000),
        Good("E", "大米", specification="5公斤", unit="袋", price_fen=3600),
    )
)

HOMES = HomeBook.of(COMPOUND)
GOODS = GoodBook.of(OFFER)


def only_line(text: str) -> OrderLine:
    """Read a text that is one message."""
    (line,) = read_text(text).lines
    return line


def parts(place: Place) -> str:
    """Write a place as lane弄building-unit-room, absent parts empty."""
    lane = f"{place.lane}弄" if place.lane else ""
    return lane + "-".join(part or "" for part in (place.building, place.unit, place.room))


def said(items: Iterable[Item]) -> str:
    """Write items as `鸡蛋 2板，青菜 (1)`: brackets where the quantity was understood, ? where it is open."""
    return "，".join(f"{item.name} {_quantity(item)}" for item in items)


def _quantity(item: Item) -> str:
    number = "?" if item.qty is None else format(item.qty.normalize(), "f")
    return f"{number}{item.unit}" if item.qty_stated else f"({number})"


def codes(line: OrderLine | Order) -> set[str]:
    """Name the doubts of a line or order."""
    return {doubt.code for doubt in line.doubts}


def resolved(text: str, *, file: str = "", offer: Offer | None = OFFER) -> list[OrderLine]:
    """Read a text and tie its lines to homes and goods."""
    goods = GoodBook.of(offer) if offer is not None else None
    lines = read_text(text, file=file, compound=COMPOUND, offer=offer).lines
    return [_resolved(line, goods) for line in lines]


def _resolved(line: OrderLine, goods: GoodBook | None) -> OrderLine:
    if line.action not in (Action.ORDER, Action.AMEND, Action.CANCEL, Action.ADDRESS, Action.TOTAL):
        return line
    if line.action is not Action.TOTAL:
        line = HOMES.resolve(line)
    if line.action is Action.ADDRESS:
        wrong = old_place(line)
        return with_old_home(line, HOMES.find(wrong)[0]) if wrong else line
    if goods is not None:
        return goods.resolve(line)
    return replace(line, items=tuple(replace(item, good=item.code or item.name) for item in line.items))


def orders(*texts: str) -> list[Order]:
    """Read texts, one file each, and merge them to one order a household."""
    return merge(
        [line for number, text in enumerate(texts) for line in resolved(text, file=f"{number}.txt")]
    )[0]


def wanted(found: Iterable[Order]) -> Mapping[str, Mapping[str, Decimal]]:
    """Home -> good -> quantity, for orders that want anything."""
    return {str(order.home): {item.good: item.qty for item in order.items} for order in found if order.items}
