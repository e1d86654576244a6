"""Writing lines: always in the transaction of what they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from lastmetre.ground.journal import rules
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.journal.queries.readers import alarmed_since, revealed_since
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.keys import keys
from lastmetre.ground.protection.responses import look_up_for, response_for
from lastmetre.ground.protection.scope import acting_as

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """One of many lines about things of a kind; as in `record`."""

    thing: UUID
    path: str
    why: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def record(
    verb: str,
    kind: str,
    thing: UUID | None = None,
    *,
    by: Actor,
    at: datetime,
    path: str,
    why: str = "",
    **detail: Any,
) -> Entry:
    """Write one line; `path` is the place's, `detail` must name nobody (JSON values only)."""
    entry = _entry(verb, kind, thing, by=by, at=at, path=path, why=why, detail=detail)
    entry.save(force_insert=True)
    return entry


def record_many(verb: str, kind: str, lines: Iterable[Told], *, by: Actor, at: datetime) -> None:
    """Write a line for each of many things that the same was done to; a statement for a thousand."""
    told = list(lines)
    look_up_for(one.path for one in told)
    entries = [
        _entry(verb, kind, one.thing, by=by, at=at, path=one.path, why=one.why, detail=one.detail)
        for one in told
    ]
    Entry.objects.bulk_create(entries, batch_size=BATCH)


def _entry(
    verb: str,
    kind: str,
    thing: UUID | None,
    *,
    by: Actor,
    at: datetime,
    path: str,
    why: str,
    detail: dict[str, Any],
) -> Entry:
    entry = Entry(
        response=response_for(path),
        at=at,
        actor=by.key,
        actor_kind=by.kind,
        device=by.device,
        verb=verb,
        kind=kind,
        thing=thing,
        path=path,
        why=why,
        detail=detail,
    )
    entry.mark = rules.mark(rules.heading(entry), keys().derived(rules.MARKS))
    return entry


def reveal(
    kind: str, thing: UUID, *, by: Actor, at: datetime, path: str, why: str = "", **detail: Any
) -> Entry:
    """Record that somebody reads what is personal of a thing; returns nothing of it.

    Whoever reads of too many different things in a short time raises one alarm (trust.md 18).
    """
    entry = record(rules.REVEALED, kind, thing, by=by, at=at, path=path, why=why, **detail)
    since = at - settings.REVEAL_WINDOW
    read = revealed_since(by.key, since)
    if len(read) >= settings.REVEALS_BEFORE_ALARM:
        with acting_as(SYSTEM):
            _alarm_once(read, by=by, at=at)
    return entry


def _alarm_once(read: dict[UUID, str], *, by: Actor, at: datetime) -> None:
    with connection.cursor() as cursor:
        # Two readings at once must not both find that nobody has raised the alarm.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"alarm {by.key}"])
    if alarmed_since(by.key, at - settings.REVEAL_WINDOW):
        return
    minutes = int(settings.REVEAL_WINDOW.total_seconds() / 60)
    where = rules.common_path(read.values())
    record(rules.ALARM, "journal.entry", by=by, at=at, path=where, things=len(read), minutes=minutes)
