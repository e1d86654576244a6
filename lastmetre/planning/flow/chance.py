"""Chance: everything that is drawn for a day, so that two plans can be compared on the same luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lastmetre.planning.flow.problem import Floats, Ints, Problem

BLOCK = 64
"""People are drawn in such blocks: one more hand leaves the luck of all others as it was."""


@dataclass(frozen=True, eq=False)
class Draws:
    """The luck of a day. Factors have a mean of 1; each household's is drawn whether it asks or not."""

    weight: Floats
    """(H,)."""
    pack: Floats
    sort: Floats
    door: Floats
    lines: Ints
    """(S,) packers who came."""
    vehicles: Ints
    """(S,) drivers who came."""
    sorters: Ints
    """(C,)."""
    crew: Ints
    """(C,) carts that can go out, by the hands who came."""
    trips: np.random.Generator
    """Drawn from for each trip in turn, as nobody knows before how many there are."""


def draw(problem: Problem, seed: int, replication: int, day: int) -> Draws:
    """Draw a day; the same seed, replication and day give the same luck."""
    homes, people, trips = (np.random.default_rng((seed, replication, day, which)) for which in range(3))
    count = len(problem.of_home)
    suppliers, compounds = problem.suppliers, problem.compounds
    carriers = _present(problem, people, [one.hands for one in compounds])
    return Draws(
        weight=factors(homes, count, problem.chances.spread),
        pack=factors(homes, count, problem.chances.spread),
        sort=factors(homes, count, problem.chances.spread),
        door=factors(homes, count, problem.chances.spread),
        crew=np.minimum(carriers, np.array([one.carts for one in compounds], np.int64)),
        sorters=_present(problem, people, [one.sorters for one in compounds]),
        lines=_present(problem, people, [one.lines for one in suppliers]),
        vehicles=_present(problem, people, [one.vehicles for one in suppliers]),
        trips=trips,
    )


def factors(generator: np.random.Generator, count: int, spread: float) -> Floats:
    """Draw factors of mean 1 and standard deviation `spread`, never below 0 (gamma)."""
    if spread == 0:
        return np.ones(count)
    shape = spread**-2
    return generator.standard_gamma(shape, count) / shape


def _present(problem: Problem, generator: np.random.Generator, counts: list[int]) -> Ints:
    """Count who came of each place's people; for the last one somebody stands in."""
    planned = np.array(counts, np.int64)
    if problem.chances.absence == 0 or not planned.size:
        return planned
    width = -(-max(int(planned.max()), 1) // BLOCK) * BLOCK
    came = generator.random((len(counts), width)) >= problem.chances.absence
    count = (came & (np.arange(width) < planned[:, None])).sum(axis=1)
    return np.asarray(np.maximum(count, np.minimum(planned, 1)), np.int64)
