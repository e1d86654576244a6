"""Loading: which bag or box goes on which vehicle, in which compartment, in which order (last off first on).

In plain words: docs/planning/loading.md.
"""

from lastmetre.planning.loading.planner import after_routing, plan
from lastmetre.planning.loading.plans import Left, Load, Plan
from lastmetre.planning.loading.problem import Item, Problem, Room, Stop, Temperature, Vehicle

__all__ = [
    "Item",
    "Left",
    "Load",
    "Plan",
    "Problem",
    "Room",
    "Stop",
    "Temperature",
    "Vehicle",
    "after_routing",
    "plan",
]
