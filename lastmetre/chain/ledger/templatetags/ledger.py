"""How sides of a posting are shown."""

from __future__ import annotations

from django import template

from lastmetre.chain.ledger.rules import units

register = template.Library()


@register.filter
def signed_units(milli: int) -> str:
    """Show thousandths of a sale unit with their sign: +2.5, -1."""
    return f"{units(milli).normalize() + 0:+f}"


@register.filter
def plain_units(milli: int) -> str:
    """Show thousandths of a sale unit: 2.5."""
    return f"{units(milli).normalize() + 0:f}"


@register.filter
def signed_yuan(fen: int) -> str:
    """Show fen with their sign: +¥32.80, -¥8.40."""
    return f"{'-' if fen < 0 else '+'}¥{abs(fen) // 100}.{abs(fen) % 100:02d}"
