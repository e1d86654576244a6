"""Short codes that people type or read out over the phone, and the opaque ids inside the QR codes.

A code has seven characters and a check character of an alphabet of 17 signs without look-alikes (no 0 and O,
1, I and L, 2 and Z, 5 and S, 8 and B, U and V) and with few letters that sound alike. 17 is prime and the
weights differ: so every wrong character and every exchange of two characters shows.
"""

from __future__ import annotations

import hmac
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

ALPHABET = "23456789CFHKMRWXY"
LENGTH = 8
"""Characters of a code, its check character included."""
PREFIX = "LM"
TAG_LENGTH = 6

_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_BASE = len(ALPHABET)


@dataclass(frozen=True, slots=True)
class BagCode:
    """The two names of one bag: what is typed, and what is scanned."""

    short: str
    qr: str
    """16 characters of QR's alphanumeric mode: prefix, short code and a keyed tag, nothing personal."""


def short_code(secret: bytes, *parts: str) -> str:
    """Return the 8-character code of `parts` (round, home...) under a secret; the same every time."""
    number = int.from_bytes(_digest(secret, "code", *parts), "big")
    body = _signs(number, LENGTH - 1)
    return body + _check_sign(body)


def check_code(text: str) -> bool:
    """Tell whether a typed code is whole; case, width, spaces and hyphens do not matter."""
    code = plain_code(text)
    return len(code) == LENGTH and all(sign in _VALUE for sign in code) and _check_sign(code[:-1]) == code[-1]


def plain_code(text: str) -> str:
    """Return a typed code as it is stored: upper case, half width, without spaces and hyphens."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in folded if not sign.isspace() and sign not in "-‐‑‒–—−_.·")


def printed_code(code: str) -> str:
    """Return a code in two groups of four, as it is printed and read out."""
    return f"{code[:4]}-{code[4:]}"


def bag_codes(secret: bytes, scope: str, keys: Iterable[str]) -> dict[str, BagCode]:
    """Return both names of the bag of every key (a home, say) of one round `scope`, all different."""
    return {
        key: BagCode(short, qr_id(secret, scope, short))
        for key, short in short_codes(secret, scope, keys).items()
    }


def short_codes(secret: bytes, scope: str, keys: Iterable[str]) -> dict[str, str]:
    """Return a typed code for every key of one `scope`, all different.

    The order of the keys does not matter. Where two keys meet in one code, the later in sorting order is
    drawn again.
    """
    given: dict[str, str] = {}
    taken: set[str] = set()
    for key in sorted(set(keys)):
        attempt = 0
        while (short := short_code(secret, scope, key, *([str(attempt)] if attempt else []))) in taken:
            attempt += 1
        taken.add(short)
        given[key] = short
    return given


def qr_id(secret: bytes, scope: str, short: str) -> str:
    """Return what the QR code of a bag holds; only who knows the secret can make one that fits."""
    tag = _signs(int.from_bytes(_digest(secret, "qr", scope, short), "big"), TAG_LENGTH)
    return PREFIX + short + tag


def code_in_qr(secret: bytes, scope: str, scanned: str) -> str | None:
    """Return the short code in a scanned id, or None where it was not made under this secret."""
    short = scanned[len(PREFIX) : len(PREFIX) + LENGTH]
    genuine = hmac.compare_digest(qr_id(secret, scope, short).encode(), scanned.encode())
    return short if genuine and check_code(short) else None


def _digest(secret: bytes, *parts: str) -> bytes:
    return hmac.digest(secret, json.dumps(parts).encode(), "sha256")


def _signs(number: int, length: int) -> str:
    signs = []
    for _ in range(length):
        number, value = divmod(number, _BASE)
        signs.append(ALPHABET[value])
    return "".join(signs)


def _check_sign(body: str) -> str:
    # Weights 2..8 for the body and 1 for the check sign: all differ and none is 0 modulo 17.
    total = sum(weight * _VALUE[sign] for weight, sign in enumerate(body, start=2))
    return ALPHABET[-total % _BASE]
