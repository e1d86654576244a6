"""What holds for gate whatever the database says: pure, no database."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do."""

    RECEIVE = "gate.receive"
    """Take in what arrives, and note what is wrong with it."""
