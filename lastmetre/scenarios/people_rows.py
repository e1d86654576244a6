"""Rows about organisations, people and teams. Every person, name and phone is invented."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .codes import OrganisationKind, Role, TeamKind


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who people work for."""

    key: str
    kind: OrganisationKind
    name: str
    place: str = ""
    """Where it has its seat or duty."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a duty; fitness as FC8 asks it of helpers."""

    key: str
    name: str
    phone: str
    organisation: str = ""
    trained_on: datetime.date | None = None
    tested_on: datetime.date | None = None
    is_fit: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role scoped to exactly one of place, organisation, household."""

    person: str
    role: Role
    place: str = ""
    organisation: str = ""
    household: str = ""
    grid: str = ""
    """Only the members of this grid area of the place (ER3a)."""


@dataclass(frozen=True, slots=True)
class Team:
    """A squad, a team at a gate or a work group, with its people; the leader is one of the members."""

    key: str
    kind: TeamKind
    place: str
    name: str
    duty: str = ""
    leader: str = ""
    members: tuple[str, ...] = ()
    row: str = ""
    """The row of the requirements that asks for it."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One wave of a team's work."""

    key: str
    team: str
    starts: datetime.datetime
    ends: datetime.datetime
    wanted: int
    members: tuple[str, ...] = ()
