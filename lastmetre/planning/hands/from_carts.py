"""From carts: the doors of a day as `carts` put them on its carts, one stop each."""

from __future__ import annotations

from lastmetre.planning import cart_terms
from lastmetre.planning.cart_doors import doors_of, floors_up
from lastmetre.planning.hands.terms import Stop


def stops_of(problem: cart_terms.Problem, plan: cart_terms.Plan) -> tuple[Stop, ...]:
    """List a plan's doors wave by wave and cart by cart; what takes several hands is by arrangement."""
    return tuple(
        Stop(
            wave=cart.wave,
            cart=cart.number,
            unit=door.unit,
            work_s=door.work_s,
            weight_g=door.weight_g,
            stairs=floors_up(problem, problem.bags[door.bags[0]]),
            bags=door.bags,
        )
        for cart in sorted(plan.carts, key=lambda one: one.wave)
        for door in doors_of(problem, cart.bags)
        if not door.needs_hands
    )
