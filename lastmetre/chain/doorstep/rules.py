"""What holds for doorstep whatever the database says: pure, no database."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do."""

    PLAN = "doorstep.plan"
    """Plan waves and say who takes which cart."""
    DELIVER = "doorstep.deliver"
    """Take bags to doors or hand them out."""
