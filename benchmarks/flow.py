"""How long a day of a city takes to be played through, against SimPy on the same luck in the same run.

`python benchmarks/flow.py`: first towns that SimPy can play too, bag by bag on the same random numbers: the
ratio of the times, the means of both, and the largest difference at any door. Then a city of a million people
(330,000 orders, 500 compounds, 25 suppliers): one day, and replications of it (`--replications 100`).
Wall and processor seconds are printed; compiling, once and kept beside the program, is done before.
"""

from __future__ import annotations

import argparse
from time import perf_counter, process_time

import numpy as np
from parts.flow_oracle import Oracle

from lastmetre.planning.flow import Compound, Estimate, Problem, Supplier, plan
from lastmetre.planning.flow.chance import draw
from lastmetre.planning.flow.check import check_flow
from lastmetre.planning.flow.weeks import days_of

HOMES = 660
COMPOUNDS_A_SUPPLIER = 20


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--replications", type=int, default=5)
    parser.add_argument("--compounds", type=int, default=500)
    given = parser.parse_args()
    plan(city(1), iterations=1)  # compiles
    print("  orders   SimPy s   flow s   ratio   mean h SimPy / flow      largest difference s   faults")
    for compounds in (5, 20):
        compare(compounds)
    print("  orders   replications   wall s   processor s   hours to the door (95 %)   brought the same day")
    for replications in (1, given.replications):
        measure(given.compounds, replications)


def compare(compounds: int) -> None:
    problem = city(compounds)
    start = perf_counter()
    day = next(days_of(problem, 1, 0))
    flow_s = perf_counter() - start
    start = perf_counter()
    oracle = Oracle(problem, day.record.bags, draw(problem, 1, 0, 0)).run()
    simpy_s = perf_counter() - start
    ours, theirs = day.record.door_s, oracle.door_s
    same = np.array_equal(np.isfinite(ours), np.isfinite(theirs))
    came = np.isfinite(ours)
    apart = np.abs(ours[came] - theirs[came]).max() if same else np.inf
    print(
        f"{len(ours):8,}  {simpy_s:8.2f}  {flow_s:7.3f}  {simpy_s / flow_s:6.1f}   "
        f"{theirs[came].mean() / 3600:.9f} / {ours[came].mean() / 3600:.9f}  {apart:15.1e}   "
        f"{', '.join(check_flow(problem, [day])) or 'none'}"
    )


def measure(compounds: int, replications: int) -> None:
    problem = city(compounds)
    start, cpu = perf_counter(), process_time()
    result = plan(problem, iterations=replications)
    wall_s, cpu_s = perf_counter() - start, process_time() - cpu
    hours = Estimate.of(result.mean_hours())
    part = Estimate.of(result.total("same_day") / result.total("asked"))
    print(
        f"{result.total('asked').mean():8,.0f}  {replications:13}  {wall_s:7.2f}  {cpu_s:12.2f}   "
        f"{hours.mean:8.3f} ± {hours.half_width:.3f}             {part.mean:.2%} ± {part.half_width:.2%}"
    )


def city(compounds: int) -> Problem:
    """Make compounds of 660 households and 2,000 people, each asking on this day; a third are walk-ups."""
    rng = np.random.default_rng(7)
    suppliers = tuple(
        Supplier(f"supplier {place}", lines=36, vehicles=22, vehicle_g=1_800_000)
        for place in range(-(-compounds // COMPOUNDS_A_SUPPLIER))
    )
    households = HOMES * compounds
    return Problem(
        suppliers,
        tuple(
            Compound(
                f"compound {place}",
                place % len(suppliers),
                drive_s=int(rng.integers(600, 2400)),
                sorters=4,
                hands=8,
                carts=10,
            )
            for place in range(compounds)
        ),
        home_compound=np.repeat(np.arange(compounds), HOMES),
        home_unit=np.tile(np.arange(HOMES) // 30, compounds),
        people=rng.choice([1, 2, 3, 4, 5], households, p=[0.1, 0.25, 0.3, 0.25, 0.1]),
        climbs=np.where(rng.random(households) < 1 / 3, rng.integers(0, 6, households), 0),
    )


if __name__ == "__main__":
    main()
