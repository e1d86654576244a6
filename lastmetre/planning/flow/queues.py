"""Queues: who waits how long for a free line, lane, table or hand. Compiled, as a day has 330,000 bags."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@njit(cache=True, nogil=True)
def starts(ready: Floats, service: Floats, station: Ints, servers: Ints, windows: Floats) -> Floats:
    """Return when each item is begun, in seconds; infinite where never that day.

    `station` (N,) never falls; inside a station the items are served in their order by the first of its
    `servers` (S,) that is free (Kiefer and Wolfowitz's recursion). Nothing is begun outside `windows`
    (S, W, 2); what is begun is finished.
    """
    start = np.full(len(ready), np.inf)
    free = np.zeros(1)
    for i in range(len(ready)):
        here = station[i]
        if i == 0 or here != station[i - 1]:
            free = np.zeros(servers[here])
        if len(free) == 0:
            continue
        first = free.argmin()
        begin = max(ready[i], free[first])
        for k in range(windows.shape[1]):
            if begin <= windows[here, k, 1]:
                start[i] = max(begin, windows[here, k, 0])
                free[first] = start[i] + service[i]
                break
    return start


@njit(cache=True, nogil=True)
def loads(group: Ints, grams: Floats, limit_g: Floats) -> Ints:
    """Number the loads (trips, carts) of a row of bags: a new one for each group and when one is full.

    A bag heavier than the limit goes alone.
    """
    number = np.empty(len(group), np.int64)
    now, full = -1, 0.0
    for i in range(len(group)):
        full += grams[i]
        if i == 0 or group[i] != group[i - 1] or full > limit_g[i]:
            now += 1
            full = grams[i]
        number[i] = now
    return number
