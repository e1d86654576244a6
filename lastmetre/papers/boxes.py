"""Box manifests: what lies in each box of bags, hung on it and checked against it (FC4c)."""

from __future__ import annotations

from collections.abc import Sequence

from lastmetre.papers import listing
from lastmetre.papers.codes import printed_code
from lastmetre.papers.edition import Edition, grouped, plain
from lastmetre.papers.listing import Block
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pack import Bag, Box
from lastmetre.papers.pages import Type
from lastmetre.papers.parts import LEFT, RIGHT, STRONG, Flow, Part
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.papers.totals import quantities
from lastmetre.terms import say

BOXES = say("Box manifest")
BOX, BAG, CODE, ROOM, ITEMS = say("Box"), say("Bag"), say("Code"), say("Room"), say("Goods")
HEAD_MM, QR_MM = 46.0, 34.0


def _by_box(edition: Edition) -> list[tuple[Box, list[Bag]]]:
    found = grouped((bag for bag in edition.bags if bag.box is not None), lambda bag: bag.box)
    return [(box, found[box.number]) for box in edition.pack.boxes if box.number in found]


def boxes_table(edition: Edition) -> Table:
    """Return a row a bag, box by box."""
    columns = (
        Column(BOX, Kind.NUMBER, 6),
        Column(say("Code of the box"), width=12),
        Column(say("Building"), width=8),
        Column(say("Unit"), width=6),
        Column(ROOM, width=8),
        Column(say("Bag number"), Kind.NUMBER),
        Column(CODE, width=12),
        Column(ITEMS, width=60),
    )
    rows = []
    for box, bags in _by_box(edition):
        for bag in bags:
            home = (bag.home.building, bag.home.unit, bag.home.room)
            what = (edition.positions[bag.code].number, edition.code(bag), edition.items(bag))
            rows.append((box.number, printed_code(box.code), *home, *what))
    return Table(BOXES, columns, tuple(rows))


def boxes_parts(edition: Edition) -> list[Part]:
    """Return a sheet a box: its number and code to be scanned, its goods, its bags to tick off."""
    found = _by_box(edition)
    return [_box_part(edition, box, len(found), bags) for box, bags in found]


def _box_part(edition: Edition, box: Box, count: int, bags: Sequence[Bag]) -> Part:
    name = edition.say(say("Box {number} of {count}", number=box.number, count=count))
    flow = Flow(edition, edition.say(BOXES), name)
    _head(edition, flow, box, bags)
    columns = [
        listing.Column("", 9, Type(12)),
        listing.Column(edition.say(ROOM), 40, Type(12, Weight.BOLD)),
        listing.Column(edition.say(BAG), 42, Type(10)),
        listing.Column(edition.say(CODE), 28, Type(10)),
        listing.Column(edition.say(ITEMS)),
    ]
    rows = [
        (
            "□",
            str(bag.home),
            edition.count(edition.positions[bag.code]),
            edition.code(bag),
            edition.items(bag),
        )
        for bag in bags
    ]
    listing.set_table(flow, columns, [Block("", rows)])
    return flow.part()


def _head(edition: Edition, flow: Flow, box: Box, bags: Sequence[Bag]) -> None:
    """Draw the number to be read from afar, the code, and how much must be in it."""
    top = flow.y
    flow.page.number_box(LEFT, top, 60, HEAD_MM - 4, str(box.number), edition.say(BOX))
    flow.page.qr(RIGHT - QR_MM, top, QR_MM, box.qr)
    code = printed_code(box.code)
    flow.page.text(RIGHT - QR_MM - 6, top + QR_MM + 1.5, code, STRONG, "right", QR_MM + 6)
    left, width = LEFT + 64, RIGHT - LEFT - 64 - QR_MM - 4
    y = top
    for words, style in (
        (edition.bag_count(len(bags)), Type(22, Weight.BLACK)),
        (edition.stairwells(bags), Type(11, Weight.BOLD)),
        (_contents(edition, bags), Type(9)),
    ):
        fitted = style.fitted(words, width, 8)
        for line in fitted.lines(words, width):
            flow.page.text(left, y, line, fitted)
            y += fitted.line_mm
        y += 1.5
    flow.y = max(top + HEAD_MM, y) + 2


def _contents(edition: Edition, bags: Sequence[Bag]) -> str:
    sums = quantities(bags)
    goods = [code for code in edition.goods if code in sums]
    return "；".join(f"{edition.good(code)}×{plain(sums[code])}{edition.goods[code].unit}" for code in goods)
