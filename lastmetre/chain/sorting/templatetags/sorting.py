"""Where bags are, as the people who sort read it."""

from __future__ import annotations

from django import template

from lastmetre.chain.ledger.rules import ACCOUNT_WORDS, AccountKind
from lastmetre.terms import Sentence

register = template.Library()


@register.filter
def where(kind: str) -> Sentence:
    """Return where a bag is, in words."""
    return ACCOUNT_WORDS[AccountKind(kind)]
