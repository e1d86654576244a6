"""What is printed for one round of one compound: plain facts, from which every sheet follows.

Sums stand nowhere in here: `totals` computes them from the bags, so that no two sheets can disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lastmetre.terms import Good, Home


class LabelKind(StrEnum):
    """What labels are printed on, millimetres."""

    SHEET = "a4"
    """A4 sheets of 24 labels, 70 x 37."""
    ROLL_70X50 = "70x50"
    ROLL_60X40 = "60x40"


class LabelPer(StrEnum):
    """What gets a label of its own."""

    HOUSEHOLD = "household"
    """Each bag (FC2e): one bag holds all that a household ordered."""
    ITEM = "item"
    """Each piece; a quantity by weight is one piece."""


class PhoneKind(StrEnum):
    """How much of a household's number the papers show."""

    TAIL = "tail"
    MASKED = "masked"
    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class BagItem:
    """One good in a bag."""

    good: str
    """Code of a good in `Pack.goods`."""
    qty: Decimal
    """In the good's sale unit."""
    note: str = ""
    amount_fen: int | None = None
    """What the source charged for it; None where price times quantity is due."""


@dataclass(frozen=True, slots=True)
class Bag:
    """What one household gets (FC4c: one bag a household)."""

    home: Home
    items: tuple[BagItem, ...]
    code: str
    """Short code of this bag, unique in the pack (see `codes`)."""
    qr: str
    """What the QR code holds: an opaque id, never personal data."""
    floor: int | None = None
    name: str = ""
    """As typed; masked by `write_pack` unless told otherwise."""
    phone: str = ""
    note: str = ""
    cart: int | None = None
    """Number of its cart (ER3b); None where no carts were planned."""
    wave: int = 1
    """Round of the carts in which it goes up (ER5)."""
    carry: int = 0
    """Place in its cart's carry order, from 1; 0 leaves it to the home's order."""
    carrier: str = ""
    """Who takes it up, where people were planned."""
    paid_claimed: bool = False
    """The household says it has paid: a claim, never a fact."""
    extra_fen: int = 0
    """Freight minus discounts of the whole order."""
    paid_fen: int = 0
    """What somebody has confirmed as paid."""
    box: int | None = None
    """Number of the box that it travels in (FC4c); None where there are none."""
    ended: str = ""
    """What became of it already, said in the reader's language; '' while it is on its way."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box of bags (FC4c), with a label of its own."""

    number: int
    code: str
    qr: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """Whole cases of one good bought from the supplier."""

    good: str
    cases: int
    reason: str = ""
    """Why this many, said in the reader's language."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """What one household wished and did not get of one good."""

    home: Home
    good: str
    wished: Decimal
    got: Decimal
    reason: str = ""
    """Why, said in the reader's language."""
    credit: Decimal = Decimal(0)
    """Sale units that the next round owes it (may be below zero)."""


@dataclass(frozen=True, slots=True)
class Check:
    """Somebody's control total against what was counted."""

    what: str
    stated: str
    counted: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """All that one compound's papers say in one round.

    Raises ValueError where something names a good that is not in it, or two bags have one code.
    """

    compound: str
    title: str
    """The round, as the offer calls it."""
    printed_on: str
    """Date and time as they shall stand on every page."""
    bags: tuple[Bag, ...]
    goods: tuple[Good, ...]
    """At least every good that a bag, purchase or shortage names, in the order of the lists."""
    supplier: str = ""
    purchases: tuple[Purchase, ...] = ()
    """Cases for goods that come in cases; without one, the fewest that hold what is wanted."""
    shortages: tuple[Shortage, ...] = ()
    checks: tuple[Check, ...] = ()
    boxes: tuple[Box, ...] = ()
    notices: tuple[str, ...] = ()
    """Sentences for the summary: what waits for a person, what was left out."""

    def __post_init__(self) -> None:
        known = {good.code for good in self.goods}
        named = {item.good for bag in self.bags for item in bag.items}
        named |= {purchase.good for purchase in self.purchases}
        named |= {shortage.good for shortage in self.shortages}
        if not named <= known:
            raise ValueError(f"not among the goods of the pack: {sorted(named - known)}")
        if len({bag.code for bag in self.bags}) < len(self.bags):
            raise ValueError("two bags of the pack have one code")
