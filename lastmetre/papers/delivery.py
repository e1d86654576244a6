"""The three sorted delivery notes: by good, building, room; by building, good, room; by building, room, good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from lastmetre.papers import listing
from lastmetre.papers.edition import Edition, grouped, plain
from lastmetre.papers.listing import Block, Row, boxes
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pack import Bag, BagItem
from lastmetre.papers.pages import Type
from lastmetre.papers.parts import STRONG, Flow, Part
from lastmetre.papers.tables import Cell, Column, Kind, Table
from lastmetre.papers.totals import amount_fen, quantities
from lastmetre.terms import Home, say

BY_GOOD = say("Delivery note by good, building, room")
BY_BUILDING_GOOD = say("Delivery note by building, good, room")
BY_ROOM = say("Delivery note by building, room, good")
BUILDING, UNIT, ROOM, QUANTITY, NOTE = say("Building"), say("Unit"), say("Room"), say("Quantity"), say("Note")
GOOD, TOTAL = say("Good"), say("Total")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item and the bag that it is in."""

    bag: Bag
    item: BagItem

    @property
    def home(self) -> Home:
        """Where it goes."""
        return self.bag.home


def entries(edition: Edition) -> list[Entry]:
    """Return all items of all bags, by building, room, and the order of the goods."""
    rank = {code: place for place, code in enumerate(edition.goods)}
    return [
        Entry(bag, item)
        for bag in edition.bags
        for item in sorted(bag.items, key=lambda item: rank[item.good])
    ]


def _by_good(edition: Edition) -> dict[str, list[Entry]]:
    found = grouped(entries(edition), lambda entry: entry.item.good)
    return {code: found[code] for code in edition.goods if code in found}


PLACE_COLUMNS = (Column(BUILDING, width=8), Column(UNIT, width=6), Column(ROOM, width=8))
GOOD_COLUMNS = (Column(say("Code"), width=6), Column(GOOD, width=20))
QUANTITY_COLUMNS = (
    Column(QUANTITY, Kind.NUMBER, 8),
    Column(say("Sale unit"), width=8),
    Column(NOTE, width=30),
)


def by_good_table(edition: Edition) -> Table:
    """Return a row an item: good, building, room."""
    rows = [
        (*_good_cells(edition, entry), *_place_cells(entry.home), *_quantity_cells(edition, entry))
        for entry in chain.from_iterable(_by_good(edition).values())
    ]
    return Table(BY_GOOD, GOOD_COLUMNS + PLACE_COLUMNS + QUANTITY_COLUMNS, tuple(rows))


def by_building_good_table(edition: Edition) -> Table:
    """Return a row an item: building, good, room."""
    rank = {code: place for place, code in enumerate(edition.goods)}
    buildings = grouped(entries(edition), lambda entry: entry.home.building).values()
    rows = [
        (
            entry.home.building,
            *_good_cells(edition, entry),
            entry.home.unit,
            entry.home.room,
            *_quantity_cells(edition, entry),
        )
        for building in buildings
        for entry in sorted(building, key=lambda entry: rank[entry.item.good])
    ]
    columns = (PLACE_COLUMNS[0], *GOOD_COLUMNS, *PLACE_COLUMNS[1:], *QUANTITY_COLUMNS)
    return Table(BY_BUILDING_GOOD, columns, tuple(rows))


def by_room_table(edition: Edition) -> Table:
    """Return a row an item: building, room, good, with household and money."""
    rows = [
        (
            *_place_cells(entry.home),
            edition.name(entry.bag),
            edition.phone_text(entry.bag),
            *_good_cells(edition, entry),
            *_quantity_cells(edition, entry),
            amount_fen(entry.item, edition.goods[entry.item.good]),
        )
        for entry in entries(edition)
    ]
    who = (Column(say("Name"), width=10), Column(say("Phone"), width=14))
    columns = (*PLACE_COLUMNS, *who, *GOOD_COLUMNS, *QUANTITY_COLUMNS, Column(say("Amount"), Kind.FEN))
    return Table(BY_ROOM, columns, tuple(rows))


def _place_cells(home: Home) -> tuple[Cell, ...]:
    return home.building, home.unit, home.room


def _good_cells(edition: Edition, entry: Entry) -> tuple[Cell, ...]:
    good = edition.goods[entry.item.good]
    return good.code, f"{good.name} {good.specification}".strip()


def _quantity_cells(edition: Edition, entry: Entry) -> tuple[Cell, ...]:
    return entry.item.qty, edition.goods[entry.item.good].unit, entry.item.note


def by_good_parts(edition: Edition) -> list[Part]:
    """Return the note for who hands out one good through all buildings."""
    blocks = [
        Block(
            edition.good(code),
            [_room_row(edition.stairwell(here[0].home), here) for here in _by_stairwell(found)],
            right=_sum_text(edition, code, found),
        )
        for code, found in _by_good(edition).items()
    ]
    flow = Flow(edition, edition.say(BY_GOOD))
    listing.set_table(flow, _room_columns(edition, edition.say(say("Where")), 30), blocks)
    return [flow.part()]


def by_building_good_parts(edition: Edition) -> list[Part]:
    """Return the note for who hands out good after good in one building; a part each."""
    return [_building_good_part(edition, name, bags) for name, bags in edition.buildings.items()]


def _building_good_part(edition: Edition, name: str, bags: Sequence[Bag]) -> Part:
    mine = grouped((Entry(bag, item) for bag in bags for item in bag.items), lambda entry: entry.item.good)
    blocks = [
        Block(
            edition.good(code),
            [_room_row(edition.unit(here[0].home.unit), here) for here in _by_stairwell(mine[code])],
            right=_sum_text(edition, code, mine[code]),
        )
        for code in edition.goods
        if code in mine
    ]
    flow = Flow(edition, edition.say(BY_BUILDING_GOOD), edition.building_title(name))
    listing.set_table(flow, _room_columns(edition, edition.say(UNIT), 18), blocks)
    return flow.part()


def _by_stairwell(found: Iterable[Entry]) -> list[list[Entry]]:
    return list(grouped(found, lambda entry: (entry.home.building, entry.home.unit)).values())


def _room_columns(edition: Edition, first: str, width: float) -> list[listing.Column]:
    bold = Type(9, Weight.BOLD)
    return [
        listing.Column(first, width, bold),
        listing.Column(edition.say(TOTAL), 14, bold, "right"),
        listing.Column(edition.say(say("Rooms and quantities"))),
    ]


def _room_row(where: str, found: Sequence[Entry]) -> Row:
    rooms = [
        (entry.home.room, f"×{plain(entry.item.qty)}" + _in_brackets(entry.item.note)) for entry in found
    ]
    return where, plain(sum((entry.item.qty for entry in found), Decimal(0))), boxes(rooms)


def _in_brackets(note: str) -> str:
    return f"（{note}）" if note else ""


def _sum_text(edition: Edition, code: str, found: Sequence[Entry]) -> str:
    total = plain(sum((entry.item.qty for entry in found), Decimal(0))) + edition.goods[code].unit
    homes = len({entry.bag.code for entry in found})
    return edition.say(say("{total} for {homes} households", total=total, homes=homes))


def by_room_parts(edition: Edition) -> list[Part]:
    """Return the note for who goes from door to door in one building, with what it must come to."""
    columns = [
        listing.Column("", 7, Type(12)),
        listing.Column(edition.say(ROOM), 30, STRONG),
        listing.Column(edition.say(say("Household")), 34),
        listing.Column(edition.say(say("Goods"))),
        listing.Column(edition.say(NOTE), 30, Type(8)),
    ]
    parts = []
    for name, bags in edition.buildings.items():
        flow = Flow(edition, edition.say(BY_ROOM), edition.building_title(name))
        rows = [("□", str(bag.home), edition.who(bag), edition.items(bag), bag.note) for bag in bags]
        listing.set_table(flow, columns, [Block("", rows)], least_mm=6.5)
        flow.words(_building_totals(edition, bags), STRONG, above=3)
        parts.append(flow.part())
    return parts


def _building_totals(edition: Edition, bags: Sequence[Bag]) -> str:
    wanted = quantities(bags)
    goods = "；".join(
        f"{edition.good(code)} ×{plain(wanted[code])}{good.unit}"
        for code, good in edition.goods.items()
        if code in wanted
    )
    return edition.say(say("{count} bags in all: {goods}", count=len(bags), goods=goods))
