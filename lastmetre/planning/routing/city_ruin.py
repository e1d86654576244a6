"""City search: strings of neighbouring stops are torn out and put back where they cost least (SISR).

J. Christiaens, G. Vanden Berghe, "Slack induction by string removals", Transportation Science 54, 2020,
with insertion beside near stops only, so that a step costs the same in a town and in a city.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.compiling import compiled, in_place
from lastmetre.planning.routing.city_state import (
    City,
    Ints,
    Small,
    metres,
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
MOST_OUT = 256
UNTIL, KINDS = 3, 4
"""Where in a piece's `counts` the places until one is overlooked stand, and where its empty vehicles begin."""


ROOM = np.dtype(
    [
        ("out", "i4"),  # stops out
        ("left", "i4"),  # what stood before each of them; -1: it was unserved
        ("queue", "i4"),  # what is out, in the order in which it is put back
        ("key", "f8"),
        ("trip", "i4"),  # trips torn
        ("touched", "i4"),  # vehicles touched
    ],
    align=True,
)
"""Room to note down a step in."""


class Piece(NamedTuple):
    """What one worker searches: its number, its stops, its vehicles, and scratch room."""

    number: int
    stops: Small
    vehicles: Small
    absent: Small
    """Unserved stops; the first `counts[0]` count."""
    counts: Ints
    """Unserved stops; stops out; vehicles touched; places until one is overlooked; empty vehicles of each kind."""
    empty: Small
    """Empty vehicles of each kind, a row a kind; some may have been used meanwhile."""
    is_empty: NDArray[np.bool_]
    """Whether a vehicle stands in `empty`."""
    room: NDArray[Any]
    random: NDArray[np.uint64]


@in_place
def draw(random: NDArray[np.uint64]) -> float:
    """Draw a number from 0 to 1 (xorshift64*)."""
    state = random[0]
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    random[0] = state
    return float((state * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def touch(piece: Piece, vehicle: int) -> None:
    """Remember a vehicle that a step changes, once."""
    for row in range(piece.counts[2]):
        if piece.room[row].touched == vehicle:
            return
    piece.room[piece.counts[2]].touched = vehicle
    piece.counts[2] += 1


@compiled
def _tear(city: City, piece: Piece, stop: int) -> float:
    nodes, vehicles = city.nodes, city.vehicles
    row, start = piece.counts[1], nodes[stop].trip
    vehicle = nodes[start].owner
    piece.room[row].out, piece.room[row].left = stop, nodes[stop].before
    piece.counts[1] += 1
    touch(piece, vehicle)
    change = take_out(city, stop)
    if vehicles[vehicle].served == 0:
        note_empty(city, piece, vehicle)
    return change


@compiled
def note_empty(city: City, piece: Piece, vehicle: int) -> None:
    """Remember an empty vehicle, once."""
    vehicles = city.vehicles
    if not piece.is_empty[vehicle]:
        kind = vehicles[vehicle].kind
        piece.empty[kind, piece.counts[KINDS + kind]] = vehicle
        piece.counts[KINDS + kind] += 1
        piece.is_empty[vehicle] = True


@compiled
def an_empty(city: City, piece: Piece, kind: int) -> int:
    """Return an empty vehicle of a kind; -1 where there is none."""
    vehicles = city.vehicles
    while piece.counts[KINDS + kind] > 0:
        vehicle = piece.empty[kind, piece.counts[KINDS + kind] - 1]
        if vehicles[vehicle].served == 0:
            return vehicle
        piece.counts[KINDS + kind] -= 1
        piece.is_empty[vehicle] = False
    return -1


@compiled
def _tear_string(city: City, piece: Piece, stop: int, length: int) -> float:
    """Tear out a string of a trip with a stop in it, or one with a part in its middle kept."""
    nodes = city.nodes
    start, kept = nodes[stop].trip, 0
    calls = nodes[start].calls
    if length > 1 and length < calls and draw(piece.random) < SPLIT:
        kept = 1
        while length + kept < calls and draw(piece.random) < KEEP_ON:
            kept += 1
    node = _string_start(city, stop, length + kept, draw(piece.random))
    skip_from = 1 + int(draw(piece.random) * (length - 1)) if kept else length + kept
    change = 0.0
    for step in range(length + kept):
        if node >= city.near.shape[0]:
            break
        right = nodes[node].after
        if step < skip_from or step >= skip_from + kept:
            change += _tear(city, piece, node)
        node = right
    return change


@compiled
def _string_start(city: City, stop: int, length: int, lot: float) -> int:
    """Choose where a string of some length begins, so that it holds a stop and stays in its trip."""
    nodes = city.nodes
    start, before, behind = nodes[stop].trip, 0, 0
    node = nodes[stop].before
    while node != start and before < length - 1:
        node = nodes[node].before
        before += 1
    node = nodes[stop].after
    while nodes[node].trip == start and behind < length - 1:
        node = nodes[node].after
        behind += 1
    least = max(length - 1 - behind, 0)
    back = least + int(lot * (before - least + 1))
    node = stop
    for _ in range(back):
        node = nodes[node].before
    return node


@compiled
def ruin(city: City, piece: Piece) -> float:
    """Tear strings out of some trips near a stop drawn by lot; return by how much the cost changes."""
    nodes, vehicles = city.nodes, city.vehicles
    seed = piece.stops[int(draw(piece.random) * piece.stops.shape[0])]
    change, torn, mean = 0.0, 0, 0.0
    if nodes[seed].trip >= 0:
        mean = float(nodes[nodes[seed].trip].calls)
    longest = min(float(LONGEST), max(mean, 1.0))
    strings = int(draw(piece.random) * (4.0 * MEAN_OUT / (1.0 + longest) - 1.0) + 1.0)
    for near in range(-1, city.near.shape[1]):
        stop = seed if near < 0 else city.near[seed, near].stop
        if stop < 0 or torn >= strings:
            break
        start = nodes[stop].trip
        if start < 0 or vehicles[nodes[start].owner].piece != piece.number:
            continue
        is_torn = False
        for row in range(torn):
            is_torn = is_torn or piece.room[row].trip == start
        if is_torn:
            continue
        most = min(float(nodes[start].calls), longest)
        length = int(draw(piece.random) * most + 1.0)
        piece.room[torn].trip = start
        torn += 1
        change += _tear_string(city, piece, stop, min(length, nodes[start].calls))
    return change


@compiled
def sort(city: City, piece: Piece) -> None:
    """Put what is out in an order: by lot, by weight, far first, near first, or by its window."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    choice = draw(piece.random) * (17.0 if city.is_timed else 11.0)
    count, depot = piece.counts[1], vehicles[0].first
    for row in range(count):
        stop = piece.room[row].out
        if choice < 4.0:
            key = draw(piece.random)
        elif choice < 8.0:
            key = -float(nodes[stop].room_g) - float(nodes[stop].room_ml) * 1e-3
        elif choice < 10.0:
            key = -metres(city, depot, stop)
        elif choice < 11.0:
            key = metres(city, depot, stop)
        elif choice < 13.0:
            key = times[stop].closes - times[stop].opens
        elif choice < 15.0:
            key = times[stop].opens
        else:
            key = -times[stop].closes
        place = row
        while place > 0 and piece.room[place - 1].key > key:
            piece.room[place].key, piece.room[place].queue = (
                piece.room[place - 1].key,
                piece.room[place - 1].queue,
            )
            place -= 1
        piece.room[place].key, piece.room[place].queue = key, stop
