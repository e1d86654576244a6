"""Places of the tree: walk, find, add, edit, move, end, restore, survey; maps."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from ninja import Query, Router

from lastmetre.ground.places.actions import tree
from lastmetre.ground.places.actions.bulk import NewPlace, add_places
from lastmetre.ground.places.api.schemas import (
    Done,
    Ids,
    MoveIn,
    PlaceChange,
    PlaceOut,
    PlacesIn,
    StepOut,
    SurveyIn,
    WholePlaceOut,
    Why,
)
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.queries.maps import drawing
from lastmetre.ground.places.queries.tree import Branch, ancestors, branches, children, find_places, tops
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, Page, page_of

router = Router(tags=["places"])


def find(pk: UUID) -> Place:
    """Return a place that the caller may see; 404 for all others."""
    return get_object_or_404(Place.objects.select_related("parent"), pk=pk)


@router.get("/", response=list[PlaceOut])
def list_tops(request: HttpRequest) -> list[Branch]:
    """List the topmost places that the caller may see: where a walk begins."""
    return tops(request.actor, request.now)


@router.post("/", response=Ids)
def add(request: HttpRequest, body: PlacesIn) -> dict[str, Any]:
    """Add places, each after its parent; all of them or none."""
    rows = [
        NewPlace(**one.dict(exclude={"id", "aliases"}), id=one.id or new_id(), aliases=tuple(one.aliases))
        for one in body.places
    ]
    return {"ids": [place.pk for place in add_places(rows, by=request.actor, at=request.now)]}


@router.get("/search", response=list[StepOut])
def search(request: HttpRequest, words: Annotated[str, Query(max_length=60)]) -> list[Place]:
    """Find places above the door by name, other name or pinyin initials; 20 at most."""
    return find_places(request.actor, words)


@router.get("/{uuid:pk}", response=WholePlaceOut)
def show(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """Show a place, what lies in it and what is in force there."""
    place = find(pk)
    branch = branches([place], request.now)[0]
    shown = {name: getattr(branch, name) for name in Branch.__slots__}
    return shown | {"above": ancestors(place)}


@router.get("/{uuid:pk}/children", response=Listing[PlaceOut])
def list_children(request: HttpRequest, pk: UUID, cursor: Cursor = "", limit: Limit = 50) -> Page[Branch]:
    """List what lies directly within a place, doors left out (they are on the roster)."""
    within = Place.objects.filter(parent=find(pk), ended_at__isnull=True).exclude(kind=PlaceKind.HOUSEHOLD)
    page = page_of(within, by="sort_key", cursor=cursor, size=limit)
    return Page(branches(page.rows, request.now), page.next)


@router.put("/{uuid:pk}", response=Done)
def edit(request: HttpRequest, pk: UUID, body: PlaceChange) -> dict[str, int]:
    """Change a place's names, position and outline."""
    tree.edit_place(find(pk), **body.dict(), by=request.actor, at=request.now)
    return {"count": 1}


@router.post("/{uuid:pk}/move", response=Done)
def move(request: HttpRequest, pk: UUID, body: MoveIn) -> dict[str, int]:
    """Put a place with everything in it into another one."""
    to = find(body.to) if body.to else None
    tree.move_place(find(pk), to=to, by=request.actor, at=request.now)
    return {"count": 1}


@router.post("/{uuid:pk}/end", response=Done)
def end(request: HttpRequest, pk: UUID, body: Why) -> dict[str, int]:
    """Take a place and all within it out of use."""
    return {"count": tree.end_place(find(pk), why=body.why, by=request.actor, at=request.now)}


@router.post("/{uuid:pk}/restore", response=Done)
def restore(request: HttpRequest, pk: UUID) -> dict[str, int]:
    """Take a place back into use, with what was ended together with it."""
    return {"count": tree.restore_place(find(pk), by=request.actor, at=request.now)}


@router.put("/{uuid:pk}/survey", response=Done)
def survey(request: HttpRequest, pk: UUID, body: SurveyIn) -> dict[str, int]:
    """Write down what was reported of the residents (YX17)."""
    needs = {str(need): count for need, count in body.needs.items()}
    tree.record_survey(
        find(pk),
        households=body.households,
        people=body.people,
        needs=needs,
        by=request.actor,
        at=request.now,
    )
    return {"count": 1}


@router.get("/{uuid:pk}/map", response=dict[str, Any])
def map_of(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """Answer the shapes of what lies in a place as GeoJSON (in metres where `schematic`)."""
    place = find(pk)
    return drawing(place, children(place, request.now)).geojson(lambda one: f"/api/places/{one}", gettext)
