"""Counting failures at a door; shuts it for a while, never for a whole address."""

from __future__ import annotations

from datetime import datetime, timedelta

from lastmetre.ground.people.models import Throttle
from lastmetre.ground.people.rules import CODES_A_MINUTE, FORGET_FAILURES, wait_after
from lastmetre.ground.people.tokens import hash_of

_DOOR = "throttled door"
_ALL_CODES = "typed codes of all"


def shut_until(door: str, *, at: datetime) -> datetime | None:
    """Return when a door opens again, or None where it is open."""
    row = Throttle.objects.filter(pk=hash_of(door, _DOOR), open_again_at__gt=at).first()
    return row.open_again_at if row else None


def count_failure(door: str, *, at: datetime) -> None:
    """Count a failed attempt; from the sixth on each doubles the wait."""
    row = _row(door, at)
    if at - row.first_at > FORGET_FAILURES:
        row.failures, row.first_at = 0, at
    row.failures += 1
    wait = wait_after(row.failures)
    row.open_again_at = at + wait if wait else None
    row.save()


def forget_failures(door: str) -> None:
    """Open a door for whoever got through."""
    Throttle.objects.filter(pk=hash_of(door, _DOOR)).delete()


def too_many_codes(*, at: datetime) -> bool:
    """Tell whether the installation has answered enough wrong card codes in this minute."""
    row = Throttle.objects.filter(pk=hash_of(_ALL_CODES, _DOOR)).first()
    return row is not None and at - row.first_at < timedelta(minutes=1) and row.failures >= CODES_A_MINUTE


def count_wrong_code(*, at: datetime) -> None:
    """Count a card code that nobody has."""
    row = _row(_ALL_CODES, at)
    if at - row.first_at >= timedelta(minutes=1):
        row.failures, row.first_at = 0, at
    row.failures += 1
    row.save()


def _row(door: str, at: datetime) -> Throttle:
    key = hash_of(door, _DOOR)
    Throttle.objects.bulk_create([Throttle(key=key, first_at=at)], ignore_conflicts=True)
    return Throttle.objects.select_for_update().get(pk=key)
