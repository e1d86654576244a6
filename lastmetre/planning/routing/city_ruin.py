"""City search: strings of neighbouring stops are torn out and put back where they cost least (SISR).

J. Christiaens, G. Vanden Berghe, "Slack induction by string removals", Transportation Science 54, 2020,
with insertion beside near stops only, so that a step costs the same in a town and in a city.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lastmetre.planning.routing.city_state import (
    Ints,
    Reals,
    Small,
    State,
    Town,
    is_in_time,
    metres,
    put_in,
    retime,
    take_out,
)

MEAN_OUT = 10.0
"""Stops torn out in a step, on average."""
LONGEST = 10
"""Longest string."""
SPLIT = 0.5
"""How often a string keeps a part in its middle."""
KEEP_ON = 0.01
"""How often that part grows by one more."""
BLINK = 0.01
"""How often a place is overlooked: keeps the search from the same answer each time."""
MOST_OUT = 256
TRIES = 8
"""Vehicles looked at for another trip."""
ABSENT = 4
"""Unserved stops that are tried again in a step."""


class Piece(NamedTuple):
    """What one worker searches: its number, its stops, its vehicles, and scratch room."""

    number: int
    stops: Small
    vehicles: Small
    absent: Small
    """Unserved stops; the first `counts[0]` count."""
    counts: Ints
    """Unserved stops; stops out; vehicles touched; empty vehicles of each kind."""
    empty: Small
    """Empty vehicles of each kind, a row a kind; some may have been used meanwhile."""
    is_empty: NDArray[np.bool_]
    """Whether a vehicle stands in `empty`."""
    out: Small
    out_left: Small
    """What stood before each stop that was torn out."""
    keys: Reals
    queue: Small
    """What is out, in the order in which it is put back."""
    trips: Small
    touched: Small
    random: NDArray[np.uint64]


@njit(cache=True, nogil=True)
def draw(random: NDArray[np.uint64]) -> float:
    """Draw a number from 0 to 1 (xorshift64*)."""
    state = random[0]
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    random[0] = state
    return float((state * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def touch(piece: Piece, vehicle: int) -> None:
    for row in range(piece.counts[2]):
        if piece.touched[row] == vehicle:
            return
    piece.touched[piece.counts[2]] = vehicle
    piece.counts[2] += 1


@njit(cache=True, nogil=True)
def _tear(town: Town, state: State, piece: Piece, stop: int) -> float:
    row, start = piece.counts[1], state.trip[stop]
    vehicle = town.owner[start]
    piece.out[row], piece.out_left[row] = stop, state.before[stop]
    piece.counts[1] += 1
    touch(piece, vehicle)
    change = take_out(town, state, stop)
    if state.served[vehicle] == 0:
        note_empty(town, piece, vehicle)
    return change


@njit(cache=True, nogil=True)
def note_empty(town: Town, piece: Piece, vehicle: int) -> None:
    """Remember an empty vehicle, once."""
    if not piece.is_empty[vehicle]:
        kind = town.kind[vehicle]
        piece.empty[kind, piece.counts[3 + kind]] = vehicle
        piece.counts[3 + kind] += 1
        piece.is_empty[vehicle] = True


@njit(cache=True, nogil=True)
def an_empty(state: State, piece: Piece, kind: int) -> int:
    while piece.counts[3 + kind] > 0:
        vehicle = piece.empty[kind, piece.counts[3 + kind] - 1]
        if state.served[vehicle] == 0:
            return vehicle
        piece.counts[3 + kind] -= 1
        piece.is_empty[vehicle] = False
    return -1


@njit(cache=True, nogil=True)
def _tear_string(town: Town, state: State, piece: Piece, stop: int, length: int) -> float:
    """Tear out a string of a trip with a stop in it, or one with a part in its middle kept."""
    start, kept = state.trip[stop], 0
    calls = state.calls[start]
    if length > 1 and length < calls and draw(piece.random) < SPLIT:
        kept = 1
        while length + kept < calls and draw(piece.random) < KEEP_ON:
            kept += 1
    node = _string_start(state, stop, length + kept, draw(piece.random))
    skip_from = 1 + int(draw(piece.random) * (length - 1)) if kept else length + kept
    change = 0.0
    for step in range(length + kept):
        if node >= town.prize.shape[0]:
            break
        right = state.after[node]
        if step < skip_from or step >= skip_from + kept:
            change += _tear(town, state, piece, node)
        node = right
    return change


@njit(cache=True, nogil=True)
def _string_start(state: State, stop: int, length: int, lot: float) -> int:
    """Choose where a string of some length begins, so that it holds a stop and stays in its trip."""
    start, before, behind = state.trip[stop], 0, 0
    node = state.before[stop]
    while node != start and before < length - 1:
        node = state.before[node]
        before += 1
    node = state.after[stop]
    while state.trip[node] == start and behind < length - 1:
        node = state.after[node]
        behind += 1
    least = max(length - 1 - behind, 0)
    back = least + int(lot * (before - least + 1))
    node = stop
    for _ in range(back):
        node = state.before[node]
    return node


@njit(cache=True, nogil=True)
def ruin(town: Town, state: State, piece: Piece) -> float:
    seed = piece.stops[int(draw(piece.random) * piece.stops.shape[0])]
    change, torn, mean = 0.0, 0, 0.0
    if state.trip[seed] >= 0:
        mean = float(state.calls[state.trip[seed]])
    longest = min(float(LONGEST), max(mean, 1.0))
    strings = int(draw(piece.random) * (4.0 * MEAN_OUT / (1.0 + longest) - 1.0) + 1.0)
    for near in range(-1, town.near.shape[1]):
        stop = seed if near < 0 else town.near[seed, near]
        if stop < 0 or torn >= strings:
            break
        start = state.trip[stop]
        if start < 0 or state.piece[town.owner[start]] != piece.number:
            continue
        is_torn = False
        for row in range(torn):
            is_torn = is_torn or piece.trips[row] == start
        if is_torn:
            continue
        most = min(float(state.calls[start]), longest)
        length = int(draw(piece.random) * most + 1.0)
        piece.trips[torn] = start
        torn += 1
        change += _tear_string(town, state, piece, stop, min(length, state.calls[start]))
    return change


@njit(cache=True, nogil=True)
def sort(town: Town, piece: Piece) -> None:
    """Put what is out in an order: by lot, by weight, far first, near first, or by its window."""
    choice = draw(piece.random) * (17.0 if town.is_timed else 11.0)
    count, depot = piece.counts[1], town.first[0]
    for row in range(count):
        stop = piece.out[row]
        if choice < 4.0:
            key = draw(piece.random)
        elif choice < 8.0:
            key = -float(town.weight[stop]) - float(town.volume[stop]) * 1e-3
        elif choice < 10.0:
            key = -metres(town, depot, stop)
        elif choice < 11.0:
            key = metres(town, depot, stop)
        elif choice < 13.0:
            key = town.closes[stop] - town.opens[stop]
        elif choice < 15.0:
            key = town.opens[stop]
        else:
            key = -town.closes[stop]
        place = row
        while place > 0 and piece.keys[place - 1] > key:
            piece.keys[place], piece.queue[place] = piece.keys[place - 1], piece.queue[place - 1]
            place -= 1
        piece.keys[place], piece.queue[place] = key, stop
