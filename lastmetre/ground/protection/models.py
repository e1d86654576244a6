"""Responses, whose keys seal personal data, and the demo's clock."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paths import PathField


class Response(models.Model):
    """An emergency response of a territory: personal data written in it are sealed with its own key.

    The standing response ('' as path) is for what outlives emergencies: the staff themselves.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    path = PathField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    key_fingerprint = models.CharField(max_length=16, blank=True)
    """Of the destroyed key: what the certificate names."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=models.F("opened_at")),
                name="response_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(closed_at__isnull=False),
                name="response_erased_when_closed",
            ),
            models.UniqueConstraint(
                fields=["path"], condition=Q(closed_at__isnull=True), name="response_one_open_a_territory"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Clock(models.Model):
    """One row: how far the demo's clock is ahead; zero and immovable outside a demo."""

    id = models.BooleanField(primary_key=True, default=True, editable=False)
    offset = models.DurationField(default=timedelta(0))
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=True), name="clock_one_row")]
