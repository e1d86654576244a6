"""Weights: how much a household counts when a good is shared: its people, its need, the food it has left.

A person counts as four parts; a household in which somebody cannot help himself, or whose food of this kind
ends soon, gets a part or two more for each of its people (the rule in plain words: docs/planning/weights.md).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from lastmetre.planning.columns import Whole, column

UNKNOWN = -1
"""Tenths of days of food where nobody knows what a household has: silence is not "has enough"."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Parts a person; all of them settings, kept with every plan."""

    person: int = 4
    need: int = 1
    """More where somebody at home needs it more."""
    soon: int = 1
    """More where food of this kind ends within `soon_tenths`."""
    ending: int = 2
    """More where it ends within `ending_tenths`."""
    soon_tenths: int = 30
    ending_tenths: int = 10

    def data(self) -> dict[str, int]:
        """Return the rule as it is kept."""
        return asdict(self)


DEFAULT = Rule()


@dataclass(frozen=True, eq=False)
class Problem:
    """The households; arrays have an entry a household. Raises `InputError` on broken or negative ones."""

    people: Whole
    """Head counts; 0 where not known, which counts as 1."""
    needs: Whole | None = None
    """1 where somebody at home needs it more, else 0; None: nobody."""
    tenths_left: Whole | None = None
    """Tenths of days that food of this kind lasts, UNKNOWN where nobody knows; None: no food."""
    rule: Rule = DEFAULT

    def __post_init__(self) -> None:
        households = len(self.people)
        for name, lowest in (("people", 0), ("needs", 0), ("tenths_left", UNKNOWN)):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, column(name, values, households, lowest))


def weights(problem: Problem) -> Whole:
    """Return the weight of each household in parts."""
    rule = problem.rule
    a_person = np.full(len(problem.people), rule.person, np.int64)
    if problem.needs is not None:
        a_person += rule.need * np.minimum(problem.needs, 1)
    if problem.tenths_left is not None:
        left = problem.tenths_left
        is_known = left > UNKNOWN
        is_ending = is_known & (left < rule.ending_tenths)
        a_person += np.where(
            is_ending, rule.ending, np.where(is_known & (left < rule.soon_tenths), rule.soon, 0)
        )
    return np.asarray(np.maximum(problem.people, 1) * a_person, np.int64)
