"""What is put on carts, who carries it, and how both are written down; `carts` decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lastmetre.terms import InputError, Sentence, Unit, say


@dataclass(frozen=True, slots=True)
class Bag:
    """One packed bag or parcel for one door. Bags of one unit, floor and room are for the same door."""

    unit: int
    """Place of its unit in `Problem.units`."""
    floor: int | None
    """None where not known: carried last and counted as half way up."""
    room: int
    """Place of its room in the order in which a floor is walked."""
    weight_g: int
    volume_ml: int = 0
    pieces: int = 1
    """Things to hand over: the bag itself, and what does not go in it (a sack of rice, a case of milk)."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one cart holds. The default is a folding hand cart of 90 x 60 cm, loaded to the chest."""

    weight_g: int = 150_000
    """Half of the 300 kg that such carts are sold for: one person pulls it over kerbs and up ramps."""
    volume_ml: int = 500_000
    """90 x 60 x 100 cm are 540 l; bags leave gaps."""


@dataclass(frozen=True, slots=True)
class Team:
    """Who carries and what they may be asked to do; hands, not goods, are the bottleneck (house law 7)."""

    people: int | None = None
    """None: as few as can do it in the waves that the carts need."""
    minutes: int = 180
    """In one wave: at 30 doors an hour these are 90 doors, within the 80-100 households of an officer."""
    waves_a_day: int = 2
    """ER5: one each morning and afternoon."""
    carry_g: int = 20_000
    """Carried in one go; ISO 11228-1 takes 25 kg as the most for young men, 15 to 20 kg for others."""
    wave_g: int = 1_000_000
    """Carried by one person in one wave: 90 doors of 11 kg."""
    door_s: int = 120
    """At each door, when it is phoned: 30 doors an hour; the way from door to door is in it."""
    piece_s: int = 5
    """Lifting and checking off each piece after the first at a door."""
    floor_s: int = 30
    """Up and down one floor of stairs with a full carry; lighter ones share a walk."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The bags of a day, the compound's units in their order, its carts and its people.

    Raises `InputError` where a bag belongs to no unit or a number makes no sense.
    """

    units: tuple[Unit, ...]
    bags: tuple[Bag, ...]
    numbers: tuple[int | None, ...] = ()
    """Cart number of each unit; None or (): its place, from 1. Units of one number share its cart."""
    capacity: Capacity = Capacity()
    carts: int | None = None
    """Carts that exist; None: as many as are needed."""
    share_percent: int = 0
    """Carts of one building whose loads together fill at most this part of one share it; 0: never unasked."""
    team: Team = Team()

    def __post_init__(self) -> None:
        if self.numbers and len(self.numbers) != len(self.units):
            raise InputError(
                say(
                    "There are {numbers} cart numbers for {units} units.",
                    numbers=len(self.numbers),
                    units=len(self.units),
                ),
                remedy=say("Give each unit a cart number, or none."),
            )
        _check_at_least(1, say("people"), (self.team.people,))
        _check_at_least(1, say("carts"), (self.carts,))
        _check_at_least(1, say("cart numbers"), self.numbers)
        _check_at_least(0, say("percentages"), (self.share_percent,))
        _check_at_least(1, say("limits of the carts"), (self.capacity.weight_g, self.capacity.volume_ml))
        team = self.team
        _check_at_least(
            1, say("limits of the team"), (team.minutes, team.waves_a_day, team.carry_g, team.wave_g)
        )
        _check_at_least(0, say("times of the team"), (team.door_s, team.piece_s, team.floor_s))
        for place, bag in enumerate(self.bags, start=1):
            if not 0 <= bag.unit < len(self.units):
                raise InputError(
                    say("Bag {place} belongs to no unit of the compound.", place=place),
                    remedy=say("Add its unit to the compound file, or correct its address."),
                )
            if bag.weight_g < 0 or bag.volume_ml < 0 or bag.pieces < 0:
                raise InputError(
                    say("Bag {place} has a weight, volume or number below 0.", place=place),
                    remedy=say("Correct the weight and volume of its goods in the offer file."),
                )


def _check_at_least(lowest: int, name: Sentence, values: Iterable[int | None]) -> None:
    for value in values:
        if value is not None and value < lowest:
            raise InputError(
                say("One of the {name} is {value}.", name=name, value=value),
                remedy=say("Give {lowest} or more.", lowest=lowest),
            )


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person carries from one cart."""

    person: int
    """From 1."""
    bags: tuple[int, ...]
    """Places in `Problem.bags`, in the order in which they are carried."""


@dataclass(frozen=True, slots=True)
class Cart:
    """One numbered cart in one wave; no number comes twice."""

    number: int
    wave: int
    """From 1."""
    units: tuple[int, ...]
    bags: tuple[int, ...]
    """Places in `Problem.bags` in the order of carrying: unit by unit, top floor first, then by room."""
    doors: int
    weight_g: int
    volume_ml: int
    turns: tuple[Turn, ...]
    together: tuple[int, ...] = ()
    """Bags that are too much for one person: several hands, by arrangement."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one person does in one wave."""

    person: int
    wave: int
    carts: tuple[int, ...]
    """Their numbers."""
    bags: tuple[int, ...]
    doors: int
    weight_g: int
    work_s: int
    load_ppm: int
    """Millionths of what one person may be asked in a wave, of its minutes or its weight."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Every bag on exactly one cart, every cart in a wave, every person's rounds, and what does not fit."""

    carts: tuple[Cart, ...]
    rounds: tuple[Round, ...]
    cart_of_bag: tuple[int, ...]
    """Number of the cart of each bag, for its label."""
    people: int
    waves: int
    """Waves it takes; those beyond `Team.waves_a_day` are the next day's."""
    missing_people: int
    """How many more would do it in a day's waves; 0 where it fits."""
    missing_carts: int
    notes: tuple[Sentence, ...]
    """What a person must know or arrange; empty where all is well."""
