"""What holds for settlement whatever the database says: states, limits, who decides alone. Pure, no database."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do."""

    CONFIRM = "settlement.confirm"
    """Confirm payments and record refunds."""
    CLOSE = "settlement.close"
    """Close the books of a round."""


class ClaimState(StrEnum):
    """What became of "I have paid": a claim is never a fact (trust.md: forged screenshots)."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


CLAIM_MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    ClaimState.OPEN: frozenset({ClaimState.CONFIRMED, ClaimState.REFUSED}),
    # Refused too early: the statement may still show the money.
    ClaimState.REFUSED: frozenset({ClaimState.CONFIRMED}),
    ClaimState.CONFIRMED: frozenset({ClaimState.OPEN}),  # its payment was taken back
}
CLAIM_WORDS: dict[ClaimState, Sentence] = {
    ClaimState.OPEN: say("says it has paid"),
    ClaimState.CONFIRMED: say("confirmed"),
    ClaimState.REFUSED: say("not found"),
}


class How(StrEnum):
    """How it is known that money came in."""

    LIAISON = "liaison"
    """Somebody saw it in the payment app."""
    STATEMENT = "statement"
    CASH = "cash"


HOW_WORDS: dict[How, Sentence] = {
    How.LIAISON: say("seen in the payment app"),
    How.STATEMENT: say("on the statement"),
    How.CASH: say("in cash"),
}


class LineState(StrEnum):
    """What became of a line of a statement."""

    OPEN = "open"
    """Waits for a person."""
    COUNTED = "counted"
    SET_ASIDE = "set_aside"
    """Not for a round, with a reason."""


LINE_MOVES: Mapping[LineState, frozenset[LineState]] = {
    LineState.OPEN: frozenset({LineState.COUNTED, LineState.SET_ASIDE}),
    LineState.COUNTED: frozenset({LineState.OPEN}),  # its payment was taken back, or the payer got it back
    LineState.SET_ASIDE: frozenset({LineState.OPEN, LineState.COUNTED}),
}


class DecisionKind(StrEnum):
    """What a person decides about a household's money."""

    REFUND = "refund"
    """Handed back what it had paid too much."""
    ALLOWANCE = "allowance"
    """Taken off the bill: the supplier answers for it."""
    FREE = "free"
    """Paid by a fund or donation (QZ7)."""
    RETURN = "return"
    """Given back to the fund that had paid."""
    CARRY = "carry"
    """Goes to the household's next round with the supplier."""
    WRITE_OFF = "write_off"
    """Nobody will pay it."""


DECISION_WORDS: dict[DecisionKind, Sentence] = {
    DecisionKind.REFUND: say("paid back"),
    DecisionKind.ALLOWANCE: say("taken off the bill"),
    DecisionKind.FREE: say("paid by a fund"),
    DecisionKind.RETURN: say("returned to the fund"),
    DecisionKind.CARRY: say("carried to the next round"),
    DecisionKind.WRITE_OFF: say("written off"),
}


class DecisionState(StrEnum):
    """How far a decision is; nothing is ever changed or deleted, only reversed."""

    PROPOSED = "proposed"
    """Waits for a second person."""
    IN_FORCE = "in_force"
    REFUSED = "refused"
    REVERSED = "reversed"


DECISION_MOVES: Mapping[DecisionState, frozenset[DecisionState]] = {
    DecisionState.PROPOSED: frozenset({DecisionState.IN_FORCE, DecisionState.REFUSED}),
    DecisionState.IN_FORCE: frozenset({DecisionState.REVERSED}),
    DecisionState.REFUSED: frozenset(),
    DecisionState.REVERSED: frozenset(),
}
GIVEN_AWAY = frozenset(
    {DecisionKind.REFUND, DecisionKind.ALLOWANCE, DecisionKind.FREE, DecisionKind.WRITE_OFF}
)
"""What costs somebody money: watched by a second person (trust.md: insider giveaways)."""
ALONE_FEN = 5_000
"""What one person may give away alone to one household in a round: a bag for a day or two."""
ALONE_ROUND_FEN = 50_000
"""And in a whole round to all of them: small gifts add up."""


def needs_second(
    kind: DecisionKind, amount_fen: int, *, household_alone_fen: int, person_alone_fen: int
) -> bool:
    """Tell whether a decision waits for a second person, given what one person decided alone before."""
    if kind not in GIVEN_AWAY:
        return False
    return household_alone_fen + amount_fen > ALONE_FEN or person_alone_fen + amount_fen > ALONE_ROUND_FEN


def can_decide(proposed_by: str, by: str) -> bool:
    """Tell whether somebody may be the second person."""
    return proposed_by != by


def check_second(proposed_by: str, by: str) -> None:
    """Raise InputError where `can_decide` says no."""
    if not can_decide(proposed_by, by):
        raise InputError(
            say("A second person has to agree: not the one who proposed it."),
            remedy=say("Ask the liaison or somebody of the committee to open this page."),
        )


def check_claim_move(before: ClaimState, after: ClaimState) -> None:
    """Raise InputError where a claim cannot go from one state to another."""
    if after not in CLAIM_MOVES[before]:
        raise InputError(
            say("This claim was settled already: {state}.", state=CLAIM_WORDS[before]),
            remedy=say("Open the household's account to see what was booked."),
        )


def check_decision_move(before: DecisionState, after: DecisionState) -> None:
    """Raise InputError where a decision cannot go from one state to another."""
    if after not in DECISION_MOVES[before]:
        raise InputError(
            say("Somebody has decided this already."),
            remedy=say("Open the household's account to see how it stands."),
        )


def check_line_move(before: LineState, after: LineState) -> None:
    """Raise InputError where a line of a statement cannot go from one state to another."""
    if after not in LINE_MOVES[before]:
        raise InputError(
            say("This line was settled already."),
            remedy=say("Take its payment back first, if that is wrong."),
        )


MOST_FEN = 10_000_000
"""100,000 yuan: more is a slip of the keys."""


def check_amount(fen: int) -> int:
    """Return an amount that can be booked; raises InputError for none, or for more than anybody pays here."""
    if not 0 < fen <= MOST_FEN:
        raise InputError(
            say("This is no amount that can be booked."), remedy=say("Write yuan, such as 32.80.")
        )
    return fen


def yuan(fen: int) -> str:
    """Return fen as people write yuan: 32.80, -8.40."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
