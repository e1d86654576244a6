"""City tails: two trips exchange what comes after a stop of each, in one move.

Where trips have many stops, strings of ten are too short for that: whole ends are only exchanged here
(2-opt*: J.-Y. Potvin, J.-M. Rousseau, "An exchange heuristic for routeing problems with time windows",
Journal of the Operational Research Society 46, 1995). Tried between vehicles of one kind and one trip
each: whatever else counts of a vehicle then stays as it was.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lastmetre.planning.compiling import compiled, in_place
from lastmetre.planning.routing.city_ruin import Piece, draw, note_empty
from lastmetre.planning.routing.city_state import City, metres, seconds
from lastmetre.planning.routing.city_times import joined, retime

TAIL_HEAT = 0.1
"""Of the temperature: the best of forty is chosen already."""


class Head(NamedTuple):
    """What a trip holds up to some node, that included."""

    weight_g: int
    volume_ml: int
    calls: int


@compiled
def swap_tails(city: City, piece: Piece, heat: float) -> None:
    """Try to exchange tails beside a stop drawn by lot.

    The trip goes on with the rest of another trip from a near stop on, the other with what came after the
    stop: of all near stops the best, kept or not by the same lot as any step.
    """
    nodes, vehicles = city.nodes, city.vehicles
    stop = piece.stops[int(draw(piece.random) * piece.stops.shape[0])]
    start = nodes[stop].trip
    if start < 0 or vehicles[nodes[start].owner].last - vehicles[nodes[start].owner].first > 1:
        return
    vehicle = nodes[start].owner
    best, least = -1, -TAIL_HEAT * heat * np.log(draw(piece.random) + 1e-300)
    saves = vehicles[vehicle].fixed if nodes[nodes[stop].after].trip == nodes[stop].after else 0.0
    worth_m = nodes[stop].way + (least + saves) / max(vehicles[vehicle].metre_cost, 1e-9)
    for rank in range(city.near.shape[1]):
        other = city.near[stop, rank].stop
        # Of two new ways that save something one saves by itself; drawn from the other side, that is this one.
        if other < 0 or city.near[stop, rank].stop_m >= worth_m:
            continue
        first = nodes[other].trip
        if first < 0 or first == start:
            continue
        owner = nodes[first].owner
        if vehicles[owner].piece != piece.number or vehicles[owner].kind != vehicles[vehicle].kind:
            continue
        change = _change(city, stop, other, city.near[stop, rank].stop_m)
        if change < least and _is_on_time(city, stop, other) and _has_room(city, stop, other):
            best, least = other, change
    if best < 0:
        return
    first = nodes[best].trip
    _swap(city, stop, best)
    for changed in (start, first):
        if vehicles[nodes[changed].owner].served == 0:
            note_empty(city, piece, nodes[changed].owner)
        if city.is_timed:
            retime(city, nodes[changed].owner)


@compiled
def _head(city: City, node: int) -> Head:
    """Add up what a trip holds from its start to a node."""
    nodes = city.nodes
    weight_g, volume_ml, calls = 0, 0, 0
    while nodes[node].trip != node:
        weight_g += nodes[node].room_g
        volume_ml += nodes[node].room_ml
        calls += 1
        node = nodes[node].before
    return Head(weight_g, volume_ml, calls)


@in_place
def _change(city: City, stop: int, other: int, between_m: float) -> float:
    """Return by how much the cost changes if a trip goes on from a stop to another one of another trip."""
    nodes = city.nodes
    left, right = nodes[other].before, nodes[stop].after
    one = city.vehicles[nodes[nodes[stop].trip].owner]
    change_m = between_m - nodes[stop].way - nodes[left].way
    if _is_empty(city, left, right):
        return change_m * one.metre_cost - one.fixed
    return (change_m + metres(city, left, right)) * one.metre_cost


@in_place
def _is_empty(city: City, left: int, right: int) -> bool:
    """Tell whether a trip from one node straight to another has no stops: both are depots."""
    return bool(city.nodes[left].trip == left and city.nodes[right].trip == right)


@compiled
def _is_on_time(city: City, stop: int, other: int) -> bool:
    """Tell whether both trips keep all windows and hours with their tails exchanged."""
    if not city.is_timed:
        return True
    left, right = city.nodes[other].before, city.nodes[stop].after
    return _joins(city, stop, other) and (_is_empty(city, left, right) or _joins(city, left, right))


@in_place
def _joins(city: City, left: int, right: int) -> bool:
    """Tell whether a vehicle of the left node's trip can go on to the right one and the rest behind it."""
    times = city.times
    vehicle = city.nodes[city.nodes[left].trip].owner
    drive_s = seconds(city, left, right, metres(city, left, right), vehicle)
    if times[left].leaves_s + drive_s > times[right].latest_s:
        return False
    if not city.has_hours:
        return True
    one = times[left].done_s, times[left].from_s, times[left].until_s
    rest = times[right].rest_s, times[right].early_s, times[right].late_s
    return bool(joined(one, rest, drive_s)[0] <= city.vehicles[vehicle].work)


@compiled
def _has_room(city: City, stop: int, other: int) -> bool:
    """Tell whether both vehicles hold what they carry with their tails exchanged."""
    nodes, vehicles = city.nodes, city.vehicles
    start, first = nodes[stop].trip, nodes[other].trip
    one, head, there = vehicles[nodes[start].owner], _head(city, stop), _head(city, nodes[other].before)
    tail_g = one.room_g - nodes[first].room_g - there.weight_g
    tail_ml = one.room_ml - nodes[first].room_ml - there.volume_ml
    own_g = one.room_g - nodes[start].room_g - head.weight_g
    own_ml = one.room_ml - nodes[start].room_ml - head.volume_ml
    return bool(
        head.weight_g + tail_g <= one.room_g
        and head.volume_ml + tail_ml <= one.room_ml
        and there.weight_g + own_g <= one.room_g
        and there.volume_ml + own_ml <= one.room_ml
    )


@compiled
def _swap(city: City, stop: int, other: int) -> None:
    """Exchange what comes after a stop for another stop and what comes after that."""
    nodes, vehicles = city.nodes, city.vehicles
    start, first = nodes[stop].trip, nodes[other].trip
    end, last = vehicles[nodes[start].owner].last, vehicles[nodes[first].owner].last
    left, right, foot = nodes[other].before, nodes[stop].after, nodes[end].before
    head, there = _head(city, stop), _head(city, left)
    _link(city, nodes[last].before, end)
    _link(city, stop, other)
    if right == end:
        _link(city, left, last)
    else:
        _link(city, foot, last)
        _link(city, left, right)
    _count(city, start, stop, head)
    _count(city, first, left, there)


@in_place
def _link(city: City, left: int, right: int) -> None:
    city.nodes[left].after, city.nodes[right].before = right, left
    city.nodes[left].way = 0.0 if _is_empty(city, left, right) else metres(city, left, right)


@compiled
def _count(city: City, start: int, node: int, head: Head) -> None:
    """Write down whose the stops after a node are now, and what the trip that begins at `start` holds."""
    nodes, vehicles = city.nodes, city.vehicles
    one, calls = nodes[start].owner, head.calls
    left_g, left_ml = vehicles[one].room_g - head.weight_g, vehicles[one].room_ml - head.volume_ml
    node = nodes[node].after
    while node != vehicles[one].last:
        nodes[node].trip = start
        left_g -= nodes[node].room_g
        left_ml -= nodes[node].room_ml
        calls += 1
        node = nodes[node].after
    nodes[start].room_g, nodes[start].room_ml, nodes[start].calls = left_g, left_ml, calls
    vehicles[one].served = calls
