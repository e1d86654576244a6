"""What the API of places takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from lastmetre.ground.places.rules import (
    NAME_LENGTH,
    NOTE_LENGTH,
    PERSON_LENGTH,
    HandOver,
    Need,
    PlaceKind,
    Risk,
)

Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=100_000_000)]
Small = Annotated[int, Field(ge=0, le=9_999)]
Days = Annotated[int, Field(ge=1, le=30)]
Reason = Annotated[str, Field(max_length=200)]
MOST_AT_ONCE = 5_000


class Input(Schema):
    """What is sent: names that are not known here are refused, for a slip must not pass in silence."""

    model_config = ConfigDict(extra="forbid")


class Done(Schema):
    """How many rows an operation reached."""

    count: int


class Ids(Schema):
    """What was made, in the order in which it was sent."""

    ids: list[UUID]


class CountsOut(Schema):
    """How much lies within a place: by roster, and as surveys reported it."""

    compounds: int
    buildings: int
    units: int
    households: int
    people: int
    reported_households: int
    reported_people: int


class RegimeOut(Schema):
    """A set of rules that a place can be put under."""

    code: str
    name: str
    name_en: str
    strictness: int
    supply_modes: list[str]
    request_every_days: int | None
    outing_every_days: int | None
    outing_persons: int | None
    hand_over: HandOver
    shop_capped: bool


class InForceOut(Schema):
    """The regime in force at a place, and where it was decided."""

    regime: RegimeOut
    risk: Risk
    since: datetime | None
    until: datetime | None
    place: UUID | None
    place_name: str
    notice: str


class PlaceOut(Schema):
    """A place of the tree with what lies in it and what is in force there."""

    id: UUID
    kind: PlaceKind
    name: str
    aliases: list[str]
    longitude: float | None
    latitude: float | None
    outline: list[list[float]] | None
    ended_at: datetime | None
    counts: CountsOut
    in_force: InForceOut


class StepOut(Schema):
    """A place above."""

    id: UUID
    kind: PlaceKind
    name: str


class WholePlaceOut(PlaceOut):
    """A place with the way to it."""

    above: list[StepOut]


class PlaceIn(Input):
    """A place to add; `parent` may be one of the same list that stands before it."""

    id: UUID | None = None
    """Made by the caller, so that a repeated request makes nothing twice."""
    kind: PlaceKind
    name: Name
    parent: UUID | None
    aliases: Annotated[list[Name], Field(max_length=20)] = []
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    floors: Annotated[int, Field(ge=1, le=200)] | None = None
    has_lift: bool = False
    lane: Annotated[str, Field(max_length=20)] = ""


class PlacesIn(Input):
    """Places to add, each after its parent."""

    places: Annotated[list[PlaceIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class PlaceChange(Input):
    """A place's names and position, all of them."""

    name: Name
    aliases: Annotated[list[Name], Field(max_length=20)] = []
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    outline: Annotated[list[tuple[Longitude, Latitude]], Field(max_length=500)] | None = None


class MoveIn(Input):
    """Where a place goes; null: to the top."""

    to: UUID | None


class Why(Input):
    """The reason of a step, for the journal."""

    why: Reason = ""


class SurveyIn(Input):
    """What was reported of the residents (YX17)."""

    households: Count | None = None
    people: Count | None = None
    needs: dict[Need, Count] = {}


class HouseholdOut(Schema):
    """A household, masked."""

    id: UUID
    door: UUID
    building: str
    unit: str
    room: str
    home: str
    floor: int | None
    head_count: int | None
    name: str
    phone_tail: str
    is_erased: bool


class HouseholdIn(Input):
    """A household to add with its door."""

    id: UUID | None = None
    parent: UUID
    room: Name
    floor: Annotated[int, Field(ge=-9, le=200)] | None = None
    name: Annotated[str, Field(max_length=PERSON_LENGTH)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    head_count: Annotated[int, Field(ge=0, le=99)] | None = None
    needs: Annotated[list[Need], Field(max_length=20)] = []
    note: Annotated[str, Field(max_length=NOTE_LENGTH)] = ""


class HouseholdsIn(Input):
    """Households to add."""

    households: Annotated[list[HouseholdIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class HouseholdChange(Input):
    """What is known of a household; personal values that are not sent stay."""

    room: Name | None = None
    floor: Annotated[int, Field(ge=-9, le=200)] | None
    head_count: Annotated[int, Field(ge=0, le=99)] | None
    name: Annotated[str, Field(max_length=PERSON_LENGTH)] | None = None
    phone: Annotated[str, Field(max_length=30)] | None = None
    needs: Annotated[list[Need], Field(max_length=20)] | None = None
    note: Annotated[str, Field(max_length=NOTE_LENGTH)] | None = None


class RevealedOut(Schema):
    """A household in full; that it was asked for has been recorded."""

    id: UUID
    name: str
    phone: str
    needs: list[str]
    note: str
