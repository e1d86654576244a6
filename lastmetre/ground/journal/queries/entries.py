"""Lines by person, place, thing, verb and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import EVERYWHERE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the journal is asked for; '' and None ask for all."""

    actor: str = ""
    thing: UUID | None = None
    verbs: tuple[str, ...] = ()
    path: str = EVERYWHERE
    """Of a place: what happened there and below."""
    since: datetime | None = None
    until: datetime | None = None


def entries(wanted: Wanted) -> QuerySet[Entry]:
    """Return the lines that are wanted and that the actor in force may see."""
    found = Entry.objects.all()
    if wanted.actor:
        found = found.filter(actor=wanted.actor)
    if wanted.thing:
        found = found.filter(thing=wanted.thing)
    if wanted.verbs:
        found = found.filter(verb__in=wanted.verbs)
    if wanted.path != EVERYWHERE:
        found = found.filter(path__within=wanted.path)
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__lt=wanted.until)
    return found
