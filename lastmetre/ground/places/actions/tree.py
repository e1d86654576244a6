"""Changing the tree: rename, place on the map, move, end and restore; adding is in `bulk`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Building, Place, Unit
from lastmetre.ground.places.rules import (
    KIND_NAMES,
    Need,
    Permission,
    PlaceKind,
    check_lies_within,
    checked_name,
    pinyin_of,
    sort_key,
)
from lastmetre.ground.protection.actor import EVERYWHERE, Actor, is_within
from lastmetre.terms import InputError, say

_MOVE = """
UPDATE places_place SET
    path = CASE WHEN id = %(id)s THEN %(above)s::ltree || subpath(path, -1)
                ELSE %(above)s::ltree || subpath(path, nlevel(%(old)s::ltree) - 1) END,
    parent_id = CASE WHEN id = %(id)s THEN %(parent)s ELSE parent_id END
WHERE path <@ %(old)s::ltree
"""


@transaction.atomic
def edit_place(
    place: Place,
    *,
    name: str,
    aliases: Sequence[str] = (),
    longitude: float | None = None,
    latitude: float | None = None,
    outline: Sequence[Sequence[float]] | None = None,
    by: Actor,
    at: datetime,
) -> Place:
    """Give a place another name, aliases, position or outline; raises InputError where the name is taken."""
    by.must(Permission.EDIT_PLACES, path=place.path)
    before = place.name
    place.name = checked_name(name)
    place.aliases = list(dict.fromkeys(checked_name(alias) for alias in aliases if alias.strip()))
    place.sort_key = sort_key(place.name)
    place.pinyin = "" if place.kind == PlaceKind.HOUSEHOLD else pinyin_of(place.name, place.aliases)
    place.longitude, place.latitude = longitude, latitude
    if outline is not None:
        place.outline = [list(spot) for spot in outline] or None
    with unless_taken(place.name):
        place.save()
    record("edit", "places.place", place.pk, by=by, at=at, path=place.path, renamed=before != place.name)
    return place


@transaction.atomic
def edit_stairs(
    place: Place, *, floors: int | None, has_lift: bool, lane: str = "", by: Actor, at: datetime
) -> None:
    """Say how many floors a building or unit has and whether there is a lift."""
    by.must(Permission.EDIT_PLACES, path=place.path)
    values: dict[str, Any] = {"floors": floors, "has_lift": has_lift}
    if place.kind == PlaceKind.BUILDING:
        Building.objects.update_or_create(place=place, defaults=values | {"lane": lane.strip()})
    else:
        Unit.objects.update_or_create(place=place, defaults=values)
    record("edit", f"places.{place.kind}", place.pk, by=by, at=at, path=place.path, **values)


@transaction.atomic
def move_place(place: Place, *, to: Place | None, by: Actor, at: datetime) -> Place:
    """Put a place with everything in it into another one, in one statement; ids, rows and history stay."""
    above = to.path if to else EVERYWHERE
    by.must(Permission.EDIT_PLACES, path=place.path)
    by.must(Permission.EDIT_PLACES, path=above)
    check_lies_within(PlaceKind(place.kind), place.name, PlaceKind(to.kind) if to else None)
    if to and is_within(to.path, place.path):
        raise InputError(
            say("{name} cannot lie within itself.", name=place.name), remedy=say("Choose another place.")
        )
    if to and to.ended_at:
        raise _ended(to)
    old = place.path
    values = {"id": place.pk, "old": old, "above": above, "parent": to.pk if to else None}
    with unless_taken(place.name), connection.cursor() as cursor:
        cursor.execute(_MOVE, values)
        moved = cursor.rowcount
    place.refresh_from_db()
    record("move", "places.place", place.pk, by=by, at=at, path=place.path, places=moved, was=old)
    return place


@transaction.atomic
def end_place(place: Place, *, why: str = "", by: Actor, at: datetime) -> int:
    """Take a place and all within it out of use; returns how many. Nothing is deleted: `restore_place`."""
    by.must(Permission.EDIT_PLACES, path=place.path)
    ended = Place.objects.filter(path__within=place.path, ended_at__isnull=True).update(ended_at=at)
    record("end", "places.place", place.pk, by=by, at=at, path=place.path, why=why, places=ended)
    place.refresh_from_db()
    return ended


@transaction.atomic
def restore_place(place: Place, *, by: Actor, at: datetime) -> int:
    """Take a place back into use, with what was ended together with it; returns how many."""
    by.must(Permission.EDIT_PLACES, path=place.path)
    if place.parent and place.parent.ended_at:
        raise _ended(place.parent)
    with unless_taken(place.name):
        back = Place.objects.filter(path__within=place.path, ended_at=place.ended_at).update(ended_at=None)
    record("restore", "places.place", place.pk, by=by, at=at, path=place.path, places=back)
    place.refresh_from_db()
    return back


@transaction.atomic
def record_survey(
    place: Place,
    *,
    households: int | None,
    people: int | None,
    needs: dict[str, int],
    by: Actor,
    at: datetime,
) -> None:
    """Write down what a sub-district, village or compound reported of its residents (YX17)."""
    by.must(Permission.EDIT_PLACES, path=place.path)
    wrong = [code for code, count in needs.items() if code not in list(Need) or count < 0]
    if wrong:
        raise InputError(
            say("“{code}” is no need that is counted here.", code=wrong[0]),
            remedy=say("Use the codes of the form, with numbers from 0 up."),
        )
    place.household_count, place.head_count, place.surveyed_at = households, people, at
    place.need_counts = {code: count for code, count in needs.items() if count}
    place.save(update_fields=["household_count", "head_count", "need_counts", "surveyed_at"])
    figures = {"households": households, "people": people, "needs": place.need_counts}
    record("survey", "places.place", place.pk, by=by, at=at, path=place.path, **figures)


def locked(ids: Sequence[UUID]) -> dict[UUID, Place]:
    """Return places that stay where they are until the transaction ends; raises InputError on others."""
    found = {place.pk: place for place in Place.objects.filter(pk__in=ids).select_for_update(no_key=True)}
    if len(found) < len(set(ids)):
        raise InputError(
            say("One of the places does not exist."),
            remedy=say("Load the page again; somebody may have moved it out of your sight."),
        )
    ended = next((place for place in found.values() if place.ended_at), None)
    if ended:
        raise _ended(ended)
    return found


def _ended(place: Place) -> InputError:
    return InputError(
        say("{kind} {name} is no longer in use.", kind=KIND_NAMES[PlaceKind(place.kind)], name=place.name),
        remedy=say("Take it back into use first, or choose another place."),
    )


@contextmanager
def unless_taken(name: str) -> Iterator[None]:
    """Turn what the database refuses (a name or id that is taken, a parent that moved) into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        told = str(error)
        if "place_name_once_a_parent" in told:
            raise name_taken(name) from error
        if "_pkey" in told:
            raise InputError(
                say("One of these ids is taken already."),
                remedy=say("If this is a repeated request, it was done before; else make new ids."),
            ) from error
        if "places_place_below_parent" in told:
            raise InputError(
                say("Somebody has moved the place above in the meantime."),
                remedy=say("Load the page again and repeat what you did."),
            ) from error
        raise


def name_taken(name: str) -> InputError:
    """Build the refusal of a second place of one name within the same place."""
    return InputError(
        say("There is already a place called “{name}” here.", name=name),
        remedy=say("Use the one that is there, or give this one another name."),
    )
