"""Reasons: why no vehicle goes to a stop, as far as it can be told from the stop and the fleet alone."""

from __future__ import annotations

from collections.abc import Sequence

from lastmetre.planning.routing.plans import Unserved
from lastmetre.planning.routing.problem import Problem, Stop
from lastmetre.planning.routing.schedule import Call, route_of
from lastmetre.terms import Sentence, say


def hopeless(problem: Problem) -> dict[int, Sentence]:
    """Find the stops that no vehicle can serve even with nothing else to do, and say why."""
    found = {}
    for stop in range(len(problem.stops)):
        reason = _why_hopeless(problem, stop)
        if reason is not None:
            found[stop] = reason
    return found


def unserved(problem: Problem, stops: Sequence[int], known: dict[int, Sentence]) -> tuple[Unserved, ...]:
    """Give each stop that was left its reason: its own, or that the fleet's room or time is used up."""
    return tuple(Unserved(stop, known.get(stop) or _used_up(problem, stop)) for stop in sorted(stops))


def _why_hopeless(problem: Problem, stop: int) -> Sentence | None:
    there = [kind for kind, one in enumerate(problem.vehicles) if one.count and one.trips]
    if not there:
        return say("There is no vehicle.")
    it = problem.stops[stop]
    allowed = [kind for kind in there if problem.may_serve(kind, stop)]
    if not allowed:
        if stop in problem.pinned:
            return say("The vehicle that was fixed for it is not there or has no pass.")
        return say("No vehicle has the pass “{needs}”.", needs=it.needs)
    if not any(_holds(problem, kind, it) for kind in allowed):
        return say(
            "Its goods ({kg} kg, {litres} l) are more than any vehicle allowed there holds: divide them.",
            kg=_tenths(max(it.weight_g, it.pickup_g)),
            litres=_tenths(max(it.volume_ml, it.pickup_ml)),
        )
    if not any(_alone(problem, kind, stop) for kind in allowed if _holds(problem, kind, it)):
        return say("No vehicle can be there within its windows and be back in its hours.")
    return None


def _holds(problem: Problem, kind: int, stop: Stop) -> bool:
    one = problem.vehicles[kind]
    weight, volume = max(stop.weight_g, stop.pickup_g), max(stop.volume_ml, stop.pickup_ml)
    return weight <= one.weight_g and volume <= one.volume_ml


def _alone(problem: Problem, kind: int, stop: int) -> bool:
    return route_of(problem, kind, [calls_of(problem, stop)]) is not None


def calls_of(problem: Problem, stop: int) -> list[Call]:
    """List the calls that serve one stop by itself."""
    collected = problem.stops[stop].collect_at is not None
    return [(stop, True), (stop, False)] if collected else [(stop, False)]


def _used_up(problem: Problem, stop: int) -> Sentence:
    wanted = sum(stop.weight_g for stop in problem.stops)
    room = sum(one.weight_g * one.count * one.trips for one in problem.vehicles)
    if wanted > room:
        return say(
            "All vehicles are full: they carry {room} kg, wanted are {wanted} kg.",
            room=_tenths(room),
            wanted=_tenths(wanted),
        )
    if problem.stops[stop].priority:
        return say("It is optional, and the vehicles had no room or time left for it.")
    return say("The vehicles had no room or time left for it; one more vehicle or later hours would help.")


def _tenths(thousandths: int) -> str:
    return f"{thousandths / 1000:.1f}".removesuffix(".0")
