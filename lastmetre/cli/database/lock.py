"""One supervisor a data folder: a lock that the kernel lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from lastmetre.terms import InputError, say


class Lock:
    """The right to run a server on a data folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "supervisor.lock"
        self._file: int | None = None

    def take(self) -> None:
        """Take it, or raise InputError naming the process that has it."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(file)
            raise InputError(
                say("{folder} is in use by {holder}.", folder=str(self.path.parent), holder=self.holder()),
                remedy=say("Stop it first, or name another data folder with --data."),
            ) from error
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n{' '.join(sys.argv)}".encode(errors="replace"), 0)
        self._file = file

    def let_go(self) -> None:
        """Give it back."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def held(self) -> bool:
        """Whether any process holds it."""
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def holder(self) -> str:
        """Name who holds it: number and command of the process."""
        number, _, command = self.path.read_text(errors="replace").partition("\n")
        return f"{number} ({command})" if command else number
