"""Weeks: who asks each morning, what there is for them, and what is left of a day for the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lastmetre.planning.flow.chance import draw
from lastmetre.planning.flow.day import Bags, Bools, Record, in_packing_order, play
from lastmetre.planning.flow.problem import Floats, Ints, Problem, column

LONG_AGO = -(2**20)


@dataclass(frozen=True, eq=False)
class Day:
    """A day with what came before and after it."""

    record: Record
    asked: Ints
    """Households that asked on this day."""
    short: Ints
    """Those of them for whom the supplier had nothing; they ask again tomorrow."""
    spoiled: Ints
    """Households whose bag is thrown away at night."""
    hungry: Ints
    """Households without food on this day."""


class _State:
    """What goes from one day into the next."""

    def __init__(self, problem: Problem, generator: np.random.Generator) -> None:
        every = _every(problem, 0)
        since = 1 + np.floor(generator.random(len(problem.of_home)) * every)
        self.last_asked = -since.astype(np.int64)
        self.relies = generator.random(len(since))
        """From 0 to 1: below the part of those who live on the chain, the household does."""
        self.food_days = problem.home_days + every - since
        self.stock_g = column(problem.suppliers, "stock_g")
        none = np.zeros(0, np.int64)
        self.bags = Bags(none, np.zeros(0), none, none, none.astype(bool))


def days_of(problem: Problem, seed: int, replication: int) -> Iterator[Day]:
    """Play all days of one replication, the first first."""
    state = _State(problem, np.random.default_rng((seed, replication)))
    for day in range(problem.days):
        luck = draw(problem, seed, replication, day)
        if day:
            state.stock_g += column(problem.suppliers, "daily_g")
        relying = _relying(problem, state, day)
        asked = _asking(problem, state, day, relying)
        grams = problem.heads[asked] * _every(problem, day)[asked] * problem.ration_g * luck.weight[asked]
        given = _given(problem, state, asked, grams)
        state.last_asked[asked[given]] = day
        bags = in_packing_order(problem, _joined(state.bags, asked[given], grams[given], day))
        record = play(problem, day, bags, luck)
        spoiled = _close(problem, state, record)
        _eat(problem, state, record, relying)
        yield Day(record, asked, asked[~given], spoiled, np.flatnonzero(state.food_days < 0))
        np.maximum(state.food_days, 0, out=state.food_days)


def _every(problem: Problem, day: int) -> Ints:
    """Return (H,) for how many days each household may ask at once."""
    every = column(problem.regimes, "every_days").astype(np.int64)
    return np.asarray(every[problem.regimes_on(day)][problem.of_home])


def _relying(problem: Problem, state: _State, day: int) -> Bools:
    """Tell who lives on the chain; a stricter regime adds to them, who then ask all at once."""
    part = column(problem.regimes, "orders")[problem.regimes_on(day)][problem.of_home]
    return np.asarray((state.relies < part) & (problem.heads > 0))


def _asking(problem: Problem, state: _State, day: int, relying: Bools) -> Ints:
    """Find who may ask (FC5) and has no bag on its way."""
    may = day - state.last_asked >= _every(problem, day)
    may[state.bags.home] = False
    return np.flatnonzero(may & relying)


def _given(problem: Problem, state: _State, asked: Ints, grams: Floats) -> Bools:
    """Tell whose bag is filled: where a supplier has too little, first those with the least food left."""
    supplier = problem.supplier_of[problem.of_home[asked]]
    wanted = np.bincount(supplier, grams, len(problem.suppliers))
    given = np.ones(len(asked), bool)
    if (wanted > state.stock_g).any():
        order = np.lexsort((state.food_days[asked], supplier))
        total = np.cumsum(grams[order])
        before = np.r_[0.0, np.cumsum(wanted)][supplier[order]]
        given[order] = total - before <= state.stock_g[supplier[order]]
    state.stock_g -= np.bincount(supplier[given], grams[given], len(problem.suppliers))
    return given


def _joined(left: Bags, homes: Ints, grams: Floats, day: int) -> Bags:
    """Put the new bags beside what was left."""
    new = len(homes)
    return Bags(
        np.r_[left.home, homes],
        np.r_[left.grams, grams],
        np.r_[left.asked, np.full(new, day)],
        np.r_[left.packed, np.full(new, -1)],
        np.r_[left.is_there, np.zeros(new, bool)],
    )


def _close(problem: Problem, state: _State, record: Record) -> Ints:
    """Keep what did not reach its door; throw away what no longer keeps, so that its household may ask anew."""
    bags = record.bags
    packed = np.where((bags.packed < 0) & np.isfinite(record.packed_s), record.day, bags.packed)
    is_left = ~np.isfinite(record.door_s)
    is_spoiled = is_left & (packed >= 0) & (record.day - packed + 1 >= problem.keeps_days)
    stays = is_left & ~is_spoiled
    is_there = np.isfinite(record.there_s)
    state.bags = Bags(bags.home, bags.grams, bags.asked, packed, is_there).at(stays)
    spoiled = bags.home[is_spoiled]
    state.last_asked[spoiled] = LONG_AGO
    return spoiled


def _eat(problem: Problem, state: _State, record: Record, relying: Bools) -> None:
    """Bring what reached the doors into the homes, for as many days as it was asked for; all eat for a day.

    Who buys for themselves keeps what is at home.
    """
    came = np.isfinite(record.door_s)
    home, asked = record.bags.home[came], record.bags.asked[came]
    for day in np.unique(asked).tolist():
        there = home[asked == day]
        state.food_days[there] += _every(problem, day)[there]
    state.food_days -= relying
