"""Clock: the budget of several searches, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from itertools import count

from lastmetre.planning.budget import Budget

CHUNK = 10_000
"""Changes between two looks at the clock."""


class Clock(Budget):
    """A budget of which each search in turn gets a part."""

    done, start, stop = 0, 0.0, 1.0

    def before(self, part: float) -> Callable[[], bool]:
        """Return what tells, turn by turn, whether this part of the budget is left; few iterations, few turns."""
        turns = iter(range(1 + self.iterations // CHUNK * 2)) if self.iterations is not None else count()
        return lambda: next(turns, None) is not None and self.spent(self.done) < part

    def until(self, stop: float) -> Clock:
        """Begin another search, which may go on to this part of the budget."""
        self.start, self.stop = self._gone(), stop
        return self

    def beside(self) -> Clock:
        """Return a clock for another search at the same time: it counts by itself, and tells nobody."""
        other = copy(self)
        other.progress = None
        return other

    def gone(self) -> float:
        """Tell how far this search has come, from 0 to 1, which ends it."""
        return (self._gone() - self.start) / (self.stop - self.start) if self.start < self.stop else 1.0

    def _gone(self) -> float:
        """Tell how much of the budget is gone: by iterations, where given, so that the clock changes no plan."""
        told = self.spent(self.done)
        return told if self.iterations is None or told >= 1 else self.done / max(self.iterations, 1)
