"""Routing: which vehicle goes where, in which order, when; in plain words: docs/planning/routing.md."""

from lastmetre.planning.routing.choose import plan
from lastmetre.planning.routing.distances import Distances
from lastmetre.planning.routing.plans import Plan, Route, Trip, Unserved, Visit
from lastmetre.planning.routing.problem import Depot, Problem, Stop, Vehicle

__all__ = [
    "Depot",
    "Distances",
    "Plan",
    "Problem",
    "Route",
    "Stop",
    "Trip",
    "Unserved",
    "Vehicle",
    "Visit",
    "plan",
]
