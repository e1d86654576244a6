"""All sheets of a pack, in the order in which they are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lastmetre.papers import accounts, delivery, labels, rounds, shortages, summary, supplier
from lastmetre.papers.edition import Edition
from lastmetre.papers.parts import Part
from lastmetre.papers.tables import Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: as rows for the workbook and CSV, and as printed pages."""

    table: Callable[[Edition], Table]
    parts: Callable[[Edition], list[Part]]


SHEETS = (
    Sheet(supplier.order_table, supplier.order_parts),
    Sheet(supplier.pick_table, supplier.pick_parts),
    Sheet(delivery.by_good_table, delivery.by_good_parts),
    Sheet(delivery.by_building_good_table, delivery.by_building_good_parts),
    Sheet(delivery.by_room_table, delivery.by_room_parts),
    Sheet(rounds.carts_table, rounds.carts_parts),
    Sheet(rounds.doors_table, rounds.doors_parts),
    Sheet(accounts.money_table, accounts.money_parts),
    Sheet(shortages.liaison_table, shortages.liaison_parts),
    Sheet(shortages.public_table, shortages.public_parts),
)


def tables(edition: Edition) -> list[Table]:
    """Return all sheets that have rows, the summary first and the labels last."""
    found = [summary.summary_table(edition), *(sheet.table(edition) for sheet in SHEETS)]
    return [table for table in (*found, labels.labels_table(edition)) if table.rows]


def parts(edition: Edition) -> list[Part]:
    """Return all printed parts, the summary first."""
    return summary.with_summary(edition, [part for sheet in SHEETS for part in sheet.parts(edition)])
