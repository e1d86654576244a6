"""Search: the best times of one line beside all others, tried again and again for a few lines at once.

The state is when each visit begins, and how much of each place is taken in each minute. A line's times are
found exactly by dynamic programming over its visits and the minutes; taking a few lines that meet at one place
out and putting them back in another order finds better times for all. All functions here are compiled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LEFT = -1
"""Instead of a beginning: the visit is not made."""


class Field(NamedTuple):
    """What does not change: L lines, V visits, U uses, P places, T minutes."""

    line_start: Ints
    """(L + 1,) where each line begins among the visits."""
    line_of: Ints
    """(V,)."""
    ready: Ints
    """(L,)."""
    soonest: Ints
    """(V,) when each visit could begin if nobody else were there."""
    wait: Floats
    """(L,) what a minute of waiting counts."""
    stay: Ints
    """(V,) minutes."""
    travel: Ints
    """(V,) minutes to the next visit."""
    due: Ints
    late: Floats
    early: Floats
    skip: Floats
    """(V,) what leaving it counts."""
    may: NDArray[np.bool_]
    """(V, T) the minutes in which a visit may begin, others left aside."""
    use_start: Ints
    """(V + 1,) where each visit's uses begin."""
    use_place: Ints
    use_minutes: Ints
    use_after: Ints
    use_amount: Ints
    use_visit: Ints
    place_start: Ints
    """(P + 1,) where each place begins in `place_uses`."""
    place_uses: Ints
    """(U,) uses place by place."""
    capacity: Ints
    """(P,)."""


class Desk(NamedTuple):
    """Room to reckon one line in: N visits of the longest line."""

    value: Floats
    """(N + 1, T + 1) what the rest of the line counts from a minute on."""
    choice: Ints
    """(N, T + 1) when the visit begins then."""
    low: Ints
    """(N + 1,) the minutes that are looked at for each visit."""
    high: Ints
    start_cost: Floats
    """(T,)."""


@njit(cache=True, nogil=True)
def best_line(f: Field, line: int, used: Ints, begin: Ints, desk: Desk, limit: float) -> float:
    """Write the best times of one line into `begin`, within what is free; return what they count.

    Times that count more than `limit` need not be found.
    """
    wait, cost = f.wait[line], np.inf
    for hours in (1, 4):  # most times are found among the near ones, which are looked at faster
        near = 60.0 * hours * wait
        if near < limit:
            cost = _best_within(f, line, used, begin, desk, near)
            if cost <= near:
                return cost
    return _best_within(f, line, used, begin, desk, limit)


@njit(cache=True, nogil=True)
def _best_within(f: Field, line: int, used: Ints, begin: Ints, desk: Desk, limit: float) -> float:
    """Look only at what counts at most `limit`: no visit begins so much later than it could."""
    first, last, end = f.line_start[line], f.line_start[line + 1], f.may.shape[1]
    wait, value = f.wait[line], desk.value
    spread = int(min(limit / wait, end)) if wait > 0 else end
    clock = lowest = f.ready[line]
    keeps_all = True
    for v in range(first, last):
        keeps_all = keeps_all and f.skip[v] > limit
    for v in range(first, last):
        desk.low[v - first] = min(f.soonest[v] if keeps_all else lowest, end)
        desk.high[v - first] = min(f.soonest[v] + spread + 1, end)
        lowest += f.travel[v]
    many = last - first
    desk.low[many], desk.high[many] = 0, end
    value[many, :] = 0.0
    for v in range(last - 1, first - 1, -1):
        row = v - first
        low, high, after_high = desk.low[row], desk.high[row], desk.high[row + 1]
        _start_costs(f, v, low, high, used, desk.start_cost)
        here, after, choice = value[row], value[row + 1], desk.choice[row]
        after_low = desk.low[row + 1]
        on, stay = f.travel[v], f.stay[v] + f.travel[v]
        here[high], choice[high] = f.skip[v] + after[after_high], LEFT
        best, best_at, skip = np.inf, LEFT, f.skip[v]
        for t in range(high - 1, low - 1, -1):
            if desk.start_cost[t] < np.inf:
                cost = desk.start_cost[t] + wait * t + after[max(min(t + stay, after_high), after_low)]
                if cost <= best:
                    best, best_at = cost, t
            left = skip + after[max(min(t + on, after_high), after_low)]
            if best - wait * t <= left:
                here[t], choice[t] = best - wait * t, best_at
            else:
                here[t], choice[t] = left, LEFT
    clock = f.ready[line]
    total = 0.0
    for v in range(first, last):
        row = v - first
        at = max(min(clock, desk.high[row]), desk.low[row])
        if v == first:
            total = value[0, at] + wait * (at - clock if at > clock else 0)
        begin[v] = desk.choice[row, at]
        clock = clock + f.travel[v] if begin[v] == LEFT else begin[v] + f.stay[v] + f.travel[v]
    return total


@njit(cache=True, nogil=True)
def _start_costs(f: Field, v: int, low: int, high: int, used: Ints, costs: Floats) -> None:
    """Write what beginning a visit in each minute counts; infinite where it may not or has no room."""
    end = f.may.shape[1]
    due, late, early = f.due[v], f.late[v], f.early[v]
    for t in range(low, high):
        costs[t] = late * (t - due) if t > due else early * (due - t)
    for t in range(low, high):
        if not f.may[v, t]:
            costs[t] = np.inf
    for u in range(f.use_start[v], f.use_start[v + 1]):
        p, length, room = f.use_place[u], f.use_minutes[u], f.capacity[f.use_place[u]] - f.use_amount[u]
        taken, after = used[p], f.use_after[u]
        blocked = end
        top = min(high + after, end)
        for x in range(min(top + length, end) - 1, top - 1, -1):
            if taken[x] > room:
                blocked = x
        for x in range(top - 1, low + after - 1, -1):
            if taken[x] > room:
                blocked = x
            if blocked < x + length:
                costs[x - after] = np.inf


@njit(cache=True, nogil=True)
def book(f: Field, line: int, used: Ints, begin: Ints, sign: int) -> None:
    """Take the places of a line's visits (1), or give them back (-1)."""
    for v in range(f.line_start[line], f.line_start[line + 1]):
        if begin[v] != LEFT:
            for u in range(f.use_start[v], f.use_start[v + 1]):
                start = begin[v] + f.use_after[u]
                for x in range(start, start + f.use_minutes[u]):
                    used[f.use_place[u], x] += sign * f.use_amount[u]


@njit(cache=True, nogil=True)
def line_cost(f: Field, line: int, begin: Ints) -> float:
    """Add up what a line's times count."""
    total, clock = 0.0, f.ready[line]
    for v in range(f.line_start[line], f.line_start[line + 1]):
        t = begin[v]
        if t == LEFT:
            total += f.skip[v]
            clock += f.travel[v]
            continue
        total += f.wait[line] * (t - clock)
        total += f.late[v] * (t - f.due[v]) if t > f.due[v] else f.early[v] * (f.due[v] - t)
        clock = t + f.stay[v] + f.travel[v]
    return total


@njit(cache=True, nogil=True)
def construct(
    f: Field, order: Ints, used: Ints, free: Ints, begin: Ints, costs: Floats, alone: Floats, desk: Desk
) -> None:
    """Give some lines their best times one after another, beside those that have theirs.

    `free` is nothing taken: `alone` becomes what each counts if nobody else were there.
    """
    for line in order:
        book(f, line, used, begin, -1)
        best_line(f, line, free, begin, desk, np.inf)
        alone[line] = line_cost(f, line, begin)
        best_line(f, line, used, begin, desk, np.inf)
        book(f, line, used, begin, 1)
        costs[line] = line_cost(f, line, begin)


@njit(cache=True, nogil=True)
def _together(f: Field, begin: Ints, excess: Floats, many: int, chosen: Ints) -> int:
    """Choose lines that meet at one place about one time, first one that waits; return how many."""
    lines = f.ready.shape[0]
    one = np.random.randint(lines)
    for _ in range(2):
        other = np.random.randint(lines)
        if excess[other] > excess[one]:
            one = other
    chosen[0], count = one, 1
    tries = 0
    while count < many and tries < 4 * many:
        tries += 1
        line = chosen[np.random.randint(count)]
        low, high = f.line_start[line], f.line_start[line + 1]
        if low == high:
            continue
        v = low + np.random.randint(high - low)
        if f.use_start[v] == f.use_start[v + 1]:
            continue
        u = f.use_start[v] + np.random.randint(f.use_start[v + 1] - f.use_start[v])
        p = f.use_place[u]
        at_place = f.place_start[p + 1] - f.place_start[p]
        near, best = -1, np.inf
        for _ in range(3):
            w = f.use_visit[f.place_uses[f.place_start[p] + np.random.randint(at_place)]]
            far = abs(begin[w] - begin[v]) if begin[v] != LEFT and begin[w] != LEFT else 0
            is_new = True
            for i in range(count):
                if chosen[i] == f.line_of[w]:
                    is_new = False
            if is_new and far < best:
                near, best = f.line_of[w], far
        if near >= 0:
            chosen[count] = near
            count += 1
    return count


@njit(cache=True, nogil=True)
def improve(
    f: Field,
    begin: Ints,
    used: Ints,
    costs: Floats,
    alone: Floats,
    best: Ints,
    best_cost: float,
    tries: int,
    many: int,
    heat: float,
    desk: Desk,
) -> float:
    """Take a few lines out and put them back in another order, `tries` times; keep the best times in `best`."""
    chosen, old = np.empty(many, np.int64), begin.copy()
    total = costs.sum()
    for _ in range(tries):
        count = _together(f, begin, costs - alone, np.random.randint(1, many + 1), chosen)
        before = 0.0
        for i in range(count):
            line = chosen[i]
            before += costs[line]
            book(f, line, used, begin, -1)
            for v in range(f.line_start[line], f.line_start[line + 1]):
                old[v] = begin[v]
        np.random.shuffle(chosen[:count])
        limit = before - heat * np.log(1.0 - np.random.random())
        rest = 0.0
        for i in range(count):
            rest += alone[chosen[i]]
        after, put = 0.0, 0
        while put < count and after + rest <= limit:
            line = chosen[put]
            rest -= alone[line]
            best_line(f, line, used, begin, desk, limit - after - rest)
            book(f, line, used, begin, 1)
            after += line_cost(f, line, begin)
            put += 1
        if put == count and after <= limit:
            total += after - before
            for i in range(count):
                costs[chosen[i]] = line_cost(f, chosen[i], begin)
            if total < best_cost - 1e-7:
                best_cost = total
                best[:] = begin
        else:
            for i in range(put):
                book(f, chosen[i], used, begin, -1)
            for i in range(count):
                line = chosen[i]
                for v in range(f.line_start[line], f.line_start[line + 1]):
                    begin[v] = old[v]
                book(f, line, used, begin, 1)
    return best_cost


@njit(cache=True, nogil=True)
def sow(seed: int) -> None:
    """Set the lots that compiled code draws."""
    np.random.seed(seed)
