"""What if: `hands+2,carts+2`, `absence=20%`, `regime=sealed@3` -> the problem with that changed."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from lastmetre.planning.flow import Chances, Change, Problem
from lastmetre.terms import InputError, say

SUPPLIERS = ("lines", "vehicles")
COMPOUNDS = ("lanes", "sorters", "hands", "carts")
CHANCES = ("absence", "breakdown")
WAYS = re.compile(r"(?P<name>[a-z]+)(?P<sign>[-+=])(?P<value>[\w.]+)(?P<percent>%?)(?:@(?P<day>\d+))?")


def changed(problem: Problem, what: str) -> Problem:
    """Return the problem with all that a what-if names, its parts joined by commas. Raises `InputError`."""
    for part in what.split(","):
        found = WAYS.fullmatch(part.strip().lower())
        new = _one(problem, **found.groupdict()) if found else None
        if new is None:
            raise InputError(
                say("The what-if “{part}” cannot be read.", part=part.strip()),
                remedy=say(
                    "Write such as {examples}; numbers are hands, carts, sorters, lanes, lines, vehicles; "
                    "parts are absence, breakdown, supply; regimes are {regimes}, from a day on with @.",
                    examples="hands+2,carts+2 · vehicles-10% · lanes=3 · supply=70% · absence=20% · regime=sealed@3",
                    regimes="、".join(regime.name for regime in problem.regimes),
                ),
            )
        problem = new
    return problem


def _one(
    problem: Problem, *, name: str, sign: str, value: str, percent: str, day: str | None
) -> Problem | None:
    """Change one thing; None where it makes no sense."""
    names = [regime.name for regime in problem.regimes]
    if name == "regime":
        if sign != "=" or value not in names or percent:
            return None
        if day is not None and not 1 <= int(day) <= problem.days:
            raise InputError(
                say("Day {day} of the what-if is not played: there are {days}.", day=day, days=problem.days),
                remedy=say("Play more days in a row (--days), or name an earlier one."),
            )
        change = Change(int(day or 1) - 1, names.index(value))
        return dataclasses.replace(problem, changes=(*problem.changes, change))
    if day or not re.fullmatch(r"\d+(\.\d+)?", value):
        return None
    number = float(value) / (100 if percent else 1)
    if name in CHANCES:
        if sign != "=" or number > 1:
            return None
        return dataclasses.replace(problem, chances=_chances(problem.chances, name, number))
    if name == "supply":
        if not percent:
            return None
        return dataclasses.replace(
            problem, suppliers=_rows(problem.suppliers, ("stock_g", "daily_g"), sign, number, "%")
        )
    if name in SUPPLIERS:
        return dataclasses.replace(
            problem, suppliers=_rows(problem.suppliers, (name,), sign, number, percent)
        )
    if name in COMPOUNDS:
        return dataclasses.replace(
            problem, compounds=_rows(problem.compounds, (name,), sign, number, percent)
        )
    return None


def _chances(chances: Chances, name: str, part: float) -> Chances:
    return (
        dataclasses.replace(chances, absence=part)
        if name == "absence"
        else dataclasses.replace(chances, breakdown=part)
    )


def _rows(
    rows: tuple[Any, ...], names: tuple[str, ...], sign: str, number: float, percent: str
) -> tuple[Any, ...]:
    """Change figures of all rows; none falls below 0."""

    def new(old: int) -> int:
        step = old * number if percent else number
        return max(round({"+": old + step, "-": old - step, "=": step}[sign]), 0)

    return tuple(
        dataclasses.replace(row, **{name: new(getattr(row, name)) for name in names}) for row in rows
    )
