"""The sources' own figures: each with the row of the requirements and the words it was taken from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the source states."""

    key: str
    row: str
    """Id in the requirements (ER3a)."""
    number: int
    said: str
    """The source's own words around it."""
    at_least: bool = False
    """The source says 'over': the world may hold more."""
    built: int = 0
    """How many the world holds, where the source says 'over'; an invented exact figure."""
    modelled: bool = True
    """Whether the world has rows for it; a total of past days has none."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scenario's hand-written file: figures, and whatever else its builder reads."""

    title: str
    day: datetime.date
    figures: Mapping[str, Figure]
    rest: Mapping[str, Any]

    def __getitem__(self, key: str) -> int:
        """Return how many the world is to hold of a figure."""
        return self.figures[key].built


def read_sheet(name: str) -> Sheet:
    """Read `<name>/scenario.yaml`."""
    data = yaml.safe_load((files(__package__) / name / "scenario.yaml").read_text(encoding="utf-8"))
    figures = {}
    for key, entry in data.pop("figures").items():
        figures[key] = Figure(
            key=key,
            row=entry["row"],
            number=entry["figure"],
            said=entry["said"],
            at_least=entry.get("over", False),
            built=entry.get("built", entry["figure"]),
            modelled=entry.get("modelled", True),
        )
    return Sheet(data.pop("title"), data.pop("day"), figures, data)
