"""Reasons: why a visit has no slot, in a sentence with what to do about it (house law 6)."""

from __future__ import annotations

from lastmetre.planning.slots.problem import Problem, Tour
from lastmetre.terms import Sentence, say


def reason_for(problem: Problem, tour_number: int, at: int, *, may_ever: bool, is_late: bool) -> Sentence:
    """Say why.

    `may_ever`: there is a minute in which it could begin if nobody else were there; `is_late`: the time to plan was
    over before it was its turn.
    """
    tour = problem.tours[tour_number]
    visit = tour.visits[at]
    for use in visit.uses:
        place = problem.places[use.place]
        if use.amount > place.capacity:
            return say(
                "{place} has room for {capacity} at once, this takes {amount}: make it several visits.",
                place=_name(problem, use.place),
                capacity=place.capacity,
                amount=use.amount,
            )
        if use.minutes > max(closes - opens for opens, closes in place.hours):
            return say(
                "{place} is never open for {minutes} minutes together: open it longer.",
                place=_name(problem, use.place),
                minutes=use.minutes,
            )
    if visit.fixed_min is not None:
        return say(
            "It was fixed at {time}, when the place has no room, is shut, or the vehicle is not there: "
            "choose another time.",
            time=_time(visit.fixed_min),
        )
    if not may_ever:
        return say("Its hours, those of the places and those of the vehicle never meet: change one of them.")
    if is_late:
        return say("The time to plan was over before it was its turn: give it more.")
    if _soonest_after(tour, at) > max(closes for _, closes in visit.windows):
        return say("The vehicle cannot be there before its hours end: let it come earlier in the tour.")
    return say("Whenever it could be, others hold the places: open them longer or send a vehicle less.")


def _soonest_after(tour: Tour, at: int) -> int:
    """Tell when the vehicle could be there if nobody else were anywhere."""
    clock = tour.ready_min
    for visit in tour.visits[:at]:
        later = [max(clock, opens) for opens, closes in visit.windows if closes >= clock]
        clock = (min(later) + visit.bound_min if later else clock) + visit.travel_min
    return clock


def _name(problem: Problem, place: int) -> Sentence | str:
    return problem.places[place].name or say("Place {number}", number=place + 1)


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
