"""The tree as people walk it: what lies above, what lies within and how much it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lastmetre.ground.places.models import Place
from lastmetre.ground.places.queries.regimes import InForce, in_force
from lastmetre.ground.places.rules import COMPOUND_KINDS, KIND_NAMES, LEVELS, PlaceKind
from lastmetre.ground.protection.actor import EVERYWHERE, Actor
from lastmetre.terms import Sentence

# One scan of the subtree, cut into the children's parts: a join by path would scan it once a child.
_COUNTS = """
SELECT subpath(place.path, 0, %(depth)s)::text, place.kind, count(*),
    sum(household.head_count), sum(place.household_count), sum(place.head_count)
FROM places_place place LEFT JOIN places_household household ON household.place_id = place.id
WHERE place.path <@ ANY (%(paths)s::ltree[]) AND nlevel(place.path) >= %(depth)s AND place.ended_at IS NULL
GROUP BY 1, 2
"""
_REPORTING = {*COMPOUND_KINDS, PlaceKind.VILLAGE, PlaceKind.VILLAGE_GROUP}


@dataclass(frozen=True, slots=True)
class Counts:
    """How much lies within a place (itself included)."""

    compounds: int = 0
    buildings: int = 0
    units: int = 0
    households: int = 0
    """On the roster."""
    people: int = 0
    """Head counts on the roster, where they are known."""
    reported_households: int = 0
    """By survey (YX17): of the place itself or else of the compounds within."""
    reported_people: int = 0

    @property
    def most_households(self) -> int:
        """What to plan with: the roster or the survey, whichever knows of more."""
        return max(self.households, self.reported_households)

    @property
    def most_people(self) -> int:
        """What to plan with: the roster or the survey, whichever knows of more."""
        return max(self.people, self.reported_people)


@dataclass(frozen=True, slots=True)
class Branch:
    """A place among its siblings, as a list shows it."""

    id: UUID
    kind: PlaceKind
    name: str
    path: str
    aliases: tuple[str, ...]
    longitude: float | None
    latitude: float | None
    outline: list[list[float]] | None
    ended_at: datetime | None
    counts: Counts
    in_force: InForce

    @property
    def is_above_compounds(self) -> bool:
        """Whether compounds are what one counts in it."""
        return LEVELS[self.kind] < LEVELS[PlaceKind.COMPOUND] and self.counts.compounds > 0

    @property
    def kind_name(self) -> Sentence:
        """The kind as people say it."""
        return KIND_NAMES[self.kind]


def ancestors(place: Place) -> list[Place]:
    """Return the places above one, the largest first."""
    above = Place.objects.filter(path__above=place.path).exclude(pk=place.pk)
    return sorted(above, key=lambda one: len(one.path))


def children(place: Place, at: datetime, *, ended: bool = False) -> list[Branch]:
    """Return what lies directly within a place, doors left out; four queries however many."""
    within = Place.objects.filter(parent=place).exclude(kind=PlaceKind.HOUSEHOLD)
    return branches(within if ended else within.filter(ended_at__isnull=True), at)


def tops(actor: Actor, at: datetime) -> list[Branch]:
    """Return the topmost places that an actor may see: where a walk through the tree begins."""
    wanted = Q(parent__isnull=True) if EVERYWHERE in actor.sees else Q(path__in=list(actor.sees))
    return branches(Place.objects.filter(wanted, ended_at__isnull=True), at)


def counts_of(place: Place) -> Counts:
    """Return how much lies within one place."""
    return _counts([place])[place.path]


def find_places(actor: Actor, words: str, *, limit: int = 20) -> list[Place]:
    """Return places above the door by name, alias or pinyin initials, larger places first."""
    plain = " ".join(words.replace("\0", " ").split())
    if not plain:
        return []
    named = Q(name__icontains=plain) | Q(aliases__contains=[plain])
    if plain.isascii() and plain.isalpha():
        named |= Q(pinyin__contains=f" {plain.lower()}")
    found = Place.objects.filter(named, path__within_any=list(actor.sees), ended_at__isnull=True)
    shown = found.exclude(kind=PlaceKind.HOUSEHOLD).order_by("path")[: limit * 5]
    return sorted(shown, key=lambda place: place.path.count("."))[:limit]


def branches(places: Iterable[Place], at: datetime) -> list[Branch]:
    """Return places as lists show them, with counts and regimes; three queries a depth."""
    shown = list(places)
    counts = _counts(shown)
    regimes = in_force([place.path for place in shown], at)
    return [
        Branch(
            place.pk,
            PlaceKind(place.kind),
            place.name,
            place.path,
            tuple(place.aliases),
            place.longitude,
            place.latitude,
            place.outline,
            place.ended_at,
            counts[place.path],
            regimes[place.path],
        )
        for place in shown
    ]


def _counts(places: Sequence[Place]) -> dict[str, Counts]:
    """Count within each of some places, which may stand at different depths; a query a depth."""
    found: dict[str, dict[str, tuple[int, ...]]] = {place.path: {} for place in places}
    for depth in sorted({place.path.count(".") + 1 for place in places}):
        paths = [place.path for place in places if place.path.count(".") + 1 == depth]
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, {"depth": depth, "paths": paths})
            for path, kind, *figures in cursor.fetchall():
                found[path][kind] = tuple(int(figure or 0) for figure in figures)
    return {place.path: _of(place, found[place.path]) for place in places}


def _of(place: Place, kinds: dict[str, tuple[int, ...]]) -> Counts:
    none = (0, 0, 0, 0)
    doors = kinds.get(PlaceKind.HOUSEHOLD, none)
    reporting = [kinds.get(kind, none) for kind in _REPORTING]
    return Counts(
        compounds=sum(kinds.get(kind, none)[0] for kind in COMPOUND_KINDS),
        buildings=kinds.get(PlaceKind.BUILDING, none)[0],
        units=kinds.get(PlaceKind.UNIT, none)[0],
        households=doors[0],
        people=doors[1],
        reported_households=place.household_count or sum(figures[2] for figures in reporting),
        reported_people=place.head_count or sum(figures[3] for figures in reporting),
    )
