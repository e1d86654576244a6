"""What holds for carts whatever the database says: states and what a scan came to. Pure, no database."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do."""

    SORT = "sorting.sort"
    """Scan bags onto carts and release carts."""


class CartState(StrEnum):
    """How far a cart of a wave is."""

    OPEN = "open"
    """Bags are being put on it."""
    RELEASED = "released"
    """Complete, or let go with a note: it may be taken to the doors."""
    TAKEN = "taken"
    """Somebody has it in hand."""


MOVES: Mapping[CartState, frozenset[CartState]] = {
    CartState.OPEN: frozenset({CartState.RELEASED}),
    CartState.RELEASED: frozenset({CartState.OPEN, CartState.TAKEN}),
    CartState.TAKEN: frozenset(),
}
CART_WORDS: dict[CartState, Sentence] = {
    CartState.OPEN: say("being loaded"),
    CartState.RELEASED: say("ready to go"),
    CartState.TAKEN: say("taken out"),
}
CART_COLOURS: dict[CartState, str] = {
    CartState.OPEN: "wait",
    CartState.RELEASED: "good",
    CartState.TAKEN: "now",
}


def can_move(before: CartState, after: CartState) -> bool:
    """Tell whether a cart may go from one state to another."""
    return after in MOVES[before]


def check_move(number: int, before: CartState, after: CartState) -> None:
    """Raise InputError where `can_move` says no."""
    if not can_move(before, after):
        raise InputError(
            say("Cart {number} is {state}.", number=f"{number:02}", state=CART_WORDS[before]),
            remedy=say("Look at the cart as it is now; nothing was changed."),
        )


def check_release(number: int, missing: int, note: str) -> None:
    """Raise InputError where bags are missing and nobody says why the cart goes all the same."""
    if missing and not note.strip():
        raise InputError(
            say(
                "Cart {number} is not complete: {missing} bags are missing.",
                number=f"{number:02}",
                missing=missing,
            ),
            remedy=say("Look for them, or write why it goes without them."),
        )


class Outcome(StrEnum):
    """What a scan came to."""

    PLACED = "placed"
    AGAIN = "again"
    """It is on that cart already."""
    CONFLICT = "conflict"
    """Somebody put it on another cart: a person must look."""
    FOREIGN = "foreign"
    """Of another compound or round: set aside, and its liaison is told."""


PLACED_WORDS: dict[Outcome, Sentence] = {
    Outcome.PLACED: say("Put it on this cart"),
    Outcome.AGAIN: say("It is on this cart already"),
    Outcome.CONFLICT: say("It lies on two carts, people say: look for it"),
}
