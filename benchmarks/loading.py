"""How near to the fewest vehicles that there must be a loading comes, within a stated time.

`python benchmarks/loading.py --stops 300 --seconds 5 --json`: stops of 5 to 40 bags, a tenth of them chilled or
frozen, on vans alike with a compartment for dry and one for cold goods, made by a seeded recipe (`dock`). The
bound is the largest that any one limit alone gives (S. Martello, P. Toth, "Lower bounds and reduction procedures
for the bin packing problem", 1990: stops too large to share a van, and what the others leave). First fit, the
largest first, is measured beside it. The plan must pass `planning.loading.check`.
"""

from __future__ import annotations

import argparse
import json
from time import perf_counter, process_time

import numpy as np

from lastmetre.planning import loading
from lastmetre.planning.loading.check import check

DRY, CHILLED, FROZEN = loading.Temperature
VAN = loading.Vehicle(
    (loading.Room(1_000_000, 5_000_000), loading.Room(150_000, 500_000, frozenset({CHILLED, FROZEN}))),
    weight_g=1_050_000,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=int, default=300)
    parser.add_argument("--bags", type=int, nargs=2, default=(5, 40), help="fewest and most of a stop")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    problem = dock(options.stops, tuple(options.bags), options.seed)
    cpu, wall = process_time(), perf_counter()
    plan = loading.plan(problem, seconds=options.seconds)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    needs, bound = stop_needs(problem), 0
    for column, limit in zip(needs.T, limits(), strict=True):
        bound = max(bound, bins(column, limit))
    figures = {
        "stops": len(problem.stops),
        "bags": len(problem.items),
        "vehicles": plan.vehicles,
        "bound": bound,
        "gap_pct": round((plan.vehicles / bound - 1) * 100, 2),
        "first_fit": first_fit(needs),
        "left": len(plan.left),
        "split": len(plan.split),
        "cpu_s": round(cpu, 1),
        "wall_s": round(wall, 1),
        "iterations": plan.iterations,
        "faults": check(problem, plan),
    }
    print(json.dumps(figures) if options.json else "\n".join(f"{k:12} {v}" for k, v in figures.items()))


def dock(stops: int, bags: tuple[int, int], seed: int) -> loading.Problem:
    """Make stops of so many bags of 2 to 10 kg and 3 l a kg or so, and vans enough."""
    draw, items = np.random.default_rng(seed), []
    for stop in range(stops):
        for _ in range(draw.integers(bags[0], bags[1] + 1)):
            weight, kind = int(draw.integers(2_000, 10_001)), draw.random()
            volume = int(weight * draw.uniform(2, 6))
            temperature = CHILLED if kind < 0.06 else FROZEN if kind < 0.1 else DRY
            items.append(loading.Item(stop, weight, volume, temperature))
    return loading.Problem((VAN,) * stops, tuple(loading.Stop(turn) for turn in range(stops)), tuple(items))


def limits() -> np.ndarray:
    dry, cold = VAN.rooms
    return np.array([VAN.weight_g, dry.weight_g, dry.volume_ml, cold.weight_g, cold.volume_ml])


def stop_needs(problem: loading.Problem) -> np.ndarray:
    """Add up what each stop takes of each limit."""
    needs = np.zeros((len(problem.stops), 5), np.int64)
    for item in problem.items:
        column = 1 if item.temperature == DRY else 3
        needs[item.stop, [0, column, column + 1]] += item.weight_g, item.weight_g, item.volume_ml
    return needs


def bins(sizes: np.ndarray, limit: int) -> int:
    """Return Martello's and Toth's bound: for each small size, the large stops alone and what the rest needs."""
    best = -(-int(sizes.sum()) // int(limit))
    for small in np.unique(sizes[sizes <= limit // 2]):
        alone = sizes > limit - small
        large = (sizes > limit // 2) & ~alone
        rest = (sizes >= small) & (sizes <= limit // 2)
        room = int(large.sum() * limit - sizes[large].sum())
        more = max(0, -(-(int(sizes[rest].sum()) - room) // int(limit)))
        best = max(best, int(alone.sum() + large.sum()) + more)
    return best


def first_fit(needs: np.ndarray) -> int:
    """Load the largest stops first, each on the first van with room."""
    free: list[np.ndarray] = []
    for need in needs[(-(needs / limits()).max(axis=1)).argsort(kind="stable")]:
        van = next((one for one in free if (one >= need).all()), None)
        if van is None:
            van = limits().copy()
            free.append(van)
        van -= need
    return len(free)


if __name__ == "__main__":
    main()
