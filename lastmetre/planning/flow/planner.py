"""The planner: play the days again and again with other luck, until enough or out of time."""

from __future__ import annotations

from time import monotonic

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.flow.problem import Problem
from lastmetre.planning.flow.results import Plan, Tally, gathered
from lastmetre.planning.flow.weeks import days_of

REPLICATIONS = 20


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = REPLICATIONS,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Play `iterations` replications, or as many as begin within `seconds`; always at least one.

    Replication n has the same luck in every problem of the same households, places and seed, so that the
    difference between two plans is that of what was changed.
    """
    end = None if seconds is None else monotonic() + seconds
    wanted = iterations if iterations is not None else (2**31 if seconds is not None else REPLICATIONS)
    tallies: list[Tally] = []
    while len(tallies) < max(wanted, 1):
        if tallies and ((end and monotonic() > end) or (cancelled and cancelled())):
            break
        tally = Tally(problem)
        for day in days_of(problem, seed, len(tallies)):
            tally.add(day)
        tallies.append(tally)
        if progress:
            progress(len(tallies) / max(wanted, 1))
    return gathered(problem, tallies, seed)
