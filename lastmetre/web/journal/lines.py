"""Lines with names: five tables are asked once each, however many lines there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.utils.translation import gettext

from lastmetre.ground.goods.models import Product
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.people.models import Organisation, Person
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import ActorKind
from lastmetre.papers.masking import masked_name
from lastmetre.terms import Sentence, say
from lastmetre.web.journal.sentences import (
    LOOKS,
    NOBODY,
    NOUNS,
    SENTENCES,
    SYSTEM,
    UNKNOWN,
    UNNAMED,
)

ORGANISATIONS = ("people.organisation", "goods.supplier")
LABELS_SHOWN = 3
"""Names of a place's path that tell where it is: compound, building, door."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the journal as a page shows it."""

    entry: Entry
    at: datetime
    words: str
    where: str
    state: str
    icon: str
    details: tuple[tuple[str, str], ...]
    by_somebody: bool
    """Whether there may be more lines of the same actor."""


class Names:
    """The names of everything that some lines speak of."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        actors = {UUID(one.actor) for one in entries if _is_uuid(one.actor)}
        things = {one.thing for one in entries if one.thing}
        self.homes: Mapping[Any, Household] = _found(Household, actors | things)
        paths = [*(one.path for one in entries), *(home.path for home in self.homes.values())]
        self.places = _places(_prefixes(paths), things)
        self.by_id = {place.pk: place for place in self.places.values()}
        self.persons: Mapping[Any, Person] = _found(Person, actors | things)
        self.organisations: Mapping[Any, Organisation] = _found(
            Organisation, {one.thing for one in entries if one.kind in ORGANISATIONS}
        )
        self.products: Mapping[Any, Product] = _found(
            Product, {one.thing for one in entries if one.kind == "goods.product"}
        )

    def who(self, entry: Entry) -> str:
        """Name the actor: masked, for a list is not the place to read names."""
        if entry.actor_kind == ActorKind.SYSTEM:
            return SYSTEM.text(gettext)
        if entry.actor_kind == ActorKind.NOBODY or not _is_uuid(entry.actor):
            return NOBODY.text(gettext)
        key = UUID(entry.actor)
        if home := self.homes.get(key):
            return say("The household {home}", home=self.where(home.path)).text(gettext)
        person = self.persons.get(key)
        return masked_name(person.name or "") if person else UNKNOWN.text(gettext)

    def thing(self, entry: Entry) -> str:
        """Name what something was done to."""
        noun = NOUNS.get(entry.kind, say("something")).text(gettext)
        return f"{noun} {name}" if (name := self._name(entry)) else noun

    def _name(self, entry: Entry) -> str:
        key = entry.thing
        if key in self.by_id:
            return self.where(self.by_id[key].path)
        if key in self.homes:
            return self.where(self.homes[key].path)
        if key in self.persons:
            return masked_name(self.persons[key].name or "")
        named = self.organisations.get(key) or self.products.get(key)
        return named.name if named else ""

    def where(self, path: str) -> str:
        """Name a place by its last names that are known: compound, building, door."""
        labels = path.split(".") if path else []
        above = [".".join(labels[: count + 1]) for count in range(len(labels))]
        return " ".join(self.places[one].name for one in above[-LABELS_SHOWN:] if one in self.places)


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """Return entries as sentences with their details."""
    names = Names(entries)
    return [_line(entry, names) for entry in entries]


def _line(entry: Entry, names: Names) -> Line:
    template = SENTENCES.get(entry.verb, UNNAMED)
    state, icon = LOOKS.get(entry.verb, ("", "point"))
    words = Sentence(template, (("who", names.who(entry)), ("thing", names.thing(entry))))
    return Line(
        entry,
        entry.at,
        words.text(gettext),
        names.where(entry.path),
        state,
        icon,
        tuple(_details(entry)),
        by_somebody=_is_uuid(entry.actor),
    )


def _details(entry: Entry) -> Iterable[tuple[str, str]]:
    if entry.why:
        yield gettext("Why"), entry.why
    for name, value in entry.detail.items():
        if value not in (None, "", [], {}):
            yield name.replace("_", " "), _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_plain(value[0])} → {_plain(value[1])}"
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(one)}" for name, one in value.items())
    return "–" if value is None else str(value)


def _prefixes(paths: Iterable[str]) -> set[str]:
    return {
        ".".join(labels[: count + 1])
        for path in paths
        for labels in [path.split(".")]
        for count in range(len(labels))
        if path
    }


def _places(paths: set[str], things: set[UUID]) -> dict[str, Place]:
    return {place.path: place for place in Place.objects.filter(Q(path__in=paths) | Q(pk__in=things))}


def _found(model: Any, keys: set[Any]) -> Mapping[Any, Any]:
    # Always asked, so that a page costs the same however its lines are mixed.
    found: Mapping[Any, Model] = model._default_manager.in_bulk(list(keys) or [UUID(int=0)])
    return found


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4
