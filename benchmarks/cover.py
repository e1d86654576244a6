"""Market points filled up from front warehouses: one morning against its budget, and a month against a habit.

`python benchmarks/cover.py 145x145 --seconds 20 --json`: points x warehouses, made by a seeded recipe
(`front_warehouses`, PD3). The morning's plan must pass `planning.cover.check`. Then a month is lived through
by our plan and by what is done by telephone: every second day each point is sent what it sells in two days.
Both meet the same customers; `dry` counts points times days on which under 95 % of what was asked was there.
"""

from __future__ import annotations

import argparse
import json
from time import perf_counter, process_time

import numpy as np
from parts.month import Month, front_warehouses, lived

from lastmetre.planning import cover
from lastmetre.planning.cover.check import check_cover
from lastmetre.planning.cover.sources import ways_m


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", metavar="PATH", nargs="?", default="145x145", help="points x warehouses")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    points, warehouses = (int(part) for part in options.size.split("x"))
    problem = front_warehouses(points, warehouses, options.seed)
    cover.plan(front_warehouses(3, 2, 1), seconds=1)  # a worker is warm: libraries are loaded
    figures: dict[str, object] = {"instance": options.size, "morning": morning(problem, options.seconds)}
    for name, rule in (("lastmetre", _ours), ("by telephone", _Habit())):
        begin = perf_counter()
        month = lived(problem, rule, options.days, options.seed)
        figures[name] = told(month, points) | {"wall_s": round(perf_counter() - begin, 1)}
    print(json.dumps(figures) if options.json else "\n".join(f"{k:14} {v}" for k, v in figures.items()))


def morning(problem: cover.Problem, seconds: float) -> dict[str, object]:
    cpu, wall = process_time(), perf_counter()
    plan = cover.plan(problem, seconds=seconds)
    spent = {"cpu_s": round(process_time() - cpu, 1), "wall_s": round(perf_counter() - wall, 1)}
    return {
        "served": int(plan.brings.any(axis=1).sum()),
        "unserved": len(plan.unserved),
        "km": round(plan.metres / 1000),
        "notes": [str(note) for note in plan.notes],
        **spent,
        "faults": check_cover(problem, plan),
    }


def told(month: Month, points: int) -> dict[str, object]:
    return {
        "dry": month.dry,
        "of": month.days * points,
        "got_pct": round(100 * month.got / month.asked, 2),
        "sold_out_pct": round(100 * month.empty / (month.days * points * 6), 2),
        "days_between_visits": round(month.days * points / max(month.visits, 1), 2),
        "km_a_day": round(month.metres / 1000 / month.days),
    }


def _ours(problem: cover.Problem) -> tuple[np.ndarray, int]:
    plan = cover.plan(problem, iterations=60)
    return plan.brings, plan.metres


class _Habit:
    """Every second day two days' mean from the nearest warehouse, there and back; limits are not looked at."""

    def __init__(self) -> None:
        self.day = 0

    def __call__(self, problem: cover.Problem) -> tuple[np.ndarray, int]:
        self.day += 1
        turn = (np.arange(len(problem.points)) + self.day) % 2 == 0
        brings = np.where(turn[:, None], np.ceil(problem.mean * 2), 0).astype(np.int64)
        return brings, int(2 * ways_m(problem).min(axis=1)[turn].sum())


if __name__ == "__main__":
    main()
