"""PostgreSQL's client programs: found in the wheel, told the password by the environment, never by an argument."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lastmetre.cli.database.binaries import choose
from lastmetre.terms import InputError, say


@dataclass(frozen=True, slots=True)
class Running:
    """A client program at work."""

    name: str
    process: subprocess.Popen[bytes]
    complaints: IO[bytes]

    def check(self) -> None:
        """Wait for its end; raise InputError with its last line where it failed."""
        if self.process.wait() != 0:
            self.complaints.seek(0)
            said = self.complaints.read().decode(errors="replace").strip().splitlines()
            raise InputError(
                say("{program} failed: {reason}", program=self.name, reason=said[-1] if said else "?"),
                remedy=say("Nothing was changed. Run `lastmetre doctor`."),
            )


@dataclass(frozen=True, slots=True)
class Client:
    """How to call a client program for one database; without an address, for none."""

    url: str = ""

    @contextmanager
    def running(
        self,
        program: str,
        *arguments: str,
        stdin: int = subprocess.DEVNULL,
        stdout: int | IO[bytes] | None = subprocess.DEVNULL,
    ) -> Iterator[Running]:
        """Run a program; what is still running at the end of the block is killed."""
        given = conninfo_to_dict(self.url)
        password = str(given.pop("password", None) or "")
        database = [f"--dbname={make_conninfo('', **given)}"] if self.url else []  # everybody can read it
        told = {"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "5"}
        command = [choose().program(program), *arguments, *database]
        with (
            tempfile.TemporaryFile() as complaints,
            subprocess.Popen(command, env=told, stdin=stdin, stdout=stdout, stderr=complaints) as process,
        ):
            try:
                yield Running(Path(program).name, process, complaints)
            finally:
                process.kill()
