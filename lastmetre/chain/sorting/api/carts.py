"""Carts for programs: planned, scanned onto, released, opened again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Field, Router, Schema, Status

from lastmetre.chain.gate.actions.foreign import tell_owner
from lastmetre.chain.gate.queries.labels import ForeignLabel
from lastmetre.chain.orders.queries.rounds import round_or_404
from lastmetre.chain.sorting.actions import carts as actions
from lastmetre.chain.sorting.models import CartRun
from lastmetre.chain.sorting.queries.carts import (
    RunCount,
    count_of,
    missing_of,
    placement_or_404,
    run_or_404,
    runs_of,
)
from lastmetre.chain.sorting.rules import CartState, Outcome, Permission
from lastmetre.ground.protection.ids import new_id

router = Router()


class ScanIn(Schema):
    """A scanned or typed label; `onto` is the cart where a phone without signal said so."""

    code: str = Field(max_length=60, pattern=r"^[^\x00]*$")
    id: UUID | None = None
    onto: UUID | None = None
    device_at: datetime | None = None


class ScannedOut(Schema):
    """On which cart, and how full it is; of a bag that is not for here only what to do (`words`)."""

    outcome: Outcome
    placement: UUID | None = None
    cart: UUID | None = None
    number: int | None = None
    placed: int = 0
    total: int = 0
    words: str = ""


class CartOut(Schema):
    """A cart of a round."""

    id: UUID
    wave: int
    number: int
    state: CartState
    stairs: str
    placed: int
    total: int
    weight_g: int
    missing: list[str] = []
    """Codes of bags that belong on it and are not on it; of one cart only."""

    @classmethod
    def of(cls, one: RunCount, *, missing: list[str] | None = None) -> CartOut:
        """Return a cart."""
        run = one.run
        return cls(
            id=run.pk,
            wave=run.wave,
            number=run.number,
            state=CartState(run.state),
            stairs=" ".join(step.text(gettext) for step in one.stairs),
            placed=one.placed,
            total=one.total,
            weight_g=run.weight_g,
            missing=missing or [],
        )


class NoteIn(Schema):
    """Why a cart goes although bags are missing."""

    note: str = Field("", max_length=200, pattern=r"^[^\x00]*$")


class UndoIn(Schema):
    """The id is made by the phone, once an undo."""

    id: UUID | None = None


class PlannedOut(Schema):
    """The carts, and what a person must know or arrange."""

    notes: list[str]
    carts: list[CartOut]


@router.get("/rounds/{pk}/carts", response=list[CartOut])
def list_carts(request: HttpRequest, pk: UUID) -> Any:
    """The carts of a round, and how full each is."""
    row = round_or_404(pk)
    request.actor.must(Permission.SORT, path=row.path)
    return [CartOut.of(one) for one in runs_of(row)]


@router.post("/rounds/{pk}/plan", response=PlannedOut)
def plan(request: HttpRequest, pk: UUID) -> Any:
    """Plan the carts; anew while nothing is on one."""
    row = round_or_404(pk)
    notes = actions.plan_carts(row, by=request.actor, at=request.now)
    carts = [CartOut.of(one) for one in runs_of(row)]
    return PlannedOut(notes=[one.text(gettext) for one in notes], carts=carts)


@router.post("/rounds/{pk}/scans", response=ScannedOut)
def scan(request: HttpRequest, pk: UUID, payload: ScanIn) -> Any:
    """Put the bag of a label on its cart; a label that does not fit is refused with what to do."""
    row = round_or_404(pk)
    try:
        found = actions.scan(
            row,
            payload.code,
            id=payload.id or new_id(),
            onto=payload.onto,
            device_at=payload.device_at,
            by=request.actor,
            at=request.now,
        )
    except ForeignLabel as error:
        tell_owner(error, at_place=row.place, by=request.actor, at=request.now)
        return ScannedOut(outcome=Outcome.FOREIGN, words=error.text(gettext))
    return ScannedOut(
        outcome=found.outcome,
        placement=found.placement.pk,
        cart=found.run.pk,
        number=found.run.number,
        placed=found.placed,
        total=found.total,
    )


@router.post("/placements/{pk}/undo", response={204: None})
def undo(request: HttpRequest, pk: UUID, payload: UndoIn) -> Any:
    """Take a bag off its cart again."""
    actions.undo(placement_or_404(pk), id=payload.id or new_id(), by=request.actor, at=request.now)
    return Status(204, None)


@router.get("/runs/{pk}", response=CartOut)
def get_cart(request: HttpRequest, pk: UUID) -> Any:
    """A cart, with the codes of the bags that it lacks."""
    run = run_or_404(pk)
    request.actor.must(Permission.SORT, path=run.path)
    return _shown(run)


@router.post("/runs/{pk}/release", response=CartOut)
def release(request: HttpRequest, pk: UUID, payload: NoteIn) -> Any:
    """Let a cart go: complete, or with a note why not."""
    return _shown(actions.release(run_or_404(pk), note=payload.note, by=request.actor, at=request.now))


@router.post("/runs/{pk}/reopen", response=CartOut)
def reopen(request: HttpRequest, pk: UUID) -> Any:
    """Take back that a cart was released."""
    return _shown(actions.reopen(run_or_404(pk), by=request.actor, at=request.now))


def _shown(run: CartRun) -> CartOut:
    return CartOut.of(count_of(run), missing=[one.parcel.code for one in missing_of(run)])
