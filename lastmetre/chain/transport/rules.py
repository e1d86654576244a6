"""What holds for transport whatever the database says: pure, no database."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do."""

    DISPATCH = "transport.dispatch"
    """Say which vehicle brings what, and when."""
    DRIVE = "transport.drive"
    """Say that a load has left or arrived."""
