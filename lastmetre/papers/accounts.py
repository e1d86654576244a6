"""The money sheet: what each household owes, what it says it has paid, and totals that must square (FC2c, PD6)."""

from __future__ import annotations

from collections.abc import Sequence

from lastmetre.papers import listing, totals
from lastmetre.papers.edition import Edition, yuan
from lastmetre.papers.listing import Block
from lastmetre.papers.pack import Bag
from lastmetre.papers.pages import Type
from lastmetre.papers.parts import STRONG, TEXT, Flow, Part
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.papers.totals import amount_fen, money
from lastmetre.terms import Sentence, say

MONEY = say("Money sheet")
CONTROL = say("Control totals")
DUE, CLAIMED, OPEN = say("Due"), say("Says paid"), say("Unpaid")
ROOM, NAME, NOTE, TOTAL, CODE = say("Room"), say("Name"), say("Note"), say("Total"), say("Code")


def money_table(edition: Edition) -> Table:
    """Return a row a household."""
    columns = (
        Column(say("Building"), width=8),
        Column(say("Unit"), width=6),
        Column(ROOM, width=8),
        Column(NAME, width=10),
        Column(CODE, width=12),
        Column(DUE, Kind.FEN),
        Column(CLAIMED, Kind.FEN),
        Column(OPEN, Kind.FEN),
        Column(say("Received"), Kind.FEN, 10),
        Column(NOTE, width=24),
    )
    rows = []
    for bag in edition.bags:
        sums = money([bag], edition.goods)
        home = (bag.home.building, bag.home.unit, bag.home.room)
        known = (edition.name(bag), edition.code(bag), sums.due_fen, sums.claimed_fen, sums.open_fen)
        rows.append((*home, *known, bag.paid_fen or None, _unpriced(edition, bag)))
    whole = money(edition.bags, edition.goods)
    sums_row = (whole.due_fen, whole.claimed_fen, whole.open_fen)
    total_row = (edition.say(TOTAL), *[None] * 4, *sums_row, None, None)
    return Table(MONEY, columns, tuple(rows), total_row)


def _unpriced(edition: Edition, bag: Bag) -> str:
    """Say how many items no price is known for: they are missing from the sum."""
    count = sum(amount_fen(item, edition.goods[item.good]) is None for item in bag.items)
    return edition.say(say("{count} without a price", count=count)) if count else ""


def money_parts(edition: Edition) -> list[Part]:
    """Return the households building by building, then the totals that must square."""
    columns = [
        listing.Column(edition.say(ROOM), 36, STRONG),
        listing.Column(edition.say(NAME), 28),
        listing.Column(edition.say(DUE), 24, TEXT, "right"),
        listing.Column(edition.say(CLAIMED), 24, TEXT, "right"),
        listing.Column(edition.say(OPEN), 24, STRONG, "right"),
        listing.Column(edition.say(say("Received")), 20, Type(10), "right"),
        listing.Column(edition.say(NOTE)),
    ]
    blocks = [_building_block(edition, name, bags) for name, bags in edition.buildings.items()]
    whole = [edition.say(TOTAL), "", *_sums(edition, edition.bags), "", ""]
    blocks.append(Block(edition.say(say("All buildings")), [], whole))
    flow = Flow(edition, edition.say(MONEY))
    listing.set_table(flow, columns, blocks)
    return [flow.part(), _control_part(edition)]


def _building_block(edition: Edition, name: str, bags: Sequence[Bag]) -> Block:
    rows = [
        (
            str(bag.home),
            edition.name(bag),
            *_sums(edition, [bag]),
            yuan(bag.paid_fen) if bag.paid_fen else "□",
            _unpriced(edition, bag),
        )
        for bag in bags
    ]
    return Block(edition.building_title(name), rows, (edition.say(TOTAL), "", *_sums(edition, bags), "", ""))


def _sums(edition: Edition, bags: Sequence[Bag]) -> tuple[str, str, str]:
    sums = money(bags, edition.goods)
    claimed, still_open = (yuan(fen) if fen else "" for fen in (sums.claimed_fen, sums.open_fen))
    return yuan(sums.due_fen), claimed, still_open


def _control_part(edition: Edition) -> Part:
    """Set the round's books side by side, and other people's totals against what was counted."""
    flow = Flow(edition, edition.say(MONEY), edition.say(CONTROL))
    columns = [
        listing.Column(edition.say(say("What")), style=TEXT),
        listing.Column(edition.say(say("Yuan")), 45, STRONG, "right"),
    ]
    listing.set_table(flow, columns, _book_blocks(edition), least_mm=8)
    if edition.pack.checks:
        flow.y += 6
        columns = [
            listing.Column(edition.say(say("What")), style=TEXT),
            listing.Column(edition.say(say("Said")), 36, TEXT),
            listing.Column(edition.say(say("Counted")), 36, TEXT),
            listing.Column("", 36, STRONG),
        ]
        verdicts = {True: edition.say(say("agrees")), False: edition.say(say("DOES NOT AGREE"))}
        checks = [(one.what, one.stated, one.counted, verdicts[one.agrees]) for one in edition.pack.checks]
        title = edition.say(say("Totals that others counted"))
        listing.set_table(flow, columns, [Block(title, checks)], least_mm=8)
    return flow.part()


def _book_blocks(edition: Edition) -> list[Block]:
    """Return the sums that tie the households' money to the supplier's (see `totals.Books`)."""
    books = totals.books(edition.pack)
    goods = (say("Goods in the bags, at their prices"), books.goods_fen)
    households = [
        goods,
        (say("Charged more (+) or less (−) than the prices"), books.difference_fen),
        (say("Freight (+) and discounts (−)"), books.extra_fen),
    ]
    paid = [(say("Households say they have paid"), books.households.claimed_fen)]
    supplier = [goods, (say("Units left over in the cases, at their prices"), books.spare_fen)]

    def block(title: Sentence, lines: list[tuple[Sentence, int]], total: Sentence, fen: int) -> Block:
        rows = [(edition.say(what), yuan(amount)) for what, amount in lines]
        return Block(edition.say(title), rows, (edition.say(total), yuan(fen)))

    return [
        block(
            say("What households owe"), households, say("Due from all households"), books.households.due_fen
        ),
        block(say("What of it is paid"), paid, OPEN, books.households.open_fen),
        block(say("What the supplier gets"), supplier, say("Supplier order"), books.supplier_fen),
    ]
