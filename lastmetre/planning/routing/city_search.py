"""City search: what was torn out is put back where it costs least, and a step is kept or undone by a cooling lot.

Insertion looks beside near stops only, so that a step costs the same in a town and in a city.
"""

from __future__ import annotations

import numpy as np

from lastmetre.planning.compiling import compiled, in_place
from lastmetre.planning.routing.city_ruin import UNTIL, Piece, an_empty, draw, note_empty, ruin, sort, touch
from lastmetre.planning.routing.city_state import City, metres, put_in, take_out
from lastmetre.planning.routing.city_tails import swap_tails
from lastmetre.planning.routing.city_times import is_in_time, retime, retime_around

BLINK = 0.01
"""How often a place is overlooked: keeps the search from the same answer each time."""
TRIES = 8
"""Vehicles looked at for another trip."""
ABSENT = 4
"""Unserved stops that are tried again in a step."""


@in_place
def _fits(city: City, stop: int, start: int) -> bool:
    nodes = city.nodes
    return bool(
        nodes[start].room_g >= nodes[stop].room_g
        and nodes[start].room_ml >= nodes[stop].room_ml
        and city.allowed[nodes[start].group, nodes[stop].group]
    )


@in_place
def _may_take(city: City, piece: Piece, stop: int, start: int) -> bool:
    """Tell whether a trip of this piece has room for a stop and may go there."""
    nodes, vehicles = city.nodes, city.vehicles
    return bool(
        start >= 0 and vehicles[nodes[start].owner].piece == piece.number and _fits(city, stop, start)
    )


@in_place
def _is_overlooked(piece: Piece) -> bool:
    """Draw whether to overlook a place: by counting down to the next, as that is cheaper than a lot for each."""
    piece.counts[UNTIL] -= 1
    if piece.counts[UNTIL] > 0:
        return False
    piece.counts[UNTIL] = 1 + int(np.log(draw(piece.random) + 1e-300) / np.log(1.0 - BLINK))
    return True


@in_place
def _better(
    city: City, stop: int, left: int, left_m: float, right_m: float, best: int, least: float
) -> tuple[int, float]:
    """Return the better of a place known and the one after a node: its node and what it costs."""
    nodes, vehicles = city.nodes, city.vehicles
    vehicle = nodes[nodes[left].trip].owner
    price = (left_m + right_m - nodes[left].way) * vehicles[vehicle].metre_cost
    if vehicles[vehicle].served == 0:
        price += vehicles[vehicle].fixed
    if price >= least or (city.is_timed and not is_in_time(city, stop, left, left_m, right_m)):
        return best, least
    return left, price


@compiled
def _beside_near(city: City, piece: Piece, stop: int) -> tuple[int, float]:
    """Find the cheapest place after or before a near stop of this piece."""
    nodes = city.nodes
    best, least = -1, np.inf
    for rank in range(city.near.shape[1]):
        near = city.near[stop, rank]
        left, left_m, right, right_m = near.left, near.left_m, near.right, near.right_m
        if left < 0:
            break
        is_left = _may_take(city, piece, stop, nodes[left].trip)
        is_right = is_left if right == left else _may_take(city, piece, stop, nodes[right].trip)
        if is_left and not _is_overlooked(piece):
            back_m = metres(city, stop, nodes[left].after)
            best, least = _better(city, stop, left, left_m, back_m, best, least)
        left = nodes[right].before
        if is_right and not _is_overlooked(piece):
            out_m = metres(city, left, stop)
            best, least = _better(city, stop, left, out_m, right_m, best, least)
    return best, least


@in_place
def _better_alone(city: City, stop: int, left: int, best: int, least: float) -> tuple[int, float]:
    out_m, back_m = metres(city, left, stop), metres(city, stop, city.nodes[left].after)
    return _better(city, stop, left, out_m, back_m, best, least)


@compiled
def _in_new_trip(city: City, piece: Piece, stop: int, best: int, least: float) -> tuple[int, float]:
    """Find whether a trip of its own is cheaper: with an empty vehicle, or one that goes out again."""
    nodes, vehicles = city.nodes, city.vehicles
    vehicle = _an_apt(city, piece, stop)
    if vehicle >= 0:
        left = vehicles[vehicle].first
        trips = vehicles[vehicle].last - left
        left += int(draw(piece.random) * trips)
        best, least = _better_alone(city, stop, left, best, least)
    if city.has_trips and piece.vehicles.shape[0]:
        for _ in range(TRIES):
            vehicle = piece.vehicles[int(draw(piece.random) * piece.vehicles.shape[0])]
            for left in range(vehicles[vehicle].first, vehicles[vehicle].last):
                if nodes[left].calls == 0 and _fits(city, stop, left):
                    best, least = _better_alone(city, stop, left, best, least)
    return best, least


@compiled
def _an_apt(city: City, piece: Piece, stop: int) -> int:
    """Choose an empty vehicle by its way and the stop's part of what it costs to use, and by lot; -1: none.

    By the whole cost the smallest would always be taken, however dear its room is.
    """
    nodes, vehicles = city.nodes, city.vehicles
    best, least = -1, np.inf
    for kind in range(city.allowed.shape[0]):
        vehicle = an_empty(city, piece, kind)
        if vehicle < 0:
            continue
        first, one = vehicles[vehicle].first, vehicles[vehicle]
        if not _fits(city, stop, first):
            continue
        room_g, room_ml = nodes[first].room_g, nodes[first].room_ml
        part = max(nodes[stop].room_g / max(room_g, 1), nodes[stop].room_ml / max(room_ml, 1))
        way_m = metres(city, first, stop) + metres(city, stop, one.last)
        price = (way_m * one.metre_cost + one.fixed) * part
        price *= 1.0 + draw(piece.random)
        if price < least:
            best, least = vehicle, price
    return best


@compiled
def _place(city: City, piece: Piece, stop: int) -> float:
    """Put a stop where it costs least and return that; its prize where there is no place worth it."""
    nodes = city.nodes
    left, least = _beside_near(city, piece, stop)
    left, least = _in_new_trip(city, piece, stop, left, least)
    if left < 0 or least > city.times[stop].prize:
        return city.times[stop].prize
    vehicle = nodes[nodes[left].trip].owner
    change = put_in(city, stop, left)
    touch(piece, vehicle)
    if city.is_timed:
        retime_around(city, vehicle, stop)
    return change


@compiled
def _take_back(city: City, piece: Piece) -> None:
    """Undo a step: everything stands again where it stood."""
    nodes, vehicles = city.nodes, city.vehicles
    for row in range(piece.counts[1]):
        stop = piece.room[row].out
        if nodes[stop].trip >= 0:
            vehicle = nodes[nodes[stop].trip].owner
            take_out(city, stop)
            if vehicles[vehicle].served == 0:
                note_empty(city, piece, vehicle)
    for row in range(piece.counts[1] - 1, -1, -1):
        if piece.room[row].left >= 0:
            put_in(city, piece.room[row].out, piece.room[row].left)
    if city.is_timed:
        for row in range(piece.counts[2]):
            retime(city, piece.room[row].touched)


@compiled
def _call_absent(city: City, piece: Piece) -> float:
    """Take some unserved stops to be tried again; return the prizes that they cost so far."""
    change = 0.0
    for _ in range(min(ABSENT, piece.counts[0])):
        pick = int(draw(piece.random) * piece.counts[0])
        stop, row = piece.absent[pick], piece.counts[1]
        piece.counts[0] -= 1
        piece.absent[pick] = piece.absent[piece.counts[0]]
        piece.room[row].out, piece.room[row].left = stop, -1
        piece.counts[1] += 1
        change -= city.times[stop].prize
    return change


@compiled
def _step(city: City, piece: Piece, heat: float) -> None:
    nodes = city.nodes
    piece.counts[1], piece.counts[2] = 0, 0
    change = _call_absent(city, piece) + ruin(city, piece)
    if city.is_timed:
        for row in range(piece.counts[2]):
            retime(city, piece.room[row].touched)
    sort(city, piece)
    for row in range(piece.counts[1]):
        change += _place(city, piece, piece.room[row].queue)
    if change >= -heat * np.log(draw(piece.random) + 1e-300):
        _take_back(city, piece)
    for row in range(piece.counts[1]):
        if nodes[piece.room[row].out].trip < 0:
            piece.absent[piece.counts[0]] = piece.room[row].out
            piece.counts[0] += 1


@compiled
def anneal(city: City, piece: Piece, steps: int, hot: float, cold: float) -> None:
    """Search a piece for some steps, cooling from one temperature to another."""
    heat = hot
    cooling = (cold / hot) ** (1.0 / max(steps, 1))
    for _ in range(steps):
        _step(city, piece, heat)
        swap_tails(city, piece, heat)
        heat *= cooling


@compiled
def build(city: City, piece: Piece) -> None:
    """Place every unserved stop of a piece in the order of `stops`."""
    for stop in piece.stops:
        if city.nodes[stop].trip < 0:
            piece.counts[2] = 0
            _place(city, piece, stop)
            if city.nodes[stop].trip < 0:
                piece.absent[piece.counts[0]] = stop
                piece.counts[0] += 1
