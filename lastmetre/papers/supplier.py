"""What the supplier gets: the order in whole cases, and the pick list by goods (FC2b, FC4c)."""

from __future__ import annotations

from decimal import Decimal

from lastmetre.papers.edition import Edition, plain, yuan
from lastmetre.papers.parts import Block, PaperColumn, Part, boxes, flow
from lastmetre.papers.tables import Cell, Column, Kind, Table
from lastmetre.papers.totals import SupplierLine, quantities, supplier_lines
from lastmetre.terms import say

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
    titles = [
        edition.say(one) for one in (GOOD, SPECIFICATION, WANTED, CASE, CASES, ORDERED, SPARE, PRICE, COST)
    ]
    shapes = ((None, "left"), (38, "left"), (16, "right"), (13, "right"), (13, "right"), (18, "right"))
    shapes += ((13, "right"), (16, "right"), (22, "right"))
    columns = [
        PaperColumn(title, width, align, bold=title in {titles[0], titles[4]})
        for title, (width, align) in zip(titles, shapes, strict=True)
    ]
    rows = [_order_line(edition, line) for line in lines]
    total = [edition.say(TOTAL), "", "", "", str(_cases(lines)), "", "", "", yuan(_cost_fen(lines))]
    reasons = [f"{edition.good(line.good.code)}: {line.reason}" for line in lines if line.reason]
    short = [line for line in lines if line.spare < 0]
    warnings = [
        edition.say(
            say(
                "{good}: {count} too few ordered.",
                good=edition.good(line.good.code),
                count=plain(-line.spare),
            )
        )
        for line in short
    ]
    intro = (
        [edition.say(say("To: {supplier}", supplier=edition.pack.supplier))] if edition.pack.supplier else []
    )
    return flow(edition.say(ORDER), columns, [Block("", rows, total)], intro=intro, outro=warnings + reasons)


def _order_line(edition: Edition, line: SupplierLine) -> list[str]:
    good = line.good
    return [
        f"{good.code} {good.name}" if good.code != good.name else good.name,
        good.specification,
        plain(line.wanted) + good.unit,
        str(good.case_size or ""),
        "" if line.cases is None else str(line.cases),
        plain(line.ordered) + good.unit,
        plain(line.spare),
        "" if good.price_fen is None else yuan(good.price_fen),
        "" if line.cost_fen is None else yuan(line.cost_fen),
    ]


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
    titles = (
        "",
        edition.say(GOOD),
        edition.say(TOTAL),
        edition.say(BAGS),
        edition.say(say("For each building")),
    )
    columns = [
        PaperColumn(titles[0], 7, size_pt=13),
        PaperColumn(titles[1], 52, bold=True),
        PaperColumn(titles[2], 24, "right", 13, bold=True),
        PaperColumn(titles[3], 14, "right"),
        PaperColumn(titles[4]),
    ]
    rows = []
    for code, (total, bags) in _picked(edition).items():
        good = edition.goods[code]
        where = [
            (edition.building(name), f"×{plain(wanted[code])}")
            for name, wanted in in_building.items()
            if code in wanted
        ]
        words = [edition.good(code), good.specification] if good.specification else edition.good(code)
        rows.append(["□", words, plain(total) + good.unit, str(bags), boxes(where)])
    return flow(edition.say(PICK), columns, [Block("", rows)])
