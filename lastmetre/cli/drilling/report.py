"""What a drill says: the figures of every variant, in words for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lastmetre.planning import capacity
from lastmetre.planning.capacity import Means
from lastmetre.planning.flow import MEASURES, STAGES, Estimate, Plan, Problem
from lastmetre.planning.flow.results import BINS_AN_HOUR
from lastmetre.terms import Sentence, say

STAGE_WORDS = {
    "packing": say("packing"),
    "vehicles": say("vehicles"),
    "gate": say("gate lanes"),
    "sorting": say("sorting"),
    "carts": say("carts to the doors"),
}
MEANS_WORDS = {
    Means.GOODS: say("goods"),
    Means.LINE: say("packing line"),
    Means.VEHICLE: say("delivery vehicle"),
    Means.LANE: say("gate lane"),
    Means.SORTER: say("sorter"),
    Means.HAND: say("hand"),
    Means.CART: say("cart"),
}
MOST_ROWS = 8


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to play the days."""

    what: str
    """As typed; '' as it stands."""
    problem: Problem
    played: Plan
    reckoned: capacity.Plan

    def title(self) -> Sentence:
        """Name it."""
        return say("what if {what}", what=self.what) if self.what else say("as it stands")


@dataclass(frozen=True, eq=False)
class Report:
    """A drill of a scenario; the first variant is that which stands."""

    name: str
    title: str
    assumed: tuple[Sentence, ...]
    variants: tuple[Variant, ...]

    @property
    def base(self) -> Variant:
        """The days as they stand."""
        return self.variants[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its value in each variant."""

    label: Sentence
    values: tuple[Estimate, ...]
    is_percent: bool = False
    digits: int = 0


def rows(report: Report) -> Iterator[Row]:
    """Yield the figures that decide."""

    def of(label: Sentence, value: Any, *, is_percent: bool = False, digits: int = 0) -> Row:
        estimates = tuple(Estimate.of(value(one.played)) for one in report.variants)
        return Row(label, estimates, is_percent, digits)

    yield of(say("Bags asked for"), lambda plan: plan.total("asked"))
    yield of(say("Bags at the door"), lambda plan: plan.total("delivered"))
    yield of(
        say("of those asked for"),
        lambda plan: plan.total("delivered") / np.maximum(plan.total("asked"), 1),
        is_percent=True,
    )
    yield of(say("Not filled: goods were short"), lambda plan: plan.total("short"))
    yield of(say("Still on the way on the last night"), lambda plan: plan.total("open"))
    yield of(say("Spoiled while waiting"), lambda plan: plan.total("spoiled"))
    yield of(say("Hours to the door, half of the bags"), lambda plan: plan.hours_to_door(0.5), digits=1)
    yield of(say("Hours to the door, 95 of 100 bags"), lambda plan: plan.hours_to_door(0.95), digits=1)
    yield of(say("The place that got the smallest part"), lambda plan: plan.worst_share(), is_percent=True)
    yield of(say("Households without food, each for a day"), lambda plan: plan.total("hungry"))


@dataclass(frozen=True, slots=True)
class StageRow:
    """What a stage of a variant looks like."""

    stage: str
    wait_min: float
    longest_min: float
    most_waiting: float
    busy: float


def stages(variant: Variant) -> tuple[StageRow, ...]:
    """Return the queues: waits on average over days and replications, the longest as the mean of the longest."""
    means = variant.played.stages.mean(axis=(0, 1))
    return tuple(
        StageRow(stage, *(float(one) for one in row)) for stage, row in zip(STAGES, means, strict=True)
    )


def held_up(variant: Variant) -> tuple[tuple[Means, int, float], ...]:
    """Return each bottleneck with the places it holds up and the bags a day that they lack, the worst first."""
    lacking: dict[Means, list[float]] = {}
    for room in variant.reckoned.rooms:
        if room.bottleneck:
            lacking.setdefault(room.bottleneck, []).append(room.wanted - room.served)
    found = [(means, len(bags), sum(bags)) for means, bags in lacking.items()]
    return tuple(sorted(found, key=lambda one: -one[2]))


def more_of(variant: Variant) -> tuple[tuple[str, tuple[Means, ...], float], ...]:
    """Return the places where one more of something brings most: name, what, bags a day.

    What brings less than a hundredth of what is lacking is left out.
    """
    problem, reckoned = variant.problem, variant.reckoned
    least = max((reckoned.wanted - reckoned.served) / 100, 1.0)
    found = []
    for one in [more for more in reckoned.more if more.bags >= least][:MOST_ROWS]:
        places = problem.suppliers if one.means[0] in capacity.SUPPLIERS else problem.compounds
        found.append((places[one.place].name, one.means, one.bags))
    return tuple(found)


def slowest(variant: Variant) -> tuple[tuple[str, float, float], ...]:
    """Return the places that got the smallest part, then those that waited longest: name, part, hours."""
    with np.errstate(invalid="ignore"):
        part, hours = (_mean(values) for values in (variant.played.share, variant.played.hours))
    order = np.lexsort((-np.nan_to_num(hours), np.round(np.nan_to_num(part, nan=1.0), 2)))
    names = variant.problem.compounds
    return tuple(
        (names[place].name, float(part[place]), float(hours[place]))
        for place in order[:MOST_ROWS]
        if np.isfinite(part[place])
    )


def _mean(values: Any) -> Any:
    """Return the mean over replications; NaN only where none has a value."""
    known = np.isfinite(values)
    return np.where(known.any(axis=0), np.where(known, values, 0).sum(axis=0), np.nan) / np.maximum(
        known.sum(axis=0), 1
    )


def at_the_door(variant: Variant) -> Any:
    """Return (hours) of all that was asked for, the part at the door an hour, two, ... after packing began."""
    bags = variant.played.door_bins.reshape(variant.played.replications, -1, BINS_AN_HOUR).sum(axis=2)
    return np.cumsum(bags.mean(axis=0)) / max(float(variant.played.total("asked").mean()), 1.0)


def as_data(report: Report) -> dict[str, Any]:
    """Return everything as JSON can hold it."""
    return {
        "scenario": report.name,
        "days": report.base.problem.days,
        "replications": report.base.played.replications,
        "seed": report.base.played.seed,
        "assumed": [str(sentence) for sentence in report.assumed],
        "variants": [_variant_data(report, number) for number in range(len(report.variants))],
    }


def _variant_data(report: Report, number: int) -> dict[str, Any]:
    variant = report.variants[number]
    return {
        "what_if": variant.what,
        "figures": {str(row.label): _estimate(row.values[number]) for row in rows(report)},
        "days": {name: values.mean(axis=0).tolist() for name, values in variant.played.days.items()},
        "stages": {row.stage: {name: getattr(row, name) for name in MEASURES} for row in stages(variant)},
        "at_the_door_by_hour": at_the_door(variant).tolist(),
        "capacity": {
            "bags_wanted": variant.reckoned.wanted,
            "bags_served": variant.reckoned.served,
            "held_up": [
                {"by": means.value, "places": places, "bags": bags}
                for means, places, bags in held_up(variant)
            ],
            "one_more": [
                {"place": place, "of": [one.value for one in means], "bags": bags}
                for place, means, bags in more_of(variant)
            ],
        },
        "slowest_places": [
            {"place": name, "part": part, "hours": hours if np.isfinite(hours) else None}
            for name, part, hours in slowest(variant)
        ],
    }


def _estimate(one: Estimate) -> dict[str, float | None]:
    half = one.half_width if np.isfinite(one.half_width) else None
    return {"mean": one.mean if np.isfinite(one.mean) else None, "half_width_95": half}
