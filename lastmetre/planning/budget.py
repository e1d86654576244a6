"""Budget: when a search stops, told to whoever watches."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

from lastmetre.planning import Cancelled, Progress


@dataclass
class Budget:
    """Stop after seconds or iterations, whichever is first, or when somebody says so; `seconds_else` where neither is given."""

    seconds: float | None = None
    iterations: int | None = None
    progress: Progress | None = None
    cancelled: Cancelled | None = None
    seconds_else: float | None = None
    started: float = field(default_factory=monotonic)

    def __post_init__(self) -> None:
        if self.seconds is None and self.iterations is None:
            self.seconds = self.seconds_else

    @property
    def left_s(self) -> float:
        """Seconds that are left, below 0 when they are over; endless where none were given."""
        return float("inf") if self.seconds is None else self.seconds - (monotonic() - self.started)

    def spent(self, done: int) -> float:
        """Return how much is used after `done` iterations, 1 or more when it is over, and tell who watches."""
        parts = [0.0 if self.cancelled is None or not self.cancelled() else 1.0]
        if self.seconds is not None:
            parts.append(1 - self.left_s / self.seconds if self.seconds > 0 else 1.0)
        if self.iterations is not None:
            parts.append(done / self.iterations if self.iterations > 0 else 1.0)
        if self.progress is not None:
            self.progress(min(max(parts), 1.0))
        return max(parts)

    def is_over(self, done: int) -> bool:
        """Tell whether to stop."""
        return self.spent(done) >= 1
