"""Search by name, phone and pinyin without a readable copy of them: terms of a row, marks of a query."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import UUID

from django.db.models import Q

from lastmetre.ground.protection.fields import marks
from lastmetre.ground.protection.keys import keys

PHONE_TAIL = 4
MOST_READINGS = 16
"""A name of characters with many readings is indexed by this many combinations of initials at most."""


def terms_of_person(*, name: str | None, phone: str | None) -> Iterator[str]:
    """Yield what a person can be found by: name, surname, given name, initials, phone, last four digits."""
    if name:
        plain = _plain(name)
        yield f"name:{plain}"
        yield f"name:{plain[:1]}"
        yield f"name:{plain[1:]}"
        yield from (f"initials:{initials}" for initials in initials_of(plain))
    if phone:
        digits = _digits(phone)
        yield f"phone:{digits}"
        yield f"tail:{digits[-PHONE_TAIL:]}"


def term_of_need(code: str) -> str:
    """Return the term of a coded need (lives alone, ...), so that a list of them needs no readable column."""
    return f"need:{code}"


def initials_of(text: str) -> list[str]:
    """Return the pinyin initials in all readings: 单雄信 -> dxx, sxx, cxx; at most MOST_READINGS."""
    from pypinyin import Style, pinyin  # its dictionaries take a quarter of a second to load

    readings = pinyin(text, style=Style.FIRST_LETTER, heteronym=True)
    found: list[str] = []
    for one in product(*readings):
        word = "".join(one).lower()
        if word not in found:
            found.append(word)
        if len(found) == MOST_READINGS:
            break
    return found


def matching(words: str) -> Q:
    """Return the filter for rows that carry a mark of what somebody typed; matches nothing for nothing."""
    return carrying(list(_terms_of_query(words)))


def carrying(terms: list[str]) -> Q:
    """Return the filter for rows that carry one of the terms, in whichever response they were written."""
    wanted = sorted({mark for response in live_responses() for mark in marks(response, terms)})
    return Q(search_marks__overlap=wanted) if wanted else Q(pk__in=[])


def live_responses() -> list[UUID]:
    """Return the responses whose keys are still there."""
    return list(keys().responses)


def _terms_of_query(words: str) -> Iterator[str]:
    plain = _plain(words)
    digits = _digits(plain)
    if digits == plain and len(digits) == PHONE_TAIL:
        yield f"tail:{digits}"
    elif len(digits) >= 7 and len(digits) >= len(plain) - 2:
        yield f"phone:{digits}"
    elif plain.isascii() and plain.isalpha():
        yield f"initials:{plain}"
        yield f"name:{plain}"
    elif plain:
        yield f"name:{plain}"


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _digits(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdigit())


def search_terms_of(row: Any) -> Iterator[str]:
    """Yield the terms of a row with `name` and `phone`."""
    return terms_of_person(name=row.name, phone=row.phone)
