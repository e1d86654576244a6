"""Roles, and who has which of them where and when."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from lastmetre.ground.people.models.persons import Organisation, Person
from lastmetre.ground.people.rules import Scope
from lastmetre.ground.places.models import Grid, Place
from lastmetre.ground.places.models.regimes import TimeRange
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paths import PathField


class Role(models.Model):
    """What a person may do, as data: those of the catalogue, and those that a place added."""

    code = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=40)
    """As people say it, in Chinese; `name_en` for English pages."""
    name_en = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=12, choices=[(scope.value, scope.value) for scope in Scope])
    permissions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    home = models.CharField(max_length=20, default="office")
    """Code of the role's first page (`web.homes`)."""
    is_builtin = models.BooleanField(default=False)
    is_changed = models.BooleanField(default=False)
    """An administrator changed it: a new version of the product leaves it alone."""
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Where a local role may be given; None: anywhere."""
    path = PathField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="role_has_a_name"),
            models.CheckConstraint(
                condition=Q(is_builtin=False) | Q(place__isnull=True), name="role_builtin_everywhere"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """A person has a role at a place (or a grid of it) or in an organisation, for a time.

    Why it was given stands in the journal, sealed: people write names there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    path = PathField(null=True, editable=False)
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Only the members of this grid of the place (ER3a)."""
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="deputies"
    )
    given_by = models.CharField(max_length=40)
    """Key of the actor who gave it."""

    class Meta:
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["person", "ends_at"], name="assignment_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False, organisation__isnull=True)
                | Q(place__isnull=True, organisation__isnull=False, grid__isnull=True),
                name="assignment_place_or_organisation",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="assignment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True) | ~Q(stands_in_for=F("id")),
                name="assignment_not_its_own_deputy",
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True) | Q(ends_at__isnull=False),
                name="assignment_of_a_deputy_ends",
            ),
            ExclusionConstraint(
                name="assignment_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("grid", "organisation", "place"), RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]
