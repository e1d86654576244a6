"""What a household types of what else would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lastmetre.chain.allocation.actions.willing import Tolerance
from lastmetre.chain.allocation.queries.willing import Tolerances, Wanted
from lastmetre.chain.orders.forms.ordering import chosen_id
from lastmetre.terms import InputError, say


@dataclass(frozen=True, slots=True)
class Shown:
    """A good with what stands in its boxes."""

    wanted: Wanted
    substitute: str
    more: str


def shown(found: Tolerances, typed: Mapping[str, str] | None) -> list[Shown]:
    """Return the goods with what was typed, else what was said."""
    return [
        Shown(
            one,
            str(one.line.substitute_id or "") if typed is None else typed.get(f"s-{one.line.item_id}", ""),
            _plain(one.more) if typed is None else typed.get(f"m-{one.line.item_id}", ""),
        )
        for one in found.goods
    ]


def stated(typed: Mapping[str, str], found: Tolerances) -> list[Tolerance]:
    """Return what was typed; raises InputError where a quantity or choice is none."""
    return [
        Tolerance(
            one.line.item_id,
            chosen_id(typed.get(f"s-{one.line.item_id}", "")),
            _quantity(typed.get(f"m-{one.line.item_id}", ""), one.line.item.product.name),
        )
        for one in found.goods
    ]


def version_of(typed: Mapping[str, str]) -> int | None:
    """Return which order was shown; None where the form says nothing of it."""
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}" if quantity else ""


def _quantity(text: str, name: str) -> Decimal:
    try:
        number = Decimal(text.strip() or "0")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise InputError(
            say("{name}: “{quantity}” is no quantity.", name=name, quantity=text[:20]),
            remedy=say("Write a number such as 1 or 2."),
        )
    return number
