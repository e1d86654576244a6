"""Values of single cells: money, quantities, phones, yes and no."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lastmetre.reading.folding import fold
from lastmetre.reading.numerals import read_number

_MONEY = re.compile(r"[¥￥$]?\s*(-?\d+(?:\.\d+)?)\s*(?:元|块|yuan)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_QUANTITY = re.compile(
    r"[*x]?\s*(\d+(?:\.\d+)?|[零一二两三四五六七八九十百半]+)\s*([^\d\s\W]{0,3})", re.IGNORECASE
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}|[2-9]\d{7})(?!\d)")
_TICKS = frozenset("√✓✔●○☑是有")
FEN_PER_YUAN = 100


def money_fen(text: str, *, in_fen: bool = False) -> int | None:
    """Return an amount in fen; None where the cell holds no amount, or parts of a fen."""
    found = _MONEY.fullmatch(_THOUSANDS.sub("", fold(text).strip()))
    if not found:
        return None
    value = Decimal(found[1]) * (1 if in_fen else FEN_PER_YUAN)
    rounded = value.quantize(Decimal(1), ROUND_HALF_UP)
    # Spreadsheets hold 59.9 * 3 as 179.70000000000002.
    return int(rounded) if abs(value - rounded) < Decimal("0.001") else None


def quantity(text: str) -> tuple[Decimal, str] | None:
    """Return a quantity and its unit as typed (2, 2份, x2, 两箱); None where the cell holds neither."""
    folded = fold(text).strip()
    if folded in _TICKS:
        return Decimal(1), ""
    found = _QUANTITY.fullmatch(_THOUSANDS.sub("", folded))
    number = read_number(found[1]) if found else None
    return (number, found[2]) if found and number is not None else None


def phone(text: str) -> str:
    """Return the digits of the first phone in a cell; '' where there is none that can be dialled."""
    found = _PHONE.search(re.sub(r"(?<=\d)[\s-](?=\d)", "", fold(text)))
    return found[1] if found else ""


def whole(text: str) -> int | None:
    """Return a whole number that is not negative (3, 3人, 3层); None otherwise."""
    found = re.fullmatch(r"(\d{1,9})\s*\D{0,2}", fold(text).strip())
    return int(found[1]) if found else None


def decimal(text: str) -> Decimal | None:
    """Return a plain number; None otherwise."""
    try:
        value = Decimal(fold(text).strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def is_yes(text: str) -> bool | None:
    """Return what a yes-or-no cell says; None where it says neither."""
    folded = fold(text).strip().casefold()
    if folded in ("是", "有", "对", "y", "yes", "true", "1", "√", "✓", "✔", "有电梯"):
        return True
    return (
        False
        if folded in ("否", "无", "没有", "没", "n", "no", "false", "0", "×", "*", "无电梯", "")
        else None
    )
