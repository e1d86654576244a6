"""What is to be driven: stops with their goods, vehicles with their limits, depots, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lastmetre.planning.routing.distances import Distances
from lastmetre.terms import InputError, Sentence, say

FOREVER_S = 2**40
ALWAYS = ((0, FOREVER_S),)
"""The windows of a place that is always open."""
Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Depot:
    """Where vehicles start, load and end: a warehouse, a transit station, a vehicle's present place."""

    place: int
    """Number of the place in `Problem.distances`."""
    load_s: int = 0
    """Loading before each trip that starts here."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A compound, shop or point to be served once."""

    place: int
    weight_g: int = 0
    volume_ml: int = 0
    service_s: int = 0
    """Handing over, with the disinfection of vehicle and packaging (SQ6)."""
    standing_s: int = 0
    """How long the vehicle must wait there besides: 30 minutes after the second disinfection (SQ7)."""
    windows: Windows = ALWAYS
    """When serving may begin: the gate's hours or slots; one of them is used."""
    ready_s: int = 0
    """When its goods are at the depot: no trip with them leaves earlier."""
    needs: str = ""
    """The pass without which no vehicle gets in (QZ3); '': none."""
    priority: int = 0
    """0: must be served if it can be; 1 and more: optional, served while there is room, larger first."""
    pickup_g: int = 0
    """Taken back from there to the trip's end: empty crates, returns."""
    pickup_ml: int = 0
    collect_at: int | None = None
    """Place of a supplier where the same trip collects its goods first; None: they are at the depot."""
    collect_s: int = 0
    collect_windows: Windows = ALWAYS

    @property
    def stay_s(self) -> int:
        """All the time that a vehicle spends there."""
        return self.service_s + self.standing_s


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A kind of vehicle, of which there are `count` alike."""

    weight_g: int
    volume_ml: int = 2**40
    count: int = 1
    start: int = 0
    """Its depot's place in `Problem.depots`."""
    end: int = 0
    open_s: int = 0
    """The crew's hours: not out before, back by the end."""
    close_s: int = FOREVER_S
    work_s: int | None = None
    """Longest time from start to end; None: the hours alone."""
    reach_m: int | None = None
    """Longest way in a day; None: any."""
    trips: int = 1
    """How often it may go out, loading anew at its start in between."""
    speed: float = 8.0
    """Metres a second by coordinates (8: 29 km/h in town); a factor where the road's times are given."""
    fixed_cost: int = 0
    """Of using it at all."""
    metre_cost: int = 1
    second_cost: int = 0
    passes: frozenset[str] = frozenset()
    name: str = ""


@dataclass(frozen=True, eq=False)
class Problem:
    """A day's driving. Raises `InputError` where a figure makes no sense; too much to do is no error."""

    distances: Distances
    depots: tuple[Depot, ...]
    vehicles: tuple[Vehicle, ...]
    stops: tuple[Stop, ...]
    pins: tuple[tuple[int, int], ...] = ()
    """What a person fixed: (stop, kind of vehicle that must serve it)."""

    def __post_init__(self) -> None:
        places = [depot.place for depot in self.depots] + [stop.place for stop in self.stops]
        places += [stop.collect_at for stop in self.stops if stop.collect_at is not None]
        _check_numbers(say("places"), places, len(self.distances))
        ends = [depot for one in self.vehicles for depot in (one.start, one.end)]
        _check_numbers(say("depots of the vehicles"), ends, len(self.depots))
        _check_numbers(say("fixed stops"), [stop for stop, _ in self.pins], len(self.stops))
        _check_numbers(say("fixed vehicles"), [kind for _, kind in self.pins], len(self.vehicles))
        for number, depot in enumerate(self.depots, start=1):
            _check_amounts(say("Depot {number}", number=number), (depot.load_s,))
        for number, one in enumerate(self.vehicles, start=1):
            _check_vehicle(say("Vehicle {number}", number=number), one)
        for number, stop in enumerate(self.stops, start=1):
            _check_stop(say("Stop {number}", number=number), stop)

    def may_serve(self, kind: int, stop: int) -> bool:
        """Tell whether a kind of vehicle may go to a stop: by its passes and what a person fixed."""
        needs = self.stops[stop].needs
        return self.pinned.get(stop, kind) == kind and (not needs or needs in self.vehicles[kind].passes)

    @cached_property
    def pinned(self) -> dict[int, int]:
        """The kind of vehicle of each stop that a person fixed."""
        return dict(self.pins)


def _check_numbers(name: Sentence, numbers: Iterable[int], count: int) -> None:
    for number in numbers:
        if not 0 <= number < count:
            raise InputError(
                say("Number {number} of the {name} does not exist.", number=number, name=name),
                remedy=say("Give numbers from 0 to {last}.", last=count - 1),
            )


def _check_amounts(name: Sentence, amounts: Iterable[int | None]) -> None:
    for amount in amounts:
        if amount is not None and not 0 <= amount <= 2**40:
            raise InputError(
                say("{name} has a weight, time or cost of {amount}.", name=name, amount=amount),
                remedy=say("Give a whole number of 0 or more."),
            )


def _check_vehicle(name: Sentence, one: Vehicle) -> None:
    amounts = (one.weight_g, one.volume_ml, one.count, one.open_s, one.work_s, one.reach_m, one.trips)
    _check_amounts(name, (*amounts, one.fixed_cost, one.metre_cost, one.second_cost))
    _check_windows(name, ((one.open_s, one.close_s),))
    if not 0 < one.speed < 2**40:
        raise InputError(
            say("{name} has a speed of {speed}.", name=name, speed=one.speed),
            remedy=say("Give a speed above 0, in metres a second."),
        )


def _check_stop(name: Sentence, stop: Stop) -> None:
    _check_amounts(name, (stop.weight_g, stop.volume_ml, stop.pickup_g, stop.pickup_ml))
    _check_amounts(name, (stop.service_s, stop.standing_s, stop.collect_s, stop.ready_s, stop.priority))
    _check_windows(name, stop.windows)
    _check_windows(name, stop.collect_windows)
    if stop.collect_at is not None and (stop.pickup_g or stop.pickup_ml or stop.ready_s):
        raise InputError(
            say("{name} is collected at a supplier and has returns or a loading time as well.", name=name),
            remedy=say("Make two stops of it."),
        )


def _check_windows(name: Sentence, windows: Windows) -> None:
    if not windows or any(not 0 <= opens <= closes <= FOREVER_S for opens, closes in windows):
        raise InputError(
            say("{name} has hours that end before they begin, or none.", name=name),
            remedy=say("Give a beginning and a later end in seconds from the start of the day."),
        )
