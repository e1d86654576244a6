"""Ids that a client may make before the server hears of the row."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a UUID of version 7: never the same twice, later ones sort later."""
    return uuid7()
