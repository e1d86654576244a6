"""A scenario's rows -> the problem that the drill plays; what no row says is assumed, and said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, cos, hypot, radians

import numpy as np

from lastmetre.planning.flow import Compound, Problem, Regime, Supplier
from lastmetre.planning.flow.problem import HOUR_S
from lastmetre.scenarios.codes import PlaceKind, Role, SupplierKind
from lastmetre.scenarios.codes import Regime as InForce
from lastmetre.scenarios.goods_rows import Supplier as SupplierRow
from lastmetre.scenarios.place_rows import Place, Spot
from lastmetre.scenarios.world import World
from lastmetre.terms import Sentence, say

REGIMES = {
    # YX11c, FC5: full coverage, to the door. YX13a: one person may go shopping every 2 days, so that a part
    # orders, and comes down for it in turns. YX12a, YX11a: most buy for themselves.
    InForce.SEALED: Regime("sealed", every_days=3),
    InForce.CONTROL: Regime("control", every_days=2, orders=0.6, door_s=30, walk_s=0),
    InForce.PRECAUTION: Regime("precaution", every_days=2, orders=0.2, standing_s=0, door_s=30, walk_s=0),
    InForce.OPEN: Regime("open", every_days=2, orders=0.05, standing_s=0, door_s=30, walk_s=0),
}
SELLERS = (SupplierKind.SUPERMARKET, SupplierKind.PLATFORM, SupplierKind.SMALL_SHOP, SupplierKind.COOPERATIVE)
"""Who packs a whole bag for a household."""
LEAVES = (
    PlaceKind.COMPOUND,
    PlaceKind.URBAN_VILLAGE,
    PlaceKind.CAMPUS,
    PlaceKind.VILLAGE,
    PlaceKind.VILLAGE_GROUP,
)
WAVES = ((9 * HOUR_S, 12 * HOUR_S), (14 * HOUR_S, 18 * HOUR_S), (19 * HOUR_S, 21 * HOUR_S))
HOMES_A_HAND = 90
"""80-100 households an officer."""
HOMES_A_UNIT = 30
WALK_UP_FLOORS = 6
HOMES_A_FLOOR = HOMES_A_UNIT // WALK_UP_FLOORS
USUAL = Supplier("")
RATION_G = Problem.ration_g
DETOUR = 1.3
TOWN_M_S = 8.0
PACKING_H = 10
"""Assumed lines pack within so many hours what is asked for on an average day."""


@dataclass(frozen=True, slots=True)
class Town:
    """A scenario as a problem, and what had to be assumed for it."""

    title: str
    problem: Problem
    assumed: tuple[Sentence, ...]


def town_of(world: World, *, days: int, seed: int) -> Town:
    """Make a flow of a scenario's day: all places where households are counted, and who supplies them."""
    children = {place.parent for place in world.places if place.kind in LEAVES}
    leaves = [
        place
        for place in world.places
        if place.kind in LEAVES and place.household_count and place.key not in children
    ]
    served = _suppliers_of(world, leaves)
    kept = sorted(set(served))
    sellers = [_sellers(world)[number] for number in kept]
    regimes = tuple(REGIMES.values())
    homes = _Homes(world, leaves, seed)
    compounds = tuple(
        _compound(world, place, kept.index(number), sellers[kept.index(number)], homes.count[index])
        for index, (place, number) in enumerate(zip(leaves, served, strict=True))
    )
    suppliers = _suppliers(world, sellers, compounds, homes)
    problem = Problem(
        suppliers,
        compounds,
        home_compound=homes.compound,
        home_unit=homes.unit,
        people=homes.people,
        climbs=homes.climbs,
        regimes=regimes,
        days=days,
    )
    return Town(world.title, problem, tuple(_assumed(world, leaves)))


def _sellers(world: World) -> list[SupplierRow]:
    return [one for one in world.suppliers if one.kind in SELLERS and one.serves_heads]


def _suppliers_of(world: World, leaves: Sequence[Place]) -> list[int]:
    """Find each place's supplier: the nearest of its contracts, else the nearest with room for its people."""
    sellers = _sellers(world)
    number = {one.key: place for place, one in enumerate(sellers)}
    contracted = defaultdict(list)
    for contract in world.contracts:
        if contract.supplier in number:
            contracted[contract.place].append(number[contract.supplier])
    room = [one.serves_heads or 0 for one in sellers]
    chosen = []
    for place in leaves:
        heads = place.head_count or 0
        own = contracted.get(place.key, [])
        open_to = [one for one in own if room[one] >= heads] or own
        open_to = (
            open_to or [one for one in range(len(sellers)) if room[one] >= heads] or [*range(len(sellers))]
        )
        best = min(open_to, key=lambda one: _metres(place.position, sellers[one].position))
        room[best] -= heads
        chosen.append(best)
    return chosen


def _metres(one: Spot | None, other: Spot | None) -> float:
    """Return the way between two spots; unknown ones are 3 km apart."""
    if one is None or other is None:
        return 3000.0
    east = (one[0] - other[0]) * cos(radians(one[1])) * 111_320
    return DETOUR * hypot(east, (one[1] - other[1]) * 110_540)


def _compound(world: World, place: Place, number: int, seller: SupplierRow, homes: int) -> Compound:
    rows = {row.place: row for row in world.compounds}
    row = rows.get(place.key)
    people = (row.hands_per_wave if row else 0) or ceil(homes / HOMES_A_HAND)
    sorters = max(1, people // 6)
    carts = sum(cart.compound == place.key for cart in world.carts)
    gates = sum(gate.place == place.key and gate.takes_vehicles for gate in world.gates)
    points = sum(point.place == place.key for point in world.unloading_points)
    hands = max(1, people - sorters)
    above = {one.key: one.name for one in world.places}
    named = above[place.parent] if place.kind is PlaceKind.VILLAGE_GROUP else ""
    return Compound(
        named + place.name,
        number,
        drive_s=120 + round(_metres(place.position, seller.position) / TOWN_M_S),
        lanes=max(gates, points, 1),
        sorters=sorters,
        hands=hands,
        carts=carts or hands,
        waves=WAVES[: row.waves_per_day if row else 2],
        regime=[*REGIMES].index(_in_force(world, place)),
    )


def _in_force(world: World, place: Place) -> InForce:
    """Return the regime of the place, or of the nearest place above it that has one."""
    parents = {one.key: one.parent for one in world.places}
    key = place.key
    while key:
        for row in world.regimes:
            if row.place == key and row.since <= world.day and (row.until is None or world.day < row.until):
                return row.regime
        key = parents.get(key, "")
    return InForce.OPEN


def _suppliers(
    world: World, sellers: Sequence[SupplierRow], compounds: Sequence[Compound], homes: _Homes
) -> tuple[Supplier, ...]:
    """Give each supplier its goods; its drivers where they are named; lines and vehicles enough where not."""
    daily_g: dict[str, int] = defaultdict(int)
    for row in world.capacities:
        daily_g[row.supplier] += row.daily_kg * 1000
    drivers: dict[str, int] = defaultdict(int)
    for one in world.assignments:
        if one.role is Role.DRIVER:
            drivers[one.organisation] += 1
    made = []
    for place, seller in enumerate(sellers):
        bags, grams, vehicle_h = _work_of(place, compounds, homes)
        goods_g = daily_g[seller.key] or round(2 * grams)
        made.append(
            Supplier(
                seller.name,
                lines=max(1, ceil(bags * USUAL.pack_s / (PACKING_H * HOUR_S))),
                vehicles=max(drivers[seller.organisation], ceil(vehicle_h / PACKING_H), 1),
                stock_g=goods_g,
                daily_g=goods_g,
            )
        )
    return tuple(made)


def _work_of(place: int, compounds: Sequence[Compound], homes: _Homes) -> tuple[float, float, float]:
    """Return bags, grams and hours of vehicles that a supplier's places ask for on an average day."""
    bags = grams = hours = 0.0
    for number, compound in enumerate(compounds):
        if compound.supplier == place:
            regime = list(REGIMES.values())[compound.regime]
            asked = homes.count[number] * regime.orders / regime.every_days
            weighs = asked * homes.heads[number] * regime.every_days * RATION_G
            trips = max(len(compound.waves), weighs / USUAL.vehicle_g)
            stay_s = 2 * compound.drive_s + compound.gate_s + regime.standing_s + USUAL.load_s
            bags, grams, hours = bags + asked, grams + weighs, hours + trips * stay_s / HOUR_S
    return bags, grams, hours


class _Homes:
    """The households of all places: as listed, else as many as are counted, dealt out over invented units."""

    def __init__(self, world: World, leaves: Sequence[Place], seed: int) -> None:
        rng = np.random.default_rng(seed)
        listed = _listed(world)
        columns: list[list[int]] = [[], [], [], []]
        self.count: list[int] = []
        self.heads: list[float] = []
        for number, place in enumerate(leaves):
            rows = listed.get(place.key) or list(_invented(place, rng))
            self.count.append(len(rows))
            self.heads.append(sum(row[1] for row in rows) / len(rows))
            for unit, people, climbs in rows:
                for column, value in zip(columns, (number, unit, people, climbs), strict=True):
                    column.append(value)
        self.compound, self.unit, self.people, self.climbs = (
            np.array(column, np.int64) for column in columns
        )


def _listed(world: World) -> dict[str, list[tuple[int, int, int]]]:
    """Return unit, people and floors to climb of the households of each place that lists them."""
    parents = {place.key: (place.parent, place.kind) for place in world.places}
    has_lift = {row.place: row.has_lift for row in world.buildings}
    numbers: dict[str, int] = {}
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for home in world.households:
        key, climbs = home.place, (home.floor or 1) - 1
        while key and parents[key][1] not in LEAVES:
            if has_lift.get(key):
                climbs = 0
            key = parents[key][0]
        unit = numbers.setdefault(home.place, len(numbers))
        found[key].append((unit, home.head_count or 3, climbs))
    return {key: sorted(rows, key=lambda row: row[0]) for key, rows in found.items()}


def _invented(place: Place, rng: np.random.Generator) -> Iterator[tuple[int, int, int]]:
    """Deal the people of a place out over its households, one at least; every second unit is a walk-up."""
    homes = place.household_count or 0
    heads = max((place.head_count or round(homes * 2.6)) - homes, 0)
    people = 1 + rng.multinomial(heads, np.full(homes, 1 / homes))
    for number in range(homes):
        unit, home = divmod(number, HOMES_A_UNIT)
        yield unit, int(people[number]), home // HOMES_A_FLOOR if unit % 2 else 0


def _assumed(world: World, leaves: Sequence[Place]) -> Iterator[Sentence]:
    """Say what no row of the scenario says."""
    known = {row.place for row in world.compounds if row.hands_per_wave}
    unknown = sum(place.key not in known for place in leaves)
    if unknown:
        yield say(
            "In {count} places no hands are named: one for {homes} households is assumed, and a cart for each.",
            count=unknown,
            homes=HOMES_A_HAND,
        )
    listed = _listed(world)
    if any(place.key not in listed for place in leaves):
        yield say(
            "Where households are only counted, {homes} share a unit, and every second has no lift.",
            homes=HOMES_A_UNIT,
        )
    yield say(
        "Packing lines are enough for an average day in {hours} hours; so are vehicles, where more drivers are not named.",
        hours=PACKING_H,
    )
    yield say("Ways are as the crow flies, 1.3 times as long, at 29 km/h.")
    yield say(
        "Of households, all live on the chain where a place is sealed, 60 % under control, 20 % under "
        "precaution, 5 % where it is open."
    )
