"""How long does sharing out a round of 4,000 households take, and how much of it is the sharing itself?

`python benchmarks/allocation.py [HOUSEHOLDS]` runs an own PostgreSQL in a temporary folder. Three goods are asked
for, one of them short. The whole (gather, plan, write shares, promises, bills, notices) is compared with planning
alone in the same run, and with the house's bound of 60 s from cut-off to complete papers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

from parts.own_server import own_server

HOUSEHOLDS = 4_000
BOUND_S = 60.0


def main() -> None:
    households = int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS
    with own_server():
        measure(households)


def measure(households: int) -> None:
    from parts.large import ask_all, begin, build

    from lastmetre.chain.allocation.actions.sharing import allocate, undo_allocation
    from lastmetre.chain.allocation.queries.gathering import gather
    from lastmetre.chain.allocation.queries.planning import plan_round
    from lastmetre.chain.orders.actions.rounds import cut_off
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    with acting_as(SYSTEM) as now:
        large = build(households, now)
        row = begin(large, now, stock=(households, None, households // 2))
        asking = timed(lambda: ask_all(row, large.homes, now))
        row = cut_off(row, by=SYSTEM, at=now)
        gathering = timed(lambda: gather(row, now))
        question = gather(row, now)
        planning = timed(lambda: plan_round(question))
        whole = timed(lambda: allocate(row, by=SYSTEM, at=now))
        row.refresh_from_db()
        back = timed(lambda: undo_allocation(row, by=SYSTEM, at=now))
    print(f"orders in bulk   {asking:6.2f} s, {asking / households * 1000:.2f} ms a household")
    print(f"gather           {gathering:6.2f} s")
    print(f"plan alone       {planning:6.2f} s")
    print(f"share out        {whole:6.2f} s: {whole / (gathering + planning):.1f} times gather and plan")
    print(f"                 {whole / BOUND_S:6.2f} of the bound")
    print(f"take it back     {back:6.2f} s: {back / whole:.2f} of sharing out")


def timed(run: Callable[[], object]) -> float:
    began = perf_counter()
    run()
    return perf_counter() - began


if __name__ == "__main__":
    main()
