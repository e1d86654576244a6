"""What a compound has: gates, unloading points, stairs, carts, hands."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lastmetre.ground.places.models.tree import Place, Placed
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paths import PathField


class Detail(models.Model):
    """What a place of one kind has beyond others; one row a place."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, primary_key=True)
    path = PathField(editable=False)

    class Meta:
        abstract = True


class Compound(Detail):
    """A compound, urban village or campus: what addresses mean here, and what it can carry."""

    lanes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    two_parts = models.CharField(max_length=40, default="building-room")
    """What a bare 3-501 means here."""
    three_parts = models.CharField(max_length=40, default="building-unit-room")
    """What a bare 7-2-903 means here."""
    hands_per_wave = models.PositiveSmallIntegerField(null=True, blank=True)
    """People available to carry in a wave (house law 7: hands are the bottleneck)."""
    waves_per_day = models.PositiveSmallIntegerField(default=2)
    """Rounds of carrying a day (ER5: one each morning and afternoon)."""
    doors_per_hour = models.PositiveSmallIntegerField(default=30)
    """What one person serves (field: 30 doors an hour when each is phoned)."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(doors_per_hour__gt=0), name="compound_doors_per_hour_positive"
            ),
            models.CheckConstraint(condition=Q(waves_per_day__gt=0), name="compound_waves_positive"),
        ]


class Building(Detail):
    """A building: floors and lift hold for its units unless they say otherwise."""

    lane = models.CharField(max_length=20, blank=True)
    floors = models.PositiveSmallIntegerField(null=True, blank=True)
    has_lift = models.BooleanField(default=False)


class Unit(Detail):
    """A stairwell (ER3b: one numbered cart each)."""

    floors = models.PositiveSmallIntegerField(null=True, blank=True)
    has_lift = models.BooleanField(default=False)


class Cart(Placed):
    """A numbered cart of a compound, and the unit that it serves (ER3b)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="carts")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="cart_number_once_a_compound"),
            models.CheckConstraint(condition=Q(number__gt=0), name="cart_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.number:02}"


class Gate(Placed):
    """A gate of a compound: where vehicles and goods come in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    takes_vehicles = models.BooleanField(default=True)
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="gate_name_once_a_compound"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="gate_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnloadingPoint(Placed):
    """A point inside where vehicles unload (SQ7: four on the campus)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=60)
    gate = models.ForeignKey(
        Gate, on_delete=models.PROTECT, null=True, blank=True, related_name="unloading_points"
    )
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    route = models.TextField(blank=True)
    """The fixed way from the gate, in words (SQ7)."""

    class Meta:
        ordering = ["number", "name"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="unloading_point_name_once_a_compound")
        ]

    def __str__(self) -> str:
        return self.name
