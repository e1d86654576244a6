"""Records: what a plan was made from, so that it can be made again and nobody mistakes it for another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache, partial
from hashlib import sha256
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Record:
    """The same question, problem, seed, version and iterations give the same plan (`repeat`).

    Where the budget was in seconds, a search that was cut off by the clock comes out only as good.
    """

    question: str
    """Which planner: its module."""
    digest: str
    """Of the problem, in 64 hexadecimal signs."""
    seed: int
    version: str
    """Of this program; the solvers it needs are pinned with it."""
    seconds: float | None
    iterations: int | None
    """What was asked for; None: the budget was in seconds."""


def name_of(plan: Callable[..., object]) -> str:
    """Name a planner by its module, whatever options are bound to it."""
    return (plan.func if isinstance(plan, partial) else plan).__module__


def digest_of(plan: Callable[..., object], problem: object) -> str:
    """Return the fingerprint of a problem with the options that are bound to its planner."""
    options = (plan.args, plan.keywords) if isinstance(plan, partial) else ((), {})
    return digest((options, problem))


def digest(value: object) -> str:
    """Return the fingerprint of a problem: the same in every process and on every machine.

    Pickles are not (sets have no order there, and what is the same object counts), so each value is walked.
    Raises `TypeError` on what is no plain value, dataclass, array or collection of them.
    """
    seen = sha256()
    for part in _parts(value):
        seen.update(part)
    return seen.hexdigest()


def _parts(value: object) -> Iterator[bytes]:
    if value is None or isinstance(value, bool | int | float | str | Decimal | Fraction | Enum):
        yield f"{type(value).__name__}:{value!r};".encode()
    elif isinstance(value, np.ndarray):
        yield f"array:{value.dtype.str}{value.shape};".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, np.generic):
        yield from _parts(value.item())
    elif is_dataclass(value) and not isinstance(value, type):
        yield f"{type(value).__qualname__}(".encode()
        for name in _names(type(value)):
            yield name.encode()
            yield from _parts(getattr(value, name))
        yield b")"
    elif isinstance(value, tuple | list):
        yield f"list:{len(value)};".encode()
        for one in value:
            yield from _parts(one)
    elif isinstance(value, Set):
        yield from _parts(sorted(digest(one) for one in value))
    elif isinstance(value, Mapping):
        yield from _parts(sorted((digest(key), digest(one)) for key, one in value.items()))
    else:
        raise TypeError(f"A problem holds something that has no fingerprint: {type(value).__name__}.")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
