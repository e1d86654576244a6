"""What hands are asked and what they answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lastmetre.terms import InputError, Sentence, say

PPM = 1_000_000
"""Load of somebody who does all that may be asked in a wave."""
FIT = Sentence("")
"""Says nothing: there is no reason to stay away."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One door of a wave, with all that is carried there in one go."""

    wave: int
    """From 1."""
    cart: int
    unit: int
    """Place of its unit in the compound's list."""
    work_s: int
    weight_g: int
    stairs: int = 0
    """Storeys climbed on foot; 0 with a lift or on the ground."""
    bags: tuple[int, ...] = ()
    """Places in `carts.Problem.bags`."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the day's list, and what may be asked of them in one wave."""

    name: str
    minutes: tuple[int, ...]
    """In each wave from the first; 0 or nothing: not there (another shift, absent)."""
    day_minutes: int | None = None
    """Over all waves; None: those of the waves."""
    wave_g: int = 1_000_000
    wave_stairs: int | None = None
    """Storeys on foot; 0: only doors with a lift or on the ground; None: any."""
    squad: str = ""
    """Who is of one squad works side by side (ER5: volunteers of several organisations)."""
    knows: frozenset[int] = frozenset()
    """Units that they know, as a building's head does: given to them where others do as well elsewhere."""
    away: Sentence = FIT
    """Why they may not work today: not well, not trained, not tested (FC8); '': they may."""

    def minutes_in(self, wave: int) -> int:
        """How long they are there in a wave."""
        return self.minutes[wave - 1] if wave <= len(self.minutes) and not self.away.template else 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A day's doors in the order in which they are walked, and its people. Raises `InputError`."""

    stops: tuple[Stop, ...]
    people: tuple[Person, ...]

    def __post_init__(self) -> None:
        for place, stop in enumerate(self.stops, start=1):
            if stop.wave < 1 or min(stop.work_s, stop.weight_g, stop.stairs) < 0:
                raise InputError(
                    say("Door {place} has a wave, time, weight or stairs below 0.", place=place),
                    remedy=say("Give whole numbers of 0 or more; waves begin with 1."),
                )
        for person in self.people:
            limits = (person.day_minutes, person.wave_g, person.wave_stairs)
            if any(limit is not None and limit < 0 for limit in (*person.minutes, *limits)):
                raise InputError(
                    say("{name} has a limit below 0.", name=person.name),
                    remedy=say("Give minutes, weight and stairs of 0 or more."),
                )

    @property
    def waves(self) -> tuple[int, ...]:
        """All waves that there is something to do in."""
        return tuple(sorted({stop.wave for stop in self.stops}))


@dataclass(frozen=True, slots=True)
class Round:
    """What one person does in one wave."""

    person: int
    """Place in `Problem.people`."""
    wave: int
    stops: tuple[int, ...]
    """Places in `Problem.stops`, in the order of walking."""
    work_s: int
    weight_g: int
    stairs: int
    load_ppm: int
    """Millionths of what may be asked of this person in this wave: minutes, weight or stairs, whichever is most."""


@dataclass(frozen=True, slots=True)
class Left:
    """A door that nobody has, and why."""

    stop: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """Every door in one pair of hands or left with its reason."""

    rounds: tuple[Round, ...]
    left: tuple[Left, ...]
    missing_people: int
    """How many more, there as long as the longest, would do what is left for want of people; 0 where all is done."""
    notes: tuple[Sentence, ...]
    """Who does not work, and why; what is missing."""

    def rounds_of(self, wave: int) -> Iterable[Round]:
        """Walk the rounds of one wave."""
        return (one for one in self.rounds if one.wave == wave)
