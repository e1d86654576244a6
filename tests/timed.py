"""How fast the product must be, where the machine is its own."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from time import process_time

BUDGET_S = 0.1
STEPS = 3
"""A search looks at the clock between two steps, and its plan is proven after the last: so many times the least."""
ENGINES = 10
"""What a tenth of a second may cost of the processor: threads work at the same time."""


def within(limit: float) -> float:
    """Return a limit of time that `make faults` holds the product to; `make test` shares the machine with others."""
    return limit if os.environ.get("TIMED") else math.inf


def is_in_time(plan: Callable[..., object]) -> bool:
    """Tell whether a plan that has a tenth of a second costs little more than one with a single iteration.

    Both are measured by the processor, one after the other: it says the same on any machine.
    """
    least = _cost_s(lambda: plan(iterations=1))
    return _cost_s(lambda: plan(seconds=BUDGET_S)) < STEPS * least + ENGINES * BUDGET_S


def _cost_s(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began
