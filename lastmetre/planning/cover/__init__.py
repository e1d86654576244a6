"""Cover: what to send to which market point or shop, from which warehouse, on which lorry (PD3, ER7).

The rule in plain words: docs/planning/cover.md.
"""

from lastmetre.planning.cover.planner import plan
from lastmetre.planning.cover.terms import (
    NOBODY,
    Good,
    Load,
    Plan,
    Point,
    Problem,
    Round,
    Unserved,
    Warehouse,
)

__all__ = ["NOBODY", "Good", "Load", "Plan", "Point", "Problem", "Round", "Unserved", "Warehouse", "plan"]
