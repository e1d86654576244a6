"""The planner: wave by wave, people in line before a row of doors; then what nobody has; then who knows what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from lastmetre.planning import Cancelled, Progress
from lastmetre.planning.hands.shares import Limit, Row, limit_of
from lastmetre.planning.hands.terms import PPM, Left, Plan, Problem, Round, Stop
from lastmetre.terms import Sentence, say

WAVE_S = 180 * 60
"""What one more person is taken to work in a wave where nobody's time is known (`carts.Team.minutes`)."""


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    warm: Plan | None = None,
) -> Plan:
    """Give each door to a person (the rules in plain words: docs/planning/hands.md).

    `warm`: a plan of the same doors and list of people. Whoever is still there keeps what they have, as far
    as it may still be asked; only what nobody has is handed out. Settled by rule, without lots, in a moment
    (10,000 doors in half a second): the seed, the budget, progress and cancellation are ignored.
    """
    day = _Day(problem)
    for wave in problem.waves:
        row = [stop for stop, it in enumerate(problem.stops) if it.wave == wave]
        crew = day.crew(wave)
        hands = _kept(problem, day, warm, wave) if warm is not None else _cut(problem, crew, row)
        _hand_out(problem, crew, hands, row)
        day.close(wave, hands)
    return day.plan()


@dataclass
class _Day:
    """What everybody has so far."""

    problem: Problem
    used_s: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    rounds: list[Round] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    missing: int = 0

    def crew(self, wave: int) -> list[Limit]:
        """Line up who is there: who may not climb first, then the weaker, squads side by side."""
        people = self.problem.people
        limits = [limit_of(one, number, wave, self.used_s[number]) for number, one in enumerate(people)]
        return sorted(
            (one for one in limits if one.work_s),
            key=lambda one: (
                _inf(one.stairs),
                one.weight_g,
                people[one.person].squad,
                one.work_s,
                one.person,
            ),
        )

    def close(self, wave: int, hands: dict[int, list[int]]) -> None:
        """Write a wave down; what nobody has is left."""
        stops = self.problem.stops
        crew = {one.person: one for one in self.crew(wave)}
        for person, mine in sorted(hands.items()):
            if mine:
                taken = _taken(stops, mine)
                self.rounds.append(Round(person, wave, tuple(mine), *taken, crew[person].load_ppm(*taken)))
                self.used_s[person] += taken[0]
        given = {stop for mine in hands.values() for stop in mine}
        over = [stop for stop, it in enumerate(stops) if it.wave == wave and stop not in given]
        self.left += [Left(stop, _why(stops[stop], list(crew.values()))) for stop in over]
        usual_s = max((max(one.minutes, default=0) * 60 for one in self.problem.people), default=0)
        work_s = sum(
            stops[stop].work_s for stop in over if not _is_too_much(stops[stop], list(crew.values()))
        )
        if work_s:
            self.missing = max(self.missing, -(-work_s // (usual_s or WAVE_S)))

    def plan(self) -> Plan:
        """Put the day together, with what a person must know."""
        busy = {one.person for one in self.rounds}
        notes = [
            say("{name} does not work today: {reason}", name=person.name, reason=person.away)
            for person in self.problem.people
            if person.away.template
        ]
        notes += [
            say("{name} has nothing to do.", name=person.name)
            for number, person in enumerate(self.problem.people)
            if number not in busy and any(person.minutes_in(wave) for wave in self.problem.waves)
        ]
        if self.missing:
            notes.append(
                say(
                    "{doors} doors are left; {people} more people would do them.",
                    doors=len(self.left),
                    people=self.missing,
                )
            )
        return Plan(tuple(self.rounds), tuple(self.left), self.missing, tuple(notes))


def _cut(problem: Problem, crew: Sequence[Limit], row: Sequence[int]) -> dict[int, list[int]]:
    """Cut the row into stretches; people who may not climb get doors with a lift, then some on the ground.

    They take as much of those as everybody has of all, no more; the others have the rest as it stands.
    """
    stops = problem.stops
    climbs = {stops[stop].unit for stop in row if stops[stop].stairs}
    flat = sorted(
        (stop for stop in row if not stops[stop].stairs), key=lambda stop: stops[stop].unit in climbs
    )
    spared, others = [one for one in crew if one.stairs == 0], [one for one in crew if one.stairs != 0]
    flat_part = _part(spared, stops, flat)
    part = min(_part(crew, stops, row) / flat_part, 1.0) if spared and flat_part else 0.0
    first = set(flat[: _first_part(stops, flat, part)])
    theirs, rest = [stop for stop in row if stop in first], [stop for stop in row if stop not in first]
    return _stretches(problem, spared, theirs) | _stretches(problem, others, rest)


def _part(crew: Sequence[Limit], stops: Sequence[Stop], row: Sequence[int]) -> float:
    """How much of their time some people would need for a row."""
    return sum(stops[stop].work_s for stop in row) / max(sum(one.work_s for one in crew), 1)


def _first_part(stops: Sequence[Stop], row: Sequence[int], part: float) -> int:
    wanted_s = sum(stops[stop].work_s for stop in row) * part
    done_s = 0
    for place, stop in enumerate(row):
        if done_s >= wanted_s:
            return place
        done_s += stops[stop].work_s
    return len(row)


def _stretches(problem: Problem, crew: Sequence[Limit], row: Sequence[int]) -> dict[int, list[int]]:
    able = [stop for stop in row if any(_may(one, problem.stops, [stop]) for one in crew)]
    if not able:
        return {}
    stretches = [
        able[start:end] for start, end in pairwise(Row([problem.stops[stop] for stop in able]).cut(crew))
    ]
    return dict(_known(problem, crew, stretches))


def _known(
    problem: Problem, crew: Sequence[Limit], stretches: Sequence[list[int]]
) -> Iterator[tuple[int, list[int]]]:
    """Among people of whom the same may be asked, give each stretch to who knows its units best."""
    alike: dict[object, list[int]] = defaultdict(list)
    for place, one in enumerate(crew):
        alike[one.each].append(place)
    for places in alike.values():
        people = [crew[place].person for place in places]
        seconds = [[_known_s(problem, person, stretches[place]) for place in places] for person in people]
        chosen = range(len(places))
        if any(map(any, seconds)):
            chosen = linear_sum_assignment(np.array(seconds), maximize=True)[1].tolist()
        yield from ((person, stretches[places[one]]) for person, one in zip(people, chosen, strict=True))


def _known_s(problem: Problem, person: int, stretch: Sequence[int]) -> int:
    knows = problem.people[person].knows
    return (
        sum(problem.stops[stop].work_s for stop in stretch if problem.stops[stop].unit in knows)
        if knows
        else 0
    )


def _kept(problem: Problem, day: _Day, warm: Plan, wave: int) -> dict[int, list[int]]:
    """Leave everybody what they have, from its end on as far as it is too much now."""
    limits = {one.person: one for one in day.crew(wave)}
    hands: dict[int, list[int]] = {}
    for one in warm.rounds_of(wave):
        if one.person in limits:
            mine = list(one.stops)
            while mine and not _may(limits[one.person], problem.stops, mine):
                mine.pop()
            hands[one.person] = mine
    return hands


def _hand_out(
    problem: Problem, crew: Sequence[Limit], hands: dict[int, list[int]], row: Sequence[int]
) -> None:
    """Give what nobody has, in its order, to whoever has least, up to what everybody would have."""
    given = {stop for mine in hands.values() for stop in mine}
    over = [stop for stop in row if stop not in given]
    if not over or not crew:
        return
    stops = problem.stops
    taken = {one.person: list(_taken(stops, hands.get(one.person, []))) for one in crew}
    fair_ppm = int(PPM * min(_part(crew, stops, row), 1))
    current: Limit | None = None
    refused: list[tuple[int, int, int]] = []  # nobody has room for such, nor for more
    for stop in over:
        it = stops[stop]
        more = (it.work_s, it.weight_g, it.stairs)
        if any(all(a <= b for a, b in zip(one, more, strict=True)) for one in refused):
            continue
        if current is None or _with(current, taken, more) > fair_ppm:
            current = min(crew, key=lambda one: (_with(one, taken, more), one.person))
        if _with(current, taken, more) <= PPM:
            hands.setdefault(current.person, []).append(stop)
            taken[current.person] = [a + b for a, b in zip(taken[current.person], more, strict=True)]
        else:
            current = None
            refused.append(more)
    order = {stop: place for place, stop in enumerate(row)}
    for mine in hands.values():
        mine.sort(key=order.__getitem__)


def _with(one: Limit, taken: dict[int, list[int]], more: tuple[int, int, int]) -> int:
    work_s, weight_g, stairs = (a + b for a, b in zip(taken[one.person], more, strict=True))
    return one.load_ppm(work_s, weight_g, stairs)


def _may(one: Limit, stops: Sequence[Stop], mine: Sequence[int]) -> bool:
    return one.load_ppm(*_taken(stops, mine)) <= PPM


def _taken(stops: Sequence[Stop], mine: Sequence[int]) -> tuple[int, int, int]:
    its = [stops[stop] for stop in mine]
    return sum(it.work_s for it in its), sum(it.weight_g for it in its), sum(it.stairs for it in its)


def _why(stop: Stop, crew: Sequence[Limit]) -> Sentence:
    if not crew:
        return say("Nobody is there in wave {wave}.", wave=stop.wave)
    if not any(one.stairs is None or one.stairs >= stop.stairs for one in crew):
        return say(
            "Nobody who is there in wave {wave} may climb {stairs} storeys.",
            wave=stop.wave,
            stairs=stop.stairs,
        )
    if _is_too_much(stop, crew):
        return say(
            "It is more than may be asked of anybody in wave {wave}: send two together.", wave=stop.wave
        )
    return say("Everybody in wave {wave} has as much as may be asked.", wave=stop.wave)


def _is_too_much(stop: Stop, crew: Sequence[Limit]) -> bool:
    """Tell whether a door is more than anybody who may climb so high can do alone."""
    climbers = [one for one in crew if one.stairs is None or one.stairs >= stop.stairs]
    taken = (stop.work_s, stop.weight_g, stop.stairs)
    return bool(climbers) and all(one.load_ppm(*taken) > PPM for one in climbers)


def _inf(stairs: int | None) -> float:
    return float("inf") if stairs is None else stairs
