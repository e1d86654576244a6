"""Runs: cut a row of things into stretches that fit, none torn apart and none moved."""

from __future__ import annotations

from collections.abc import Sequence

Size = tuple[int, ...]
"""How much of each limit a thing takes: grams, millilitres, work..."""


def fewest(sizes: Sequence[Size], limits: Size) -> list[range]:
    """Cut a row into as few runs as can be, each within all limits; what fits nowhere runs alone."""
    runs = []
    start = 0
    used = (0,) * len(limits)
    for place, size in enumerate(sizes):
        together = tuple(a + b for a, b in zip(used, size, strict=True))
        if place > start and any(a > b for a, b in zip(together, limits, strict=True)):
            runs.append(range(start, place))
            start, together = place, size
        used = together
    if sizes:
        runs.append(range(start, len(sizes)))
    return runs


def evenly(sizes: Sequence[Size], limits: Size) -> list[range]:
    """Cut a row into as few runs as can be, and those as alike as the limits, in whole percents, show."""
    best = fewest(sizes, limits)
    too_tight, tight_enough = 0, 100
    while len(best) > 1 and tight_enough - too_tight > 1:
        percent = (too_tight + tight_enough) // 2
        runs = fewest(sizes, tuple(limit * percent // 100 for limit in limits))
        if len(runs) == len(best):
            best, tight_enough = runs, percent
        else:
            too_tight = percent
    return best
