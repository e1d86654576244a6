"""Categories, products, substitutes and areas' choices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Status

from lastmetre.ground.goods.actions.catalogue import (
    add_products,
    edit_product,
    end_product,
    remove_substitute,
    restore_product,
    save_substitutes,
    set_assortment,
)
from lastmetre.ground.goods.api.answers import CategoryOut, DetailOut, ProductOut, ShelfOut
from lastmetre.ground.goods.api.asked import ChoiceIO, ProductIn, SubstituteIn, Words
from lastmetre.ground.goods.drafts import NewLine, NewProduct, NewSubstitute
from lastmetre.ground.goods.models import Assortment, Category, Product
from lastmetre.ground.goods.queries.catalogue import CHEAPEST, place_of, products_for, shelves, stand_ins
from lastmetre.ground.goods.queries.found import place_or_404, product_or_404, substitute_or_404
from lastmetre.ground.goods.rules import Disinfection, treatment
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, Page, page_of

router = Router()


@router.get("/categories", response=list[CategoryOut])
def list_categories(request: HttpRequest) -> Any:
    """Kinds of necessities, with rations a person and day."""
    return list(Category.objects.all())


@router.get("/products", response=Listing[ShelfOut])
def list_products(
    request: HttpRequest,
    place: UUID | None = None,
    category: Words = "",
    q: Words = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """What can be had at a place (the caller's own where none is named), with the five lowest prices."""
    path = path_of(request, place)
    page = page_of(
        products_for(path, category=category, words=q), by="category__order", cursor=cursor, size=limit
    )
    return Page(
        [ShelfOut.of(shelf) for shelf in shelves(page.rows, path, request.now, cheapest=CHEAPEST)], page.next
    )


def path_of(request: HttpRequest, place: UUID | None) -> str | None:
    """Return the path of the place that is asked for, or of the caller's largest."""
    found = place_or_404(place) if place else place_of(request.actor.sees)
    return found.path if found else None


@router.get("/products/{pk}", response=DetailOut)
def get_product(request: HttpRequest, pk: UUID, place: UUID | None = None) -> Any:
    """A product: contents, prices, what can stand in for it, how it is treated at the gate."""
    row, path = product_or_404(pk), path_of(request, place)
    (shelf,) = shelves([row], path, request.now)
    how = treatment(Disinfection(row.disinfection), row.standing_min)
    lines = [
        {"what": line.what, "product": line.product_id, "quantity": line.quantity} for line in row.lines.all()
    ]
    others = [
        {"ratio": one.substitute.ratio, "shelf": ShelfOut.of(one.shelf)}
        for one in stand_ins(row, path, request.now)
    ]
    told = {"treatment": how.how.text(gettext), "standing_min": how.standing_min}
    return ShelfOut.of(shelf) | {"lines": lines, "stand_ins": others} | told


@router.post("/products", response={201: ProductOut})
def add_product(request: HttpRequest, payload: ProductIn) -> Any:
    """A new product, common to all or a supplier's own."""
    row = _draft(payload, new_id(), payload.owner)
    add_products([row], by=request.actor, at=request.now)
    return Status(201, Product.objects.get(pk=row.id))


@router.put("/products/{pk}", response=ProductOut)
def change_product(request: HttpRequest, pk: UUID, payload: ProductIn) -> Any:
    """Make a product what is sent; its owner stays."""
    row = product_or_404(pk)
    edit_product(row, _draft(payload, pk, row.owner_id), by=request.actor, at=request.now)
    return row


@router.delete("/products/{pk}", response=ProductOut)
def remove_product(request: HttpRequest, pk: UUID) -> Any:
    """Take a product out of the catalogue; what names it stays."""
    row = product_or_404(pk)
    end_product(row, by=request.actor, at=request.now)
    return row


@router.post("/products/{pk}/restore", response=ProductOut)
def restore(request: HttpRequest, pk: UUID) -> Any:
    """Take a product back into the catalogue."""
    row = product_or_404(pk)
    restore_product(row, by=request.actor, at=request.now)
    return row


def _draft(payload: ProductIn, pk: UUID, owner: UUID | None) -> NewProduct:
    given = payload.dict(exclude={"lines", "aliases", "owner"})
    lines = tuple(NewLine(line.what, line.product, line.quantity) for line in payload.lines)
    return NewProduct(id=pk, owner=owner, aliases=tuple(payload.aliases), lines=lines, **given)


@router.put("/substitutes", response={204: None})
def save_substitute(request: HttpRequest, payload: SubstituteIn) -> Any:
    """Say what stands in for what, and in which ratio."""
    save_substitutes([NewSubstitute(**payload.dict())], by=request.actor, at=request.now)
    return Status(204, None)


@router.delete("/substitutes/{product}/{substitute}", response={204: None})
def drop_substitute(request: HttpRequest, product: UUID, substitute: UUID) -> Any:
    """Say that it no longer stands in."""
    remove_substitute(substitute_or_404(product, substitute), by=request.actor, at=request.now)
    return Status(204, None)


@router.get("/choices/{place}", response=ChoiceIO)
def get_choice(request: HttpRequest, place: UUID) -> Any:
    """The products of an area's own choice."""
    rows = Assortment.objects.filter(place=place_or_404(place))
    return {"products": list(rows.values_list("product_id", flat=True))}


@router.put("/choices/{place}", response=ChoiceIO)
def set_choice(request: HttpRequest, place: UUID, payload: ChoiceIO) -> Any:
    """Make these products the choice of an area; none: it takes that of the area above."""
    set_assortment(place_or_404(place), payload.products, by=request.actor, at=request.now)
    return get_choice(request, place)
