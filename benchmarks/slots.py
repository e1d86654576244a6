"""How near to a proved bound the times at gates and unloading points come, within a stated time.

`python benchmarks/slots.py --visits 1000 --seconds 10 --json`: vehicles that each call at six of 218 compounds
in a fixed order, made by a seeded recipe (`gates`). At each, the gate is held for the disinfection (SQ6), then
an unloading point for the standing and the unloading (SQ7); gates and points have room for one or two vehicles.

`minutes` are those of all vehicles from ready to done, driving and serving included, and those that calls begin
late; `gap_pct` compares them with the bound. `lost` are only the minutes waited and late, and `lost_gap_pct`
compares those: driving and serving, which no plan can save, are taken off both sides. The bound
(parts/slots_bound.py) is valid whatever prices it ends with. `--kind pickup` (buildings called down to four
desks) and `--kind market` (groups at their wished time) are measured in the same way. The plan must pass
`planning.slots.check`.
"""

from __future__ import annotations

import argparse
import json
from time import perf_counter, process_time

import numpy as np
from parts.slots_bound import bound_of

from lastmetre.planning import slots
from lastmetre.planning.slots.check import check
from lastmetre.planning.slots.planner import warm_up

COMPOUNDS, CALLS = 218, 6
DAY = ((6 * 60, 20 * 60),)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=1000)
    parser.add_argument("--kind", choices=["gates", "pickup", "market"], default="gates")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--iterations", type=int, help="instead of seconds, where others use the machine")
    parser.add_argument("--bound-seconds", type=float, default=60, help="of processor time")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    problem = {"gates": gates, "pickup": pickup, "market": market}[options.kind](options.visits, options.seed)
    warm_up()  # a worker is warm: compiled code is loaded
    cpu, wall = process_time(), perf_counter()
    seconds = options.seconds if options.iterations is None else None
    plan = slots.plan(problem, seconds=seconds, iterations=options.iterations)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    work = sum(
        tour.wait_weight * (visit.bound_min + visit.travel_min)
        for tour in problem.tours
        for visit in tour.visits
    )
    bound = bound_of(problem, options.bound_seconds, plan.cost)
    figures = {
        "kind": options.kind,
        "visits": len(problem),
        "unserved": len(plan.unserved),
        "minutes": plan.cost + work,
        "bound": round(bound + work, 1),
        "gap_pct": round(((plan.cost + work) / (bound + work) - 1) * 100, 2),
        "lost": plan.cost,
        "lost_bound": round(bound, 1),
        "lost_gap_pct": round((plan.cost / bound - 1) * 100, 2) if bound > 0 else 0.0,
        "cpu_s": round(cpu, 1),
        "wall_s": round(wall, 1),
        "iterations": plan.iterations,
        "faults": check(problem, plan),
    }
    print(json.dumps(figures) if options.json else "\n".join(f"{k:14} {v}" for k, v in figures.items()))


def gates(visits: int, seed: int) -> slots.Problem:
    """Make compounds on 20 x 20 km and vehicles that each call at six near one another, out within three hours."""
    draw = np.random.default_rng(seed)
    rooms = draw.integers(1, 3, (COMPOUNDS, 2))
    places = [
        slots.Place(int(room), DAY, name=f"{kind} {compound}")
        for compound, pair in enumerate(rooms)
        for kind, room in zip(("gate", "point"), pair, strict=True)
    ]
    homes, tours = draw.random((COMPOUNDS, 2)) * 20_000, []
    for begin in range(0, visits, CALLS):
        near = np.argsort(np.hypot(*(homes - draw.random(2) * 20_000).T))[:18]
        route = draw.choice(near, min(CALLS, visits - begin), replace=False)
        clock = ready = int(draw.integers(360, 541))
        calls = []
        for here, there in zip(route, [*route[1:], route[-1]], strict=True):
            clean, stand = int(draw.integers(8, 16)), 30 + int(draw.integers(5, 16))
            uses = (slots.Use(2 * here, clean), slots.Use(2 * here + 1, stand, after_min=clean + 2))
            way = int(np.ceil(np.hypot(*(homes[here] - homes[there])) / 8 / 60))
            calls.append(slots.Visit(uses, travel_min=way, due_min=clock + 60))
            clock += calls[-1].bound_min + way
        tours.append(slots.Tour(tuple(calls), ready))
    return slots.Problem(tuple(places), tuple(tours))


def pickup(visits: int, seed: int) -> slots.Problem:
    """Make buildings of 20 to 240 households whose bags are sorted within four hours; a minute each, four desks."""
    draw = np.random.default_rng(seed)
    households, ready = draw.integers(20, 241, visits), draw.integers(480, 721, visits)
    buildings = [slots.Building(int(h), int(r)) for h, r in zip(households, ready, strict=True)]
    return slots.by_building(buildings, seconds_each=6, desks=max(visits // 25, 1), hours=((480, 1200),))


def market(visits: int, seed: int) -> slots.Problem:
    """Make groups of 5 to 30 people that wish to come at some quarter of an hour, most at nine or at five."""
    draw = np.random.default_rng(seed)
    wish = np.where(draw.random(visits) < 0.5, draw.normal(540, 60, visits), draw.normal(1020, 60, visits))
    wishes = np.clip(wish // 15 * 15, 420, 1140).astype(int)
    groups = [
        slots.Group(int(people), int(at))
        for people, at in zip(draw.integers(5, 31, visits), wishes, strict=True)
    ]
    return slots.market(groups, room=max(visits * 3 // 4, 30), stay_min=30, hours=((420, 1200),))


if __name__ == "__main__":
    main()
