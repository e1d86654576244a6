"""Levels: how much a point must have to last, and who gets how much where there is too little for all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from lastmetre.planning.columns import Real, Whole
from lastmetre.planning.cover.terms import Problem


def order_at(problem: Problem) -> Whole:
    """(P, G): below this a good might not last until the lorries of the next plan are there."""
    return lasts(problem, problem.lead_days + problem.between_days)


def order_up_to(problem: Problem) -> Whole:
    """(P, G): what a point is filled up to."""
    return lasts(problem, problem.lead_days + problem.cover_days)


def lasts(problem: Problem, days: float) -> Whole:
    """(P, G): the fewest units that last some days as surely as `service` asks.

    Demand of several days is taken to be gamma distributed: never below 0, and with the long tail that
    a run on a shop has; a normal distribution would send too little of what sells unevenly.
    """
    mean, variance = problem.mean * days, problem.spread**2 * days
    with np.errstate(divide="ignore", invalid="ignore"):
        shape = np.where(variance > 0, mean**2 / variance, 0)
        units = np.where(shape > 0, gammaincinv(shape, problem.service) * variance / mean, mean)
    # A good that is sold once in a year has a quantile of nearly 0: the mean is the least.
    return _whole(np.ceil(np.maximum(np.nan_to_num(units), mean) - 1e-9))


def evenly(stock: Whole, mean: Real, most: Whole, size: NDArray[np.int64], room: int) -> Whole:
    """Share room among stocks so that all last alike: what is added to each, within its `most`.

    Stocks are raised to the same days of cover as far as the room goes (a unit of each takes its `size`);
    single units that are left over go to whoever then has the fewest days.
    """
    if int((most * size).sum()) <= room:
        return most
    selling = np.maximum(mean, 1e-12)
    low, high = 0.0, float(((stock + most + 1) / selling).max(initial=0.0))
    for _ in range(60):
        days = (low + high) / 2
        if int((_raised(days, stock, selling, most) * size).sum()) <= room:
            low = days
        else:
            high = days
    added = _raised(low, stock, selling, most)
    left = room - int((added * size).sum())
    for one in np.argsort((stock + added) / selling, kind="stable").tolist():
        if added[one] < most[one] and size[one] <= left:
            added[one] += 1
            left -= int(size[one])
    return added


def _raised(days: float, stock: Whole, mean: Real, most: Whole) -> Whole:
    raised: Whole = np.clip(_whole(np.floor(np.minimum(days * mean, 2.0**40))) - stock, 0, most)
    return raised


def _whole(units: Real) -> Whole:
    whole: Whole = units.astype(np.int64)
    return whole
