"""Notes: what the people at the carts must know or arrange, in words."""

from __future__ import annotations

from collections.abc import Sequence

from lastmetre.planning.cart_terms import Cart, Problem
from lastmetre.terms import Sentence, Unit, say


def notes(
    problem: Problem, carts: Sequence[Cart], waves: int, missing_people: int, missing_carts: int
) -> tuple[Sentence, ...]:
    """Say what does not fit in the day, on a cart or in one pair of hands, and what was not known."""
    return (
        *_day_notes(problem, waves, missing_people, missing_carts),
        *(_oversize_note(problem, cart) for cart in carts if _is_oversize(problem, cart)),
        *(_together_note(problem, cart, bag) for cart in carts for bag in cart.together),
        *_carry_notes(problem),
    )


def _day_notes(problem: Problem, waves: int, missing_people: int, missing_carts: int) -> list[Sentence]:
    """House law 7: say when it does not fit, and by how much."""
    if waves <= problem.team.waves_a_day:
        return []
    too_much = say(
        "This takes {waves} waves; a day has {a_day}.", waves=waves, a_day=problem.team.waves_a_day
    )
    if missing_people and missing_carts:
        remedy = say(
            "To do it in a day, add people: {people}, and carts: {carts}.",
            people=missing_people,
            carts=missing_carts,
        )
    elif missing_people:
        remedy = say("To do it in a day, add people: {people}.", people=missing_people)
    else:
        remedy = say("To do it in a day, add carts: {carts}.", carts=missing_carts)
    return [say("{too_much} {remedy}", too_much=too_much, remedy=remedy)]


def _is_oversize(problem: Problem, cart: Cart) -> bool:
    return cart.weight_g > problem.capacity.weight_g or cart.volume_ml > problem.capacity.volume_ml


def _oversize_note(problem: Problem, cart: Cart) -> Sentence:
    return say(
        "A bag for {unit} ({kg} kg, {litres} l) is more than a cart holds; it goes alone as cart {number}.",
        unit=unit_name(problem.units[cart.units[0]]),
        kg=_tenths(cart.weight_g),
        litres=_tenths(cart.volume_ml),
        number=cart.number,
    )


def _together_note(problem: Problem, cart: Cart, bag: int) -> Sentence:
    return say(
        "A bag of {kg} kg for {unit} on cart {number} is too much for one person: arrange several hands.",
        kg=_tenths(problem.bags[bag].weight_g),
        unit=unit_name(problem.units[problem.bags[bag].unit]),
        number=cart.number,
    )


def _carry_notes(problem: Problem) -> list[Sentence]:
    carry_g = problem.team.carry_g
    said = []
    if heavy := sum(bag.weight_g > carry_g for bag in problem.bags):
        said.append(
            say(
                "Bags over {kg} kg, more than one person carries: {count}. Take them by two or in parts.",
                kg=_tenths(carry_g),
                count=heavy,
            )
        )
    if unknown := sum(bag.floor is None for bag in problem.bags):
        said.append(
            say(
                "Bags whose floor is not known: {count}. They are carried last and count as half way up.",
                count=unknown,
            )
        )
    return said


def unit_name(unit: Unit) -> str:
    """Name a unit as people write it: building and unit, or the building alone."""
    return "-".join(part for part in (unit.building, unit.name) if part)


def _tenths(thousandths: int) -> str:
    return f"{thousandths / 1000:.1f}".removesuffix(".0")
