"""How money, amounts and codes of goods are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext

from lastmetre.ground.goods.rules import NAMES, Finding
from lastmetre.ground.goods.rules import yuan as _yuan
from lastmetre.ground.goods.standing import GROUP_NAMES

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Show fen as ¥32.80; a dash where no price is known."""
    return "—" if fen is None else f"¥{_yuan(fen)}"


@register.filter
def plain(value: Decimal | None) -> str:
    """Show a quantity without idle zeros: 2.500 -> 2.5; a dash where it is not counted."""
    return "—" if value is None else f"{value.normalize() + 0:,f}"


@register.filter
def typed_yuan(fen: int | None) -> str:
    """Show fen as a field takes it: 32.80."""
    return "" if fen is None else f"{fen / 100:.2f}"


@register.filter
def typed(value: Decimal | None) -> str:
    """Show a quantity as a field takes it: 2.5."""
    return "" if value is None else f"{value.normalize() + 0:f}"


_KINDS = {kind.__name__: names for kind, names in NAMES.items()}


@register.filter
def named(code: Any, kind: str = "") -> str:
    """Name a code of a kind, as the column holds it: `supplier.kind|named:"SupplierKind"`."""
    names = _KINDS[kind] if kind else GROUP_NAMES
    found = names.get(code)  # enumerations of strings equal their values
    return found.text(gettext) if found else str(code)


@register.filter
def sentences(findings: Iterable[Finding]) -> str:
    """Say all findings one after the other."""
    return " ".join(finding.sentence.text(gettext) for finding in findings)


@register.filter
def under(values: Mapping[Any, Any], key: Any) -> Any:
    """Look a value up."""
    return values.get(key, "")
