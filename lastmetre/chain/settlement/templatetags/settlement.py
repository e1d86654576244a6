"""How money and quantities are shown in the books."""

from __future__ import annotations

from decimal import Decimal

from django import template

from lastmetre.chain.ledger.templatetags.ledger import plain_units
from lastmetre.chain.settlement.rules import yuan as _yuan

register = template.Library()


@register.filter
def money(fen: int | None) -> str:
    """Show fen as ¥32.80, -¥8.40; a dash where there is none."""
    if fen is None:
        return "—"
    return f"-¥{_yuan(-fen)}" if fen < 0 else f"¥{_yuan(fen)}"


@register.filter
def owed(fen: int) -> str:
    """Show what a household is owed, as an amount above zero."""
    return money(-fen)


register.filter("units", plain_units)


@register.filter
def quantity(value: Decimal) -> str:
    """Show sale units without idle zeros."""
    return f"{value.normalize() + 0:f}"
