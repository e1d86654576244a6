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


def lean_offers(path: str | None, at: datetime) -> list[Any]:
    """Return the offers that reach a place with what a price check needs, each product loaded once."""
    needed = ("id", "supplier_id", "product_id", "place_id", "path", "stock")
    rows = list(offers_for(path, at).select_related(None).order_by().only(*needed))
    products = Product.objects.defer("pinyin", "contents").in_bulk({row.product_id for row in rows})
    for row in rows:
        row.product = products[row.product_id]
    return rows


@dataclass(frozen=True, slots=True)
class Cover:
    """What is in stock of a watched category, and for how long it lasts the people of a place."""

    category: Any
    offers: int
    stock_g: int
    days: Decimal | None
    """None where people or ration are not known, or some stock is not counted."""

    @property
    def stock_kg(self) -> Decimal:
        """The stock in whole kilograms."""
        return Decimal(self.stock_g // 1000)

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
    watched = {category.code: category for category in Category.objects.filter(is_watched=True)}
    for offer in lean_offers(path, at):
        if offer.product.category_id not in watched:
            continue
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
        for category in watched.values()
    ]


def overpriced(path: str | None, at: datetime) -> list[Ask]:
    """Return the offers with something to be said of their price, refused ones first."""
    rows = lean_offers(path, at)
    found = findings_of(rows, at, path=path)
    dear = [pk for pk, said in found.items() if said]
    # Names are fetched for the few that are shown, not for the thousands that are checked.
    asks = [Ask(offer, found[offer.pk]) for offer in offers_for(path, at).filter(pk__in=dear)]
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
