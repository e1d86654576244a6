"""The secret that signs cookies, derived from the key file."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path


def secret_key(key_file: Path) -> str:
    """Return a key for Django's signatures: from the master key, or for this process where there is none yet."""
    try:
        master = json.loads(key_file.read_text(encoding="ascii"))["master"]
    except (OSError, ValueError, KeyError):
        return secrets.token_hex(32)
    return hashlib.blake2b(str(master).encode(), person=b"lastmetre-django").hexdigest()
