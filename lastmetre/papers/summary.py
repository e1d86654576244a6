"""The one-page summary: the round's figures, what must be looked after, and where each sheet is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lastmetre.papers import font
from lastmetre.papers.edition import Edition, plain, yuan
from lastmetre.papers.parts import Part
from lastmetre.papers.tables import Column, Table
from lastmetre.papers.totals import books, money, quantities, supplier_lines
from lastmetre.terms import say

SUMMARY = say("Summary")


def summary_table(edition: Edition) -> Table:
    """Return the figures and notices, a row each."""
    rows = [*figures(edition), *((edition.say(say("Note")), notice) for notice in notices(edition))]
    columns = (Column(say("What"), width=30), Column(say("Figure"), width=60))
    head = [
        (edition.say(say("Compound")), edition.pack.compound),
        (edition.say(say("Round")), edition.pack.title),
    ]
    return Table(SUMMARY, columns, (*head, *rows))


def figures(edition: Edition) -> list[tuple[str, str]]:
    """Return what a tired person must know, with its name."""
    bags = edition.bags
    round_books = books(edition.pack)
    carts = {bag.cart for bag in bags if bag.cart is not None}
    known = [
        (say("Households"), str(len({bag.home for bag in bags}))),
        (say("Bags"), str(len(bags))),
        (say("Sale units"), plain(sum(quantities(bags).values(), Decimal(0)))),
        (say("Carts"), str(len(carts))),
        (say("Waves"), str(len({bag.wave for bag in bags}))),
        (say("Cases to order"), str(sum(line.cases or 0 for line in supplier_lines(edition.pack)))),
        (say("Short goods"), str(len({shortage.good for shortage in edition.pack.shortages}))),
        (say("Households with a shortage"), str(len({shortage.home for shortage in edition.pack.shortages}))),
        (say("Due (yuan)"), yuan(round_books.households.due_fen)),
        (say("Says paid (yuan)"), yuan(round_books.households.claimed_fen)),
        (say("Open (yuan)"), yuan(round_books.households.open_fen)),
        (say("Supplier order (yuan)"), yuan(round_books.supplier_fen)),
    ]
    return [(edition.say(what), figure) for what, figure in known]


def notices(edition: Edition) -> list[str]:
    """Return the pack's notices, what does not agree, and the characters that cannot be printed."""
    found = list(edition.pack.notices)
    odd = sum(not check.agrees for check in edition.pack.checks)
    if odd:
        found.append(edition.say(say("{count} control totals do not agree: see the money sheet.", count=odd)))
    for line in supplier_lines(edition.pack):
        if line.spare < 0:
            good, count = edition.good(line.good.code), plain(-line.spare)
            found.append(edition.say(say("{good}: {count} too few ordered.", good=good, count=count)))
    for sign, homes in missing_signs(edition).items():
        point = f"U+{ord(sign):04X}"
        where = "、".join(homes[:5]) + ("…" if len(homes) > 5 else "")
        unprintable = say(
            "The font has no {point}: printed as 〓. Write it in by hand: {where}.", point=point, where=where
        )
        found.append(edition.say(unprintable))
    return found


def missing_signs(edition: Edition) -> dict[str, list[str]]:
    """Return the characters that the font lacks, and whose papers they stand on."""
    found: dict[str, list[str]] = {}
    texts = [
        (edition.good(good.code), f"{good.name}{good.specification}{good.unit}")
        for good in edition.pack.goods
    ]
    for bag in edition.bags:
        notes = "".join(item.note for item in bag.items)
        texts.append((str(bag.home), f"{bag.home}{edition.name(bag)}{bag.note}{notes}"))
    for where, text in texts:
        for sign in sorted(font.missing_signs(text)):
            found.setdefault(sign, []).append(where)
    return found


def summary_part(edition: Edition, sheets: Sequence[tuple[str, str]]) -> Part:
    """Return the first page; `sheets` are names of sheets with the pages on which they lie."""
    buildings = []
    for name, bags in edition.buildings.items():
        due = yuan(money(bags, edition.goods).due_fen)
        count = edition.say(say("{count} bags", count=len(bags)))
        buildings.append((edition.building(name) or edition.pack.compound, count, due))
    words = {
        "notices": edition.say(say("Look after these first")),
        "buildings": edition.say(say("Buildings")),
        "sheets": edition.say(say("Sheets and their pages")),
    }
    body = {
        "figures": figures(edition),
        "notices": notices(edition),
        "buildings": buildings,
        "sheets": list(sheets),
        "words": words,
    }
    return Part(edition.say(SUMMARY), "", "summary", body, 20)
