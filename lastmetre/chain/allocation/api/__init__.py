"""Sharing out a round, for programs: all that the pages do."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from lastmetre.chain.allocation.actions.overriding import override_share
from lastmetre.chain.allocation.actions.sharing import allocate, undo_allocation
from lastmetre.chain.allocation.api import willing
from lastmetre.chain.allocation.queries.lasting import days_left
from lastmetre.chain.allocation.queries.shares import (
    allocation_of,
    household_or_404,
    outcomes_of,
    round_or_404,
    share_or_404,
    shares_of,
    shares_of_household,
)
from lastmetre.chain.allocation.rules import Permission
from lastmetre.chain.orders.notice_rules import said_again
from lastmetre.chain.orders.rules import Permission as Orders
from lastmetre.ground.protection.actor import ActorKind
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, page_of

router = Router(tags=["allocation"])
router.add_router("", willing.router)


class ShareIn(Schema):
    """What a household gets, and why."""

    quantity: Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=3)]
    why: Annotated[str, Field(min_length=2, max_length=200, pattern=r"^[^\x00]*$")]


class SeedIn(Schema):
    """The number that lots are drawn from."""

    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0


class ShareOut(Schema):
    """One household's share of one good."""

    id: UUID
    household: UUID
    item: UUID
    substitute_for: UUID | None
    asked: Decimal
    planned: Decimal
    got: Decimal
    reason: str

    @staticmethod
    def of(row: Any) -> dict[str, Any]:
        """Gather a share."""
        return {
            "id": row.pk,
            "household": row.request.household_id,
            "item": row.item_id,
            "substitute_for": row.substitute_for_id,
            "asked": row.asked,
            "planned": row.planned,
            "got": row.got,
            "reason": said_again(row.reason).text(gettext),
        }


class OutcomeOut(Schema):
    """What comes of one good."""

    item: UUID
    wanted: Decimal
    handed: Decimal
    cases: int
    case_size: int | None
    spare: Decimal
    sentence: str


class SharingOut(Schema):
    """How a round was shared out."""

    id: UUID | None
    seed: int | None
    goods: list[OutcomeOut]


class LeftOut(Schema):
    """Days that a household's food lasts, by kind; empty where nothing is known."""

    days: dict[str, Decimal]
    first: Decimal | None
    all_gone: Decimal | None


@router.get("/rounds/{pk}", response=SharingOut)
def get_sharing(request: HttpRequest, pk: UUID) -> Any:
    """How a round was shared out; `id` is null where it was not."""
    return _sharing(pk)


@router.post("/rounds/{pk}", response=SharingOut)
def share_out(request: HttpRequest, pk: UUID, payload: SeedIn) -> Any:
    """Share a round out; a second time gives the same answer."""
    allocate(round_or_404(pk), by=request.actor, at=request.now, seed=payload.seed)
    return _sharing(pk)


@router.delete("/rounds/{pk}", response=SharingOut)
def take_back(request: HttpRequest, pk: UUID) -> Any:
    """Take a sharing back while nothing was ordered."""
    undo_allocation(round_or_404(pk), by=request.actor, at=request.now)
    return _sharing(pk)


@router.get("/rounds/{pk}/shares", response=Listing[ShareOut])
def list_shares(request: HttpRequest, pk: UUID, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """The shares of a round, in the order of their doors."""
    row = round_or_404(pk)
    request.actor.must(Permission.DECIDE, path=row.path)
    page = page_of(shares_of(row), by="place__sort_key", cursor=cursor, size=limit, ids_first=True)
    return {"rows": [ShareOut.of(one) for one in page.rows], "next": page.next}


@router.put("/shares/{pk}", response=ShareOut)
def override(request: HttpRequest, pk: UUID, payload: ShareIn) -> Any:
    """Give a household more or less, and say why."""
    share = share_or_404(pk)
    return ShareOut.of(
        override_share(share, quantity=payload.quantity, why=payload.why, by=request.actor, at=request.now)
    )


@router.get("/households/{pk}/shares", response=list[ShareOut])
def list_shares_of_household(request: HttpRequest, pk: UUID) -> Any:
    """What a household got in its latest five rounds, and why."""
    home = household_or_404(pk)
    _must_see(request, home)
    return [ShareOut.of(one) for one in shares_of_household(home)]


@router.get("/households/{pk}/days", response=LeftOut)
def get_days(request: HttpRequest, pk: UUID) -> Any:
    """How many days a household's food lasts."""
    home = household_or_404(pk)
    _must_see(request, home)
    left = days_left([home], request.now)[pk]
    return {"days": dict(left.days), "first": left.first, "all_gone": left.all_gone}


def _must_see(request: HttpRequest, home: Any) -> None:
    if not (request.actor.kind is ActorKind.HOUSEHOLD and request.actor.key == str(home.pk)):
        request.actor.must(Orders.TAKE, path=home.path)


def _sharing(pk: UUID) -> dict[str, Any]:
    row = round_or_404(pk)
    allocation = allocation_of(row)
    goods = [
        {
            "item": one.item_id,
            "wanted": one.wanted,
            "handed": one.handed,
            "cases": one.cases,
            "case_size": one.case_size,
            "spare": one.spare,
            "sentence": said_again(one.sentence).text(gettext),
        }
        for one in outcomes_of(row)
    ]
    return {
        "id": allocation.pk if allocation else None,
        "seed": allocation.seed if allocation else None,
        "goods": goods,
    }
