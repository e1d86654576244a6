"""Other solvers on our problems: the same distances, limits and seconds; their routes as our plans."""

from __future__ import annotations

import os
import re
import subprocess
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from lastmetre.planning.routing.plans import Plan
from lastmetre.planning.routing.problem import FOREVER_S, Problem, Stop
from lastmetre.planning.routing.reasons import unserved
from lastmetre.planning.routing.schedule import route_of


class NotThere(Exception):
    """A peer that is not installed, or has no place for this kind of problem."""


def plan_of(problem: Problem, turns: list[tuple[int, list[list[int]]]], name: str, seed: int) -> Plan:
    """Write a peer's routes down: the kind of vehicle and the stops of each trip."""
    calls = [(kind, [[(stop, False) for stop in trip] for trip in trips if trip]) for kind, trips in turns]
    routes = [route for kind, trips in calls if trips and (route := route_of(problem, kind, trips))]
    served = {visit.stop for route in routes for visit in route.visits}
    left = [stop for stop in range(len(problem.stops)) if stop not in served]
    return Plan(tuple(routes), unserved(problem, left, {}), name, seed, 0)


def whole(problem: Problem) -> tuple[np.ndarray, int]:
    """Matrix over depots and stops; only where there is one trip a vehicle and one speed."""
    if len(problem.stops) > 12_000:
        raise NotThere("a matrix of so many places does not fit in memory")
    places = np.array([one.place for one in (*problem.depots, *problem.stops)])
    return problem.distances.between(places), len(problem.depots)


def pyvrp_alone(problem: Problem, *, seconds: float, seed: int, **_: Any) -> Plan:
    """PyVRP's own `solve`, everything at its defaults."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    from lastmetre.planning.routing.district_data import DistrictData

    if len(problem.stops) > 12_000:
        raise NotThere("a matrix of so many places does not fit in memory")
    started = time.monotonic()
    made = DistrictData(problem, range(len(problem.stops)), prizes=None)
    left_s = seconds - (time.monotonic() - started)
    best = pyvrp.solve(made.data, MaxRuntime(left_s), seed=seed, display=False).best
    turns = made.turns(best) if best.is_feasible() else []
    return plan_of(
        problem,
        [(kind, [[stop for stop, _ in trip] for trip in trips]) for kind, trips in turns],
        "pyvrp",
        seed,
    )


def one_trip(problem: Problem) -> None:
    if any(one.trips > 1 or one.start != one.end for one in problem.vehicles):
        raise NotThere("knows one trip a vehicle, from and to one depot")


def vroom(problem: Problem, *, seconds: float, seed: int, **_: Any) -> Plan:
    """VROOM at its highest exploration; its limit skips no construction, so it may take longer."""
    import vroom as engine

    one_trip(problem)
    metres, depots = whole(problem)
    asked = engine.Input()
    number = 0
    kinds: list[int] = []
    for kind, one in enumerate(problem.vehicles):
        profile = f"kind {kind}"
        asked.set_durations_matrix(profile, (metres / one.speed + 0.5).astype(np.uint32))
        asked.set_costs_matrix(profile, (metres * one.metre_cost).astype(np.uint32))
        hours = None if one.close_s >= 2**31 else engine.TimeWindow(one.open_s, one.close_s)
        limit = {} if one.work_s is None else {"max_travel_time": one.work_s}
        for _ in range(min(one.count, len(problem.stops))):
            costs = engine.VehicleCosts(fixed=one.fixed_cost)
            room = [min(one.weight_g, 2**31)]
            asked.add_vehicle(
                engine.Vehicle(
                    number,
                    one.start,
                    one.end,
                    profile=profile,
                    capacity=room,
                    costs=costs,
                    time_window=hours,
                    **limit,
                )
            )
            kinds.append(kind)
            number += 1
    asked.add_job([job(engine, place, stop, depots) for place, stop in enumerate(problem.stops)])
    answer = asked.solve(5, 2, timeout=timedelta(seconds=seconds))
    steps = answer.routes[answer.routes["type"] == "job"]
    turns = [
        (kinds[int(vehicle)], [[int(stop) for stop in rows["id"]]])
        for vehicle, rows in steps.groupby("vehicle_id")
    ]
    return plan_of(problem, turns, "vroom", seed)


def job(engine: Any, number: int, stop: Stop, depots: int) -> Any:
    windows = [engine.TimeWindow(*window) for window in stop.windows if window[1] < 2**31]
    return engine.Job(
        number, depots + number, default_service=stop.stay_s, delivery=[stop.weight_g], time_windows=windows
    )


def ortools(problem: Problem, *, seconds: float, seed: int, **_: Any) -> Plan:
    """OR-Tools' routing: savings, then guided local search."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    one_trip(problem)
    metres, depots = whole(problem)
    fleet = [
        kind for kind, one in enumerate(problem.vehicles) for _ in range(min(one.count, len(problem.stops)))
    ]
    starts = [problem.vehicles[kind].start for kind in fleet]
    index = pywrapcp.RoutingIndexManager(len(metres), len(fleet), starts, starts)
    model = pywrapcp.RoutingModel(index)
    wanted = [0] * depots + [stop.weight_g for stop in problem.stops]
    load = model.RegisterUnaryTransitVector(wanted)
    model.AddDimensionWithVehicleCapacity(
        load, 0, [problem.vehicles[k].weight_g for k in fleet], True, "load"
    )
    way = model.RegisterTransitMatrix(metres.tolist())
    for vehicle, kind in enumerate(fleet):
        one = problem.vehicles[kind]
        scaled = (
            way if one.metre_cost == 1 else model.RegisterTransitMatrix((metres * one.metre_cost).tolist())
        )
        model.SetArcCostEvaluatorOfVehicle(scaled, vehicle)
        model.SetFixedCostOfVehicle(one.fixed_cost, vehicle)
    if any(stop.windows[0][1] < FOREVER_S for stop in problem.stops):
        stays = np.array([0] * depots + [stop.stay_s for stop in problem.stops])
        drive = model.RegisterTransitMatrix((metres + stays[:, None]).tolist())
        close_s = max(one.close_s for one in problem.vehicles)
        model.AddDimension(drive, close_s, close_s, False, "time")
        clock = model.GetDimensionOrDie("time")
        for number, stop in enumerate(problem.stops):
            clock.CumulVar(index.NodeToIndex(depots + number)).SetRange(*stop.windows[0])
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
    asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(int(seconds * 1000))
    answer = model.SolveWithParameters(asked)
    turns = (
        [(kind, [followed(model, index, answer, row, depots)]) for row, kind in enumerate(fleet)]
        if answer
        else []
    )
    return plan_of(problem, [turn for turn in turns if turn[1][0]], "ortools", seed)


def followed(model: Any, index: Any, answer: Any, vehicle: int, depots: int) -> list[int]:
    stops, node = [], answer.Value(model.NextVar(model.Start(vehicle)))
    while not model.IsEnd(node):
        stops.append(index.IndexToNode(node) - depots)
        node = answer.Value(model.NextVar(node))
    return stops


def plain(problem: Problem) -> None:
    one = problem.vehicles[0]
    timed = any(stop.windows[0][1] < FOREVER_S or stop.stay_s for stop in problem.stops)
    if len(problem.vehicles) > 1 or timed or one.trips > 1 or one.work_s is not None:
        raise NotThere("knows one kind of vehicle and no times")


def hygese(problem: Problem, *, seconds: float, seed: int, **_: Any) -> Plan:
    """Hybrid genetic search by its authors."""
    import hygese as engine

    plain(problem)
    metres, _ = whole(problem)
    wanted = np.array([0, *(stop.weight_g for stop in problem.stops)])
    grain = int(np.gcd.reduce(wanted)) or 1  # it takes no large weights
    asked = engine.AlgorithmParameters(timeLimit=seconds, seed=seed, nbIter=10**9)
    data = {
        "distance_matrix": metres,
        "demands": (wanted // grain).astype(float),
        "vehicle_capacity": float(problem.vehicles[0].weight_g // grain),
        "num_vehicles": min(problem.vehicles[0].count, len(problem.stops)),
    }
    answer = engine.Solver(asked, verbose=False).solve_cvrp(data)
    return plan_of(
        problem, [(0, [[place - 1 for place in route]]) for route in answer.routes], "hygese", seed
    )


def ailsii(problem: Problem, *, seconds: float, seed: int, **_: Any) -> Plan:
    """AILS-II by its authors, in Java: reads a file, writes its routes to its output."""
    plain(problem)
    jar = os.environ.get("AILSII_JAR")
    if not jar:
        raise NotThere("AILSII_JAR names no jar")
    with TemporaryDirectory() as folder:
        file = Path(folder, "instance.vrp")
        file.write_text(written(problem))
        command = ["java", "-jar", jar, "-file", str(file), "-rounded", "true", "-limit", str(seconds)]
        command += ["-stoppingCriterion", "Time"]
        said = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False).stdout
        said += "".join(path.read_text() for path in Path(folder).rglob("*.sol"))
    routes = re.findall(r"^Route #\d+:([ \d]+)$", said, re.MULTILINE)
    return plan_of(
        problem, [(0, [[int(place) - 1 for place in one.split()]]) for one in routes], "ailsii", seed
    )


def written(problem: Problem) -> str:
    """Write a plain problem as a VRPLIB file."""
    x_m, y_m = problem.distances.scaled
    places = [problem.depots[0].place, *(stop.place for stop in problem.stops)]
    size = len(places)
    lines = ["NAME : instance", "TYPE : CVRP", f"DIMENSION : {size}", "EDGE_WEIGHT_TYPE : EUC_2D"]
    lines += [f"CAPACITY : {problem.vehicles[0].weight_g}", "NODE_COORD_SECTION"]
    lines += [f"{row} {x_m[place]:.0f} {y_m[place]:.0f}" for row, place in enumerate(places, start=1)]
    lines += ["DEMAND_SECTION", "1 0"]
    lines += [f"{row} {stop.weight_g}" for row, stop in enumerate(problem.stops, start=2)]
    return "\n".join([*lines, "DEPOT_SECTION", "1", "-1", "EOF", ""])


SOLVERS = {"pyvrp": pyvrp_alone, "vroom": vroom, "ortools": ortools, "hygese": hygese, "ailsii": ailsii}
