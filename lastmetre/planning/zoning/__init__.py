"""Zoning: which supplier serves which compound, and who steps in when one fails (YX14c, YX15, QZ9, QZ13).

Each compound gets a primary and a backup so that, whichever single supplier fails, the others carry its
load within what they can give in an emergency. The rule in plain words: docs/planning/zoning.md.
"""

from lastmetre.planning.zoning.planner import plan
from lastmetre.planning.zoning.terms import NOBODY, Plan, Problem

__all__ = ["NOBODY", "Plan", "Problem", "plan"]
