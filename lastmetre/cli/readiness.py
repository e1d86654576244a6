"""Whether a data folder was last made ready by this very program, so that the pages may load without waiting."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

FILE = "ready"
PACKAGE = Path(__file__).parents[1]


def program() -> str:
    """Return the fingerprint of the installed program: name, size and time of each of its files."""
    found = hashlib.sha256(str(PACKAGE).encode())
    for place, folders, names in os.walk(PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            seen = os.stat(os.path.join(place, name))
            found.update(f"{place}/{name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return found.hexdigest()


def readied(folder: Path) -> str:
    """Return the fingerprint of the program that made a data folder ready; '' before the first time."""
    try:
        return (folder / FILE).read_text(encoding="ascii")
    except OSError:
        return ""


def note_ready(folder: Path, fingerprint: str) -> None:
    """Remember it; where that fails, the next start only waits a second longer."""
    with contextlib.suppress(OSError):
        (folder / FILE).write_text(fingerprint, encoding="ascii")
