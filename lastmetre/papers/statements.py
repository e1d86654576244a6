"""Household statements: slips to be cut and put into the bags: asked, got, why, due, paid (PD6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lastmetre.papers.edition import Edition, plain, yuan
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pack import Bag, Shortage
from lastmetre.papers.pages import Page, Type
from lastmetre.papers.parts import BOTTOM, LEFT, TOP, WIDTH, Flow, Part
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.papers.totals import amount_fen, due_fen
from lastmetre.terms import Home, say

STATEMENTS = say("Household statements")
COLUMNS = 3
SLIP_MM, INSET = WIDTH / COLUMNS, 2.5
INNER = SLIP_MM - 2 * INSET
MOST_MM = BOTTOM - TOP - 2 * INSET

HOME = Type(16, Weight.BLACK, 1.1)
LINE = Type(8.5)
WHY = Type(7, pitch=1.15)
SUM = Type(9.5, Weight.BOLD)
FEET = Type(6.5, pitch=1.15)

Row = tuple[Type, str, str]
"""Type, words from the left, figure at the right."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What one household is told; the bag is None where it got nothing."""

    home: Home
    bag: Bag | None
    short: tuple[Shortage, ...]


def slips(edition: Edition) -> list[Slip]:
    """Return a slip for every household that asked, by building, unit and room."""
    short: dict[Home, list[Shortage]] = {}
    for one in edition.pack.shortages:
        short.setdefault(one.home, []).append(one)
    bags = {bag.home: bag for bag in edition.bags}
    homes = sorted({*bags, *short}, key=lambda home: home.sort_key)
    return [Slip(home, bags.get(home), tuple(short.get(home, ()))) for home in homes]


def statements_table(edition: Edition) -> Table:
    """Return a row a household."""
    columns = (
        Column(say("Building"), width=8),
        Column(say("Unit"), width=6),
        Column(say("Room"), width=8),
        Column(say("Goods"), width=60),
        Column(say("Short"), width=40),
        Column(say("Due"), Kind.FEN),
        Column(say("Paid"), Kind.FEN),
    )
    rows = []
    for slip in slips(edition):
        home = (slip.home.building, slip.home.unit, slip.home.room)
        missing = "；".join(_asked_got(edition, one) for one in slip.short)
        if slip.bag is None:
            rows.append((*home, "", missing, 0, 0))
        else:
            due = due_fen(slip.bag, edition.goods)
            rows.append((*home, edition.items(slip.bag), missing, due, slip.bag.paid_fen))
    return Table(STATEMENTS, columns, tuple(rows))


def statements_parts(edition: Edition) -> list[Part]:
    """Return the slips, three beside each other, as many below each other as a page holds."""
    found = [rows for slip in slips(edition) for rows in _pieces(list(_rows(edition, slip)))]
    if not found:
        return []
    flow = Flow(edition, edition.say(STATEMENTS))
    for place in range(0, len(found), COLUMNS):
        beside = found[place : place + COLUMNS]
        height = max(map(_height, beside)) + 2 * INSET
        flow.need(height)
        for column, rows in enumerate(beside):
            _draw(flow.page, LEFT + column * SLIP_MM, flow.y, height, rows)
        flow.y += height
        flow.page.line(LEFT, flow.y, WIDTH, thickness_pt=0.2)
    return [flow.part()]


def _height(rows: Sequence[Row]) -> float:
    return sum(style.line_mm for style, _, _ in rows)


def _pieces(rows: list[Row]) -> Iterator[list[Row]]:
    """Divide what is higher than a page; each piece begins with whose it is."""
    while _height(rows) > MOST_MM:
        count = next(place for place in range(len(rows), 0, -1) if _height(rows[:place]) <= MOST_MM)
        yield rows[:count]
        rows = [rows[0], *rows[count:]]
    yield rows


def _draw(page: Page, x: float, y: float, height: float, rows: Sequence[Row]) -> None:
    if x > LEFT:
        page.line(x, y, height, thickness_pt=0.2, down=True)
    top = y + INSET
    for style, words, figure in rows:
        page.text(x + INSET, top, words, style)
        page.text(x + INSET, top, figure, style, "right", INNER)
        top += style.line_mm


def _rows(edition: Edition, slip: Slip) -> Iterator[Row]:
    name = edition.name(slip.bag) if slip.bag else ""
    home = HOME.fitted(str(slip.home), INNER, 9)
    yield from _broken(str(slip.home), home)
    yield from _broken(f"{edition.round_name}  {name}", FEET)
    if slip.bag is not None:
        yield from _goods(edition, slip.bag)
    else:
        yield SUM, edition.say(say("Nothing this time")), ""
    for one in slip.short:
        yield from _broken(_asked_got(edition, one), WHY.black())
        yield from _broken(one.reason, WHY)
    if slip.bag is not None:
        yield from _money(edition, slip.bag)
        count = edition.count(edition.positions[slip.bag.code])
        yield from _broken(f"{edition.code(slip.bag)}  {count}", FEET)


def _goods(edition: Edition, bag: Bag) -> Iterator[Row]:
    for item in bag.items:
        fen = amount_fen(item, edition.goods[item.good])
        figure = "" if fen is None else yuan(fen)
        *before, last = LINE.lines(edition.item(item), INNER - 14)
        for words in before:
            yield LINE, words, ""
        yield LINE, last, figure


def _asked_got(edition: Edition, one: Shortage) -> str:
    known = {"good": edition.good(one.good), "wished": plain(one.wished), "got": plain(one.got)}
    return edition.say(say("{good}: asked {wished}, gets {got}", **known))


def _money(edition: Edition, bag: Bag) -> Iterator[Row]:
    due = due_fen(bag, edition.goods)
    if bag.extra_fen:
        yield LINE, edition.say(say("Credits, gifts and the like")), yuan(bag.extra_fen)
    yield SUM, edition.say(say("To pay")), yuan(due)
    if bag.paid_fen:
        yield LINE, edition.say(say("Paid")), yuan(bag.paid_fen)
        yield SUM, edition.say(say("Still open")), yuan(due - bag.paid_fen)


def _broken(words: str, style: Type) -> Iterator[Row]:
    for line in style.lines(words, INNER) if words.strip() else ():
        yield style, line, ""
