"""Rows by id as the actor sees them: foreign and missing ids are the same 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from lastmetre.ground.goods.models import (
    Offer,
    Payee,
    PriceCap,
    Product,
    Reserve,
    Substitute,
    Supplier,
    SupplierArea,
)
from lastmetre.ground.places.models import Place


def product_or_404(pk: UUID) -> Product:
    """Return a product with its category and owner."""
    return _one(Product.objects.select_related("category", "owner__organisation"), pk)


def supplier_or_404(pk: UUID) -> Supplier:
    """Return a supplier with its organisation."""
    return _one(Supplier.objects.select_related("organisation"), pk)


def offer_or_404(pk: UUID) -> Offer:
    """Return an offer with its product and supplier."""
    return _one(Offer.objects.select_related("product__category", "supplier__organisation"), pk)


def place_or_404(pk: UUID) -> Place:
    """Return a place in use."""
    return _one(Place.objects.filter(ended_at__isnull=True), pk)


def area_or_404(pk: UUID) -> SupplierArea:
    """Return where a supplier serves."""
    return _one(SupplierArea.objects.all(), pk)


def payee_or_404(pk: UUID) -> Payee:
    """Return a payee."""
    return _one(Payee.objects.all(), pk)


def cap_or_404(pk: UUID) -> PriceCap:
    """Return a cap."""
    return _one(PriceCap.objects.all(), pk)


def reserve_or_404(pk: UUID) -> Reserve:
    """Return a reserve."""
    return _one(Reserve.objects.all(), pk)


def substitute_or_404(product: UUID, substitute: UUID) -> Substitute:
    """Return a pair of products of which one stands in for the other."""
    found = Substitute.objects.filter(product=product, substitute=substitute).first()
    if found is None:
        raise Http404
    return found


def _one(rows: QuerySet[Any], pk: UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
