"""How far routes are from the best known, beside other solvers given the same seconds.

`python benchmarks/routing.py PATH --seconds 60 --peers pyvrp,ortools,vroom,hygese,ailsii --json`: PATH is a
public instance (VRPLIB), its best-known plan beside it as `.sol`. `--city-day 1` makes a lorry's day in a city
of it (`parts/city_day.py`). Each solver runs by itself in a process of its own; its clock starts once it is
warm. Every cost is counted again by `planning.routing.check`.
Peers are installed for this alone: `pip install ortools pyvroom hygese`; PyVRP comes with lastmetre; AILS-II
is a Java program, its jar named by the variable AILSII_JAR.
"""

from __future__ import annotations

import argparse
import json
import resource
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from parts import peers
from parts.city_day import city_day
from parts.instances import Instance, made_up, read

from lastmetre.planning.routing import plan
from lastmetre.planning.routing.check import check, cost
from lastmetre.planning.routing.plans import Plan


@dataclass(frozen=True)
class Result:
    """What one solver made of an instance."""

    solver: str
    cost: float | None
    gap_pct: float | None
    feasible: bool
    cpu_s: float
    wall_s: float
    rss_mb: float
    unserved: int
    note: str = ""


def main() -> None:
    options = arguments()
    instance = read(options.path) if options.path else made_up()
    if options.city_day is not None:
        instance = city_day(instance, options.city_day)
    results = [run(name, instance, options) for name in ("lastmetre", *options.peers)]
    known = instance.best_known
    said = {
        "instance": instance.name,
        "n": len(instance.problem.stops),
        "best_known": None if known is None else known / instance.unit,
        "results": [asdict(result) for result in results],
    }
    if options.json:
        print(json.dumps(said))
        return
    print(f"{instance.name}: {said['n']} stops, best known {said['best_known']}, {options.seconds} s each")
    print("solver            cost   gap %  served all    cpu s   wall s   MB")
    for one in results:
        gap = "-" if one.gap_pct is None else f"{one.gap_pct:.3f}"
        print(
            f"{one.solver:10} {one.cost if one.cost is not None else '-':>11}  {gap:>6}  "
            f"{'yes' if one.feasible else 'no':>10}  {one.cpu_s:7.1f}  {one.wall_s:7.1f}  {one.rss_mb:5.0f}  {one.note}"
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, nargs="?", help="a .vrp file; none: 200 stops made up")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--city-day", type=int, help="a seed: windows, volumes and a mixed fleet besides")
    parser.add_argument(
        "--engine", choices=("district", "city", "pair"), help="ours: chosen by size where not given"
    )
    parser.add_argument("--peers", type=lambda text: text.split(","), default=[])
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def run(name: str, instance: Instance, options: argparse.Namespace) -> Result:
    """Run one solver in a new process, so that its memory and processor time are its own."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(there, name, instance, vars(options)))
    process.start()
    there.close()
    try:
        return Result(name, *here.recv())
    except EOFError:
        return Result(name, None, None, False, 0, 0, 0, 0, "ended without an answer")
    finally:
        process.join()


def work(answer: Any, name: str, instance: Instance, options: dict[str, Any]) -> None:
    solve = ours if name == "lastmetre" else peers.SOLVERS[name]
    try:
        solve(made_up(20).problem, seconds=1.0, seed=1, engine=options["engine"])  # warms up
        started, worked = perf_counter(), spent_s()
        made = solve(
            instance.problem, seconds=options["seconds"], seed=options["seed"], engine=options["engine"]
        )
    except (ImportError, peers.NotThere) as missing:
        answer.send((None, None, False, 0, 0, 0, 0, str(missing)))
        return
    wall_s, cpu_s = perf_counter() - started, spent_s() - worked
    answer.send((*judged(instance, made), cpu_s, wall_s, rss_mb(), len(made.unserved)))


def ours(problem: Any, *, seconds: float, seed: int, engine: str | None) -> Plan:
    return plan(problem, seconds=seconds, seed=seed, engine=engine)


def judged(instance: Instance, made: Plan) -> tuple[float, float | None, bool]:
    faults = check(instance.problem, made)
    if faults:
        raise SystemExit("; ".join(faults[:5]))
    counted, known = cost(instance.problem, made), instance.best_known
    gap = None if known is None or made.unserved else 100 * (counted - known) / known
    return counted / instance.unit, gap, not made.unserved


def spent_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def rss_mb() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


if __name__ == "__main__":
    main()
