"""What zoning is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lastmetre.planning.columns import Whole, table, yes_no_table
from lastmetre.terms import InputError, Sentence, say

NOBODY = -1
"""Stands for a supplier where there is none."""

BACKUP_PART = 0.25
"""A metre to the backup counts as this part of one to the primary: it drives only when another fails."""

UNSERVED = 10
"""A compound without supplier counts as if one stood this many times farther than the farthest."""


@dataclass(frozen=True, eq=False)
class Problem:
    """C compounds, S suppliers, K categories; raises `InputError` on broken, negative or uneven arrays."""

    demand: Whole
    """(C, K) units a day, or (C, S, K) where it depends on the supplier how much of its capacity they take."""
    capacity: Whole
    """(S, K) units a day."""
    distances_m: Whole
    """(C, S) metres by road."""
    people: Whole
    """(C,) what a metre to each compound is multiplied by."""
    emergency: Whole | None = None
    """(S, K) units while one other supplier is down; None: the capacity."""
    risk_m: Whole | None = None
    """(S,) metres that one would rather drive than send this supplier."""
    allowed: NDArray[np.bool_] | None = None
    """(C, S) which may serve or step in; None: all."""
    closed: NDArray[np.bool_] | None = None
    """(S,) which have failed or closed; None: none."""
    area: Whole | None = None
    """(C,) area of each compound, whose primaries must be of one group (QZ13); None: each its own."""
    group: Whole | None = None
    """(S,) group, such as a chain of shops; None: each supplier its own."""
    fixed: Whole | None = None
    """(C, 2) primary and backup that a person has chosen; -1 where free."""
    current: Whole | None = None
    """(C, 2) pairs in force: a plan then moves as few compounds as it can; -1 where none."""
    backups: bool = True
    """Whether each compound needs a backup, too."""

    def __post_init__(self) -> None:
        compounds, suppliers = np.shape(self.distances_m) if np.ndim(self.distances_m) == 2 else (0, 0)
        by_supplier = np.ndim(self.demand) == 3
        kinds = np.shape(self.demand)[-1] if np.ndim(self.demand) in (2, 3) else 0
        shapes: dict[str, tuple[tuple[int, ...], int]] = {
            "demand": ((compounds, suppliers, kinds) if by_supplier else (compounds, kinds), 0),
            "capacity": ((suppliers, kinds), 0),
            "distances_m": ((compounds, suppliers), 0),
            "people": ((compounds,), 0),
            "emergency": ((suppliers, kinds), 0),
            "risk_m": ((suppliers,), 0),
            "area": ((compounds,), 0),
            "group": ((suppliers,), 0),
            "fixed": ((compounds, 2), NOBODY),
            "current": ((compounds, 2), NOBODY),
        }
        for name, (shape, lowest) in shapes.items():
            if getattr(self, name) is not None:
                object.__setattr__(self, name, table(name, getattr(self, name), shape, lowest))
        for name, shape in (("allowed", (compounds, suppliers)), ("closed", (suppliers,))):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, yes_no_table(name, getattr(self, name), shape))
        for pairs in (self.fixed, self.current):
            if pairs is not None:
                _check_pairs(pairs, suppliers)

    def __len__(self) -> int:
        return len(self.people)

    @property
    def suppliers(self) -> int:
        """How many suppliers there are."""
        return len(self.capacity)

    @property
    def when_one_is_down(self) -> Whole:
        """Units that each can give while one other is down."""
        return self.capacity if self.emergency is None else self.emergency

    def use(self) -> Whole:
        """Return (C, S, K) units that each compound takes of each supplier."""
        if self.demand.ndim == 3:
            return self.demand
        return np.broadcast_to(self.demand[:, None], (len(self), *self.capacity.shape))

    def lacks(self, pairs: Whole) -> NDArray[np.bool_]:
        """Tell which compounds have no supplier, or no backup though each needs one, in pairs (C, 2)."""
        return np.asarray((pairs[:, : 1 + self.backups] == NOBODY).any(axis=1))

    def may_serve(self) -> NDArray[np.bool_]:
        """Tell which supplier may serve which compound at all."""
        may = np.ones(self.distances_m.shape, bool) if self.allowed is None else self.allowed.copy()
        if self.closed is not None:
            may[:, self.closed] = False
        return may

    def costs(self) -> NDArray[np.float64]:
        """Return person-kilometres of each compound to each supplier, risk counted in."""
        metres = self.distances_m + (0 if self.risk_m is None else self.risk_m[None, :])
        return np.asarray(self.people[:, None] * metres / 1000, np.float64)


@dataclass(frozen=True, eq=False)
class Plan:
    """Who serves each compound and who steps in when that one fails."""

    primary: Whole
    """(C,) supplier; -1 where nobody can."""
    backup: Whole
    """(C,) supplier that takes over; -1 where nobody can."""
    cost: float
    """Person-kilometres, those of backups by a quarter; without who has nobody."""
    bound: float
    """No plan that gives everybody a supplier and a backup costs less."""
    moved: int
    """Compounds whose primary is another than in force; 0 where nothing was in force."""
    iterations: int
    """Changes tried: with the same problem and seed they give the same plan."""
    notes: tuple[Sentence, ...] = ()
    """Who has nobody or no backup, and why."""


def _check_pairs(pairs: Whole, suppliers: int) -> None:
    same = (pairs[:, 0] == pairs[:, 1]) & (pairs[:, 0] != NOBODY)
    if pairs.size and (int(pairs.max()) >= suppliers or bool(same.any())):
        raise InputError(
            say("A compound is given a supplier that is not there, or one as its own backup."),
            remedy=say("Name two different suppliers of the list."),
        )
