"""Slots: when each vehicle is at each gate and unloading point; pickup by building; slots of a market.

In plain words: docs/planning/slots.md.
"""

from lastmetre.planning.slots.kinds import Building, Group, after_routing, by_building, market
from lastmetre.planning.slots.planner import plan
from lastmetre.planning.slots.plans import Plan, Slot, Unserved
from lastmetre.planning.slots.problem import Place, Problem, Tour, Use, Visit

__all__ = [
    "Building",
    "Group",
    "Place",
    "Plan",
    "Problem",
    "Slot",
    "Tour",
    "Unserved",
    "Use",
    "Visit",
    "after_routing",
    "by_building",
    "market",
    "plan",
]
