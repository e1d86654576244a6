"""Distances: how far it is from place to place, by coordinates or by a matrix that was handed in.

Coordinates are enough for a city: nothing of the size places x places is ever built for them. A matrix
comes from a road server (fetched elsewhere) and knows one-way streets and closed bridges.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lastmetre.planning.columns import Whole
from lastmetre.terms import InputError, say

Real = NDArray[np.float64]
BLOCK = 512
"""Rows of a matrix made at a time: keeps the memory of the floats in between small."""
FARTHEST_M = 2**40
"""No distance or time is longer: sums of a million of them still fit 64 bits."""


@dataclass(frozen=True, eq=False)
class Distances:
    """Places by number, and how far it is between any two, in whole metres.

    Either `x_m` and `y_m` (a plane, in metres) or `matrix_m` is given; with `matrix_s` the road's own
    times count, else a vehicle's speed. Raises `InputError` on broken or negative figures.
    """

    x_m: Real | None = None
    y_m: Real | None = None
    matrix_m: Whole | None = None
    matrix_s: Whole | None = None
    """Seconds on the road for a vehicle of speed 1."""
    detour: float = 1.0
    """Road metres a metre as the crow flies; by coordinates only."""
    rounds_down: bool = False
    """Whether fractions of a metre are cut off rather than rounded: the habit of some public instances."""

    def __post_init__(self) -> None:
        if self.matrix_m is None:
            if self.x_m is None or self.y_m is None:
                raise _broken()
            object.__setattr__(self, "x_m", _coordinates(self.x_m))
            object.__setattr__(self, "y_m", _coordinates(self.y_m))
            if len(self.x_m) != len(self.y_m) or not 0 < self.detour < 1000:
                raise _broken()
            return
        for name in ("matrix_m", "matrix_s"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _matrix(getattr(self, name), len(self.matrix_m)))

    def __len__(self) -> int:
        return len(self.x_m) if self.matrix_m is None and self.x_m is not None else len(self.metres_matrix)

    @property
    def metres_matrix(self) -> Whole:
        """The matrix handed in; an empty one where there are coordinates."""
        return np.empty((0, 0), np.int64) if self.matrix_m is None else self.matrix_m

    @cached_property
    def scaled(self) -> tuple[Real, Real]:
        """Coordinates times the detour; along the matrix's first row and column where there are none."""
        if self.x_m is not None and self.y_m is not None:
            return self.x_m * self.detour, self.y_m * self.detour
        return self.metres_matrix[0].astype(float), self.metres_matrix[:, 0].astype(float)

    def metres(self, origin: int, target: int) -> int:
        """Return the distance from one place to another."""
        if self.matrix_m is not None:
            return int(self.matrix_m[origin, target])
        x_m, y_m = self.scaled
        far = np.sqrt((x_m[origin] - x_m[target]) ** 2 + (y_m[origin] - y_m[target]) ** 2)
        return int(far + (0.0 if self.rounds_down else 0.5))

    def seconds(self, origin: int, target: int, speed: float) -> int:
        """Return the driving time: metres over m/s, or the road's time over a factor."""
        base = self.metres(origin, target) if self.matrix_s is None else int(self.matrix_s[origin, target])
        return int(base / speed + 0.5)

    def between(self, places: Whole) -> Whole:
        """Return the metres between all of some places; for a district only."""
        if self.matrix_m is not None:
            return self.matrix_m[np.ix_(places, places)]
        x_m, y_m = (axis[places] for axis in self.scaled)
        made = np.empty((len(places), len(places)), np.int64)
        for start in range(0, len(places), BLOCK):
            rows = slice(start, start + BLOCK)
            far = np.sqrt((x_m[rows, None] - x_m) ** 2 + (y_m[rows, None] - y_m) ** 2)
            made[rows] = far + (0.0 if self.rounds_down else 0.5)
        return made

    def times(self, places: Whole, metres: Whole, speed: float) -> Whole:
        """Return the driving times between all of some places, whose `metres` are known."""
        base = metres if self.matrix_s is None else self.matrix_s[np.ix_(places, places)]
        return (base / speed + 0.5).astype(np.int64)


def _coordinates(values: ArrayLike) -> Real:
    axis = np.array(values, float)
    if axis.ndim != 1 or not np.isfinite(axis).all() or (axis.size and np.abs(axis).max() > FARTHEST_M):
        raise _broken()
    axis.setflags(write=False)
    return axis


def _matrix(values: ArrayLike, size: int) -> Whole:
    matrix = np.array(values)
    if matrix.shape != (size, size) or matrix.dtype.kind not in "iu":
        raise _broken()
    if size and (matrix.min() < 0 or matrix.max() > FARTHEST_M):
        raise _broken()
    whole = matrix.astype(np.int64)
    whole.setflags(write=False)
    return whole


def _broken() -> InputError:
    return InputError(
        say("The places have broken coordinates or distances."),
        remedy=say("Give every place two coordinates in metres, or one distance of 0 or more to each other."),
    )
