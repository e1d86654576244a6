"""What can be had at a place: its choice, who sells it, for how much, and what is to be said of the price."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from lastmetre.ground.goods.models import Assortment, Category, Offer, Product, Substitute
from lastmetre.ground.goods.queries.findings import findings_of
from lastmetre.ground.goods.queries.periods import priced, valid
from lastmetre.ground.goods.rules import Finding
from lastmetre.ground.goods.rules.suppliers import NO_LICENCE_NEEDED
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.rules import PlaceKind

CHEAPEST = 5
"""Prices of a product that a list looks at: what is above a cap is rarely followed by something cheaper."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One supplier's price of a product, and what is to be said of it."""

    offer: Any
    findings: tuple[Finding, ...]

    @property
    def is_refused(self) -> bool:
        """Whether it may not be sold at this price here."""
        return any(finding.refuses for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A product of the catalogue and who sells it, the lowest price first."""

    product: Any
    asks: tuple[Ask, ...]
    count: int = 0
    """How many sell it, of whom `asks` may hold the cheapest only."""

    @property
    def lowest_fen(self) -> int | None:
        """The lowest price that may be asked here; None where nobody sells it."""
        return next((ask.offer.price_fen for ask in self.asks if not ask.is_refused), None)

    @property
    def stock(self) -> Decimal | None:
        """Sale units of all who count theirs; None where nobody does."""
        counted = [ask.offer.stock for ask in self.asks if ask.offer.stock is not None and not ask.is_refused]
        return sum(counted, Decimal(0)) if counted else None

    @property
    def concerns(self) -> tuple[str, ...]:
        """Codes of what is to be said of any of its prices, each once."""
        return tuple(dict.fromkeys(str(one.concern) for ask in self.asks for one in ask.findings))


def may_serve(day: datetime.date, prefix: str = "") -> Q:
    """Return the filter for suppliers whose papers let them serve on a day (rules.suppliers.standing)."""
    free = [kind.value for kind in NO_LICENCE_NEEDED]
    licensed = ~Q(**{f"{prefix}licence": ""})
    licensed &= Q(**{f"{prefix}licence_from__isnull": True}) | Q(**{f"{prefix}licence_from__lte": day})
    licensed &= Q(**{f"{prefix}licence_until__isnull": True}) | Q(**{f"{prefix}licence_until__gte": day})
    return Q(**{f"{prefix}suspended_at__isnull": True}) & (Q(**{f"{prefix}kind__in": free}) | licensed)


def choice_of(path: str) -> set[UUID] | None:
    """Return the products of the nearest area above a place that has a choice of its own (PD10); None: all."""
    rows = list(Assortment.objects.filter(path__above=path).values_list("path", "product_id"))
    if not rows:
        return None
    nearest = max((where for where, _ in rows), key=len)
    return {product for where, product in rows if where == nearest}


def offers_for(path: str | None, at: datetime.datetime) -> QuerySet[Any]:
    """Return the priced offers that reach a place, or all that the actor sees; of suppliers that may serve."""
    rows = Offer.objects.filter(valid(at), may_serve(at.date(), "supplier__"))
    if path is not None:
        rows = rows.filter(Q(path__above=path) | Q(path__within=path))
    rows = priced(rows, at).filter(price_fen__isnull=False)
    return rows.select_related("product", "product__category", "supplier", "supplier__organisation")


def products_for(path: str | None, *, category: str = "", words: str = "") -> QuerySet[Product]:
    """Return the products of a place's choice, by category, and by name, alias, code or pinyin initials."""
    rows = Product.objects.filter(ended_at__isnull=True).select_related("category")
    chosen = choice_of(path) if path is not None else None
    if chosen is not None:
        rows = rows.filter(pk__in=chosen)
    if category:
        rows = rows.filter(category=category)
    return rows.filter(found_by(words)) if words.strip() else rows


def found_by(words: str) -> Q:
    """Return the filter for products that what somebody typed may mean."""
    typed = words.strip()
    named = Q(name__icontains=typed) | Q(code__iexact=typed) | Q(aliases__icontains=typed)
    plain = "".join(typed.lower().split())
    return named | Q(pinyin__contains=plain) if plain.isascii() and plain.isalpha() else named


def shelves(
    products: Sequence[Product], path: str | None, at: datetime.datetime, *, cheapest: int | None = None
) -> list[Shelf]:
    """Return products with who sells them at a place, all or the cheapest of each.

    The number of queries does not grow with the products.
    """
    rows = offers_for(path, at).filter(product__in=products)
    if cheapest is not None:
        of_product = {"partition_by": "product", "order_by": ["price_fen", "pk"]}
        rows = rows.annotate(
            rank=Window(RowNumber(), **of_product), count=Window(Count("pk"), partition_by="product")
        ).filter(rank__lte=cheapest)
    offers = list(rows.order_by("price_fen", "pk"))
    found = findings_of(offers, at, path=path)
    asks: dict[UUID, list[Ask]] = defaultdict(list)
    for offer in offers:
        asks[offer.product_id].append(Ask(offer, found[offer.pk]))
    return [Shelf(product, tuple(asks[product.pk]), _count(asks[product.pk])) for product in products]


def _count(asks: Sequence[Ask]) -> int:
    return getattr(asks[0].offer, "count", len(asks)) if asks else 0


def categories() -> list[Any]:
    """Return the categories with their number of products."""
    counted = Count("products", filter=Q(products__ended_at__isnull=True))
    return list(Category.objects.annotate(product_count=counted))


@dataclass(frozen=True, slots=True)
class StandIn:
    """What can stand in for a product here, and who sells it."""

    substitute: Any
    shelf: Shelf


def stand_ins(product: Product, path: str | None, at: datetime.datetime) -> list[StandIn]:
    """Return what can stand in for a product, best first, with prices here (YX7)."""
    rows = list(
        Substitute.objects.filter(product=product).select_related("substitute", "substitute__category")
    )
    found = shelves([row.substitute for row in rows], path, at)
    return [StandIn(row, shelf) for row, shelf in zip(rows, found, strict=True)]


def weights_of(product: Product) -> dict[str, int]:
    """Return the grams of each ration group in one sale unit: a package by its lines, else by itself."""
    lines = list(product.lines.select_related("product__category")) if product.is_package else []
    weights: dict[str, int] = defaultdict(int)
    for line in lines:
        inside = line.product
        if inside and inside.weight_g and inside.category.ration_group:
            weights[inside.category.ration_group] += int(inside.weight_g * line.quantity)
    if not lines and product.weight_g and product.category.ration_group:
        weights[product.category.ration_group] += product.weight_g
    return dict(weights)


def rations() -> dict[str, int]:
    """Return the ration of each group in grams a person and day."""
    rows = Category.objects.filter(ration_g__isnull=False).values_list("ration_group", "ration_g")
    return dict(rows)


class Depth(Func):
    """How deep a path lies."""

    function = "nlevel"
    output_field = IntegerField()


TOO_SMALL = (PlaceKind.BUILDING, PlaceKind.UNIT, PlaceKind.HOUSEHOLD)
"""Nobody offers goods to a single building: what its compound has is what it has."""


def place_of(paths: Iterable[str]) -> Place | None:
    """Return the largest place that an actor sees, or the compound that it lies in; None for all and nothing."""
    wanted = [path for path in paths if path]
    if not wanted:
        return None
    around = Q(path__above=min(wanted, key=lambda path: (path.count("."), path)))
    rows = Place.objects.filter(around, ended_at__isnull=True).exclude(kind__in=TOO_SMALL)
    return rows.order_by(Depth(F("path")).desc()).first()
