"""The planner: play the days again and again with other luck, until enough or out of time."""

from __future__ import annotations

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.budget import Budget
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
    """Play `iterations` replications, or as many as are over within `seconds`.

    Replication n has the same luck in every problem of the same households, places and seed, so that the
    difference between two plans is that of what was changed. Where the first is not over in time the plan
    holds the days that are, one at least.
    """
    budget = Budget(seconds, cancelled=cancelled)
    wanted = iterations if iterations is not None else (2**31 if seconds is not None else REPLICATIONS)
    wanted = max(wanted, 1)
    tallies: list[Tally] = []
    while len(tallies) < wanted and not (tallies and budget.is_over(0)):
        tally = Tally(problem)
        for day in days_of(problem, seed, len(tallies)):
            tally.add(day)
            if budget.is_over(0):
                break
        if len(tally.days) < problem.days and tallies:
            break
        tallies.append(tally)
        if progress:
            progress(len(tallies) / wanted)
    return gathered(problem, tallies, seed)
