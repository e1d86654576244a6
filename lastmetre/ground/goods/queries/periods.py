"""What is in force at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lastmetre.ground.goods.models import OfferPrice


def in_force(at: datetime, start: str = "starts_at", end: str = "ends_at") -> Q:
    """Return the filter for rows whose period holds at a time."""
    return Q(**{f"{start}__lte": at}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": at}))


def valid(at: datetime) -> Q:
    """Return the filter for offers that hold at a time."""
    return in_force(at, "valid_from", "valid_until")


def priced(offers: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    """Annotate offers with `price_fen` at a time and `price_since`; None where no price holds."""
    prices = OfferPrice.objects.filter(in_force(at), offer=OuterRef("pk"))
    return offers.annotate(
        price_fen=Subquery(prices.values("price_fen")[:1]),
        price_since=Subquery(prices.values("starts_at")[:1]),
    )
