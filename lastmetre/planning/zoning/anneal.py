"""Anneal: many small changes to who serves whom, at first also worse ones, ever fewer of them.

The state is a pair (primary, backup) a compound; the place after the last supplier is nobody. Load over
capacity costs `price` for each mean demand, so that the search may pass through it; only states without
any are kept. All functions here are compiled, but for `start`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Field(NamedTuple):
    """What does not change: C compounds, S suppliers, K categories."""

    demand: Ints
    """(C, K)."""
    capacity: Ints
    """(S, K) on a day like others."""
    emergency: Ints
    """(S, K) while one other supplier is down."""
    parts: Floats
    """(K,) one part of the mean demand of a compound: makes categories comparable."""
    first: Floats
    """(C, S + 1) cost of each primary; infinite where it may not serve."""
    second: Floats
    """(C, S + 1) cost of each backup."""
    near: Ints
    """(C, N) primaries that may serve, cheapest first; filled up with -1."""
    near_backup: Ints
    """(C, N) backups that may step in, cheapest first; filled up with -1."""
    group: Ints
    """(S + 1,) group of each supplier."""
    area: Ints
    """(C,) area of each compound."""
    members: Ints
    """(C,) compounds area by area."""
    area_start: Ints
    """(A + 1,) where each area begins in `members`."""


class State(NamedTuple):
    """Who serves whom, with the sums that follow from it."""

    primary: Ints
    backup: Ints
    load: Ints
    """(S + 1, K) of the primaries."""
    taken: Ints
    """(S + 1, S + 1, K) what the second takes over when the first fails."""
    backed: Ints
    """(S + 1, C) compounds that each would step in for; `backs` of them."""
    backs: Ints
    spot: Ints
    """(C,) where each compound stands in that list."""


def start(field: Field) -> State:
    """Return the state in which nobody serves anybody."""
    compounds, kinds = field.demand.shape
    places = field.capacity.shape[0] + 1
    nobody = np.full(compounds, places - 1, np.int64)
    state = State(
        primary=nobody.copy(),
        backup=nobody.copy(),
        load=np.zeros((places, kinds), np.int64),
        taken=np.zeros((places, places, kinds), np.int64),
        backed=np.zeros((places, compounds), np.int64),
        backs=np.zeros(places, np.int64),
        spot=np.arange(compounds),
    )
    state.load[-1] = field.demand.sum(axis=0)
    state.taken[-1, -1] = state.load[-1]
    state.backed[-1] = np.arange(compounds)
    state.backs[-1] = compounds
    return state


@njit(cache=True, nogil=True)
def over(f: Field, st: State, s: int) -> float:
    """Tell how far a supplier is over its capacity, on a day like others or when one other fails."""
    if s == f.capacity.shape[0]:
        return 0.0
    total = 0.0
    for k in range(f.capacity.shape[1]):
        worst = -1  # nobody to step in for
        for i in range(st.backs[s]):
            extra = st.taken[st.primary[st.backed[s, i]], s, k]
            if extra > worst:
                worst = extra
        too_much = st.load[s, k] - f.capacity[s, k]
        if worst >= 0:
            too_much = max(too_much, st.load[s, k] + worst - f.emergency[s, k])
        if too_much > 0:
            total += too_much * f.parts[k]
    return total + 0.2 if total > 0 else 0.0  # a little too much is too much


@njit(cache=True, nogil=True)
def place(f: Field, st: State, c: int, p: int, b: int) -> None:
    """Give a compound another pair, all sums kept."""
    old_p, old_b = st.primary[c], st.backup[c]
    for k in range(f.demand.shape[1]):
        load = f.demand[c, k]
        st.load[old_p, k] -= load
        st.load[p, k] += load
        st.taken[old_p, old_b, k] -= load
        st.taken[p, b, k] += load
    if b != old_b:
        last = st.backed[old_b, st.backs[old_b] - 1]
        st.backed[old_b, st.spot[c]] = last
        st.spot[last] = st.spot[c]
        st.backs[old_b] -= 1
        st.backed[b, st.backs[b]] = c
        st.spot[c] = st.backs[b]
        st.backs[b] += 1
    st.primary[c], st.backup[c] = p, b


@njit(cache=True, nogil=True)
def _over_four(f: Field, st: State, p: int, b: int, q: int, d: int) -> float:
    total = over(f, st, p)
    if b != p:
        total += over(f, st, b)
    if q not in (p, b):
        total += over(f, st, q)
    if d not in (p, b, q):
        total += over(f, st, d)
    return total


@njit(cache=True, nogil=True)
def shift(f: Field, st: State, c: int, p: int, b: int) -> tuple[float, float]:
    """Give a compound another pair; return by how much cost and overload rise."""
    old_p, old_b = st.primary[c], st.backup[c]
    before = _over_four(f, st, old_p, old_b, p, b)
    place(f, st, c, p, b)
    cost = f.first[c, p] + f.second[c, b] - f.first[c, old_p] - f.second[c, old_b]
    return cost, _over_four(f, st, old_p, old_b, p, b) - before


@njit(cache=True, nogil=True)
def _drawn(near: Ints, c: int) -> int:
    """Draw a supplier near a compound, the nearest most often; nobody (-1) where none may serve."""
    many = near.shape[1]
    u = np.random.random()
    return near[c, int(many * u * u)] if many else -1


@njit(cache=True, nogil=True)
def _changed(f: Field, st: State, c: int) -> tuple[int, int]:
    """Draw another pair for one compound."""
    nobody = f.capacity.shape[0]
    p, b = st.primary[c], st.backup[c]
    kind = np.random.random()
    if kind < 0.45 or p == nobody:
        p = _drawn(f.near, c)
    elif kind < 0.9:
        b = _drawn(f.near_backup, c)
    elif kind < 0.98:
        p, b = b, p
    elif kind < 0.99:
        b = nobody
    else:
        p = nobody
    p = nobody if p < 0 else p
    b = nobody if b < 0 or p == nobody else b
    if b == p and p != nobody:
        b = st.primary[c]
    return p, b


@njit(cache=True, nogil=True)
def may(f: Field, st: State, c: int, p: int, b: int) -> bool:
    """Tell whether a pair is allowed to a compound beside its neighbours of the area."""
    nobody = f.capacity.shape[0]
    if (p == b and p != nobody) or f.first[c, p] == np.inf or f.second[c, b] == np.inf:
        return False
    if p == nobody:
        return b == nobody
    area = f.area[c]
    for i in range(f.area_start[area], f.area_start[area + 1]):
        other = f.members[i]
        if other != c and st.primary[other] != nobody and f.group[st.primary[other]] != f.group[p]:
            return False
    return True


@njit(cache=True, nogil=True)
def _is_kept(cost: float, excess: float, price: float, limit: float) -> bool:
    return cost + price * excess <= limit


@njit(cache=True, nogil=True)
def _one(f: Field, st: State, heat: float, price: float, over_now: float) -> tuple[float, float]:
    """Try another pair for one compound; return what changed."""
    c = np.random.randint(f.demand.shape[0])
    p, b = _changed(f, st, c)
    old_p, old_b = st.primary[c], st.backup[c]
    if (p == old_p and b == old_b) or not may(f, st, c, p, b):
        return 0.0, 0.0
    limit = -heat * np.log(1.0 - np.random.random())
    # Without any overload there is none to be saved: what costs too much is refused unseen.
    if over_now <= 0 and f.first[c, p] + f.second[c, b] - f.first[c, old_p] - f.second[c, old_b] > limit:
        return 0.0, 0.0
    cost, excess = shift(f, st, c, p, b)
    if _is_kept(cost, excess, price, limit):
        return cost, excess
    place(f, st, c, old_p, old_b)
    return 0.0, 0.0


@njit(cache=True, nogil=True)
def _two(f: Field, st: State, heat: float, price: float) -> tuple[float, float]:
    """Try to exchange the pairs, or one half of them, of two compounds; return what changed."""
    c = np.random.randint(f.demand.shape[0])
    want = _drawn(f.near, c) if np.random.random() < 0.5 else _drawn(f.near_backup, c)
    if want < 0 or st.backs[want] == 0:
        return 0.0, 0.0
    e = st.backed[want, np.random.randint(st.backs[want])]
    pc, bc, pe, be = st.primary[c], st.backup[c], st.primary[e], st.backup[e]
    kind = np.random.random()
    if kind < 0.4:
        new_c, new_e = (pe, bc), (pc, be)
    elif kind < 0.8:
        new_c, new_e = (pc, be), (pe, bc)
    else:
        new_c, new_e = (pe, be), (pc, bc)
    if c == e or not may(f, st, c, *new_c):
        return 0.0, 0.0
    limit = -heat * np.log(1.0 - np.random.random())
    cost, excess = shift(f, st, c, *new_c)
    if may(f, st, e, *new_e):
        cost_e, excess_e = shift(f, st, e, *new_e)
        cost, excess = cost + cost_e, excess + excess_e
        if _is_kept(cost, excess, price, limit):
            return cost, excess
        place(f, st, e, pe, be)
    place(f, st, c, pc, bc)
    return 0.0, 0.0


@njit(cache=True, nogil=True)
def _area(f: Field, st: State, heat: float, price: float) -> tuple[float, float]:
    """Try another group of suppliers for a whole area; return what changed."""
    c = np.random.randint(f.demand.shape[0])
    wanted = _drawn(f.near, c)
    if wanted < 0:
        return 0.0, 0.0
    begin, end = f.area_start[f.area[c]], f.area_start[f.area[c] + 1]
    before = np.empty((end - begin, 2), np.int64)
    limit = -heat * np.log(1.0 - np.random.random())
    cost, excess = 0.0, 0.0
    for i in range(begin, end):
        one = f.members[i]
        before[i - begin, 0], before[i - begin, 1] = st.primary[one], st.backup[one]
        p, b = _in_group(f, st, one, f.group[wanted])
        one_cost, one_excess = shift(f, st, one, p, b)
        cost, excess = cost + one_cost, excess + one_excess
    if _is_kept(cost, excess, price, limit):
        return cost, excess
    for i in range(end - 1, begin - 1, -1):
        place(f, st, f.members[i], before[i - begin, 0], before[i - begin, 1])
    return 0.0, 0.0


@njit(cache=True, nogil=True)
def _in_group(f: Field, st: State, c: int, group: int) -> tuple[int, int]:
    """Find the nearest supplier of a group for a compound, and a backup that differs from it."""
    nobody = f.capacity.shape[0]
    p = nobody
    for s in f.near[c]:
        if s >= 0 and f.group[s] == group and (p == nobody or np.random.random() < 0.2):
            p = s
    if p == nobody:
        return nobody, nobody
    b = st.backup[c]
    if b in (p, nobody):
        for s in f.near_backup[c]:
            if s >= 0 and s != p:
                return p, s
        return p, nobody
    return p, b


@njit(cache=True, nogil=True)
def repair(f: Field, st: State) -> None:
    """Take away what is over capacity, then serve whoever can still be served."""
    nobody = f.capacity.shape[0]
    order = np.argsort(f.first[:, nobody])  # the least of a loss first
    for c in order:
        if over(f, st, st.backup[c]) > 0:
            place(f, st, c, st.primary[c], nobody)
    for c in order:
        if over(f, st, st.primary[c]) > 0:
            place(f, st, c, nobody, nobody)
    fill(f, st)


@njit(cache=True, nogil=True)
def fill(f: Field, st: State) -> None:
    """Give suppliers and backups to those who have none, wherever there is room, the largest loss first."""
    nobody = f.capacity.shape[0]
    for c in np.argsort(-f.first[:, nobody]):
        if st.primary[c] == nobody:
            _fill_one(f, st, c, True)
        if st.primary[c] != nobody and st.backup[c] == nobody:
            _fill_one(f, st, c, False)


@njit(cache=True, nogil=True)
def _fill_one(f: Field, st: State, c: int, is_primary: bool) -> None:
    old_p, old_b = st.primary[c], st.backup[c]
    costs = f.first if is_primary else f.second
    for s in np.argsort(costs[c, :-1]):
        p, b = (s, old_b) if is_primary else (old_p, s)
        if not may(f, st, c, p, b):
            continue
        place(f, st, c, p, b)
        if over(f, st, p) <= 0 and over(f, st, b) <= 0:
            return
        place(f, st, c, old_p, old_b)


@njit(cache=True, nogil=True)
def total_of(f: Field, st: State) -> float:
    """Add up the cost of a state."""
    total = 0.0
    for c in range(f.demand.shape[0]):
        total += f.first[c, st.primary[c]] + f.second[c, st.backup[c]]
    return total


@njit(cache=True, nogil=True)
def total_over(f: Field, st: State) -> float:
    """Add up the overload of a state."""
    total = 0.0
    for s in range(f.capacity.shape[0]):
        total += over(f, st, s)
    return total


@njit(cache=True, nogil=True)
def sow(seed: int) -> None:
    """Set the lots that compiled code draws."""
    np.random.seed(seed)


@njit(cache=True, nogil=True)
def run(
    f: Field, st: State, best: Ints, best_cost: float, tries: int, heat: float, price: float, has_areas: bool
) -> float:
    """Try `tries` changes at one heat; keep the best state without overload in `best` (2, C)."""
    cost, excess = total_of(f, st), total_over(f, st)
    for _ in range(tries):
        kind = np.random.random()
        if has_areas and kind < 0.1:
            more, more_over = _area(f, st, heat, price)
        elif kind < 0.4:
            more, more_over = _two(f, st, heat, price)
        else:
            more, more_over = _one(f, st, heat, price, excess)
        cost, excess = cost + more, excess + more_over
        if excess < 1e-9:
            excess = 0.0
        if excess == 0.0 and cost < best_cost - 1e-7:
            best_cost = cost
            best[0], best[1] = st.primary, st.backup
    return best_cost
