"""Ending roles together with those who stand in for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest

from lastmetre.ground.people.models import Assignment


def end_with_deputies(assignments: Iterable[UUID], *, at: datetime) -> None:
    """End assignments, those who stand in for them, and those who stand in for these; the caller journals."""
    ended = list(assignments)
    while ended:
        rows = Assignment.objects.filter(pk__in=ended)
        rows.update(ends_at=Greatest(Value(at), F("starts_at")))
        open_deputies = Assignment.objects.filter(stands_in_for__in=ended, ends_at__gt=at)
        ended = list(open_deputies.values_list("pk", flat=True))
