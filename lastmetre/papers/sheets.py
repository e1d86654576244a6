"""All sheets of a pack, in the order in which they are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lastmetre.papers import (
    accounts,
    boxes,
    carts,
    delivery,
    labels,
    shortages,
    statements,
    summary,
    supplier,
)
from lastmetre.papers.edition import Edition
from lastmetre.papers.parts import Part
from lastmetre.papers.tables import Table
from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: as rows for the workbook and CSV, and as printed pages."""

    title: Sentence
    table: Callable[[Edition], Table]
    parts: Callable[[Edition], list[Part]]


SHEETS = (
    Sheet(supplier.ORDER, supplier.order_table, supplier.order_parts),
    Sheet(supplier.PICK, supplier.pick_table, supplier.pick_parts),
    Sheet(delivery.BY_GOOD, delivery.by_good_table, delivery.by_good_parts),
    Sheet(delivery.BY_BUILDING_GOOD, delivery.by_building_good_table, delivery.by_building_good_parts),
    Sheet(delivery.BY_ROOM, delivery.by_room_table, delivery.by_room_parts),
    Sheet(boxes.BOXES, boxes.boxes_table, boxes.boxes_parts),
    Sheet(carts.CARTS, carts.carts_table, carts.carts_parts),
    Sheet(carts.DOORS, carts.doors_table, carts.doors_parts),
    Sheet(accounts.MONEY, accounts.money_table, accounts.money_parts),
    Sheet(statements.STATEMENTS, statements.statements_table, statements.statements_parts),
    Sheet(shortages.LIAISON, shortages.liaison_table, shortages.liaison_parts),
    Sheet(shortages.PUBLIC, shortages.public_table, shortages.public_parts),
)


def tables(edition: Edition) -> list[Table]:
    """Return all sheets that have rows with their headings said, the summary first and the labels last."""
    found = [summary.summary_table(edition), *(sheet.table(edition) for sheet in SHEETS)]
    found.append(labels.labels_table(edition))
    return [table.said(edition.translate) for table in found if table.rows]
