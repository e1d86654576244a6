"""Arrivals for programs: expected, taken in, counted, handed on, released; damaged and missing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from ninja import Field, Router, Schema, Status

from lastmetre.chain.gate.actions import counting, receiving, reopening, uncounting, wrong
from lastmetre.chain.gate.actions.foreign import tell_owner
from lastmetre.chain.gate.queries.arrivals import (
    Standing,
    arrival_or_404,
    check_may_watch,
    not_counted,
    standing_at,
    standing_of,
    standing_of_round,
)
from lastmetre.chain.gate.queries.labels import ForeignLabel
from lastmetre.chain.gate.rules import Outcome, Permission, Stage
from lastmetre.chain.ledger.actions.photos import picture_bytes
from lastmetre.chain.ledger.api import CaseOut
from lastmetre.chain.ledger.models import Case
from lastmetre.chain.ledger.queries.pages import case_or_404
from lastmetre.chain.orders.queries.rounds import round_or_404
from lastmetre.chain.transport.queries.loads import load_or_404
from lastmetre.ground.protection.ids import new_id

router = Router()
Amount = Annotated[int, Field(ge=0, le=10_000_000)]


class ReceiveIn(Schema):
    """Which vehicle, and who answers for it: nobody named is who calls."""

    load: UUID | None = None
    holder: str = Field("", max_length=40)
    id: UUID | None = None


class ScanIn(Schema):
    """A scanned or typed label; the id is made by the phone, once a scan."""

    code: str = Field(max_length=60, pattern=r"^[^\x00]*$")
    id: UUID | None = None


class NumberIn(Schema):
    """How many bags."""

    bags: int = Field(ge=0, le=100_000)


class ReleaseIn(NumberIn):
    """How many bags are missing; `rest_comes`: those of a vehicle nobody announced come with another one."""

    rest_comes: bool = False


class HolderIn(Schema):
    """Key of the person into whose hands the goods go."""

    holder: str = Field(max_length=40, pattern=r"^[^\x00]*$")


class DamageIn(Schema):
    """What of a bag is damaged; no contents: all of it. The picture is in base64."""

    bag: UUID
    contents: dict[UUID, Amount] | None = None
    words: str = Field("", max_length=200, pattern=r"^[^\x00]*$")
    picture: str = Field("", max_length=20_000_000)
    id: UUID | None = None


class BagIn(Schema):
    """A bag."""

    bag: UUID


class UncountIn(Schema):
    """A bag or box; `whole`: all that was counted with it by one tap."""

    bag: UUID
    whole: bool = False


class FoundIn(Schema):
    """Whether a missing bag was found."""

    is_found: bool


class StandingOut(Schema):
    """Something that comes to a gate or stands there."""

    round: UUID
    load: UUID | None
    arrival: UUID | None
    plate: str
    stage: Stage
    waiting: int
    counted: int
    at_gate: int
    expected_at: datetime | None
    held_since: datetime | None
    holder: str
    """Masked."""

    @classmethod
    def of(cls, one: Standing) -> StandingOut:
        """Return what stands there."""
        return cls(
            round=one.round.pk,
            load=one.load.pk if one.load else None,
            arrival=one.arrival.pk if one.arrival else None,
            plate=one.plate,
            stage=one.stage,
            waiting=one.waiting,
            counted=one.counted,
            at_gate=one.at_gate,
            expected_at=one.load.expected_at if one.load else None,
            held_since=one.since,
            holder=one.holder,
        )


class ScannedOut(Schema):
    """What a scan came to; of a bag that is not for here only what to do (`words`), never whose it is."""

    outcome: Outcome
    parcel: UUID | None = None
    number: int | None = None
    bags: int = 0
    at: datetime | None = None
    who: str = ""
    words: str = ""


class BagOut(Schema):
    """A bag that was not counted."""

    id: UUID
    number: int
    code: str


@router.get("/arrivals", response=list[StandingOut])
def list_arrivals(request: HttpRequest) -> Any:
    """What stands at the caller's gates and is expected there, the most urgent first."""
    if not request.actor.may(Permission.RECEIVE):
        request.actor.must(Permission.WATCH)
    return [StandingOut.of(one) for one in standing_at()]


@router.get("/rounds/{pk}/arrivals", response=list[StandingOut])
def list_of_round(request: HttpRequest, pk: UUID) -> Any:
    """What came and comes for a round."""
    row = round_or_404(pk)
    check_may_watch(request.actor, row.path)
    return [StandingOut.of(one) for one in standing_of_round(row)]


@router.post("/rounds/{pk}/arrivals", response={201: StandingOut})
def take_in(request: HttpRequest, pk: UUID, payload: ReceiveIn) -> Any:
    """Take in a vehicle's goods, or what came unannounced."""
    row = round_or_404(pk)
    load = load_or_404(payload.load) if payload.load else None
    if load is not None and load.round_id != row.pk:
        raise Http404
    made = receiving.receive(
        row, load=load, holder=payload.holder, id=payload.id, by=request.actor, at=request.now
    )
    return Status(201, StandingOut.of(standing_of(made)))


@router.get("/arrivals/{pk}", response=StandingOut)
def get_arrival(request: HttpRequest, pk: UUID) -> Any:
    """How far an arrival is, and who has it."""
    return StandingOut.of(standing_of(arrival_or_404(pk, request.actor)))


@router.get("/arrivals/{pk}/missing", response=list[BagOut])
def list_missing(request: HttpRequest, pk: UUID) -> Any:
    """The bags that were not counted."""
    rows = not_counted(arrival_or_404(pk, request.actor))
    return [BagOut(id=one.pk, number=one.number, code=one.code) for one in rows]


@router.post("/arrivals/{pk}/scans", response=ScannedOut)
def scan(request: HttpRequest, pk: UUID, payload: ScanIn) -> Any:
    """Count in a bag or box; a label that does not fit is refused with what to do."""
    row = arrival_or_404(pk, request.actor)
    try:
        found = counting.count(row, payload.code, id=payload.id or new_id(), by=request.actor, at=request.now)
    except ForeignLabel as error:
        tell_owner(error, at_place=row.place, by=request.actor, at=request.now)
        return ScannedOut(outcome=Outcome.FOREIGN, words=error.text(gettext))
    return ScannedOut(
        outcome=found.outcome,
        parcel=found.parcel.pk,
        number=found.parcel.number,
        bags=found.bags,
        at=found.at,
        who=found.who,
    )


@router.post("/arrivals/{pk}/all", response=StandingOut)
def count_all(request: HttpRequest, pk: UUID, payload: NumberIn) -> Any:
    """Count in all bags, where as many were counted by hand."""
    row = arrival_or_404(pk, request.actor)
    counting.count_all(row, counted=payload.bags, by=request.actor, at=request.now)
    return StandingOut.of(standing_of(row))


@router.post("/arrivals/{pk}/give", response=StandingOut)
def give(request: HttpRequest, pk: UUID, payload: HolderIn) -> Any:
    """Into another person's hands."""
    row = arrival_or_404(pk, request.actor)
    receiving.hand_over(row, holder=payload.holder, by=request.actor, at=request.now)
    return StandingOut.of(standing_of(row))


@router.post("/arrivals/{pk}/release", response=StandingOut)
def release(request: HttpRequest, pk: UUID, payload: ReleaseIn) -> Any:
    """Release to sorting, with as many bags missing as are said."""
    row = arrival_or_404(pk, request.actor)
    receiving.finish(
        row, missing=payload.bags, rest_comes=payload.rest_comes, by=request.actor, at=request.now
    )
    return StandingOut.of(standing_of(row))


@router.post("/arrivals/{pk}/reopen", response=StandingOut)
def reopen(request: HttpRequest, pk: UUID) -> Any:
    """Take a release to sorting back, within an hour and until a bag of it is on a cart; twice is once."""
    row = reopening.take_release_back(arrival_or_404(pk, request.actor), by=request.actor, at=request.now)
    return StandingOut.of(standing_of(row))


@router.post("/arrivals/{pk}/damage", response={201: CaseOut})
def damage(request: HttpRequest, pk: UUID, payload: DamageIn) -> Any:
    """Write down damage; it is taken off the bill."""
    case = wrong.damage(
        arrival_or_404(pk, request.actor),
        payload.bag,
        contents=payload.contents,
        words=payload.words,
        picture=picture_bytes(payload.picture) if payload.picture else b"",
        id=payload.id or new_id(),
        by=request.actor,
        at=request.now,
    )
    return Status(201, CaseOut.of(case))


@router.post("/arrivals/{pk}/missing", response={201: CaseOut})
def report_missing(request: HttpRequest, pk: UUID, payload: BagIn) -> Any:
    """Write down that a bag which the books have at the gate is not there."""
    row = arrival_or_404(pk, request.actor)
    return Status(201, CaseOut.of(wrong.report_missing(row, payload.bag, by=request.actor, at=request.now)))


@router.post("/arrivals/{pk}/uncount", response=StandingOut)
def uncount(request: HttpRequest, pk: UUID, payload: UncountIn) -> Any:
    """Take back a count that was a slip, until the bag is on a cart; twice is once."""
    row = arrival_or_404(pk, request.actor)
    uncounting.uncount(row, payload.bag, whole=payload.whole, by=request.actor, at=request.now)
    return StandingOut.of(standing_of(row))


@router.post("/missing/{pk}/settle", response=CaseOut)
def settle_missing(request: HttpRequest, pk: UUID, payload: FoundIn) -> Any:
    """Say what became of a missing bag: found at the gate, or taken off the bill."""
    case: Case = case_or_404(pk)
    return CaseOut.of(wrong.settle_missing(case, is_found=payload.is_found, by=request.actor, at=request.now))
