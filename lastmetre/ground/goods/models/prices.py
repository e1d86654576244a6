"""What prices are held against: benchmarks and caps."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q

from lastmetre.ground.goods.models.catalogue import Category, Product
from lastmetre.ground.places.models import Placed
from lastmetre.ground.places.models.regimes import TimeRange
from lastmetre.ground.protection.ids import new_id


class BenchmarkPrice(models.Model):
    """A price to stay below (PD2b: an online flagship store's); the latest seen counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="benchmarks")
    price_fen = models.PositiveIntegerField()
    where = models.CharField(max_length=80)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["product", "seen_at"], name="benchmark_seen_once"),
            models.CheckConstraint(condition=~Q(where=""), name="benchmark_says_where"),
        ]


class PriceCap(Placed):
    """The highest price or margin allowed in a place and below while it is in force (ER10)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="caps")
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="caps"
    )
    price_fen = models.PositiveIntegerField(null=True, blank=True)
    """For a sale unit of the product, or for a kilogram of the category."""
    margin_percent = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    """Over what the supplier paid."""
    why = models.CharField(max_length=200, blank=True)
    """The published ground, such as the number of the announcement."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, category__isnull=True)
                | Q(product__isnull=True, category__isnull=False),
                name="cap_of_product_or_category",
            ),
            models.CheckConstraint(
                condition=Q(price_fen__isnull=False) | Q(margin_percent__isnull=False),
                name="cap_says_how_much",
            ),
            models.CheckConstraint(
                condition=Q(margin_percent__isnull=True) | Q(margin_percent__gte=0),
                name="cap_margin_not_below_0",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="cap_ends_after_start"
            ),
            ExclusionConstraint(
                name="cap_of_product_one_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("product", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="cap_of_category_one_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]
