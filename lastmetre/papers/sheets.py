"""All sheets of a pack, in the order in which they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lastmetre.papers import accounts, delivery, labels, rounds, shortages, summary, supplier
from lastmetre.papers.edition import Edition
from lastmetre.papers.parts import Part
from lastmetre.papers.tables import Table
from lastmetre.papers.typeset import Job
from lastmetre.terms import Sentence, say

JOB_WEIGHT = 400
"""Table rows that are set in one go: small enough for a worker's memory, large enough to share a font."""


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
    """Return all printed parts but the summary, which must know their pages."""
    return [part for sheet in SHEETS for part in sheet.parts(edition)]


def jobs(edition: Edition, found: list[Part]) -> Iterator[Job]:
    """Gather parts into jobs of even size, in order."""
    batch: list[Part] = []
    for part in found:
        batch.append(part)
        if sum(one.weight for one in batch) >= JOB_WEIGHT:
            yield job(edition, batch)
            batch = []
    if batch:
        yield job(edition, batch)


def job(edition: Edition, batch: list[Part]) -> Job:
    """Return the job that sets some parts."""
    data = {
        "compound": edition.pack.compound,
        "title": edition.pack.title,
        "printed": edition.say(say("Printed {when}", when=edition.pack.printed_on)),
        "page": edition.say(PAGE),
        "parts": [{"sheet": part.sheet, "name": part.name, "kind": part.kind, **part.body} for part in batch],
    }
    return Job("sheets.typ", data)


# The typesetter puts the numbers in.
PAGE: Sentence = say("Page {page} of {pages}", page="{page}", pages="{pages}")
