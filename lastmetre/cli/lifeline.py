"""A process that ends when the one that started it is gone, also after kill -9."""

from __future__ import annotations

import os
import signal
import threading
import time

PARENT = "LASTMETRE_PARENT"
LOOK_S = 0.5
GRACE_S = 10.0


def end_with_parent() -> None:
    """Watch the parent from a thread; once it is gone, ask this process to stop, then make it."""
    parent = int(os.environ.get(PARENT) or os.getppid())
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="lifeline").start()


def as_parent() -> dict[str, str]:
    """Return what a child is told, so that it notices even a parent that dies before the child's first line."""
    return {PARENT: str(os.getpid())}


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
