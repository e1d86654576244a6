"""Invitations: what a link gives, and why it no longer does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lastmetre.ground.people.models import Invitation
from lastmetre.ground.people.queries.names import place_name
from lastmetre.ground.people.rules import OPENS_BEFORE, InvitationKind
from lastmetre.ground.people.tokens import hash_of, token_of
from lastmetre.terms import InputError, say

INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation as whoever gave it sees it."""

    id: UUID
    kind: InvitationKind
    name: str
    name_en: str
    where: str
    uses_left: int
    expires_at: datetime
    is_open: bool
    token: str


def open_invitation(token: str, kind: InvitationKind, *, at: datetime, lock: bool = False) -> Invitation:
    """Return an invitation that still holds; each reason why not has its sentence. Asked as SYSTEM."""
    rows = Invitation.objects.select_related(
        "role", "place", "grid", "organisation", "shift__squad__place", "person"
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(token_hash=hash_of(token, INVITATION), kind=kind).first()
    if row is None:
        raise InputError(
            say("This link is not known."),
            remedy=say("Copy the whole link, or ask whoever sent it for a new one."),
        )
    _check_open(row, at)
    return row


def _check_open(row: Any, at: datetime) -> None:
    ask = say("Ask whoever sent it for a new one.")
    if row.revoked_at is not None:
        raise InputError(say("This link was taken back."), remedy=ask)
    if row.expires_at <= at:
        raise InputError(say("This link has expired."), remedy=ask)
    if row.uses_left == 0:
        raise InputError(say("This link was used already."), remedy=ask)
    shift = row.shift
    if shift is not None and (shift.cancelled_at is not None or shift.ends_at <= at):
        raise InputError(
            say("This shift is over or was cancelled."), remedy=say("Ask for the link of the next shift.")
        )
    if shift is not None and at < shift.starts_at - OPENS_BEFORE:
        raise InputError(
            say("This shift is not open yet."),
            remedy=say(
                "Come back in the {hours} hours before it starts.", hours=OPENS_BEFORE.seconds // 3600
            ),
        )


def invitations_at(path: str, *, at: datetime) -> list[InvitationRow]:
    """Return the newest invitations for a place and below it, those that still hold first; one query."""
    rows = (
        Invitation.objects.filter(path__within=path)
        .select_related("role", "place", "grid", "shift__squad", "person")
        .order_by("-created_at")[:50]
    )
    return sorted((_row(row, at) for row in rows), key=lambda row: not row.is_open)


def invitations_of(organisation: UUID, *, at: datetime) -> list[InvitationRow]:
    """Return the newest invitations to an organisation, those that still hold first; one query."""
    rows = (
        Invitation.objects.filter(organisation=organisation)
        .select_related("role", "organisation", "shift__squad", "person")
        .order_by("-created_at")[:50]
    )
    return sorted((_row(row, at) for row in rows), key=lambda row: not row.is_open)


def invitation_row(invitation: UUID, *, at: datetime) -> InvitationRow | None:
    """Return one invitation that the actor may see."""
    rows = Invitation.objects.select_related("role", "place", "grid", "organisation", "shift__squad")
    row = rows.filter(pk=invitation).first()
    return _row(row, at) if row else None


def _row(row: Any, at: datetime) -> InvitationRow:
    where = row.grid or row.place or row.organisation
    shift = row.shift.squad.name if row.shift else ""
    return InvitationRow(
        id=row.pk,
        kind=InvitationKind(row.kind),
        name=row.role.name if row.role else shift,
        name_en=(row.role.name_en or row.role.name) if row.role else shift,
        where=place_name(where),
        uses_left=row.uses_left,
        expires_at=row.expires_at,
        is_open=row.revoked_at is None and row.expires_at > at and row.uses_left > 0,
        token=token_of(row.pk, INVITATION),
    )
