"""What holds for the last metre whatever the database says: outcomes at a door, waves, turns. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from lastmetre.chain.ledger.rules import CaseKind
from lastmetre.chain.sorting.rules import CartState
from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do."""

    PLAN = "doorstep.plan"
    """Plan waves and say who takes which cart."""
    DELIVER = "doorstep.deliver"
    """Take bags to doors or hand them out."""


class Outcome(StrEnum):
    """What happened at a door."""

    DELIVERED = "delivered"
    NOBODY_IN = "nobody_in"
    REFUSED = "refused"
    WRONG_ADDRESS = "wrong_address"
    DAMAGED = "damaged"
    NEEDS_HELP = "needs_help"
    """Said beside any other outcome: the bag stays as it is, the carer is told."""
    UNDO = "undo"
    """The last outcome of this door was a slip."""


OUTCOME_WORDS: dict[Outcome, Sentence] = {
    Outcome.DELIVERED: say("Delivered"),
    Outcome.NOBODY_IN: say("Nobody in"),
    Outcome.REFUSED: say("Refused"),
    Outcome.WRONG_ADDRESS: say("Wrong address"),
    Outcome.DAMAGED: say("Damaged"),
    Outcome.NEEDS_HELP: say("Person needs help"),
    Outcome.UNDO: say("Undone"),
}
CASE_OF: dict[Outcome, CaseKind] = {
    Outcome.NOBODY_IN: CaseKind.NOBODY_IN,
    Outcome.REFUSED: CaseKind.REFUSED,
    Outcome.WRONG_ADDRESS: CaseKind.WRONG_ADDRESS,
    Outcome.DAMAGED: CaseKind.DAMAGED,
    Outcome.NEEDS_HELP: CaseKind.NEEDS_HELP,
}
FAILED = (Outcome.NOBODY_IN, Outcome.REFUSED, Outcome.WRONG_ADDRESS, Outcome.DAMAGED)
"""The bag stays with who has it, and a person decides."""


class Effect(StrEnum):
    """What the server answered to an event."""

    DONE = "done"
    KNOWN = "known"
    """Somebody was first: nothing changed."""
    CONFLICT = "conflict"
    """It contradicts what is written: both are kept and a person decides."""
    REFUSED = "refused"
    """Kept in words; nothing moved."""


class TurnState(StrEnum):
    """How far a household is in the queue at the point."""

    WAITING = "waiting"
    CALLED = "called"
    MISSED = "missed"
    """Rejoins the queue behind those who wait (field notes: pickup)."""
    DONE = "done"
    TO_DOOR = "to_door"
    """Cannot come down: the bag goes to the door with the next wave."""


WAVES_A_DAY = 2  # ER5: one each morning and afternoon
WAVE_LASTS = timedelta(hours=3)
GRACE = timedelta(hours=24)
"""Scans made during a wave are taken in so long after it: phones come back from cellars late."""
BATCH = 8
"""Households called at once to the point: 5 to 10, two metres apart (FC3c)."""
LARGEST_BATCH = 10
MOST_EVENTS = 100
SLIP = timedelta(minutes=30)
"""So long a call at the point, or that somebody did not come, can be taken back by a tap."""
REOPENS = timedelta(hours=2)
"""So long a pickup that has ended can be opened again."""
OPEN_AGAIN = timedelta(hours=1)
"""Until when at least residents may come then."""


def check_is_slip(since: timedelta, limit: timedelta = SLIP) -> None:
    """Raise InputError where something lies too long back to be taken back by a tap."""
    if since > limit:
        raise InputError(
            say("That is too long ago to be taken back."),
            remedy=say("Look at the page as it is now, and do what is needed from there."),
        )


class Progress(StrEnum):
    """How far a cart of a wave is."""

    FREE = "free"
    """Nobody has it."""
    LOADING = "loading"
    READY = "ready"
    """Released, not taken yet."""
    OUT = "out"
    HELD_UP = "held_up"
    """All doors were tried, and some still have their bags to come."""
    DONE = "done"


PROGRESS_WORDS: dict[Progress, Sentence] = {
    Progress.FREE: say("nobody has it"),
    Progress.LOADING: say("being loaded"),
    Progress.READY: say("ready to go"),
    Progress.OUT: say("on its way"),
    Progress.HELD_UP: say("some doors left"),
    Progress.DONE: say("done"),
}
PROGRESS_COLOURS: dict[Progress, str] = {
    Progress.FREE: "act",
    Progress.LOADING: "wait",
    Progress.READY: "wait",
    Progress.OUT: "now",
    Progress.HELD_UP: "act",
    Progress.DONE: "good",
}


def progress_of(person: str, run: str | None, doors: int, done: int, failed: int) -> Progress:
    """Return how far a cart is; `run` is the state of the sorted cart, None where it was not sorted."""
    if done == doors and (doors or run):  # none left on a sorted cart: all its bags went to the point
        return Progress.DONE
    if doors and done + failed == doors:
        return Progress.HELD_UP
    if not person:
        return Progress.FREE
    if run == CartState.OPEN:
        return Progress.LOADING
    return Progress.READY if run == CartState.RELEASED else Progress.OUT


def answer_words(effect: Effect, outcome: Outcome, *, by_other: bool) -> Sentence:
    """Return what a phone says about an event that the server has taken in."""
    if effect is Effect.DONE:
        return OUTCOME_WORDS[outcome]
    if effect is Effect.CONFLICT:
        return say("Somebody else wrote otherwise: both are kept, and the building head decides.")
    if by_other:
        return say("Already done by somebody else.")
    return say("Already written down.")
