"""Reasons: why a bag stays behind, in a sentence with what to do about it (house law 6)."""

from __future__ import annotations

from lastmetre.planning.loading.problem import Item, Problem, Temperature, Vehicle
from lastmetre.terms import Sentence, say

KEPT = {
    Temperature.AMBIENT: say("dry goods"),
    Temperature.CHILLED: say("chilled goods"),
    Temperature.FROZEN: say("frozen goods"),
}


def reason_for(problem: Problem, number: int) -> Sentence:
    """Say why one bag is on no vehicle."""
    item, fixed = problem.items[number], problem.stops[problem.items[number].stop].vehicle
    goods = KEPT[item.temperature]
    if not problem.vehicles:
        return say("There is no vehicle: send one.")
    able = problem.vehicles if fixed is None else (problem.vehicles[fixed],)
    if not any(item.temperature in room.temperatures for vehicle in able for room in vehicle.rooms):
        if fixed is None:
            return say("No vehicle has a compartment for {goods}: send one that has.", goods=goods)
        return say(
            "Vehicle {number}, which was fixed, has no compartment for {goods}: choose another.",
            number=fixed + 1,
            goods=goods,
        )
    if not any(_holds(vehicle, item) for vehicle in able):
        return say(
            "It is heavier or larger than any compartment for {goods} that it may go in: "
            "pack it smaller or send a larger vehicle.",
            goods=goods,
        )
    if fixed is not None:
        return say(
            "Vehicle {number}, which was fixed, has no room left for {goods}: let it drive twice or choose another.",
            number=fixed + 1,
            goods=goods,
        )
    return say(
        "All compartments for {goods} in which it would find room are full: send one vehicle more or drive twice.",
        goods=goods,
    )


def _holds(vehicle: Vehicle, item: Item) -> bool:
    return item.weight_g <= vehicle.weight_g and any(
        item.temperature in room.temperatures
        and item.weight_g <= room.weight_g
        and item.volume_ml <= room.volume_ml
        for room in vehicle.rooms
    )
