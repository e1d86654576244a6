"""What the search box finds, in groups; everything stays within what the actor sees."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.ground.goods.queries.catalogue import products_for
from lastmetre.ground.people.models import Person
from lastmetre.ground.people.rules import Permission as People
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.queries.roster import roster
from lastmetre.ground.places.queries.tree import find_places
from lastmetre.ground.places.rules import KIND_NAMES, PlaceKind
from lastmetre.ground.places.rules import Permission as Places
from lastmetre.ground.protection.search import matching
from lastmetre.papers.masking import masked_name
from lastmetre.terms import Sentence, say
from lastmetre.web.door import door_of
from lastmetre.web.saying import said

MOST_A_GROUP = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is called, one line about it, where it leads."""

    title: str
    detail: str
    address: str
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind."""

    name: Sentence
    hits: tuple[Hit, ...]


def find(request: HttpRequest, words: str) -> list[Group]:
    """Return what the words find, kinds without a hit left out; some eight queries however much there is."""
    plain = words.strip()
    if not plain:
        return []
    groups = (
        Group(say("Homes"), tuple(_homes(request, plain))),
        Group(say("People"), tuple(_people(request, plain))),
        Group(say("Places"), tuple(_places(request, plain))),
        Group(say("Goods"), tuple(_goods(plain))),
        Group(say("Pages"), tuple(_pages(request, plain))),
    )
    return [group for group in groups if group.hits]


def _homes(request: HttpRequest, words: str) -> list[Hit]:
    held = [one for one in request.visitor.roles if one.place and Places.SEE_ROSTER in one.permissions]
    places = Place.objects.filter(pk__in={one.place for one in held})
    rows = [row for place in places for row in roster(place, words=words, limit=MOST_A_GROUP).rows]
    unique = {row.id: row for row in rows}
    return [
        Hit(row.home, " ".join(part for part in (row.name, row.phone_tail and f"····{row.phone_tail}") if part),
            reverse("place", args=[row.door]), "home")
        for row in list(unique.values())[:MOST_A_GROUP]
    ]  # fmt: skip


def _people(request: HttpRequest, words: str) -> list[Hit]:
    if not request.actor.may(People.SEE):
        return []
    found = Person.objects.filter(matching(words), left_at=None).select_related("place")[:MOST_A_GROUP]
    return [
        Hit(
            masked_name(one.name or ""), str(one.place or ""), reverse("people:person", args=[one.pk]), "user"
        )
        for one in found
        if request.actor.may(People.SEE, path=one.path, organisation=one.organisation_id)
    ]


def _places(request: HttpRequest, words: str) -> list[Hit]:
    if not request.visitor.roles:
        return []
    return [
        Hit(one.name, said(KIND_NAMES[PlaceKind(one.kind)]), reverse("place", args=[one.pk]), "map-pin")
        for one in find_places(request.actor, words, limit=MOST_A_GROUP)
    ]


def _goods(words: str) -> list[Hit]:
    found = products_for(None, words=words)[:MOST_A_GROUP]
    return [
        Hit(one.name, one.specification, reverse("goods:product", args=[one.pk]), "shopping-bag")
        for one in found
    ]


def _pages(request: HttpRequest, words: str) -> list[Hit]:
    entries = [(said(item.label), item) for item in (*door_of(request).nav, *door_of(request).account)]
    return [
        Hit(label, "", item.address, item.icon)
        for label, item in entries
        if words.casefold() in label.casefold()
    ]
