"""Writing the journal: always in the transaction of what it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.responses import response_for


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
    entry.save(force_insert=True)
    return entry
