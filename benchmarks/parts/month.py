"""A month of market points and their front warehouses, day by day, under any rule for what is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lastmetre.planning.cover import Good, Point, Problem, Warehouse
from lastmetre.planning.routing import Distances, Vehicle

GOODS = (
    Good(2_500, 3_000, "rice"),
    Good(1_000, 1_200, "oil and salt"),
    Good(800, 2_000, "vegetables"),
    Good(500, 900, "meat and eggs"),
    Good(1_000, 1_100, "milk"),
    Good(400, 2_500, "daily goods"),
)
DRY = 0.95
"""A point runs dry on a day when it cannot hand over this part of what is asked for."""


def front_warehouses(points: int, warehouses: int, seed: int) -> Problem:
    """Make a district of 20 x 20 km: PD3's points of about 2,000 items a day; five days' stock (ER7)."""
    draw = np.random.default_rng(seed)
    at = draw.random((points + warehouses, 2)) * 20_000
    share = draw.dirichlet(np.full(len(GOODS), 6.0), points)
    mean = 2_000 * draw.uniform(0.5, 1.5, (points, 1)) * share
    spread = mean * draw.uniform(0.2, 0.6, mean.shape)
    day = mean.sum(axis=0)
    hands = max(20_000, int(day.sum() / warehouses * 3))
    lorry = Vehicle(4_000_000, 16_000_000, count=2, trips=3, speed=8.0, open_s=0, close_s=6 * 3600)
    return Problem(
        Distances(at[:, 0], at[:, 1], detour=1.3),
        GOODS,
        tuple(Point(place, room_ml=20_000_000) for place in range(points)),
        tuple(
            Warehouse(points + number, (lorry,), load_s=1_200, units_a_day=hands)
            for number in range(warehouses)
        ),
        mean,
        spread,
        stock=np.round(mean * draw.uniform(0.5, 4, (points, 1))).astype(np.int64),
        available=np.tile((day / warehouses * 5).astype(np.int64), (warehouses, 1)),
    )


@dataclass
class Month:
    """What came of it."""

    days: int = 0
    dry: int = 0
    """Points times days on which they ran dry."""
    visits: int = 0
    metres: int = 0
    asked: int = 0
    got: int = 0
    empty: int = 0
    """Points times goods times days on which the good was sold out."""


Rule = Callable[[Problem], tuple[np.ndarray, int]]
"""Says what each point is brought this morning, and the metres driven for it."""


def lived(problem: Problem, rule: Rule, days: int, seed: int) -> Month:
    """Live through some days: goods come, doors open, people ask; what is not there is not sold later."""
    draw, month = np.random.default_rng(seed), Month()
    shape, scale = problem.mean**2 / problem.spread**2, problem.spread**2 / problem.mean
    for _ in range(days):
        brings, metres = rule(problem)
        asked = np.round(draw.gamma(shape, scale)).astype(np.int64)
        there = problem.stock + brings
        got = np.minimum(there, asked)
        month.days += 1
        month.dry += int((got.sum(axis=1) < DRY * asked.sum(axis=1)).sum())
        month.visits += int(brings.any(axis=1).sum())
        month.metres += metres
        month.asked, month.got = month.asked + int(asked.sum()), month.got + int(got.sum())
        month.empty += int((asked > there).sum())
        problem = replace(problem, stock=there - got)
    return month
