"""What holds for allocation whatever the database says: pure, no database."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do."""

    DECIDE = "allocation.decide"
    """Share out a round, and override a share with a reason."""
