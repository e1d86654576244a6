"""How long sharing a short good takes, against sorting as many numbers in the same run.

`python benchmarks/shares.py`: the households must at least be ordered by their wish a head, so a plain
numpy sort of as many floats is the bound. Every plan is proved by `planning.checks`; that time is
printed too, and 1,000 reasons are put into words.

Then a million residents of a district that runs short: `quotas` shares 58 shops' lots of 6 categories, which
stand in for each other, between 218 zones with 4 classes, and `shares` each quota among the households.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np

from lastmetre.planning import quotas, shares
from lastmetre.planning.checks import check_shares
from lastmetre.planning.quotas.check import check_quotas
from lastmetre.planning.quotas.inside import share_inside

TRIES = 5
RESIDENTS = 1_000_000
ZONES, CLASSES, KINDS, SHOPS = 218, 4, 6, 58
NEAR_SHOPS = 3
"""A zone is served by its nearest shops."""


def main() -> None:
    print("households  credits    sort s  sharing s   ratio   check s   reason us  faults")
    for households in (300_000, 1_000_000):
        for with_credits in (False, True):
            measure(households, with_credits)
    share_district()


def measure(households: int, with_credits: bool) -> None:
    columns = columns_of(households, with_credits)
    numbers = np.random.default_rng(0).random(households)
    sort_s, _ = best_of(lambda: np.sort(numbers))
    share_s, plan = best_of(lambda: shares.plan(shares.Problem(**columns)))
    check_s, faults = best_of(lambda: check_shares(plan.problem, plan))
    reason_s, _ = best_of(lambda: [str(plan.reason(i)) for i in range(1000)])
    print(
        f"{households:10,}  {'yes' if with_credits else 'no':>7}  {sort_s:8.3f}  {share_s:9.3f}  "
        f"{share_s / sort_s:6.1f}  {check_s:8.3f}  {reason_s * 1000:10.1f}  {', '.join(faults) or 'none'}"
    )


def columns_of(households: int, with_credits: bool) -> dict[str, Any]:
    """Make a good for which half of the wishes can be met; one household in six has an unknown size."""
    draw = np.random.default_rng(households)
    wishes = draw.integers(0, 7, households)
    credits = draw.integers(-shares.MILLION, shares.MILLION, households)
    return {
        "stock": int(wishes.sum()) // 2,
        "wishes": wishes,
        "weights": draw.integers(0, 6, households),
        "limits": np.full(households, 5),
        "credits": credits if with_credits else None,
    }


def share_district() -> None:
    draw = np.random.default_rng(1)
    people = draw.integers(1, 6, RESIDENTS // 3)
    group = np.sort(draw.integers(0, ZONES * CLASSES, people.size))
    edges = np.searchsorted(group, np.arange(ZONES * CLASSES + 1))
    wishes = draw.integers(0, 5, (people.size, KINDS))
    problem = district(draw, np.add.reduceat(wishes, edges[:-1]), np.add.reduceat(people, edges[:-1]))
    begin = perf_counter()
    plan = quotas.plan(problem)
    shared = perf_counter()
    inside = [
        share_inside(
            plan, place * KINDS + kind, shares.Problem(stock=0, wishes=wishes[a:b, kind], weights=people[a:b])
        )
        for place, (a, b) in enumerate(pairwise(edges.tolist()))
        for kind in range(KINDS)
    ]
    done = perf_counter()
    faults = [
        *check_quotas(problem, plan),
        *(f for one in inside for f in check_shares(one.own.problem, one.own)),
    ]
    print(
        f"\n{people.sum():,} residents in {people.size:,} households, {len(problem):,} claims, {len(problem.stock)}"
        f" lots: {shared - begin:.1f} s between zones ({len(plan.bottlenecks)} levels), {done - shared:.1f} s between"
        f" households, {perf_counter() - done:.1f} s to prove it; faults: {', '.join(faults) or 'none'}; of"
        f" {int(plan.units.sum()):,} units {int(plan.units.sum()) - sum(one.units for one in inside):,} not handed out"
    )


def district(draw: np.random.Generator, wishes: Any, people: Any) -> quotas.Problem:
    """Make lots for about seven tenths of the wishes; each category's lots stand in for another, dearer."""
    shape, lots = (ZONES, CLASSES, KINDS), SHOPS * KINDS
    category, rows = np.tile(np.arange(KINDS), SHOPS), np.arange(lots)
    part = np.repeat(draw.dirichlet(np.full(SHOPS, 4.0)), KINDS) * draw.uniform(0.4, 1.0, lots)
    per_unit = np.zeros((lots, KINDS), np.int64)
    per_unit[rows, category], per_unit[rows, (category + 1) % KINDS] = 1000, draw.integers(1000, 2000, lots)
    shops, zones = draw.random((SHOPS, 1, 2)) * 20_000, draw.random((1, ZONES, 2)) * 20_000
    ways_m = np.hypot(*(shops - zones).transpose(2, 0, 1)).astype(np.int64)
    reach = ways_m <= np.sort(ways_m, axis=0)[NEAR_SHOPS - 1]
    return quotas.Problem(
        wishes=wishes.reshape(shape),
        stock=(part * wishes.sum(axis=0)[category]).astype(np.int64),
        per_unit=per_unit,
        category=category,
        weights=np.repeat(people, KINDS).reshape(shape),
        reach=np.repeat(reach, KINDS, axis=0),
        ways_m=np.repeat(ways_m, KINDS, axis=0),
    )


def best_of(work: Callable[[], Any]) -> tuple[float, Any]:
    seconds = []
    for _ in range(TRIES):
        start = perf_counter()
        result = work()
        seconds.append(perf_counter() - start)
    return min(seconds), result


if __name__ == "__main__":
    main()
