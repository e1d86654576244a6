"""How near to a proved bound an assignment comes, within a stated time.

`python benchmarks/assignment.py PATH --seconds 60 --json` reads a public instance of generalised assignment;
`218x58x6` in place of a path makes a town of so many compounds, suppliers and categories by a seeded recipe
(`zoning_town`), each compound with a backup. The bound is the plan's own: prices of capacity bound every plan
from below, whatever they are (Lagrange). The plan must pass `planning.zoning.check`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from re import fullmatch
from time import perf_counter, process_time

import numpy as np
from parts.gap_file import read_gap

from lastmetre.planning import zoning
from lastmetre.planning.zoning.check import check_zoning


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "instance", metavar="PATH", help="a file, or compounds x suppliers x categories as 218x58x6"
    )
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--iterations", type=int, help="in place of seconds: the same plan on any machine")
    parser.add_argument("--seed", type=int, default=7, help="of the town and of the search")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    problem = problem_of(options.instance, options.seed)
    zoning.plan(zoning_town(6, 4, 1, 1), iterations=1)  # a worker is warm: compiled code is loaded
    cpu, wall = process_time(), perf_counter()
    budget = {"iterations": options.iterations} if options.iterations else {"seconds": options.seconds}
    plan = zoning.plan(problem, seed=options.seed, **budget)
    figures: dict[str, object] = {
        "instance": Path(options.instance).name,
        "cost": round(plan.cost, 1),
        "bound": round(plan.bound, 1),
        "gap_pct": round((plan.cost / plan.bound - 1) * 100, 3),
        "cpu_s": round(process_time() - cpu, 1),
        "wall_s": round(perf_counter() - wall, 1),
        "iterations": plan.iterations,
        "without_any": len(plan.notes),
        "faults": check_zoning(problem, plan),
    }
    print(json.dumps(figures) if options.json else "\n".join(f"{k:12} {v}" for k, v in figures.items()))


def problem_of(instance: str, seed: int) -> zoning.Problem:
    size = fullmatch(r"(\d+)x(\d+)x(\d+)", instance)
    if size is None:
        return read_gap(Path(instance))
    compounds, suppliers, kinds = (int(part) for part in size.groups())
    return zoning_town(compounds, suppliers, kinds, seed)


def zoning_town(compounds: int, suppliers: int, kinds: int, seed: int) -> zoning.Problem:
    """Make a town of 20 x 20 km with a third more supply than demand, each supplier of another size."""
    draw = np.random.default_rng(seed)
    homes, people = draw.random((compounds, 2)) * 20_000, draw.integers(300, 6001, compounds)
    demand = np.round(people[:, None] * draw.uniform(0.8, 1.2, (compounds, kinds))).astype(np.int64)
    shops, share = draw.random((suppliers, 2)) * 20_000, draw.dirichlet(np.full(suppliers, 4.0))
    capacity = share[:, None] * demand.sum(axis=0) * 1.35 * draw.uniform(0.85, 1.15, (suppliers, kinds))
    metres = np.hypot(*(homes[:, None] - shops[None]).transpose(2, 0, 1))
    return zoning.Problem(
        demand=demand,
        capacity=capacity.astype(np.int64),
        distances_m=metres.astype(np.int64),
        people=people,
        emergency=(capacity * 1.6).astype(np.int64),
    )


if __name__ == "__main__":
    main()
