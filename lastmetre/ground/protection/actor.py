"""Who acts: the one thing that pages, API, jobs and commands hand to queries and actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from lastmetre.terms import InputError, say

EVERYWHERE = ""
"""The path above all paths: who sees it sees everything."""


class ActorKind(StrEnum):
    """What kind of actor a journal line names."""

    STAFF = "staff"
    HOUSEHOLD = "household"
    VOLUNTEER = "volunteer"
    SYSTEM = "system"
    NOBODY = "nobody"


class Denied(InputError):
    """The actor may not do this; pages and API answer 403."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions for one place and all below it, or for one organisation."""

    permissions: frozenset[str]
    path: str | None = None
    organisation: UUID | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor as the journal knows it: an opaque key, and what it may see and do."""

    key: str
    kind: ActorKind
    sees: tuple[str, ...] = ()
    """Paths of the places whose rows (and those of all places below) are visible."""
    organisations: tuple[UUID, ...] = ()
    grants: tuple[Grant, ...] = ()
    device: str = ""
    """Id of the device session, '' for commands and jobs."""

    def may(self, permission: str, *, path: str | None = None, organisation: UUID | None = None) -> bool:
        """Tell whether a grant of `permission` covers the place or organisation; anywhere if none is named."""
        if self.kind is ActorKind.SYSTEM:
            return True
        return any(
            permission in grant.permissions and _covers(grant, path, organisation) for grant in self.grants
        )

    def must(self, permission: str, *, path: str | None = None, organisation: UUID | None = None) -> None:
        """Raise `Denied` where `may` says no."""
        if not self.may(permission, path=path, organisation=organisation):
            raise Denied(
                say("Your role does not allow this here."),
                remedy=say("Ask whoever gave you the role, or an administrator of the place."),
            )


def _covers(grant: Grant, path: str | None, organisation: UUID | None) -> bool:
    if path is not None and grant.path is not None and is_within(path, grant.path):
        return True
    if organisation is not None and grant.organisation == organisation:
        return True
    return path is None and organisation is None


def is_within(path: str, above: str) -> bool:
    """Tell whether a place's path is `above` or below it; every path is below EVERYWHERE."""
    return above == EVERYWHERE or path == above or path.startswith(above + ".")


def sees_any(actor: Actor, paths: Iterable[str]) -> bool:
    """Tell whether the actor sees any of the places."""
    return any(is_within(path, above) for path in paths for above in actor.sees)


SYSTEM = Actor("system", ActorKind.SYSTEM, sees=(EVERYWHERE,))
"""Migrations, jobs, commands, and the door while it finds out who stands before it."""
NOBODY = Actor("nobody", ActorKind.NOBODY)
"""Not signed in: sees no row at all."""
