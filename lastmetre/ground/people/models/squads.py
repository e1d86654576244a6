"""Squads, gate teams and work groups, and the shifts that they work (YC5, SQ10, FC7, YX13b, ER5)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.ground.people.models.persons import Organisation, Person
from lastmetre.ground.people.rules import SquadKind
from lastmetre.ground.places.models import Placed
from lastmetre.ground.protection.ids import new_id


class Squad(Placed):
    """People who do one kind of work at a place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in SquadKind])
    name = models.CharField(max_length=60)
    duty = models.TextField(blank=True)
    """What the group answers for, in its plan's words (YX3)."""
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="squad_has_a_name"),
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(ended_at__isnull=True), name="squad_name_once_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SquadMember(models.Model):
    """A person is in a squad."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    squad = models.ForeignKey(Squad, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    is_leader = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["squad", "person"], condition=Q(left_at__isnull=True), name="member_once_a_squad"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="member_left_after_joining",
            ),
        ]


class Shift(models.Model):
    """One wave of a squad's work (ER5: one each morning and afternoon)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    squad = models.ForeignKey(Squad, on_delete=models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wanted = models.PositiveSmallIntegerField()
    """How many hands the wave needs."""
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["ends_at"], name="shift_ends")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
            models.CheckConstraint(condition=Q(wanted__gt=0), name="shift_wants_somebody"),
            models.UniqueConstraint(
                fields=["squad", "starts_at"],
                condition=Q(cancelled_at__isnull=True),
                name="shift_start_once_a_squad",
            ),
        ]


class ShiftDuty(models.Model):
    """A person works in a shift."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="duties")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="duties")
    taken_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    """When they began, fit for duty (FC8)."""
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "person"], condition=Q(given_up_at__isnull=True), name="duty_once_a_shift"
            )
        ]
