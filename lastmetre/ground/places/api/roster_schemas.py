"""What the API of rosters takes and answers."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from lastmetre.ground.places.api.schemas import Input, Reason


class ChangeOut(Schema):
    """A value of a household that the file gives; what is known so far is masked."""

    key: str
    home: str
    field: str
    before: str | int | None
    after: str | int | None


class ReviewOut(Schema):
    """What taking a roster over would do."""

    id: UUID
    digest: str
    added: list[str]
    buildings: list[str]
    units: list[str]
    filled: list[ChangeOut]
    conflicts: list[ChangeOut]
    same: int
    missing: list[str]
    left_out: list[str]
    details: list[list[str]]
    """[building, unit, field, value] that a compound file says differently."""
    has_effect: bool


class TakeOverIn(Input):
    """Which review is confirmed, and what is right where values differ."""

    digest: Annotated[str, Field(max_length=64)]
    choices: dict[Annotated[str, Field(max_length=300)], Annotated[str, Field(pattern="^(file|keep)$")]] = {}


class TakenOver(Schema):
    """What was done."""

    added: int
    kept: int


class ExportIn(Input):
    """Whether names and phones leave, and why."""

    people: bool = False
    why: Reason = ""


class ExportOut(Schema):
    """A compound with its households, as the steward's tool knows it; masked unless people were asked for."""

    name: str
    aliases: list[str]
    lanes: list[str]
    two_parts: str
    three_parts: str
    buildings: list[dict[str, Any]]
    households: list[dict[str, Any]]
