"""Keeping processes running: what dies is started again, later each time; all stop together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.lifeline import as_parent
from lastmetre.terms import InputError, Sentence, say

PAUSES_S = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Before the first, second... start after a death."""
SETTLED_S = 60.0
"""A process that ran so long counts as healthy again."""
TICK_S = 0.2
STOP_S = 8.0
"""What requests and jobs get to end in before they are ended."""


class Child:
    """A process of ours with all that it starts itself."""

    def __init__(self, name: Sentence, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._deaths = 0
        self._due = 0.0

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C reaches the keeper, who stops all in order."""
        self._process = subprocess.Popen(
            self.command, env=self.environment | as_parent(), stdin=subprocess.DEVNULL, start_new_session=True
        )
        self._started = time.monotonic()

    def died(self) -> int | None:
        """Return its exit code once after it died, and plan its next start; None while all is well."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        now = time.monotonic()
        if now - self._started > SETTLED_S:
            self._deaths = 0
        self._due = now + PAUSES_S[min(self._deaths, len(PAUSES_S) - 1)]
        self._deaths += 1
        self._end_group()  # what it started holds the port
        self._process = None
        return code

    def start_if_due(self) -> None:
        """Start it again when its pause is over."""
        if self._process is None and time.monotonic() >= self._due:
            self.start()

    def ask_to_stop(self) -> None:
        """Ask it to finish what it has begun."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def end(self, seconds: float) -> None:
        """Wait for its end, and make it where that takes too long."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(max(seconds, 0.01))
            self._end_group()
            self._process.wait()
            self._process = None

    def _end_group(self) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    @property
    def process_id(self) -> int | None:
        """Its number, while it runs."""
        return self._process.pid if self._process else None


class Keeper:
    """Keeps a database and children running until it is asked to stop."""

    def __init__(self, cluster: Cluster | None, report: Callable[[Sentence], None]) -> None:
        self.cluster = cluster
        self.report = report
        self.children: list[Child] = []
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def add(self, child: Child) -> None:
        """Start a child and keep it running."""
        child.start()
        self.children.append(child)

    def tick(self) -> None:
        """Look after everything once."""
        try:
            if self.cluster is not None and self.cluster.tend():
                self.report(say("The database had died and is back."))
        except InputError as error:  # a full disk, say: it is tried again until somebody makes room
            self.report(error.what)
            self.report(error.remedy)
        for child in self.children:
            code = child.died()
            if code is not None:
                self.report(
                    say("{name} ended with code {code} and is started again.", name=child.name, code=code)
                )
            child.start_if_due()

    def run(self) -> None:
        """Look after everything until asked to stop."""
        while not self.asked:
            self.tick()
            time.sleep(TICK_S)

    def stop(self) -> None:
        """Stop the children together, then the database they use."""
        for child in self.children:
            child.ask_to_stop()
        end = time.monotonic() + STOP_S
        for child in self.children:
            child.end(end - time.monotonic())
        if self.cluster is not None:
            self.cluster.stop()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
