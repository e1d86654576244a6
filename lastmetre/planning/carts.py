"""Carts: which bags go on which numbered cart, in which wave, and who carries them.

One cart a unit, its number that of the unit (ER3b); several small units share one where carts are
short, a large unit gets two; two waves a day (ER5); top floor first; the people's loads even, nobody's
over what may be asked. What does not fit in the hours is said, with what is missing (house law 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from lastmetre.planning import Cancelled, Progress, cart_notes
from lastmetre.planning.cart_hands import share_out
from lastmetre.planning.cart_loads import (
    Load,
    Rows,
    cart_numbers,
    hands_of,
    loads_of,
    rows_of,
    waves_of,
)
from lastmetre.planning.cart_terms import Bag, Capacity, Cart, Plan, Problem, Round, Team, Turn

__all__ = ["Bag", "Capacity", "Cart", "Plan", "Problem", "Round", "Team", "Turn", "plan"]


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Load the carts and give out the rounds (the rules in plain words: docs/planning/carts.md).

    Settled by rule, without lots, and done in a moment (10,000 doors in under half a second): the seed,
    the budget, progress and cancellation are ignored.
    """
    rows = rows_of(problem)
    waves = waves_of(loads_of(problem, rows, problem.team.people), problem.carts) if rows else []
    people = problem.team.people or _fewest_people(rows, waves)
    carts, rounds = _give_out(problem, waves, people)
    fits = len(waves) <= problem.team.waves_a_day
    missing_people, missing_carts = (0, 0) if fits else _missing(problem, rows)
    return Plan(
        carts=carts,
        rounds=rounds,
        cart_of_bag=_cart_of_bag(problem, carts),
        people=people,
        waves=len(waves),
        missing_people=missing_people,
        missing_carts=missing_carts,
        notes=cart_notes.notes(problem, carts, len(waves), missing_people, missing_carts),
    )


def _fewest_people(rows: Rows, waves: Sequence[Sequence[Load]]) -> int:
    most = max((sum(load.size[2] for load in wave) for wave in waves), default=0)
    return max(-(-most // hands_of(rows, 1)), 1 if rows else 0)


def _give_out(
    problem: Problem, waves: Sequence[Sequence[Load]], people: int
) -> tuple[tuple[Cart, ...], tuple[Round, ...]]:
    spare = count(max(cart_numbers(problem), default=0) + 1)
    carts: list[Cart] = []
    rounds: list[Round] = []
    for wave, loads in enumerate(waves, start=1):
        numbers = [min(load.numbers) if load.numbers else next(spare) for load in loads]
        turns, wave_rounds = share_out(loads, numbers, wave=wave, people=people)
        carts += [
            _cart(load, number, wave, cart_turns)
            for load, number, cart_turns in zip(loads, numbers, turns, strict=True)
        ]
        rounds += wave_rounds
    return tuple(carts), tuple(rounds)


def _cart(load: Load, number: int, wave: int, turns: tuple[Turn, ...]) -> Cart:
    weight_g, volume_ml, _ = load.size
    return Cart(
        number=number,
        wave=wave,
        units=load.units,
        bags=tuple(bag for door in load.doors for bag in door.bags),
        doors=len(load.doors),
        weight_g=weight_g,
        volume_ml=volume_ml,
        turns=turns,
        together=tuple(door.bags[0] for door in load.doors if door.needs_hands),
    )


def _cart_of_bag(problem: Problem, carts: Sequence[Cart]) -> tuple[int, ...]:
    numbers = {bag: cart.number for cart in carts for bag in cart.bags}
    return tuple(numbers[bag] for bag in range(len(problem.bags)))


def _missing(problem: Problem, rows: Rows) -> tuple[int, int]:
    """Count the people and the carts that are missing for all to go out in a day's waves."""
    a_day, people, carts = problem.team.waves_a_day, problem.team.people, problem.carts
    if people is not None:
        work_ppm = sum(door.hands_ppm for doors in rows.values() for door in doors)
        enough = max(people, -(-work_ppm // (a_day * hands_of(rows, 1))))
        people = next(n for n in count(enough) if len(waves_of(loads_of(problem, rows, n), None)) <= a_day)
    if carts is not None:
        loads = loads_of(problem, rows, people)
        enough = max(carts, -(-loads.fewest_carts // a_day))
        carts = next(n for n in count(enough) if len(waves_of(loads, n)) <= a_day)
    return (people or 0) - (problem.team.people or 0), (carts or 0) - (problem.carts or 0)
