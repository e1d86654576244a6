"""What is missing, running out or overpriced at a place: the price office's and the command's questions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from lastmetre.ground.goods.models import BenchmarkPrice, Category, PriceCap, Product, Reserve
from lastmetre.ground.goods.queries.catalogue import Ask, offers_for
from lastmetre.ground.goods.queries.findings import findings_of
from lastmetre.ground.goods.queries.periods import in_force
from lastmetre.ground.goods.rules import days_lasting

LOW_DAYS = 3
"""ER9: at least 3 days' cover."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What is in stock of a watched category, and for how long it lasts the people of a place."""

    category: Any
    offers: int
    stock_g: int
    days: Decimal | None
    """None where people or ration are not known, or some stock is not counted."""

    @property
    def state(self) -> str:
        """How a screen colours it."""
        if not self.offers:
            return "act"
        if self.days is None:
            return "idle"
        return "act" if self.days < 1 else "wait" if self.days < LOW_DAYS else "good"


def cover(path: str | None, at: datetime, *, people: int | None) -> list[Cover]:
    """Return the cover of each watched category (YX1, ER9): stock of all offers that reach the place."""
    stocks: dict[str, int] = defaultdict(int)
    offers: dict[str, int] = defaultdict(int)
    uncounted: set[str] = set()
    for offer in offers_for(path, at).filter(product__category__is_watched=True).order_by():
        code = offer.product.category_id
        offers[code] += 1
        if offer.stock is None or not offer.product.weight_g:
            uncounted.add(code)
        else:
            stocks[code] += int(offer.stock * offer.product.weight_g)
    return [
        Cover(
            category,
            offers[category.code],
            stocks[category.code],
            days_lasting(stocks[category.code], category.ration_g, Decimal(people))
            if people and category.ration_g and category.code not in uncounted
            else None,
        )
        for category in Category.objects.filter(is_watched=True)
    ]


def overpriced(path: str | None, at: datetime) -> list[Ask]:
    """Return the offers with something to be said of their price, refused ones first."""
    rows = list(offers_for(path, at))
    found = findings_of(rows, at, path=path)
    asks = [Ask(offer, found[offer.pk]) for offer in rows if found[offer.pk]]
    return sorted(asks, key=lambda ask: (not ask.is_refused, -len(ask.findings), str(ask.offer.product)))


def caps_shown(path: str | None, at: datetime) -> list[Any]:
    """Return the caps in force at, above or below a place, the newest first."""
    rows = PriceCap.objects.filter(in_force(at)).select_related("product", "category")
    if path is not None:
        rows = rows.filter(path__above=path) | rows.filter(path__within=path)
    return list(rows[:200])


def benchmarks_shown(limit: int = 200) -> list[Any]:
    """Return the latest benchmark of each product that has one."""
    rows = BenchmarkPrice.objects.order_by("product_id", "-seen_at").distinct("product_id")
    return sorted(rows.select_related("product")[:limit], key=lambda row: row.seen_at, reverse=True)


def products_without_seller(path: str | None, at: datetime) -> list[Any]:
    """Return the watched products that nobody sells at a place."""
    sold = offers_for(path, at).order_by().values("product")
    rows = Product.objects.filter(ended_at__isnull=True, category__is_watched=True).exclude(pk__in=sold)
    return list(rows.select_related("category")[:100])


def reserves_shown() -> list[Any]:
    """Return the reserves that the actor sees, by category and tier (YX8a)."""
    return list(Reserve.objects.select_related("category", "product", "holder", "place")[:500])
