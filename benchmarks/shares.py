"""How long sharing a short good takes, against sorting as many numbers in the same run.

`python benchmarks/shares.py`: the households must at least be ordered by their wish a head, so a plain
numpy sort of as many floats is the bound. Every plan is proved by `planning.checks`; that time is
printed too, and 1,000 reasons are put into words.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from lastmetre.planning import shares
from lastmetre.planning.checks import check_shares

TRIES = 5


def main() -> None:
    print("households  credits    sort s  sharing s   ratio   check s   reason us  faults")
    for households in (300_000, 1_000_000):
        for with_credits in (False, True):
            measure(households, with_credits)


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


def best_of(work: Callable[[], Any]) -> tuple[float, Any]:
    seconds = []
    for _ in range(TRIES):
        start = perf_counter()
        result = work()
        seconds.append(perf_counter() - start)
    return min(seconds), result


if __name__ == "__main__":
    main()
