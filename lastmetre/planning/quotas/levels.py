"""Levels: fill all claims together until some can have no more, keep those, go on with the others.

The level at which claims get stuck is found by discrete Newton steps: a linear program tells what is short
at a level, and its prices tell the highest level at which those claims could be served; that level is tried
next. The last prices are the proof (`Bottleneck`). After S. Fujishige, "Lexicographically optimal base of a
polymatroid", Math. Oper. Res. 5, 1980, with linear programs for cuts, as stand-ins have ratios.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.columns import Real, Whole
from lastmetre.planning.quotas.pieces import Piece, pieces
from lastmetre.planning.quotas.terms import Bottleneck, Prices, Problem, Ways

SHORT = 1e-7
"""Of all that is due: less than this part is the solver's tolerance, not short."""

NO_PRICE = 2e-6
"""Needs' prices lie between 0 and 1; below this one is 0."""


@dataclass
class Filling:
    """How far the claims are filled."""

    problem: Problem
    ways: Ways
    due: Real
    """(P,) units that each claim has so far."""
    is_fixed: NDArray[np.bool_]
    """(P,) can have no more."""
    flow: Real
    """(A,) units of its lot that come by each way."""
    caps: Real
    bottlenecks: list[Bottleneck] = field(default_factory=list)
    is_proved: bool = True


def fill(problem: Problem, go_on: Callable[[float], bool]) -> Filling:
    """Fill all claims; `go_on` is told the part that is done. Once it says no, what hangs together stops at one
    level, and nothing proves that nobody could have more.
    """
    ways = problem.ways()
    is_fixed = ~np.isin(problem.needs, ways.need)
    caps = problem.wishes.ravel().astype(np.float64)
    filling = Filling(problem, ways, np.zeros(len(problem)), is_fixed, np.zeros(ways.lot.size), caps)
    pending = list(pieces(problem, ways, np.arange(ways.lot.size)))
    while pending:
        piece = pending.pop()
        if filling.is_fixed[piece.claims].all():
            _bring(filling, piece)
        else:
            pending += _raise(filling, piece, go_on(float(filling.is_fixed.mean())))
    return filling


def _raise(filling: Filling, piece: Piece, goes_on: bool) -> list[Piece]:
    """Fill one piece to its next level; return the pieces that it falls into."""
    problem, ways = filling.problem, filling.ways
    free = piece.claims[~filling.is_fixed[piece.claims]]
    rank = int(problem.ranks[free].min())
    rising = free[problem.ranks[free] == rank]
    level, stuck = _next_level(filling, piece, rising)
    if stuck is None or not goes_on:
        filling.is_fixed[rising] = True
        filling.is_proved &= stuck is None
        return [piece]
    # A free claim of a later rank that lives by the same lots is stuck at nothing.
    is_stuck = stuck.need[problem.needs[free]] > NO_PRICE
    filling.is_fixed[free[is_stuck]] = True
    filling.due[free[~is_stuck]] = 0.0
    filling.bottlenecks.append(Bottleneck(level, rank, stuck))
    # What comes dearer than its need is worth brings nothing unless somebody in the bottleneck has less.
    spare = (
        stuck.lot[ways.lot]
        + (stuck.accepted[ways.need] * ways.stands_in - stuck.need[ways.need]) / ways.per_unit
    )
    return list(pieces(problem, ways, piece.index[spare[piece.index] <= NO_PRICE]))


def _next_level(filling: Filling, piece: Piece, rising: Whole) -> tuple[float, Prices | None]:
    """Set what is due to the rising claims at the highest level that all can have, and say what holds it there."""
    heads, caps = filling.problem.heads[rising], filling.caps[rising]
    level, stuck = float("inf"), None
    while True:
        filling.due[rising] = np.minimum(caps, heads * level)
        solved = piece.solve(filling.due)
        if solved.short <= SHORT * (1 + filling.due[piece.claims].sum()):
            return level, stuck
        lower = _level_of(filling, piece, rising, solved.prices)
        if lower >= level:  # nothing but the solver's tolerance is short
            return level, stuck
        level, stuck = lower, solved.prices


def _level_of(filling: Filling, piece: Piece, rising: Whole, prices: Prices) -> float:
    """Return the level at which what is wanted is worth, by these prices, just what there is."""
    problem = filling.problem
    others = np.setdiff1d(piece.claims, rising, assume_unique=True)
    worth = prices.worth(problem) - float(prices.need[problem.needs[others]] @ filling.due[others])
    heads, caps, price = problem.heads[rising], filling.caps[rising], prices.need[problem.needs[rising]]
    first_full = np.argsort(caps / heads, kind="stable")
    heads, caps, price = heads[first_full], caps[first_full], price[first_full]
    full_before = np.cumsum(price * caps) - price * caps
    heads_left = np.cumsum((price * heads)[::-1])[::-1]
    # At the level where claim i fills up, that much is wanted:
    wanted = full_before + heads_left * caps / heads
    full = int(np.searchsorted(wanted, worth, side="left"))
    if full == rising.size or heads_left[full] <= 0:
        return float("inf")
    return float(max((worth - full_before[full]) / heads_left[full], 0.0))


def _bring(filling: Filling, piece: Piece) -> None:
    """Bring what is due with the fewest stand-ins, and of such plans by the shortest ways."""
    metres = filling.ways.metres
    cost = 0.1 + filling.ways.stands_in + metres / (10 * max(float(metres.max(initial=0)), 1.0))
    filling.flow[piece.index] = piece.solve(filling.due, cost).flow
