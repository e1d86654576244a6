"""The roles of the database and their passwords, which lie in a file that only we can read."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from lastmetre.terms import InputError, Source, say

FILE = "passwords.json"


class Role(StrEnum):
    """Who connects."""

    OWNER = "lastmetre_owner"
    """Owns the database and its tables, runs migrations."""
    APP = "lastmetre_app"
    """Serves people: reads and writes what migrations grant it, under row-level security."""
    KEEPER = "lastmetre_keeper"
    """The server's superuser: makes the two others and the databases; the supervisor's alone."""


def read_passwords(folder: Path) -> Mapping[Role, str] | None:
    """Read the passwords of a data folder; None where it has none.

    Raises InputError where the file is damaged.
    """
    path = folder / FILE
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return {role: str(held[role]) for role in Role}
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            say("The database's passwords cannot be read."),
            remedy=say("Move the file away; new ones are made at the next start."),
            source=Source(str(path)),
        ) from error


def make_passwords(folder: Path) -> Mapping[Role, str]:
    """Make new passwords and write them down, whole or not at all."""
    made = {role: secrets.token_urlsafe(24) for role in Role}
    part = folder / f"{FILE}.part"
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(file.fileno())
    part.rename(folder / FILE)
    return made
