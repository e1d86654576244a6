"""Shares: a row of doors cut into one stretch a person, each as much of what may be asked of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from lastmetre.planning.hands.terms import PPM, Person, Stop

HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be asked of one person in one wave; None: no limit."""

    person: int
    work_s: int
    weight_g: int
    stairs: int | None

    @property
    def each(self) -> tuple[int, int, int | None]:
        """Seconds, grams, storeys: in the order of `Sums`."""
        return self.work_s, self.weight_g, self.stairs

    def load_ppm(self, work_s: int, weight_g: int, stairs: int) -> int:
        """How much of it some doors are, rounded up; over a million where they are more than may be asked."""
        done = zip((work_s, weight_g, stairs), self.each, strict=True)
        return max(_part_ppm(amount, limit) for amount, limit in done if limit is not None)


def _part_ppm(amount: int, limit: int) -> int:
    if not limit:
        return 2 * PPM if amount else 0
    return -(-amount * PPM // limit)


def limit_of(person: Person, number: int, wave: int, used_s: int = 0) -> Limit:
    """Say what may be asked of a person in a wave who has worked `used_s` in others."""
    work_s = person.minutes_in(wave) * 60
    if person.day_minutes is not None:
        work_s = min(work_s, max(person.day_minutes * 60 - used_s, 0))
    return Limit(number, work_s, person.wave_g, person.wave_stairs)


class Row:
    """A row of doors, and how much of everything its beginning takes."""

    def __init__(self, stops: Sequence[Stop]) -> None:
        columns = zip(*((one.work_s, one.weight_g, one.stairs) for one in stops), strict=True)
        self.sums = [list(accumulate(column, initial=0)) for column in columns] or [[0]] * 3
        self.length = len(stops)

    def taken(self, start: int, end: int) -> tuple[int, int, int]:
        """Add up seconds, grams and storeys of a stretch."""
        work_s, weight_g, stairs = (column[end] - column[start] for column in self.sums)
        return work_s, weight_g, stairs

    def furthest(self, start: int, limit: Limit) -> int:
        """Return the end of the longest stretch from a door that may be asked."""
        ends = [
            bisect_right(column, column[start] + most) - 1
            for column, most in zip(self.sums, limit.each, strict=True)
            if most is not None
        ]
        return min(self.length, *ends)

    def cut(self, limits: Sequence[Limit]) -> list[int]:
        """Cut into stretches that are as much for everybody as whole doors allow; all of it where it fits.

        First as if doors could be cut too, so that everybody has the same part of what may be asked; then
        each cut goes to the nearest door. Where that is too much for somebody, or not all is done so,
        everybody in turn takes what may be asked at most.
        """
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            part = (low + high) / 2
            low, high = (low, part) if self._ends(limits, part)[-1] >= self.length else (part, high)
        cuts = [0, *(min(round(end), self.length) for end in self._ends(limits, high))]
        if cuts[-1] == self.length and all(
            end <= self.furthest(start, one) for (start, end), one in zip(pairwise(cuts), limits, strict=True)
        ):
            return cuts
        cuts = [0]
        for one in limits:
            cuts.append(self.furthest(cuts[-1], one))
        return cuts

    def _ends(self, limits: Sequence[Limit], part: float) -> list[float]:
        """Where each stretch ends when everybody has this part of what may be asked of them."""
        ends, start = [], 0.0
        for one in limits:
            start = min(
                [float(self.length)]
                + [
                    _place(column, _at(column, start) + most * part)
                    for column, most in zip(self.sums, one.each, strict=True)
                    if most is not None
                ]
            )
            ends.append(start)
        return ends


def _at(column: Sequence[int], place: float) -> float:
    """Return the sum at a place between doors."""
    whole = min(int(place), len(column) - 2)
    return column[whole] + (place - whole) * (column[whole + 1] - column[whole])


def _place(column: Sequence[int], amount: float) -> float:
    """Return the last place where the sum is no more than an amount."""
    whole = bisect_right(column, amount + 1e-6) - 1
    if whole >= len(column) - 1:
        return float(len(column) - 1)
    return whole + max(amount - column[whole], 0) / (column[whole + 1] - column[whole])
