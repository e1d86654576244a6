"""Check: independent code that a day's hands must pass; every load is added up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lastmetre.planning.hands.terms import Plan, Problem, Round


def check_hands(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return what is wrong with a plan; nothing where each door is in one pair of hands and nobody over a limit."""
    had = Counter(stop for one in plan.rounds for stop in one.stops) + Counter(one.stop for one in plan.left)
    faults = [
        f"Door {stop} is there {had[stop]} times." for stop in range(len(problem.stops)) if had[stop] != 1
    ]
    if had.keys() - set(range(len(problem.stops))):
        faults.append("A door is carried that does not exist.")
    pairs = Counter((one.person, one.wave) for one in plan.rounds)
    faults += [
        f"Person {person} has two rounds in wave {wave}." for (person, wave), n in pairs.items() if n > 1
    ]
    for one in plan.rounds:
        faults += [f"Person {one.person} in wave {one.wave}: {fault}" for fault in _round(problem, one)]
    worked: Counter[int] = Counter()
    for one in plan.rounds:
        worked[one.person] += one.work_s
    for person, work_s in worked.items():
        most = problem.people[person].day_minutes
        if most is not None and work_s > most * 60:
            faults.append(f"Person {person} works too long a day.")
    if any(not str(one.reason) for one in plan.left):
        faults.append("A door is left without a reason.")
    if plan.missing_people and not plan.left:
        faults.append("What is left and who is missing do not fit.")
    return tuple(faults)


def _round(problem: Problem, one: Round) -> Iterator[str]:
    person = problem.people[one.person]
    stops = [problem.stops[stop] for stop in one.stops]
    if str(person.away):
        yield "may not work."
    if not stops or any(stop.wave != one.wave for stop in stops):
        yield "nothing, or doors of another wave."
    work_s, weight_g = sum(stop.work_s for stop in stops), sum(stop.weight_g for stop in stops)
    stairs = sum(stop.stairs for stop in stops)
    if (one.work_s, one.weight_g, one.stairs) != (work_s, weight_g, stairs):
        yield "counted wrong."
    minutes = person.minutes[one.wave - 1] if one.wave <= len(person.minutes) else 0
    if work_s > minutes * 60:
        yield "works too long."
    if weight_g > person.wave_g:
        yield "carries too much."
    if person.wave_stairs is not None and stairs > person.wave_stairs:
        yield "climbs too much."
    if not 0 <= one.load_ppm <= 1_000_000:
        yield "over what may be asked."
