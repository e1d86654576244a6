"""What holds for purchase whatever the database says: pure, no database."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do."""

    ORDER = "purchase.order"
    """Order from the supplier for a place."""
    SUPPLY = "purchase.supply"
    """Confirm, pack and hand over, as the supplier."""
