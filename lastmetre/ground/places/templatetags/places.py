"""Names of places' own data in the reader's language."""

from __future__ import annotations

from typing import Any

from django import template

from lastmetre.ground.places.forms.choices import said_parts
from lastmetre.ground.places.forms.regimes import regime_name
from lastmetre.ground.places.models import Place, Regime
from lastmetre.ground.places.rules import KIND_NAMES, RISK_NAMES, PlaceKind, Risk, spoken
from lastmetre.terms import Sentence

register = template.Library()

STATES = ("good", "wait", "wait", "act")


@register.filter
def regime(row: Regime) -> str:
    """Return a regime's name as the reader calls it."""
    return regime_name(row)


@register.filter
def regime_state(row: Regime) -> str:
    """Return how a screen colours a regime."""
    return STATES[min(row.strictness, 3)]


@register.filter
def risk(code: str) -> Sentence:
    """Return the name of a risk level."""
    return RISK_NAMES[Risk(code)]


@register.filter
def kind(code: str) -> Sentence:
    """Return the name of a kind of place."""
    return KIND_NAMES[PlaceKind(code)]


@register.filter
def parts(order: str) -> str:
    """Say what the numbers of a home mean in turn."""
    return said_parts(order)


@register.filter
def door(place: Place) -> str:
    """Return a door as it stands on labels and lists: 3-2-501."""
    names = [place.name]
    while place.kind != PlaceKind.BUILDING and place.parent is not None:
        place = place.parent
        if place.kind in (PlaceKind.UNIT, PlaceKind.BUILDING):
            names.insert(0, place.name)
    return "-".join(names)


@register.filter
def spoken_name(place: Any) -> Sentence:
    """Return the name of a place (or branch of the tree) as people say it."""
    return spoken(place.kind, place.name)
