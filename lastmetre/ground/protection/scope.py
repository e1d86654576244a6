"""The one way to the rows: a transaction in which row-level security knows the actor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lastmetre.ground.protection.actor import Actor

_memory: ContextVar[dict[str, Any] | None] = ContextVar("memory", default=None)

_ENTER = (
    "SELECT set_config('lastmetre.sees', %s, true), set_config('lastmetre.organisations', %s, true),"
    " set_config('lastmetre.actor', %s, true), lastmetre_now()"
)
_LEAVE = (
    "SELECT set_config('lastmetre.sees', %s, true), set_config('lastmetre.organisations', %s, true),"
    " set_config('lastmetre.actor', %s, true)"
)
_READ = (
    "SELECT current_setting('lastmetre.sees', true), current_setting('lastmetre.organisations', true),"
    " current_setting('lastmetre.actor', true)"
)


@contextmanager
def acting_as(actor: Actor) -> Iterator[datetime]:
    """Run the block in a transaction that sees what the actor sees; yields the time it began.

    The settings are local to the transaction (a session's would leak through the pool). Within another
    block the outer actor's view is restored at the end; an exception rolls back to the beginning.
    """
    nested = connection.in_atomic_block
    with _remembering(), transaction.atomic(), connection.cursor() as cursor:
        before: tuple[str | None, ...] | None = None
        if nested:
            cursor.execute(_READ)
            before = cursor.fetchone()
        cursor.execute(_ENTER, _settings(actor))
        now: datetime = cursor.fetchone()[3]
        yield now
        if before is not None and not connection.needs_rollback:
            cursor.execute(_LEAVE, [value or "" for value in before])


@contextmanager
def _remembering() -> Iterator[None]:
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def memory() -> dict[str, Any]:
    """Return what was looked up within this scope and cannot change in it; forgotten with it."""
    held = _memory.get()
    return {} if held is None else held


def _settings(actor: Actor) -> list[str]:
    sees = ",".join(f'"{path}"' for path in actor.sees)
    organisations = ",".join(str(one) for one in actor.organisations)
    return ["{" + sees + "}", "{" + organisations + "}", actor.key]
