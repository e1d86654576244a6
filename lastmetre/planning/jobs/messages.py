"""Messages between the process that asks and the one that plans: one frame each, arrays beside it.

What was read-only arrives read-only: plans are frozen, and compiled searches are kept for that kind.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

from lastmetre.terms import Sentence, Source


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be planned, and by whom."""

    plan: Callable[..., object]
    problem: object
    budget: dict[str, float | None]
    """Seed, seconds and iterations."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The plan is not wanted any more: the best so far will do."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker is warm: its budget begins now."""


@dataclass(frozen=True, slots=True)
class Far:
    """How far the plan has come, from 0 to 1."""

    part: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The plan."""

    plan: object


@dataclass(frozen=True, slots=True)
class Refused:
    """The problem makes no sense: the parts of an `InputError`."""

    what: Sentence
    remedy: Sentence
    source: Source | None


@dataclass(frozen=True, slots=True)
class OutOfMemory:
    """The plan needs more memory than it may have."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The planner failed: what a programmer must read."""

    traceback: str


Message = Asked | Cancel | Ready | Far | Finished | Refused | OutOfMemory | Broken


def send(pipe: Connection, message: Message) -> None:
    """Send one message."""
    beside: list[pickle.PickleBuffer] = []
    body = pickle.dumps(message, protocol=5, buffer_callback=beside.append)
    raws = [buffer.raw() for buffer in beside]
    pipe.send([raw.readonly for raw in raws])
    pipe.send_bytes(body)
    for raw in raws:
        pipe.send_bytes(raw if raw.nbytes else b"")


def receive(pipe: Connection) -> Message:
    """Wait for one message; raises `EOFError` where the other side is gone."""
    frozen: list[bool] = pipe.recv()
    body = pipe.recv_bytes()
    beside = [pipe.recv_bytes() if is_frozen else bytearray(pipe.recv_bytes()) for is_frozen in frozen]
    message: Message = pickle.loads(body, buffers=beside)
    return message
