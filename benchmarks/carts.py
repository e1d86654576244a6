"""How long 10,000 doors take to be put on carts and into hands, against sorting their bags.

`python benchmarks/carts.py`: the bags must at least be brought into the order of carrying, so a plain
sort by that key in the same run is the bound. Every plan is proved by `planning.checks`. `spread` is
the largest difference of two people's loads in a wave over the mean, `a door` the largest door over it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from time import perf_counter
from typing import Any

from lastmetre.planning import carts
from lastmetre.planning.cart_doors import doors_of
from lastmetre.planning.carts import Bag, Problem, Team
from lastmetre.planning.checks import check_carts
from lastmetre.terms import Unit

DOORS = 10_000
TRIES = 5


def main() -> None:
    print("doors a unit  people  carts   sort s  plan s  ratio  used  waves  over  spread  a door  faults")
    for doors_a_unit, people, carts_there in (
        (25, None, None),
        (25, 70, None),
        (25, 40, None),
        (25, 80, 200),
        (100, 100, None),
        (300, 100, None),
        (25, 20, 20),
    ):
        measure(town(doors_a_unit, people, carts_there))


def measure(problem: Problem) -> None:
    sort_s, _ = best_of(lambda: sorted(problem.bags, key=lambda bag: (bag.unit, -(bag.floor or 0), bag.room)))
    plan_s, plan = best_of(lambda: carts.plan(problem))
    a_unit = DOORS // len(problem.units)
    over = sum(one.load_ppm > 1_000_000 for one in plan.rounds)
    spread, door = evenness(problem, plan)
    faults = ", ".join(check_carts(problem, plan)) or "none"
    print(
        f"{a_unit:12}  {plan.people:6}  {problem.carts or '-':>5}  {sort_s:7.3f}  {plan_s:6.3f}  "
        f"{plan_s / sort_s:5.1f}  {len(plan.carts):4}  {plan.waves:5}  {over:4}  {spread:6.1%}  {door:6.1%}  "
        f"{faults}"
    )
    for note in plan.notes:
        print(f"{'':14}{note}")


def evenness(problem: Problem, plan: carts.Plan) -> tuple[float, float]:
    largest = max(door.load_ppm for door in doors_of(problem, range(len(problem.bags))))
    spread, part = 0.0, 0.0
    for wave in range(1, plan.waves + 1):
        loads = [one.load_ppm for one in plan.rounds if one.wave == wave]
        loads += [0] * (plan.people - len(loads))
        mean = sum(loads) / len(loads)
        spread, part = max(spread, (max(loads) - min(loads)) / mean), max(part, largest / mean)
    return spread, part


def town(doors_a_unit: int, people: int | None, carts_there: int | None) -> Problem:
    """Make walk-ups and towers of three units a building; a door has one bag or two, of 1 to 8 kg."""
    draw = Random(doors_a_unit)
    units, bags = [], []
    for place in range(DOORS // doors_a_unit):
        has_lift = draw.random() < 0.3
        floors = 18 if has_lift else 6
        units.append(Unit(str(place // 3 + 1), str(place % 3 + 1), floors=floors, has_lift=has_lift))
        for door in range(doors_a_unit):
            for _ in range(draw.choice((1, 1, 2))):
                weight_g, volume_ml = draw.randint(1000, 8000), draw.randint(3000, 20000)
                bags.append(Bag(place, door % floors + 1, door, weight_g, volume_ml, draw.randint(1, 4)))
    return Problem(tuple(units), tuple(bags), carts=carts_there, team=Team(people=people))


def best_of(work: Callable[[], Any]) -> tuple[float, Any]:
    seconds = []
    for _ in range(TRIES):
        start = perf_counter()
        result = work()
        seconds.append(perf_counter() - start)
    return min(seconds), result


if __name__ == "__main__":
    main()
