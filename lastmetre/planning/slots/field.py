"""Field: a problem as arrays, without visits that cannot be made at all; these get their reasons here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.slots.problem import Place, Problem, Tour, Use, Visit, Windows
from lastmetre.planning.slots.search import Desk, Field

Minutes = NDArray[np.bool_]

LEAVING_DAYS = 4
"""Leaving a visit counts like waiting and being late for so many times all minutes looked at."""
FIXED = 4
"""Others give way to what a person has fixed: leaving it counts so many times more."""
NEVER_DUE = 2**40


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the search works on, and how to read its answer."""

    field: Field
    keys: tuple[tuple[int, int], ...]
    """(tour, visit) of each visit of the field."""
    fixed: NDArray[np.int64]
    """(V,) minute that a person has fixed; -1 where free."""


def prepare(problem: Problem) -> Prepared:
    """Turn a problem into arrays."""
    openings = _Openings(problem)
    rows: list[_Row] = []
    line_start, ready = [0], []
    for number, tour in enumerate(problem.tours):
        clock, made = tour.ready_min, len(rows)
        for at, visit in enumerate(tour.visits):
            may = openings.minutes(tour, visit)
            if may.any():
                rows.append(_Row((number, at), visit, tour, may, visit.travel_min))
            elif len(rows) > made:
                rows[-1].travel += visit.travel_min  # it drives past
            else:
                clock += visit.travel_min
        line_start.append(len(rows))
        ready.append(_reach(rows[made:], clock, openings.end))
    return Prepared(
        _field(problem, rows, line_start, ready, openings.end),
        tuple(row.key for row in rows),
        np.array([-1 if row.visit.fixed_min is None else row.visit.fixed_min for row in rows], np.int64),
    )


def desk_for(field: Field) -> Desk:
    """Make room to reckon the longest line in."""
    many, end = int(np.diff(field.line_start).max(initial=0)), field.may.shape[1]
    return Desk(
        np.zeros((many + 1, end + 1)),
        np.zeros((many, end + 1), np.int64),
        np.zeros(many + 1, np.int64),
        np.zeros(many + 1, np.int64),
        np.zeros(end),
    )


@dataclass
class _Row:
    key: tuple[int, int]
    visit: Visit
    tour: Tour
    may: Minutes
    travel: int
    soonest: int = 0


class _Openings:
    """In which minutes a visit may begin, as if nobody else were there."""

    def __init__(self, problem: Problem) -> None:
        self.places, self.end = problem.places, problem.end_min
        self.shut_before = [self._shut_before(place) for place in problem.places]
        self.by_uses = cache(self._by_uses)

    def minutes(self, tour: Tour, visit: Visit) -> Minutes:
        """(T,) whether it may begin."""
        may = self.by_uses(visit.uses, visit.windows).copy()
        may[: tour.ready_min] = False
        may[max(min(tour.close_min, self.end) - visit.bound_min + 1, 0) :] = False
        if visit.fixed_min is not None:
            may[: visit.fixed_min] = False
            may[visit.fixed_min + 1 :] = False
        return may

    def _shut_before(self, place: Place) -> NDArray[np.int64]:
        """(H, T + 1) how many minutes before each one lie outside each of the place's hours."""
        minutes = np.arange(self.end)
        outside = [(minutes < opens) | (minutes >= closes) for opens, closes in place.hours]
        return np.hstack([np.zeros((len(outside), 1), np.int64), np.cumsum(outside, axis=1)])

    def _by_uses(self, uses: tuple[Use, ...], windows: Windows) -> Minutes:
        may = np.zeros(self.end, bool)
        for opens, closes in windows:
            may[opens : closes + 1] = True
        for use in uses:
            may &= self._of_use(use)
        return may

    def _of_use(self, use: Use) -> Minutes:
        place, shut = self.places[use.place], self.shut_before[use.place]
        may = np.zeros(self.end, bool)
        starts = np.arange(use.after_min, self.end - use.minutes + (1 if use.minutes else 0))
        if use.amount > place.capacity or not starts.size:
            return may
        is_open = (shut[:, starts + use.minutes] == shut[:, starts]).any(axis=0)
        if not use.minutes:
            is_open = np.any(
                [(starts >= opens) & (starts <= closes) for opens, closes in place.hours], axis=0
            )
        may[starts - use.after_min] = is_open & (starts % place.step_min == 0)
        return may


def _reach(rows: list[_Row], clock: int, end: int) -> int:
    """Note when each visit of a tour could begin if nobody else were there; return when the first could."""
    first = clock
    for number, row in enumerate(rows):
        later = np.flatnonzero(row.may[clock:])[:1]
        if not later.size:
            row.soonest = end
            clock += row.travel
            continue
        row.soonest = clock + int(later[0])
        if number == 0:
            first = row.soonest
        clock = row.soonest + row.visit.bound_min + row.travel
    return first


def _field(problem: Problem, rows: list[_Row], line_start: list[int], ready: list[int], end: int) -> Field:
    visits = [row.visit for row in rows]
    uses = [use for visit in visits for use in visit.uses]
    counts = np.array([len(visit.uses) for visit in visits], np.int64)
    place = _whole(use.place for use in uses)
    late = np.array([visit.late_weight * (visit.due_min is not None) for visit in visits], np.float64)
    early = np.array([visit.early_weight * (visit.due_min is not None) for visit in visits], np.float64)
    waits = np.array([row.tour.wait_weight for row in rows], np.float64)
    fixed = np.array([1 if visit.fixed_min is None else FIXED for visit in visits])
    return Field(
        line_start=_whole(line_start),
        line_of=np.repeat(np.arange(len(problem.tours)), np.diff(line_start)).astype(np.int64),
        ready=_whole(ready),
        soonest=_whole(row.soonest for row in rows),
        wait=np.array([tour.wait_weight for tour in problem.tours], np.float64),
        stay=_whole(visit.bound_min for visit in visits),
        travel=_whole(row.travel for row in rows),
        due=_whole(NEVER_DUE if visit.due_min is None else visit.due_min for visit in visits),
        late=late,
        early=early,
        skip=LEAVING_DAYS * end * np.maximum(late + early + waits, 1) * fixed,
        may=np.array([row.may for row in rows], bool).reshape(len(rows), end),
        use_start=np.append(0, np.cumsum(counts)).astype(np.int64),
        use_place=place,
        use_minutes=_whole(use.minutes for use in uses),
        use_after=_whole(use.after_min for use in uses),
        use_amount=_whole(use.amount for use in uses),
        use_visit=np.repeat(np.arange(len(visits)), counts).astype(np.int64),
        place_start=np.append(0, np.cumsum(np.bincount(place, minlength=len(problem.places)))).astype(
            np.int64
        ),
        place_uses=np.argsort(place, kind="stable").astype(np.int64),
        capacity=_whole(one.capacity for one in problem.places),
    )


def _whole(figures: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(figures), np.int64)
