"""Numbers as people type them: digits, Chinese numerals, halves, and the letter o for zero."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "仨": 3, "壹": 1, "贰": 2, "叁": 3, "幺": 1}
_TENS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "零〇一二两俩三仨四五六七八九十百千壹贰叁幺"
"""Every sign that may stand in a Chinese numeral."""

_CIRCLED = {chr(0x2460 + i): str(i + 1) for i in range(20)} | {chr(0x2776 + i): str(i + 1) for i in range(10)}


def read_number(text: str) -> Decimal | None:
    """Read `12`, `1.5`, `十二`, `五零一`, `半`, `1个半` without its unit; None when it is no number."""
    text = text.strip()
    if text in _CIRCLED:
        return Decimal(_CIRCLED[text])
    if text == "半":
        return Decimal("0.5")
    if text and text[0].isascii():
        try:
            return Decimal(text)
        except InvalidOperation:
            return None
    return _chinese(text)


def _chinese(text: str) -> Decimal | None:
    if not text or any(sign not in CHINESE for sign in text):
        return None
    if not any(sign in _TENS for sign in text):
        return Decimal("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return Decimal(total + digit)


def digits(text: str) -> str:
    """Return the digits meant by an address part: `五零一` -> `501`, `十二` -> `12`, `6o2` -> `602`, `03` -> `3`."""
    number = _chinese(text)
    if number is not None:
        return str(number)
    return _strip_zeros(text.replace("o", "0").replace("O", "0"))


def _strip_zeros(text: str) -> str:
    return (text.lstrip("0") or "0") if text.isdecimal() else text


_LETTER_ZERO = re.compile(r"(?<![A-Za-z])(?=[oO]*\d)(?:\d|[oO]){2,5}(?![A-Za-z])")


def without_letter_zeros(text: str) -> str:
    """Replace the letter o by 0 inside numbers of two to five signs (6o2, 5OO弄); same length."""
    return _LETTER_ZERO.sub(lambda found: found[0].replace("o", "0").replace("O", "0"), text)
