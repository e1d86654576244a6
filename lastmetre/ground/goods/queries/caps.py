"""The caps that hold for offers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lastmetre.ground.goods.models import PriceCap, Product
from lastmetre.ground.goods.queries.periods import in_force
from lastmetre.ground.goods.rules import Cap
from lastmetre.ground.protection.actor import is_within


class CapsInForce:
    """All caps of some products at a time, asked by product and place; one query."""

    def __init__(self, products: Iterable[Product], at: datetime) -> None:
        wanted = list(products)
        rows = PriceCap.objects.filter(
            in_force(at),
            Q(product__in={product.pk for product in wanted})
            | Q(category__in={product.category_id for product in wanted}),
        )
        self._by_product: dict[UUID | None, list[PriceCap]] = defaultdict(list)
        self._by_category: dict[str | None, list[PriceCap]] = defaultdict(list)
        for row in rows:
            if row.product_id:
                self._by_product[row.product_id].append(row)
            else:
                self._by_category[row.category_id].append(row)

    def over(self, product: Product, path: str) -> list[Cap]:
        """Return the caps that hold for a product at a place."""
        rows = self._by_product.get(product.pk, []) + self._by_category.get(product.category_id, [])
        return [
            Cap(row.price_fen, row.margin_percent, is_per_kg=row.product_id is None)
            for row in rows
            if is_within(path, row.path)
        ]
