"""Whole cases of an order: as the allocation filled them, else the fewest that hold what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.allocation.queries.shares import cases_of
from lastmetre.chain.orders.models import Round, RoundItem


@dataclass(frozen=True, slots=True)
class Cases:
    """So many cases of so many sale units."""

    size: int
    count: int


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
