"""Payments: claims, confirmations, statements, who has not paid."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Status

from lastmetre.chain.ledger.actions.photos import file_bytes, picture_bytes
from lastmetre.chain.settlement.actions import dropping, payments, statements
from lastmetre.chain.settlement.api.schemas import (
    ClaimIn,
    ClaimOut,
    ConfirmIn,
    CountOut,
    DropIn,
    ImportedOut,
    LineOut,
    OwingOut,
    PaymentIn,
    PaymentOut,
    SettleLineIn,
    StatementIn,
    WhyIn,
)
from lastmetre.chain.settlement.forms.files import stored
from lastmetre.chain.settlement.models import StatementLine
from lastmetre.chain.settlement.queries.chase import chase
from lastmetre.chain.settlement.queries.found import (
    claim_or_404,
    household_or_404,
    line_or_404,
    must_see_money,
    payment_or_404,
    round_or_404,
)
from lastmetre.chain.settlement.rules import LineState, Permission
from lastmetre.ground.protection.paging import Cursor, Limit, page_of

router = Router()


@router.get("/rounds/{pk}/unpaid", response=list[OwingOut])
def list_unpaid(request: HttpRequest, pk: UUID) -> Any:
    """Who has not paid, masked, in the order of the doors."""
    row = round_or_404(pk)
    must_see_money(request.actor, row, Permission.CONFIRM)
    return [OwingOut.of(one) for one in chase(row, request.now).owing]


@router.post("/rounds/{pk}/remind", response=CountOut)
def remind(request: HttpRequest, pk: UUID) -> Any:
    """Put a notice on the page of everybody who owes."""
    return CountOut(count=dropping.remind(round_or_404(pk), by=request.actor, at=request.now))


@router.post("/rounds/{pk}/drop", response=CountOut)
def drop(request: HttpRequest, pk: UUID, payload: DropIn) -> Any:
    """Take who has not paid out of the batch."""
    left = dropping.drop_unpaid(
        round_or_404(pk), households=payload.households, by=request.actor, at=request.now
    )
    return CountOut(count=len(left))


@router.post("/rounds/{pk}/households/{household}/claims", response={201: ClaimOut})
def add_claim(request: HttpRequest, pk: UUID, household: UUID, payload: ClaimIn) -> Any:
    """Say that a household has paid; nothing counts before it is confirmed."""
    row = round_or_404(pk)
    home = household_or_404(row, household)
    given = payload.dict()
    given["photo"] = picture_bytes(given["photo"])
    made = payments.claim(row, home, payments.Claimed(**given), by=request.actor, at=request.now)
    return Status(201, ClaimOut.of(made))


@router.post("/claims/{pk}/confirm", response=PaymentOut)
def confirm(request: HttpRequest, pk: UUID, payload: ConfirmIn) -> Any:
    """Confirm a claim by eye."""
    row = claim_or_404(pk)
    made = payments.confirm(
        row, amount_fen=payload.amount_fen, in_cash=payload.in_cash, by=request.actor, at=request.now
    )
    return PaymentOut.of(made)


@router.post("/claims/{pk}/refuse", response=ClaimOut)
def refuse(request: HttpRequest, pk: UUID, payload: WhyIn) -> Any:
    """Say that no such payment was found."""
    row = claim_or_404(pk)
    payments.refuse_claim(row, why=payload.why, by=request.actor, at=request.now)
    return ClaimOut.of(row)


@router.post("/rounds/{pk}/households/{household}/payments", response={201: PaymentOut})
def add_payment(request: HttpRequest, pk: UUID, household: UUID, payload: PaymentIn) -> Any:
    """Book a payment that nobody claimed."""
    row = round_or_404(pk)
    home, given = household_or_404(row, household), payload.dict()
    made = payments.record_payment(
        row, home, given.pop("amount_fen"), **given, by=request.actor, at=request.now
    )
    return Status(201, PaymentOut.of(made))


@router.post("/payments/{pk}/reverse", response=PaymentOut)
def reverse(request: HttpRequest, pk: UUID, payload: WhyIn) -> Any:
    """Take a payment back by its opposite."""
    row = payment_or_404(pk)
    payments.reverse_payment(row, why=payload.why, by=request.actor, at=request.now)
    return PaymentOut.of(row)


@router.post("/rounds/{pk}/statements", response=ImportedOut)
def add_statement(request: HttpRequest, pk: UUID, payload: StatementIn) -> Any:
    """Take a statement of a payment app in; the same file again has no effect."""
    row = round_or_404(pk)
    content = file_bytes(payload.content)
    with stored(SimpleUploadedFile(payload.name, content)) as path:
        found = statements.import_statement(row, path, by=request.actor, at=request.now)
    return asdict(found) | {"doubts": [f"{row}: {what.text(gettext)}" for row, what in found.doubts]}


@router.get("/rounds/{pk}/lines", response=dict[str, Any])
def list_lines(request: HttpRequest, pk: UUID, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Lines of statements that wait for a person."""
    row = round_or_404(pk)
    if row.supplier_id not in request.actor.organisations:
        must_see_money(request.actor, row, Permission.CONFIRM)
    rows = StatementLine.objects.filter(supplier=row.supplier_id, state=LineState.OPEN)
    page = page_of(rows, by="paid_at", cursor=cursor, size=limit)
    return {"rows": [LineOut.of(one).dict() for one in page.rows], "next": page.next}


@router.post("/lines/{pk}/settle", response={204: None})
def settle_line(request: HttpRequest, pk: UUID, payload: SettleLineIn) -> Any:
    """Say whose a line is."""
    line, row = line_or_404(pk), round_or_404(payload.round)
    home = household_or_404(row, payload.household)
    statements.settle_line(line, row, home, by=request.actor, at=request.now)
    return Status(204, None)


@router.post("/lines/{pk}/aside", response={204: None})
def set_aside(request: HttpRequest, pk: UUID, payload: WhyIn) -> Any:
    """Say that a line is for no round."""
    statements.set_aside(line_or_404(pk), why=payload.why, by=request.actor, at=request.now)
    return Status(204, None)
