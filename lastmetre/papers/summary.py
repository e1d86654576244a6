"""The one-page summary: the round's figures, what must be looked after, and where each sheet is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain

from lastmetre.papers import font, listing
from lastmetre.papers.edition import Edition, plain, yuan
from lastmetre.papers.listing import Block
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pages import Type
from lastmetre.papers.parts import LEFT, SMALL, STRONG, TEXT, WIDTH, Flow, Part
from lastmetre.papers.supplier import too_few
from lastmetre.papers.tables import Column, Table
from lastmetre.papers.totals import books, money, quantities, supplier_lines
from lastmetre.terms import say

SUMMARY = say("Summary")


def summary_table(edition: Edition) -> Table:
    """Return the figures and notices, a row each."""
    pack = edition.pack
    head = [
        (say("Compound"), pack.compound),
        (say("Round"), pack.title),
        (say("Supplier"), pack.supplier),
        (say("Printed"), pack.printed_on),
    ]
    rows = [(edition.say(what), words) for what, words in head]
    rows += [*figures(edition), *((edition.say(say("Note")), notice) for notice in notices(edition))]
    return Table(SUMMARY, (Column(say("What"), width=30), Column(say("Figure"), width=60)), tuple(rows))


def figures(edition: Edition) -> list[tuple[str, str]]:
    """Return what a tired person must know, with its name."""
    pack, bags = edition.pack, edition.bags
    round_books = books(pack)
    known = [
        (say("Households"), str(len({bag.home for bag in bags}))),
        (say("Bags"), str(len(bags))),
        (say("Sale units"), plain(sum(quantities(bags).values(), Decimal(0)))),
        (say("Cases to order"), str(sum(line.cases or 0 for line in supplier_lines(pack)))),
        (say("Carts"), str(len({bag.cart for bag in bags if bag.cart is not None}))),
        (say("Waves"), str(len({bag.wave for bag in bags}))),
        (say("Short goods"), str(len({shortage.good for shortage in pack.shortages}))),
        (say("Households with a shortage"), str(len({shortage.home for shortage in pack.shortages}))),
        (say("Due (yuan)"), yuan(round_books.households.due_fen)),
        (say("Says paid (yuan)"), yuan(round_books.households.claimed_fen)),
        (say("Open (yuan)"), yuan(round_books.households.open_fen)),
        (say("Supplier order (yuan)"), yuan(round_books.supplier_fen)),
    ]
    return [(edition.say(what), figure) for what, figure in known]


def notices(edition: Edition) -> list[str]:
    """Return the pack's notices, what does not agree, and the characters that cannot be printed."""
    found = list(edition.pack.notices)
    if odd := sum(not check.agrees for check in edition.pack.checks):
        found.append(
            edition.say(say("Control totals that do not agree: {count}. See the money sheet.", count=odd))
        )
    found += too_few(edition)
    for sign, places in missing_signs(edition).items():
        where = "、".join(places[:5]) + ("…" if len(places) > 5 else "")
        point = f"U+{ord(sign):04X}"
        sentence = say(
            "A character ({point}) is not in the font and stands as 〓: {where}.", point=point, where=where
        )
        found.append(edition.say(sentence))
    return found


def missing_signs(edition: Edition) -> dict[str, list[str]]:
    """Return the characters that the font lacks, and on whose papers they stand."""
    pack = edition.pack
    texts = [(pack.compound, f"{pack.compound}{pack.title}{pack.supplier}")]
    texts += [
        (edition.good(good.code), f"{good.code}{good.name}{good.specification}{good.unit}")
        for good in pack.goods
    ]
    for bag in edition.bags:
        notes = "".join(item.note for item in bag.items)
        texts.append((str(bag.home), f"{bag.home}{edition.name(bag)}{bag.note}{notes}{bag.carrier}"))
    found: dict[str, list[str]] = {}
    for where, text in texts:
        for sign in sorted(font.missing_signs(text)):
            found.setdefault(sign, []).append(where)
    return found


def summary_part(edition: Edition, contents: Sequence[tuple[str, str]]) -> Part:
    """Lay out the summary; `contents` are the sheets with the pages on which they lie."""
    flow = Flow(edition, edition.say(SUMMARY))
    _draw_figures(flow, figures(edition))
    _draw_notices(edition, flow)
    _draw_columns(flow, edition.say(say("Sheets and their pages")), contents, (None, 20), 2)
    rows = []
    for name, bags in edition.buildings.items():
        rows.append(
            (
                edition.building_title(name),
                edition.bag_count(len(bags)),
                yuan(money(bags, edition.goods).due_fen),
            )
        )
    _draw_columns(flow, edition.say(say("Buildings: bags and yuan due")), rows, (None, 18, 21), 3)
    return flow.part()


def _draw_figures(flow: Flow, known: Sequence[tuple[str, str]]) -> None:
    """Draw the figures in boxes, four in a row."""
    width, height, gap = 44.25, 16.0, 3.0
    for place, (what, figure) in enumerate(known):
        row, column = divmod(place, 4)
        x, y = LEFT + column * (width + gap), flow.y + row * (height + gap)
        flow.page.box(x, y, width, height, thickness_pt=0.6)
        name = SMALL.fitted(what, width - 4, 5)
        flow.page.text(x + 2, y + 1.3, what, name)
        style = Type(19, Weight.BLACK).fitted(figure, width - 4, 8)
        flow.page.text(x + 2, y + 15 - style.line_mm, figure, style)
    flow.y += -(-len(known) // 4) * (height + gap)


def _draw_notices(edition: Edition, flow: Flow) -> None:
    found = notices(edition)
    if not found:
        return
    flow.words(edition.say(say("Look after these first")), STRONG, above=2)
    for notice in found:
        flow.need(TEXT.line_mm + 1)
        flow.page.text(LEFT, flow.y + 1, "■", TEXT)
        flow.words(notice, TEXT, x=LEFT + 5, width=WIDTH - 5, above=1)
    flow.y += 2


def _draw_columns(
    flow: Flow,
    title: str,
    rows: Sequence[tuple[str, ...]],
    widths: tuple[float | None, ...],
    count: int,
) -> None:
    """Set short rows in `count` columns, reading down."""
    flow.need(30)
    flow.words(title, STRONG, above=3)
    deep = -(-len(rows) // count)
    padded = [*rows, *[("",) * len(widths)] * (deep * count - len(rows))]
    columns = [listing.Column("", width, TEXT, "left" if width is None else "right") for width in widths]
    gap = listing.Column("", 5)
    lines = [
        list(chain.from_iterable((*padded[place + deep * column], "") for column in range(count)))[:-1]
        for place in range(deep)
    ]
    listing.set_table(flow, ([*columns, gap] * count)[:-1], [Block("", lines)])
