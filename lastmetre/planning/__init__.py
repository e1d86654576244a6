"""The brain: pure answers to the questions of a delivery day, one module a question.

Every question has a frozen `Problem` and `Plan` and `plan(problem, *, seed, seconds, iterations, progress,
cancelled)`; it sees no database, network or clock, and the same problem and seed give the same plan.
Where something must be compiled first, `warm_up(problem)` beside `plan` does it before the budget begins.
`jobs` plans any of them in a process of its own. `checks` holds the independent code that a plan must pass
before anybody writes it down.
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float], None]
"""Told how far a long plan has come, from 0 to 1."""

Cancelled = Callable[[], bool]
"""Asked now and then whether to stop; the best plan so far is returned."""
