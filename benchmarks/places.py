"""How fast is a compound of 4,000 households added, listed, searched, moved and erased?

`python benchmarks/places.py` runs an own PostgreSQL in a temporary folder. Adding in bulk is compared with adding
one by one; the other lines with what the house asks for (a page of the roster within 300 ms at the server, 10,000
people erased within 60 s).
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from parts.own_server import own_server

BUILDINGS, UNITS, DOORS = 40, 2, 50
ONE_BY_ONE = 100
RUNS = 5
PAGE_BOUND_S = 0.3
ERASE_BOUND_S = 60.0


def main() -> None:
    with own_server():
        measure()


def measure() -> None:
    from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
    from lastmetre.ground.places.actions.responses import close_response, erase_response, open_response
    from lastmetre.ground.places.actions.tree import move_place
    from lastmetre.ground.places.models import Place
    from lastmetre.ground.places.queries.roster import roster
    from lastmetre.ground.places.queries.tree import children
    from lastmetre.ground.places.rules import PlaceKind
    from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
    from lastmetre.ground.protection.scope import acting_as

    with acting_as(SYSTEM) as now:
        who: dict[str, Any] = {"by": SYSTEM, "at": now}
        top = NewPlace(PlaceKind.COUNTY, "余县", None)
        here, there = (NewPlace(PlaceKind.COMMUNITY, name, top.id) for name in ("东", "西"))
        compound = NewPlace(PlaceKind.COMPOUND, "大苑", here.id)
        stairs = [top, here, there, compound]
        for number in range(1, BUILDINGS + 1):
            building = NewPlace(PlaceKind.BUILDING, str(number), compound.id)
            units = [NewPlace(PlaceKind.UNIT, str(unit), building.id) for unit in range(1, UNITS + 1)]
            stairs += [building, *units]
        add_places(stairs, **who)
        response = open_response(Place.objects.get(pk=top.id), name="2026", **who)
        doors = [row for row in stairs if row.kind is PlaceKind.UNIT]
        rows = [
            NewHousehold(
                unit.id, f"{room // 2 + 1}{room % 2 + 1:02}", name="王小明", phone=f"138{at * 100 + room:08}"
            )
            for at, unit in enumerate(doors)
            for room in range(DOORS)
        ]
        bulk = timed(lambda: add_households(rows, **who))
        singles = [NewHousehold(doors[0].id, f"临{number}", name="王小明") for number in range(ONE_BY_ONE)]
        alone = timed(lambda: [add_households([row], **who) for row in singles])
        each = bulk / len(rows), alone / ONE_BY_ONE
        print(
            f"added in bulk      {len(rows)} households in {bulk:.2f} s: {each[1] / each[0]:.0f} times one by one"
        )
        place = Place.objects.get(pk=compound.id)
        head = Actor("head", ActorKind.STAFF, sees=(place.path,))
        with acting_as(head):
            first = roster(place)
            bounded("roster, page", lambda: roster(place), PAGE_BOUND_S)
            bounded("roster, next page", lambda: roster(place, after=first.next), PAGE_BOUND_S)
            bounded("roster, by tail", lambda: roster(place, words="0101"), PAGE_BOUND_S)
            bounded("roster, by name", lambda: roster(place, words="wxm"), PAGE_BOUND_S)
            bounded("roster, by address", lambda: roster(place, words="40-2-2501"), PAGE_BOUND_S)
            bounded("buildings, counted", lambda: children(place, now), PAGE_BOUND_S)
        target = Place.objects.get(pk=there.id)
        moving = timed(lambda: move_place(place, to=target, **who))
        print(f"moved              {moving:.2f} s with all rows")
        close_response(response, **who)
        erasing = timed(lambda: erase_response(response, typed_name="2026", **who))
        print(
            f"erased             {len(rows)} households in {erasing * 1000:.0f} ms: {erasing / ERASE_BOUND_S:.4f} of the bound"
        )


def bounded(name: str, run: Callable[[], object], bound: float) -> None:
    took = median(timed(run) for _ in range(RUNS))
    print(f"{name:18} {took * 1000:.0f} ms: {took / bound:.2f} of the bound")


def timed(run: Callable[[], object]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started


if __name__ == "__main__":
    main()
