"""What holds for settlement whatever the database says: pure, no database."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do."""

    CONFIRM = "settlement.confirm"
    """Confirm payments and record refunds."""
    CLOSE = "settlement.close"
    """Close the books of a round."""
