"""City near: the stops beside which a stop is likely to be best, found without a matrix of all distances."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from lastmetre.planning.routing.city_state import NEAR, Ints, Reals, Small
from lastmetre.planning.routing.distances import Distances
from lastmetre.planning.routing.problem import FOREVER_S

MOST_NEAR = 40
"""Stops that count as near: where strings are torn and where a stop is put in beside."""
WIDER = 10
"""With windows so many times as many are looked at for those whose windows go together."""
WAIT_PART = 0.2
"""What a second of waiting counts beside one of being late."""


def near_of(distances: Distances, times: NDArray[Any], speed: float) -> NDArray[Any]:
    """Find the stops near each stop, those that may come just before it and those just after it.

    `times` are those of the stops alone. With windows those are near that go together in time, too, with
    vehicles of some metres a second.
    """
    is_timed = bool((times["opens"] > 0).any() or (times["closes"] < FOREVER_S).any())
    near, out_m, back_m = _neighbours(distances, times["place"], MOST_NEAR * (WIDER if is_timed else 1))
    made = np.empty((len(near), min(near.shape[1], MOST_NEAR)), NEAR)
    after = before = np.zeros((1, 1))
    if is_timed:
        after, before = (speed * late for late in _mismatches_s(times, near, back_m / speed, out_m / speed))
    for name, far, apart in (
        ("stop", out_m, np.minimum(out_m + before, back_m + after)),
        ("left", back_m, back_m + after),
        ("right", out_m, out_m + before),
    ):
        order = np.argsort(apart, 1, kind="stable")[:, :MOST_NEAR]
        made[name] = np.take_along_axis(near, order, 1)
        made[name + "_m"] = np.take_along_axis(far, order, 1)
    return made


def _mismatches_s(times: NDArray[Any], near: Small, back_s: Reals, out_s: Reals) -> tuple[Reals, Reals]:
    """Return how badly the windows of each stop go with those of its neighbours, in seconds.

    First with the neighbour before it, then after it. What would be late counts whole, what must be waited
    in part (T. Vidal and others, Computers & Operations Research 40, 2013).
    """
    opens, closes, stays = times["opens"], times["closes"], times["stays"]

    def in_order(one: NDArray[Any], two: NDArray[Any], drive_s: Reals) -> Reals:
        late = np.maximum(opens[one] + stays[one] + drive_s - closes[two], 0.0)
        wait = np.maximum(opens[two] - drive_s - stays[one] - closes[one], 0.0)
        made: Reals = late + WAIT_PART * wait
        return made

    here = np.arange(len(times))[:, None]
    return in_order(near, here, back_s), in_order(here, near, out_s)


def _neighbours(distances: Distances, places: Ints, most: int) -> tuple[Small, Reals, Reals]:
    """Find the nearest of some places to each, by a tree over coordinates, or by the matrix; how far there and back."""
    count = min(most, len(places) - 1)
    near = np.full((len(places), max(count, 1)), -1, np.int32)
    if count < 1:
        return near, np.zeros(near.shape), np.zeros(near.shape)
    if distances.x_m is None:
        far = distances.between(places).astype(float)
        far += far.T
    else:
        x, y = distances.scaled
        points = np.column_stack((x[places], y[places]))
        _, found = cKDTree(points).query(points, k=count + 1)
    for row in range(len(places)):
        order = found[row] if distances.x_m is not None else np.argsort(far[row], kind="stable")
        near[row] = order[order != row][:count]
    if distances.x_m is None:
        matrix_m, here, there = distances.metres_matrix, places[:, None], places[near]
        return near, matrix_m[here, there].astype(float), matrix_m[there, here].astype(float)
    far = np.sqrt((x[places[:, None]] - x[places[near]]) ** 2 + (y[places[:, None]] - y[places[near]]) ** 2)
    far = np.floor(far + (0.0 if distances.rounds_down else 0.5))
    return near, far, far
