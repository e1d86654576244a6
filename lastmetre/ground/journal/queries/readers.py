"""Who read what is personal, and whether that raised an alarm."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.ground.journal import rules
from lastmetre.ground.journal.models import Entry


def revealed_since(actor: str, since: datetime) -> dict[UUID, str]:
    """Return the things that an actor read of, with the paths of their places."""
    lines = Entry.objects.filter(actor=actor, at__gt=since, verb=rules.REVEALED, thing__isnull=False)
    return dict(lines.values_list("thing", "path"))


def alarmed_since(actor: str, since: datetime) -> bool:
    """Tell whether an actor's reading has raised an alarm."""
    return Entry.objects.filter(actor=actor, at__gt=since, verb=rules.ALARM).exists()
