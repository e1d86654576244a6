"""Flow: a day or weeks of the whole chain played through by chance (YC2, YX16): the drill.

Households ask, suppliers pack, vehicles drive, gates disinfect, bags are sorted and carried to the doors;
people are absent, vehicles break down, regimes change. The rule in plain words: docs/planning/flow.md.
"""

from lastmetre.planning.flow.planner import plan
from lastmetre.planning.flow.problem import Chances, Change, Compound, Problem, Regime, Supplier
from lastmetre.planning.flow.results import MEASURES, STAGES, Estimate, Plan

__all__ = [
    "MEASURES",
    "STAGES",
    "Chances",
    "Change",
    "Compound",
    "Estimate",
    "Plan",
    "Problem",
    "Regime",
    "Supplier",
    "plan",
]
