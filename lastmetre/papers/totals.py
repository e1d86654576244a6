"""Sums over bags: the one source of every total on the papers, so that the sheets agree (PD6)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lastmetre.papers.pack import Bag, BagItem, Pack, Purchase
from lastmetre.terms import Good

Goods = Mapping[str, Good]


def quantities(bags: Iterable[Bag]) -> dict[str, Decimal]:
    """Return the sale units of each good, by code."""
    found: dict[str, Decimal] = {}
    for bag in bags:
        for item in bag.items:
            found[item.good] = found.get(item.good, Decimal(0)) + item.qty
    return found


def amount_fen(item: BagItem, good: Good) -> int | None:
    """Return what an item costs, rounded to whole fen; None where no price is known."""
    if item.amount_fen is not None:
        return item.amount_fen
    return None if good.price_fen is None else _whole_fen(item.qty * good.price_fen)


def due_fen(bag: Bag, goods: Goods) -> int:
    """Return what a household owes for its bag; items without a price count nothing."""
    return sum(amount_fen(item, goods[item.good]) or 0 for item in bag.items) + bag.extra_fen


@dataclass(frozen=True, slots=True)
class Money:
    """What is due, what of it households say they have paid, and what is open. Fen."""

    due_fen: int = 0
    claimed_fen: int = 0

    @property
    def open_fen(self) -> int:
        """What nobody says is paid."""
        return self.due_fen - self.claimed_fen


def money(bags: Iterable[Bag], goods: Goods) -> Money:
    """Add up what bags cost."""
    due = claimed = 0
    for bag in bags:
        fen = due_fen(bag, goods)
        due += fen
        claimed += fen if bag.paid_claimed else 0
    return Money(due, claimed)


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """What is bought of one good: what the bags need, in whole cases, and what is left over."""

    good: Good
    wanted: Decimal
    """Sale units in all bags."""
    cases: int | None
    """None where single units can be bought."""
    ordered: Decimal
    reason: str = ""

    @property
    def spare(self) -> Decimal:
        """Sale units left over; below zero where the cases hold less than the bags need."""
        return self.ordered - self.wanted

    @property
    def cost_fen(self) -> int | None:
        """What the ordered units cost at the good's price."""
        return None if self.good.price_fen is None else _whole_fen(self.ordered * self.good.price_fen)


def supplier_lines(pack: Pack) -> list[SupplierLine]:
    """Return a line for every good that is wanted or bought, in the order of the pack's goods."""
    wanted = quantities(pack.bags)
    purchases = {purchase.good: purchase for purchase in pack.purchases}
    return [
        _supplier_line(good, wanted.get(good.code, Decimal(0)), purchases.get(good.code))
        for good in pack.goods
        if good.code in wanted or good.code in purchases
    ]


def _supplier_line(good: Good, wanted: Decimal, purchase: Purchase | None) -> SupplierLine:
    if not good.case_size:
        return SupplierLine(good, wanted, None, wanted)
    cases = purchase.cases if purchase else math.ceil(wanted / good.case_size)
    return SupplierLine(
        good, wanted, cases, Decimal(cases * good.case_size), purchase.reason if purchase else ""
    )


@dataclass(frozen=True, slots=True)
class Books:
    """The sums that tie the households' money to the supplier's.

    goods + difference + extra = due = claimed + open, and goods + spare = supplier order. Fen.
    """

    goods_fen: int
    """Goods in the bags at their prices."""
    extra_fen: int
    """Freight minus discounts."""
    households: Money
    supplier_fen: int

    @property
    def difference_fen(self) -> int:
        """What sources charged above (below zero: under) the prices of the goods."""
        return self.households.due_fen - self.extra_fen - self.goods_fen

    @property
    def spare_fen(self) -> int:
        """What the units left over in the cases cost."""
        return self.supplier_fen - self.goods_fen


def books(pack: Pack) -> Books:
    """Draw up the books of a round."""
    lines = supplier_lines(pack)
    return Books(
        goods_fen=sum(_whole_fen(line.wanted * (line.good.price_fen or 0)) for line in lines),
        extra_fen=sum(bag.extra_fen for bag in pack.bags),
        households=money(pack.bags, {good.code: good for good in pack.goods}),
        supplier_fen=sum(line.cost_fen or 0 for line in lines),
    )


def _whole_fen(fen: Decimal) -> int:
    return int(fen.quantize(Decimal(1), rounding=ROUND_HALF_UP))
