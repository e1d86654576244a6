"""The tables of places, a file a subject."""

from lastmetre.ground.places.models.compounds import Building, Cart, Compound, Gate, Unit, UnloadingPoint
from lastmetre.ground.places.models.households import Household
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
    "Regime",
    "RegimePeriod",
    "Unit",
    "UnloadingPoint",
]
