"""Cooling: anneals a zoning from its first pairs to its best, twice side by side with different luck.

Compiled changes let go of Python's lock, so that each search has a core of its own.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import NamedTuple

import numpy as np

from lastmetre.planning.columns import Whole
from lastmetre.planning.zoning import anneal
from lastmetre.planning.zoning.clock import CHUNK, Clock
from lastmetre.planning.zoning.field import Field, Floats, Ints, field_of, near_of
from lastmetre.planning.zoning.prices import Prices, relaxed
from lastmetre.planning.zoning.state import State, may, place, start
from lastmetre.planning.zoning.terms import NOBODY, Problem

HEAT = 0.2, 0.005
"""Of the first and the last changes: part of how far apart the most promising choices are."""

WARM = 0.02
"""The same of the first changes where a plan is in force."""

COOLED, TIMES = 1200, (3, 6)
"""The search cools down as often as the compounds go into the first, between so many times: a small town is soon
stuck and warmed again; a large one that cools down only once may leave somebody out."""

MOST_RISE, RISE = 0.3, 0.02
"""How far an overloaded supplier's price rises: in the first round, and in the last while each compound is changed
once on average, as a part of what one compound is of a load; prices faster than that lead nowhere at the end."""

SEARCHES = 2
"""Fixed, so that a plan is the same on every machine."""


class Cooling(NamedTuple):
    """How a search cools down."""

    hot: float
    cold: float
    times: int
    rise: float
    """How far an overloaded supplier's price rises in the last rounds."""
    has_areas: bool


class Sound(NamedTuple):
    """Pairs (2, C) that break no limit, and what they cost."""

    pair: Ints
    cost: float


def cooled(
    problem: Problem,
    begin: Whole | None,
    fixed: Whole,
    prices: Prices,
    seed: int,
    clock: Clock,
    *,
    once: bool = False,
) -> Whole:
    """Return pairs (C, 2) that break no limit; without any to begin with, from those that the prices suggest.

    `once`: whoever a single cooling leaves out somebody else lets in again.
    """
    field = field_of(problem, fixed)
    own = prices.own()
    # What a compound costs a supplier at these prices says more than its way alone.
    worth = field.cost[:, :, :-1] + 0.0
    worth[0] += np.einsum("csk,sk->cs", field.use[:, :-1], own)
    field = field._replace(near=near_of(worth))
    scale = _spread(np.sort(worth[0], axis=1))
    state = start(field, np.maximum((own / field.parts).max(axis=1), scale))
    _place(field, state, relaxed(field, prices).pairs if begin is None else begin)
    cooling = Cooling(
        hot=scale * (HEAT[0] if begin is None else WARM),
        cold=scale * HEAT[1],
        times=1 if once else min(max(COOLED // len(problem), TIMES[0]), TIMES[1]),
        rise=min(RISE * CHUNK * problem.suppliers / len(problem) ** 2, MOST_RISE),
        has_areas=problem.area is not None,
    )
    luck = np.random.SeedSequence(seed % 2**32).generate_state(SEARCHES).tolist()
    clocks = [clock, *(clock.beside() for _ in luck[1:])]
    with ThreadPoolExecutor(SEARCHES) as threads:
        jobs = [
            threads.submit(_search, field, deepcopy(state), cooling, *both)
            for both in zip(luck, clocks, strict=True)
        ]
    best = min((job.result() for job in jobs), key=lambda sound: sound.cost).pair
    return np.where(best == problem.suppliers, NOBODY, best).T


def _search(field: Field, state: State, cooling: Cooling, luck: int, clock: Clock) -> Sound:
    """Anneal until the clock ends it."""
    begin = deepcopy(state)
    anneal.repair(field, begin)
    best, cost = begin.pair, anneal.total_of(field, begin)
    anneal.sow(luck)  # a thread draws lots of its own
    while (part := clock.gone()) < 1:
        cold = part * cooling.times % 1
        heat = cooling.hot * (cooling.cold / cooling.hot) ** cold
        dearer = 1 + MOST_RISE * (cooling.rise / MOST_RISE) ** cold
        cost = anneal.run(field, state, best, cost, CHUNK, heat, cooling.has_areas)
        anneal.reprice(field, state, 0.2 * (1 - cold) + 0.5 * cold / len(field.capacity), dearer)
        clock.done += CHUNK
    anneal.repair(field, state)
    return min(
        Sound(best, cost), Sound(state.pair, anneal.total_of(field, state)), key=lambda sound: sound.cost
    )


def _spread(worth: Floats) -> float:
    """Return how far apart the most promising choices are: the scale of the heat; `worth` is sorted."""
    worth = worth[np.isfinite(worth[:, 0])]
    apart = worth[:, min(3, worth.shape[1] - 1)] - worth[:, 0]
    apart = apart[np.isfinite(apart) & (apart > 0)]
    return float(np.median(apart)) if apart.size else 1.0


def _place(field: Field, state: State, pairs: Whole) -> None:
    """Begin with pairs as far as they are allowed: a backup whose primary is gone takes its place."""
    nobody = len(field.capacity)
    for compound, pair in enumerate(np.where(pairs == NOBODY, nobody, pairs).tolist()):
        p, b = (s if np.isfinite(field.cost[side, compound, s]) else nobody for side, s in enumerate(pair))
        if p == nobody and b != nobody and np.isfinite(field.cost[0, compound, b]):
            p, b = b, nobody
        if p != nobody and p != b and may(field, state, compound, p, b):
            place(field, state, compound, p, b)
