"""Reads the public instances of generalised assignment: a zoning with one category and no backups."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lastmetre.planning import zoning


def read_gap(path: Path) -> zoning.Problem:
    """Read a file of the OR-Library's form: agents, jobs, costs, what each job takes of each agent, capacities.

    Raises `ValueError` where it has too few or too many numbers, or a broken one.
    """
    numbers = np.array(path.read_text(encoding="ascii").split(), np.int64)
    agents, jobs = numbers[:2].tolist()
    if numbers.size != 2 + 2 * agents * jobs + agents:
        raise ValueError(
            f"{path.name} should hold {2 + 2 * agents * jobs + agents} numbers, not {numbers.size}."
        )
    costs, uses, capacity = np.split(numbers[2:], [agents * jobs, 2 * agents * jobs])
    return zoning.Problem(
        demand=uses.reshape(agents, jobs).T[:, :, None],
        capacity=capacity[:, None],
        distances_m=costs.reshape(agents, jobs).T,
        people=np.full(jobs, 1000),  # a metre costs a thousandth of a person's kilometre
        backups=False,
    )
