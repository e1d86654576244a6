"""What goes with a cart: its cart sheet, and the door sheets that work without any device (ER3b, ER5)."""

from __future__ import annotations

from collections.abc import Sequence

from lastmetre.papers.edition import Edition, grouped
from lastmetre.papers.pack import Bag
from lastmetre.papers.parts import Block, PaperColumn, Part, table_part
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.terms import say

CARTS = say("Cart sheet")
DOORS = say("Door sheet")
CART, WAVE, ORDER = say("Cart"), say("Wave"), say("Order")
BUILDING, UNIT, ROOM, FLOOR = say("Building"), say("Unit"), say("Room"), say("Floor")
CODE, BAG, ITEMS, CARRIER = say("Code"), say("Bag"), say("Goods"), say("Carried by")
HOUSEHOLD, NAME, PHONE, NOTE = say("Household"), say("Name"), say("Phone"), say("Note")

OUTCOMES = (
    say("Handed over"),
    say("1 Nobody in"),
    say("2 Refused"),
    say("3 Wrong address"),
    say("4 Damaged"),
    say("5 Needs help"),
)
"""What can happen at a door; the digits are what is keyed in afterwards."""


def carts_table(edition: Edition) -> Table:
    """Return a row a bag, cart by cart in carry order."""
    columns = (
        Column(CART, Kind.NUMBER, 6),
        Column(WAVE, Kind.NUMBER, 6),
        Column(ORDER, Kind.NUMBER, 6),
        Column(BUILDING, width=8),
        Column(UNIT, width=6),
        Column(ROOM, width=8),
        Column(FLOOR, Kind.NUMBER, 6),
        Column(say("Bag number"), Kind.NUMBER),
        Column(CODE, width=12),
        Column(ITEMS, width=60),
        Column(CARRIER, width=12),
    )
    rows = []
    for bags in edition.rounds.values():
        for place, bag in enumerate(bags, start=1):
            number = edition.positions[bag.code].number
            home = (bag.home.building, bag.home.unit, bag.home.room, bag.floor)
            what = (number, edition.code(bag), edition.items(bag), bag.carrier)
            rows.append((bag.cart, bag.wave, place, *home, *what))
    return Table(CARTS, columns, tuple(rows))


def doors_table(edition: Edition) -> Table:
    """Return a row a door, to be filled in: an empty cell for each outcome."""
    columns = (
        Column(CART, Kind.NUMBER, 6),
        Column(ORDER, Kind.NUMBER, 6),
        Column(BUILDING, width=8),
        Column(UNIT, width=6),
        Column(ROOM, width=8),
        Column(NAME, width=10),
        Column(PHONE, width=14),
        Column(CODE, width=12),
        Column(ITEMS, width=60),
        Column(NOTE, width=30),
        *(Column(outcome, width=10) for outcome in OUTCOMES),
    )
    rows = []
    for bags in edition.rounds.values():
        for place, bag in enumerate(bags, start=1):
            home = (bag.home.building, bag.home.unit, bag.home.room)
            who = (edition.name(bag), edition.phone_text(bag), edition.code(bag))
            blank = (None,) * len(OUTCOMES)
            rows.append((bag.cart, place, *home, *who, edition.items(bag), bag.note, *blank))
    return Table(DOORS, columns, tuple(rows))


def carts_parts(edition: Edition) -> list[Part]:
    """Return a sheet a cart: its number to be read from afar, and its bags in carry order."""
    columns = [
        PaperColumn("", 8, size_pt=13),
        PaperColumn(edition.say(ORDER), 13, "right"),
        PaperColumn(edition.say(ROOM), 46, size_pt=14, bold=True),
        PaperColumn(edition.say(FLOOR), 14, "right"),
        PaperColumn(edition.say(BAG), 44),
        PaperColumn(edition.say(CODE), 30),
        PaperColumn(edition.say(CARRIER)),
    ]
    parts = []
    for (_, *_), bags in edition.rounds.items():
        if bags[0].cart is None:
            continue
        block = Block("", [_cart_row(edition, place, bag) for place, bag in enumerate(bags, start=1)])
        parts.append(
            table_part(
                edition.say(CARTS),
                _cart_name(edition, bags),
                columns,
                [block],
                kind="cart",
                **_head(edition, bags),
            )
        )
    return parts


def _cart_row(edition: Edition, place: int, bag: Bag) -> list[str]:
    floor = "" if bag.floor is None else str(bag.floor)
    count = edition.count(edition.positions[bag.code])
    return ["□", str(place), str(bag.home), floor, count, edition.code(bag), bag.carrier]


def doors_parts(edition: Edition) -> list[Part]:
    """Return a sheet a cart (a stairwell where no carts were planned): each door with boxes to tick."""
    columns = [
        PaperColumn(edition.say(ROOM), 27, size_pt=13, bold=True),
        PaperColumn(edition.say(HOUSEHOLD), 33),
        PaperColumn(edition.say(ITEMS)),
        *(PaperColumn(edition.say(outcome), 11.5, "center", tick=True) for outcome in OUTCOMES),
    ]
    ways: dict[str, object] = {
        "how": edition.say(say("Tick one box a door. Take back what was not handed over, with its number.")),
        "blanks": [edition.say(one) for one in (say("Name"), say("Left at"), say("Back at"))],
    }
    parts = []
    for bags in edition.rounds.values():
        block = Block("", [_door_row(edition, bag) for bag in bags])
        words = ways | _head(edition, bags)
        words["tally"] = edition.say(say("Handed over: ______ of {count}", count=len(bags)))
        name = _cart_name(edition, bags)
        parts.append(table_part(edition.say(DOORS), name, columns, [block], kind="doors", **words))
    return parts


def _door_row(edition: Edition, bag: Bag) -> list[object]:
    goods: list[str] = [edition.items(bag)]
    if bag.note:
        goods.append(f"※ {bag.note}")
    return [str(bag.home), [edition.who(bag), edition.code(bag)], goods]


def _head(edition: Edition, bags: Sequence[Bag]) -> dict[str, str]:
    """Number, stairwells, wave and count of the bags of one cart."""
    stairwells = grouped(bags, lambda bag: edition.stairwell(bag.home))
    return {
        "number": edition.cart(bags[0]),
        "cart": edition.say(CART),
        "where": "、".join(stairwells),
        "wave": edition.say(say("Wave {wave}", wave=bags[0].wave)),
        "bags": edition.say(say("{count} bags", count=len(bags))),
    }


def _cart_name(edition: Edition, bags: Sequence[Bag]) -> str:
    """Name a part: by its cart, else by its stairwell."""
    first = bags[0]
    if first.cart is None:
        return edition.stairwell(first.home)
    return edition.say(say("Cart {number}", number=edition.cart(first)))
