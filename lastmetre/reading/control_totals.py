"""Leaders' control totals (15#合计：A 12 B 7) against the sum of what was read: checks, never orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lastmetre.reading.merging import merge
from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.vocabulary import DEFAULT_GOOD
from lastmetre.terms import Action, Item, OrderLine, say


@dataclass(frozen=True, slots=True)
class _Wish:
    """One good that one home wants, as far as one file says."""

    building: str | None
    unit: str | None
    good: str
    qty: Decimal


def check_totals(lines: Sequence[OrderLine]) -> tuple[ControlTotal, ...]:
    """Compare every stated total with what its building or unit ordered in the same file, changes applied."""
    totals = [line for line in lines if line.action is Action.TOTAL]
    wishes = {
        file: list(_wishes([line for line in lines if line.source.file == file]))
        for file in {total.source.file for total in totals}
    }
    return tuple(
        _compared(total, item, wishes[total.source.file])
        for total in totals
        for item in total.items
        if item.qty is not None
    )


def _wishes(lines: Sequence[OrderLine]) -> Iterable[_Wish]:
    if any(line.home for line in lines):
        for order in merge(lines)[0]:
            for item in order.items:
                yield _Wish(order.home.building, order.home.unit, item.good, item.qty)
        return
    for line in lines:
        if line.action is Action.ORDER:
            for typed in line.items:
                name = typed.code or typed.name
                yield _Wish(line.place.building, line.place.unit, name, typed.qty or Decimal(0))


def _compared(total: OrderLine, item: Item, wishes: Sequence[_Wish]) -> ControlTotal:
    building, unit = total.place.building, total.place.unit
    summed = sum(
        (
            wish.qty
            for wish in wishes
            if (building is None or wish.building == building)
            and (unit is None or wish.unit == unit)
            and _same(wish.good, item)
        ),
        Decimal(0),
    )
    stated = item.qty or Decimal(0)
    place = total.place.text or building or ""
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


def _same(good: str, total: Item) -> bool:
    """A total that names no good counts all of them."""
    return (total.name == DEFAULT_GOOD and not total.code) or good in (total.good, total.code, total.name)
