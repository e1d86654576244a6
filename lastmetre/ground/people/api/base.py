"""The router of people, and what its operations share."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from lastmetre.ground.people.models import Person
from lastmetre.ground.people.rules import EARLIEST, LATEST
from lastmetre.ground.places.models import Place

router = Router(tags=["people"])

Row = TypeVar("Row", bound=Model)
Name = Annotated[str, Field(min_length=1, max_length=60)]
Phone = Annotated[str, Field(max_length=30)]
Why = Annotated[str, Field(max_length=200)]
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]


class Made(Schema):
    """The id of what was made."""

    id: UUID


class Reason(Schema):
    """Why, sealed in the journal."""

    why: Why = ""


def one(rows: QuerySet[Any], pk: Any) -> Any:
    """Return a row that the caller sees; 404 for foreign and missing ones alike."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def place_for(request: HttpRequest, place: UUID, permission: str) -> Place:
    """Return a place where the caller holds a permission."""
    found: Place = one(Place.objects.all(), place)
    request.actor.must(permission, path=found.path)
    return found


def person_seen(pk: UUID) -> Person:
    """Return a person whom the caller sees."""
    found: Person = one(Person.objects.select_related("organisation__seat"), pk)
    return found
