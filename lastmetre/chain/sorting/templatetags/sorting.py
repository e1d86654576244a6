"""Doors and places of bags as the people who sort read them."""

from __future__ import annotations

from django import template

from lastmetre.chain.ledger.rules import ACCOUNT_WORDS, AccountKind
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.terms import Sentence

register = template.Library()


@register.filter
def door(place: Place) -> str:
    """Return a door as it stands on the label: 3-2-501."""
    names = [place.name]
    above = place.parent
    while above is not None and above.kind in (PlaceKind.UNIT, PlaceKind.BUILDING):
        names.insert(0, above.name)
        above = above.parent
    return "-".join(names)


@register.filter
def where(kind: str) -> Sentence:
    """Return where a bag is, in words."""
    return ACCOUNT_WORDS[AccountKind(kind)]
