"""The tree of places, and grids that group buildings across it (ER3a)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paths import PathField


class Place(models.Model):
    """A place of the tree, from city to household; its path says what it lies within."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in PlaceKind])
    name = models.CharField(max_length=60)
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = PathField(unique=True, editable=False)
    sort_key = models.CharField(max_length=120, editable=False, db_collation="C")
    """Name with its numbers padded: 9 before 10 (pages list in the order people count)."""
    pinyin = models.CharField(max_length=120, blank=True, editable=False)
    """Initials of name and aliases, for search by keyboard; places above the door only."""
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    outline = models.JSONField(null=True, blank=True)
    """[[longitude, latitude], ...] of its edge, or null."""
    head_count = models.PositiveIntegerField(null=True, blank=True)
    """People who live there as the last survey reported (YX17); for households see `Household`."""
    household_count = models.PositiveIntegerField(null=True, blank=True)
    """Households as the last survey reported, where no roster lists them."""
    need_counts = models.JSONField(default=dict, blank=True)
    """{code of `rules.Need`: households}, as the last survey reported; names nobody."""
    surveyed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was taken out of use; never deleted, for the journal names it."""

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(ended_at__isnull=True),
                name="place_name_once_a_parent",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(fields=["id", "path"], name="place_id_path"),
            models.CheckConstraint(condition=~Q(name=""), name="place_has_a_name"),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="place_position_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Placed(models.Model):
    """A row that belongs to a place; `path` follows the place's (protection.policies.follow_place)."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    path = PathField(editable=False)

    class Meta:
        abstract = True


class Grid(Placed):
    """A grid area (片区): buildings looked after together, across compounds (ER3a)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="grid_name_once_a_place")]

    def __str__(self) -> str:
        return self.name


class GridMember(Placed):
    """A building (or compound) of a grid; a place lies in one grid at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="members")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place"], name="place_in_one_grid")]
