"""What holds for purchases whatever the database says: states, quantities, prices. Pure, no database."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from lastmetre.ground.goods.rules import yuan
from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do."""

    ORDER = "purchase.order"
    """Order from the supplier for a place."""
    SUPPLY = "purchase.supply"
    """Confirm, pack and hand over, as the supplier."""


class OrderState(StrEnum):
    """How far an order at a supplier is."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    PACKING = "packing"
    """Labels and lists are printed: bags are being filled."""
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    """Every bag is in a vehicle."""
    FAILED = "failed"
    """The supplier brings nothing: every promise has ended."""


# A small shop that packs at once has confirmed by packing.
MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.SENT: frozenset(
        {OrderState.CONFIRMED, OrderState.PACKING, OrderState.PACKED, OrderState.FAILED}
    ),
    OrderState.CONFIRMED: frozenset({OrderState.PACKING, OrderState.PACKED, OrderState.FAILED}),
    OrderState.PACKING: frozenset({OrderState.PACKED, OrderState.FAILED}),
    # Packed by a slip: packing goes on, while no vehicle has anything of it.
    OrderState.PACKED: frozenset({OrderState.PACKING, OrderState.HANDED_OVER, OrderState.FAILED}),
    OrderState.HANDED_OVER: frozenset(),
    OrderState.FAILED: frozenset(),
}
ORDER_WORDS: dict[OrderState, Sentence] = {
    OrderState.SENT: say("waits for the supplier's answer"),
    OrderState.CONFIRMED: say("confirmed"),
    OrderState.PACKING: say("being packed"),
    OrderState.PACKED: say("packed"),
    OrderState.HANDED_OVER: say("handed to the vehicle"),
    OrderState.FAILED: say("the supplier failed"),
}
ORDER_COLOURS: dict[OrderState, str] = {
    OrderState.SENT: "wait",
    OrderState.CONFIRMED: "now",
    OrderState.PACKING: "now",
    OrderState.PACKED: "good",
    OrderState.HANDED_OVER: "good",
    OrderState.FAILED: "act",
}
OPEN = (OrderState.SENT, OrderState.CONFIRMED, OrderState.PACKING)
"""States in which what is short, its price and what stands in for it can still be said."""


def can_move(before: OrderState, after: OrderState) -> bool:
    """Tell whether an order may go from one state to another."""
    return after in MOVES[before]


def check_move(before: OrderState, after: OrderState) -> None:
    """Raise InputError where `can_move` says no."""
    if not can_move(before, after):
        raise InputError(
            say(
                "This order is {before}: it cannot become “{after}” now.",
                before=ORDER_WORDS[before],
                after=ORDER_WORDS[after],
            ),
            remedy=say("Look at the order as it is now."),
        )


def check_open(state: OrderState) -> None:
    """Raise InputError where the supplier can change nothing any more."""
    if state not in OPEN:
        raise InputError(
            say("This order is {state}: nothing in it can be changed.", state=ORDER_WORDS[state]),
            remedy=say("What is missing or damaged from now on is noted where the goods are counted."),
        )


def check_can_unpack(state: OrderState, *, has_left: bool) -> None:
    """Raise InputError where what is packed cannot be taken back: a vehicle has left, or nothing is packed."""
    if has_left or state not in (OrderState.PACKING, OrderState.PACKED):
        raise InputError(
            say("This order is {state}: packing cannot be taken back.", state=ORDER_WORDS[state])
            if not has_left
            else say("A vehicle has left: packing cannot be taken back."),
            remedy=say("Ring the liaison: what is missing or wrong is noted where the bags are counted."),
        )


class ShortCause(StrEnum):
    """Why a supplier brings less than it was asked for."""

    SOLD_OUT = "sold_out"
    NOT_COME = "not_come"
    SPOILED = "spoiled"
    NO_HANDS = "no_hands"
    OTHER = "other"


SHORT_WORDS: dict[ShortCause, Sentence] = {
    ShortCause.SOLD_OUT: say("sold out"),
    ShortCause.NOT_COME: say("has not come in"),
    ShortCause.SPOILED: say("spoiled or broken"),
    ShortCause.NO_HANDS: say("nobody to pack it"),
    ShortCause.OTHER: say("another reason"),
}


class ProposalState(StrEnum):
    """Whether a stand-in was taken."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


PROPOSAL_WORDS: dict[ProposalState, Sentence] = {
    ProposalState.PROPOSED: say("waits for the liaison"),
    ProposalState.ACCEPTED: say("accepted"),
    ProposalState.REFUSED: say("refused"),
}


def check_available(available: Decimal, wanted: Decimal, *, step: Decimal, name: str) -> Decimal:
    """Return what the supplier has of a good; raises InputError below 0, above what is wanted, or too fine."""
    if not available.is_finite() or available < 0:
        raise InputError(
            say("{name}: there cannot be less than nothing.", name=name),
            remedy=say("Write how many you have; 0 where there are none."),
        )
    if available > wanted:
        raise InputError(
            say(
                "{name}: {wanted} are promised; {available} is not short.",
                name=name,
                wanted=f"{wanted.normalize() + 0:f}",
                available=f"{available.normalize() + 0:f}",
            ),
            remedy=say("Write how many of the promised ones you have, not how many are missing."),
        )
    if available % step:
        raise InputError(
            say("{name} is handed out by {step}.", name=name, step=f"{step.normalize():f}"),
            remedy=say("Write a multiple of that."),
        )
    return available


def check_price(price_fen: int, *, asked_fen: int, name: str) -> None:
    """Raise InputError for a price above what the households ordered at: that is the pledge (QZ4, PD2)."""
    if price_fen < 0:
        raise InputError(
            say("{name}: a price cannot be below 0.", name=name),
            remedy=say("Write it in yuan, such as 39.9."),
        )
    if price_fen > asked_fen:
        raise InputError(
            say(
                "{name}: the households ordered at {asked} yuan; {price} yuan is above it.",
                name=name,
                asked=yuan(asked_fen),
                price=yuan(price_fen),
            ),
            remedy=say(
                "A lower price is taken at once. If you cannot bring it at this price, mark it short."
            ),
        )


BAGS_A_BOX = 12
"""Household bags that go into one box where nobody says otherwise (FC4c)."""
