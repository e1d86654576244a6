"""Prices: what a unit of each supplier's capacity is worth, and a bound below every plan.

Whoever pays these prices need not keep to any capacity: each compound then takes the pair that is cheapest to
it alone. What that costs, less the worth of all capacity, is never above what any plan costs (Lagrange),
whatever the prices are. They rise where too much is taken and fall where little is (subgradient), towards a
target a little above the best bound so far, ever nearer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from lastmetre.planning.zoning.field import Field, Floats, Ints

ROUNDS, AT_ONCE = 4000, 20
"""Steps of the prices at most, and between two looks at the clock."""

PATIENCE = 25
"""Steps without a better bound until the target comes nearer."""

NEAREST = 2e-6
"""A target nearer than this part of the bound is not worth another step."""


class Prices(NamedTuple):
    """Cost of one unit."""

    day: Floats
    """(S, K) on a day like others."""
    help: Floats
    """(S, S, K) what the second has left in an emergency when the first fails."""

    def own(self) -> Floats:
        """Return (S, K) what a unit for a primary costs: it is taken on every day."""
        return np.asarray(self.day + self.help.sum(axis=0))


class Search(NamedTuple):
    """What the steps remember."""

    at: Prices
    best: Prices
    way: Prices
    """Direction of the last step."""
    pair: Ints
    """(2, C) the cheapest pair of each compound at the last prices."""
    least: Floats
    """(C,) what that pair costs."""
    figures: Floats
    """Best bound, distance of the target above it, steps since a better one."""


def priced(field: Field, goes_on: Callable[[], bool]) -> Prices:
    """Find prices with a high bound; stop early when told to."""
    suppliers, kinds = field.capacity.shape

    def none() -> Prices:
        return Prices(np.zeros((suppliers, kinds)), np.zeros((suppliers, suppliers, kinds)))

    pair = np.full((2, len(field.use)), suppliers, np.int64)
    search = Search(none(), none(), none(), pair, np.zeros(len(pair[0])), np.zeros(3))
    order = order_of(field)
    for _ in range(ROUNDS // AT_ONCE):
        if not goes_on() or not _steps(field, order, search, AT_ONCE):
            break
    return search.best


class Relaxed(NamedTuple):
    """What everybody does who need not keep to any capacity and pays for it instead."""

    bound: float
    """No plan costs less."""
    least: Floats
    """(C,) cost of each compound at these prices."""
    pairs: Ints
    """(C, 2) what each takes."""


def relaxed(field: Field, prices: Prices) -> Relaxed:
    """Reckon what prices lead to."""
    pair, least = np.full((2, len(field.use)), len(field.capacity), np.int64), np.empty(len(field.use))
    bound = float(_bound(field, order_of(field), prices, prices.own(), pair, least))
    return Relaxed(bound, least, pair.T)


def order_of(field: Field) -> Ints:
    """Return (C, S + 1) the backups of each compound, cheapest first."""
    return np.argsort(field.cost[1], axis=1, kind="stable").astype(np.int64)


@njit(cache=True, nogil=True)
def _bound(f: Field, order: Ints, prices: Prices, own: Floats, pair: Ints, least: Floats) -> float:
    """Find each compound's cheapest pair and what it costs; return the bound."""
    suppliers, kinds = f.capacity.shape
    value = 0.0
    for s in range(suppliers):
        for k in range(kinds):
            value -= prices.day[s, k] * f.capacity[s, k]
            # Whoever steps in for nobody may give its capacity, even if that were more.
            value -= (own[s, k] - prices.day[s, k]) * max(f.emergency[s, k], f.capacity[s, k])
    first = np.empty(suppliers)
    for c in range(f.use.shape[0]):
        for p in range(suppliers):
            first[p] = f.cost[0, c, p]
            for k in range(kinds):
                first[p] += own[p, k] * f.use[c, p, k]
        best, last = f.cost[0, c, suppliers] + f.cost[1, c, suppliers], pair[0, c]
        pair[0, c] = pair[1, c] = suppliers
        for turn in range(-1, suppliers):  # the one of last time first: it lets most others be passed over
            p = last if turn < 0 else turn
            if p == suppliers or (turn >= 0 and p == last):
                continue
            for b in order[c]:
                if first[p] + f.cost[1, c, b] >= best:
                    break
                total = first[p] + f.cost[1, c, b]
                if b == p:
                    continue
                if b < suppliers:
                    for k in range(kinds):
                        total += prices.help[p, b, k] * f.use[c, b, k]
                if total < best:
                    best, pair[0, c], pair[1, c] = total, p, b
        least[c] = best
        value += best
    return value


@njit(cache=True, nogil=True)
def _steps(f: Field, order: Ints, search: Search, many: int) -> bool:
    """Take many steps; tell whether more are worth while."""
    suppliers = f.capacity.shape[0]
    now, best, figures = search.at, search.best, search.figures
    for _ in range(many):
        own = now.day.copy()
        for s in range(suppliers):
            own += now.help[s]
        value = _bound(f, order, now, own, search.pair, search.least)
        if figures[1] == 0:
            figures[0], figures[1] = value, max(0.05 * abs(value), 1e-9)
        elif value > figures[0]:
            figures[0], figures[2] = value, 0
            best.day[:], best.help[:] = now.day, now.help
        else:
            figures[2] += 1
            if figures[2] > PATIENCE:
                figures[1], figures[2] = figures[1] / 2, 0
                now.day[:], now.help[:] = best.day, best.help
                search.way.day[:], search.way.help[:] = 0, 0
                if figures[1] < NEAREST * abs(figures[0]):
                    return False
                continue
        _step(f, search, figures[0] + figures[1] - value)
    return True


@njit(cache=True, nogil=True)
def _step(f: Field, search: Search, missing: float) -> None:
    """Raise the price of what is taken too much, lower that of the rest."""
    suppliers, kinds = f.capacity.shape
    load = np.zeros((suppliers + 1, kinds))
    taken = np.zeros((suppliers + 1, suppliers + 1, kinds))
    for c in range(f.use.shape[0]):
        p, b = search.pair[0, c], search.pair[1, c]
        for k in range(kinds):
            load[p, k] += f.use[c, p, k]
            taken[p, b, k] += f.use[c, b, k]
    now, way, norm = search.at, search.way, 0.0
    for s in range(suppliers):
        for k in range(kinds):
            way.day[s, k] = turned(way.day[s, k], load[s, k] - f.capacity[s, k], now.day[s, k])
            norm += way.day[s, k] ** 2
            limit = max(f.emergency[s, k], f.capacity[s, k])
            for failed in range(suppliers):
                is_open = taken[failed, s, k] > 0 or now.help[failed, s, k] > 0
                over = load[s, k] + taken[failed, s, k] - limit if is_open else 0.0
                way.help[failed, s, k] = turned(way.help[failed, s, k], over, now.help[failed, s, k])
                norm += way.help[failed, s, k] ** 2
    if norm > 0:
        size = missing / norm
        for s in range(suppliers):
            for k in range(kinds):
                now.day[s, k] = max(now.day[s, k] + size * way.day[s, k], 0.0)
                for failed in range(suppliers):
                    now.help[failed, s, k] = max(now.help[failed, s, k] + size * way.help[failed, s, k], 0.0)


@njit(cache=True, nogil=True)
def turned(before: float, over: float, price: float) -> float:
    """Turn a direction towards what is taken too much; a price of nothing falls no further."""
    now = 0.5 * before + over
    return 0.0 if price <= 0 and now < 0 else now
