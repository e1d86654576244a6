"""What is to be timed: places with room for so many at once, and visits that hold them, alone or in sequence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lastmetre.terms import InputError, Sentence, say

LONGEST_MIN = 7 * 1440
"""Times are minutes from the start of the first day; slots are planned for a week at most."""
ALWAYS = ((0, LONGEST_MIN),)
MOST_CELLS = 200_000_000
"""Visits x minutes that are held in memory, a byte each."""
Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A gate, an unloading point, a desk, a market."""

    capacity: int = 1
    """How many vehicles, or people, at once."""
    hours: Windows = ALWAYS
    """A use lies whole within one of them."""
    step_min: int = 1
    """Uses begin on whole steps only: 15 for slots at the quarters of an hour."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A place held for a while: a gate during the disinfection (SQ6), a point while goods stand (SQ7)."""

    place: int
    minutes: int
    after_min: int = 0
    """From the beginning of the visit: from the gate the vehicle goes straight to the point (SQ7)."""
    amount: int = 1
    """What it takes of the capacity."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One call, with all that it holds one after another; it may begin in any of its windows."""

    uses: tuple[Use, ...]
    stay_min: int = 0
    """How long the vehicle is bound at least; always until its last use ends."""
    travel_min: int = 0
    """The way to the next visit of the tour."""
    windows: Windows = ALWAYS
    due_min: int | None = None
    """When it was promised or wished to begin; None: as early as can be."""
    late_weight: int = 1
    """What a minute after `due_min` counts."""
    early_weight: int = 0
    """What a minute before it counts."""
    fixed_min: int | None = None
    """When a person has fixed it to begin."""

    @property
    def bound_min(self) -> int:
        """How long the vehicle is bound there."""
        return max([self.stay_min, *(use.after_min + use.minutes for use in self.uses)])


@dataclass(frozen=True, slots=True)
class Tour:
    """The visits of one vehicle in their order; or one visit of whoever comes once."""

    visits: tuple[Visit, ...]
    ready_min: int = 0
    """When the first may begin: the vehicle is there."""
    close_min: int = LONGEST_MIN
    """When the last must be done: the crew's hours without the way home."""
    wait_weight: int = 1
    """What a minute of waiting counts."""
    name: str = ""


@dataclass(frozen=True)
class Problem:
    """All that meets at the same places. Raises `InputError` where a figure makes no sense."""

    places: tuple[Place, ...]
    tours: tuple[Tour, ...]

    def __post_init__(self) -> None:
        for number, place in enumerate(self.places, start=1):
            name = say("Place {number}", number=number)
            _check_figures(name, (place.capacity,))
            _check_figures(name, (place.step_min,), least=1)
            _check_windows(name, place.hours)
        for number, tour in enumerate(self.tours, start=1):
            name = say("Tour {number}", number=number)
            _check_figures(name, (tour.ready_min, tour.close_min), most=LONGEST_MIN)
            _check_figures(name, (tour.wait_weight,), most=2**20)
            for place_in_tour, visit in enumerate(tour.visits, start=1):
                self._check_visit(
                    say("Visit {visit} of tour {number}", visit=place_in_tour, number=number), visit
                )
        if len(self) * self.end_min > MOST_CELLS:
            raise InputError(
                say(
                    "{count} visits in {minutes} minutes are too many.", count=len(self), minutes=self.end_min
                ),
                remedy=say("Plan fewer days or one district at a time."),
            )

    def __len__(self) -> int:
        return sum(len(tour.visits) for tour in self.tours)

    @cached_property
    def end_min(self) -> int:
        """The minute after which nothing needs to be looked at."""
        hours = [one for place in self.places for one in place.hours]
        closes = max((closes for _, closes in hours), default=LONGEST_MIN)
        if any(not visit.uses for tour in self.tours for visit in tour.visits):
            closes = LONGEST_MIN
        starts, work = [0], 0
        for tour in self.tours:
            starts.append(tour.ready_min)
            for visit in tour.visits:
                work += visit.bound_min + visit.travel_min
                starts += [visit.due_min or 0, visit.fixed_min or 0, *(opens for opens, _ in visit.windows)]
        opens = max((opens for opens, _ in hours), default=0)
        steps = max((place.step_min for place in self.places), default=1) * max(len(self), 1)
        return min(max(closes, 1), max(max(starts), opens) + work + steps + 1, LONGEST_MIN)

    def _check_visit(self, name: Sentence, visit: Visit) -> None:
        times = (visit.stay_min, visit.travel_min, visit.due_min or 0, visit.fixed_min or 0)
        _check_figures(name, times, most=LONGEST_MIN)
        _check_figures(name, (visit.late_weight, visit.early_weight), most=2**20)
        _check_windows(name, visit.windows)
        for use in visit.uses:
            _check_figures(name, (use.minutes, use.after_min), most=LONGEST_MIN)
            _check_figures(name, (use.amount,))
            if not 0 <= use.place < len(self.places):
                raise InputError(
                    say("{name} holds place {place}, which does not exist.", name=name, place=use.place),
                    remedy=say("Give numbers from 0 to {last}.", last=len(self.places) - 1),
                )
        if len({use.place for use in visit.uses}) < len(visit.uses):
            raise InputError(
                say("{name} holds the same place twice.", name=name),
                remedy=say("Make one use of it, or two visits."),
            )


def _check_figures(name: Sentence, figures: tuple[int, ...], least: int = 0, most: int = 2**40) -> None:
    for figure in figures:
        if not least <= figure <= most:
            raise InputError(
                say("{name} has a time, weight or room of {figure}.", name=name, figure=figure),
                remedy=say("Give a whole number from {least} to {most}.", least=least, most=most),
            )


def _check_windows(name: Sentence, windows: Windows) -> None:
    if not windows or any(not 0 <= opens <= closes <= LONGEST_MIN for opens, closes in windows):
        raise InputError(
            say("{name} has hours that end before they begin, or none.", name=name),
            remedy=say("Give a beginning and a later end in minutes from the start of the first day."),
        )
