"""The key file: a master key and one key a response, outside the database and backed up apart.

A response's key is destroyed when the response ends; then what it sealed can no longer be read, in no
backup either (trust.md 19). The master key is for what is not personal: cookies, the journal's seal.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from lastmetre.terms import InputError, say

KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """What a key file holds."""

    master: bytes
    responses: dict[UUID, bytes]

    def derived(self, purpose: str) -> bytes:
        """Return the master key's child for a purpose (cookies, seal), 32 bytes."""
        return _derive(self.master, purpose)

    def cipher(self, response: UUID) -> AESGCM | None:
        """Return the cipher of a response, or None once its key was destroyed."""
        key = self.responses.get(response)
        return _cipher(key) if key else None

    def index_key(self, response: UUID) -> bytes | None:
        """Return the key of a response's blind index, or None once it was destroyed."""
        key = self.responses.get(response)
        return _derive(key, "blind index") if key else None


@lru_cache(maxsize=256)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_derive(key, "personal fields"))


@lru_cache(maxsize=1024)
def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


def keys() -> Keys:
    """Return the keys in force; the file is read again when it has changed. Raises InputError."""
    path = Path(settings.KEY_FILE)
    try:
        stamp = path.stat()
    except OSError as error:
        raise InputError(
            say("The key file {path} cannot be read.", path=path),
            remedy=say("Copy it from the machine that made the data, or name it in LASTMETRE_KEYS."),
        ) from error
    return _read(path, stamp.st_mtime_ns, stamp.st_ino)


@lru_cache(maxsize=1)
def _read(path: Path, _mtime_ns: int, _inode: int) -> Keys:
    # The file has changed: a key that was destroyed stays in no memory (trust.md 19).
    _cipher.cache_clear()
    _derive.cache_clear()
    try:
        stored = json.loads(path.read_text(encoding="ascii"))
        responses = {UUID(name): base64.b64decode(key) for name, key in stored["responses"].items()}
        return Keys(base64.b64decode(stored["master"]), responses)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            say("The key file {path} is damaged.", path=path),
            remedy=say("Put a good copy of it in its place; without it personal data cannot be read."),
        ) from error


def create_key_file(path: Path) -> None:
    """Write a new key file that only its owner can read, unless there is one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, Keys(secrets.token_bytes(KEY_BYTES), {}))


def add_response_key(response: UUID) -> None:
    """Give a response its key."""
    with _locked() as path:
        held = keys()
        _write(path, Keys(held.master, held.responses | {response: secrets.token_bytes(KEY_BYTES)}))


def destroy_response_key(response: UUID) -> str:
    """Take a response's key out of the file; returns the key's fingerprint for the certificate."""
    with _locked() as path:
        held = keys()
        left = dict(held.responses)
        key = left.pop(response, b"")
        _write(path, Keys(held.master, left))
    return _derive(key, "fingerprint").hex()[:16] if key else ""


@contextmanager
def _locked() -> Iterator[Path]:
    path = Path(settings.KEY_FILE)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path


def _write(path: Path, held: Keys) -> None:
    stored = {
        "master": base64.b64encode(held.master).decode(),
        "responses": {str(name): base64.b64encode(key).decode() for name, key in held.responses.items()},
    }
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        json.dump(stored, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
