"""Buying and packing, for programs: all that the pages do. Quantities in sale units, money in fen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status

from lastmetre.chain.ledger.actions.photos import file_bytes, picture_bytes
from lastmetre.chain.orders.queries.rounds import named_round_or_404
from lastmetre.chain.purchase.actions.exports import give_export
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack, pack_bag, photograph, photograph_goods
from lastmetre.chain.purchase.actions.proposing import decide, propose_substitute
from lastmetre.chain.purchase.actions.supplying import (
    change_price,
    confirm,
    fail,
    mark_short,
    start_packing,
)
from lastmetre.chain.purchase.actions.unpacking import unpack_all, unpack_bag
from lastmetre.chain.purchase.api.schemas import (
    BagOut,
    DecideIn,
    DeskOut,
    ExportIn,
    GivenOut,
    MoveIn,
    OrderOut,
    PackedOut,
    PhotoIn,
    PhotoOut,
    PriceIn,
    ProposeIn,
    ShortIn,
    ToOrderOut,
)
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.queries.bags import all_contents, packed_bag, packing_of
from lastmetre.chain.purchase.queries.cases import to_order
from lastmetre.chain.purchase.queries.orders import (
    check_may_look,
    desk_of,
    line_or_404,
    order_of,
    order_or_404,
    orders_of,
    proposal_or_404,
    standing_of,
)
from lastmetre.chain.purchase.rules import Permission

router = Router(tags=["purchase"])


def _order(request: HttpRequest, pk: UUID) -> PurchaseOrder:
    row = order_or_404(pk)
    check_may_look(row, request.actor)
    return row


def _shown(pk: UUID) -> OrderOut:
    row = order_or_404(pk)
    return OrderOut.of(row, standing_of(row))


def _write(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.now}


@router.get("/orders", response=list[DeskOut])
def list_orders(request: HttpRequest, done: bool = False) -> Any:
    """The orders at the caller's own firms, the most urgent first; or the last hundred (`done`)."""
    request.actor.must(Permission.SUPPLY)
    return [DeskOut.of(one) for one in desk_of(orders_of(request.actor, open_only=not done))]


@router.post("/exports", response=list[GivenOut])
def add_export(request: HttpRequest, payload: ExportIn) -> Any:
    """Give a platform's export (base64): each compound's rows go to its open round, and wait for its liaison."""
    content = file_bytes(payload.content)
    found = give_export(payload.name, content, only=payload.round, **_write(request))
    return [GivenOut.of(one) for one in found]


@router.get("/rounds/{pk}/to-order", response=list[ToOrderOut])
def list_to_order(request: HttpRequest, pk: UUID) -> Any:
    """What an order of a round placed now would hold, in whole cases."""
    row = named_round_or_404(pk)
    request.actor.must(Permission.ORDER, path=row.path)
    return [ToOrderOut.of(one) for one in to_order(row)]


@router.get("/rounds/{pk}/order", response=OrderOut)
def get_order_of_round(request: HttpRequest, pk: UUID) -> Any:
    """The order of a round; 404 where none was placed."""
    row = order_of(named_round_or_404(pk))
    if row is None:
        raise Http404
    check_may_look(row, request.actor)
    return OrderOut.of(row, standing_of(row))


@router.post("/rounds/{pk}/order", response={201: OrderOut})
def add_order(request: HttpRequest, pk: UUID) -> Any:
    """Order at the supplier what was shared out; twice is once."""
    row = place_order(named_round_or_404(pk), **_write(request))
    return Status(201, _shown(row.pk))


@router.get("/orders/{pk}", response=OrderOut)
def get_order(request: HttpRequest, pk: UUID) -> Any:
    """An order, good by good, with what waits for the liaison."""
    return OrderOut.of(_order(request, pk), standing_of(order_or_404(pk)))


@router.post("/orders/{pk}/move/{act}", response=OrderOut)
def move_order(request: HttpRequest, pk: UUID, act: str, payload: MoveIn) -> Any:
    """confirm, packing, packed (`bags_a_box`), unpack (that was a slip) or fail (`why`); twice is once."""
    row = _order(request, pk)
    if act == "confirm":
        confirm(row, **_write(request))
    elif act == "packing":
        start_packing(row, **_write(request))
    elif act == "packed":
        pack(row.round, bags_a_box=payload.bags_a_box, **_write(request))
    elif act == "unpack":
        unpack_all(row, **_write(request))
    elif act == "fail":
        fail(row, why=payload.why, **_write(request))
    else:
        raise Http404
    return _shown(pk)


@router.post("/orders/{pk}/goods/{good}/short", response=OrderOut)
def short(request: HttpRequest, pk: UUID, good: UUID, payload: ShortIn) -> Any:
    """Say that there is less of a good: it is shared out again at once."""
    mark_short(line_or_404(_order(request, pk), good), **payload.dict(), **_write(request))
    return _shown(pk)


@router.post("/orders/{pk}/goods/{good}/price", response=OrderOut)
def price(request: HttpRequest, pk: UUID, good: UUID, payload: PriceIn) -> Any:
    """Change a price within the pledge."""
    change_price(line_or_404(_order(request, pk), good), price_fen=payload.price_fen, **_write(request))
    return _shown(pk)


@router.post("/orders/{pk}/goods/{good}/propose", response=OrderOut)
def propose(request: HttpRequest, pk: UUID, good: UUID, payload: ProposeIn) -> Any:
    """Offer another good of the round (its item's id) in place of what is short."""
    propose_substitute(line_or_404(_order(request, pk), good), **payload.dict(), **_write(request))
    return _shown(pk)


@router.post("/orders/{pk}/proposals/{proposal}/decide", response=OrderOut)
def decide_proposal(request: HttpRequest, pk: UUID, proposal: UUID, payload: DecideIn) -> Any:
    """Take or refuse a proposal: for those who named it as substitute, or for all who are short."""
    decide(proposal_or_404(_order(request, pk), proposal), **payload.dict(), **_write(request))
    return _shown(pk)


@router.get("/orders/{pk}/bags", response=list[BagOut])
def list_bags(request: HttpRequest, pk: UUID) -> Any:
    """Every household's bag by its door: number, code, packed or not; names nobody."""
    found = packing_of(_order(request, pk))
    return [BagOut.of(found, *one) for one in all_contents(found)]


@router.post("/orders/{pk}/bags/{household}", response=PackedOut)
def pack_one(request: HttpRequest, pk: UUID, household: UUID) -> Any:
    """Write down that a household's bag is packed; twice is once."""
    return PackedOut.of(pack_bag(_order(request, pk), household, **_write(request)))


@router.post("/orders/{pk}/bags/{household}/unpack", response=OrderOut)
def unpack_one(request: HttpRequest, pk: UUID, household: UUID) -> Any:
    """Take back that a household's bag is packed, until it is in a vehicle; twice is once."""
    unpack_bag(_order(request, pk), household, **_write(request))
    return _shown(pk)


@router.post("/orders/{pk}/photo", response={201: PhotoOut})
def add_goods_photo(request: HttpRequest, pk: UUID, payload: PhotoIn) -> Any:
    """Keep a picture of all goods of a round, for every household in it (FC4b); twice with one id is one."""
    row, picture = _order(request, pk), picture_bytes(payload.content)
    return Status(201, PhotoOut(id=photograph_goods(row, picture, id=payload.id, **_write(request)).pk))


@router.post("/orders/{pk}/bags/{household}/photo", response={201: PhotoOut})
def add_photo(request: HttpRequest, pk: UUID, household: UUID, payload: PhotoIn) -> Any:
    """Keep a picture of a packed bag; twice with one id is one."""
    row = _order(request, pk)
    bag = packed_bag(row, household)
    if bag is None:
        raise Http404
    picture = picture_bytes(payload.content)
    return Status(201, PhotoOut(id=photograph(row, bag, picture, id=payload.id, **_write(request)).pk))
