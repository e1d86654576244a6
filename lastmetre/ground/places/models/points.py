"""Points of service: where goods wait, change hands or are sold."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lastmetre.ground.places.models.tree import Placed
from lastmetre.ground.places.rules import PointKind
from lastmetre.ground.protection.ids import new_id


class Point(Placed):
    """A delivery point, sale point, market, warehouse or stop (FC7, ER14, ER16, PD3, QZ6b, QZ8)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in PointKind])
    name = models.CharField(max_length=60)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    """Households that it can serve in a day; None where nobody knows."""
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    """None where only the opening hour is known (ER16: 08:00 daily)."""
    keeper = models.UUIDField(null=True, blank=True)
    """Who runs it: a person or a supplier, as later apps know them."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "kind", "name"],
                condition=Q(ended_at__isnull=True),
                name="point_name_once_a_place",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="point_position_whole",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(opens_at__isnull=False), name="point_hours_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.name
