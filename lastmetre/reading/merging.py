"""Lines of all sources -> one order a household (house law 4), changes applied in the order they were said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lastmetre.reading.vocabulary import DEFAULT_GOOD
from lastmetre.terms import Action, Change, Doubt, Home, Item, Order, OrderedItem, OrderLine, Place, say

DOUBTS_OF_MERGING = ("ordered_twice", "nothing_to_change", "moves_what")
"""Doubts that only show when a household's lines come together."""
_ACTS = (Action.ORDER, Action.AMEND, Action.CANCEL, Action.ADDRESS)


@dataclass(slots=True)
class _Household:
    wishes: dict[str, OrderedItem] = field(default_factory=dict)
    lines: list[OrderLine] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def merge(
    lines: Sequence[OrderLine], is_accepted: Callable[[OrderLine, str], bool] = lambda line, code: False
) -> tuple[list[Order], list[OrderLine]]:
    """Return one order a household, and the lines that ask for something but belong to no household yet.

    An order with an open doubt in any of its lines carries it and is not packed; `is_accepted` says whether a
    person took a line in spite of a doubt of merging. Cost: linear in the lines.
    """
    households: dict[Home, _Household] = defaultdict(_Household)
    homeless: list[OrderLine] = []
    for line in lines:
        if line.action not in _ACTS:
            continue
        if line.home is None:
            nowhere = Doubt("no_home", say("Which home is this? No address is written."))
            homeless.append(line if line.doubts else replace(line, doubts=(nowhere,)))
            continue
        if line.action is Action.ADDRESS and not _knows_the_wrong_home(households, line):
            unclear = Doubt("moves_what", say("Whose order moves to this home?"))
            homeless += [replace(line, doubts=(*line.doubts, unclear))] * (
                not is_accepted(line, "moves_what")
            )
            continue
        household = households[line.home]
        if line.action is Action.ADDRESS:
            _move(households, line)
            continue
        household.lines.append(line)
        doubts = [doubt for doubt in _apply(household, line) if not is_accepted(line, doubt.code)]
        household.lines[-1] = replace(line, doubts=tuple(doubts))
        household.doubts += doubts
    orders = [_order(home, household) for home, household in households.items() if household.lines]
    return sorted(orders, key=lambda order: order.home.sort_key), homeless


def _apply(household: _Household, line: OrderLine) -> list[Doubt]:
    """Apply one line to what the household wants; returns the doubts that stay open."""
    if line.action is Action.CANCEL:
        household.wishes.clear()
        return list(line.doubts)
    if line.action is Action.AMEND:
        return _amend(household, line)
    doubts = list(line.doubts)
    if any(_is_same_order(earlier, line) for earlier in household.lines if earlier is not line):
        sentence = say("The same order came by two channels: twice as much, or one and the same?")
        doubts.append(Doubt("ordered_twice", sentence, ("确认",)))
    for item in line.items:
        _change(household, item, Change.ADD)
    return doubts


def _is_same_order(one: OrderLine, other: OrderLine) -> bool:
    """Two files with all the same goods and amounts: perhaps one order that reached us by two channels."""
    if not one.source.file or one.source.file == other.source.file:
        return False
    return {(item.good or item.name, item.qty) for item in one.items} == {
        (item.good or item.name, item.qty) for item in other.items
    }


def _amend(household: _Household, line: OrderLine) -> list[Doubt]:
    """`改成3份` means the household's only good; where it has several, the doubt stays."""
    named = {item.good or item.name for item in line.items if item.name != DEFAULT_GOOD}
    candidates = [good for good in household.wishes if good not in named]
    doubts = list(line.doubts)
    swapped = _swap(household, line)
    if swapped is not None:
        line = swapped
        doubts = [doubt for doubt in doubts if doubt.code != "swap"]
    for item in line.items:
        target = item
        if item.name == DEFAULT_GOOD and not item.code and len(candidates) == 1:
            target = replace(item, good=candidates[0], name=candidates[0])
            doubts = [doubt for doubt in doubts if doubt.code not in ("amends_what", "which_good")]
        _change(household, target, item.change)
    if not household.lines[:-1]:
        doubts.append(Doubt("nothing_to_change", say("A change, but no order before it."), ("确认",)))
    return doubts


def _swap(household: _Household, line: OrderLine) -> OrderLine | None:
    """`水果包换成肉蛋包`: as much of the new as there was of the old, where exactly one was exchanged."""
    if len(line.items) != 2 or not any(doubt.code == "swap" for doubt in line.doubts):
        return None
    old, new = line.items
    before = household.wishes.get(old.good or old.name)
    if before is None or old.qty != 0 or new.qty_stated:
        return None
    return replace(line, items=(old, replace(new, qty=before.qty, change=Change.ADD)))


def _change(household: _Household, item: Item, change: Change) -> None:
    key = item.good or item.name
    if item.qty is None:
        return
    before = household.wishes.get(key, OrderedItem(key, Decimal(0)))
    qty = {
        Change.SET: item.qty,
        Change.ADD: before.qty + item.qty,
        Change.REMOVE: max(before.qty - item.qty, Decimal(0)),
    }[change]
    note = "；".join(dict.fromkeys(filter(None, (before.note, item.note))))
    amount_fen = item.amount_fen
    if before.qty:
        amounts = (before.amount_fen, item.amount_fen) if change is Change.ADD else (None,)
        amount_fen = sum(filter(None, amounts)) if None not in amounts else None
    if qty:
        household.wishes[key] = OrderedItem(key, qty, note, item.substitute or before.substitute, amount_fen)
    else:
        household.wishes.pop(key, None)


def _knows_the_wrong_home(households: Mapping[Home, _Household], line: OrderLine) -> bool:
    wrong = line.details.get("from_home")
    return isinstance(wrong, Home) and wrong in households


def _move(households: dict[Home, _Household], line: OrderLine) -> None:
    """`是11-602不是11-206`: what was ordered for the wrong home moves to the right one."""
    wrong = line.details.get("from_home")
    if line.home is None or not isinstance(wrong, Home):
        return
    moved = households.pop(wrong)
    right = households[line.home]
    for key, item in moved.wishes.items():
        before = right.wishes.get(key)
        right.wishes[key] = replace(item, qty=item.qty + before.qty) if before else item
    right.lines += [*moved.lines, line]
    right.doubts += [*moved.doubts, *line.doubts]


def _order(home: Home, household: _Household) -> Order:
    lines = household.lines
    return Order(
        home=home,
        items=tuple(household.wishes.values()),
        who=next((line.who for line in reversed(lines) if line.who), ""),
        phone=next((line.phone for line in reversed(lines) if line.phone), ""),
        note="；".join(
            dict.fromkeys(line.note for line in lines if line.note and line.action is Action.ORDER)
        ),
        paid_claimed=_says_all_is_paid(lines),
        lines=tuple(lines),
        doubts=tuple(dict.fromkeys(household.doubts)),
    )


def _says_all_is_paid(lines: Sequence[OrderLine]) -> bool:
    """Every order was said to be paid with it, or somebody said so afterwards; a claim, never a fact (FC2c)."""
    orders = [line for line in lines if line.action is Action.ORDER]
    afterwards = any(line.paid_claimed and line.action is not Action.ORDER for line in lines)
    return afterwards or (bool(orders) and all(line.paid_claimed for line in orders))


def with_old_home(line: OrderLine, home: Home | None) -> OrderLine:
    """Remember in an address correction which home was the wrong one."""
    return replace(line, details={**line.details, "from_home": home}) if home else line


def old_place(line: OrderLine) -> Place | None:
    """Return the wrong place that an address correction names."""
    parts = line.details.get("from")
    return Place("", **parts) if isinstance(parts, dict) else None
