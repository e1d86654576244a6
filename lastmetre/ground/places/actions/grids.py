"""Grid areas (片区): buildings looked after together, across compounds (ER3a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Grid, GridMember, Place
from lastmetre.ground.places.rules import Permission, checked_name
from lastmetre.ground.protection.actor import Actor, is_within
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, say


@transaction.atomic
def save_grid(
    place: Place,
    *,
    name: str,
    members: Sequence[UUID],
    grid: Grid | None = None,
    id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Grid:
    """Add a grid of a place, or give one another name and other members; each lies in one grid at most."""
    by.must(Permission.EDIT_PLACES, path=place.path)
    saved = grid or Grid(pk=id or new_id(), place=place, path=place.path)
    saved.name = checked_name(name)
    found = list(Place.objects.filter(pk__in=members, ended_at__isnull=True))
    if len(found) < len(set(members)) or any(not is_within(one.path, place.path) for one in found):
        raise InputError(
            say("A member of the grid does not lie in {place}.", place=place.name),
            remedy=say("Choose buildings or compounds of this place."),
        )
    try:
        with transaction.atomic():
            saved.save()
            saved.members.exclude(place__in=found).delete()
            there = set(saved.members.values_list("place_id", flat=True))
            new = [GridMember(place=one, path=one.path, grid=saved) for one in found if one.pk not in there]
            GridMember.objects.bulk_create(new)
    except IntegrityError as error:
        if "place_in_one_grid" in str(error):
            raise InputError(
                say("One of the buildings lies in another grid."), remedy=say("Take it out there first.")
            ) from error
        raise InputError(
            say("There is already a grid called “{name}” here.", name=saved.name),
            remedy=say("Give this one another name."),
        ) from error
    record(
        "edit" if grid else "add", "places.grid", saved.pk, by=by, at=at, path=place.path, members=len(found)
    )
    return saved


@transaction.atomic
def remove_grid(grid: Grid, *, by: Actor, at: datetime) -> None:
    """Remove a grid; its buildings stay."""
    by.must(Permission.EDIT_PLACES, path=grid.path)
    record("remove", "places.grid", grid.pk, by=by, at=at, path=grid.path, name=grid.name)
    grid.delete()
