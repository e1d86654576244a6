"""The rows that the door reads, in SQL: every request asks them, and composing them by the ORM cost eight times
the processor time of asking. Row-level security holds for them as for all queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

DEVICE_SQL = """
SELECT d.id, d.kind, d.seen_at, d.expires_at, d.assignment_id,
    d.person_id, p.left_at, p.name, a.username, a.is_active, a.language,
    d.household_id, h.path::text, door.name,
    d.shift_id, s.cancelled_at, q.path::text, place.name,
    (SELECT is_demo FROM protection_clock)
FROM people_device d
LEFT JOIN people_person p ON p.id = d.person_id
LEFT JOIN people_account a ON a.person_id = d.person_id
LEFT JOIN places_household h ON h.id = d.household_id
LEFT JOIN places_place door ON door.id = h.place_id
LEFT JOIN people_shift s ON s.id = d.shift_id
LEFT JOIN people_squad q ON q.id = s.squad_id
LEFT JOIN places_place place ON place.id = q.place_id
WHERE d.token_hash = %s AND d.revoked_at IS NULL AND d.expires_at > %s
"""
HELD_SQL = """
SELECT a.id, a.role_id, r.name, r.name_en, r.home, r.permissions,
    a.place_id, a.path::text, place.kind, place.name,
    a.grid_id, grid.name,
    ARRAY(SELECT m.path::text FROM places_gridmember m WHERE m.grid_id = a.grid_id),
    a.organisation_id, firm.name, a.stands_in_for_id, a.ends_at
FROM people_assignment a
JOIN people_role r ON r.code = a.role_id AND r.ended_at IS NULL
LEFT JOIN places_place place ON place.id = a.place_id
LEFT JOIN places_grid grid ON grid.id = a.grid_id
LEFT JOIN people_organisation firm ON firm.id = a.organisation_id
WHERE a.person_id = %s AND a.starts_at <= %s AND (a.ends_at IS NULL OR a.ends_at > %s)
ORDER BY a.starts_at, a.id
"""
PERMISSIONS_SQL = "SELECT permissions FROM people_role WHERE code = %s AND ended_at IS NULL"


class FoundDevice(NamedTuple):
    """A device that is signed in, with its owner."""

    id: UUID
    kind: str
    seen_at: datetime
    expires_at: datetime
    assignment: UUID | None
    person: UUID | None
    left_at: datetime | None
    sealed_name: bytes | None
    username: str | None
    is_active: bool | None
    language: str | None
    household: UUID | None
    door_path: str | None
    door: str | None
    shift: UUID | None
    cancelled_at: datetime | None
    squad_path: str | None
    squad_place: str | None
    is_demo: bool


class HeldRow(NamedTuple):
    """An assignment that runs, with its role and what it is for; names are None where they are not seen."""

    id: UUID
    role: str
    name: str
    name_en: str
    home: str
    permissions: list[str]
    place: UUID | None
    path: str | None
    place_kind: str | None
    place_name: str | None
    grid: UUID | None
    grid_name: str | None
    grid_paths: list[str]
    organisation: UUID | None
    organisation_name: str | None
    stands_in_for: UUID | None
    ends_at: datetime | None


def device_of(token_hash: bytes, at: datetime) -> FoundDevice | None:
    """Return the device of a token's hash that is neither revoked nor expired; one query."""
    rows = _rows(DEVICE_SQL, token_hash, at)
    return FoundDevice(*rows[0]) if rows else None


def held_rows(person: UUID, at: datetime) -> list[HeldRow]:
    """Return the assignments of a person that run at a time; one query."""
    return [HeldRow(*row) for row in _rows(HELD_SQL, person, at, at)]


def permissions_of(role: str) -> frozenset[str]:
    """Return what a role may do; one query."""
    rows = _rows(PERMISSIONS_SQL, role)
    return frozenset(rows[0][0]) if rows else frozenset()


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
