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
        ("unused", "i8"),
        ("done_s", "f8"),  # duration, earliest and latest start of the vehicle's chain up to a node
        ("from_s", "f8"),
        ("until_s", "f8"),
        ("rest_s", "f8"),  # the same from a node on
        ("early_s", "f8"),
        ("late_s", "f8"),
        ("also_unused", "i8", 2),
    ]
)
"""The times of a node, two lines of the cache: the second only where a vehicle's hours are limited."""
NEAR = np.dtype(
    [
        ("stop", "i4"),
        ("stop_m", "f4"),
        ("left", "i4"),  # a stop after which this one may well come, and from how far
        ("left_m", "f4"),
        ("right", "i4"),  # a stop before which it may
        ("right_m", "f4"),
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
    cheapest: float
    """What a metre costs at least; 0 where distances are no straight lines."""
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


@in_place
def is_in_time(city: City, stop: int, left: int, left_m: float, right_m: float) -> bool:
    """Tell whether a vehicle can put a stop in after a node and keep all windows and its hours."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    right, start = nodes[left].after, nodes[left].trip
    vehicle = nodes[start].owner
    out_s = seconds(city, left, stop, left_m, vehicle)
    loading = times[start].stays if left == start and nodes[start].calls == 0 else 0.0
    comes = times[left].leaves_s + loading + out_s
    if comes > times[stop].closes:
        return False
    back_s = seconds(city, stop, right, right_m, vehicle)
    if max(comes, times[stop].opens) + times[stop].stays + back_s > times[right].latest_s:
        return False
    if not city.has_hours:
        return True
    one = times[left].done_s + loading, times[left].from_s, times[left].until_s
    one = joined(one, (times[stop].stays, times[stop].opens, times[stop].closes), out_s)
    rest = times[right].rest_s, times[right].early_s, times[right].late_s
    return bool(joined(one, rest, back_s)[0] <= vehicles[vehicle].work)


@compiled
def retime(city: City, vehicle: int) -> None:
    """Count a vehicle's times anew, from its start on and from its end back."""
    first, last = city.vehicles[vehicle].first, city.vehicles[vehicle].last
    _pass_on(city, vehicle, first, last)
    _pass_back(city, vehicle, last, first)
    if city.has_hours:
        _measure_on(city, vehicle, first)
        _measure_back(city, vehicle, last)


@compiled
def retime_around(city: City, vehicle: int, stop: int) -> None:
    """Count a vehicle's times anew where one stop that was put in changes them."""
    left = city.nodes[stop].before
    _pass_on(city, vehicle, left, stop)
    _pass_back(city, vehicle, stop, left)
    if city.has_hours:
        _measure_on(city, vehicle, left)
        _measure_back(city, vehicle, stop)


@compiled
def retime_all(city: City) -> None:
    """Count the times of all vehicles."""
    for vehicle in range(city.vehicles.shape[0]):
        retime(city, vehicle)


@in_place
def _stay(city: City, node: int) -> float:
    """Return the time at a node: a depot loads before a trip that has stops."""
    is_idle = city.nodes[node].trip == node and city.nodes[node].calls == 0
    return 0.0 if is_idle else float(city.times[node].stays)


@compiled
def _pass_on(city: City, vehicle: int, node: int, sure: int) -> None:
    """Pass the earliest times on from a node, at least to `sure`, until nothing changes any more."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    is_sure = False
    while True:
        comes = times[node].opens
        if node != vehicles[vehicle].first:
            left = nodes[node].before
            drive = seconds(city, left, node, nodes[left].way, vehicle)
            comes = max(comes, times[left].leaves_s + drive)
        leaves = comes + _stay(city, node)
        is_as_before = leaves == times[node].leaves_s
        times[node].leaves_s = leaves
        if node == vehicles[vehicle].last or (is_sure and is_as_before):
            return
        is_sure = is_sure or node == sure
        node = nodes[node].after


@compiled
def _pass_back(city: City, vehicle: int, node: int, sure: int) -> None:
    """Pass the latest times back from a node, at least to `sure`, until nothing changes any more."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    is_sure = False
    while True:
        latest = times[node].closes
        if node != vehicles[vehicle].last:
            right = nodes[node].after
            drive = seconds(city, node, right, nodes[node].way, vehicle)
            latest = min(latest, times[right].latest_s - drive - _stay(city, node))
        is_as_before = latest == times[node].latest_s
        times[node].latest_s = latest
        if node == vehicles[vehicle].first or (is_sure and is_as_before):
            return
        is_sure = is_sure or node == sure
        node = nodes[node].before


@compiled
def _measure_on(city: City, vehicle: int, node: int) -> None:
    """Measure the stretches that end at a node and at each after it."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    if node == vehicles[vehicle].first:
        times[node].done_s, times[node].from_s, times[node].until_s = _alone(city, node)
    else:
        node = nodes[node].before
    while node != vehicles[vehicle].last:
        right = nodes[node].after
        drive = seconds(city, node, right, nodes[node].way, vehicle)
        one = times[node].done_s, times[node].from_s, times[node].until_s
        one = joined(one, _alone(city, right), drive)
        times[right].done_s, times[right].from_s, times[right].until_s = one
        node = right


@compiled
def _measure_back(city: City, vehicle: int, node: int) -> None:
    """Measure the stretches that begin at a node and at each before it."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    if node == vehicles[vehicle].last:
        times[node].rest_s, times[node].early_s, times[node].late_s = _alone(city, node)
    else:
        node = nodes[node].after
    while node != vehicles[vehicle].first:
        left = nodes[node].before
        drive = seconds(city, left, node, nodes[left].way, vehicle)
        two = times[node].rest_s, times[node].early_s, times[node].late_s
        one = joined(_alone(city, left), two, drive)
        times[left].rest_s, times[left].early_s, times[left].late_s = one
        node = left


@in_place
def _alone(city: City, node: int) -> Span:
    return _stay(city, node), city.times[node].opens, city.times[node].closes


@in_place
def joined(one: Span, two: Span, drive: float) -> Span:
    """Join two stretches: duration, earliest and latest start of both with the drive between them."""
    shift = one[0] + drive
    wait = max(two[1] - shift - one[2], 0.0)
    earliest = max(two[1] - shift, one[1]) - wait
    return shift + two[0] + wait, earliest, min(two[2] - shift, one[2])
