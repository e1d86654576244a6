"""What a drill shows: sums a day, queues a stage, hours to the door, and how sure all that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from lastmetre.planning.flow.day import Queue, Record
from lastmetre.planning.flow.problem import DAY_S, HOUR_S, Floats, Ints, Problem, column
from lastmetre.planning.flow.weeks import Day

FIGURES = ("asked", "short", "delivered", "same_day", "spoiled", "open", "hungry")
"""Of a day: bags asked for, not filled for want of goods, brought to the door, brought on the day on which
they were asked for, thrown away, open at night; households without food."""
STAGES = ("packing", "vehicles", "gate", "sorting", "carts")
MEASURES = ("wait_min", "longest_min", "most_waiting", "busy")
"""Of a stage: mean and longest wait, most waiting at once at one place, part of the hours in use."""
BINS_AN_HOUR = 10


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications, with the half width of its 95 % confidence interval (Student's t)."""

    mean: float
    half_width: float
    """Infinite with a single replication."""

    @classmethod
    def of(cls, values: Floats) -> Estimate:
        """Estimate from (R,) replications; what has no value in one is left out there."""
        known = values[np.isfinite(values)]
        count = known.size
        if count < 2:
            return cls(float(known.mean()) if count else float("nan"), float("inf"))
        half = float(stdtrit(count - 1, 0.975)) * float(known.std(ddof=1)) / count**0.5
        return cls(float(known.mean()), half)


@dataclass(frozen=True, eq=False)
class Plan:
    """R replications of D days: all of the problem's, or those for which there was time."""

    days: Mapping[str, Floats]
    """Each of `FIGURES` (R, D)."""
    stages: Floats
    """(R, D, stages, measures) in the order of `STAGES` and `MEASURES`."""
    door_bins: Ints
    """(R, bins) bags by tenths of an hour from the first packing of their day to the door."""
    share: Floats
    """(R, C) bags brought of those asked for, a compound; NaN where nobody asked."""
    hours: Floats
    """(R, C) mean hours to the door; NaN where nothing came."""
    seed: int

    @property
    def replications(self) -> int:
        """How often it was played."""
        return len(self.stages)

    def total(self, name: str) -> Floats:
        """Return (R,) a figure over all days; what is open is that of the last night."""
        return np.asarray(self.days[name][:, -1] if name == "open" else self.days[name].sum(axis=1))

    def hours_to_door(self, part: float) -> Floats:
        """Return (R,) the hours within which that part of what came was at the door."""
        counts = np.cumsum(self.door_bins, axis=1)
        total = counts[:, -1:]
        place = (counts < part * total).sum(axis=1)
        return np.where(total[:, 0] > 0, (place + 0.5) / BINS_AN_HOUR, np.nan)

    def mean_hours(self) -> Floats:
        """Return (R,) mean hours to the door."""
        middle = (np.arange(self.door_bins.shape[1]) + 0.5) / BINS_AN_HOUR
        total = self.door_bins.sum(axis=1)
        return np.where(total > 0, self.door_bins @ middle / np.maximum(total, 1), np.nan)

    def worst_share(self) -> Floats:
        """Return (R,) the share of the compound that got least of what it asked for."""
        return np.asarray(np.nanmin(np.where(np.isnan(self.share), np.inf, self.share), axis=1))


class Tally:
    """Adds up one replication."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.days: list[list[float]] = []
        self.stages: list[list[list[float]]] = []
        self.door_bins = np.zeros((problem.days + 1) * 24 * BINS_AN_HOUR, np.int64)
        self.asked, self.came, self.hours = (np.zeros(len(problem.compounds)) for _ in range(3))

    def add(self, day: Day) -> None:
        """Add a day."""
        record, problem = day.record, self.problem
        compound = problem.of_home[record.bags.home]
        came = np.isfinite(record.door_s)
        late_s = (record.day - record.bags.asked[came]) * DAY_S
        opens = column(problem.suppliers, "opens_s")[problem.supplier_of[compound[came]]]
        hours = (late_s + record.door_s[came] - opens) / HOUR_S
        bins = np.clip((hours * BINS_AN_HOUR).astype(np.int64), 0, len(self.door_bins) - 1)
        self.door_bins += np.bincount(bins, minlength=len(self.door_bins))
        self.asked += np.bincount(problem.of_home[day.asked], minlength=len(self.asked))
        self.came += np.bincount(compound[came], minlength=len(self.came))
        self.hours += np.bincount(compound[came], hours, len(self.hours))
        open_at_night = len(came) - came.sum() - len(day.spoiled)
        same_day = (late_s == 0).sum()
        sizes = (len(day.asked), len(day.short), came.sum(), same_day, len(day.spoiled), open_at_night)
        self.days.append([float(size) for size in (*sizes, len(day.hungry))])
        self.stages.append(_stages(problem, record))


def gathered(problem: Problem, tallies: list[Tally], seed: int) -> Plan:
    """Put the replications beside each other."""
    days = np.array([tally.days for tally in tallies], np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.array([tally.came / tally.asked for tally in tallies])
        hours = np.array([tally.hours / tally.came for tally in tallies])
    return Plan(
        days={name: days[:, :, place] for place, name in enumerate(FIGURES)},
        stages=np.array([tally.stages for tally in tallies]),
        door_bins=np.array([tally.door_bins for tally in tallies]),
        share=share,
        hours=hours,
        seed=seed,
    )


def _stages(problem: Problem, record: Record) -> list[list[float]]:
    """Return the measures of each stage of a day."""
    suppliers, compounds, trips = problem.suppliers, problem.compounds, record.trips
    opens, last_out = column(suppliers, "opens_s"), column(suppliers, "last_out_s")
    packing_s = float((column(suppliers, "lines") * (column(suppliers, "closes_s") - opens)).sum())
    vehicles_s = float((column(suppliers, "vehicles") * (last_out - opens)).sum())
    lanes_s = float((column(compounds, "lanes") * (last_out - opens)[problem.supplier_of]).sum())
    waves_s = np.array([sum(end - start for start, end in one.waves) for one in compounds], np.float64)
    sorters_s = float((column(compounds, "sorters") * waves_s).sum())
    carts_s = float((column(compounds, "crew") * waves_s).sum())
    supplier = problem.supplier_of[trips.compound]
    away_s = trips.back_s - np.where(np.isfinite(trips.out_s), trips.out_s, 0.0)
    by_supplier = np.lexsort((np.arange(len(supplier)), supplier))
    vehicles = Queue(supplier, trips.ready_s, trips.out_s, away_s)
    by_lane = np.lexsort((trips.arrived_s, trips.compound))
    gate = Queue(trips.compound, trips.arrived_s, trips.in_lane_s, trips.gate_s)
    return [
        _measured(record.packing, packing_s),
        _measured(_in_order(vehicles, by_supplier), vehicles_s),
        _measured(_in_order(gate, by_lane), lanes_s),
        _measured(record.sorting, sorters_s),
        _measured(record.rounds, carts_s),
    ]


def _in_order(queue: Queue, order: Ints) -> Queue:
    return Queue(queue.station[order], queue.ready_s[order], queue.start_s[order], queue.service_s[order])


def _measured(queue: Queue, open_s: float) -> list[float]:
    """Measure those who were served: inside a station they start in their order."""
    served = np.isfinite(queue.start_s)
    if not served.any():
        return [0.0] * len(MEASURES)
    ready, start, station = queue.ready_s[served], queue.start_s[served], queue.station[served]
    waits = start - ready
    # One row of times for all stations, each after the one before.
    shift = station * (start.max() + 1)
    came = np.searchsorted(np.sort(ready + shift), start + shift, "left")
    waiting = int((came - np.arange(len(came))).max())
    busy = float(queue.service_s[served].sum()) / open_s if open_s else 0.0
    return [float(waits.mean()) / 60, float(waits.max()) / 60, float(waiting), min(busy, 1.0)]
