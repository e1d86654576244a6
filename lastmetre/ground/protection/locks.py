"""Rows that somebody else is writing: the database gives up waiting for them (lock_timeout), or two wait in a circle."""

from __future__ import annotations

from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable


def is_taken(error: OperationalError) -> bool:
    """Whether the database was there, and only a row was not to be had: the same may be tried again."""
    return isinstance(error.__cause__, DeadlockDetected | LockNotAvailable)
