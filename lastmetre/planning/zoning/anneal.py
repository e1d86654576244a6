"""Anneal: many small changes to who serves whom, at first also worse ones, ever fewer of them.

Load over capacity is allowed at a price, so that the search may pass through it; only states without any are
kept. Each supplier has a price of its own that rises while it is overloaded and falls while it is not. All
functions here are compiled.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from lastmetre.planning.compiling import compiled
from lastmetre.planning.zoning.field import Field, Ints
from lastmetre.planning.zoning.state import State, cost_of, may, note, over, place, relief, shift

CHOICES = 8
"""Suppliers tried for each compound that might make room."""


@compiled
def _drawn(f: Field, side: int, c: int) -> int:
    """Draw a supplier for a compound, the most promising most often; nobody where none may serve."""
    many = f.near.shape[2]
    u = np.random.random()
    s = f.near[side, c, int(many * u**5)] if many else -1
    return f.capacity.shape[0] if s < 0 else s


@compiled
def _with(f: Field, st: State, side: int, c: int, s: int) -> tuple[int, int]:
    """Return a compound's pair with another supplier on one side; who stands on the other gives way."""
    nobody = f.capacity.shape[0]
    p, b = st.pair[0, c], st.pair[1, c]
    if side == 0:
        b = nobody if s == nobody else p if s == b else b
        return s, b
    if p == nobody:
        return nobody, nobody
    p = b if s == p and b != nobody else p
    return p, nobody if s == p else s


@compiled
def _one(f: Field, st: State, limit: float) -> float:
    """Try another pair for one compound; return by how much the whole got dearer."""
    c, kind = np.random.randint(f.use.shape[0]), np.random.random()
    nobody, p, b = f.capacity.shape[0], st.pair[0, c], st.pair[1, c]
    if kind < 0.01:
        p, b = (p, nobody) if kind < 0.005 else (nobody, nobody)
    elif kind < 0.08:
        p, b = b, p
    elif kind < 0.5 or p == nobody or f.near[1, c, 0] < 0:
        p, b = _with(f, st, 0, c, _drawn(f, 0, c))
    else:
        p, b = _with(f, st, 1, c, _drawn(f, 1, c))
    if (p == st.pair[0, c] and b == st.pair[1, c]) or not may(f, st, c, p, b):
        return 0.0
    dearer = shift(f, st, c, p, b, limit)
    return 0.0 if dearer == np.inf else dearer


@compiled
def _two(f: Field, st: State, limit: float) -> float:
    """Let one compound in somewhere and another out of there, to where the first was or anywhere else."""
    c = np.random.randint(f.use.shape[0])
    side = 0 if f.near[1, c, 0] < 0 else np.random.randint(2)
    want = _drawn(f, side, c)
    old_p, old_b = st.pair[0, c], st.pair[1, c]
    if want == st.pair[side, c] or st.many[side, want] == 0:
        return 0.0
    e = st.held[side, want, np.random.randint(st.many[side, want])]
    goes = st.pair[side, c] if np.random.random() < 0.5 else _drawn(f, side, e)
    p, b = _with(f, st, side, c, want)
    if c == e or goes == want or not may(f, st, c, p, b):
        return 0.0
    e_p, e_b = _with(f, st, side, e, goes)
    least = cost_of(f, c, p, b) - cost_of(f, c, old_p, old_b) - relief(st, old_p, old_b)
    least += cost_of(f, e, e_p, e_b) - cost_of(f, e, st.pair[0, e], st.pair[1, e])
    if least - relief(st, st.pair[0, e], st.pair[1, e]) > limit:  # refused unseen
        return 0.0
    dearer = shift(f, st, c, p, b, np.inf)
    if may(f, st, e, e_p, e_b):
        more = shift(f, st, e, e_p, e_b, limit - dearer)
        if more < np.inf:
            return dearer + more
    shift(f, st, c, old_p, old_b, np.inf)
    return 0.0


@compiled
def _chain(f: Field, st: State, limit: float) -> float:
    """Let one compound in somewhere, and out of there the one that is best placed elsewhere."""
    c = np.random.randint(f.use.shape[0])
    want, old_p, old_b = _drawn(f, 0, c), st.pair[0, c], st.pair[1, c]
    p, b = _with(f, st, 0, c, want)
    if want == old_p or want == f.capacity.shape[0] or not may(f, st, c, p, b):
        return 0.0
    dearer = shift(f, st, c, p, b, np.inf)
    e, goes = _best_out(f, st, want, c, old_p)
    if e >= 0:
        p, b = _with(f, st, 0, e, goes)
        if may(f, st, e, p, b):
            more = shift(f, st, e, p, b, limit - dearer)
            if more < np.inf:
                return dearer + more
    if dearer <= limit:
        return dearer
    shift(f, st, c, old_p, old_b, np.inf)
    return 0.0


@compiled
def _best_out(f: Field, st: State, s: int, stays: int, free: int) -> tuple[int, int]:
    """Find who of a supplier's compounds should go where, by ways and the load of a day like others."""
    best, who, goes = np.inf, -1, -1
    for i in range(st.many[0, s]):
        e = st.held[0, s, i]
        if e == stays:
            continue
        saved = _day_over(f, st, s, 0, e) - _day_over(f, st, s, -1, e) + f.cost[0, e, s]
        for j in range(-1, min(CHOICES, f.near.shape[2])):
            q = free if j < 0 else f.near[0, e, j]
            if q < 0:
                break
            if q == s:
                continue
            dearer = f.cost[0, e, q] - saved
            if dearer < best and q < f.capacity.shape[0]:
                dearer += _day_over(f, st, q, 1, e) - _day_over(f, st, q, 0, e)
            if dearer < best:
                best, who, goes = dearer, e, q
    return who, goes


@compiled
def _day_over(f: Field, st: State, s: int, more: int, c: int) -> float:
    """Return what a supplier's overload of a day like others costs with a compound more (1) or less (-1)."""
    total = 0.0
    for k in range(f.capacity.shape[1]):
        too_much = st.load[s, k] + more * f.use[c, s, k] - f.capacity[s, k]
        if too_much > 0:
            total += too_much * f.parts[k]
    return total * st.weight[s]


@compiled
def _area(f: Field, st: State, limit: float) -> float:
    """Try another group of suppliers for a whole area; return by how much the whole got dearer."""
    c = np.random.randint(f.use.shape[0])
    wanted = _drawn(f, 0, c)
    begin, end = f.area_start[f.area[c]], f.area_start[f.area[c] + 1]
    dearer = 0.0
    for i in range(begin, end):
        one = f.members[i]
        st.before[one, 0], st.before[one, 1] = st.pair[0, one], st.pair[1, one]
        p, b = _in_group(f, st, one, f.group[wanted])
        dearer += shift(f, st, one, p, b, np.inf)
    if dearer <= limit:
        return dearer
    for i in range(end - 1, begin - 1, -1):
        one = f.members[i]
        shift(f, st, one, st.before[one, 0], st.before[one, 1], np.inf)
    return 0.0


@compiled
def _in_group(f: Field, st: State, c: int, group: int) -> tuple[int, int]:
    """Find a promising supplier of a group for a compound, and a backup that differs from it."""
    nobody = f.capacity.shape[0]
    p = nobody
    for i in range(f.near.shape[2]):
        s = f.near[0, c, i]
        if s >= 0 and f.group[s] == group and (p == nobody or np.random.random() < 0.2):
            p = s
    if p == nobody:
        return nobody, nobody
    b = st.pair[1, c]
    if b in (p, nobody):
        for i in range(f.near.shape[2]):
            s = f.near[1, c, i]
            if s >= 0 and s != p:
                return p, s
        return p, nobody
    return p, b


@njit(cache=True, nogil=True)
def repair(f: Field, st: State) -> None:
    """Take away what is over capacity, then serve whoever can still be served."""
    nobody = f.capacity.shape[0]
    order = np.argsort(f.cost[0, :, nobody])  # the least of a loss first
    for c in order:
        if over(f, st, st.pair[1, c]) > 0:
            place(f, st, c, st.pair[0, c], nobody)
    for c in order:
        if over(f, st, st.pair[0, c]) > 0:
            place(f, st, c, nobody, nobody)
    for c in order[::-1]:
        if st.pair[0, c] == nobody:
            _fill(f, st, c, 0)
        if st.pair[0, c] != nobody and st.pair[1, c] == nobody:
            _fill(f, st, c, 1)


@njit(cache=True, nogil=True)
def _fill(f: Field, st: State, c: int, side: int) -> None:
    """Give a compound the cheapest supplier of one side that has room."""
    for s in np.argsort(f.cost[side, c, :-1]):
        p, b = _with(f, st, side, c, s)
        old_p, old_b = st.pair[0, c], st.pair[1, c]
        if (p if side == 0 else b) != s or not may(f, st, c, p, b):
            continue
        place(f, st, c, p, b)
        if over(f, st, p) <= 0 and over(f, st, b) <= 0:
            return
        place(f, st, c, old_p, old_b)


@compiled
def total_of(f: Field, st: State) -> float:
    """Add up the cost of a state."""
    total = 0.0
    for c in range(f.use.shape[0]):
        total += cost_of(f, c, st.pair[0, c], st.pair[1, c])
    return total


@compiled
def count_excess(f: Field, st: State) -> float:
    """Reckon anew what the overload of each supplier costs; return the sum."""
    total = 0.0
    for s in range(f.capacity.shape[0]):
        note(st, s, over(f, st, s))
        total += st.excess[s]
    return total


@compiled
def sow(seed: int) -> None:
    """Set the lots that compiled code draws."""
    np.random.seed(seed)


@compiled
def run(f: Field, st: State, best: Ints, best_cost: float, tries: int, heat: float, has_areas: bool) -> float:
    """Try `tries` changes at one heat; keep the best state without overload in `best` (2, C)."""
    total = total_of(f, st) + count_excess(f, st)
    for _ in range(tries):
        kind, limit = np.random.random(), -heat * np.log(1.0 - np.random.random())
        if has_areas and kind < 0.1:
            total += _area(f, st, limit)
        elif kind < 0.3:
            total += _chain(f, st, limit)
        elif kind < 0.55:
            total += _two(f, st, limit)
        else:
            total += _one(f, st, limit)
        if st.overloaded[0] == 0 and total < best_cost - 1e-7:
            best_cost = total
            for c in range(f.use.shape[0]):
                best[0, c], best[1, c] = st.pair[0, c], st.pair[1, c]
    return best_cost


@compiled
def reprice(f: Field, st: State, allowed: float, dearer: float) -> None:
    """Multiply the price of overloaded suppliers by `dearer` and lower the others', so that about `allowed` of them are."""
    cheaper = dearer ** (-allowed / (1 - allowed))
    for s in range(f.capacity.shape[0]):
        st.weight[s] *= dearer if over(f, st, s) > 0 else cheaper
