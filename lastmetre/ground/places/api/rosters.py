"""Rosters and households."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from ninja import File, Query, Router
from ninja.files import UploadedFile

from lastmetre.ground.places.actions import households as household_actions
from lastmetre.ground.places.actions import rosters as actions
from lastmetre.ground.places.actions.bulk import NewHousehold, add_households
from lastmetre.ground.places.api.roster_schemas import ExportIn, ExportOut, ReviewOut, TakenOver, TakeOverIn
from lastmetre.ground.places.api.schemas import (
    Done,
    HouseholdChange,
    HouseholdOut,
    HouseholdsIn,
    Ids,
    RevealedOut,
    Why,
)
from lastmetre.ground.places.api.tree import find
from lastmetre.ground.places.import_rules import Change, masked_before
from lastmetre.ground.places.models import Household, RosterUpload
from lastmetre.ground.places.queries.imports import open_review
from lastmetre.ground.places.queries.roster import masked_row, roster
from lastmetre.ground.places.rules import Need, Permission
from lastmetre.ground.places.uploads import read_upload
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, Page
from lastmetre.papers.compound_files import compound_as_plain, roster_as_plain

router = Router(tags=["rosters"])
WITH_DOOR = Household.objects.select_related("place__parent__parent")


@router.get("/{uuid:pk}/roster", response=Listing[HouseholdOut])
def list_roster(
    request: HttpRequest,
    pk: UUID,
    words: Annotated[str, Query(max_length=60, description="Room, phone tail, name, pinyin")] = "",
    need: Need | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[Any]:
    """List the households of a place, masked, in the order of their doors."""
    place = find(pk)
    request.actor.must(Permission.SEE_ROSTER, path=place.path)
    page = roster(place, words=words, needs=[need] if need else [], after=cursor, limit=limit)
    return Page(page.rows, page.next)


@router.post("/households", response=Ids)
def add(request: HttpRequest, body: HouseholdsIn) -> dict[str, Any]:
    """Add households with their doors; all of them or none."""
    rows = [
        NewHousehold(
            **one.dict(exclude={"id", "needs"}),
            id=one.id or new_id(),
            needs=tuple(str(need) for need in one.needs),
        )
        for one in body.households
    ]
    return {"ids": [one.pk for one in add_households(rows, by=request.actor, at=request.now)]}


@router.get("/households/{uuid:pk}", response=HouseholdOut)
def show(request: HttpRequest, pk: UUID) -> Any:
    """Show a household, masked."""
    return masked_row(get_object_or_404(WITH_DOOR, pk=pk))


@router.post("/households/{uuid:pk}/reveal", response=RevealedOut)
def reveal(request: HttpRequest, pk: UUID, body: Why) -> dict[str, Any]:
    """Show a household in full; it is recorded and counts towards the alarm."""
    household = get_object_or_404(WITH_DOOR, pk=pk)
    one = household_actions.reveal(household, by=request.actor, at=request.now, why=body.why)
    personal = {name: getattr(one, name) or "" for name in ("name", "phone", "note")}
    return {"id": one.pk, "needs": (one.needs or "").split(), **personal}


@router.patch("/households/{uuid:pk}", response=Done)
def edit(request: HttpRequest, pk: UUID, body: HouseholdChange) -> dict[str, int]:
    """Change what is known of a household."""
    household = get_object_or_404(WITH_DOOR, pk=pk)
    household_actions.edit_household(household, **body.dict(), by=request.actor, at=request.now)
    return {"count": 1}


@router.post("/{uuid:pk}/roster/uploads", response=ReviewOut)
def upload(
    request: HttpRequest, pk: UUID, file: File[UploadedFile], beside: File[UploadedFile | None] = None
) -> dict[str, Any]:
    """Read a roster (or a compound file, with `beside` its roster) and answer what it would change.

    Nothing is changed yet: see `take-over`.
    """
    files = [file, beside] if beside else [file]
    made = read_upload(find(pk), files, by=request.actor, at=request.now)
    return _review(made)


@router.get("/uploads/{uuid:pk}", response=ReviewOut)
def review(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """Show what an upload would change now."""
    one = _upload(pk)
    request.actor.must(Permission.EDIT_ROSTER, path=one.path)
    return _review(one)


@router.post("/uploads/{uuid:pk}/take-over", response=TakenOver)
def take_over(request: HttpRequest, pk: UUID, body: TakeOverIn) -> dict[str, int]:
    """Write exactly what the review with this digest shows."""
    done = actions.take_over(
        _upload(pk), digest=body.digest, choices=body.choices, by=request.actor, at=request.now
    )
    return {"added": len(done.added), "kept": len(done.missing)}


@router.delete("/uploads/{uuid:pk}", response=Done)
def put_aside(request: HttpRequest, pk: UUID) -> dict[str, int]:
    """Drop an upload without taking anything over."""
    actions.put_aside(_upload(pk), by=request.actor, at=request.now)
    return {"count": 1}


@router.post("/{uuid:pk}/roster/export", response=ExportOut)
def export(request: HttpRequest, pk: UUID, body: ExportIn) -> dict[str, Any]:
    """Answer the compound with its households; names and phones only with leave and a reason."""
    place = find(pk)
    compound = actions.export_roster(
        place, people=body.people, why=body.why, by=request.actor, at=request.now
    )
    return compound_as_plain(compound) | {"households": roster_as_plain(compound, masked=not body.people)}


def _upload(pk: UUID) -> RosterUpload:
    return get_object_or_404(RosterUpload.objects.select_related("place"), pk=pk)


def _review(upload: RosterUpload) -> dict[str, Any]:
    whole = open_review(upload)
    shown = whole.roster
    return {
        "id": upload.pk,
        "digest": whole.digest,
        "added": [str(one.home) for one in shown.added],
        "buildings": shown.buildings,
        "units": [f"{unit.building}-{unit.name}" for unit in shown.units],
        "filled": [_change(one) for one in shown.filled],
        "conflicts": [_change(one) for one in shown.conflicts],
        "same": shown.same,
        "missing": [str(home) for home in shown.missing],
        "left_out": [one.sentence.text(gettext) for one in shown.left_out],
        "details": [[one.building, one.unit, one.field, str(one.after)] for one in whole.details],
        "has_effect": whole.has_effect,
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "key": one.key,
        "home": str(one.home),
        "field": one.field,
        "before": masked_before(one),
        "after": one.after,
    }
