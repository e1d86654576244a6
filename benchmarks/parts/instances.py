"""Public routing instances as our problems: files of the VRPLIB kind, with their best-known plan beside.

Such files hold fractions, and each collection rounds in its own way. The way is found from the best-known
plan: the one under which its routes cost what its file says.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import vrplib

from lastmetre.planning.routing.distances import Distances
from lastmetre.planning.routing.problem import FOREVER_S, Depot, Problem, Stop, Vehicle

ROUNDINGS = ((1, False), (10, True), (10, False), (100, False), (1000, False), (100, True), (1000, True))
"""Scale, and whether fractions are then cut off: as it stands, DIMACS, and so on."""


@dataclass(frozen=True)
class Instance:
    """A public instance as our problem."""

    name: str
    problem: Problem
    best_known: int | None
    """In the problem's own units, as all costs."""
    unit: float
    """A cost of the file in the problem's units."""


def read(path: Path) -> Instance:
    text: dict[str, Any] = vrplib.read_instance(path, compute_edge_weights=False)
    solution = path.with_suffix(".sol")
    name = str(text.get("name", path.stem)).strip()
    if not solution.exists():
        return Instance(name, problem_of(text, *ROUNDINGS[0]), None, 1.0)
    routes, stated = best_known(solution)
    for scale, rounds_down in ROUNDINGS:
        problem = problem_of(text, scale, rounds_down)
        cost = cost_of(problem, text, routes)
        for unit in (1, 10, 100, 1000, 100_000):
            if abs(cost / unit - stated) < 0.006 * (unit > 1) + 1e-9:
                return Instance(name, problem, cost, unit)
    raise SystemExit(f"{solution}: its routes do not cost {stated} under any rounding.")


def best_known(path: Path) -> tuple[list[list[int]], float]:
    """Read routes, each with its 0s where it loads anew, empty ones too: their place names the vehicle."""
    routes, cost = [], 0.0
    for line in path.read_text().splitlines():
        if line.startswith("Route"):
            routes.append([int(number) for number in line.split(":")[1].split()])
        elif line.lower().startswith("cost"):
            cost = float(line.split()[-1])
    return routes, cost


def cost_of(problem: Problem, text: dict[str, Any], routes: list[list[int]]) -> int:
    """Cost of a best-known plan; its numbers are places."""
    far, owners, cost = problem.distances.metres, owner_kinds(problem, text), 0
    for number, route in enumerate(routes):
        if route:
            one = problem.vehicles[owners[number]]
            start, end = problem.depots[one.start].place, problem.depots[one.end].place
            way = [start, *(start if place < len(problem.depots) else place for place in route), end]
            metres = sum(far(here, there) for here, there in pairwise(way))
            cost += one.fixed_cost + one.metre_cost * metres
    return cost


def owner_kinds(problem: Problem, text: dict[str, Any]) -> list[int]:
    return [kind for kind, one in enumerate(problem.vehicles) for _ in range(one.count)]


def problem_of(text: dict[str, Any], scale: int, rounds_down: bool) -> Problem:
    places = np.array(text["node_coord"], float) * scale
    size, depots = len(places), len(text.get("depot", [0]))
    windows = column(text, "time_window", size, np.nan, scale)
    service = column(text, "service_time", size, 0, scale)
    ready = column(text, "release_time", size, 0, scale)
    demand = np.array(text["demand"]).reshape(size, -1)[:, 0]
    stops = tuple(
        Stop(
            place,
            int(demand[place]),
            service_s=int(service[place]),
            windows=window(windows, place),
            ready_s=int(ready[place]),
        )
        for place in range(depots, size)
    )
    return Problem(
        Distances(places[:, 0], places[:, 1], rounds_down=rounds_down),
        tuple(Depot(place) for place in range(depots)),
        vehicles_of(text, size - depots, windows, scale),
        stops,
    )


def column(text: dict[str, Any], name: str, size: int, missing: float, scale: int) -> np.ndarray:
    values = np.asarray(text.get(name, missing), float) * scale
    if values.ndim == 0:
        values = np.full(size, float(values))
        if name == "service_time":
            values[: len(text.get("depot", [0]))] = 0
    return values


def window(windows: np.ndarray, place: int) -> tuple[tuple[int, int], ...]:
    if windows.ndim == 1:
        return ((0, FOREVER_S),)
    return ((int(windows[place, 0]), int(windows[place, 1])),)


def vehicles_of(text: dict[str, Any], stops: int, windows: np.ndarray, scale: int) -> tuple[Vehicle, ...]:
    """Gather vehicles alike, next to each other in the file, into kinds."""
    count = int(text.get("vehicles", stops))

    def each(name: str, missing: float) -> np.ndarray:
        return np.broadcast_to(np.asarray(text.get(name, missing), float).squeeze(), count)

    reloads = np.full(count, "vehicles_reload_depot" in text)
    rows = zip(
        each("capacity", FOREVER_S),
        each("vehicles_depot", 1),
        each("vehicles_fixed_cost", 0) * scale,
        each("vehicles_unit_distance_cost", 1),
        each("vehicles_max_duration", np.inf) * scale,
        each("vehicles_max_distance", np.inf) * scale,
        reloads,
        strict=True,
    )
    kinds: list[tuple[tuple[float, ...], int]] = []
    for row in rows:
        if kinds and kinds[-1][0] == row:
            kinds[-1] = (row, kinds[-1][1] + 1)
        else:
            kinds.append((row, 1))
    return tuple(vehicle_of(row, number, windows) for row, number in kinds)


def vehicle_of(row: tuple[float, ...], count: int, windows: np.ndarray) -> Vehicle:
    capacity, depot, fixed, unit_cost, work_s, reach_m, reloads = row
    opens, closes = window(windows, int(depot) - 1)[0]
    return Vehicle(
        int(capacity),
        count=count,
        start=int(depot) - 1,
        end=int(depot) - 1,
        open_s=opens,
        close_s=closes,
        work_s=None if work_s == np.inf else int(work_s),
        reach_m=None if reach_m == np.inf else int(reach_m),
        trips=8 if reloads else 1,
        speed=1.0,
        fixed_cost=int(fixed),
        metre_cost=int(unit_cost),
    )


def made_up(stops: int = 200, seed: int = 7) -> Instance:
    """Make a small town: for a run without a file, and to warm up with."""
    draw = np.random.default_rng(seed)
    places = draw.integers(0, 10_000, (stops + 1, 2)).astype(float)
    wanted = draw.integers(100, 1_000, stops) * 1_000
    problem = Problem(
        Distances(places[:, 0], places[:, 1]),
        (Depot(0),),
        (Vehicle(5_000_000, count=stops),),
        tuple(Stop(place, int(wanted[place - 1])) for place in range(1, stops + 1)),
    )
    return Instance(f"made up {stops}", problem, None, 1.0)
