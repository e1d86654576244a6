"""Who is fit for duty: the last word of each person, their last test, whether they were trained."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max

from lastmetre.ground.people.models import Fitness, Training
from lastmetre.ground.people.rules import Readiness


def readiness_of(persons: Iterable[UUID]) -> dict[UUID, Readiness]:
    """Return what is known of each person before duty; three queries for any number of them."""
    ids = list(persons)
    latest = (
        Fitness.objects.filter(person__in=ids)
        .order_by("person", "-declared_at", "-id")
        .distinct("person")
        .values_list("person", "declared_at", "is_fit")
    )
    tested = dict(
        Fitness.objects.filter(person__in=ids)
        .values("person")
        .annotate(last=Max("tested_at"))
        .values_list("person", "last")
    )
    trained = set(Training.objects.filter(person__in=ids).values_list("person", flat=True))
    said = {person: (at, is_fit) for person, at, is_fit in latest}
    return {
        person: Readiness(
            declared_at=said[person][0] if person in said else None,
            is_fit=person in said and said[person][1],
            tested_at=tested.get(person),
            is_trained=person in trained,
        )
        for person in ids
    }
