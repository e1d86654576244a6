"""Compiled: functions turned into machine code when first called, and kept beside their module.

A module that imports this one loads numba: import it inside `plan`, so that a product at rest does
not carry a compiler in its memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function that uses numbers and arrays only; what it calls must stand in its own module."""
    return cast(Function, njit(cache=True)(function))
