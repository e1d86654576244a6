"""How places are called where people are listed: 1号楼 1单元, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from lastmetre.ground.people.models import Person
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.rules import PlaceKind, spoken
from lastmetre.ground.protection.actor import SYSTEM, is_within
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.masking import masked_name

UUID_LENGTH = 36
LOCAL = [
    PlaceKind.COMPOUND,
    PlaceKind.URBAN_VILLAGE,
    PlaceKind.CAMPUS,
    PlaceKind.BUILDING,
    PlaceKind.UNIT,
]
"""Places whose names make up an address inside a compound."""

Names = dict[str, tuple[str, str]]
"""Spoken name and sort key by path."""


def called(kind: str, name: str) -> str:
    """Return what a place of a kind is called in the language of this page."""
    return spoken(kind, name).text(gettext)


def place_name(place: Any) -> str:
    """Return what a place, grid or organisation is called; '' for one that the visitor does not see."""
    if place is None:
        return ""
    return called(getattr(place, "kind", ""), place.name)


def names_around(path: str) -> Names:
    """Return the compounds, buildings and units above and below a place; one query."""
    places = Place.objects.filter(kind__in=LOCAL)
    found = places.filter(path__within=path) | places.filter(path__above=path)
    return {
        path: (called(kind, name), key)
        for path, kind, name, key in found.values_list("path", "kind", "name", "sort_key")
    }


def address(path: str, names: Names) -> tuple[str, tuple[str, ...]]:
    """Return the places above a door by name (开元丽城 1号楼 1单元), and what sorts them as people walk."""
    parts = path.split(".")
    chain = [names[above] for end in range(1, len(parts)) if (above := ".".join(parts[:end])) in names]
    return " ".join(name for name, _ in chain), tuple(key for _, key in chain)


def choices_below(place: Place, *, most: int = 300) -> list[tuple[UUID, str]]:
    """Return a place and what lies below it, doors left out, each with what it lies within; one query."""
    rows = (
        Place.objects.filter(path__within=place.path, ended_at=None)
        .exclude(kind=PlaceKind.HOUSEHOLD)
        .order_by("path")[:most]
    )
    named = {row.path: place_name(row) for row in rows}
    return [
        (
            row.pk,
            " ".join(name for path, name in named.items() if path != place.path and is_within(row.path, path))
            or named[row.path],
        )
        for row in sorted(rows, key=lambda row: (row.path.count("."), row.sort_key))
    ]


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Return the masked names of actors by their keys, where they are persons; one query.

    Whoever works beside somebody may know so much of them, though they were counted at another place.
    """
    wanted = {key for key in keys if len(key) == UUID_LENGTH and key.count("-") == 4}
    if not wanted:
        return {}
    with acting_as(SYSTEM):
        rows = Person.objects.in_bulk([UUID(key) for key in wanted])
        return {str(pk): masked_name(row.name or "") for pk, row in rows.items()}
