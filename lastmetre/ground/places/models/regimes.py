"""What is in force at a place: regimes are data, and so is their history (YX2, YX11-YX15)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lastmetre.ground.places.models.tree import Placed
from lastmetre.ground.places.rules import HandOver, Risk
from lastmetre.ground.protection.ids import new_id


class Regime(models.Model):
    """A set of rules that a place can be put under: open, precaution, control, sealed, or one's own."""

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=40)
    """As people say it, in Chinese; `name_en` for English pages."""
    name_en = models.CharField(max_length=40, blank=True)
    strictness = models.PositiveSmallIntegerField()
    """0 for open; where several places are named, the strictest is shown first."""
    supply_modes = ArrayField(models.CharField(max_length=20), default=list)
    """Codes of `rules.SupplyMode` that are allowed."""
    request_every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """A household may ask once in so many days (FC5); None: no limit."""
    outing_every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """One person may go shopping once in so many days (YX13a); None: not limited."""
    outing_persons = models.PositiveSmallIntegerField(null=True, blank=True)
    """How many of a household may go out at a time; 0: nobody (YX14a); None: not limited."""
    hand_over = models.CharField(max_length=8, choices=[(mode.value, mode.value) for mode in HandOver])
    shop_capped = models.BooleanField(default=False)
    """Shops let in a limited number of people (YX11b, YX12a)."""

    class Meta:
        ordering = ["strictness", "code"]

    def __str__(self) -> str:
        return self.name


class TimeRange(Func):
    """A range of two time columns, for constraints."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class RegimePeriod(Placed):
    """A regime in force at a place from a time on; changes are dated, announced and kept (YX2)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    regime = models.ForeignKey(Regime, on_delete=models.PROTECT, related_name="periods")
    risk = models.CharField(max_length=8, choices=[(level.value, level.value) for level in Risk])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    planned_end = models.DateTimeField(null=True, blank=True)
    """The end that was announced; a later change can make `ends_at` earlier, and be taken back."""
    announced_at = models.DateTimeField(null=True, blank=True)
    notice = models.TextField(blank=True)
    """The published text (YX10)."""
    decided_by = models.CharField(max_length=40)
    """Key of the actor; `people` knows the name."""

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="regime_ends_after_start",
            ),
            ExclusionConstraint(
                name="regime_one_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]
