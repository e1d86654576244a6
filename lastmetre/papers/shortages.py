"""What was short: for the liaison with each household's reason and credit, and a list to publish without homes."""

from __future__ import annotations

from collections import Counter

from lastmetre.papers.edition import Edition, grouped, plain
from lastmetre.papers.pack import Shortage
from lastmetre.papers.parts import Block, PaperColumn, Part, flow
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.terms import say

LIAISON = say("Shortages, for the liaison")
PUBLIC = say("Shortages, to be published")
GOOD, WISHED, GOT = say("Good"), say("Wished"), say("Gets")
CREDIT, REASON, HOUSEHOLDS = say("Credit"), say("Reason"), say("Households")


def _by_good(edition: Edition) -> dict[str, list[Shortage]]:
    found = grouped(
        sorted(edition.pack.shortages, key=lambda shortage: shortage.home.sort_key),
        lambda shortage: shortage.good,
    )
    return {code: found[code] for code in edition.goods if code in found}


def liaison_table(edition: Edition) -> Table:
    """Return a row a household and good that was short."""
    columns = (
        Column(say("Code"), width=6),
        Column(GOOD, width=20),
        Column(say("Building"), width=8),
        Column(say("Unit"), width=6),
        Column(say("Room"), width=8),
        Column(WISHED, Kind.NUMBER, 8),
        Column(GOT, Kind.NUMBER, 8),
        Column(CREDIT, Kind.NUMBER, 8),
        Column(REASON, width=80),
    )
    rows = tuple(
        (code, edition.goods[code].name, one.home.building, one.home.unit, one.home.room)
        + (one.wished, one.got, one.credit, one.reason)
        for code, shortages in _by_good(edition).items()
        for one in shortages
    )
    return Table(LIAISON, columns, rows)


def liaison_parts(edition: Edition) -> list[Part]:
    """Return each household's reason, to be told when it asks."""
    columns = [
        PaperColumn(edition.say(say("Room")), 30, size_pt=11, bold=True),
        PaperColumn(edition.say(WISHED), 16, "right"),
        PaperColumn(edition.say(GOT), 16, "right", bold=True),
        PaperColumn(edition.say(CREDIT), 18, "right"),
        PaperColumn(edition.say(REASON), size_pt=8.5),
    ]
    blocks = []
    for code, shortages in _by_good(edition).items():
        rows: list[list[object]] = [
            [str(one.home), plain(one.wished), plain(one.got), plain(one.credit), one.reason]
            for one in shortages
        ]
        blocks.append(Block(edition.good(code), rows, right=_sum_text(edition, shortages)))
    return flow(edition.say(LIAISON), columns, blocks)


def _sum_text(edition: Edition, shortages: list[Shortage]) -> str:
    unit = edition.goods[shortages[0].good].unit
    wished = plain(sum((one.wished for one in shortages), start=shortages[0].wished * 0)) + unit
    got = plain(sum((one.got for one in shortages), start=shortages[0].got * 0)) + unit
    count = len(shortages)
    return edition.say(say("{count} households: {got} of {wished}", count=count, got=got, wished=wished))


def public_table(edition: Edition) -> Table:
    """Return how many households got how much of what they wished: no home, no name, no reason."""
    columns = (
        Column(say("Code"), width=6),
        Column(GOOD, width=20),
        Column(WISHED, Kind.NUMBER, 8),
        Column(GOT, Kind.NUMBER, 8),
        Column(HOUSEHOLDS, Kind.NUMBER),
    )
    rows = tuple(
        (code, edition.goods[code].name, wished, got, count)
        for code, shortages in _by_good(edition).items()
        for (wished, got), count in sorted(Counter((one.wished, one.got) for one in shortages).items())
    )
    return Table(PUBLIC, columns, rows)


def public_parts(edition: Edition) -> list[Part]:
    """Return the notice for the board at the gate."""
    columns = [
        PaperColumn(edition.say(WISHED), 40, "right", 12),
        PaperColumn(edition.say(GOT), 40, "right", 12, bold=True),
        PaperColumn(edition.say(HOUSEHOLDS), 40, "right", 12),
        PaperColumn(""),
    ]
    rows = grouped(public_table(edition).rows, lambda row: str(row[0]))
    blocks = []
    for code, shortages in _by_good(edition).items():
        unit = edition.goods[code].unit
        lines: list[list[object]] = [
            [f"{wished:f}{unit}", f"{got:f}{unit}", str(count), ""] for *_, wished, got, count in rows[code]
        ]
        blocks.append(Block(edition.good(code), lines, right=_sum_text(edition, shortages)))
    ask = say("Your liaison can tell you how your own share came about and what you are owed next time.")
    return flow(edition.say(PUBLIC), columns, blocks, outro=[edition.say(ask)])
