"""Leaders' control totals (15#合计：A 12 B 7) against the sum of what was read: checks, never orders."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.vocabulary import DEFAULT_GOOD
from lastmetre.terms import Action, Item, OrderLine, say


def check_totals(lines: Sequence[OrderLine]) -> tuple[ControlTotal, ...]:
    """Compare every stated total with the orders of its building or unit, cancelled ones left out."""
    ordered = [line for line in lines if line.action is Action.ORDER]
    return tuple(
        _compared(total, item, ordered)
        for total in lines
        if total.action is Action.TOTAL
        for item in total.items
        if item.qty is not None
    )


def _compared(total: OrderLine, item: Item, ordered: Sequence[OrderLine]) -> ControlTotal:
    summed = sum(
        (
            other.qty or Decimal(0)
            for line in ordered
            if _within(line, total)
            for other in line.items
            if _same(other, item)
        ),
        Decimal(0),
    )
    stated = item.qty or Decimal(0)
    place = total.place.text or total.place.building or ""
    if stated == summed:
        sentence = say("{place} {good}: {stated}, as read.", place=place, good=item.name, stated=stated)
    else:
        sentence = say(
            "{place} {good}: the leader counts {stated}, the orders read make {summed}.",
            place=place,
            good=item.name,
            stated=stated,
            summed=summed,
        )
    return ControlTotal(total, item.good or item.name, stated, summed, sentence)


def _within(line: OrderLine, total: OrderLine) -> bool:
    building, unit = total.place.building, total.place.unit
    home = line.home or line.place
    return (building is None or home.building == building) and (unit is None or home.unit == unit)


def _same(item: Item, total: Item) -> bool:
    if total.good or item.good:
        return item.good == total.good
    if total.name == DEFAULT_GOOD and not total.code:
        return True
    return (item.code or item.name) == (total.code or total.name)
