"""The tables of places, a file a subject."""

from lastmetre.ground.places.models.compounds import Building, Cart, Compound, Gate, Unit, UnloadingPoint
from lastmetre.ground.places.models.households import Household, RosterUpload
from lastmetre.ground.places.models.points import Point
from lastmetre.ground.places.models.regimes import Regime, RegimePeriod
from lastmetre.ground.places.models.tree import Grid, GridMember, Place, Placed

__all__ = [
    "Building",
    "Cart",
    "Compound",
    "Gate",
    "Grid",
    "GridMember",
    "Household",
    "Place",
    "Placed",
    "Point",
    "Regime",
    "RegimePeriod",
    "RosterUpload",
    "Unit",
    "UnloadingPoint",
]
