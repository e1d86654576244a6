"""What holds for sorting whatever the database says: pure, no database."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do."""

    SORT = "sorting.sort"
    """Scan bags onto carts and release carts."""
