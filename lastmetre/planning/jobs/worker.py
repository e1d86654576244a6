"""The worker's side of a job: `python -m lastmetre.planning.jobs.worker PIPE MEGABYTES`; `running` starts it."""

from __future__ import annotations

import faulthandler
import os
import resource
import sys
import threading
import time
import traceback
from multiprocessing.connection import Connection

from lastmetre.planning.jobs.messages import (
    Asked,
    Broken,
    Far,
    Finished,
    Message,
    OutOfMemory,
    Ready,
    Refused,
    receive,
    send,
)
from lastmetre.planning.jobs.records import name_of
from lastmetre.terms import InputError

NICE = 5
"""The pages that people wait for go first."""
TELL_EVERY_S = 0.1
"""Progress is told no more often."""


def main(pipe_number: int, memory_mb: int) -> None:
    """Plan one problem that comes through the pipe, within a limit of memory, and send what came of it."""
    faulthandler.enable()
    os.nice(NICE)
    limit = memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    pipe = Connection(pipe_number)
    try:
        said = _plan(pipe)
    except InputError as error:
        said = Refused(error.what, error.remedy, error.source)
    except MemoryError:
        said = OutOfMemory()
    except Exception:
        said = Broken(traceback.format_exc())
    try:
        send(pipe, said)
    except MemoryError:
        send(pipe, OutOfMemory())


def _plan(pipe: Connection) -> Message:
    asked = receive(pipe)
    assert isinstance(asked, Asked)
    warm_up = getattr(sys.modules[name_of(asked.plan)], "warm_up", None)
    if warm_up is not None:
        warm_up(asked.problem)
    is_cancelled = threading.Event()
    threading.Thread(target=_listen, args=(pipe, is_cancelled), daemon=True).start()
    send(pipe, Ready())
    watching = {"progress": _Teller(pipe), "cancelled": is_cancelled.is_set}
    return Finished(asked.plan(asked.problem, **asked.budget, **watching))


def _listen(pipe: Connection, is_cancelled: threading.Event) -> None:
    """Hear that the plan is not wanted any more; end with who asked for it, were it by `kill -9`."""
    try:
        receive(pipe)
        is_cancelled.set()
        receive(pipe)
    except (EOFError, OSError):
        os._exit(1)


class _Teller:
    """Tells progress now and then."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe, self.told_at = pipe, 0.0

    def __call__(self, part: float) -> None:
        now = time.monotonic()
        if now - self.told_at >= TELL_EVERY_S:
            self.told_at = now
            send(self.pipe, Far(part))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
