"""Knapsacks: a bound that knows that compounds are served whole.

Capacity at prices alone (`prices`) would let a supplier serve a third of a compound. Here each compound offers a
reward to whoever serves it, and each supplier takes the compounds that bring it most within its capacity, whole.
All rewards, less what the suppliers gain, are never more than what any plan costs, whatever the rewards are
(Lagrange). They rise where nobody takes a compound and fall where several do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

from lastmetre.planning.zoning.field import Field, Floats, Ints
from lastmetre.planning.zoning.prices import NEAREST, PATIENCE, Prices, order_of

ROUNDS, AT_ONCE = 600, 1
"""Steps of the rewards at most, and between two looks at the clock."""

NODES = 4_000
"""Branches tried for one supplier; beyond them a cruder bound of its gain serves."""


def best_bound(field: Field, prices: Prices, rewards: Floats, goes_on: Callable[[], bool]) -> float:
    """Return the best bound found from these rewards (C,) on; stop early when told to."""
    now, best, way, figures = rewards.copy(), rewards.copy(), np.zeros(len(rewards)), np.zeros(3)
    order, held = order_of(field), np.asarray(prices.help.sum(axis=0))
    for _ in range(ROUNDS // AT_ONCE):
        if not goes_on() or not _steps(field, order, prices.help, held, now, best, way, figures, AT_ONCE):
            break
    limit = np.maximum(field.emergency, field.capacity)
    return float(figures[0]) - float((held * limit).sum()) if figures[1] else 0.0


@njit(cache=True, nogil=True)
def _steps(
    f: Field,
    order: Ints,
    help: Floats,
    held: Floats,
    now: Floats,
    best: Floats,
    way: Floats,
    figures: Floats,
    many: int,
) -> bool:
    """Take many steps; tell whether more are worth while. `figures` are as in `prices.Search`."""
    for _ in range(many):
        value, wanted = _value(f, order, help, held, now)
        if figures[1] == 0:
            figures[0], figures[1] = value, max(0.01 * abs(value), 1e-9)
        elif value > figures[0]:
            figures[0], figures[2] = value, 0
            best[:] = now
        else:
            figures[2] += 1
            if figures[2] > PATIENCE:
                figures[1], figures[2] = figures[1] / 2, 0
                now[:], way[:] = best, 0
                if figures[1] < NEAREST * 10 * abs(figures[0]):
                    return False
                continue
        way[:] = 0.5 * way + (1 - wanted)
        norm = (way**2).sum()
        if norm == 0:
            return False
        now += (figures[0] + figures[1] - value) / norm * way
    return True


@njit(cache=True, nogil=True)
def _value(f: Field, order: Ints, help: Floats, held: Floats, rewards: Floats) -> tuple[float, Ints]:
    """Return rewards less gains, and (C,) how many suppliers take each compound."""
    compounds, suppliers, kinds = f.use.shape[0], f.capacity.shape[0], f.capacity.shape[1]
    wanted, value = np.zeros(compounds, np.int64), rewards.sum()
    gain, items = np.empty(compounds), np.empty(compounds, np.int64)
    for p in range(suppliers):
        many = 0
        for c in range(compounds):
            left = rewards[c] - f.cost[0, c, p]
            if left <= f.cost[1, c, order[c, 0]] or np.any(f.use[c, p] > f.capacity[p]):
                continue
            for k in range(kinds):
                left -= held[p, k] * f.use[c, p, k]
            left -= _backup_cost(f, order, help, c, p)
            if left > 0:
                gain[many], items[many] = left, c
                many += 1
        value -= _fullest(f, p, gain[:many], items[:many], wanted)
    for c in range(compounds):
        none = f.cost[0, c, suppliers] + f.cost[1, c, suppliers]
        if rewards[c] > none:
            value -= rewards[c] - none
            wanted[c] += 1
    return value, wanted


@njit(cache=True, nogil=True)
def _backup_cost(f: Field, order: Ints, help: Floats, c: int, p: int) -> float:
    """Return what the cheapest backup of a compound costs beside a primary, at the prices of help."""
    best, suppliers = np.inf, f.capacity.shape[0]
    for b in order[c]:
        total = f.cost[1, c, b]
        if total >= best:
            break
        if b == p:
            continue
        if b < suppliers:
            for k in range(f.capacity.shape[1]):
                total += help[p, b, k] * f.use[c, b, k]
        best = min(best, total)
    return best


@njit(cache=True, nogil=True)
def _fullest(f: Field, p: int, gain: Floats, items: Ints, wanted: Ints) -> float:
    """Return at least the most that a supplier can gain from items; count in `wanted` what it takes then."""
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
        wanted[items[turn[i]]] += best_inside[i]
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
