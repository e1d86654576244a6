"""How searches are compiled: by numba, kept beside the program, without Python's lock and without counting holders."""

from __future__ import annotations

from typing import Any

from numba import njit

_HOW: Any = {"cache": True, "nogil": True, "_nrt": False}
"""A search makes no array, it works on those that it is handed: nobody needs to count who holds one.

Counting took more than half of the time. `_nrt` is what numba's own kernels use; its type hints do not know it.
A function that makes an array does not compile with it, and says so.
"""
compiled = njit(**_HOW)
in_place = njit(inline="always", **_HOW)
"""The same, written into whoever calls it."""
