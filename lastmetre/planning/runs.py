"""Runs: cut a row of things into stretches that fit, none torn apart and none moved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

Size = tuple[int, ...]
"""How much a thing takes of each limit: grams, millilitres, work; never below 0."""


def fewest(sizes: Sequence[Size], limits: Size) -> list[range]:
    """Cut a row into as few runs as can be, each within all limits; what fits nowhere runs alone."""
    return _fewest(_sums(sizes), limits)


def evenly(sizes: Sequence[Size], limits: Size) -> list[range]:
    """Cut a row into as few runs as can be, and those as alike as the limits, in whole percents, show."""
    sums = _sums(sizes)
    best = _fewest(sums, limits)
    too_tight, tight_enough = 0, 100
    while len(best) > 1 and tight_enough - too_tight > 1:
        percent = (too_tight + tight_enough) // 2
        runs = _fewest(sums, tuple(limit * percent // 100 for limit in limits))
        if len(runs) == len(best):
            best, tight_enough = runs, percent
        else:
            too_tight = percent
    return best


def _sums(sizes: Sequence[Size]) -> list[list[int]]:
    """Running sums of each limit's column, from 0."""
    return [list(accumulate(column, initial=0)) for column in zip(*sizes, strict=True)]


def _fewest(sums: Sequence[Sequence[int]], limits: Size) -> list[range]:
    runs = []
    start, end_of_row = 0, len(sums[0]) - 1 if sums else 0
    while start < end_of_row:
        within = (
            bisect_right(column, column[start] + limit) - 1
            for column, limit in zip(sums, limits, strict=True)
        )
        runs.append(range(start, max(start + 1, min(within))))
        start = runs[-1].stop
    return runs
