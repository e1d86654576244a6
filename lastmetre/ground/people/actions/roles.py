"""Roles: those of the catalogue, local ones, giving, ending and handing over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.actions.endings import end_with_deputies
from lastmetre.ground.people.actions.persons import covers, seat_path
from lastmetre.ground.people.catalogue import CATALOGUE
from lastmetre.ground.people.models import Assignment, Organisation, Person, Role
from lastmetre.ground.people.queries.door import running
from lastmetre.ground.people.rules import Permission, Scope, check_give
from lastmetre.ground.places.models import Grid, Place
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

ASSIGNMENT = "people.assignment"
ROLE = "people.role"


def install_roles() -> None:
    """Write the roles of the catalogue; those that an administrator changed stay as they are."""
    changed = set(Role.objects.filter(is_changed=True).values_list("code", flat=True))
    rows = [
        Role(
            code=role.code,
            name=role.name,
            name_en=role.name_en,
            scope=role.scope,
            permissions=sorted(role.permissions),
            home=role.home,
            is_builtin=True,
        )
        for role in CATALOGUE
        if role.code not in changed
    ]
    Role.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "scope", "permissions", "home", "is_builtin"],
    )


@transaction.atomic
def give_role(
    person: Person,
    role: Role,
    *,
    by: Actor,
    at: datetime,
    place: Place | None = None,
    grid: Grid | None = None,
    organisation: Organisation | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    why: str = "",
) -> Assignment:
    """Give somebody a role at a place (or one of its grids) or in an organisation; nobody gives more than they have."""
    if grid is not None:
        place = grid.place
    check_scope(role, place, organisation)
    check_give(role.permissions, covers(by, path=place.path if place else None, organisation=organisation))
    row = Assignment(
        person=person,
        role=role,
        place=place,
        path=place.path if place else None,
        grid=grid,
        organisation=organisation,
        starts_at=starts_at or at,
        ends_at=ends_at,
        given_by=by.key,
    )
    _insert(row)
    path = place.path if place else seat_path(organisation)
    record(
        "gave role", ASSIGNMENT, row.pk, by=by, at=at, path=path, why=why, role=role.code, to=str(person.pk)
    )
    return row


def check_scope(role: Role, place: Place | None, organisation: Organisation | None) -> None:
    """Raise InputError where a role is not given for this kind of thing."""
    kinds = {
        Scope.PLACE: place is not None,
        Scope.HOUSEHOLD: place is not None and place.kind == PlaceKind.HOUSEHOLD,
        Scope.ORGANISATION: organisation is not None,
        Scope.EITHER: True,
    }
    if (place is None) == (organisation is None):
        raise InputError(
            say("A role is for one place or for one organisation."), remedy=say("Choose one of them.")
        )
    if role.ended_at is not None or not kinds[Scope(role.scope)]:
        raise InputError(
            say("The role {name} is not given for that.", name=role.name),
            remedy=say("Choose another role, or the place, organisation or door that it is for."),
        )
    if role.path is not None and not (place and (place.path + ".").startswith(role.path + ".")):
        raise InputError(
            say("The role {name} belongs to another place.", name=role.name),
            remedy=say("Add a role of that name here first."),
        )


@transaction.atomic
def end_role(assignment: Assignment, *, by: Actor, at: datetime, why: str = "") -> None:
    """End a role now, and those of its deputies; raises InputError where it has ended already."""
    with acting_as(SYSTEM):  # a grid's worker sees their own role but not the place that it is given for
        rows = Assignment.objects.select_related("role", "organisation__seat")
        locked = rows.select_for_update(of=("self",)).get(pk=assignment.pk)
    if locked.ends_at is not None and locked.ends_at <= at:
        raise InputError(say("This role has ended already."), remedy=say("Load the page again."))
    own = str(locked.person_id) == by.key
    given = locked.given_by == by.key and locked.stands_in_for_id is not None
    path = locked.path or (seat_path(locked.organisation) if locked.organisation else None)
    if not own and not given:
        check = covers(by, path=locked.path, organisation=locked.organisation)
        check_give(locked.role.permissions, check)
    with acting_as(SYSTEM):
        end_with_deputies([locked.pk], at=at)
    record("ended role", ASSIGNMENT, locked.pk, by=by, at=at, path=path or "", why=why, role=locked.role_id)


@transaction.atomic
def hand_over(
    assignments: Iterable[Assignment],
    deputy: Person,
    *,
    by: Actor,
    at: datetime,
    ends_at: datetime,
    why: str = "",
) -> list[Assignment]:
    """Let somebody stand in for one's own roles from now until a time (half a committee may be isolated overnight).

    The roles themselves go on: who is isolated can still telephone.
    """
    if str(deputy.pk) == by.key:
        raise InputError(say("You cannot stand in for yourself."), remedy=say("Pick somebody else."))
    if ends_at <= at:
        raise InputError(
            say("The time until when they stand in is over already."), remedy=say("Choose a later one.")
        )
    rows = [_in_place_of(held, deputy, by, at, ends_at) for held in assignments]
    if not rows:
        raise InputError(
            say("You have no role to hand over."), remedy=say("Pick at least one of your roles.")
        )
    # A grid's worker does not see the whole place that the grid lies in.
    with acting_as(SYSTEM):
        for row in rows:
            _insert(row)
    for row in rows:
        path = row.path or (seat_path(row.organisation) if row.organisation else "")
        record(
            "handed over",
            ASSIGNMENT,
            row.pk,
            by=by,
            at=at,
            path=path,
            why=why,
            role=row.role_id,
            to=str(deputy.pk),
        )
    return rows


def _in_place_of(held: Assignment, deputy: Person, by: Actor, at: datetime, ends_at: datetime) -> Assignment:
    if str(held.person_id) != by.key:
        check_give(held.role.permissions, covers(by, path=held.path, organisation=held.organisation))
    return Assignment(
        person=deputy,
        role_id=held.role_id,
        place_id=held.place_id,
        path=held.path,
        grid_id=held.grid_id,
        organisation_id=held.organisation_id,
        starts_at=at,
        ends_at=min(ends_at, held.ends_at) if held.ends_at else ends_at,
        stands_in_for=held,
        given_by=by.key,
    )


@transaction.atomic
def define_role(
    *,
    by: Actor,
    at: datetime,
    place: Place,
    name: str,
    name_en: str = "",
    scope: Scope = Scope.PLACE,
    permissions: Iterable[str] = (),
) -> Role:
    """Add a role of a place's own; it may do no more than whoever adds it (issue 3: roles are data)."""
    by.must(Permission.DEFINE_ROLES, path=place.path)
    wanted = sorted(set(permissions))
    check_give(wanted, covers(by, path=place.path, organisation=None))
    if not name.strip():
        raise InputError(say("A role needs a name."), remedy=say("Write it as people say it."))
    role = Role(
        code=f"local-{new_id().hex[-12:]}",
        name=name.strip()[:40],
        name_en=name_en.strip()[:40],
        scope=scope,
        permissions=wanted,
        place=place,
        path=place.path,
    )
    role.save(force_insert=True)
    record("defined", ROLE, by=by, at=at, path=place.path, role=role.code, permissions=wanted)
    return role


@transaction.atomic
def change_role(role: Role, *, by: Actor, at: datetime, permissions: Iterable[str]) -> None:
    """Change what a role may do; a role of the catalogue only by who holds the permission everywhere."""
    by.must(Permission.DEFINE_ROLES, path=role.path if role.path is not None else "")
    wanted = sorted(set(permissions))
    check_give(wanted, covers(by, path=role.path if role.path is not None else "", organisation=None))
    before, role.permissions, role.is_changed = role.permissions, wanted, True
    role.save(update_fields=["permissions", "is_changed"])
    record(
        "changed", ROLE, by=by, at=at, path=role.path or "", role=role.code, before=before, permissions=wanted
    )


@transaction.atomic
def end_local_role(role: Role, *, by: Actor, at: datetime) -> None:
    """Give a local role to nobody any more and end it for those who have it."""
    if role.is_builtin:
        raise InputError(
            say("Roles of the catalogue stay."), remedy=say("Give them to nobody, or take permissions away.")
        )
    by.must(Permission.DEFINE_ROLES, path=role.path)
    role.ended_at = at
    role.save(update_fields=["ended_at"])
    Assignment.objects.filter(running(at), role=role).update(ends_at=at)
    record("ended", ROLE, by=by, at=at, path=role.path or "", role=role.code)


def _insert(row: Any) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "assignment_once_at_a_time" not in str(error):
            raise
        raise InputError(
            say("They have this role here already."), remedy=say("End the earlier one first, or leave it.")
        ) from error
