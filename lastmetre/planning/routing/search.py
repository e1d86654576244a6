"""What both searches are handed and hand back, and the budget that stops them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.routing.problem import Problem
from lastmetre.planning.routing.schedule import Call

Turn = tuple[int, list[list[Call]]]
"""A kind of vehicle, and the calls of each of its trips."""
MUST = 1_000
"""A stop that must be served counts as many optional ones of priority 1."""


@dataclass
class Budget:
    """When to stop: after seconds, after iterations, or when somebody says so."""

    seconds: float | None = None
    iterations: int | None = None
    progress: Progress | None = None
    cancelled: Cancelled | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float:
        """Seconds that are left; endless where only iterations count."""
        if self.iterations is not None or self.seconds is None:
            return float("inf")
        return self.seconds - (time.monotonic() - self.started)

    def spent(self, iterations: int) -> float:
        """Return how much of the budget is used, from 0 to 1, and tell who watches."""
        if self.iterations is not None:
            part = iterations / max(self.iterations, 1)
        else:
            part = 1 - self.left_s / self.seconds if self.seconds else 1.0
        if self.progress is not None:
            self.progress(min(max(part, 0.0), 1.0))
        return part

    def is_over(self, iterations: int) -> bool:
        """Tell whether to stop."""
        return self.spent(iterations) >= 1 or (self.cancelled is not None and self.cancelled())


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: routes whose order is settled, their times not yet."""

    turns: Sequence[Turn]
    iterations: int


def prizes(problem: Problem) -> dict[int, int]:
    """Return what serving each stop is worth: more than any detour, optional ones by their priority."""
    places = {depot.place for depot in problem.depots}
    metres = problem.distances.metres
    farthest = max((metres(depot, stop.place) for depot in places for stop in problem.stops), default=0)
    dearest = max((one.metre_cost for one in problem.vehicles), default=1)
    fixed = max((one.fixed_cost for one in problem.vehicles), default=0)
    paid_s = max((one.second_cost for one in problem.vehicles), default=0) * 86_400
    worth = min(2 * farthest * dearest + fixed + paid_s + 1, 2**34)
    return {
        number: worth * (min(stop.priority, MUST - 1) or MUST) for number, stop in enumerate(problem.stops)
    }
