"""What a household takes instead and besides, for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lastmetre.chain.allocation.actions.willing import Tolerance, state_willing
from lastmetre.chain.allocation.queries.shares import household_or_404, round_or_404
from lastmetre.chain.allocation.queries.willing import willing_of
from lastmetre.chain.orders.actions.requests import check_may_take
from lastmetre.chain.orders.models import Round
from lastmetre.ground.places.models import Household

router = Router()


class ToleranceIn(Schema):
    """What else would do for one good of the order."""

    item: UUID
    substitute: UUID | None = None
    more: Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=3)] = Decimal(0)


class WillingIn(Schema):
    """Goods that are not named stay as they are; `version` is that of the order that was seen."""

    goods: Annotated[list[ToleranceIn], Field(max_length=200)]
    version: Annotated[int, Field(ge=0)] | None = None


class ToleranceOut(Schema):
    """What else would do for one good."""

    item: UUID
    quantity: Decimal
    substitute: UUID | None
    more: Decimal


class WillingOut(Schema):
    """All that a household said of its order."""

    version: int
    goods: list[ToleranceOut]


@router.get("/rounds/{pk}/willing/{household}", response=WillingOut)
def get_willing(request: HttpRequest, pk: UUID, household: UUID) -> Any:
    """What a household takes instead of what it ordered, and besides."""
    row, home = round_or_404(pk), household_or_404(household)
    check_may_take(home, by=request.actor)
    return _out(row, home)


@router.put("/rounds/{pk}/willing/{household}", response=WillingOut)
def put_willing(request: HttpRequest, pk: UUID, household: UUID, payload: WillingIn) -> Any:
    """Say what else would do, until the cut-off."""
    row, home = round_or_404(pk), household_or_404(household)
    said = [Tolerance(one.item, one.substitute, one.more) for one in payload.goods]
    state_willing(row, home, said, version=payload.version, by=request.actor, at=request.now)
    return _out(row, home)


def _out(row: Round, home: Household) -> dict[str, Any]:
    found = willing_of(row, home)
    if found is None:
        raise Http404
    return {
        "version": found.request.version,
        "goods": [
            {
                "item": one.line.item_id,
                "quantity": one.line.quantity,
                "substitute": one.line.substitute_id,
                "more": one.more,
            }
            for one in found.goods
        ],
    }
