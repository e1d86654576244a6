"""Whole cases of an order: as the allocation filled them, else the fewest that hold what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.allocation.queries.shares import cases_of
from lastmetre.chain.ledger.rules import milli, price_of
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.purchase.queries.orders import wanted_of
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as


@dataclass(frozen=True, slots=True)
class Cases:
    """So many cases of so many sale units."""

    size: int
    count: int


@dataclass(frozen=True, slots=True)
class ToOrder:
    """One good that would be ordered now."""

    item: RoundItem
    wanted: Decimal
    """Sale units promised to households."""
    cases: Cases | None

    @property
    def quantity(self) -> Decimal:
        """Sale units that are bought: the whole cases."""
        return Decimal(self.cases.size * self.cases.count) if self.cases else self.wanted

    @property
    def amount_fen(self) -> int:
        """What the households pay for it."""
        return price_of(milli(self.wanted), self.item.price_fen)


def to_order(row: Round) -> list[ToOrder]:
    """Return what an order placed now would hold; three queries."""
    with acting_as(SYSTEM):
        wanted = wanted_of(row)
        items = list(row.items.select_related("product"))
        cases = cases_wanted(row, items, wanted)
    return [
        ToOrder(item, wanted[item.product_id], cases.get(item.pk))
        for item in items
        if item.product_id in wanted
    ]


def cases_wanted(row: Round, items: Sequence[RoundItem], wanted: Mapping[UUID, Decimal]) -> dict[UUID, Cases]:
    """Return the cases of each item that comes in cases, by item; `wanted` is by product."""
    planned = {one.item_id: one for one in cases_of(row)}
    return {
        one.item_id: Cases(one.case_size, one.cases)
        for one in planned.values()
        if one.case_size and one.cases
    } | {
        item.pk: Cases(item.case_size, int(-(-wanted[item.product_id] // item.case_size)))
        for item in items
        if item.case_size and item.product_id in wanted and item.pk not in planned
    }
