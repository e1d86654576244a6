"""What an earlier supervisor left behind: a server that still runs, processes of one that died, a stale file."""

from __future__ import annotations

import contextlib
import signal
import time
from pathlib import Path

import psutil

from lastmetre.terms import InputError, say

PATIENCE_S = 30.0


def clear(pgdata: Path) -> None:
    """Make a data folder free for a new server: no process works on it, no file claims one.

    Raises InputError where a server does not stop. Call it with the folder's lock held: then whatever
    still runs has lost its supervisor.
    """
    main = _postmaster(pgdata)
    if main is not None:
        main.send_signal(signal.SIGINT)  # fast shutdown: rolls back what is open, loses nothing
        if not _gone([main], PATIENCE_S):
            main.send_signal(signal.SIGQUIT)
    remaining = _working_on(pgdata)
    for process in remaining:
        if main is None:  # their postmaster died; they would notice in a while
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGQUIT)
    if not _gone(remaining, PATIENCE_S):
        raise InputError(
            say("A database server of an earlier run is still at work: process {number}.", number=remaining[0].pid),
            remedy=say("Wait until it has ended, or end it, and start again."),
        )  # fmt: skip
    # A number in it may belong to another process after a restart of the machine; then PostgreSQL refuses.
    (pgdata / "postmaster.pid").unlink(missing_ok=True)


def _postmaster(pgdata: Path) -> psutil.Process | None:
    """Find the running main process by the number it wrote down, if that is a server on this folder."""
    try:
        number = int((pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(number)
        return process if _works_on(process, pgdata) else None
    except (OSError, ValueError, psutil.Error):
        return None


def _working_on(pgdata: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _works_on(process, pgdata)]


def _works_on(process: psutil.Process, pgdata: Path) -> bool:
    """Every process of a server stands in its data folder."""
    try:
        return process.name() == "postgres" and Path(process.cwd()) == pgdata
    except psutil.Error:
        return False


def _gone(processes: list[psutil.Process], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
