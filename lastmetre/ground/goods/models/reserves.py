"""What lies in reserve (YX8a)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lastmetre.ground.goods.models.catalogue import Category, Product, choices
from lastmetre.ground.goods.rules import Tier
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.places.models import Placed
from lastmetre.ground.protection.ids import new_id


class Reserve(Placed):
    """A stock kept for shortage: county before city before province (YX8a)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tier = models.CharField(max_length=8, choices=choices(Tier))
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="reserves")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="reserves"
    )
    """None where only the category is known."""
    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="reserves"
    )
    weight_kg = models.PositiveIntegerField()
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["category__order", "tier"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "tier", "category", "product", "holder"],
                name="reserve_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(tier__in=[tier.value for tier in Tier]), name="reserve_tier_known"
            ),
        ]
