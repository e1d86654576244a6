"""What the supplier gets: the order in whole cases, and the pick list by goods (FC2b, FC4c)."""

from __future__ import annotations

from decimal import Decimal

from lastmetre.papers import listing
from lastmetre.papers.edition import Edition, plain, yuan
from lastmetre.papers.listing import Block, Lines, boxes
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pages import Type
from lastmetre.papers.parts import STRONG, Flow, Part
from lastmetre.papers.tables import Cell, Column, Kind, Table
from lastmetre.papers.totals import SupplierLine, quantities, supplier_lines
from lastmetre.terms import Good, say

ORDER = say("Supplier order")
PICK = say("Pick list")
CODE, GOOD, SPECIFICATION, UNIT = say("Code"), say("Good"), say("Specification"), say("Sale unit")
WANTED, CASE, CASES = say("Wanted"), say("In a case"), say("Cases")
ORDERED, SPARE, PRICE, COST = say("Ordered"), say("Spare"), say("Price"), say("Cost")
BAGS, TOTAL = say("Bags"), say("Total")


def order_table(edition: Edition) -> Table:
    """Return what is bought, a row a good."""
    lines = supplier_lines(edition.pack)
    columns = (
        Column(CODE, width=6),
        Column(GOOD, width=18),
        Column(SPECIFICATION, width=18),
        Column(UNIT, width=8),
        Column(WANTED, Kind.NUMBER),
        Column(CASE, Kind.NUMBER),
        Column(CASES, Kind.NUMBER),
        Column(ORDERED, Kind.NUMBER),
        Column(SPARE, Kind.NUMBER),
        Column(PRICE, Kind.FEN),
        Column(COST, Kind.FEN, 12),
        Column(say("Reason"), width=40),
    )
    rows = tuple(_order_row(line) for line in lines)
    totals = (edition.say(TOTAL), *[None] * 5, _cases(lines), *[None] * 3, _cost_fen(lines), None)
    return Table(ORDER, columns, rows, totals)


def _order_row(line: SupplierLine) -> tuple[Cell, ...]:
    good = line.good
    known = (good.code, good.name, good.specification, good.unit)
    counted = (line.wanted, good.case_size, line.cases, line.ordered, line.spare)
    return (*known, *counted, good.price_fen, line.cost_fen, line.reason)


def _cases(lines: list[SupplierLine]) -> int:
    return sum(line.cases or 0 for line in lines)


def _cost_fen(lines: list[SupplierLine]) -> int:
    return sum(line.cost_fen or 0 for line in lines)


def order_parts(edition: Edition) -> list[Part]:
    """Return the order as it is sent to the supplier."""
    lines = supplier_lines(edition.pack)
    flow = Flow(edition, edition.say(ORDER))
    if edition.pack.supplier:
        flow.words(edition.say(say("To: {supplier}", supplier=edition.pack.supplier)), STRONG)
        flow.y += 2
    bold = Type(11, Weight.BOLD)
    columns = [
        listing.Column(edition.say(GOOD), style=bold),
        listing.Column(edition.say(WANTED), 20, align="right"),
        listing.Column(edition.say(CASE), 14, align="right"),
        listing.Column(edition.say(CASES), 15, bold, "right"),
        listing.Column(edition.say(ORDERED), 21, align="right"),
        listing.Column(edition.say(SPARE), 15, align="right"),
        listing.Column(edition.say(PRICE), 18, align="right"),
        listing.Column(edition.say(COST), 25, align="right"),
    ]
    rows = [_order_line(line) for line in lines]
    total = [edition.say(TOTAL), "", "", str(_cases(lines)), "", "", "", yuan(_cost_fen(lines))]
    listing.set_table(flow, columns, [Block("", rows, total)], least_mm=8)
    for warning in too_few(edition):
        flow.words(warning, STRONG, above=2)
    for line in lines:
        if line.reason:
            flow.words(f"{edition.good(line.good.code)}：{line.reason}", above=2)
    return [flow.part()]


def too_few(edition: Edition) -> list[str]:
    """Return a sentence for every good of which less is ordered than the bags need."""
    return [
        edition.say(
            say(
                "{good}: {count} too few ordered.",
                good=edition.good(line.good.code),
                count=plain(-line.spare),
            )
        )
        for line in supplier_lines(edition.pack)
        if line.spare < 0
    ]


def _order_line(line: SupplierLine) -> listing.Row:
    good = line.good
    return (
        _name_and_specification(f"{good.code} {good.name}" if good.code != good.name else good.name, good),
        plain(line.wanted) + good.unit,
        str(good.case_size or ""),
        "" if line.cases is None else str(line.cases),
        plain(line.ordered) + good.unit,
        plain(line.spare),
        "" if good.price_fen is None else yuan(good.price_fen),
        "" if line.cost_fen is None else yuan(line.cost_fen),
    )


def _name_and_specification(name: str, good: Good) -> Lines:
    return Lines((name.strip(), good.specification) if good.specification else (name.strip(),))


def pick_table(edition: Edition) -> Table:
    """Return what to pick of each good, in all and for each building."""
    in_building = {name: quantities(bags) for name, bags in edition.buildings.items()}
    columns = (
        Column(CODE, width=6),
        Column(GOOD, width=18),
        Column(SPECIFICATION, width=18),
        Column(UNIT, width=8),
        Column(TOTAL, Kind.NUMBER),
        Column(BAGS, Kind.NUMBER),
        *(Column(edition.building(name), Kind.NUMBER, 8) for name in in_building),
    )
    rows = []
    for code, (total, bags) in _picked(edition).items():
        good = edition.goods[code]
        here = (wanted.get(code) for wanted in in_building.values())
        rows.append((good.code, good.name, good.specification, good.unit, total, bags, *here))
    return Table(PICK, columns, tuple(rows))


def _picked(edition: Edition) -> dict[str, tuple[Decimal, int]]:
    """Quantity and number of bags of each good that is in any bag, in the order of the goods."""
    wanted = quantities(edition.bags)
    bags = dict.fromkeys(wanted, 0)
    for bag in edition.bags:
        for code in {item.good for item in bag.items}:
            bags[code] += 1
    return {
        good.code: (wanted[good.code], bags[good.code]) for good in edition.pack.goods if good.code in wanted
    }


def pick_parts(edition: Edition) -> list[Part]:
    """Return the pick list: totals large, and how many go to each building."""
    in_building = {name: quantities(bags) for name, bags in edition.buildings.items()}
    columns = [
        listing.Column("", 8, Type(14)),
        listing.Column(edition.say(GOOD), 46, STRONG),
        listing.Column(edition.say(TOTAL), 24, Type(14, Weight.BLACK), "right"),
        listing.Column(edition.say(BAGS), 12, align="right"),
        listing.Column(edition.say(say("For each building"))),
    ]
    rows: list[listing.Row] = []
    for code, (total, bags) in _picked(edition).items():
        good = edition.goods[code]
        where = [
            (edition.building(name), f"×{plain(wanted[code])}")
            for name, wanted in in_building.items()
            if code in wanted
        ]
        words = _name_and_specification(edition.good(code), good)
        rows.append(("□", words, plain(total) + good.unit, str(bags), boxes(where, step_mm=23.5)))
    flow = Flow(edition, edition.say(PICK))
    listing.set_table(flow, columns, [Block("", rows)], least_mm=9)
    return [flow.part()]
