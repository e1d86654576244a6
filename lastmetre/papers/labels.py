"""What stands on the labels: one a bag, or one a piece (FC2e, FC4c); `label_pages` lays them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lastmetre.papers.edition import Edition, positions
from lastmetre.papers.pack import Bag, BagItem, LabelPer
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.terms import say

LABELS = say("Labels")

WEIGHED = frozenset("斤 公斤 千克 克 两 kg g KG Kg 吨".split())
"""Units by which a quantity is one piece in one bag, whatever its number."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label before what does not fit goes on to a second."""

    bag: Bag
    items: tuple[BagItem, ...]
    count: str
    """`总1/25（本楼1/2）`."""
    note: str = ""


def labels(edition: Edition, per: LabelPer) -> list[Label]:
    """Return the labels in the order in which they are stuck on: by home, or by good and home."""
    if per is LabelPer.ITEM:
        return list(_piece_labels(edition))
    return [
        Label(bag, bag.items, edition.count(edition.positions[bag.code]), bag.note) for bag in edition.bags
    ]


def pieces(item: BagItem, unit: str) -> int:
    """Return how many pieces an item is: its quantity, or 1 where it is weighed or not whole."""
    return int(item.qty) if item.qty == item.qty.to_integral_value() and unit not in WEIGHED else 1


def _piece_labels(edition: Edition) -> Iterator[Label]:
    for code, good in edition.goods.items():
        found = [
            (bag, BagItem(code, item.qty / pieces(item, good.unit), item.note))
            for bag in edition.bags
            for item in bag.items
            if item.good == code
            for _ in range(pieces(item, good.unit))
        ]
        keys = [(str(place), bag.home.building) for place, (bag, _) in enumerate(found)]
        for position, (bag, piece) in zip(positions(keys).values(), found, strict=True):
            yield Label(bag, (piece,), edition.count(position, pieces=True))


def labels_table(edition: Edition) -> Table:
    """Return a row a bag, for the program that comes with a label printer."""
    columns = (
        Column(say("Home"), width=14),
        Column(say("Household"), width=22),
        Column(say("Goods"), width=60),
        Column(say("Sale units"), Kind.NUMBER, 8),
        Column(say("Note"), width=30),
        Column(say("Bag"), width=22),
        Column(say("Cart"), width=6),
        Column(say("Code"), width=12),
        Column(say("QR code"), width=20),
    )
    rows = []
    for label in labels(edition, LabelPer.HOUSEHOLD):
        bag = label.bag
        count = sum((item.qty for item in bag.items), Decimal(0))
        what = (str(bag.home), edition.who(bag), edition.items(bag), count, bag.note)
        rows.append((*what, label.count, edition.cart(bag), edition.code(bag), bag.qr))
    return Table(LABELS, columns, tuple(rows))
