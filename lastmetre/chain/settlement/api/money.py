"""Decisions about money, and funds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status

from lastmetre.chain.settlement.actions import funds, money
from lastmetre.chain.settlement.api.schemas import DecisionIn, DecisionOut, FundChoice, FundIn, FundOut
from lastmetre.chain.settlement.models import Fund
from lastmetre.chain.settlement.queries.found import (
    decision_or_404,
    fund_or_404,
    household_or_404,
    round_or_404,
)
from lastmetre.chain.settlement.rules import DecisionKind, Permission
from lastmetre.ground.places.models import Place

router = Router()


@router.post("/rounds/{pk}/households/{household}/decisions", response={201: DecisionOut})
def decide(request: HttpRequest, pk: UUID, household: UUID, payload: DecisionIn) -> Any:
    """Refund, take off the bill, let a fund pay, carry or write off; above the limit it waits for a second."""
    row = round_or_404(pk)
    home = household_or_404(row, household)
    write: dict[str, Any] = {"by": request.actor, "at": request.now}
    if payload.kind is DecisionKind.CARRY:
        return Status(201, DecisionOut.of(money.carry(row, home, id=payload.id, **write)))
    if payload.fund is not None:
        fund_or_404(payload.fund)
    given = payload.dict() | {"amount_fen": payload.amount_fen or 0}
    return Status(201, DecisionOut.of(money.decide(row, home, money.Wanted(**given), **write)))


@router.post("/decisions/{pk}/approve", response=DecisionOut)
def approve(request: HttpRequest, pk: UUID) -> Any:
    """Agree as the second person."""
    return DecisionOut.of(money.approve(decision_or_404(pk), by=request.actor, at=request.now))


@router.post("/decisions/{pk}/refuse", response=DecisionOut)
def refuse(request: HttpRequest, pk: UUID) -> Any:
    """Refuse what was proposed."""
    return DecisionOut.of(money.refuse(decision_or_404(pk), by=request.actor, at=request.now))


@router.post("/decisions/{pk}/reverse", response=DecisionOut)
def reverse(request: HttpRequest, pk: UUID) -> Any:
    """Undo a decision by its opposite."""
    return DecisionOut.of(money.reverse(decision_or_404(pk), by=request.actor, at=request.now))


@router.get("/funds", response=list[FundOut])
def list_funds(request: HttpRequest) -> Any:
    """The funds that the caller sees."""
    request.actor.must(Permission.CONFIRM)
    return [FundOut.of(one) for one in Fund.objects.all()[:500]]


@router.post("/funds", response={201: FundOut})
def add_fund(request: HttpRequest, payload: FundIn) -> Any:
    """Write down a gift."""
    given = payload.dict()
    place = Place.objects.filter(pk=given.pop("place"), ended_at=None).first()
    if place is None:
        raise Http404
    return Status(201, FundOut.of(funds.open_fund(place, **given, by=request.actor, at=request.now)))


@router.delete("/funds/{pk}", response={204: None})
def end_fund(request: HttpRequest, pk: UUID) -> Any:
    """Take a fund out of use."""
    funds.end_fund(fund_or_404(pk), by=request.actor, at=request.now)
    return Status(204, None)


@router.post("/rounds/{pk}/donate", response=list[DecisionOut])
def donate(request: HttpRequest, pk: UUID, payload: FundChoice) -> Any:
    """Let a fund pay all that is open in a round."""
    row, fund = round_or_404(pk), fund_or_404(payload.fund)
    made = funds.donate_round(row, fund=fund.pk, by=request.actor, at=request.now)
    return [DecisionOut.of(one) for one in made]
