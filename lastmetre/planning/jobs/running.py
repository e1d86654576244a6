"""The asker's side of a job: start a worker, watch its clock, pass on progress and cancelling, end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import IO, Generic, TypeVar, cast

from lastmetre import __version__
from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.jobs.messages import (
    Asked,
    Broken,
    Cancel,
    Far,
    Finished,
    OutOfMemory,
    Ready,
    Refused,
    receive,
    send,
)
from lastmetre.planning.jobs.records import Record, digest_of, name_of
from lastmetre.terms import InputError, Sentence, say

R = TypeVar("R")

SECONDS = 60.0
"""The budget where none is given."""
LONGEST_S = 3_600.0
"""The longest that a plan may take whose budget is in iterations alone."""
WARM_S = 900.0
"""Compiling the searches once, on a busy machine; afterwards they are loaded in a second or two."""
GRACE_S = 2.0
"""A plan may be late by so much; then it is ended."""
MEMORY_MB = 2_048
LOOK_S = 0.05
"""Between two looks at the clock and at who cancels."""


class Trouble(StrEnum):
    """Why there is no plan."""

    HUNG = "hung"
    MEMORY = "memory"
    CRASHED = "crashed"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class JobError(Exception):
    """A job without a plan: what happened and what to do, in a sentence; `detail` is for a programmer."""

    def __init__(self, trouble: Trouble, what: Sentence, *, remedy: Sentence, detail: str = "") -> None:
        super().__init__(trouble, what, remedy)
        self.trouble, self.what, self.remedy, self.detail = trouble, what, remedy, detail

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """A plan, and from what it was made."""

    plan: R
    record: Record
    wall_s: float
    """From the warm worker to the plan."""


def run(
    plan: Callable[..., R],
    problem: object,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    memory_mb: int = MEMORY_MB,
) -> Done[R]:
    """Plan a problem in a process of its own, by any question's `plan` (options bound by `partial`).

    The budget is the planner's; where it is late by more than two seconds the process is ended. With
    `iterations`, `seconds` only says how long it may take at most. Raises `InputError` as the planner
    does, and `JobError` where there is no plan.
    """
    if seconds is None and iterations is None:
        seconds = SECONDS
    record = Record(name_of(plan), digest_of(plan, problem), seed, __version__, seconds, iterations)
    asked = Asked(plan, problem, {"seed": seed, "seconds": seconds, "iterations": iterations})
    with tempfile.TemporaryFile() as last_words:
        worker = _Worker(memory_mb, last_words)
        try:
            worker.ask(asked)
            watch = _Watch(LONGEST_S if seconds is None else seconds, memory_mb, progress, cancelled)
            made = watch.wait_for(worker)
            return Done(cast(R, made), record, watch.lasted_s)
        finally:
            worker.end()


def repeat(record: Record, plan: Callable[..., R], problem: object, **watching: object) -> Done[R]:
    """Make a recorded plan again. Raises `InputError` where problem, planner or version are others now."""
    if (record.question, record.digest) != (name_of(plan), digest_of(plan, problem)):
        raise InputError(
            say("This is not the problem that was planned then."),
            remedy=say("Take the stored problem, or plan anew."),
        )
    if record.version != __version__:
        raise InputError(
            say("The plan was made by version {old}; this is {new}.", old=record.version, new=__version__),
            remedy=say("Install that version to repeat it, or plan anew."),
        )
    budget = {"seed": record.seed, "seconds": record.seconds, "iterations": record.iterations}
    return run(plan, problem, **(budget | watching))  # type: ignore[arg-type]


class _Worker:
    """The process, and the pipe to it."""

    def __init__(self, memory_mb: int, last_words: IO[bytes]) -> None:
        self.last_words = last_words
        self.pipe, its_end = Pipe()
        number = its_end.fileno()
        command = [sys.executable, "-m", "lastmetre.planning.jobs.worker", str(number), str(memory_mb)]
        with its_end:
            # A program of its own, not a fork: no lock, thread or solver of the asker's comes along.
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=last_words,
                pass_fds=[number],
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )

    def ask(self, message: Asked) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # gone already: what it said last is read later
            send(self.pipe, message)

    def crash(self, memory_mb: int) -> JobError:
        """Say how the process ended by itself."""
        code = self.process.wait()
        self.last_words.seek(0)
        detail = self.last_words.read()[-4_000:].decode(errors="replace")
        if "MemoryError" in detail or "bad_alloc" in detail:
            return _too_large(memory_mb, detail)
        name = signal.Signals(-code).name if code < 0 else str(code)
        return JobError(
            Trouble.CRASHED,
            say("The planner ended by itself ({how}).", how=name),
            remedy=say(
                "Plan a part at a time; if that ends too, send the log to who looks after the program."
            ),
            detail=detail,
        )

    def end(self) -> None:
        """Leave nothing behind."""
        # Before the pipe is closed: a worker that sees that ends by itself, and what it started lives on.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.pipe.close()
        self.process.wait()


@dataclass
class _Watch:
    """The clock of a job."""

    seconds: float
    memory_mb: int
    progress: Progress | None
    cancelled: Cancelled | None
    began_at: float | None = None
    cancelled_at: float | None = None
    started_at: float = field(default_factory=time.monotonic)

    @property
    def lasted_s(self) -> float:
        return time.monotonic() - (self.began_at or self.started_at)

    def wait_for(self, worker: _Worker) -> object:
        """Return the plan that the worker makes; raise where it makes none."""
        while True:
            self._look(worker.pipe)
            try:
                said = receive(worker.pipe) if worker.pipe.poll(LOOK_S) else None
            except (EOFError, OSError):
                raise worker.crash(self.memory_mb) from None
            match said:
                case Ready():
                    self.began_at = time.monotonic()
                case Far(part) if self.progress is not None:
                    self.progress(part)
                case Finished(plan):
                    if self.progress is not None:
                        self.progress(1.0)
                    return plan
                case Refused(what, remedy, source):
                    raise InputError(what, remedy=remedy, source=source)
                case OutOfMemory():
                    raise _too_large(self.memory_mb)
                case Broken(traceback):
                    raise _broken(traceback)

    def _look(self, pipe: Connection) -> None:
        now = time.monotonic()
        if self.cancelled_at is None and self.cancelled is not None and self.cancelled():
            self.cancelled_at = now
            with suppress(BrokenPipeError, ConnectionResetError):
                send(pipe, Cancel())
        if self.cancelled_at is not None and now > self.cancelled_at + GRACE_S:
            raise JobError(
                Trouble.CANCELLED,
                say("The plan was cancelled before there was any."),
                remedy=say("Plan again when you want it."),
            )
        ends_at = self.started_at + WARM_S
        if self.began_at is not None:
            ends_at = self.began_at + self.seconds + GRACE_S
        if now > ends_at:
            raise JobError(
                Trouble.HUNG,
                say(
                    "The planner did not end within {seconds} s and was stopped.", seconds=f"{self.seconds:g}"
                ),
                remedy=say("Give it more time, or plan a part at a time."),
            )


def _too_large(memory_mb: int, detail: str = "") -> JobError:
    return JobError(
        Trouble.MEMORY,
        say("The plan needs more than the {memory} MB of memory that it may have.", memory=memory_mb),
        remedy=say("Plan a part at a time, or allow it more memory."),
        detail=detail,
    )


def _broken(traceback: str) -> JobError:
    return JobError(
        Trouble.BROKEN,
        say("The planner failed: {error}", error=traceback.strip().splitlines()[-1]),
        remedy=say("Send the log to who looks after the program; nothing was written down."),
        detail=traceback,
    )
