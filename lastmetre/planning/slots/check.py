"""Check: independent code that slots must pass; every place is counted again, minute by minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lastmetre.planning.slots.plans import Plan, Slot
from lastmetre.planning.slots.problem import Problem, Tour, Visit


def check(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return what is wrong with a plan; nothing where every limit is kept and the cost is right."""
    return (
        *_once_each(problem, plan),
        *_room(problem, plan),
        *(fault for number, tour in enumerate(problem.tours) for fault in _tour(problem, plan, number, tour)),
        *([] if plan.cost == cost(problem, plan) else ["The cost is counted wrong."]),
    )


def cost(problem: Problem, plan: Plan) -> int:
    """Return what a plan counts, counted anew."""
    total = 0
    for number, tour in enumerate(problem.tours):
        times = {slot.visit: slot.begin_min for slot in plan.slots if slot.tour == number}
        if not times:
            continue
        last = max(times)
        driven = sum(visit.travel_min for visit in tour.visits[:last])
        served = sum(tour.visits[visit].bound_min for visit in times)
        end = times[last] + tour.visits[last].bound_min
        total += tour.wait_weight * (end - tour.ready_min - driven - served)
        for visit, begin in times.items():
            one = tour.visits[visit]
            if one.due_min is not None:
                total += one.late_weight * max(begin - one.due_min, 0)
                total += one.early_weight * max(one.due_min - begin, 0)
    return total


def _once_each(problem: Problem, plan: Plan) -> Iterator[str]:
    wanted = Counter((t, v) for t, tour in enumerate(problem.tours) for v in range(len(tour.visits)))
    given = Counter((slot.tour, slot.visit) for slot in plan.slots)
    given.update((left.tour, left.visit) for left in plan.unserved)
    if wanted != given:
        yield "A visit is given twice, not at all, or does not exist."
    if any(not str(one.reason) for one in plan.unserved):
        yield "A visit is left without a reason."


def _room(problem: Problem, plan: Plan) -> Iterator[str]:
    taken: Counter[tuple[int, int]] = Counter()
    for slot in plan.slots:
        for use in problem.tours[slot.tour].visits[slot.visit].uses:
            place, begin = problem.places[use.place], slot.begin_min + use.after_min
            end = begin + use.minutes
            if not any(opens <= begin and end <= closes for opens, closes in place.hours):
                yield f"Place {use.place} is held at {begin} outside its hours."
            if begin % place.step_min:
                yield f"Place {use.place} is held from {begin}, which is no whole step."
            if use.amount > place.capacity:
                yield f"Place {use.place} has not so much room at all."
            taken.update({(use.place, minute): use.amount for minute in range(begin, end)})
    full = {place for (place, _), amount in taken.items() if amount > problem.places[place].capacity}
    yield from (f"Place {place} holds more than it can." for place in sorted(full))


def _tour(problem: Problem, plan: Plan, number: int, tour: Tour) -> Iterator[str]:
    slots = {slot.visit: slot for slot in plan.slots if slot.tour == number}
    clock = tour.ready_min
    for at, visit in enumerate(tour.visits):
        slot = slots.get(at)
        if slot is not None:
            yield from (f"Visit {at} of tour {number} {fault}" for fault in _visit(visit, slot, clock))
            clock = slot.begin_min + visit.bound_min
            if clock > tour.close_min:
                yield f"Tour {number} ends too late."
        clock += visit.travel_min


def _visit(visit: Visit, slot: Slot, clock: int) -> Iterator[str]:
    begin, due = slot.begin_min, slot.begin_min if visit.due_min is None else visit.due_min
    if begin < clock:
        yield "begins before the vehicle is there."
    if not any(opens <= begin <= closes for opens, closes in visit.windows):
        yield "begins outside its windows."
    if visit.fixed_min not in (None, begin):
        yield "is not at the time that a person fixed."
    told = (slot.end_min, slot.wait_min, slot.late_min, slot.early_min)
    if told != (begin + visit.bound_min, begin - clock, max(begin - due, 0), max(due - begin, 0)):
        yield "is told with wrong minutes."
