"""What comes in, for programs: pastes, workbooks, doubts, calls, sheets, silence."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Field, Router, Schema, Status

from lastmetre.chain.orders.actions import contacts, intake, keying, reviewing, sheets
from lastmetre.chain.orders.actions.taking_back import take_back
from lastmetre.chain.orders.doubt_rules import may_stand
from lastmetre.chain.orders.intake_rules import FEW_DAYS, MOST_DAYS, Asking, spelled
from lastmetre.chain.orders.models import Intake
from lastmetre.chain.orders.queries.found_intake import (
    doubts_of,
    household_or_404,
    intake_or_404,
    message_or_404,
    place_or_404,
    round_for_taking,
)
from lastmetre.chain.orders.queries.sheets import sheet_of, sheets_of
from lastmetre.chain.orders.queries.silence import (
    Quiet,
    due_within,
    latest_round,
    not_ordered,
    quiet_page,
    silent,
)
from lastmetre.chain.orders.rules import Channel, ContactOutcome, Permission
from lastmetre.ground.places.queries.roster import doors_within
from lastmetre.terms import InputError, say

router = Router()


class PasteIn(Schema):
    """A chain as text, or a workbook in base64."""

    text: str = Field("", max_length=2_000_000)
    workbook: str = Field("", max_length=6_000_000)
    name: str = Field("", max_length=120)


class DoubtOut(Schema):
    """What waits for a person."""

    id: UUID | None = None
    raw: str
    understood: str
    means: str
    """What was understood besides home and goods; '' for an order like any other."""
    sentence: str
    suggestions: list[str]
    may_stand: bool
    """Whether 确认 settles it."""


class ChangeOut(Schema):
    """What would change for a household."""

    household: UUID
    home: str
    fate: str
    now: str
    said: str


class PreviewOut(Schema):
    """What confirming would do; `digest` confirms exactly this."""

    id: UUID
    digest: str
    counts: dict[str, int]
    changes: list[ChangeOut]
    doubts: list[DoubtOut]
    totals: list[str]


class DigestIn(Schema):
    """The digest of the preview that is confirmed."""

    digest: str = Field(max_length=64)


class EnteredOut(Schema):
    """How many orders were entered, and how many doubts wait."""

    entered: int
    doubts: int
    also: int = 0
    """How many other doubts the answer settled."""


class AnswerIn(Schema):
    """An answer: a suggestion, a home, an order, 确认 or 作废."""

    answer: str = Field(max_length=200)
    and_alike: bool = False
    """Whether it is meant for all open doubts that ask the same."""


class KeyedIn(Schema):
    """An order for a household by letters and numbers: A2 C1 D."""

    household: UUID
    keyed: str = Field(max_length=300)
    channel: Channel = Channel.PHONE
    note: str = Field("", max_length=200)
    is_proxy: bool = False
    exception: str = Field("", max_length=200)


class KeyedOut(Schema):
    """The request that stands now."""

    id: UUID
    version: int
    is_late: bool


class SheetLineOut(Schema):
    """A door of a sheet and what was keyed in for it."""

    household: UUID
    home: str
    keyed: str


class SheetOut(Schema):
    """A numbered sheet."""

    id: UUID
    number: int
    is_keyed: bool
    lines: list[SheetLineOut]


class SheetIn(Schema):
    """Letters and numbers by household; `wins` are those whose order elsewhere gives way."""

    lines: dict[UUID, str]
    wins: list[UUID] = []


class SheetResultOut(Schema):
    """What keying in came to; `refused` says why, by household."""

    entered: int
    unchanged: int
    refused: dict[str, str]


class QuietOut(Schema):
    """A household that is silent, masked."""

    household: UUID
    home: str
    name: str
    due_fen: int
    heard_at: datetime | None


class QuietListOut(Schema):
    """A page of such a list; `next` continues it, '' at the end."""

    rows: list[QuietOut]
    next: str


class ContactIn(Schema):
    """What came of a call or knock; the same id twice is one."""

    outcome: ContactOutcome
    id: UUID | None = None
    words: str = Field("", max_length=300)


class ContactOut(Schema):
    """A call or knock."""

    id: UUID
    outcome: ContactOutcome
    at: datetime


def _preview(request: HttpRequest, held: Intake) -> dict[str, Any]:
    plan = intake.preview(held, by=request.actor, at=request.now).plan
    return {
        "id": held.pk,
        "digest": plan.digest,
        "counts": plan.counts,
        "changes": [
            {
                "household": one.household.pk,
                "home": str(one.order.home),
                "fate": one.fate.value,
                "now": spelled(one.now),
                "said": spelled(one.said),
            }
            for one in plan.judged
        ],
        "doubts": [_doubt(one.asking, one.raw) for one in plan.doubts],
        "totals": [total.sentence.text(gettext) for total in plan.totals],
    }


def _doubt(asking: Asking, raw: str, pk: UUID | None = None) -> dict[str, Any]:
    return {
        "id": pk,
        "raw": raw,
        "understood": asking.understood,
        "means": asking.means.text(gettext) if asking.means else "",
        "sentence": asking.sentence.text(gettext),
        "suggestions": list(asking.suggestions),
        "may_stand": may_stand(asking),
    }


@router.post("/rounds/{pk}/intakes", response={201: PreviewOut})
def take(request: HttpRequest, pk: UUID, payload: PasteIn) -> Any:
    """Give a chain or a workbook; answers what confirming would do."""
    row = round_for_taking(pk, request.actor)
    write: dict[str, Any] = {"by": request.actor, "at": request.now}
    if payload.workbook:
        try:
            content = base64.b64decode(payload.workbook, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError(
                say("The workbook is not readable."), remedy=say("Send its bytes in base64.")
            ) from error
        held = intake.take_workbook(row, content, name=payload.name or "orders.xlsx", **write)
    else:
        held = intake.take_text(row, payload.text, name=payload.name, **write)
    return Status(201, _preview(request, held))


@router.get("/intakes/{pk}", response=PreviewOut)
def get_intake(request: HttpRequest, pk: UUID) -> Any:
    """What confirming would do now."""
    return _preview(request, intake_or_404(pk))


@router.post("/intakes/{pk}/confirm", response=EnteredOut)
def confirm_intake(request: HttpRequest, pk: UUID, payload: DigestIn) -> Any:
    """Enter exactly what the preview showed; twice is once."""
    return intake.confirm(intake_or_404(pk), digest=payload.digest, by=request.actor, at=request.now)


@router.delete("/intakes/{pk}", response={204: None})
def drop_intake(request: HttpRequest, pk: UUID) -> Any:
    """Put a paste aside that was not confirmed."""
    intake.drop(intake_or_404(pk), by=request.actor, at=request.now)
    return Status(204, None)


@router.get("/rounds/{pk}/doubts", response=list[DoubtOut])
def list_doubts(request: HttpRequest, pk: UUID) -> Any:
    """What waits for a person in a round."""
    row = round_for_taking(pk, request.actor)
    request.actor.must(Permission.TAKE, path=row.path)
    return [_doubt(Asking.of(one.reading), one.raw or "", one.pk) for one in doubts_of(row) if one.reading]


@router.post("/doubts/{pk}", response=EnteredOut)
def settle_doubt(request: HttpRequest, pk: UUID, payload: AnswerIn) -> Any:
    """Settle a doubt; what it settles is entered at once."""
    return reviewing.settle(message_or_404(pk), by=request.actor, at=request.now, **payload.dict())


@router.post("/rounds/{pk}/doubts/take-back", response=DoubtOut)
def take_back_answer(request: HttpRequest, pk: UUID) -> Any:
    """Undo the last answer that the caller gave in a round, with all that it entered; the doubt is asked again."""
    held = take_back(round_for_taking(pk, request.actor), by=request.actor, at=request.now)
    return _doubt(Asking.of(held.reading or ""), held.raw or "", held.pk)


@router.post("/rounds/{pk}/keyed", response=KeyedOut)
def place_for(request: HttpRequest, pk: UUID, payload: KeyedIn) -> Any:
    """Order for a household that rang, stood at the door or asked somebody."""
    row, given = round_for_taking(pk, request.actor), payload.dict()
    home = household_or_404(given.pop("household"))
    return keying.place_keyed(row.pk, home, by=request.actor, at=request.now, **given)


def _sheet(held: Intake) -> dict[str, Any]:
    found = sheet_of(held)
    return {
        "id": held.pk,
        "number": found.number,
        "is_keyed": found.is_keyed,
        "lines": [
            {
                "household": line.household.pk,
                "home": line.row.home,
                "keyed": spelled(found.keyed.get(line.household.pk, {})),
            }
            for line in found.lines
        ],
    }


@router.post("/rounds/{pk}/sheets", response=list[SheetOut])
def make_sheets(request: HttpRequest, pk: UUID) -> Any:
    """Number sheets for all doors that stand on none."""
    row = round_for_taking(pk, request.actor)
    sheets.number_sheets(row, by=request.actor, at=request.now)
    return [_sheet(one) for one in sheets_of(row)]


@router.post("/sheets/{pk}", response=SheetResultOut)
def key_sheet(request: HttpRequest, pk: UUID, payload: SheetIn) -> Any:
    """Key a sheet in; the same again has no effect."""
    result = sheets.key_in(
        intake_or_404(pk), payload.lines, wins=frozenset(payload.wins), by=request.actor, at=request.now
    )
    refused = {str(key): sentence.text(gettext) for key, sentence in result.refused.items()}
    return {"entered": result.entered, "unchanged": result.unchanged, "refused": refused}


@router.get("/places/{pk}/silence", response=QuietListOut)
def list_silence(
    request: HttpRequest, pk: UUID, of: Quiet = Quiet.WORD, days: int = FEW_DAYS, cursor: str = ""
) -> Any:
    """Who has not ordered, not paid, or not been heard of for some days."""
    place = place_or_404(pk)
    request.actor.must(Permission.TAKE, path=place.path)
    row = latest_round(place.path)
    rows = silent(place, min(max(days, 1), MOST_DAYS), request.now)
    if of is Quiet.ORDER:
        rows = not_ordered(row, place.path) if row else doors_within(place).none()
    due = due_within(place.path) if of is Quiet.PAY else None
    page = quiet_page(doors_within(place) if of is Quiet.PAY else rows, due=due, after=cursor)
    return {
        "rows": [
            {
                "household": one.row.id,
                "home": one.row.home,
                "name": one.row.name,
                "due_fen": one.due_fen,
                "heard_at": one.heard_at,
            }
            for one in page.rows
        ],
        "next": page.next,
    }


@router.post("/households/{pk}/contacts", response={201: ContactOut})
def add_contact(request: HttpRequest, pk: UUID, payload: ContactIn) -> Any:
    """Record a call or knock; who needs help becomes a case."""
    home = household_or_404(pk)
    made = contacts.record_contact(home, **payload.dict(), by=request.actor, at=request.now)
    return Status(201, made)
