"""What goes with a cart: its cart sheet, and the door sheets that work without any device (ER3b, ER5)."""

from __future__ import annotations

from collections.abc import Sequence

from lastmetre.papers import listing
from lastmetre.papers.edition import Edition
from lastmetre.papers.listing import Block, Lines, Row
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pack import Bag
from lastmetre.papers.pages import Type
from lastmetre.papers.parts import LEFT, RIGHT, STRONG, TEXT, Flow, Part
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.terms import say

CARTS = say("Cart sheet")
DOORS = say("Door sheet")
CART, WAVE, ORDER = say("Cart"), say("Wave"), say("Order")
BUILDING, UNIT, ROOM, FLOOR = say("Building"), say("Unit"), say("Room"), say("Floor")
CODE, BAG, ITEMS, CARRIER = say("Code"), say("Bag"), say("Goods"), say("Carried by")
HOUSEHOLD, NAME, PHONE, NOTE = say("Household"), say("Name"), say("Phone"), say("Note")

HANDED_OVER = say("Handed over")
FAILURES = (say("Nobody in"), say("Refused"), say("Wrong address"), say("Damaged"), say("Needs help"))
"""Why a bag comes back; counted from 1, these are the codes that are keyed in afterwards."""


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
    for bags in edition.carts.values():
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
        *(Column(outcome, width=10) for outcome in _outcomes(edition, " ")),
    )
    rows = []
    for bags in edition.carts.values():
        for place, bag in enumerate(bags, start=1):
            home = (bag.home.building, bag.home.unit, bag.home.room)
            who = (edition.name(bag), edition.phone_text(bag), edition.code(bag))
            blank = (None,) * (1 + len(FAILURES))
            rows.append((bag.cart, place, *home, *who, edition.items(bag), bag.note, *blank))
    return Table(DOORS, columns, tuple(rows))


def _outcomes(edition: Edition, between: str) -> list[str]:
    """Return what can happen at a door, the failures with their codes."""
    failures = [
        f"{number}{between}{edition.say(failure)}" for number, failure in enumerate(FAILURES, start=1)
    ]
    return [edition.say(HANDED_OVER), *failures]


def carts_parts(edition: Edition) -> list[Part]:
    """Return a sheet a cart: its number to be read from afar, and its bags in carry order."""
    return [_cart_part(edition, bags) for bags in edition.carts.values() if bags[0].cart is not None]


def _cart_part(edition: Edition, bags: Sequence[Bag]) -> Part:
    flow = Flow(edition, edition.say(CARTS), _cart_name(edition, bags))
    _cart_head(edition, flow, bags)
    # Large rooms while they fit one sheet: it hangs on the cart.
    room = Type(14 if len(bags) <= 23 else 11, Weight.BOLD)
    columns = [
        listing.Column("", 9, Type(room.size_pt)),
        listing.Column(edition.say(ORDER), 12, align="center"),
        listing.Column(edition.say(ROOM), 48, room),
        listing.Column(edition.say(FLOOR), 14, Type(11), "center"),
        listing.Column(edition.say(BAG), 46, Type(10)),
        listing.Column(edition.say(CODE), 28, Type(10)),
        listing.Column(edition.say(CARRIER) if any(bag.carrier for bag in bags) else ""),
    ]
    rows = [_cart_row(edition, place, bag) for place, bag in enumerate(bags, start=1)]
    listing.set_table(flow, columns, [Block("", rows)])
    return flow.part()


def _cart_head(edition: Edition, flow: Flow, bags: Sequence[Bag]) -> None:
    """Draw the number to be read from across the yard, and beside it where it goes with how many bags."""
    height, left = 58.0, LEFT + 92
    flow.page.number_box(LEFT, flow.y, 86, height, edition.cart(bags[0]), edition.say(CART))
    lines = [
        (edition.stairwells(bags), Type(24, Weight.BOLD)),
        (edition.say(say("Wave {wave}", wave=bags[0].wave)), Type(18)),
        (edition.bag_count(len(bags)), Type(34, Weight.BLACK)),
    ]
    y = flow.y
    for words, style in lines:
        fitted = style.fitted(words, RIGHT - left, 9)
        for line in fitted.lines(words, RIGHT - left):
            flow.page.text(left, y, line, fitted)
            y += fitted.line_mm
        y += 3
    flow.y = max(flow.y + height, y) + 3


def _cart_row(edition: Edition, place: int, bag: Bag) -> Row:
    floor = "" if bag.floor is None else str(bag.floor)
    count = edition.count(edition.positions[bag.code])
    tick = "■" if bag.ended else "□"
    return tick, str(place), str(bag.home), floor, count, edition.code(bag), bag.carrier


def doors_parts(edition: Edition) -> list[Part]:
    """Return a sheet a cart (a stairwell where no carts were planned): each door with boxes to tick."""
    return [_doors_part(edition, bags) for bags in edition.carts.values()]


def _doors_part(edition: Edition, bags: Sequence[Bag]) -> Part:
    columns = [
        listing.Column(edition.say(ROOM), 29, Type(13, Weight.BOLD)),
        listing.Column(edition.say(HOUSEHOLD), 33),
        listing.Column(edition.say(ITEMS)),
        *(listing.Column(outcome, 11.5, align="center", tick=True) for outcome in _outcomes(edition, "\n")),
    ]
    flow = Flow(edition, edition.say(DOORS), _cart_name(edition, bags))
    _doors_head(edition, flow, bags)
    listing.set_table(flow, columns, [Block("", [_door_row(edition, bag) for bag in bags])], least_mm=10)
    flow.words(edition.say(say("Handed over: ______ of {count}", count=len(bags))), STRONG, above=4)
    return flow.part()


def _doors_head(edition: Edition, flow: Flow, bags: Sequence[Bag]) -> None:
    """Draw whose sheet it is, blanks for who takes it and when, and how to fill it in."""
    left, top = LEFT, flow.y
    if number := edition.cart(bags[0]):
        flow.page.number_box(LEFT, flow.y, 30, 21, number, edition.say(CART))
        left += 34
    wave = edition.say(say("Wave {wave}", wave=bags[0].wave))
    count = edition.bag_count(len(bags))
    flow.words(
        f"{edition.stairwells(bags)}   {wave} · {count}", Type(13, Weight.BOLD), x=left, width=RIGHT - left
    )
    flow.y += 2
    x = left
    for blank in (say("Taken up by"), say("Left at"), say("Back at")):
        words = edition.say(blank)
        flow.page.text(x, flow.y, words, TEXT)
        x += TEXT.width_mm(words) + 1
        flow.page.line(x, flow.y + TEXT.line_mm, 28)
        x += 31
    flow.y += TEXT.line_mm + 2
    how = say("Tick one box a door. Take back what was not handed over, and say the number of its reason.")
    flow.words(edition.say(how), Type(8.5), x=left, width=RIGHT - left)
    flow.y = max(flow.y, top + 21) + 2


def _door_row(edition: Edition, bag: Bag) -> Row:
    said = [edition.items(bag), *([f"※ {bag.note}"] if bag.note else [])]
    goods = Lines((f"■ {bag.ended}", *said) if bag.ended else tuple(said))
    return str(bag.home), Lines((edition.who(bag), edition.code(bag))), goods


def _cart_name(edition: Edition, bags: Sequence[Bag]) -> str:
    """Name a part: by its cart, else by its stairwell."""
    first = bags[0]
    if first.cart is None:
        return edition.stairwell(first.home)
    return edition.say(say("Cart {number}", number=edition.cart(first)))
