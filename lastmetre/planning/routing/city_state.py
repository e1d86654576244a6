"""City state: a whole city's routes as linked stops in arrays, and the moves on them, compiled by numba.

A vehicle is a chain of depot nodes, one before each trip it may drive and one at its end, with stops linked
in between; an empty trip is two depots next to each other. Putting a stop in and taking it out is all that
ever changes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]
Span = tuple[float, float, float]
"""Duration, earliest start, latest start of a stretch of a route."""


class Town(NamedTuple):
    """What does not change in a search; a row a node (stops first, then depots) or a vehicle."""

    x: Reals
    y: Reals
    place: Small
    matrix_m: Ints
    matrix_s: Ints
    half: float
    """Added before fractions are cut off: 0.5 rounds."""
    weight: Ints
    volume: Ints
    opens: Reals
    closes: Reals
    stays: Reals
    prize: Reals
    group: Small
    """Of each stop: those with the same rights of entry."""
    near: Small
    """The nearest stops of each stop, nearest first."""
    near_m: Reals
    owner: Small
    """Vehicle of each depot node."""
    first: Small
    """First depot node of each vehicle; the node after its last is the next vehicle's first."""
    kind: Small
    room_g: Ints
    room_ml: Ints
    metre_cost: Reals
    fixed: Reals
    speed: Reals
    work: Reals
    loading: Reals
    """Seconds at each depot node before a trip that has stops."""
    allowed: Flags
    """Kind of vehicle x group of stops."""
    is_timed: bool
    has_trips: bool


class State(NamedTuple):
    """Where everything is; shared by all workers, each of which changes its own vehicles only."""

    after: Small
    before: Small
    trip: Small
    """Depot node that a stop's trip begins at; -1 where it is unserved. Of a depot node: itself."""
    way: Reals
    """Metres from each node to the one after it."""
    load_g: Ints
    load_ml: Ints
    calls: Small
    """Stops of the trip that begins at each depot node."""
    served: Small
    """Stops of each vehicle."""
    till: Reals
    """Duration, earliest and latest start of a vehicle's chain up to a node: three columns."""
    hence: Reals
    """The same from a node on."""
    piece: Small
    """Which worker has the vehicle."""


@njit(cache=True, nogil=True)
def metres(town: Town, one: int, two: int) -> float:
    """Return the distance between two nodes."""
    if town.matrix_m.shape[0]:
        return float(town.matrix_m[town.place[one], town.place[two]])
    x, y = town.x[one] - town.x[two], town.y[one] - town.y[two]
    return float(np.int64(np.sqrt(x * x + y * y) + town.half))


@njit(cache=True, nogil=True)
def seconds(town: Town, one: int, two: int, far: float, vehicle: int) -> float:
    """Return the driving time between two nodes whose distance is known."""
    if town.matrix_s.shape[0]:
        far = float(town.matrix_s[town.place[one], town.place[two]])
    return float(np.int64(far / town.speed[vehicle] + 0.5))


@njit(cache=True, nogil=True)
def take_out(town: Town, state: State, stop: int) -> float:
    """Unlink a stop; return by how much the cost changes."""
    left, right, start = state.before[stop], state.after[stop], state.trip[stop]
    vehicle = town.owner[start]
    state.after[left], state.before[right] = right, left
    state.trip[stop] = -1
    state.load_g[start] -= town.weight[stop]
    state.load_ml[start] -= town.volume[stop]
    state.calls[start] -= 1
    state.served[vehicle] -= 1
    before = state.way[left] + state.way[stop]
    if state.served[vehicle] == 0:
        state.way[left] = 0.0
        return -before * town.metre_cost[vehicle] - town.fixed[vehicle]
    state.way[left] = metres(town, left, right)
    return (state.way[left] - before) * town.metre_cost[vehicle]


@njit(cache=True, nogil=True)
def put_in(town: Town, state: State, stop: int, left: int) -> float:
    """Link a stop after a node; return by how much the cost changes."""
    right, start = state.after[left], state.trip[left]
    vehicle = town.owner[start]
    before = state.way[left]
    state.after[left], state.before[right] = stop, stop
    state.after[stop], state.before[stop] = right, left
    state.trip[stop] = start
    state.load_g[start] += town.weight[stop]
    state.load_ml[start] += town.volume[stop]
    state.calls[start] += 1
    state.served[vehicle] += 1
    state.way[left], state.way[stop] = metres(town, left, stop), metres(town, stop, right)
    change = (state.way[left] + state.way[stop] - before) * town.metre_cost[vehicle]
    return change + town.fixed[vehicle] if state.served[vehicle] == 1 else change


@njit(cache=True, nogil=True)
def is_in_time(town: Town, state: State, stop: int, left: int, left_m: float, right_m: float) -> bool:
    """Tell whether a vehicle can put a stop in after a node and keep all windows and its hours."""
    right, start = state.after[left], state.trip[left]
    vehicle = town.owner[start]
    duration, earliest, latest = state.till[left, 0], state.till[left, 1], state.till[left, 2]
    if left == start and state.calls[start] == 0:
        duration += town.loading[start]
    drive = seconds(town, left, stop, left_m, vehicle)
    shift = duration + drive
    if earliest + shift > town.closes[stop]:
        return False
    wait = max(town.opens[stop] - shift - latest, 0.0)
    earliest = max(town.opens[stop] - shift, earliest) - wait
    latest = min(town.closes[stop] - shift, latest)
    duration += town.stays[stop] + drive + wait
    drive = seconds(town, stop, right, right_m, vehicle)
    shift = duration + drive
    if earliest + shift > state.hence[right, 2]:
        return False
    wait = max(state.hence[right, 1] - shift - latest, 0.0)
    return bool(duration + state.hence[right, 0] + drive + wait <= town.work[vehicle])


@njit(cache=True, nogil=True)
def retime(town: Town, state: State, vehicle: int) -> None:
    """Count a vehicle's times anew, from its start on and from its end back."""
    node, last = town.first[vehicle], town.first[vehicle + 1] - 1
    one = _alone(town, state, node)
    state.till[node, 0], state.till[node, 1], state.till[node, 2] = one
    while node != last:
        right = state.after[node]
        drive = seconds(town, node, right, state.way[node], vehicle)
        one = _joined(one, _alone(town, state, right), drive)
        state.till[right, 0], state.till[right, 1], state.till[right, 2] = one
        node = right
    one = _alone(town, state, node)
    state.hence[node, 0], state.hence[node, 1], state.hence[node, 2] = one
    while node != town.first[vehicle]:
        left = state.before[node]
        drive = seconds(town, left, node, state.way[left], vehicle)
        one = _joined(_alone(town, state, left), one, drive)
        state.hence[left, 0], state.hence[left, 1], state.hence[left, 2] = one
        node = left


@njit(cache=True, nogil=True)
def retime_all(town: Town, state: State) -> None:
    """Count the times of all vehicles."""
    for vehicle in range(town.kind.shape[0]):
        retime(town, state, vehicle)


@njit(cache=True, nogil=True)
def _alone(town: Town, state: State, node: int) -> Span:
    stay = town.stays[node]
    if state.trip[node] == node and state.calls[node] > 0:
        stay = town.loading[node]
    return stay, town.opens[node], town.closes[node]


@njit(cache=True, nogil=True)
def _joined(one: Span, two: Span, drive: float) -> Span:
    shift = one[0] + drive
    wait = max(two[1] - shift - one[2], 0.0)
    earliest = max(two[1] - shift, one[1]) - wait
    return shift + two[0] + wait, earliest, min(two[2] - shift, one[2])
