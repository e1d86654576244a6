"""How often households may ask, and how many have."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from lastmetre.chain.orders.models import Request, Round
from lastmetre.chain.orders.rules import RequestState
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.regimes import in_force


def every_days_of(row: Round, at: datetime) -> int | None:
    """Return in how many days a household may ask once in a round: its own rule, or the regime's (FC5)."""
    if row.every_days is not None:
        return row.every_days
    return in_force([row.path], at)[row.path].regime.request_every_days


def last_asked_of(households: Collection[UUID], row: Round) -> dict[UUID, datetime]:
    """Return when each of some households last asked in another round; one query."""
    found = (
        Request.objects.filter(household__in=households, state=RequestState.ACTIVE)
        .exclude(round=row)
        .exclude(round__state="cancelled")
    )
    return dict(found.values_list("household").annotate(latest=Max("asked_at")))


def last_asked_elsewhere(household: Household, row: Round) -> datetime | None:
    """Return when a household last asked in another round; cancelled requests do not count. One query."""
    found = (
        Request.objects.filter(household=household, state=RequestState.ACTIVE)
        .exclude(round=row)
        .exclude(round__state="cancelled")
    )
    latest: datetime | None = found.aggregate(latest=Max("asked_at"))["latest"]
    return latest


def orders_in(row: Round) -> int:
    """Return how many households ask for something in a round; one query."""
    return Request.objects.filter(round=row, state=RequestState.ACTIVE).count()
