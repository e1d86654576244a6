"""What is loaded where and when, and what stays behind with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class Load:
    """One bag or box on a vehicle."""

    vehicle: int
    room: int
    """Its place in the vehicle's `rooms`."""
    item: int


@dataclass(frozen=True, slots=True)
class Left:
    """A bag or box that stays behind, and why."""

    item: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """Every bag loaded or left with its reason."""

    loads: tuple[Load, ...]
    """Vehicle by vehicle, in the order of loading: what is unloaded last goes on first."""
    left: tuple[Left, ...]
    split: tuple[int, ...]
    """Stops whose bags are on several vehicles."""
    seed: int
    iterations: int
    """Repeats the plan, with the same problem, seed and version."""

    @property
    def vehicles(self) -> int:
        """How many vehicles are used."""
        return len({load.vehicle for load in self.loads})
