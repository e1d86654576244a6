"""Check: independent code that a loading must pass; every compartment is added up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from lastmetre.planning.loading.plans import Plan
from lastmetre.planning.loading.problem import Problem


def check(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return what is wrong with a plan; nothing where every limit and promise is kept."""
    return (*_once_each(problem, plan), *_room(problem, plan), *_order(problem, plan), *_must(problem, plan))


def _once_each(problem: Problem, plan: Plan) -> Iterator[str]:
    given = Counter(load.item for load in plan.loads)
    given.update(left.item for left in plan.left)
    if given != Counter(range(len(problem.items))):
        yield "A bag is loaded twice, not at all, or does not exist."
    if any(not str(left.reason) for left in plan.left):
        yield "A bag is left without a reason."


def _room(problem: Problem, plan: Plan) -> Iterator[str]:
    for number in range(len(problem.vehicles)):
        items = [load.item for load in plan.loads if load.vehicle == number]
        if not _holds(problem, number, items):
            yield f"Vehicle {number} is too heavy, too full, or has no compartment for what it holds."
    for load in plan.loads:
        item, rooms = problem.items[load.item], problem.vehicles[load.vehicle].rooms
        if not 0 <= load.room < len(rooms) or item.temperature not in rooms[load.room].temperatures:
            yield f"Bag {load.item} is in the wrong compartment."
        if problem.stops[item.stop].vehicle not in (None, load.vehicle):
            yield f"Bag {load.item} is not on the vehicle that was fixed."


def _holds(problem: Problem, number: int, items: Iterable[int]) -> bool:
    """Tell whether a vehicle can carry these together."""
    vehicle, loads = problem.vehicles[number], [problem.items[item] for item in items]
    for room in vehicle.rooms:
        inside = [one for one in loads if one.temperature in room.temperatures]
        if sum(one.weight_g for one in inside) > room.weight_g:
            return False
        if sum(one.volume_ml for one in inside) > room.volume_ml:
            return False
    kept = {kind for room in vehicle.rooms for kind in room.temperatures}
    is_kept = all(one.temperature in kept for one in loads)
    return is_kept and sum(one.weight_g for one in loads) <= vehicle.weight_g


def _order(problem: Problem, plan: Plan) -> Iterator[str]:
    seen = [load.vehicle for load in plan.loads]
    if seen != sorted(seen):
        yield "The vehicles are mixed up."
    for number in set(seen):
        stops = [problem.items[load.item].stop for load in plan.loads if load.vehicle == number]
        turns = [problem.stops[stop].unload_at for stop in stops]
        if turns != sorted(turns, reverse=True):
            yield f"In vehicle {number} something lies behind what is unloaded later."
        changes = sum(here != there for here, there in pairwise(stops))
        if stops and changes != len(set(stops)) - 1:
            yield f"In vehicle {number} the bags of one stop do not lie together."


def _must(problem: Problem, plan: Plan) -> Iterator[str]:
    """Nothing stays behind that fits as it stands, and no stop is split that fits on one vehicle."""
    on: dict[int, list[int]] = {number: [] for number in range(len(problem.vehicles))}
    vehicles_of: dict[int, set[int]] = {}
    for load in plan.loads:
        on[load.vehicle].append(load.item)
        vehicles_of.setdefault(problem.items[load.item].stop, set()).add(load.vehicle)
    for left in plan.left:
        fixed = problem.stops[problem.items[left.item].stop].vehicle
        for number in on if fixed is None else [fixed]:
            if _holds(problem, number, [*on[number], left.item]):
                yield f"Bag {left.item} stays behind though vehicle {number} has room."
    split = {stop for stop, numbers in vehicles_of.items() if len(numbers) > 1}
    if set(plan.split) != split or len(plan.split) != len(split):
        yield "The split stops are told wrong."
    for stop in split:
        whole = [load.item for load in plan.loads if problem.items[load.item].stop == stop]
        for number, items in on.items():
            others = [item for item in items if problem.items[item].stop != stop]
            if _holds(problem, number, [*others, *whole]):
                yield f"Stop {stop} is split though vehicle {number} holds it whole."
