"""City: thousands of stops, searched on all cores without a matrix of all distances.

Each round the routes are cut into pieces by where their middles lie, along another line every time; each
worker searches its piece in place. Workers are threads: the compiled search lets go of Python's lock, and
pieces share no vehicle, so nothing is copied and the plan does not depend on who is faster.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.budget import Budget
from lastmetre.planning.routing.city_ruin import KINDS, MOST_OUT, ROOM, Piece
from lastmetre.planning.routing.city_search import anneal, build
from lastmetre.planning.routing.city_state import City, Small
from lastmetre.planning.routing.city_town import CityTown
from lastmetre.planning.routing.distances import Distances
from lastmetre.planning.routing.problem import Depot, Problem, Stop, Vehicle
from lastmetre.planning.routing.search import Found, Turn

WORKERS = 2
"""Pieces of a round; fixed, so that a plan is the same on every machine."""
CUT_FROM = 400
"""With fewer stops all routes stay in one piece."""
HEATS = (0.5, 0.005)
"""Temperatures at the start and the end, of the mean cost of a way between two calls."""
HEATS_TIMED = (1.0, 0.03)
"""The same where windows bind: fewer steps lead anywhere."""
WARM_HOT = 0.05
"""Start from an earlier plan: cooler, so that it is not thrown away."""
FEE = 10.0
"""With windows each used vehicle is dearer by so many mean ways at first, by nothing from half of the time on.

Otherwise the search settles early with too many vehicles, and no step of ten stops saves one.
"""
ROUND_STEPS = 20_000
"""Steps of a piece in a round where iterations are counted."""
ROUND_S = (0.1, 2.0)
"""Shortest and longest round where time is counted."""


def search(
    problem: Problem,
    stops: Sequence[int],
    budget: Budget,
    *,
    seed: int,
    warm: Sequence[Turn] = (),
    workers: int = WORKERS,
) -> Found:
    """Search routes for some stops within a budget; the best found, perhaps without some of them."""
    made = CityTown(problem, stops)
    made.start_from(warm)
    city = _City(made, seed, workers if len(stops) >= CUT_FROM else 1)
    city.search(budget, is_warm=bool(warm))
    return Found(made.turns(), city.steps)


@cache
def warm_up() -> None:
    """Have numba compile or load the search: budgets begin afterwards."""
    far = Distances(np.arange(4.0), np.zeros(4))
    stops = tuple(Stop(place, 1) for place in range(1, 4))
    search(Problem(far, (Depot(0),), (Vehicle(2, count=3),), stops), range(3), Budget(iterations=10), seed=0)


class _City:
    """One search: its best, and its rounds."""

    def __init__(self, made: CityTown, seed: int, workers: int) -> None:
        self.city: City = made.city
        self.count = len(made.stops)
        self.random = np.random.default_rng(seed)
        self.workers = workers
        self.absent = np.flatnonzero(self.city.nodes["trip"][: self.count] < 0).astype(np.int32)
        self.steps = 0
        self.fixed = self.city.vehicles["fixed"].copy()
        self._build()
        self.best, self.best_cost = self._copy(), self._counted()

    def _build(self) -> None:
        """Far stops first: they choose the vehicles, near ones fill them."""
        nodes = self.city.nodes
        depot = nodes[self.count] if len(nodes) > self.count else nodes[0]
        far = (nodes["x"][self.absent] - depot["x"]) ** 2 + (nodes["y"][self.absent] - depot["y"]) ** 2
        stops = self.absent[np.argsort(-far, kind="stable")]
        piece = self._piece(0, np.arange(len(self.city.vehicles), dtype=np.int32), stops, stops[:0])
        build(self.city, piece)
        self.absent = piece.absent[: piece.counts[0]].copy()

    def _driven(self) -> float:
        """Count what all ways cost, from the routes themselves."""
        nodes = self.city.nodes
        on_way = nodes[nodes["trip"] >= 0]
        metre_cost = self.city.vehicles["metre_cost"][nodes["owner"][on_way["trip"]]]
        return float((on_way["way"] * metre_cost).sum())

    def _counted(self) -> float:
        vehicles = self.city.vehicles
        fixed = vehicles["fixed"][vehicles["served"] > 0].sum()
        return float(self._driven() + fixed + self.city.times["prize"][self.absent].sum())

    def search(self, budget: Budget, *, is_warm: bool) -> None:
        """Cool from hot to cold, round by round, and keep the best state that stood after a round."""
        served = max(int(self.city.vehicles["served"].sum()), 1)
        mean = self._driven() / served + 1e-9
        hot, cold = HEATS_TIMED if self.city.is_timed else HEATS
        hot, fee = (WARM_HOT, 0.0) if is_warm else (hot, FEE * mean * self.city.is_timed)
        rate = 20_000.0
        with ThreadPoolExecutor(self.workers) as workers:
            while not budget.is_over(self.steps):
                spent = max(budget.spent(self.steps), 0.0)
                steps, ends = _round(budget, self.steps, rate, spent, self.workers)
                heats = [mean * hot * (cold / hot) ** part for part in (spent, ends)]
                started = time.monotonic()
                self._charge(fee * max(1.0 - 2.0 * spent, 0.0))
                pieces = self._cut()
                jobs = [workers.submit(anneal, self.city, piece, steps, *heats) for piece in pieces]
                for job in jobs:
                    job.result()
                self.absent = np.concatenate([piece.absent[: piece.counts[0]] for piece in pieces])
                self.steps += steps * len(pieces)
                rate = steps / max(time.monotonic() - started, 1e-6)
                self._charge(0.0)
                self._keep()
        self._restore()

    def _charge(self, fee: float) -> None:
        """Let each vehicle cost so much more to use."""
        self.city.vehicles["fixed"] = self.fixed + fee

    def _keep(self) -> None:
        cost = self._counted()
        if cost < self.best_cost:
            self.best, self.best_cost = self._copy(), cost

    def _cut(self) -> list[Piece]:
        """Cut the used vehicles by the middles of their routes along a line drawn by lot."""
        nodes, vehicles, workers = self.city.nodes, self.city.vehicles, self.workers
        stops = np.flatnonzero(nodes["trip"][: self.count] >= 0).astype(np.int32)
        owner = nodes["owner"][nodes["trip"][stops]]
        turn = self.random.random() * 2 * np.pi
        along = nodes["x"][: self.count] * np.cos(turn) + nodes["y"][: self.count] * np.sin(turn)
        served = vehicles["served"]
        middle = np.bincount(owner, along[stops], len(vehicles)) / np.maximum(served, 1)
        order = np.argsort(middle, kind="stable")
        order = order[served[order] > 0]
        share = np.cumsum(served[order]) - served[order] / 2
        vehicles["piece"] = np.arange(len(vehicles)) % workers
        vehicles["piece"][order] = np.minimum(share * workers / max(len(stops), 1), workers - 1).astype(int)
        left = np.digitize(along[self.absent], np.quantile(along, np.arange(1, workers) / workers))
        pieces = []
        for number in range(workers):
            own = np.flatnonzero(vehicles["piece"] == number).astype(np.int32)
            mine, absent = stops[vehicles["piece"][owner] == number], self.absent[left == number]
            if len(mine) + len(absent):
                pieces.append(self._piece(number, own, np.concatenate((mine, absent)), absent))
        return pieces

    def _piece(self, number: int, own: Small, stops: Small, absent: Small) -> Piece:
        kinds, vehicles = self.city.allowed.shape[0], self.city.vehicles
        counts = np.zeros(KINDS + kinds, np.int64)
        counts[0] = len(absent)
        empty, is_empty = np.zeros((kinds, len(vehicles)), np.int32), np.zeros(len(vehicles), bool)
        for kind in range(kinds):
            free = own[(vehicles["served"][own] == 0) & (vehicles["kind"][own] == kind)]
            empty[kind, : len(free)], counts[KINDS + kind] = free[::-1], len(free)
            is_empty[free] = True
        room = np.zeros(self.count + MOST_OUT, np.int32)
        room[: len(absent)] = absent
        random = self.random.integers(1, 2**63, 1).astype(np.uint64)
        return Piece(number, stops, own, room, counts, empty, is_empty, np.zeros(MOST_OUT, ROOM), random)

    def _copy(self) -> tuple[NDArray[Any], NDArray[Any]]:
        return self.city.nodes.copy(), self.city.vehicles.copy()

    def _restore(self) -> None:
        self.city.nodes[:], self.city.vehicles[:] = self.best


def _round(budget: Budget, done: int, rate: float, spent: float, workers: int) -> tuple[int, float]:
    """Return the steps of the next round for each piece, and how much of the budget is used after it."""
    if budget.iterations is not None:
        steps = min(ROUND_STEPS, -(-(budget.iterations - done) // workers))
        return steps, min((done + workers * steps) / budget.iterations, 1.0)
    total = budget.seconds or 1.0
    wanted_s = min(max(total / 100, ROUND_S[0]), ROUND_S[1], max(budget.left_s / 2, 0.02))
    return max(int(rate * wanted_s), 10), min(spent + wanted_s / total, 1.0)
