"""How long 10,000 doors take to be given to named people, and how alike their loads are.

`python benchmarks/hands.py --json`: the doors of `carts.py`, put on carts for some number of people, then given
to people who differ: some are there in one wave only, some are weaker, some may not climb, some are away. The
same doors dealt out one by one to whoever has least (what a list and a pencil do) is the peer in the same run.
`spread` is the largest difference of two people's loads in a wave, over their mean, among those who may climb.
"""

from __future__ import annotations

import argparse
import json
from random import Random
from time import process_time

from carts import best_of, town

from lastmetre.planning import carts, hands
from lastmetre.planning.hands.check import check_hands
from lastmetre.terms import say


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = [measured(people) for people in (110, 140, 250)]
    if options.json:
        print(json.dumps(found))
    else:
        for one in found:
            print("  ".join(f"{key} {value}" for key, value in one.items()))


def measured(people: int) -> dict[str, object]:
    days = town(25, people, None)
    stops = hands.stops_of(days, carts.plan(days))
    problem = hands.Problem(stops, crew(people, max(stop.wave for stop in stops)))
    plan_s, plan = best_of(lambda: hands.plan(problem))
    cpu = process_time()
    hands.plan(problem)
    cpu_s = process_time() - cpu
    begin = process_time()
    dealt = dealt_out(problem)
    return {
        "people": people,
        "doors": len(stops),
        "left": len(plan.left),
        "missing": plan.missing_people,
        "plan_s": round(plan_s, 3),
        "cpu_s": round(cpu_s, 3),
        "spread_pct": round(100 * spread(problem, plan), 1),
        "carts_a_round": round(
            sum(carts_of(problem, one.stops) for one in plan.rounds) / len(plan.rounds), 2
        ),
        "dealt_cpu_s": round(process_time() - begin, 3),
        "dealt_carts_a_round": round(sum(carts_of(problem, mine) for mine in dealt) / max(len(dealt), 1), 2),
        "faults": check_hands(problem, plan),
    }


def crew(people: int, waves: int) -> tuple[hands.Person, ...]:
    """Draw people: 70 % there all day, 15 % one wave only, 10 % weaker, 5 % not on stairs, 5 % away."""
    draw, made = Random(people), []
    for number in range(people):
        minutes = [180] * waves
        if draw.random() < 0.15:
            minutes[draw.randrange(waves)] = 0
        made.append(
            hands.Person(
                f"P{number}",
                tuple(minutes),
                wave_g=draw.choice((1_000_000,) * 9 + (600_000,)),
                wave_stairs=0 if draw.random() < 0.05 else None,
                squad=f"squad {number // 10}",
                knows=frozenset({draw.randrange(400)}),
                away=say("not tested") if draw.random() < 0.05 else say(""),
            )
        )
    return tuple(made)


def spread(problem: hands.Problem, plan: hands.Plan) -> float:
    most = 0.0
    for wave in problem.waves:
        busy = {one.person: one.load_ppm for one in plan.rounds_of(wave)}
        loads = [
            busy.get(number, 0)
            for number, one in enumerate(problem.people)
            if one.minutes_in(wave) and one.wave_stairs is None
        ]
        most = max(most, (max(loads) - min(loads)) * len(loads) / sum(loads))
    return most


def carts_of(problem: hands.Problem, stops: tuple[int, ...]) -> int:
    return len({problem.stops[stop].cart for stop in stops})


def dealt_out(problem: hands.Problem) -> list[tuple[int, ...]]:
    dealt: list[tuple[int, ...]] = []
    for wave in problem.waves:
        mine: dict[int, list[int]] = {n: [] for n, one in enumerate(problem.people) if one.minutes_in(wave)}
        work = dict.fromkeys(mine, 0)
        for stop, it in enumerate(problem.stops):
            if it.wave == wave:
                least = min(work, key=work.__getitem__)
                mine[least].append(stop)
                work[least] += it.work_s
        dealt += [tuple(its) for its in mine.values() if its]
    return dealt


if __name__ == "__main__":
    main()
