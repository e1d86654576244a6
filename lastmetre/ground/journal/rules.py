"""What makes a line genuine and a chain whole; pure (docs/reasons/070)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from itertools import takewhile
from typing import Any

REVEALED = "revealed"
ALARM = "alarm"

MARKS = "journal marks"
"""Purpose of the key that marks lines as written by the program."""
SEAL = "journal seal"
"""Purpose of the key that chains them."""
MARK_BYTES = 16
DIGEST_BYTES = 32
BEGINNING = bytes(DIGEST_BYTES)
"""What the first line is chained to."""

HEADING = ("id", "at", "actor", "actor_kind", "device", "verb", "kind", "thing", "path")
"""The columns that a line's mark covers, in order; never change it: marks of old lines would not fit."""
REST = ("mark", "response_id", "why", "detail")
"""The other columns; the chain covers all."""


class Permission(StrEnum):
    """What a role may be allowed to do with the journal."""

    READ = "journal.read"


_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
)


def heading(entry: Any) -> bytes:
    """Return a line's heading as PostgreSQL copies it out: UTF-8, tabs between, backslash escapes."""
    fields = (_copied(getattr(entry, name)) for name in HEADING)
    return "\t".join(fields).encode()


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
        return f"{moment:%Y-%m-%d %H:%M:%S}{fraction}+00"
    return str(value).translate(_ESCAPES)


def mark(heading: bytes, key: bytes) -> bytes:
    """Return the mark of a line that this program writes: without the key nobody can add a line."""
    return hashlib.blake2b(heading, digest_size=MARK_BYTES, key=key).digest()


def link(before: bytes, line: bytes, key: bytes) -> bytes:
    """Return the digest of a line chained to the digest before it."""
    return hashlib.blake2b(before + line, digest_size=DIGEST_BYTES, key=key).digest()


def common_path(paths: Iterable[str]) -> str:
    """Return the path of the smallest place that holds all the places."""
    split = [path.split(".") for path in paths]
    alike = takewhile(lambda labels: len(set(labels)) == 1, zip(*split, strict=False))
    return ".".join(labels[0] for labels in alike)
