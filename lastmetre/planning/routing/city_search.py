"""City search: what was torn out is put back where it costs least, and a step is kept or undone by a cooling lot.

Insertion looks beside near stops only, so that a step costs the same in a town and in a city.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from lastmetre.planning.routing.city_ruin import Piece, an_empty, draw, note_empty, ruin, sort, touch
from lastmetre.planning.routing.city_state import State, Town, is_in_time, metres, put_in, retime, take_out

BLINK = 0.01
"""How often a place is overlooked: keeps the search from the same answer each time."""
TRIES = 8
"""Vehicles looked at for another trip."""
ABSENT = 4
"""Unserved stops that are tried again in a step."""


@njit(cache=True, nogil=True)
def _fits(town: Town, state: State, stop: int, start: int) -> bool:
    vehicle = town.owner[start]
    return bool(
        state.load_g[start] + town.weight[stop] <= town.room_g[vehicle]
        and state.load_ml[start] + town.volume[stop] <= town.room_ml[vehicle]
        and town.allowed[town.kind[vehicle], town.group[stop]]
    )


@njit(cache=True, nogil=True)
def _price(town: Town, state: State, stop: int, left: int, left_m: float, right_m: float, least: float) -> float:
    """Return what putting a stop in after a node costs; endless where it is no less or breaks a time."""
    vehicle = town.owner[state.trip[left]]
    price = (left_m + right_m - state.way[left]) * town.metre_cost[vehicle]
    if state.served[vehicle] == 0:
        price += town.fixed[vehicle]
    if price >= least or (town.is_timed and not is_in_time(town, state, stop, left, left_m, right_m)):
        return np.inf
    return price


@njit(cache=True, nogil=True)
def _beside_near(town: Town, state: State, piece: Piece, stop: int) -> tuple[int, float]:
    """Find the cheapest place beside a near stop of this piece."""
    best, least = -1, np.inf
    for rank in range(town.near.shape[1]):
        other = town.near[stop, rank]
        if other < 0:
            break
        start = state.trip[other]
        if start < 0 or state.piece[town.owner[start]] != piece.number or not _fits(town, state, stop, start):
            continue
        beside = town.near_m[stop, rank]
        if draw(piece.random) >= BLINK:
            right_m = metres(town, stop, state.after[other])
            left_m = metres(town, other, stop) if town.matrix_m.shape[0] else beside
            price = _price(town, state, stop, other, left_m, right_m, least)
            if price < least:
                best, least = other, price
        if draw(piece.random) >= BLINK:
            left = state.before[other]
            price = _price(town, state, stop, left, metres(town, left, stop), beside, least)
            if price < least:
                best, least = left, price
    return best, least


@njit(cache=True, nogil=True)
def _in_new_trip(
    town: Town, state: State, piece: Piece, stop: int, best: int, least: float
) -> tuple[int, float]:
    """Find whether a trip of its own is cheaper: with an empty vehicle, or one that goes out again."""
    for kind in range(town.allowed.shape[0]):
        vehicle = an_empty(state, piece, kind)
        if vehicle < 0:
            continue
        left = town.first[vehicle]
        trips = town.first[vehicle + 1] - left - 1
        left += int(draw(piece.random) * trips)
        best, least = _better(town, state, stop, left, best, least)
    if town.has_trips and piece.vehicles.shape[0]:
        for _ in range(TRIES):
            vehicle = piece.vehicles[int(draw(piece.random) * piece.vehicles.shape[0])]
            for left in range(town.first[vehicle], town.first[vehicle + 1] - 1):
                if state.calls[left] == 0:
                    best, least = _better(town, state, stop, left, best, least)
    return best, least


@njit(cache=True, nogil=True)
def _better(town: Town, state: State, stop: int, left: int, best: int, least: float) -> tuple[int, float]:
    if _fits(town, state, stop, left):
        out_m, back_m = metres(town, left, stop), metres(town, stop, state.after[left])
        price = _price(town, state, stop, left, out_m, back_m, least)
        if price < least:
            return left, price
    return best, least


@njit(cache=True, nogil=True)
def _place(town: Town, state: State, piece: Piece, stop: int) -> float:
    """Put a stop where it costs least and return that; its prize where there is no place worth it."""
    left, least = _beside_near(town, state, piece, stop)
    left, least = _in_new_trip(town, state, piece, stop, left, least)
    if left < 0 or least > town.prize[stop]:
        return town.prize[stop]
    vehicle = town.owner[state.trip[left]]
    change = put_in(town, state, stop, left)
    touch(piece, vehicle)
    if town.is_timed:
        retime(town, state, vehicle)
    return change


@njit(cache=True, nogil=True)
def _take_back(town: Town, state: State, piece: Piece) -> None:
    """Undo a step: everything stands again where it stood."""
    for row in range(piece.counts[1]):
        stop = piece.out[row]
        if state.trip[stop] >= 0:
            vehicle = town.owner[state.trip[stop]]
            take_out(town, state, stop)
            if state.served[vehicle] == 0:
                note_empty(town, piece, vehicle)
    for row in range(piece.counts[1] - 1, -1, -1):
        if piece.out_left[row] >= 0:
            put_in(town, state, piece.out[row], piece.out_left[row])
    if town.is_timed:
        for row in range(piece.counts[2]):
            retime(town, state, piece.touched[row])


@njit(cache=True, nogil=True)
def _call_absent(town: Town, piece: Piece) -> float:
    """Take some unserved stops to be tried again; return the prizes that they cost so far."""
    change = 0.0
    for _ in range(min(ABSENT, piece.counts[0])):
        pick = int(draw(piece.random) * piece.counts[0])
        stop, row = piece.absent[pick], piece.counts[1]
        piece.counts[0] -= 1
        piece.absent[pick] = piece.absent[piece.counts[0]]
        piece.out[row], piece.out_left[row] = stop, -1
        piece.counts[1] += 1
        change -= town.prize[stop]
    return change


@njit(cache=True, nogil=True)
def _step(town: Town, state: State, piece: Piece, heat: float) -> float:
    piece.counts[1], piece.counts[2] = 0, 0
    change = _call_absent(town, piece) + ruin(town, state, piece)
    if town.is_timed:
        for row in range(piece.counts[2]):
            retime(town, state, piece.touched[row])
    sort(town, piece)
    for row in range(piece.counts[1]):
        change += _place(town, state, piece, piece.queue[row])
    if change >= -heat * np.log(draw(piece.random) + 1e-300):
        _take_back(town, state, piece)
        change = 0.0
    for row in range(piece.counts[1]):
        if state.trip[piece.out[row]] < 0:
            piece.absent[piece.counts[0]] = piece.out[row]
            piece.counts[0] += 1
    return change


@njit(cache=True, nogil=True)
def anneal(town: Town, state: State, piece: Piece, steps: int, hot: float, cold: float) -> float:
    """Search a piece for some steps, cooling from one temperature to another; return the change of cost."""
    total, heat = 0.0, hot
    cooling = (cold / hot) ** (1.0 / max(steps, 1))
    for _ in range(steps):
        total += _step(town, state, piece, heat)
        heat *= cooling
    return total


@njit(cache=True, nogil=True)
def build(town: Town, state: State, piece: Piece) -> float:
    """Place every unserved stop of a piece in the order of `stops`; return what that costs."""
    total = 0.0
    for stop in piece.stops:
        if state.trip[stop] < 0:
            piece.counts[2] = 0
            total += _place(town, state, piece, stop)
            if state.trip[stop] < 0:
                piece.absent[piece.counts[0]] = stop
                piece.counts[0] += 1
    return total
