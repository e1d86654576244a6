"""Trips: vehicles take loads in turn, wait at gates, come back and take the next (QZ9b, SQ2)."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace

import numpy as np

from lastmetre.planning.flow.problem import Floats, Ints, Problem

AT_GATE, BACK = 0, 1


@dataclass(frozen=True, eq=False)
class Trips:
    """T trips of a day, a compound each, in the order in which each supplier sends them; times in seconds."""

    compound: Ints
    bags: Ints
    ready_s: Floats
    """When its last bag is packed."""
    drive_s: Floats
    """One way out, with any breakdown."""
    gate_s: Floats
    """In the lane: papers, disinfection, standing, unloading."""
    out_s: Floats
    """When loading begins; infinite where it does not go that day."""
    arrived_s: Floats
    in_lane_s: Floats
    back_s: Floats

    @property
    def unloaded_s(self) -> Floats:
        """When its bags are in the compound."""
        return self.in_lane_s + self.gate_s


def send(
    problem: Problem, vehicles: Ints, compound: Ints, bags: Ints, ready: Floats, drive: Floats, gate: Floats
) -> Trips:
    """Play the trips through, event by event: who comes back first takes the supplier's next load."""
    supplier_of = problem.supplier_of[compound]
    out, arrived, in_lane, back = (np.full(len(compound), np.inf) for _ in range(4))
    waiting: dict[int, deque[int]] = defaultdict(deque)
    for trip, supplier in enumerate(supplier_of.tolist()):
        waiting[supplier].append(trip)
    events = [(0.0, BACK, supplier) for supplier in waiting for _ in range(vehicles[supplier])]
    heapify(events)
    lanes = [[0.0] * one.lanes for one in problem.compounds]
    while events:
        now, kind, which = heappop(events)
        if kind == BACK:
            supplier = problem.suppliers[which]
            if not waiting[which] or max(now, ready[waiting[which][0]]) > supplier.last_out_s:
                continue
            trip = waiting[which].popleft()
            out[trip] = max(now, ready[trip])
            arrived[trip] = out[trip] + supplier.load_s + drive[trip]
            heappush(events, (float(arrived[trip]), AT_GATE, trip))
            continue
        place = int(compound[which])
        if not lanes[place]:
            continue  # a compound without a lane lets nobody in: the vehicle is lost to the day
        in_lane[which] = max(now, lanes[place][0])
        left = float(in_lane[which] + gate[which])
        heapreplace(lanes[place], left)
        back[which] = left + problem.compounds[place].drive_s
        heappush(events, (float(back[which]), BACK, int(supplier_of[which])))
    return Trips(compound, bags, ready, drive, gate, out, arrived, in_lane, back)
