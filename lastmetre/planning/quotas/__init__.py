"""Quotas: what each zone and class may have of each category when a whole district runs short (YX7, YX8b).

Nobody can be raised without lowering somebody who is no better off, and every plan carries the prices that
prove it. The rule in plain words: docs/planning/quotas.md.
"""

from lastmetre.planning.quotas.planner import plan
from lastmetre.planning.quotas.terms import Bottleneck, Plan, Problem

__all__ = ["Bottleneck", "Plan", "Problem", "plan"]
