"""What was short: for the liaison with each household's reason and credit, and a list to publish without homes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from lastmetre.papers import listing
from lastmetre.papers.edition import Edition, grouped, plain
from lastmetre.papers.listing import Block
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pack import Shortage
from lastmetre.papers.pages import Type
from lastmetre.papers.parts import STRONG, Flow, Part
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
        (
            code,
            edition.goods[code].name,
            one.home.building,
            one.home.unit,
            one.home.room,
            one.wished,
            one.got,
            one.credit,
            one.reason,
        )
        for code, shortages in _by_good(edition).items()
        for one in shortages
    )
    return Table(LIAISON, columns, rows)


def liaison_parts(edition: Edition) -> list[Part]:
    """Return each household's reason, to be told when it asks."""
    columns = [
        listing.Column(edition.say(say("Room")), 32, STRONG),
        listing.Column(edition.say(WISHED), 15, align="right"),
        listing.Column(edition.say(GOT), 15, Type(9, Weight.BOLD), "right"),
        listing.Column(edition.say(CREDIT), 20, align="center"),
        listing.Column(edition.say(REASON), style=Type(8.5)),
    ]
    blocks = []
    for code, shortages in _by_good(edition).items():
        rows = [
            (str(one.home), plain(one.wished), plain(one.got), plain(one.credit), one.reason)
            for one in shortages
        ]
        blocks.append(Block(edition.good(code), rows, right=_sum_text(edition, shortages)))
    return _part(edition, edition.say(LIAISON), columns, blocks)


def _part(
    edition: Edition, title: str, columns: Sequence[listing.Column], blocks: Sequence[Block], after: str = ""
) -> list[Part]:
    if not blocks:
        return []
    flow = Flow(edition, title)
    listing.set_table(flow, columns, blocks)
    if after:
        flow.words(after, above=5)
    return [flow.part()]


def _sum_text(edition: Edition, shortages: Sequence[Shortage]) -> str:
    unit = edition.goods[shortages[0].good].unit
    wished = plain(sum((one.wished for one in shortages), Decimal(0))) + unit
    got = plain(sum((one.got for one in shortages), Decimal(0))) + unit
    return edition.say(
        say("{count} households: {got} of {wished}", count=len(shortages), got=got, wished=wished)
    )


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
        for (wished, got), count in _outcomes(shortages)
    )
    return Table(PUBLIC, columns, rows)


def public_parts(edition: Edition) -> list[Part]:
    """Return the notice for the board at the gate."""
    large = Type(12)
    columns = [
        listing.Column(edition.say(WISHED), 40, large, "right"),
        listing.Column(edition.say(GOT), 40, Type(12, Weight.BOLD), "right"),
        listing.Column(edition.say(HOUSEHOLDS), 40, large, "right"),
        listing.Column(""),
    ]
    blocks = [
        Block(
            edition.good(code),
            [
                (
                    plain(wished) + edition.goods[code].unit,
                    plain(got) + edition.goods[code].unit,
                    str(count),
                    "",
                )
                for (wished, got), count in _outcomes(shortages)
            ],
            right=_sum_text(edition, shortages),
        )
        for code, shortages in _by_good(edition).items()
    ]
    ask = say("Your liaison can tell you how your own share came about and what you are owed next time.")
    return _part(edition, edition.say(PUBLIC), columns, blocks, edition.say(ask))


def _outcomes(shortages: Sequence[Shortage]) -> list[tuple[tuple[Decimal, Decimal], int]]:
    """Count the households for each pair of wish and share."""
    return sorted(Counter((one.wished, one.got) for one in shortages).items())
