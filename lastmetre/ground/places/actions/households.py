"""Changing and reading what is personal about a household."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lastmetre.ground.journal import actions as journal
from lastmetre.ground.places.actions.tree import unless_taken
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.rules import Permission, checked_name, checked_needs, sort_key
from lastmetre.ground.protection.actor import Actor, ActorKind
from lastmetre.terms import InputError, say

KEEP = None
"""A value that an edit leaves as it is: a form that shows masked values must not write the masks back."""


@transaction.atomic
def edit_household(
    household: Household,
    *,
    room: str | None = KEEP,
    name: str | None = KEEP,
    phone: str | None = KEEP,
    note: str | None = KEEP,
    needs: Sequence[str] | None = KEEP,
    floor: int | None,
    head_count: int | None,
    by: Actor,
    at: datetime,
) -> Household:
    """Change what is known of a household; personal values given as None stay. The line names fields only.

    A household changes what is known of itself, but neither the number nor the floor of its door.
    """
    moves_door = floor != household.floor or room not in (KEEP, household.place.name)
    if moves_door or not is_own(household, by):
        by.must(Permission.EDIT_ROSTER, path=household.path)
    changed = [
        field
        for field, value in (("name", name), ("phone", phone), ("note", note))
        if value is not KEEP and _set(household, field, value.strip())
    ]
    if needs is not KEEP and _set(household, "needs", checked_needs(list(needs))):
        changed.append("needs")
    changed += [
        field
        for field, figure in (("floor", floor), ("head_count", head_count))
        if _set(household, field, figure)
    ]
    door = household.place
    if room is not KEEP and checked_name(room) != door.name:
        door.name, changed = checked_name(room), [*changed, "room"]
        door.sort_key = sort_key(door.name)
        with unless_taken(door.name):
            door.save(update_fields=["name", "sort_key"])
    if changed:
        household.save()
        journal.record(
            "edit", "places.household", household.pk, by=by, at=at, path=household.path, changed=changed
        )
    return household


@transaction.atomic
def reveal(household: Household, *, by: Actor, at: datetime, why: str = "") -> Household:
    """Show a household's name, phone, needs and note in full; leaves a line and counts towards the alarm."""
    if is_own(household, by):
        return household
    by.must(Permission.REVEAL, path=household.path)
    if household.name is None:
        raise InputError(
            say("What was personal here has been erased."), remedy=say("Ask at the door if you need it.")
        )
    journal.reveal("places.household", household.pk, by=by, at=at, path=household.path, why=why)
    return household


def is_own(household: Household, actor: Actor) -> bool:
    """Tell whether the actor is this household, signed in by its card."""
    return actor.kind is ActorKind.HOUSEHOLD and actor.key == str(household.pk)


def _set(household: Household, field: str, value: object) -> bool:
    if getattr(household, field) == value:
        return False
    setattr(household, field, value)
    return True
