"""How soon is the product usable, and what does it take while nobody works?

`python benchmarks/at_rest.py` starts `lastmetre serve` with the demo compound twice on an empty folder and prints
the seconds until a page answers (bound: 5 on the second start) and the memory of all processes together
(bound: 500 MB; shared pages counted once: PSS), each as a ratio to its bound, and the second start as a
multiple of what Python needs to load Django alone on this machine.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

SECOND_START_S = 5.0
AT_REST_MB = 500.0
SETTLE_S = 15.0
"""Until what the start needed is given back."""


@contextmanager
def served(data: Path) -> Iterator[tuple[psutil.Process, float]]:
    """Run the product; give its process and the seconds until it said that it is ready."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from lastmetre.cli.main import main; main()",
        "serve",
        "--scenario",
        "erqi",
    ]
    command += ["--data", str(data), "--port", str(port), "--lang", "en"]
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "LASTMETRE"))
    }
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=bare) as process:
        assert process.stdout
        for line in process.stdout:
            if "Ctrl-C" in line:
                break
        else:
            sys.exit("it did not start")
        yield psutil.Process(process.pid), time.monotonic() - began
        process.send_signal(signal.SIGINT)


def memory_mb(process: psutil.Process) -> float:
    """Return the memory of a process with all that it started, shared pages counted once."""
    return sum(one.memory_full_info().pss for one in [process, *process.children(recursive=True)]) / 1e6


def django_s() -> float:
    """Return the seconds that Python needs to load Django alone."""
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "import django.db.models, django.contrib.postgres.fields"], check=True
    )
    return time.monotonic() - began


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lastmetre-") as place:
        Path(place).chmod(0o711)  # the server's user must get in
        with served(Path(place) / "data") as (_, first):
            print(f"first start, database made and demo loaded: {first:.1f} s")
        with served(Path(place) / "data") as (process, second):
            bare = django_s()
            print(f"second start: {second:.1f} s, {second / SECOND_START_S:.2f} of {SECOND_START_S:.0f} s,"
                  f" {second / bare:.1f} times loading Django")  # fmt: skip
            time.sleep(SETTLE_S)
            found = memory_mb(process)
            count = 1 + len(process.children(recursive=True))
            print(
                f"at rest: {found:.0f} MB in {count} processes, {found / AT_REST_MB:.2f} of {AT_REST_MB:.0f} MB"
            )


if __name__ == "__main__":
    main()
