"""A day of the flow by SimPy: processes and resources instead of recursions, on the same luck."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from lastmetre.planning.flow.chance import Draws, factors
from lastmetre.planning.flow.day import Bags
from lastmetre.planning.flow.problem import Problem

Events = Generator[Any, Any, None]


class Oracle:
    """One day of freshly asked bags where somebody came to every place.

    `door_s` (N,) says when each reached its door; infinite where it did not.
    """

    def __init__(self, problem: Problem, bags: Bags, luck: Draws) -> None:
        self.problem, self.bags, self.luck = problem, bags, luck
        self.packed_s, self.there_s, self.door_s = (np.full(len(bags), np.inf) for _ in range(3))
        self.compound = problem.of_home[bags.home].tolist()
        self.of_supplier: dict[int, list[int]] = defaultdict(list)
        for bag, compound in enumerate(self.compound):
            self.of_supplier[problem.compounds[compound].supplier].append(bag)
        self.cart_of: dict[int, list[int]] = {}
        self.unsorted: dict[int, int] = {}
        """By the first bag of a cart: how many of its bags are not sorted yet."""

    def run(self) -> Oracle:
        """Pack everything, cut the trips, then let the vehicles, gates, sorters and carts run."""
        self.env = simpy.Environment()
        for supplier, bags in self.of_supplier.items():
            lines = simpy.Resource(self.env, int(self.luck.lines[supplier]))
            for bag in bags:
                self.env.process(self.pack(supplier, bag, lines))
        self.env.run()
        self.env = simpy.Environment()
        lanes = [one.lanes for one in self.problem.compounds]
        self.lanes, self.sorters, self.crews = (
            [simpy.Resource(self.env, max(int(n), 1)) for n in servers]
            for servers in (lanes, self.luck.sorters, self.luck.crew)
        )
        trips = [trip for supplier in sorted(self.of_supplier) for trip in self.cut(supplier)]
        chances = self.problem.chances
        drive = factors(self.luck.trips, len(trips), chances.spread)
        late = chances.repair_s * (self.luck.trips.random(len(trips)) < chances.breakdown)
        gate = factors(self.luck.trips, len(trips), chances.spread)
        queues = defaultdict(list)
        for number, trip in enumerate(trips):
            queues[self.problem.compounds[self.compound[trip[0]]].supplier].append((number, trip))
        for supplier, queue in queues.items():
            free = simpy.Store(self.env)
            free.items.extend(range(int(self.luck.vehicles[supplier])))
            self.env.process(self.dispatch(supplier, queue, free, drive, late, gate))
        self.env.run()
        return self

    def pack(self, supplier: int, bag: int, lines: simpy.Resource) -> Events:
        """Wait for a line, pack."""
        one = self.problem.suppliers[supplier]
        yield self.env.timeout(one.opens_s)
        with lines.request() as turn:
            yield turn
            if self.env.now <= one.closes_s:
                yield self.env.timeout(one.pack_s * self.luck.pack[self.bags.home[bag]])
                self.packed_s[bag] = self.env.now

    def cut(self, supplier: int) -> list[list[int]]:
        """Cut what was packed into trips: another compound or wave, or too heavy, begins the next."""
        trips: list[list[int]] = []
        last, grams = None, 0.0
        for bag in self.of_supplier[supplier]:
            if self.packed_s[bag] < np.inf:
                what = (self.problem.wave_of[self.bags.home[bag]], self.compound[bag])
                grams += self.bags.grams[bag]
                if what != last or grams > self.problem.suppliers[supplier].vehicle_g:
                    trips.append([])
                    grams = self.bags.grams[bag]
                trips[-1].append(bag)
                last = what
        return trips

    def dispatch(
        self, supplier: int, queue: Any, free: simpy.Store, drive: Any, late: Any, gate: Any
    ) -> Events:
        """Give the loads in turn to whoever is back first."""
        one = self.problem.suppliers[supplier]
        for number, trip in queue:
            vehicle = yield free.get()
            ready = max(self.packed_s[bag] for bag in trip)
            yield self.env.timeout(max(0.0, ready - self.env.now))
            if self.env.now > one.last_out_s:
                return
            self.env.process(self.drive(one, trip, vehicle, free, drive[number], late[number], gate[number]))

    def drive(
        self,
        one: Any,
        trip: list[int],
        vehicle: Any,
        free: simpy.Store,
        drive: float,
        late: float,
        gate: float,
    ) -> Events:
        """Load, drive, wait for a lane, unload, drive back."""
        place = self.compound[trip[0]]
        compound = self.problem.compounds[place]
        yield self.env.timeout(one.load_s + compound.drive_s * drive + late)
        with self.lanes[place].request() as turn:
            yield turn
            standing = self.problem.regimes[compound.regime].standing_s
            yield self.env.timeout((compound.gate_s + compound.unload_s * len(trip)) * gate + standing)
        self.load_carts(trip)
        for bag in trip:
            self.there_s[bag] = self.env.now
            self.env.process(self.sort(place, bag))
        yield self.env.timeout(compound.drive_s)
        yield free.put(vehicle)

    def load_carts(self, trip: list[int]) -> None:
        """Cut a trip into carts: another unit, or too heavy, begins the next."""
        limit = self.problem.compounds[self.compound[trip[0]]].cart_g
        carts: list[list[int]] = []
        unit, grams = None, 0.0
        for bag in trip:
            here = self.problem.unit[self.bags.home[bag]]
            grams += self.bags.grams[bag]
            if here != unit or grams > limit:
                carts.append([])
                grams = self.bags.grams[bag]
            carts[-1].append(bag)
            unit = here
        for cart in carts:
            self.unsorted[cart[0]] = len(cart)
            self.cart_of.update((bag, cart) for bag in cart)

    def sort(self, place: int, bag: int) -> Events:
        """Wait for a sorter; the last bag of a cart sends it out."""
        compound = self.problem.compounds[place]
        with self.sorters[place].request() as turn:
            yield turn
            if self.env.now > compound.waves[-1][1]:
                return
            yield self.env.timeout(compound.sort_s * self.luck.sort[self.bags.home[bag]])
        cart = self.cart_of[bag]
        self.unsorted[cart[0]] -= 1
        if not self.unsorted[cart[0]]:
            self.env.process(self.carry(place, cart))

    def carry(self, place: int, cart: list[int]) -> Events:
        """Wait for a person with a cart and for the wave, go round the doors."""
        compound = self.problem.compounds[place]
        regime = self.problem.regimes[compound.regime]
        with self.crews[place].request() as turn:
            yield turn
            wave = next((wave for wave in compound.waves if self.env.now <= wave[1]), None)
            if wave is None:
                return
            yield self.env.timeout(max(0.0, wave[0] - self.env.now))
            yield self.env.timeout(regime.walk_s / 2)
            for bag in cart:
                home = self.bags.home[bag]
                climb = compound.floor_s * int(self.problem.floors[home])
                yield self.env.timeout((regime.door_s + climb) * self.luck.door[home])
                self.door_s[bag] = self.env.now
            yield self.env.timeout(regime.walk_s / 2)
