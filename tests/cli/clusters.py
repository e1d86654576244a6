"""Clusters of the tests: a folder that the server's user may enter, and a supervisor in a process of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

PATIENCE_S = 180
"""How long anything may take before it counts as failed: the machine may have other work."""
SUPERVISOR = """
import os, sys
from pathlib import Path
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.cli.keeping import Keeper
from lastmetre.terms import InputError
if user := sys.argv[2:]:  # after the imports: the interpreter may lie in a private home
    os.setgroups([])
    os.setgid(int(user[1]))
    os.setuid(int(user[0]))
cluster = Cluster(Path(sys.argv[1]))
keeper = Keeper(cluster, report=lambda sentence: print(sentence, file=sys.stderr))
try:
    cluster.start()
except InputError as error:
    sys.exit(str(error))
print(cluster.url(Role.OWNER), cluster.process_id, flush=True)
keeper.run()
keeper.stop()
"""


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a folder that other users may pass through; those of pytest are closed to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="lastmetre-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def supervised(folder: Path, *user: int) -> Iterator[subprocess.Popen[str]]:
    """Run a supervisor in a process of its own; whatever is left at the end is killed."""
    command = [sys.executable, "-c", SUPERVISOR, str(folder), *map(str, user)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        end(servers(folder))


def servers(folder: Path) -> list[psutil.Process]:
    """Find the processes of PostgreSQL that work on a data folder, as the kernel sees them."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and Path(process.cwd()).parent == folder:
                found.append(process)
        except psutil.Error:
            continue
    return found


def end(processes: list[psutil.Process]) -> None:
    """Kill processes; some may be gone already."""
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def until(question: Callable[[], Any], seconds: float = PATIENCE_S) -> Any:
    """Ask until the answer is yes."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return answer


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def environment(**more: str) -> dict[str, str]:
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("LASTMETRE", "DATABASE"))
    }
    return bare | {"LASTMETRE_LANG": "en"} | more


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", "from lastmetre.cli.main import main; main()", *map(str, arguments)]


def refusal(*arguments: object, typed: str = "", **more: str) -> str:
    """Run a command that must refuse; return its sentence."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        input=typed,
        env=environment(**more),
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 4, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def success(*arguments: object, typed: str = "", code: int = 0, **more: str) -> str:
    """Run a command that must succeed; return what it says."""
    done = subprocess.run(
        command(*arguments), capture_output=True, text=True, input=typed, env=environment(**more), timeout=PATIENCE_S, check=False
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout
