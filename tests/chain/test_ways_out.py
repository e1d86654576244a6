"""Nothing of the relay can get stuck: from every state of every table there is a way to an end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from lastmetre.chain.orders import rules as rounds
from lastmetre.chain.purchase import rules as orders
from lastmetre.chain.settlement import rules as money
from lastmetre.chain.sorting import rules as carts
from lastmetre.chain.transport import rules as loads

TABLES: dict[str, tuple[Mapping[Any, frozenset[Any]], set[str]]] = {
    "a round": (rounds.MOVES, {"closed", "cancelled"}),
    "an order at the supplier": (orders.MOVES, {"handed_over", "failed"}),
    "a load": (loads.MOVES, {"arrived", "cancelled"}),
    "a cart": (carts.MOVES, {"taken"}),
    "a decision about money": (money.DECISION_MOVES, {"refused", "reversed"}),
    "a line of a statement": (money.LINE_MOVES, {"counted", "set_aside"}),
    "a claim": (money.CLAIM_MOVES, {"confirmed", "refused"}),
}


def beyond(moves: Mapping[Any, frozenset[Any]], state: Any) -> set[Any]:
    """All states that can follow, sooner or later."""
    found: set[Any] = set()
    waiting = [state]
    while waiting:
        for after in moves[waiting.pop()] - found:
            found.add(after)
            waiting.append(after)
    return found


@pytest.mark.parametrize("name", TABLES)
def test_from_every_state_there_is_a_way_to_an_end_and_ends_are_those_meant(name: str) -> None:
    moves, ends = TABLES[name]
    assert {str(state) for state, after in moves.items() if not after} <= ends
    for state in moves:
        assert str(state) in ends or {str(one) for one in beyond(moves, state)} & ends, f"stuck: {state}"
    assert set(moves) == set(type(next(iter(moves)))), "every state has its row"
