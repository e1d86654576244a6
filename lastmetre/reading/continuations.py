"""Rows of an export -> orders: by number, and where a number has no home, by what makes the totals right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from lastmetre.reading.boxes import Boxes
from lastmetre.reading.tables import Row

_MOST_STRAYS = 8
"""More numbers without a home under one order are not tried in all combinations: a person sorts them."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row of an export: what it says itself, not what merged cells lend it."""

    row: Row
    number: str
    boxes: Boxes
    is_lent_home: bool
    """Its home stands in a merged cell that begins in the row above."""
    amount_fen: int
    total_fen: int | None
    """Total of the whole order: on its first row only, or repeated, or 0 on the others."""
    charges_fen: int
    """Freight less discounts."""

    @property
    def has_home(self) -> bool:
        """Say whether the row itself names an address, a building or a room."""
        return bool(self.boxes.address or self.boxes.building or self.boxes.room)


@dataclass(slots=True)
class ExportOrder:
    """The rows of one order."""

    number: str
    rows: list[ExportRow]
    continued: list[ExportRow] = field(default_factory=list)
    """Rows with another number that its total proves to be its own."""
    above: ExportOrder | None = None
    """For rows without a home that nothing proves to continue an order: the order that they stand under."""

    @property
    def all_rows(self) -> list[ExportRow]:
        """All rows in the order of the sheet."""
        return sorted([*self.rows, *self.continued], key=lambda row: row.row.number)

    @property
    def summed_fen(self) -> int:
        """Sum of its rows, freight and discounts included."""
        return sum(row.amount_fen + row.charges_fen for row in self.all_rows)

    @property
    def total_fen(self) -> int | None:
        """The total that the order states; where each row states its own, their sum."""
        stated = [row.total_fen for row in self.all_rows if row.total_fen]
        if not stated:
            return None
        each_row_states_its_own = all(row.total_fen == row.amount_fen for row in self.all_rows)
        return sum(stated) if each_row_states_its_own else stated[0]


def group(rows: Sequence[ExportRow]) -> list[ExportOrder]:
    """Return the orders in the sheet's order; every row is in exactly one of them."""
    at_home = {_key(row) for row in rows if row.has_home or (row.number and row.total_fen)}
    orders: list[ExportOrder] = []
    latest: dict[str | Boxes, ExportOrder] = {}
    strays: list[tuple[ExportOrder, list[ExportRow]]] = []
    above: ExportOrder | None = None
    for row in rows:
        if _key(row) in at_home:
            order = latest.get(_key(row))
            if order is None or _begins_another(row, order, above):
                order = ExportOrder(row.number, [])
                orders.append(order)
            order.rows.append(row)
            latest[_key(row)] = above = order
        elif above is None:
            orders.append(ExportOrder(row.number, [row]))
        elif strays and strays[-1][0] is above:
            strays[-1][1].append(row)
        else:
            strays.append((above, [row]))
    for order, below in strays:
        orders += _settle(order, below)
    return sorted(orders, key=lambda order: order.all_rows[0].row.number)


def _key(row: ExportRow) -> str | Boxes:
    """Rows belong together by their number, and where that is left out by their home."""
    return row.number or (row.boxes if row.has_home else "")


def _begins_another(row: ExportRow, order: ExportOrder, above: ExportOrder | None) -> bool:
    """Say whether a number comes up again for another home: two exports pasted under each other."""
    return row.has_home and order is not above and all(row.boxes != other.boxes for other in order.rows)


def _settle(order: ExportOrder, strays: Sequence[ExportRow]) -> list[ExportOrder]:
    """Give an order the strays that make its total right in one way only; return the others as orders."""
    numbers = list(dict.fromkeys(row.number for row in strays))
    proven = _proven(order, numbers, strays)
    order.continued += [row for row in strays if row.number in proven]
    return [
        ExportOrder(number, [row for row in strays if row.number == number], above=order)
        for number in numbers
        if number not in proven
    ]


def _proven(order: ExportOrder, numbers: Sequence[str], strays: Sequence[ExportRow]) -> set[str]:
    if order.total_fen is None:
        return set(numbers) if all(row.is_lent_home for row in strays) else set()
    missing_fen = order.total_fen - order.summed_fen
    amounts = {
        number: sum(row.amount_fen + row.charges_fen for row in strays if row.number == number)
        for number in numbers
    }
    if missing_fen <= 0 or len(numbers) > _MOST_STRAYS:
        return set()
    ways = [
        set(chosen)
        for size in range(1, len(numbers) + 1)
        for chosen in combinations(numbers, size)
        if sum(amounts[number] for number in chosen) == missing_fen
    ]
    return ways[0] if len(ways) == 1 else set()
