"""State: who serves whom while a zoning is searched, what it costs, and the one move that changes it.

All functions are compiled, but for `start`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lastmetre.planning.compiling import compiled
from lastmetre.planning.zoning.field import Field, Floats, Ints


class State(NamedTuple):
    """Who serves whom, with the sums that follow from it; side 0 is the primary, 1 the backup."""

    pair: Ints
    """(2, C)."""
    load: Ints
    """(S + 1, K) of the primaries."""
    taken: Ints
    """(S + 1, S + 1, K) what the second takes over when the first fails."""
    held: Ints
    """(2, S + 1, C) compounds of each supplier; `many` of them."""
    many: Ints
    """(2, S + 1)."""
    spot: Ints
    """(2, C) where each compound stands in those lists."""
    weight: Floats
    """(S,) price of an overload of one mean demand."""
    excess: Floats
    """(S + 1,) what each supplier's overload costs."""
    overloaded: Ints
    """(1,) suppliers with any."""
    before: Ints
    """(C, 2) pairs of an area while another group is tried."""


def start(field: Field, weight: Floats) -> State:
    """Return the state in which nobody serves anybody."""
    compounds, places, kinds = field.use.shape
    state = State(
        pair=np.full((2, compounds), places - 1, np.int64),
        load=np.zeros((places, kinds), np.int64),
        taken=np.zeros((places, places, kinds), np.int64),
        held=np.zeros((2, places, compounds), np.int64),
        many=np.zeros((2, places), np.int64),
        spot=np.tile(np.arange(compounds), (2, 1)),
        weight=weight,
        excess=np.zeros(places),
        overloaded=np.zeros(1, np.int64),
        before=np.zeros((compounds, 2), np.int64),
    )
    state.held[:, -1] = np.arange(compounds)
    state.many[:, -1] = compounds
    return state


@compiled
def over(f: Field, st: State, s: int) -> float:
    """Return what a supplier's overload costs, on a day like others or when one other fails."""
    if s == f.capacity.shape[0]:
        return 0.0
    total = 0.0
    for k in range(f.capacity.shape[1]):
        load = st.load[s, k]
        too_much = load - f.capacity[s, k]
        if st.many[1, s] > 0:
            worst = 0
            for i in range(st.many[1, s]):
                extra = st.taken[st.pair[0, st.held[1, s, i]], s, k]
                if extra > worst:
                    worst = extra
            too_much = max(too_much, load + worst - f.emergency[s, k])
        if too_much > 0:
            total += too_much * f.parts[k]
    return total * st.weight[s]


@compiled
def place(f: Field, st: State, c: int, p: int, b: int) -> None:
    """Give a compound another pair, all sums kept."""
    old_p, old_b = st.pair[0, c], st.pair[1, c]
    for k in range(f.use.shape[2]):
        st.load[old_p, k] -= f.use[c, old_p, k]
        st.load[p, k] += f.use[c, p, k]
        st.taken[old_p, old_b, k] -= f.use[c, old_b, k]
        st.taken[p, b, k] += f.use[c, b, k]
    if p != old_p:
        _enlist(st, 0, c, old_p, p)
    if b != old_b:
        _enlist(st, 1, c, old_b, b)


@compiled
def _enlist(st: State, side: int, c: int, old: int, new: int) -> None:
    """Move a compound from one supplier's list to another's."""
    st.many[side, old] -= 1
    last, spot = st.held[side, old, st.many[side, old]], st.spot[side, c]
    st.held[side, old, spot], st.spot[side, last] = last, spot
    st.held[side, new, st.many[side, new]], st.spot[side, c] = c, st.many[side, new]
    st.many[side, new] += 1
    st.pair[side, c] = new


@compiled
def cost_of(f: Field, c: int, p: int, b: int) -> float:
    """Return the cost of a compound's pair."""
    return f.cost[0, c, p] + f.cost[1, c, b]


@compiled
def shift(f: Field, st: State, c: int, p: int, b: int, limit: float) -> float:
    """Give a compound another pair unless it makes the whole dearer by more than `limit`.

    Returns by how much it did; infinite, and nothing changed, where that is too much.
    """
    old_p, old_b = st.pair[0, c], st.pair[1, c]
    dearer = cost_of(f, c, p, b) - cost_of(f, c, old_p, old_b)
    if dearer - relief(st, old_p, old_b) > limit:  # refused unseen
        return np.inf
    place(f, st, c, p, b)
    # Each of up to four suppliers counts once.
    was_p = over(f, st, old_p)
    was_b = over(f, st, old_b) if old_b != old_p else was_p
    now_p = was_p if p == old_p else was_b if p == old_b else over(f, st, p)
    now_b = was_p if b == old_p else was_b if b == old_b else now_p if b == p else over(f, st, b)
    dearer += was_p - st.excess[old_p]
    dearer += was_b - st.excess[old_b] if old_b != old_p else 0.0
    dearer += now_p - st.excess[p] if p not in (old_p, old_b) else 0.0
    dearer += now_b - st.excess[b] if b not in (old_p, old_b, p) else 0.0
    if dearer > limit:
        place(f, st, c, old_p, old_b)
        return np.inf
    note(st, old_p, was_p)
    note(st, old_b, was_b)
    note(st, p, now_p)
    note(st, b, now_b)
    return dearer


@compiled
def relief(st: State, p: int, b: int) -> float:
    """Return the most that is saved in overload where a compound leaves its pair."""
    return st.excess[p] + (st.excess[b] if b != p else 0.0)


@compiled
def note(st: State, s: int, excess: float) -> None:
    """Write down what a supplier's overload costs now."""
    st.overloaded[0] += (excess > 0) - (st.excess[s] > 0)
    st.excess[s] = excess


@compiled
def may(f: Field, st: State, c: int, p: int, b: int) -> bool:
    """Tell whether a pair is allowed to a compound beside its neighbours of the area."""
    nobody = f.capacity.shape[0]
    if (p == b and p != nobody) or cost_of(f, c, p, b) == np.inf:
        return False
    if p == nobody:
        return b == nobody
    area = f.area[c]
    for i in range(f.area_start[area], f.area_start[area + 1]):
        other = f.members[i]
        if other != c and st.pair[0, other] != nobody and f.group[st.pair[0, other]] != f.group[p]:
            return False
    return True
