"""City state: a whole city's routes as linked stops in arrays, and the moves on them, compiled by numba.

A vehicle is a chain of depot nodes, one before each trip it may drive and one at its end, with stops linked
in between; an empty trip is two depots next to each other. Putting a stop in and taking it out is all that
ever changes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.compiling import compiled, in_place

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]


NODE = np.dtype(
    [
        ("x", "f8"),
        ("y", "f8"),
        ("way", "f8"),  # metres to the node after it
        ("after", "i4"),
        ("before", "i4"),
        ("trip", "i4"),  # depot node that its trip begins at, -1 where it is unserved; of a depot: itself
        ("owner", "i4"),  # of a depot: its vehicle
        ("group", "i4"),  # of stops with the same rights of entry; of a depot: its kind of vehicle
        ("calls", "i4"),  # of a depot: stops of the trip that begins there
        ("room_g", "i8"),  # what a stop takes; of a depot: what the trip that begins there has left
        ("room_ml", "i8"),
    ]
)
"""A stop or a depot: stops come first. 64 bytes, a line of the cache, is all that trying a place looks at."""
TIMES = np.dtype(
    [
        ("opens", "f8"),
        ("closes", "f8"),
        ("stays", "f8"),  # seconds at a stop; at a depot only before a trip that has stops
        ("leaves_s", "f8"),  # earliest that a vehicle can leave
        ("latest_s", "f8"),  # latest that it may get there
        ("prize", "f8"),  # what leaving a stop out costs
        ("place", "i8"),
        ("fills_a_line", "i8"),
        ("done_s", "f8"),  # duration, earliest and latest start of the vehicle's chain up to a node
        ("from_s", "f8"),
        ("until_s", "f8"),
        ("rest_s", "f8"),  # the same from a node on
        ("early_s", "f8"),
        ("late_s", "f8"),
        ("fills_another", "i8", 2),
    ]
)
"""The times of a node, two lines of the cache: the second only where a vehicle's hours are limited."""
NEAR = np.dtype(
    [
        ("stop", "i4"),
        ("left", "i4"),  # a stop after which this one may well come
        ("right", "i4"),  # a stop before which it may
        ("stop_m", "f8"),  # how far to the one, from the other, to the third
        ("left_m", "f8"),
        ("right_m", "f8"),
    ]
)
"""The first, second, third ... best neighbour of a stop of each kind; -1 where there are no more."""
VEHICLE = np.dtype(
    [
        ("metre_cost", "f8"),
        ("fixed", "f8"),
        ("speed", "f8"),
        ("work", "f8"),
        ("room_g", "i8"),
        ("room_ml", "i8"),
        ("first", "i4"),  # its first and last depot node
        ("last", "i4"),
        ("kind", "i4"),
        ("served", "i4"),  # stops of all its trips
        ("piece", "i4"),  # which worker has it
    ],
    align=True,
)


class City(NamedTuple):
    """Everything, in few arrays, as handing each on costs time.

    Shared by all workers, each of which changes its own vehicles only.
    """

    nodes: NDArray[Any]
    times: NDArray[Any]
    vehicles: NDArray[Any]
    near: NDArray[Any]
    allowed: Flags
    """Kind of vehicle x group of stops."""
    matrix_m: Ints
    matrix_s: Ints
    half: float
    """Added before fractions are cut off: 0.5 rounds."""
    is_timed: bool
    has_hours: bool
    """Whether any vehicle may not be out for longer than some time: durations are counted for that alone."""
    has_trips: bool


@in_place
def metres(city: City, one: int, two: int) -> float:
    """Return the distance between two nodes."""
    nodes = city.nodes
    if city.matrix_m.shape[0]:
        return float(city.matrix_m[city.times[one].place, city.times[two].place])
    x, y = nodes[one].x - nodes[two].x, nodes[one].y - nodes[two].y
    return float(np.int64(np.sqrt(x * x + y * y) + city.half))


@in_place
def seconds(city: City, one: int, two: int, far: float, vehicle: int) -> float:
    """Return the driving time between two nodes whose distance is known."""
    if city.matrix_s.shape[0]:
        far = float(city.matrix_s[city.times[one].place, city.times[two].place])
    return float(np.int64(far / city.vehicles[vehicle].speed + 0.5))


@compiled
def take_out(city: City, stop: int) -> float:
    """Unlink a stop; return by how much the cost changes."""
    nodes, vehicles = city.nodes, city.vehicles
    left, right, start = nodes[stop].before, nodes[stop].after, nodes[stop].trip
    vehicle = nodes[start].owner
    nodes[left].after, nodes[right].before = right, left
    nodes[stop].trip = -1
    nodes[start].room_g += nodes[stop].room_g
    nodes[start].room_ml += nodes[stop].room_ml
    nodes[start].calls -= 1
    vehicles[vehicle].served -= 1
    before = nodes[left].way + nodes[stop].way
    if vehicles[vehicle].served == 0:
        nodes[left].way = 0.0
        return -before * vehicles[vehicle].metre_cost - vehicles[vehicle].fixed
    nodes[left].way = metres(city, left, right)
    return (nodes[left].way - before) * vehicles[vehicle].metre_cost


@compiled
def put_in(city: City, stop: int, left: int) -> float:
    """Link a stop after a node; return by how much the cost changes."""
    nodes, vehicles = city.nodes, city.vehicles
    right, start = nodes[left].after, nodes[left].trip
    vehicle = nodes[start].owner
    before = nodes[left].way
    nodes[left].after, nodes[right].before = stop, stop
    nodes[stop].after, nodes[stop].before = right, left
    nodes[stop].trip = start
    nodes[start].room_g -= nodes[stop].room_g
    nodes[start].room_ml -= nodes[stop].room_ml
    nodes[start].calls += 1
    vehicles[vehicle].served += 1
    nodes[left].way, nodes[stop].way = metres(city, left, stop), metres(city, stop, right)
    change = (nodes[left].way + nodes[stop].way - before) * vehicles[vehicle].metre_cost
    return change + vehicles[vehicle].fixed if vehicles[vehicle].served == 1 else change
