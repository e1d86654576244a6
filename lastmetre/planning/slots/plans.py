"""What is timed: a slot for each visit, or the reason why it has none."""

from __future__ import annotations

from dataclasses import dataclass

from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class Slot:
    """When one visit takes place."""

    tour: int
    visit: int
    """Its place in the tour."""
    begin_min: int
    end_min: int
    """When the vehicle is free again."""
    wait_min: int
    """How long it waited before."""
    late_min: int
    """Begins so long after it was due."""
    early_min: int
    """Begins so long before it was wished."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A visit without slot, and why; the vehicle drives past it."""

    tour: int
    visit: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """Every visit with its slot or its reason."""

    slots: tuple[Slot, ...]
    """Tour by tour, in their order."""
    unserved: tuple[Unserved, ...]
    cost: int
    """Minutes waited, late and early, each times its weight."""
    seed: int
    iterations: int
    """Repeats the plan, with the same problem, seed and version."""

    @property
    def wait_min(self) -> int:
        """Minutes that all vehicles wait."""
        return sum(slot.wait_min for slot in self.slots)

    @property
    def late_min(self) -> int:
        """Minutes that all visits begin after they were due."""
        return sum(slot.late_min for slot in self.slots)
