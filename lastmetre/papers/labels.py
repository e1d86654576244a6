"""Labels as data for the typesetter: one a bag, or one a piece, and what stands on them (FC2e, FC4c)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from lastmetre.papers.edition import Edition, positions
from lastmetre.papers.pack import Bag, BagItem, LabelKind, LabelPer
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.papers.typeset import QrCode
from lastmetre.terms import say

LABELS = say("Labels")

WEIGHED = frozenset(["斤", "公斤", "千克", "克", "两", "kg", "g", "KG", "Kg", "吨"])
"""Units by which a quantity is one piece in one bag, whatever its number."""

LABELS_A_JOB = 480
"""Twenty sheets of 24: keeps a worker's memory small, and at most one sheet in twenty is part empty."""

ITEM_SIGNS = 24
"""Longest piece of text that is never divided between two labels."""

UNBROKEN_SIGNS = 14
"""Longest text that is kept on one line."""


@dataclass(frozen=True, slots=True)
class Size:
    """Measures of one kind of label, millimetres; type sizes in points."""

    width: float
    height: float
    inset_x: float
    inset_y: float
    columns: int
    rows: int
    page_width: float
    page_height: float
    side: float
    """Width of the right-hand column: cart number, QR code, short code."""
    cart: float
    """Height of the cart number's box."""
    qr: float
    home: float
    text: float

    @property
    def margin_y(self) -> float:
        """What the labels leave of the page above and below."""
        return (self.page_height - self.rows * self.height) / 2


SIZES = {
    # Office printers leave 4 mm of the sheet's edge blank.
    LabelKind.SHEET: Size(70, 37, 4.5, 3.2, 3, 8, 210, 297, side=15, cart=10.5, qr=13, home=25, text=9),
    LabelKind.ROLL_70X50: Size(70, 50, 2.5, 2, 1, 1, 70, 50, side=18, cart=16, qr=16, home=30, text=11),
    LabelKind.ROLL_60X40: Size(60, 40, 2, 2, 1, 1, 60, 40, side=15, cart=12, qr=13.5, home=25, text=9.5),
}


@dataclass(frozen=True, slots=True)
class Label:
    """One label before the typesetter divides what does not fit."""

    bag: Bag
    items: tuple[BagItem, ...]
    count: str
    """`总1/25（本楼1/2）`."""


def labels(edition: Edition, per: LabelPer) -> list[Label]:
    """Return the labels in the order in which they are stuck on: by home, or by good and home."""
    if per is LabelPer.HOUSEHOLD:
        return [Label(bag, bag.items, edition.count(edition.positions[bag.code])) for bag in edition.bags]
    return list(_piece_labels(edition))


def pieces(item: BagItem, unit: str) -> int:
    """Return how many pieces an item is: its quantity, or 1 where it is weighed or not whole."""
    return int(item.qty) if item.qty == item.qty.to_integral_value() and unit not in WEIGHED else 1


def _piece_labels(edition: Edition) -> Iterator[Label]:
    for code, good in edition.goods.items():
        found = [
            (bag, item, number)
            for bag in edition.bags
            for item in bag.items
            if item.good == code
            for number in range(pieces(item, good.unit))
        ]
        keys = [(f"{place}", bag.home.building) for place, (bag, *_) in enumerate(found)]
        for position, (bag, item, _) in zip(positions(keys).values(), found, strict=True):
            each = item.qty / pieces(item, good.unit)
            piece = BagItem(item.good, each, item.note)
            yield Label(bag, (piece,), edition.count(position, pieces=True))


def labels_table(edition: Edition) -> Table:
    """Return a row a bag, for the program that comes with a label printer."""
    columns = (
        Column(say("Home"), width=14),
        Column(say("Household"), width=22),
        Column(say("Goods"), width=60),
        Column(say("Pieces"), Kind.NUMBER, 8),
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


def label_jobs(edition: Edition, kind: LabelKind, per: LabelPer) -> Iterator[dict[str, Any]]:
    """Yield what the typesetter needs for each run of labels; a run starts on a new sheet."""
    found = labels(edition, per)
    size = SIZES[kind]
    shared = {
        "size": asdict(size) | {"margin_y": size.margin_y},
        "head": " · ".join(part for part in (edition.pack.compound, edition.pack.title) if part),
        "cart": edition.say(say("Cart")),
    }
    for start in range(0, len(found), LABELS_A_JOB):
        yield shared | {"bags": [_label_data(edition, one) for one in found[start : start + LABELS_A_JOB]]}


def _label_data(edition: Edition, label: Label) -> dict[str, Any]:
    bag = label.bag
    return {
        "home": str(bag.home),
        "who": edition.who(bag),
        "cart": edition.cart(bag),
        "count": label.count,
        "code": edition.code(bag),
        "qr": QrCode(bag.qr),
        "items": [atom for item in label.items for atom in _item_atoms(edition, item)]
        + [_atom(piece) for piece in _portions(f"※ {bag.note}" if bag.note else "")],
    }


def _item_atoms(edition: Edition, item: BagItem) -> list[dict[str, Any]]:
    """Divide an item into texts that may go on different labels: only long ones are more than one."""
    *before, last = _portions(edition.good(item.good)) or [""]
    note, *after = _portions(f"（{item.note}）" if item.note else "") or [""]
    return [
        *(_atom(text) for text in before),
        _atom(last, edition.quantity(item), note),
        *(_atom(text) for text in after),
    ]


def _atom(name: str, quantity: str = "", note: str = "") -> dict[str, Any]:
    is_short = len(name) + len(quantity) + len(note) <= UNBROKEN_SIGNS
    return {"name": name, "qty": quantity, "note": note, "short": is_short}


def _portions(text: str) -> list[str]:
    return [text[start : start + ITEM_SIGNS] for start in range(0, len(text), ITEM_SIGNS)]
