"""What is to be loaded: bags and boxes for stops, and vehicles with their compartments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lastmetre.terms import InputError, Sentence, say

MOST = 2**40
"""No weight or volume is larger: sums of a million of them still fit 64 bits."""


class Temperature(StrEnum):
    """How goods must be kept on the way; the words are those of the goods."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class Room:
    """A compartment of a vehicle."""

    weight_g: int
    volume_ml: int
    temperatures: frozenset[Temperature] = frozenset({Temperature.AMBIENT})
    """Which goods may lie in it; each kind has one compartment of a vehicle at most."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle, or one trip of it, to be loaded once."""

    rooms: tuple[Room, ...]
    weight_g: int = MOST
    """What all its compartments may carry together."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where goods are unloaded."""

    unload_at: int = 0
    """Its turn on the way: the smaller, the sooner; a place in the route or the minute of a slot."""
    vehicle: int | None = None
    """The vehicle that a route or a person has fixed; None: any."""
    priority: int = 0
    """Where not all fits, the smaller goes first."""


@dataclass(frozen=True, slots=True)
class Item:
    """A bag or a box: never opened on the way, never split."""

    stop: int
    weight_g: int = 0
    volume_ml: int = 0
    temperature: Temperature = Temperature.AMBIENT


@dataclass(frozen=True)
class Problem:
    """All that stands ready at one place. Raises `InputError` where a figure makes no sense."""

    vehicles: tuple[Vehicle, ...]
    stops: tuple[Stop, ...]
    items: tuple[Item, ...]

    def __post_init__(self) -> None:
        for number, vehicle in enumerate(self.vehicles, start=1):
            name = say("Vehicle {number}", number=number)
            rooms = [figure for room in vehicle.rooms for figure in (room.weight_g, room.volume_ml)]
            _check_amounts(name, (vehicle.weight_g, *rooms))
            kinds = [kind for room in vehicle.rooms for kind in room.temperatures]
            if len(set(kinds)) < len(kinds):
                raise InputError(
                    say("{name} has two compartments for goods of the same temperature.", name=name),
                    remedy=say("Make one compartment of them, or two vehicles."),
                )
        for number, stop in enumerate(self.stops, start=1):
            if stop.vehicle is not None and not 0 <= stop.vehicle < len(self.vehicles):
                raise InputError(
                    say("Stop {number} is fixed to a vehicle that does not exist.", number=number),
                    remedy=say("Give numbers from 0 to {last}.", last=len(self.vehicles) - 1),
                )
        for number, item in enumerate(self.items, start=1):
            _check_amounts(say("Bag {number}", number=number), (item.weight_g, item.volume_ml))
            if not 0 <= item.stop < len(self.stops):
                raise InputError(
                    say("Bag {number} is for a stop that does not exist.", number=number),
                    remedy=say("Give numbers from 0 to {last}.", last=len(self.stops) - 1),
                )


def _check_amounts(name: Sentence, amounts: Iterable[int]) -> None:
    for amount in amounts:
        if not 0 <= amount <= MOST:
            raise InputError(
                say("{name} has a weight or volume of {amount}.", name=name, amount=amount),
                remedy=say("Give a whole number of 0 or more."),
            )
