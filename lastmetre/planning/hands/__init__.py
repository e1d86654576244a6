"""Hands: which named person carries which doors of the day's waves (ER5, ER6, FC8).

`carts` says how many people a wave takes and cuts it alike for people who are alike. Here they are who they
are: there in the morning only, weaker, not on stairs, of one squad, away today. In plain words:
docs/planning/hands.md.
"""

from lastmetre.planning.hands.from_carts import stops_of
from lastmetre.planning.hands.planner import plan
from lastmetre.planning.hands.terms import Left, Person, Plan, Problem, Round, Stop

__all__ = ["Left", "Person", "Plan", "Problem", "Round", "Stop", "plan", "stops_of"]
