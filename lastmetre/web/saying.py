"""What the pure folders say, in the language of the page that is being made."""

from __future__ import annotations

from django.utils.translation import gettext

from lastmetre.terms import InputError, Sentence


def said(words: object) -> str:
    """Say a `Sentence` or `InputError` in the language of this request; anything else is its own text."""
    if isinstance(words, Sentence | InputError):
        return words.text(gettext)
    return "" if words is None else str(words)
