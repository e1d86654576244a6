"""Who looks after a door: what a household may know of people whose rows it cannot see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from lastmetre.ground.people.models import Assignment, Role
from lastmetre.ground.people.queries.door import running
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.masking import masked_name

ROLES = ("building_head", "grid_worker", "liaison", "property_office")
"""Whom a household may ring, the nearest first (QZ14, FC7)."""
CARE = ("carer", "building_head")
"""Who goes and looks where somebody needs help."""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody who looks after a door."""

    person: UUID
    name: str
    """Masked: 王女士, 王**."""
    role: Role


def contacts_of_door(path: str, *, at: datetime, roles: Sequence[str] = ROLES) -> tuple[ContactRow, ...]:
    """Return who looks after a door: masked names, the nearest first; one query."""
    with acting_as(SYSTEM):
        rows = sorted(
            _looking_after(path, at, roles), key=lambda row: (-len(str(row.path)), roles.index(row.role_id))
        )
        return tuple(ContactRow(row.person_id, masked_name(row.person.name or ""), row.role) for row in rows)


def contact_of_door(
    path: str, person: UUID, *, at: datetime, roles: Sequence[str] = ROLES
) -> tuple[str, str] | None:
    """Return the masked name and the number of somebody who looks after a door; None for everybody else."""
    with acting_as(SYSTEM):
        row = _looking_after(path, at, roles).filter(person=person).first()
        if row is None or not row.person.phone:
            return None
        return masked_name(row.person.name or ""), row.person.phone


def _looking_after(path: str, at: datetime, roles: Sequence[str]) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        running(at), role__in=roles, path__above=path, grid=None, person__left_at=None
    ).select_related("person", "role")


def people_who_may(permission: str, path: str, *, at: datetime, most: int = 40) -> tuple[ContactRow, ...]:
    """Return who has a permission at a place or at a part of it, masked, by name; one query."""
    with acting_as(SYSTEM):
        here = Q(path__above=path) | Q(path__within=path)
        rows = Assignment.objects.filter(
            running(at), here, role__permissions__contains=[permission], grid=None, person__left_at=None
        ).select_related("person", "role")
        found = {row.person_id: row for row in rows[: most * 2]}
        named = (
            ContactRow(row.person_id, masked_name(row.person.name or ""), row.role) for row in found.values()
        )
        return tuple(sorted(named, key=lambda one: (one.name, str(one.person))))[:most]
