"""Offers: prices and stock; what a place can order as an offer file says it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from lastmetre.ground.goods.actions import offers as actions
from lastmetre.ground.goods.api.answers import OfferOut, TermsOut
from lastmetre.ground.goods.api.asked import OfferChange, OfferIn, StockChange
from lastmetre.ground.goods.drafts import NewOffer
from lastmetre.ground.goods.models import Offer
from lastmetre.ground.goods.queries.found import offer_or_404, place_or_404, supplier_or_404
from lastmetre.ground.goods.queries.periods import priced, valid
from lastmetre.ground.goods.queries.terms import offer_terms
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, page_of

router = Router()


def _now(request: HttpRequest, pk: UUID) -> Offer:
    return priced(Offer.objects.filter(pk=pk), request.now).get()


@router.get("/offers", response=Listing[OfferOut])
def list_offers(
    request: HttpRequest, supplier: UUID | None = None, cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """The offers that hold now, of one supplier or of all that the caller sees."""
    rows = Offer.objects.filter(valid(request.now))
    if supplier:
        rows = rows.filter(supplier=supplier)
    return page_of(priced(rows, request.now), by="valid_from", cursor=cursor, size=limit)


@router.post("/offers", response={201: OfferOut})
def add_offer(request: HttpRequest, payload: OfferIn) -> Any:
    """Offer a product from now on; refused above a cap."""
    row = NewOffer(valid_from=request.now, **payload.dict())
    actions.add_offers([row], by=request.actor, at=request.now)
    return Status(201, _now(request, row.id))


@router.patch("/offers/{pk}", response=OfferOut)
def change_offer(request: HttpRequest, pk: UUID, payload: OfferChange) -> Any:
    """Change price, stock or terms of an offer: all or nothing; what is left out stays."""
    offer, given = offer_or_404(pk), payload.dict(exclude_unset=True)
    write: dict[str, Any] = {"by": request.actor, "at": request.now}
    with transaction.atomic():
        price, cost = given.pop("price_fen", None), given.pop("cost_fen", None)
        if price is not None:
            actions.set_price(offer, price_fen=price, cost_fen=cost, **write)
        elif cost is not None:
            actions.state_cost(offer, cost_fen=cost, **write)
        if "stock" in given:
            actions.set_stock(offer, stock=given.pop("stock"), **write)
        if given.get("code", "") is None:
            given["code"] = ""
        actions.edit_offer(offer, **given, **write)
    return _now(request, pk)


@router.post("/offers/{pk}/stock", response=OfferOut)
def adjust_stock(request: HttpRequest, pk: UUID, payload: StockChange) -> Any:
    """Add to or take from the stock; never below nothing."""
    write: dict[str, Any] = {"by": request.actor, "at": request.now}
    actions.adjust_stock(offer_or_404(pk), change=payload.change, why=payload.why, **write)
    return _now(request, pk)


@router.delete("/offers/{pk}", response={204: None})
def end_offer(request: HttpRequest, pk: UUID) -> Any:
    """Sell it no longer."""
    actions.end_offer(offer_or_404(pk), by=request.actor, at=request.now)
    return Status(204, None)


@router.get("/places/{place}/offer", response=TermsOut)
def get_terms(request: HttpRequest, place: UUID, supplier: UUID) -> Any:
    """What a place can order from one supplier, as an offer file of the steward's tool says it."""
    return asdict(offer_terms(place_or_404(place).path, supplier_or_404(supplier), request.now))
