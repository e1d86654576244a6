"""The journal for programs: lines as they are, people and things by their keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from lastmetre.ground.journal.queries.entries import Wanted, entries
from lastmetre.ground.journal.rules import Permission
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, page_of

router = Router(tags=["journal"])


class EntryOut(Schema):
    """A line; `why`, in which somebody may be named, is shown on the page only."""

    id: UUID
    at: datetime
    actor: str
    actor_kind: str
    device: str
    verb: str
    kind: str
    thing: UUID | None
    path: str
    detail: dict[str, Any]


Path = Annotated[str, Query(max_length=500, pattern=r"^([a-z0-9]+(\.[a-z0-9]+)*)?$")]
Word = Annotated[str, Query(max_length=40)]


@router.get("/entries", response=Listing[EntryOut])
def list_entries(
    request: HttpRequest,
    actor: Word = "",
    thing: UUID | None = None,
    verb: Word = "",
    path: Path = "",
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """List lines, the latest first."""
    request.actor.must(Permission.READ)
    wanted = Wanted(actor, thing, (verb,) if verb else (), path, since, until)
    return page_of(entries(wanted), by="-at", cursor=cursor, size=limit)
