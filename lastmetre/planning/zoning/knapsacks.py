"""Knapsacks: a bound that knows that compounds are served whole.

Capacity at prices alone (`prices`) would let a supplier serve a third of a compound. Here each compound offers a
reward to whoever serves it, and each supplier takes the compounds that bring it most within its capacity, whole.
What it has left in an emergency keeps its price. All rewards, less what the suppliers gain and what all help is
worth, are never more than what any plan costs, whatever rewards and prices are (Lagrange). Rewards rise where
nobody takes a compound and fall where several do; prices of help rise where too much of it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lastmetre.planning.zoning.field import Field, Floats, Ints
from lastmetre.planning.zoning.prices import Prices, order_of, turned

Flags = NDArray[np.bool_]

ROUNDS = 3000
"""Steps of the rewards at most."""

AHEAD = 2e-3, 2e-6
"""How far above the best bound the target of the first and the last step is, as a part of it."""

HELP_PACE = 0.1
"""Prices of help, which are many more, step by this part of what rewards do."""

NODES = 20_000
"""Branches tried for one supplier; beyond them a cruder bound of its gain serves."""


class Offer(NamedTuple):
    """What is paid; also a direction in which that is changed."""

    rewards: Floats
    """(C,) to whoever serves a compound."""
    help: Floats
    """(S, S, K) for a unit that the second has left in an emergency when the first fails."""


class Asked(NamedTuple):
    """What the suppliers take."""

    times: Ints
    """(C,) how many suppliers take each compound."""
    load: Ints
    """(S, K)."""
    taken: Ints
    """(S, S, K) what the second would take over when the first fails."""


def best_bound(field: Field, prices: Prices, rewards: Floats, goes_on: Callable[[], bool]) -> float:
    """Return the best bound found from these prices and rewards (C,) on; stop early when told to."""
    order, limit = order_of(field), np.maximum(field.emergency, field.capacity)
    now = Offer(rewards.copy(), prices.help.copy())
    way = Offer(rewards * 0, prices.help * 0)
    bound = -np.inf
    for turn in range(ROUNDS):
        if not goes_on():
            break
        value, asked = _value(field, order, limit, now)
        bound = max(bound, value)
        ahead = AHEAD[0] * abs(bound) * (AHEAD[1] / AHEAD[0]) ** (turn / ROUNDS)
        if not _step(field, limit, now, way, asked, bound + ahead - value):
            break
    return float(bound)


@njit(cache=True, nogil=True)
def _step(f: Field, limit: Ints, now: Offer, way: Offer, asked: Asked, missing: float) -> bool:
    """Change rewards and prices so that the value rises by about what is missing; tell whether any can be."""
    suppliers, kinds = limit.shape
    way.rewards[:] = 0.5 * way.rewards + (1 - asked.times)
    norm = (way.rewards**2).sum()
    for s in range(suppliers):
        for k in range(kinds):
            # In mean demands: rewards and prices of all categories then weigh alike.
            free = (limit[s, k] - asked.load[s, k]) * f.parts[k] * HELP_PACE
            for failed in range(suppliers):
                taken, price = asked.taken[failed, s, k] * f.parts[k] * HELP_PACE, now.help[failed, s, k]
                over = taken - free if taken > 0 or price > 0 else 0.0
                way.help[failed, s, k] = turned(way.help[failed, s, k], over, price)
                norm += way.help[failed, s, k] ** 2
    if norm == 0:
        return False
    size = missing / norm
    now.rewards[:] += size * way.rewards
    for k in range(kinds):
        now.help[:, :, k] = np.maximum(
            now.help[:, :, k] + size * f.parts[k] * HELP_PACE * way.help[:, :, k], 0.0
        )
    return True


@njit(cache=True, nogil=True)
def _value(f: Field, order: Ints, limit: Ints, now: Offer) -> tuple[float, Asked]:
    """Return rewards less gains and less what all help is worth, and what the suppliers take."""
    compounds, suppliers, kinds = f.use.shape[0], f.capacity.shape[0], f.capacity.shape[1]
    asked = Asked(
        np.zeros(compounds, np.int64),
        np.zeros((suppliers, kinds), np.int64),
        np.zeros((suppliers, suppliers, kinds), np.int64),
    )
    held, value = now.help.sum(axis=0), now.rewards.sum()
    value -= (held * limit).sum()
    gain, items, backup = np.empty(compounds), np.empty(compounds, np.int64), np.empty(compounds, np.int64)
    for p in range(suppliers):
        many = 0
        for c in range(compounds):
            left = now.rewards[c] - f.cost[0, c, p]
            if left <= f.cost[1, c, order[c, 0]] or np.any(f.use[c, p] > f.capacity[p]):
                continue
            for k in range(kinds):
                left -= held[p, k] * f.use[c, p, k]
            cost, b = _best_backup(f, order, now.help, c, p)
            if left > cost:
                gain[many], items[many], backup[many] = left - cost, c, b
                many += 1
        takes = np.zeros(many, np.bool_)
        value -= _fullest(f, p, gain[:many], items[:many], takes)
        for i in range(many):
            if takes[i]:
                _take(f, asked, items[i], p, backup[i])
    for c in range(compounds):
        none = f.cost[0, c, suppliers] + f.cost[1, c, suppliers]
        if now.rewards[c] > none:
            value -= now.rewards[c] - none
            asked.times[c] += 1
    return value, asked


@njit(cache=True, nogil=True)
def _take(f: Field, asked: Asked, c: int, p: int, b: int) -> None:
    """Count a compound where its pair serves it."""
    asked.times[c] += 1
    for k in range(f.capacity.shape[1]):
        asked.load[p, k] += f.use[c, p, k]
        if b < f.capacity.shape[0]:
            asked.taken[p, b, k] += f.use[c, b, k]


@njit(cache=True, nogil=True)
def _best_backup(f: Field, order: Ints, help: Floats, c: int, p: int) -> tuple[float, int]:
    """Return what the cheapest backup of a compound costs beside a primary, at the prices of help, and which."""
    best, which, suppliers = np.inf, f.capacity.shape[0], f.capacity.shape[0]
    for b in order[c]:
        total = f.cost[1, c, b]
        if total >= best:
            break
        if b == p:
            continue
        if b < suppliers:
            for k in range(f.capacity.shape[1]):
                total += help[p, b, k] * f.use[c, b, k]
        if total < best:
            best, which = total, b
    return best, which


@njit(cache=True, nogil=True)
def _fullest(f: Field, p: int, gain: Floats, items: Ints, takes: Flags) -> float:
    """Return at least the most that a supplier can gain from items; mark in `takes` which it takes then."""
    many, kinds = len(items), f.capacity.shape[1]
    size = np.zeros(many)
    for i in range(many):
        for k in range(kinds):
            size[i] += f.use[items[i], p, k] / max(f.capacity[p, k], 1)
    turn = np.argsort(-gain / (size + 1e-12))
    room = f.capacity[p].copy()
    inside, best_inside = np.zeros(many, np.bool_), np.zeros(many, np.bool_)
    got, used, best, nodes, i = 0.0, 0.0, 0.0, 0, 0
    most = _at_most(gain, size, turn, 0, float(kinds))
    while True:
        if i < many and got + _at_most(gain, size, turn, i, kinds - used) > best + 1e-9:
            item, fits = turn[i], True
            for k in range(kinds):
                fits = fits and f.use[items[item], p, k] <= room[k]
            if fits:
                room -= f.use[items[item], p]
                inside[i], got, used = True, got + gain[item], used + size[item]
            i, nodes = i + 1, nodes + 1
            if nodes < NODES:
                continue
        if got > best:
            best, best_inside = got, inside.copy()
        if nodes >= NODES:
            break
        i -= 1
        while i >= 0 and not inside[i]:
            i -= 1
        if i < 0:
            break
        item = turn[i]
        room += f.use[items[item], p]
        inside[i], got, used = False, got - gain[item], used - size[item]
        i += 1
    for i in range(many):
        takes[turn[i]] = best_inside[i]
    return best + 1e-9 if nodes < NODES else float(most)


@njit(cache=True, nogil=True)
def _at_most(gain: Floats, size: Floats, turn: Ints, begin: int, room: float) -> float:
    """Return what fits where all categories may be exchanged for each other and the last item be cut."""
    total = 0.0
    for i in range(begin, len(turn)):
        item = turn[i]
        if size[item] > room:
            return total + gain[item] * max(room, 0.0) / size[item]
        room -= size[item]
        total += gain[item]
    return total
