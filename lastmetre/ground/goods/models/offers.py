"""What suppliers ask and have: offers, their prices over time, what the goods cost them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q

from lastmetre.ground.goods.models.catalogue import QUANTITY, Product
from lastmetre.ground.goods.models.suppliers import Supplier
from lastmetre.ground.places.models import Placed
from lastmetre.ground.places.models.regimes import TimeRange
from lastmetre.ground.protection.ids import new_id


class Offer(Placed):
    """A supplier sells a product in an area (`place` and below); the price stands in `OfferPrice`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="offers")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="offers")
    code = models.CharField(max_length=20, blank=True)
    """The letter residents order by in this supplier's list; '' : the product's code."""
    stock = models.DecimalField(**QUANTITY, null=True, blank=True)
    """Sale units; None where the supplier does not count."""
    stock_at = models.DateTimeField(null=True, blank=True)
    """When the stock was last stated."""
    case_size = models.PositiveIntegerField(null=True, blank=True)
    """Where the supplier's case differs from the product's."""
    minimum = models.PositiveIntegerField(null=True, blank=True)
    """The least a place may order together, in sale units (field: minimums shut out small compounds)."""
    limit_per_household = models.PositiveIntegerField(null=True, blank=True)
    """Sale units (PD8)."""
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["product__category__order", "product__name", "supplier__organisation__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="offer_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(stock__isnull=True) | Q(stock__gte=0), name="offer_stock_not_below_0"
            ),
            models.CheckConstraint(
                condition=Q(stock__isnull=True) | Q(stock_at__isnull=False), name="offer_stock_dated"
            ),
            models.CheckConstraint(
                condition=Q(case_size__isnull=True) | Q(case_size__gt=0), name="offer_case_positive"
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(minimum__gt=0), name="offer_minimum_positive"
            ),
            ExclusionConstraint(
                name="offer_once_at_a_time",
                expressions=[
                    ("supplier", RangeOperators.EQUAL),
                    ("product", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    (TimeRange("valid_from", "valid_until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class OfferPrice(models.Model):
    """The price of an offer for a time; the history is kept, periods never overlap."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="prices")
    price_fen = models.PositiveIntegerField()
    """For one sale unit."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    """None: until it is changed."""

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="offer_price_ends_after_start",
            ),
            ExclusionConstraint(
                name="offer_price_one_at_a_time",
                expressions=[
                    ("offer", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class OfferCost(models.Model):
    """What the supplier says it paid for a sale unit, from a time on: for itself and for price inspection."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="costs")
    cost_fen = models.PositiveIntegerField()
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["-stated_at"]
        constraints = [models.UniqueConstraint(fields=["offer", "stated_at"], name="offer_cost_stated_once")]
