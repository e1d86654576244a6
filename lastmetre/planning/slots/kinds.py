"""Kinds: the problems that come up in a day: gates after routing, pickup by building, slots of a market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lastmetre.planning import routing
from lastmetre.planning.slots.problem import ALWAYS, LONGEST_MIN, Place, Problem, Tour, Use, Visit, Windows


@dataclass(frozen=True, slots=True)
class Building:
    """Who comes down together (FC3c)."""

    households: int
    ready_min: int = 0
    """When its bags are sorted."""
    fixed_min: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Who shops together, apart from others (ER14)."""

    people: int
    wish_min: int
    windows: Windows = ALWAYS
    fixed_min: int | None = None


def by_building(
    buildings: Sequence[Building], *, seconds_each: int, desks: int = 1, hours: Windows = ALWAYS
) -> Problem:
    """Ask when each building is called down: as many at once as there are desks, a large one counts more."""
    tours = [
        Tour(
            (Visit((Use(0, -(-one.households * seconds_each // 60)),), fixed_min=one.fixed_min),),
            ready_min=one.ready_min,
            wait_weight=one.households,
        )
        for one in buildings
    ]
    return Problem((Place(desks, hours),), tuple(tours))


def market(
    groups: Sequence[Group], *, room: int, stay_min: int, step_min: int = 15, hours: Windows = ALWAYS
) -> Problem:
    """Ask when each group shops: near its wish, on whole steps, never more people at once than `room`."""
    tours = [
        Tour(
            (
                Visit(
                    (Use(0, stay_min, amount=one.people),),
                    windows=one.windows,
                    due_min=one.wish_min,
                    late_weight=one.people,
                    early_weight=one.people,
                    fixed_min=one.fixed_min,
                ),
            ),
            wait_weight=0,
        )
        for one in groups
    ]
    return Problem((Place(room, hours, step_min),), tuple(tours))


def after_routing(
    problem: routing.Problem,
    plan: routing.Plan,
    *,
    places: Sequence[Place],
    uses: Mapping[int, tuple[Use, ...]],
    late_after_min: int = 0,
) -> Problem:
    """Ask when the vehicles of a routing are at the gates, each in the order of its route.

    `uses`: what a call at each stop holds; stops that are not named hold nothing. A call is due when the route
    said, and `late_after_min` later. Seconds are rounded so that nobody is asked to be early.
    """
    tours = [_tour(problem, route, uses, late_after_min) for route in plan.routes]
    return Problem(tuple(places), tuple(tours))


def _tour(
    problem: routing.Problem, route: routing.Route, uses: Mapping[int, tuple[Use, ...]], late_after_min: int
) -> Tour:
    visits, vehicle = [], problem.vehicles[route.vehicle]
    calls = [(trip, visit) for trip in route.trips for visit in trip.visits]
    for (trip, call), after in zip(calls, [*calls[1:], None], strict=True):
        stop = problem.stops[call.stop]
        arrive_s = call.leave_s if after is None else after[1].arrive_s
        if after is not None and after[0] is not trip:
            arrive_s -= after[0].load_s - trip.end_s  # it need not wait at the depot
        # Goods may not be at the depot earlier: a trip's first call is never before the route's.
        soonest_s = call.arrive_s if call is trip.visits[0] else 0
        windows = [
            (max(opens, soonest_s), closes)
            for opens, closes in (stop.collect_windows if call.collects else stop.windows)
            if closes >= soonest_s
        ]
        visits.append(
            Visit(
                () if call.collects else uses.get(call.stop, ()),
                stay_min=_up(stop.collect_s if call.collects else stop.stay_s),
                travel_min=_up(arrive_s - call.leave_s),
                windows=tuple(
                    (min(_up(opens), LONGEST_MIN), min(max(closes // 60, _up(opens)), LONGEST_MIN))
                    for opens, closes in windows
                ),
                due_min=min(_up(call.start_s) + late_after_min, LONGEST_MIN),
            )
        )
    home_s = route.end_s - calls[-1][1].leave_s
    close_s = (
        vehicle.close_s if vehicle.work_s is None else min(vehicle.close_s, route.start_s + vehicle.work_s)
    )
    close_min = min(max((close_s - home_s) // 60, 0), LONGEST_MIN)
    return Tour(tuple(visits), ready_min=_up(calls[0][1].arrive_s), close_min=close_min, name=vehicle.name)


def _up(seconds: int) -> int:
    return -(-seconds // 60)
