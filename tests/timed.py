"""How fast the product must be, where the machine is its own."""

from __future__ import annotations

import math
import os


def within(limit: float) -> float:
    """Return a limit of time that `make faults` holds the product to; `make test` shares the machine with others."""
    return limit if os.environ.get("TIMED") else math.inf
