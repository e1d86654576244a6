"""What is driven: routes of trips of visits, each with its times, and what is left with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class Visit:
    """One call at a stop, or at the supplier where its goods are collected."""

    stop: int
    arrive_s: int
    start_s: int
    """When serving begins: after waiting for the window."""
    leave_s: int
    collects: bool = False


@dataclass(frozen=True, slots=True)
class Trip:
    """From loading to loading."""

    load_s: int
    """When loading begins."""
    leave_s: int
    visits: tuple[Visit, ...]
    end_s: int


@dataclass(frozen=True, slots=True)
class Route:
    """The day of one vehicle."""

    vehicle: int
    """Its kind, by place in `Problem.vehicles`."""
    trips: tuple[Trip, ...]
    metres: int
    cost: int

    @property
    def visits(self) -> Iterator[Visit]:
        """All calls of the day in order."""
        return (visit for trip in self.trips for visit in trip.visits)

    @property
    def start_s(self) -> int:
        """When the vehicle's day begins."""
        return self.trips[0].load_s

    @property
    def end_s(self) -> int:
        """When the vehicle is back for good."""
        return self.trips[-1].end_s


@dataclass(frozen=True, slots=True)
class Unserved:
    """A stop that no vehicle goes to, and why."""

    stop: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """Every stop on one route or unserved with its reason."""

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    engine: str
    """Which search found it: 'district', 'city' or 'none'."""
    seed: int
    iterations: int
    """Repeats the plan, with the same problem, seed and version."""
    notes: tuple[Sentence, ...] = ()

    @property
    def cost(self) -> int:
        """Of all routes."""
        return sum(route.cost for route in self.routes)
