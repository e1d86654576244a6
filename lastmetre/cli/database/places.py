"""Where data lies: the data folder, and the short private folder of the server's socket."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path

from lastmetre.cli.database.server_user import ServerUser
from lastmetre.terms import InputError, Source, say

PORT = 5432
"""Only names the socket; the server listens on no port."""
LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
FULL = {errno.ENOSPC, errno.EDQUOT}


def default_data_folder() -> Path:
    """Return the folder of LASTMETRE_DATA, else the system's place for this user's data."""
    if given := os.environ.get("LASTMETRE_DATA"):
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/lastmetre")  # the server's unprivileged user may enter it
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "lastmetre"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "lastmetre"


def unwritable(folder: Path, error: OSError) -> InputError:
    """Say why nothing can be written into a folder."""
    if error.errno in FULL:
        return disk_full(folder)
    return InputError(
        say("{folder} cannot be written: {reason}.", folder=str(folder), reason=error.strerror or ""),
        remedy=say("Name another data folder with --data."),
        source=Source(str(folder)),
    )


def disk_full(folder: Path) -> InputError:
    """Say that the disk is full."""
    return InputError(
        say("The disk of {folder} is full.", folder=str(folder)),
        remedy=say("Make room, then run the same command again; nothing that was saved is lost."),
    )


def make_data_folder(folder: Path, user: ServerUser) -> None:
    """Make the data folder; the server's user may pass through it but not list it."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o711 if user.changes else 0o700)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        raise unwritable(folder, error) from error


def socket_folder(data: Path, user: ServerUser) -> Path:
    """Make and return the private folder of the socket: in the data folder, or elsewhere where that is too deep."""
    near = data / "socket"
    folder = near if _fits(near) else _short_place() / f"lastmetre-{os.geteuid()}-{_digest(data)}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in (os.geteuid(), user.uid):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))  # somebody else's, put there first
        folder.chmod(0o700)
        user.own(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def find_socket_folder(data: Path) -> Path:
    """Return where `socket_folder` puts it, without making it."""
    near = data / "socket"
    return near if _fits(near) else _short_place() / f"lastmetre-{os.geteuid()}-{_digest(data)}"


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH


def _short_place() -> Path:
    own = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")
    if own.is_dir() and os.geteuid() != 0:  # root's is closed to the server's user
        return own
    return Path(tempfile.gettempdir()) if _fits(Path(tempfile.gettempdir(), "x" * 30)) else Path("/tmp")


def _digest(data: Path) -> str:
    return hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
