"""A lorry's day in a city, made of a public instance: half of the gates have hours, goods have a volume, the fleet is mixed.

The places and weights stay the instance's; the rest comes from a seed, so that anybody makes the same problem.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np

from lastmetre.planning.routing.distances import Distances
from lastmetre.planning.routing.problem import ALWAYS, Depot, Problem, Stop, Vehicle, Windows
from parts.instances import Instance

HOUR_S = 3_600
MIDDLE_M = 8_000
"""Way from the depot to the middle one of the stops."""
KINDS = (("van", 0.5, 0.65, 9.0, 0.6), ("lorry", 1.0, 1.0, 8.0, 1.0), ("large lorry", 1.6, 1.4, 7.0, 1.5))
"""Name, weight and volume as parts of the instance's vehicle, metres a second, cost as a part of the lorry's."""
METRE_COST = 10
FIXED_M = 10_000
"""Using a vehicle costs as much as so many metres."""
OPEN_S, CLOSE_S, WORK_S = 6 * HOUR_S, 20 * HOUR_S, 10 * HOUR_S
SERVICE_S = 300
WINDOW_HOURS = (2, 4)
FIRST_HOUR, LAST_HOUR = 7, 19


def city_day(instance: Instance, seed: int) -> Instance:
    """Return an instance's places and weights as such a day."""
    draw, problem = np.random.default_rng(seed), instance.problem
    distances = _scaled(problem)
    weights = np.array([one.weight_g for one in problem.stops])
    volumes = np.maximum((weights * draw.lognormal(0.0, 0.3, len(weights))).astype(int), 1)
    stops = tuple(
        Stop(one.place, int(weight), int(volume), SERVICE_S, windows=_hours(draw))
        for one, weight, volume in zip(problem.stops, weights, volumes, strict=True)
    )
    room = problem.vehicles[0].weight_g
    needed = max(weights.sum(), volumes.sum()) / room
    fleet = tuple(
        Vehicle(
            int(room * weight),
            int(room * volume),
            count=ceil(needed / weight),
            open_s=OPEN_S,
            close_s=CLOSE_S,
            work_s=WORK_S,
            speed=speed,
            fixed_cost=FIXED_M * round(METRE_COST * part),
            metre_cost=round(METRE_COST * part),
            name=name,
        )
        for name, weight, volume, speed, part in KINDS
    )
    made = Problem(distances, (Depot(problem.depots[0].place),), fleet, stops)
    return replace(
        instance, name=f"{instance.name}, a city's day {seed}", problem=made, best_known=None, unit=1.0
    )


def _scaled(problem: Problem) -> Distances:
    x, y = problem.distances.scaled
    depot, places = problem.depots[0].place, [one.place for one in problem.stops]
    far = np.hypot(x[places] - x[depot], y[places] - y[depot])
    return Distances(x * MIDDLE_M / np.median(far), y * MIDDLE_M / np.median(far))


def _hours(draw: np.random.Generator) -> Windows:
    if draw.random() < 0.5:
        return ALWAYS
    hours = int(draw.choice(WINDOW_HOURS))
    opens = int(draw.integers(FIRST_HOUR, LAST_HOUR - hours + 1)) * HOUR_S
    return ((opens, opens + hours * HOUR_S),)
