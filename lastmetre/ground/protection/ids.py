"""Ids that a client may make before the server hears of the row."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a UUID of version 7: never the same twice, later ones sort later."""
    return uuid7()


def earliest_id(ms: int) -> UUID:
    """Return what no id made at a time or later is below; milliseconds since 1970."""
    return UUID(int=ms << 80)


def made_at_ms(one: UUID) -> int:
    """Return when an id was made, by its maker's clock: milliseconds since 1970."""
    return one.int >> 80
