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
Span = tuple[float, float, float]
"""Duration, earliest start, latest start of a stretch of a route."""


NODE = np.dtype(
    [
        ("x", "f8"),
        ("y", "f8"),
        ("way", "f8"),  # metres to the node after it
        ("place", "i4"),
        ("after", "i4"),
        ("before", "i4"),
        (
            "trip",
            "i4",
        ),  # depot node that a stop's trip begins at, -1 where it is unserved; of a depot: itself
        ("owner", "i4"),  # vehicle of a depot node
        ("group", "i4"),  # of stops with the same rights of entry
        ("calls", "i4"),  # stops of the trip that begins at a depot node
        ("weight", "i8"),
        ("volume", "i8"),
        ("load_g", "i8"),  # of the trip that begins at a depot node
        ("load_ml", "i8"),
        ("prize", "f8"),
        ("opens", "f8"),
        ("closes", "f8"),
        ("stays", "f8"),
        ("loading", "f8"),  # seconds at a depot node before a trip that has stops
        ("done_s", "f8"),  # duration, earliest and latest start of the vehicle's chain up to a node
        ("from_s", "f8"),
        ("until_s", "f8"),
        ("rest_s", "f8"),  # the same from a node on
        ("early_s", "f8"),
        ("late_s", "f8"),
    ],
    align=True,
)
"""A stop or a depot: stops come first. One record a node, so that all of it is in the cache at once."""
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
    vehicles: NDArray[Any]
    near: Small
    """The nearest stops of each stop, nearest first."""
    near_m: Reals
    allowed: Flags
    """Kind of vehicle x group of stops."""
    matrix_m: Ints
    matrix_s: Ints
    half: float
    """Added before fractions are cut off: 0.5 rounds."""
    is_timed: bool
    has_trips: bool


@in_place
def metres(city: City, one: int, two: int) -> float:
    """Return the distance between two nodes."""
    nodes = city.nodes
    if city.matrix_m.shape[0]:
        return float(city.matrix_m[nodes[one].place, nodes[two].place])
    x, y = nodes[one].x - nodes[two].x, nodes[one].y - nodes[two].y
    return float(np.int64(np.sqrt(x * x + y * y) + city.half))


@in_place
def seconds(city: City, one: int, two: int, far: float, vehicle: int) -> float:
    """Return the driving time between two nodes whose distance is known."""
    nodes, vehicles = city.nodes, city.vehicles
    if city.matrix_s.shape[0]:
        far = float(city.matrix_s[nodes[one].place, nodes[two].place])
    return float(np.int64(far / vehicles[vehicle].speed + 0.5))


@compiled
def take_out(city: City, stop: int) -> float:
    """Unlink a stop; return by how much the cost changes."""
    nodes, vehicles = city.nodes, city.vehicles
    left, right, start = nodes[stop].before, nodes[stop].after, nodes[stop].trip
    vehicle = nodes[start].owner
    nodes[left].after, nodes[right].before = right, left
    nodes[stop].trip = -1
    nodes[start].load_g -= nodes[stop].weight
    nodes[start].load_ml -= nodes[stop].volume
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
    nodes[start].load_g += nodes[stop].weight
    nodes[start].load_ml += nodes[stop].volume
    nodes[start].calls += 1
    vehicles[vehicle].served += 1
    nodes[left].way, nodes[stop].way = metres(city, left, stop), metres(city, stop, right)
    change = (nodes[left].way + nodes[stop].way - before) * vehicles[vehicle].metre_cost
    return change + vehicles[vehicle].fixed if vehicles[vehicle].served == 1 else change


@in_place
def is_in_time(city: City, stop: int, left: int, left_m: float, right_m: float) -> bool:
    """Tell whether a vehicle can put a stop in after a node and keep all windows and its hours."""
    nodes, vehicles = city.nodes, city.vehicles
    right, start = nodes[left].after, nodes[left].trip
    vehicle = nodes[start].owner
    duration, earliest, latest = nodes[left].done_s, nodes[left].from_s, nodes[left].until_s
    if left == start and nodes[start].calls == 0:
        duration += nodes[start].loading
    drive = seconds(city, left, stop, left_m, vehicle)
    shift = duration + drive
    if earliest + shift > nodes[stop].closes:
        return False
    wait = max(nodes[stop].opens - shift - latest, 0.0)
    earliest = max(nodes[stop].opens - shift, earliest) - wait
    latest = min(nodes[stop].closes - shift, latest)
    duration += nodes[stop].stays + drive + wait
    drive = seconds(city, stop, right, right_m, vehicle)
    shift = duration + drive
    if earliest + shift > nodes[right].late_s:
        return False
    wait = max(nodes[right].early_s - shift - latest, 0.0)
    return bool(duration + nodes[right].rest_s + drive + wait <= vehicles[vehicle].work)


@compiled
def retime(city: City, vehicle: int) -> None:
    """Count a vehicle's times anew, from its start on and from its end back."""
    nodes, vehicles = city.nodes, city.vehicles
    node, last = vehicles[vehicle].first, vehicles[vehicle].last
    one = _alone(city, node)
    nodes[node].done_s, nodes[node].from_s, nodes[node].until_s = one
    while node != last:
        right = nodes[node].after
        drive = seconds(city, node, right, nodes[node].way, vehicle)
        one = _joined(one, _alone(city, right), drive)
        nodes[right].done_s, nodes[right].from_s, nodes[right].until_s = one
        node = right
    one = _alone(city, node)
    nodes[node].rest_s, nodes[node].early_s, nodes[node].late_s = one
    while node != vehicles[vehicle].first:
        left = nodes[node].before
        drive = seconds(city, left, node, nodes[left].way, vehicle)
        one = _joined(_alone(city, left), one, drive)
        nodes[left].rest_s, nodes[left].early_s, nodes[left].late_s = one
        node = left


@compiled
def retime_all(city: City) -> None:
    """Count the times of all vehicles."""
    for vehicle in range(city.vehicles.shape[0]):
        retime(city, vehicle)


@compiled
def _alone(city: City, node: int) -> Span:
    nodes = city.nodes
    stay = nodes[node].stays
    if nodes[node].trip == node and nodes[node].calls > 0:
        stay = nodes[node].loading
    return stay, nodes[node].opens, nodes[node].closes


@compiled
def _joined(one: Span, two: Span, drive: float) -> Span:
    shift = one[0] + drive
    wait = max(two[1] - shift - one[2], 0.0)
    earliest = max(two[1] - shift, one[1]) - wait
    return shift + two[0] + wait, earliest, min(two[2] - shift, one[2])
