"""Rounds and orders, for programs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from lastmetre.chain.orders.actions import rounds as actions
from lastmetre.chain.orders.actions.changing import ItemChange, change_round
from lastmetre.chain.orders.actions.requests import (
    Asked,
    Wish,
    cancel_request,
    check_may_take,
    place_request,
)
from lastmetre.chain.orders.actions.standing import repeat_round
from lastmetre.chain.orders.models import Request, Round
from lastmetre.chain.orders.queries.ordering import household_or_404
from lastmetre.chain.orders.queries.rounds import (
    must_work_on,
    request_of,
    requests_of,
    round_or_404,
    rounds_within,
)
from lastmetre.chain.orders.rules import Channel, Mode, PayRule, Permission
from lastmetre.ground.goods.queries.found import place_or_404, supplier_or_404
from lastmetre.ground.places.rules import HandOver
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, page_of
from lastmetre.terms import InputError, say

router = Router()


class ItemIn(Schema):
    """A good of a new round."""

    product: UUID
    code: str = Field(min_length=1, max_length=20)
    price_fen: int = Field(ge=0, le=10**8)
    offer: UUID | None = None
    case_size: int | None = Field(None, ge=1, le=10**6)
    limit: int | None = Field(None, ge=1, le=10**4)
    stock: Decimal | None = Field(None, ge=0, le=10**7)
    is_first_come: bool = False


class RoundIn(Schema):
    """A new round; it opens at once."""

    id: UUID | None = None
    """Made by the caller: the same sent twice is one round."""
    supplier: UUID
    title: str = Field(min_length=1, max_length=60)
    closes_at: datetime
    wave_at: datetime
    items: list[ItemIn] = Field(min_length=1, max_length=200)
    mode: Mode = Mode.SHOP
    hand_over: HandOver = HandOver.DOOR
    pay_rule: PayRule = PayRule.AFTER_PACKING
    pay_until: datetime | None = None
    link: str = Field("", max_length=200, pattern="^(https?://.*)?$")
    every_days: int | None = Field(None, ge=0, le=30)
    most_orders: int | None = Field(None, ge=1, le=10**5)
    minimum_units: int | None = Field(None, ge=1, le=10**6)
    repeats_days: int | None = Field(None, ge=1, le=60)


class ItemOut(Schema):
    """A good of a round."""

    id: UUID
    product_id: UUID
    code: str
    price_fen: int
    limit: int | None
    stock: Decimal | None
    is_first_come: bool


class RoundOut(Schema):
    """A round."""

    id: UUID
    place_id: UUID
    supplier_id: UUID
    title: str
    state: str
    version: int
    opens_at: datetime
    closes_at: datetime
    wave_at: datetime
    pay_rule: str
    pay_until: datetime | None
    hand_over: str


class RoundPage(RoundOut):
    """A round with its goods."""

    items: list[ItemOut]

    @staticmethod
    def resolve_items(row: Round) -> Any:
        """Return the goods in their order."""
        return row.items.all()


class LineIn(Schema):
    """So much of one good."""

    item: UUID
    quantity: Decimal = Field(gt=0, le=10**4)
    substitute: UUID | None = None


class OrderIn(Schema):
    """All that a household asks for; what is left out is not asked for."""

    lines: list[LineIn] = Field(min_length=1, max_length=200)
    note: str = Field("", max_length=500)
    version: int | None = Field(None, ge=0)
    exception: str = Field("", max_length=200)


class LineOut(Schema):
    """So much of one good."""

    item_id: UUID
    quantity: Decimal
    substitute_id: UUID | None


class OrderOut(Schema):
    """What a household asks for in a round."""

    round_id: UUID
    household_id: UUID
    state: str
    channel: str
    version: int
    is_late: bool
    asked_at: datetime
    lines: list[LineOut]

    @staticmethod
    def resolve_lines(row: Request) -> Any:
        """Return the lines."""
        return row.lines.all()


class ItemChangeIn(Schema):
    """What is known of a good from now on; prices change only while nobody has ordered."""

    item: UUID
    stock: Decimal | None = Field(None, ge=0, le=10**7)
    limit: int | None = Field(None, ge=1, le=10**4)
    price_fen: int | None = Field(None, ge=0, le=10**8)


class ChangeIn(Schema):
    """Terms of a round: what is left out stays; `version` is that of the round that was seen."""

    version: int | None = Field(None, ge=0)
    title: str = Field("", max_length=60)
    closes_at: datetime | None = None
    wave_at: datetime | None = None
    pay_rule: PayRule | None = None
    pay_until: datetime | None = None
    hand_over: HandOver | None = None
    every_days: int | None = Field(None, ge=0, le=30)
    minimum_units: int | None = Field(None, ge=1, le=10**6)
    most_orders: int | None = Field(None, ge=1, le=10**5)
    repeats_days: int | None = Field(None, ge=1, le=60)
    link: str = Field("", max_length=200, pattern="^(https?://.*)?$")
    items: list[ItemChangeIn] = Field([], max_length=200)


class MoveIn(Schema):
    """What to do with a round."""

    version: int | None = None
    closes_at: datetime | None = None
    why: str = Field("", max_length=200)


@router.get("/places/{place}/rounds", response=Listing[RoundOut])
def list_rounds(request: HttpRequest, place: UUID, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """The rounds of a place, the latest cut-off first."""
    at = place_or_404(place)
    if not request.actor.may(Permission.TAKE, path=at.path):
        request.actor.must(Permission.ROUNDS, path=at.path)
    return page_of(rounds_within(at.path), by="-closes_at", cursor=cursor, size=limit)


@router.post("/places/{place}/rounds", response={201: RoundPage})
def add_round(request: HttpRequest, place: UUID, payload: RoundIn) -> Any:
    """Open a round of a place."""
    given = payload.dict(exclude={"supplier", "items"})
    items = tuple(actions.NewItem(**one.dict()) for one in payload.items)
    new = actions.NewRound(opens_at=request.now, items=items, **given)
    who: dict[str, Any] = {"by": request.actor, "at": request.now}
    row = actions.prepare_round(place_or_404(place), supplier_or_404(payload.supplier), new, **who)
    return Status(201, actions.open_round(row, **who) if row.state == "draft" else row)


@router.get("/rounds/{pk}", response=RoundPage)
def get_round(request: HttpRequest, pk: UUID) -> Any:
    """A round with its goods."""
    return round_or_404(pk)


@router.patch("/rounds/{pk}", response=RoundPage)
def change(request: HttpRequest, pk: UUID, payload: ChangeIn) -> Any:
    """Change terms of a round, and stock and limits of its goods; the same sent twice changes nothing more."""
    row = round_or_404(pk)
    given = payload.dict(exclude_unset=True)
    seen, goods = given.pop("version", None), given.pop("items", [])
    shelf = {one["item"]: _shelf(one) for one in goods}
    for name in NEVER_EMPTY & given.keys():
        if not given[name]:
            raise InputError(
                say("“{name}” cannot be empty.", name=name), remedy=say("Leave it out to keep it.")
            )
    return change_round(row, given, items=shelf, seen=seen, by=request.actor, at=request.now)


NEVER_EMPTY = frozenset({"title", "closes_at", "wave_at", "pay_rule", "hand_over"})


def _shelf(given: dict[str, Any]) -> ItemChange:
    return ItemChange(given.get("stock"), given.get("limit"), given.get("price_fen"))


@router.post("/rounds/{pk}/move/{act}", response=RoundOut)
def move_round(request: HttpRequest, pk: UUID, act: str, payload: MoveIn) -> Any:
    """Open, cut off, reopen (`closes_at`), cancel (`why`) or repeat a round; sent twice, it happens once."""
    row = round_or_404(pk)
    who: dict[str, Any] = {"by": request.actor, "at": request.now}
    match act:
        case "open":
            return actions.open_round(row, seen=payload.version, **who)
        case "cut-off":
            return actions.cut_off(row, seen=payload.version, **who)
        case "reopen":
            closes = payload.closes_at or request.now
            return actions.reopen_round(row, closes_at=closes, seen=payload.version, **who)
        case "cancel":
            return actions.cancel_round(row, why=payload.why, seen=payload.version, **who)
        case "repeat":
            return repeat_round(row, **who)
    raise Http404


@router.get("/rounds/{pk}/requests", response=Listing[OrderOut])
def list_orders(request: HttpRequest, pk: UUID, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """The orders of a round that the caller may enter, the last changed first."""
    row = round_or_404(pk)
    must_work_on(row, request.actor)
    return page_of(requests_of(row, request.actor), by="-changed_at", cursor=cursor, size=limit)


@router.get("/rounds/{pk}/requests/{household}", response=OrderOut)
def get_order(request: HttpRequest, pk: UUID, household: UUID) -> Any:
    """What a household asks for in a round."""
    home = household_or_404(household)
    check_may_take(home, by=request.actor)
    found = request_of(round_or_404(pk), home)
    if found is None:
        raise Http404
    return found


@router.put("/rounds/{pk}/requests/{household}", response=OrderOut)
def put_order(request: HttpRequest, pk: UUID, household: UUID, payload: OrderIn) -> Any:
    """Make a household's order what is sent; the same again changes no goods."""
    row, home = round_or_404(pk), household_or_404(household)
    is_staff = check_may_take(home, by=request.actor)
    asked = Asked(
        tuple(Wish(line.item, line.quantity, line.substitute) for line in payload.lines),
        Channel.API,
        note=payload.note,
        is_proxy=is_staff,
        version=payload.version,
        exception=payload.exception,
    )
    return place_request(row.pk, home, asked, by=request.actor, at=request.now)


@router.delete("/rounds/{pk}/requests/{household}", response={204: None})
def delete_order(request: HttpRequest, pk: UUID, household: UUID) -> Any:
    """Take a household's order back."""
    row, home = round_or_404(pk), household_or_404(household)
    check_may_take(home, by=request.actor)
    found = request_of(row, home)
    if found is None:
        raise Http404
    cancel_request(found, by=request.actor, at=request.now)
    return Status(204, None)
