"""Planners that misbehave, for the tests of jobs: a worker imports them by name."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from lastmetre.terms import InputError, say


def plan(problem: Any, **_options: Any) -> Any:
    """Answer with the problem itself."""
    return problem


def hangs(_problem: object, **_options: object) -> None:
    time.sleep(3_600)


def hangs_with_a_child(path: str, **_options: object) -> None:
    child = os.fork()
    if child:
        Path(path).write_text(f"{os.getpid()} {child}")
    time.sleep(3_600)


def eats_memory(_problem: object, **_options: object) -> None:
    rows = []
    while True:
        rows.append(np.ones(2**20))


def answers_too_much(_problem: object, **_options: object) -> object:
    return np.broadcast_to(np.ones(1), 2**27)


def crashes(_problem: object, **_options: object) -> None:
    os.abort()


def fails(_problem: object, **_options: object) -> None:
    raise ZeroDivisionError("nobody to share with")


def refuses(_problem: object, **_options: object) -> None:
    raise InputError(say("{count} stops.", count=0), remedy=say("Give one."))


def goes_on(
    _problem: object, *, progress: Callable[[float], None], cancelled: Callable[[], bool], **_options: object
) -> str:
    """Plan until it is told to stop."""
    part = 0.0
    while not cancelled():
        part += 0.01
        progress(part)
        time.sleep(0.02)
    return "best so far"
