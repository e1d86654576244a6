"""Places by their names, as workbooks write them: 开元丽城, or 康桥社区/开元丽城 where two have the name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lastmetre.ground.goods.models import SupplierArea
from lastmetre.ground.goods.queries.catalogue import TOO_SMALL
from lastmetre.ground.goods.queries.periods import in_force
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.reading.folding import fold
from lastmetre.terms import Sentence, say


class Areas:
    """Places that somebody may name: by name, alias or the end of their full name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = {place.pk: place for place in places}
        names: dict[str, str] = {str(place.path): place.name for place in self.places.values()}
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        self._full: dict[UUID, str] = {}
        for place in self.places.values():
            parts = place.path.split(".")
            chain = [names.get(".".join(parts[: end + 1]), "") for end in range(len(parts))]
            known = [name for name in chain if name]
            self._full[place.pk] = "/".join(known)
            for name in (*("/".join(known[start:]) for start in range(len(known))), *place.aliases):
                self._by_name[_plain(name)].append(place)

    def find(self, name: str) -> Place | Sentence:
        """Return the place of a name, or why none can be told."""
        found = self._by_name.get(_plain(name), [])
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(self._full[place.pk] for place in found[:5])
            return say("Several places have this name: {names}. Write one of these.", names=names)
        some = "、".join(sorted(place.name for place in self.places.values())[:10])
        return say("No such place is known here. Some are: {names}.", names=some)

    def name(self, place: UUID) -> str:
        """Return the shortest name that leads to this place alone; its full name where none does."""
        parts = self._full.get(place, "").split("/")
        short = ("/".join(parts[start:]) for start in range(len(parts) - 1, -1, -1))
        return next((name for name in short if len(self._by_name[_plain(name)]) == 1), "/".join(parts))


def _plain(name: str) -> str:
    return "".join(fold(name).split()).casefold()


def seen_areas() -> Areas:
    """Return the places that the actor sees, down to compounds."""
    return Areas(Place.objects.filter(ended_at__isnull=True).exclude(kind__in=TOO_SMALL))


def areas_of_supplier(supplier: UUID, at: datetime) -> tuple[Areas, list[UUID]]:
    """Return the places where a supplier may sell, with those that it was admitted to by name.

    Its clerks may see no place: the names of where they sell are told to them.
    """
    with acting_as(SYSTEM):
        admitted = list(
            SupplierArea.objects.filter(in_force(at), supplier=supplier).values_list("place", "path")
        )
        within = Q(pk__in=[])
        for _, path in admitted:
            within |= Q(path__within=path)
        places = list(Place.objects.filter(within, ended_at__isnull=True).exclude(kind__in=TOO_SMALL))
    return Areas(places), list(dict.fromkeys(place for place, _ in admitted))
