"""What the pure folders say, in the language of the page that is being made."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from lastmetre.terms import InputError, Sentence


def said(words: object) -> str:
    """Say a `Sentence` or `InputError` in the language of this request; anything else is its own text."""
    if isinstance(words, Sentence | InputError):
        return words.text(gettext)
    return "" if words is None else str(words)


class Named(Protocol):
    """A row of data with a Chinese name and perhaps an English one: a role, a regime, a category."""

    @property
    def name(self) -> str:
        """In Chinese."""

    @property
    def name_en(self) -> str:
        """In English; '' where nobody wrote it."""


def called(row: Named) -> str:
    """Return a row's name in the language of this request; the Chinese one where it has no other."""
    is_english = (get_language() or "").startswith("en")
    return row.name_en if is_english and row.name_en else row.name


def day_time(moment: datetime | None) -> str:
    """Return month, day and time of day, such as 11-28 08:00, "" for none; a line never ends inside the date."""
    if moment is None:
        return ""
    here = localtime(moment)
    return f"{here.month}-\N{WORD JOINER}{here.day} {here:%H:%M}"
