"""Whom residents pay: fixed per supplier, and two people are needed to change it (trust.md: swapped codes)."""

from __future__ import annotations

from enum import StrEnum

from lastmetre.terms import InputError, say


class PayeeState(StrEnum):
    """Where a change of the payee stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    REPLACED = "replaced"


MOVES: dict[PayeeState, frozenset[PayeeState]] = {
    PayeeState.PROPOSED: frozenset({PayeeState.IN_FORCE, PayeeState.REFUSED}),
    PayeeState.IN_FORCE: frozenset({PayeeState.REPLACED}),
    PayeeState.REFUSED: frozenset(),
    PayeeState.REPLACED: frozenset(),
}
"""All allowed moves."""


def check_move(now: PayeeState, then: PayeeState) -> None:
    """Refuse a move that the table does not name; raises InputError."""
    if then not in MOVES[now]:
        raise InputError(
            say("This change has already been decided."),
            remedy=say("Look at the list again; propose a new one."),
        )


def check_approver(proposed_by: str, approver: str) -> None:
    """Refuse that one person proposes and approves; raises InputError."""
    if proposed_by == approver:
        raise InputError(
            say("Who proposed a payee cannot approve it."),
            remedy=say("Ask a second person to compare the code with the supplier's own."),
        )
