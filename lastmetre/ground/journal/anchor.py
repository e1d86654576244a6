"""The head of the chain in a file beside the keys: cutting off the journal's end shows against it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from lastmetre.terms import InputError, say


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain."""

    position: int
    digest: bytes


def path() -> Path:
    """Return the anchor's file."""
    return Path(settings.KEY_FILE).with_name("journal-head.json")


def verified() -> Path:
    """Return the file of the head up to which a verification came that was interrupted."""
    return Path(settings.KEY_FILE).with_name("journal-verified.json")


def read(file: Path | None = None) -> Head | None:
    """Return the head as it was when this machine last sealed; None before. Raises InputError if damaged."""
    file = file or path()
    try:
        stored = json.loads(file.read_text(encoding="ascii"))
        return Head(int(stored["position"]), bytes.fromhex(stored["digest"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            say("The journal's anchor {path} cannot be read.", path=file),
            remedy=say("Put a good copy of it in its place, then run lastmetre journal verify."),
        ) from error


def write(head: Head, to: Path | None = None) -> None:
    """Replace the anchor, whole or not at all."""
    to = to or path()
    new = to.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        json.dump({"position": head.position, "digest": head.digest.hex()}, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(to)
