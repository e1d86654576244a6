"""A bound below every plan of slots that serves all visits: places priced by the minute (Lagrange).

Whatever the prices of 0 or more are, what each tour pays alone for its cheapest times, less what all room costs,
is at most the cost of any plan. The prices are improved by subgradient steps. Nothing is shared with the search.
"""

from __future__ import annotations

from time import process_time

import numpy as np
from numba import njit

from lastmetre.planning.slots import Problem


def bound_of(problem: Problem, seconds: float, target: float) -> float:
    """Return the best bound found in so many seconds of processor time; `target` is a plan's cost."""
    end, tours = problem.end_min, _tours(problem)
    capacity = np.array([place.capacity for place in problem.places], np.float64)[:, None]
    price, direction = np.zeros((len(capacity), end)), np.zeros((len(capacity), end))
    kept, best, step, stalled = price.copy(), -np.inf, 1.0, 0
    _relaxed(tours[0], *tours[1:], price)  # compiled before the time begins
    begin = process_time()
    while process_time() - begin < seconds and best < target - 1e-6:
        value, taken = _relaxed(tours[0], *tours[1:], price)
        value -= float((price * capacity).sum())
        stalled += 1
        if value > best:
            best, kept, stalled = value, price.copy(), 0
        if stalled >= 15:
            step, stalled, price = step * 0.7, 0, kept.copy()
        direction = taken - capacity + 0.7 * direction
        useful = np.where((price <= 0) & (direction < 0), 0, direction)
        price = np.maximum(price + step * max(target - value, 1) / max((useful**2).sum(), 1e-9) * useful, 0)
    return best


def _tours(problem: Problem) -> tuple[np.ndarray, ...]:
    """Arrays: tours (first, last, ready, weight), visits (stay, travel), own costs, uses, where uses begin."""
    end, tours, visits, costs, uses, starts = problem.end_min, [], [], [], [], [0]
    for tour in problem.tours:
        tours.append((len(visits), len(visits) + len(tour.visits), tour.ready_min, tour.wait_weight))
        for visit in tour.visits:
            visits.append((visit.bound_min, visit.travel_min))
            costs.append([_own_cost(problem, tour, visit, minute) for minute in range(end)])
            uses += [(use.place, use.minutes, use.after_min, use.amount) for use in visit.uses]
            starts.append(len(uses))
    return np.array(tours), np.array(visits), np.array(costs), np.array(uses), np.array(starts)


def _own_cost(problem, tour, visit, begin) -> float:
    open_then = any(opens <= begin <= closes for opens, closes in visit.windows)
    if begin < tour.ready_min or begin + visit.bound_min > tour.close_min or not open_then:
        return np.inf
    for use in visit.uses:
        start, place = begin + use.after_min, problem.places[use.place]
        inside = any(opens <= start and start + use.minutes <= closes for opens, closes in place.hours)
        if not inside or start % place.step_min:
            return np.inf
    if visit.due_min is None:
        return 0.0
    late = begin - visit.due_min
    return float(visit.late_weight * late if late > 0 else -visit.early_weight * late)


@njit(cache=True)
def _relaxed(tours, visits, costs, uses, starts, price):
    """Time each tour alone at these prices; return what they pay together, and what they take."""
    end = price.shape[1]
    paid, taken = np.zeros((price.shape[0], end + 1)), np.zeros(price.shape)
    for p in range(price.shape[0]):
        paid[p, 1:] = np.cumsum(price[p])
    many = 0
    for k in range(tours.shape[0]):
        many = max(many, tours[k, 1] - tours[k, 0])
    value, choice, cost = np.zeros((many + 1, end + 1)), np.zeros((many, end + 1), np.int64), np.zeros(end)
    total = 0.0
    for k in range(tours.shape[0]):
        first, last, ready, weight = tours[k]
        value[last - first, :] = 0.0
        for v in range(last - 1, first - 1, -1):
            here, after, chosen = value[v - first], value[v - first + 1], choice[v - first]
            cost[:] = costs[v]
            for u in range(starts[v], starts[v + 1]):
                p, minutes, later, amount = uses[u]
                top = end - minutes - later + 1
                cost[:top] += amount * (
                    paid[p, later + minutes : later + minutes + top] - paid[p, later : later + top]
                )
            bound = visits[v, 0] + visits[v, 1]
            best, best_at = np.inf, -1
            here[end] = np.inf if last > first else 0.0
            for t in range(end - 1, ready - 1, -1):
                if cost[t] < np.inf:
                    one = cost[t] + weight * t + after[min(t + bound, end)]
                    if one <= best:
                        best, best_at = one, t
                here[t], chosen[t] = best - weight * t, best_at
        total += value[0, ready]
        clock = ready
        for v in range(first, last):
            begin = choice[v - first, clock]
            if begin < 0:
                return np.inf, taken
            for u in range(starts[v], starts[v + 1]):
                p, minutes, later, amount = uses[u]
                taken[p, begin + later : begin + later + minutes] += amount
            clock = min(begin + visits[v, 0] + visits[v, 1], end)
    return total, taken
