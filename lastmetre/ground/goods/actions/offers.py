"""Writing offers: prices with their history, stock, limits. A clerk writes those of the own organisation only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lastmetre.ground.goods.actions.refusals import said_plainly
from lastmetre.ground.goods.actions.writing import (
    BATCH,
    assign,
    missing,
    note,
    plain,
    products_of,
    reaching,
    suppliers_of,
)
from lastmetre.ground.goods.drafts import NewOffer
from lastmetre.ground.goods.models import Offer, OfferCost, OfferPrice, Product, SupplierArea
from lastmetre.ground.goods.queries.caps import CapsInForce
from lastmetre.ground.goods.queries.periods import in_force
from lastmetre.ground.goods.rules import Permission, check_cap, yuan
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Actor, is_within
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

_TERMS = ("code", "case_size", "minimum", "limit_per_household", "valid_until")
MOST_FEN = 10_000_000
"""100,000 yuan for a sale unit is a slip of the hand."""


@transaction.atomic
def add_offers(rows: Sequence[NewOffer], *, by: Actor, at: datetime) -> list[Offer]:
    """Add offers with their prices; raises InputError and adds none where one is refused (a cap, a double)."""
    if not rows:
        return []
    paths = _areas(rows, by, at)
    products = products_of(row.product for row in rows)
    caps = CapsInForce(products.values(), at)
    offers, prices, costs = [], [], []
    for row in rows:
        product = products[row.product]
        _check_price(row.price_fen, product, paths[row.place], caps, cost_fen=row.cost_fen)
        offers.append(_offer(row, paths[row.place], at))
        prices += _prices(row)
        if row.cost_fen is not None:
            costs.append(OfferCost(offer_id=row.id, cost_fen=row.cost_fen, stated_at=at))
    with reaching(by, paths.values()), said_plainly():
        Offer.objects.bulk_create(offers, batch_size=BATCH)
        OfferPrice.objects.bulk_create(prices, batch_size=BATCH)
        OfferCost.objects.bulk_create(costs, batch_size=BATCH)
    note("add", "offer", [row.id for row in rows], by=by, at=at, paths=paths.values())
    return offers


@transaction.atomic
def set_price(
    offer: Offer, *, price_fen: int, cost_fen: int | None = None, by: Actor, at: datetime
) -> OfferPrice:
    """Set the price from now on; the earlier ones are kept. Refused above a cap, with the sentence (ER10)."""
    offer = _locked(offer, by)
    stated = cost_fen if cost_fen is not None else last_cost(offer.pk)
    caps = CapsInForce([offer.product], at)
    _check_price(price_fen, offer.product, offer.path, caps, cost_fen=stated)
    if cost_fen is not None:
        OfferCost.objects.update_or_create(offer=offer, stated_at=at, defaults={"cost_fen": cost_fen})
    now = OfferPrice.objects.filter(in_force(at), offer=offer).first()
    if now and now.price_fen == price_fen:
        return now
    with said_plainly():
        price = _next_price(offer, now, price_fen, at)
    before = now.price_fen if now else None
    note("price", "offer", [offer.pk], by=by, at=at, paths=[offer.path], price_fen=[before, price_fen])
    return price


def _next_price(offer: Offer, now: OfferPrice | None, price_fen: int, at: datetime) -> OfferPrice:
    if now and now.starts_at >= at:  # nobody has seen a price that began at this very moment
        OfferPrice.objects.filter(pk=now.pk).update(price_fen=price_fen)
        now.price_fen = price_fen
        return now
    ends = None
    if now:
        ends = now.ends_at
        OfferPrice.objects.filter(pk=now.pk).update(ends_at=at)
    return OfferPrice.objects.create(offer=offer, price_fen=price_fen, starts_at=at, ends_at=ends)


@transaction.atomic
def set_stock(offer: Offer, *, stock: Decimal | None, by: Actor, at: datetime) -> Offer:
    """State how many sale units there are; None: the supplier does not count."""
    offer = _locked(offer, by)
    if stock is not None and stock < 0:
        raise InputError(say("A stock cannot be below 0."), remedy=say("Write 0 where nothing is left."))
    before, offer.stock, offer.stock_at = offer.stock, stock, at
    offer.save(update_fields=["stock", "stock_at"])
    if before != stock:
        told = [None if value is None else plain(value) for value in (before, stock)]
        note("stock", "offer", [offer.pk], by=by, at=at, paths=[offer.path], stock=told)
    return offer


@transaction.atomic
def set_shelf(offer: Offer, *, price_fen: int, stock: Decimal | None, by: Actor, at: datetime) -> None:
    """Set price and stock together: both or none."""
    set_price(offer, price_fen=price_fen, by=by, at=at)
    set_stock(offer, stock=stock, by=by, at=at)


@transaction.atomic
def adjust_stock(offer: Offer, *, change: Decimal, why: str = "", by: Actor, at: datetime) -> Offer:
    """Add to or take from the stock in one statement; raises InputError where there is not so much."""
    offer = _locked(offer, by)
    if offer.stock is None:
        raise InputError(say("The stock of this offer is not counted."), remedy=say("State the stock first."))
    with said_plainly():
        Offer.objects.filter(pk=offer.pk).update(stock=F("stock") + change, stock_at=at)
    offer.refresh_from_db(fields=["stock", "stock_at"])
    note("stock", "offer", [offer.pk], by=by, at=at, paths=[offer.path], change=plain(change), why=why)
    return offer


@transaction.atomic
def edit_offer(offer: Offer, *, by: Actor, at: datetime, **values: Any) -> dict[str, list[Any]]:
    """Change code, case size, minimum, limit a household or end; returns what changed."""
    offer = _locked(offer, by)
    changed = assign(offer, {name: values[name] for name in _TERMS if name in values})
    if changed:
        with said_plainly():
            offer.save(update_fields=list(changed))
        note("edit", "offer", [offer.pk], by=by, at=at, paths=[offer.path], changed=changed)
    return changed


@transaction.atomic
def end_offer(offer: Offer, *, by: Actor, at: datetime) -> None:
    """Sell it no longer from now on; one that has not begun is taken out."""
    offer = _locked(offer, by)
    if offer.valid_from >= at:
        Offer.objects.filter(pk=offer.pk).delete()
    else:
        Offer.objects.filter(pk=offer.pk).update(valid_until=at)
    note("end", "offer", [offer.pk], by=by, at=at, paths=[offer.path])


@transaction.atomic
def state_cost(offer: Offer, *, cost_fen: int, by: Actor, at: datetime) -> None:
    """Write down what the supplier paid for a sale unit (for price inspection, ER10)."""
    offer = _locked(offer, by)
    OfferCost.objects.update_or_create(offer=offer, stated_at=at, defaults={"cost_fen": cost_fen})
    note("cost", "offer", [offer.pk], by=by, at=at, paths=[offer.path])


def last_cost(offer: UUID) -> int | None:
    """Return what the supplier last said it paid, whoever asks: caps over cost hold for all."""
    with acting_as(SYSTEM):
        return OfferCost.objects.filter(offer=offer).values_list("cost_fen", flat=True).first()


def _locked(offer: Offer, by: Actor) -> Offer:
    """Lock the offer and ask for the permission for this very supplier or place; raises Denied."""
    by.must(Permission.OFFERS, path=offer.path, organisation=offer.supplier_id)
    return Offer.objects.select_for_update(of=("self",)).select_related("product").get(pk=offer.pk)


def _areas(rows: Sequence[NewOffer], by: Actor, at: datetime) -> dict[UUID, str]:
    """Return the paths of the areas after asking whether each supplier may sell there through this actor."""
    suppliers = suppliers_of(row.supplier for row in rows)
    wanted = {row.place for row in rows}
    # A clerk may see no place, yet sells where its supplier was admitted.
    with acting_as(SYSTEM):
        places = Place.objects.filter(pk__in=wanted, ended_at__isnull=True)
        paths: dict[UUID, str] = {place.pk: place.path for place in places}
        admitted = list(
            SupplierArea.objects.filter(in_force(at), supplier__in=suppliers).values_list("supplier", "path")
        )
    for supplier, place in {(row.supplier, row.place) for row in rows}:
        path = paths.get(place)
        if path is None:
            raise missing(say("One of the places does not exist or is no longer in use."))
        if by.may(Permission.OFFERS, path=path):
            continue
        by.must(Permission.OFFERS, organisation=supplier)
        if not any(who == supplier and is_within(path, area) for who, area in admitted):
            raise InputError(
                say("This supplier has not been admitted to sell here."),
                remedy=say("Ask the office of the place to admit it."),
            )
    return paths


def _check_price(
    price_fen: int, product: Product, path: str, caps: CapsInForce, *, cost_fen: int | None
) -> None:
    if not 0 <= price_fen <= MOST_FEN:
        raise InputError(
            say("{price} yuan is no price.", price=yuan(price_fen)),
            remedy=say("Write the price of one {unit} in yuan, such as 39.9.", unit=product.unit),
        )
    try:
        check_cap(price_fen, caps.over(product, path), weight_g=product.weight_g, cost_fen=cost_fen)
    except InputError as error:
        raise InputError(
            say("{product}: {what}", product=str(product), what=error.what), remedy=error.remedy
        ) from error


def _offer(row: NewOffer, path: str, at: datetime) -> Offer:
    return Offer(
        id=row.id,
        supplier_id=row.supplier,
        product_id=row.product,
        place_id=row.place,
        path=path,
        stock=row.stock,
        stock_at=at if row.stock is not None else None,
        valid_from=min([row.valid_from, *(since for _, since in row.earlier)]),
        **{name: getattr(row, name) for name in _TERMS},
    )


def _prices(row: NewOffer) -> list[OfferPrice]:
    steps = [*row.earlier, (row.price_fen, row.valid_from)]
    ends = [*(since for _, since in steps[1:]), None]
    return [
        OfferPrice(offer_id=row.id, price_fen=fen, starts_at=since, ends_at=end)
        for (fen, since), end in zip(steps, ends, strict=True)
    ]
