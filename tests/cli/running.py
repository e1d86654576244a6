"""A product that a test starts: `lastmetre serve` in a process of its own."""

import http.client
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil
from clusters import PATIENCE_S, command, end, environment, free_port, servers

BY_ITS_NUMBER = re.compile(r"lastmetre\.cli\.child (\w+)")


class Running:
    """A server that a test started."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, port: int, errors: IO[str]) -> None:
        self.process, self.folder, self.port, self.errors = process, folder, port, errors
        self.said: list[str] = []

    def wait(self) -> "Running":
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if "Ctrl-C" in line:
                return self
        raise AssertionError("".join(self.said) + self.complaints())

    def complaints(self) -> str:
        """Return what it wrote as errors; into a file, for nobody reads a pipe while it runs."""
        self.errors.seek(0)
        return self.errors.read()

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def processes(self, name: str = "") -> list[psutil.Process]:
        """Find our child processes, with those of a supervisor that is gone."""
        found = []
        for process in psutil.process_iter():
            try:
                kind = BY_ITS_NUMBER.search(" ".join(process.cmdline()))
                mine = process.environ().get("LASTMETRE_DATA") == str(self.folder)
            except psutil.Error:
                continue
            if kind and mine and (not name or kind[1] == name):
                found.append(process)
        return found

    def is_gone(self) -> bool:
        return not self.processes() and not servers(self.folder)


@contextmanager
def serving(folder: Path, *arguments: object, **more: str) -> Iterator[Running]:
    port = free_port()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command("serve", "--data", folder, "--port", port, *arguments),
            stdout=subprocess.PIPE, stderr=errors, text=True, env=environment(**more),
        )  # fmt: skip
        running = Running(process, folder, port, errors)
        try:
            yield running
        finally:
            process.kill()
            end([*running.processes(), *servers(folder)])
            process.communicate(timeout=PATIENCE_S)
