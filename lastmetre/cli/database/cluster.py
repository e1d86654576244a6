"""An embedded PostgreSQL: made on first start, kept running, stopped cleanly."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from lastmetre.cli.database import leftovers, roles
from lastmetre.cli.database.binaries import Binaries, choose, copied
from lastmetre.cli.database.lock import Lock
from lastmetre.cli.database.passwords import Role, make_passwords, read_passwords
from lastmetre.cli.database.places import (
    PORT,
    disk_full,
    find_socket_folder,
    make_data_folder,
    socket_folder,
    unwritable,
)
from lastmetre.cli.database.server_user import ServerUser, check_way_in, server_user
from lastmetre.cli.database.settings import INITDB, server_settings
from lastmetre.terms import InputError, Source, say

DATABASE = "lastmetre"
READY_S = 120.0
"""How long recovery after a crash may take until the start counts as failed."""
STOP_S = 30.0
REVIVAL_PAUSES_S = (0.5, 1.0, 2.0, 5.0)
"""Between the attempts to start a server that died; from the last on, each failure is told."""
LONGEST_LOG = 10_000_000
"""Bytes of the server's log before it starts anew; one older part is kept."""
NO_ROOM = b"No space left on device"


class Cluster:
    """One PostgreSQL on one data folder, under our supervision.

    Methods raise InputError with a sentence and a remedy.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Name the data folder. Without `durable` (tests only) the data does not outlive the machine."""
        self.folder = Path(os.path.abspath(folder))
        self.durable = durable
        self._pgdata = self.folder / "postgres"
        self._log = self.folder / "postgres.log"
        self._lock = Lock(self.folder)
        self._log_start = 0
        self._failures = 0
        self._revival_due = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._passwords: Mapping[Role, str] = {}

    # Running

    def start(self) -> None:
        """Start the server and wait until it answers; make its data, roles and database on the first start."""
        user = server_user(self._pgdata)
        make_data_folder(self.folder, user)
        check_way_in(self.folder, user)
        try:
            self._lock.take()
        except OSError as error:
            raise unwritable(self.folder, error) from error
        try:
            self._prepare(user)
            self._launch(user)
            self._settle()
        except BaseException as error:
            self.stop()
            if isinstance(error, OSError):
                raise unwritable(self.folder, error) from error
            raise

    def stop(self) -> None:
        """Stop the server cleanly and let go of the folder; nothing happens where it is not running."""
        process, self._process = self._process, None
        if process is not None:
            for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, last resort
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(sign)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(STOP_S)
                    break
            shutil.rmtree(find_socket_folder(self.folder), ignore_errors=True)
        self._lock.let_go()

    def poll(self) -> int | None:
        """Return the server's exit code, or None while it runs."""
        return self._process.poll() if self._process else 0

    def revive(self) -> None:
        """Start the server again after it died; committed data comes back from its write-ahead log."""
        leftovers.clear(self._pgdata)
        self._launch(server_user(self._pgdata))
        self._settle()

    def tend(self) -> bool:
        """Do what is due now and then: revive a dead server (True if it was dead), keep the log short.

        Raises InputError where it does not start again; call it again, for the cause may pass (a full disk).
        """
        if self._process is not None and self._process.poll() is not None:
            return time.monotonic() >= self._revival_due and self._try_to_revive()
        with contextlib.suppress(OSError):
            if self._log.stat().st_size > LONGEST_LOG:
                shutil.copyfile(self._log, self._log.with_suffix(".log.1"))
                os.truncate(self._log, 0)  # the server appends
        return False

    def _try_to_revive(self) -> bool:
        try:
            self.revive()
        except (InputError, OSError) as error:
            pause = REVIVAL_PAUSES_S[min(self._failures, len(REVIVAL_PAUSES_S) - 1)]
            self._revival_due = time.monotonic() + pause
            self._failures += 1
            if self._failures < len(REVIVAL_PAUSES_S):
                return False  # the dead one's memory may still be held
            raise unwritable(self.folder, error) if isinstance(error, OSError) else error from None
        self._failures = 0
        return True

    @property
    def running(self) -> bool:
        """Whether a supervisor, this one or another process, runs a server on this folder."""
        return self._process is not None or self._lock.held()

    @property
    def has_data(self) -> bool:
        """Whether the folder holds data of an earlier start."""
        return (self._pgdata / "PG_VERSION").exists()

    @property
    def process_id(self) -> int | None:
        """The server's main process, while this object runs it."""
        return self._process.pid if self._process else None

    # Connecting

    def url(self, role: Role, database: str = DATABASE) -> str:
        """Return the address for a role: postgresql://user:password@/database?host=<socket folder>."""
        if not self._passwords:
            self._passwords = read_passwords(self.folder) or {}
        password = self._passwords.get(role, "")
        host = quote(str(find_socket_folder(self.folder)), safe="")
        return f"postgresql://{role}:{password}@/{database}?host={host}&port={PORT}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database of the owner's, empty or like `template` (to which nobody may be connected)."""
        with self._keeper() as keeper:
            roles.make_database(keeper, name, template)
        with self._keeper(name) as keeper:
            roles.open_schema(keeper)

    def drop_database(self, name: str) -> None:
        """Drop a database and end the connections to it; one that is not there is no error."""
        with self._keeper() as keeper:
            roles.end_database(keeper, name)

    def has_database(self, name: str) -> bool:
        """Whether there is a database of this name."""
        with self._keeper() as keeper:
            return roles.has_database(keeper, name)

    # Inside

    def _keeper(self, database: str = "postgres") -> roles.Connection:
        return psycopg.connect(self.url(Role.KEEPER, database), autocommit=True, connect_timeout=5)

    def _prepare(self, user: ServerUser) -> None:
        """Make everything that a server needs before it starts."""
        leftovers.clear(self._pgdata)
        passwords = read_passwords(self.folder)
        self._passwords = passwords or make_passwords(self.folder)
        if not self.has_data:
            self._initialise(user)
        elif passwords is None:
            self._reset_password(user)

    def _binaries(self, user: ServerUser) -> Binaries:
        mark = self._pgdata / "PG_VERSION"
        binaries = choose(int(mark.read_text()) if mark.exists() else None)
        if user.changes and not user.may("-x", Path(binaries.program("postgres"))):
            binaries = copied(binaries, self.folder / f"postgresql-{binaries.version}")
        return binaries

    def _initialise(self, user: ServerUser) -> None:
        """Run initdb beside the place and move the result there, so that a half-made one never counts."""
        part = self.folder / "postgres.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        user.own(part)
        secret = self.folder / "initdb.part"  # not a pipe: another user may not open ours again
        secret.unlink(missing_ok=True)
        secret.touch(0o600, exist_ok=False)
        secret.write_text(self._passwords[Role.KEEPER])
        user.own(secret)
        command = [self._binaries(user).program("initdb"), *INITDB, f"--username={Role.KEEPER}"]
        command += [f"--pgdata={part}", f"--pwfile={secret}", *([] if self.durable else ["--no-sync"])]
        try:
            done = subprocess.run(
                command, capture_output=True, cwd="/", env=self._environment(), check=False, **user.run_as()
            )
        finally:
            secret.unlink()
        if done.returncode != 0:
            shutil.rmtree(part, ignore_errors=True)
            raise self._failure(done.stderr)
        part.rename(self._pgdata)

    def _reset_password(self, user: ServerUser) -> None:
        """Give the superuser its new password where the file was lost; whoever owns the data may."""
        command = [self._binaries(user).program("postgres"), "--single", "-D", str(self._pgdata), "postgres"]
        order = f"ALTER ROLE {Role.KEEPER} PASSWORD '{self._passwords[Role.KEEPER]}'\n"
        done = subprocess.run(
            command, input=order.encode(), capture_output=True, cwd="/", env=self._environment(), check=False, **user.run_as()
        )  # fmt: skip
        if done.returncode != 0:
            raise self._failure(done.stderr)

    def _launch(self, user: ServerUser) -> None:
        binaries = self._binaries(user)
        # A number in its lock file may belong to another process by now.
        shutil.rmtree(find_socket_folder(self.folder), ignore_errors=True)
        settings = server_settings(durable=self.durable, major=binaries.major)
        settings["unix_socket_directories"] = str(socket_folder(self.folder, user))
        command = [binaries.program("postgres"), "-D", str(self._pgdata), "-p", str(PORT)]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(self._log, "ab", opener=_private) as log:
            self._log_start = log.tell()
            # A session of its own: Ctrl-C reaches us first, and the server is stopped last.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env=self._environment(), start_new_session=True, **user.run_as(),
            )  # fmt: skip

    def _settle(self) -> None:
        """Wait until the server answers, then bring roles and database in step."""
        end = time.monotonic() + READY_S
        while True:
            try:
                with self._keeper() as keeper:
                    roles.make_roles(keeper, self._passwords)
                    there = roles.has_database(keeper, DATABASE)
                break
            except psycopg.OperationalError as error:
                if self.poll() is not None or time.monotonic() > end:
                    raise self._failure(self._said()) from error
                time.sleep(0.03)
        if not there:
            self.create_database(DATABASE)

    def _said(self) -> bytes:
        """Return what the server logged since its last start."""
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return log.read(100_000)

    def _failure(self, said: bytes) -> InputError:
        """Say why a program of PostgreSQL failed, in a sentence."""
        if NO_ROOM in said:
            return disk_full(self.folder)
        lines = [
            line for line in said.decode(errors="replace").splitlines() if "FATAL" in line or "error" in line
        ]
        return InputError(
            say("The database server does not start: {reason}", reason=(lines or ["?"])[-1].strip()),
            remedy=say("The whole report is in {log}.", log=str(self._log)),
            source=Source(str(self.folder)),
        )

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's: PGHOST and the like would lead astray, secrets do not belong there."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
