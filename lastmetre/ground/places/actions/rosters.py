"""Rosters in and out: read and sealed, reviewed, taken over by whoever confirms exactly what they saw."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
from lastmetre.ground.places.actions.layouts import write_details
from lastmetre.ground.places.import_rules import FIELDS, Change, Review, chosen, in_style_of, to_plain
from lastmetre.ground.places.layout_rules import layout_to_plain
from lastmetre.ground.places.models import Household, Place, RosterUpload
from lastmetre.ground.places.queries.compounds import home_at, short_names, stairs_within, terms
from lastmetre.ground.places.queries.imports import open_review
from lastmetre.ground.places.queries.roster import doors_within
from lastmetre.ground.places.rules import COMPOUND_KINDS, Permission, PlaceKind
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.responses import response_for
from lastmetre.reading.compounds import read_compound
from lastmetre.reading.rosters import Roster, read_roster
from lastmetre.terms import Compound, Home, InputError, Unit, say

_UPDATE = "UPDATE places_household SET {} WHERE id = %s".format(
    ", ".join(f"{name} = %s" for name in (*FIELDS, "search_marks"))
)
COMPOUND_ENDINGS = (".yaml", ".yml")
_LISTED = {*COMPOUND_KINDS, PlaceKind.VILLAGE, PlaceKind.VILLAGE_GROUP}


@transaction.atomic
def upload_roster(
    place: Place, *, path: Path, mapping: Mapping[str, str] | None = None, by: Actor, at: datetime
) -> RosterUpload:
    """Read a workbook or CSV and keep what it says, sealed, for review; raises InputError on what is none.

    A compound file of the steward's tool (.yaml, its roster beside it) brings buildings and names as well.
    `mapping` says what columns mean where the reader is wrong (房号 -> room). Nothing is changed yet.
    """
    by.must(Permission.EDIT_ROSTER, path=place.path)
    if PlaceKind(place.kind) not in _LISTED:
        raise InputError(
            say("{name} has no roster of its own.", name=place.name),
            remedy=say("Choose the compound or village."),
        )
    if path.suffix.lower() in COMPOUND_ENDINGS:
        layout = read_compound(path)
        roster = Roster(layout.name, layout.households, ())
        content = to_plain(roster) | {"layout": layout_to_plain(layout)}
    else:
        roster = read_roster(path, terms(place, people=False), mapping, whole=False)
        content = to_plain(roster)
    upload = RosterUpload(
        place=place,
        path=place.path,
        response=response_for(place.path),
        file_name=path.name,
        content=json.dumps(content, ensure_ascii=False),
        uploaded_by=by.key,
        uploaded_at=at,
    )
    upload.save(force_insert=True)
    count = len(roster.households)
    record("upload", "places.rosterupload", upload.pk, by=by, at=at, path=place.path, households=count)
    return upload


@transaction.atomic
def take_over(
    upload: RosterUpload, *, digest: str, choices: Mapping[str, str], by: Actor, at: datetime
) -> Review:
    """Write what the review shows, if it is still the one with this digest; raises InputError if not."""
    by.must(Permission.EDIT_ROSTER, path=upload.path)
    Place.objects.select_for_update(no_key=True).get(pk=upload.place_id)
    whole = open_review(upload)
    shown = whole.roster
    if whole.digest != digest:
        raise InputError(
            say("The roster has changed since you looked at this review."),
            remedy=say("Look at it again: it is up to date now."),
        )
    changes = chosen(shown, choices)
    stairs = _with_new_stairs(upload.place, shown, by=by, at=at)
    new = [
        NewHousehold(
            stairs[one.home.building, one.home.unit],
            one.home.room,
            floor=one.floor,
            name=one.name,
            phone=one.phone,
            head_count=one.head_count,
        )
        for one in shown.added
    ]
    add_households(new, by=by, at=at)
    _write(upload.place, changes)
    write_details(upload.place, whole.details, by=by, at=at)
    figures: dict[str, Any] = {"added": len(new), "changed": len(changes), "kept": len(shown.missing)}
    record("take_over", "places.rosterupload", upload.pk, by=by, at=at, path=upload.path, **figures)
    _settle(upload, at)
    return shown


@transaction.atomic
def put_aside(upload: RosterUpload, *, by: Actor, at: datetime) -> None:
    """Drop an upload without taking anything over; what was read from it is gone."""
    by.must(Permission.EDIT_ROSTER, path=upload.path)
    record("put_aside", "places.rosterupload", upload.pk, by=by, at=at, path=upload.path)
    _settle(upload, at)


@transaction.atomic
def export_roster(place: Place, *, people: bool, why: str = "", by: Actor, at: datetime) -> Compound:
    """Return a compound for a workbook; with `people` names and phones, for a reason, and a line is left."""
    by.must(Permission.SEE_ROSTER, path=place.path)
    if people:
        by.must(Permission.EXPORT_ROSTER, path=place.path)
        if not why.strip():
            raise InputError(
                say("Names and phones leave the product only for a reason."),
                remedy=say("Write what you need them for."),
            )
    compound = terms(place, people=True)
    told: dict[str, Any] = {"people": people, "households": len(compound.households)}
    record("export", "places.roster", place.pk, by=by, at=at, path=place.path, why=why.strip(), **told)
    return compound


def _with_new_stairs(place: Place, shown: Review, *, by: Actor, at: datetime) -> dict[tuple[str, str], UUID]:
    """Add the buildings and units that are new; return the place of each pair of building and unit."""
    stairs = stairs_within(place)
    names = short_names(stairs)
    known: dict[tuple[str, str], UUID] = {}
    for one in stairs:
        is_unit = one.kind == PlaceKind.UNIT
        known[(names[one.parent_id], names[one.pk]) if is_unit else (names[one.pk], "")] = one.pk
    buildings = [one.name for one in stairs if one.kind == PlaceKind.BUILDING]
    units = [one.name for one in stairs if one.kind == PlaceKind.UNIT]
    new: list[NewPlace] = []
    for name in shown.buildings:
        plain = next((unit for unit in shown.units if unit.building == name), Unit(name))
        spelled = in_style_of(buildings, name)
        row = NewPlace(PlaceKind.BUILDING, spelled, place.pk, floors=plain.floors, has_lift=plain.has_lift)
        known[name, ""] = row.id
        new.append(row)
    for unit in shown.units:
        above = known[unit.building, ""]
        spelled = in_style_of(units, unit.name)
        row = NewPlace(PlaceKind.UNIT, spelled, above, floors=unit.floors, has_lift=unit.has_lift)
        known[unit.building, unit.name] = row.id
        new.append(row)
    add_places(new, by=by, at=at)
    return known


def _write(place: Place, changes: list[Change]) -> None:
    wanted: dict[Home, list[Change]] = defaultdict(list)
    for change in changes:
        wanted[change.home].append(change)
    if not wanted:
        return
    touched: list[Household] = []
    names = short_names(stairs_within(place))
    for household in doors_within(place):
        home = home_at(household, names)
        for change in wanted.get(home, ()):
            setattr(household, change.field, change.after)
        if home in wanted:
            touched.append(household)
    with connection.cursor() as cursor:
        # Django's bulk_update would ask for the plain values: these are sealed and marked as a save does.
        cursor.executemany(_UPDATE, [_stored(household) for household in touched])


def _stored(household: Household) -> list[object]:
    fields = [Household._meta.get_field(name) for name in (*FIELDS, "search_marks")]
    return [*(field.pre_save(household, False) for field in fields), household.pk]


def _settle(upload: RosterUpload, at: datetime) -> None:
    upload.content = upload.file_name = ""
    upload.settled_at = at
    upload.save(update_fields=["content", "file_name", "settled_at"])
