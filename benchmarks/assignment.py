"""How near to a proved bound a zoning with backups comes, within a stated time.

`python benchmarks/assignment.py 218x58x6 --seconds 30 --json`: compounds x suppliers x categories, made by
a seeded recipe (`zoning_town`). The bound is the linear relaxation over all pairs of primary and backup by
columns; prices that it ends with bound every plan from below, whatever they are (Lagrange). The plan must pass
`planning.zoning.check`.
"""

from __future__ import annotations

import argparse
import json
from time import perf_counter, process_time

import numpy as np
from parts.zoning_bound import bound_of

from lastmetre.planning import zoning
from lastmetre.planning.zoning.check import check_zoning


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", metavar="PATH", help="compounds x suppliers x categories, as 218x58x6")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--bound-seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    compounds, suppliers, kinds = (int(part) for part in options.size.split("x"))
    problem = zoning_town(compounds, suppliers, kinds, options.seed)
    zoning.plan(zoning_town(6, 4, kinds, 1), iterations=1)  # a worker is warm: compiled code is loaded
    cpu, wall = process_time(), perf_counter()
    plan = zoning.plan(problem, seconds=options.seconds)
    figures: dict[str, object] = {
        "instance": options.size,
        "cost": round(plan.cost, 1),
        "cpu_s": round(process_time() - cpu, 1),
        "wall_s": round(perf_counter() - wall, 1),
        "iterations": plan.iterations,
        "without_any": len(plan.notes),
        "faults": check_zoning(problem, plan) if suppliers <= 100 else "not checked at this size",
    }
    bound = bound_of(problem, options.bound_seconds)
    figures |= {"bound": round(bound, 1), "gap_pct": round((plan.cost / bound - 1) * 100, 2)}
    print(json.dumps(figures) if options.json else "\n".join(f"{k:12} {v}" for k, v in figures.items()))


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
