"""What is played through: suppliers, compounds with their households, regimes, and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lastmetre.terms import InputError, Sentence, say

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HOUR_S = 3600
DAY_S = 24 * HOUR_S
MOST = 2**40


@dataclass(frozen=True, slots=True)
class Regime:
    """What the regime in force asks of the chain (YX2)."""

    name: str
    every_days: int = 1
    """A household may ask once in so many days (FC5); its bag lasts as long."""
    orders: float = 1.0
    """Part of the households that live on the chain; the others buy for themselves."""
    standing_s: int = 1800
    """SQ7: 30 minutes after the second disinfection; the vehicle keeps its lane."""
    door_s: int = 120
    """At each door, when it is phoned: 30 doors an hour. Where people come down: a turn at the desk."""
    walk_s: int = 300
    """From the gate to the unit and back with the cart."""


@dataclass(frozen=True, slots=True)
class Change:
    """From a day on another regime is in force (YX2)."""

    day: int
    """From 0."""
    regime: int
    compound: int | None = None
    """None: everywhere."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """A warehouse with its packing lines and its vehicles."""

    name: str
    lines: int = 1
    """Bags packed side by side."""
    pack_s: int = 60
    """For one bag."""
    opens_s: int = 6 * HOUR_S
    """When packing begins; times to the door are counted from here."""
    closes_s: int = 18 * HOUR_S
    """No bag is begun later."""
    vehicles: int = 1
    vehicle_g: int = 1_500_000
    load_s: int = 900
    last_out_s: int = 18 * HOUR_S
    """No vehicle begins to load later."""
    stock_g: int = MOST
    """On the first morning."""
    daily_g: int = 0
    """Arrives each further morning."""


@dataclass(frozen=True, slots=True)
class Compound:
    """Where people live, and who works there."""

    name: str
    supplier: int
    """Place in `Problem.suppliers`."""
    drive_s: int = 1200
    """One way."""
    lanes: int = 1
    """Vehicles that can be disinfected, stand and be unloaded side by side."""
    gate_s: int = 600
    """Papers, first and second disinfection (SQ6, SQ7), for one vehicle."""
    unload_s: int = 4
    """For one bag."""
    sorters: int = 2
    sort_s: int = 20
    """From the heap on the right cart, for one bag (ER3b)."""
    hands: int = 8
    """People who go out with carts in a wave."""
    carts: int = 8
    cart_g: int = 150_000
    floor_s: int = 30
    """For each floor climbed without a lift."""
    waves: tuple[tuple[int, int], ...] = ((9 * HOUR_S, 12 * HOUR_S), (14 * HOUR_S, 18 * HOUR_S))
    """ER5: one each morning and afternoon. No cart goes out after the end; who is out finishes."""
    regime: int = 0
    """Place in `Problem.regimes` on the first day."""

    @property
    def crew(self) -> int:
        """Carts that can be out at once: each needs a person."""
        return min(self.hands, self.carts)


@dataclass(frozen=True, slots=True)
class Chances:
    """How far a real day strays from the plan."""

    spread: float = 0.5
    """Standard deviation of every time and weight, as part of its mean."""
    absence: float = 0.0
    """Chance that a packer, driver, sorter or carrier does not come that day; somebody stands in for the last."""
    breakdown: float = 0.0
    """Chance of a breakdown on a trip."""
    repair_s: int = 5400
    """How much later the vehicle then arrives."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Some days of a district. H households, in the order of their compounds and there of their units.

    Raises `InputError` where sizes do not fit or a figure makes no sense; too much to do is no error.
    """

    suppliers: tuple[Supplier, ...]
    compounds: tuple[Compound, ...]
    home_compound: ArrayLike
    """(H,) place in `compounds`, never falling."""
    home_unit: ArrayLike
    """(H,) number of its unit, never falling inside a compound; carts go unit by unit (ER3b)."""
    people: ArrayLike
    """(H,) head count."""
    climbs: ArrayLike | None = None
    """(H,) floors to climb without a lift; None: nowhere."""
    regimes: tuple[Regime, ...] = (Regime("sealed"),)
    changes: tuple[Change, ...] = ()
    days: int = 1
    ration_g: int = 975
    """Of food for a person and day (Quanzhou, 16 March 2022)."""
    home_days: float = 2.0
    """Food at home on the first morning beside what the last bag left, in days."""
    keeps_days: int = 3
    """A packed bag that waits longer is spoiled."""
    chances: Chances = field(default_factory=Chances)

    def __post_init__(self) -> None:
        homes = np.asarray(self.home_compound).size
        for name in ("home_compound", "home_unit", "people", "climbs"):
            given = getattr(self, name)
            object.__setattr__(
                self, name, _whole(np.zeros(homes, np.int64) if given is None else given, homes)
            )
        _check_numbers(say("suppliers"), [one.supplier for one in self.compounds], len(self.suppliers))
        _check_numbers(say("compounds"), self.of_home[[0, -1]].tolist() if homes else [], len(self.compounds))
        named = [one.regime for one in self.compounds] + [one.regime for one in self.changes]
        _check_numbers(say("regimes"), named, len(self.regimes))
        changed = [one.compound for one in self.changes if one.compound is not None]
        _check_numbers(say("compounds"), changed, len(self.compounds))
        for one in (*self.suppliers, *self.compounds, *self.regimes, self.chances, self):
            _check_amounts(one)
        for part in (self.chances.absence, self.chances.breakdown, *(one.orders for one in self.regimes)):
            _check_part(part)
        for compound in self.compounds:
            _check_waves(compound)
        order = self.of_home * (MOST + 1) + self.unit
        if bool((np.diff(order) < 0).any()):
            raise InputError(
                say("The households are not in the order of their compounds and units."),
                remedy=say("Sort them by compound, then by unit."),
            )

    @property
    def of_home(self) -> Ints:
        """(H,) compound of each household."""
        return np.asarray(self.home_compound)

    @property
    def unit(self) -> Ints:
        """(H,) unit of each household."""
        return np.asarray(self.home_unit)

    @property
    def heads(self) -> Ints:
        """(H,) people of each household."""
        return np.asarray(self.people)

    @property
    def floors(self) -> Ints:
        """(H,) floors to climb to each household."""
        return np.asarray(self.climbs)

    @cached_property
    def supplier_of(self) -> Ints:
        """(C,) supplier of each compound."""
        return np.array([one.supplier for one in self.compounds], np.int64)

    @cached_property
    def wave_of(self) -> Ints:
        """(H,) wave for which each household's bag is packed: units in turn, as many to each wave."""
        first = np.r_[True, (np.diff(self.of_home) != 0) | (np.diff(self.unit) != 0)][: self.of_home.size]
        number = np.cumsum(first) - 1
        count = np.bincount(self.of_home[first], minlength=len(self.compounds))
        rank = number - np.r_[0, np.cumsum(count)][self.of_home]
        waves = np.array([len(one.waves) for one in self.compounds], np.int64)
        return np.asarray(rank * waves[self.of_home] // np.maximum(count, 1)[self.of_home], np.int64)

    def regimes_on(self, day: int) -> Ints:
        """Return (C,) the regime in force in each compound on a day."""
        force = np.array([one.regime for one in self.compounds], np.int64)
        for change in sorted(self.changes, key=lambda change: change.day):
            if change.day <= day:
                force[slice(None) if change.compound is None else change.compound] = change.regime
        return force


def column(rows: tuple[Supplier, ...] | tuple[Compound, ...] | tuple[Regime, ...], name: str) -> Floats:
    """Return one figure of all rows."""
    return np.array([getattr(row, name) for row in rows], np.float64)


def _whole(values: ArrayLike, homes: int) -> Ints:
    array = np.array(values)
    if array.shape != (homes,) or (array.size and array.dtype.kind not in "iu"):
        raise InputError(
            say("The lists of the households differ in length or hold parts of numbers."),
            remedy=say("Give each household one whole number in each list."),
        )
    if array.size and not 0 <= int(array.min()) <= int(array.max()) <= 2**20:
        raise InputError(
            say("A household has a number below 0 or over a million."),
            remedy=say("Look for a mistyped head count, floor or unit."),
        )
    whole = array.astype(np.int64)
    whole.setflags(write=False)
    return whole


def _check_numbers(name: Sentence, numbers: list[int], count: int) -> None:
    for number in numbers:
        if not 0 <= number < count:
            raise InputError(
                say("Number {number} of the {name} does not exist.", number=number, name=name),
                remedy=say("Give numbers from 0 to {last}.", last=count - 1),
            )


def _check_amounts(row: object) -> None:
    lowest = {"every_days": 1, "days": 1, "keeps_days": 1, "vehicle_g": 1, "cart_g": 1}
    for one in fields(row):  # type: ignore[arg-type]
        amount = getattr(row, one.name)
        if isinstance(amount, int | float) and not lowest.get(one.name, 0) <= amount <= MOST:
            raise InputError(
                say("The figure {name} is {amount}.", name=one.name, amount=amount),
                remedy=say("Give a number from {lowest} on.", lowest=lowest.get(one.name, 0)),
            )


def _check_part(part: float) -> None:
    if not 0 <= part <= 1:
        raise InputError(
            say("A chance is {part}.", part=part),
            remedy=say("Give a part of one, from 0 to 1."),
        )


def _check_waves(compound: Compound) -> None:
    edges = [edge for wave in compound.waves for edge in wave]
    if not edges or edges != sorted(edges) or edges[0] < 0:
        raise InputError(
            say("The waves of {name} overlap, end before they begin, or there are none.", name=compound.name),
            remedy=say("Give a beginning and a later end for each wave, in seconds from midnight."),
        )
