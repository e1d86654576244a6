"""What holds for arrivals whatever the database says: stages, how long fresh goods may wait. Pure, no database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from lastmetre.ground.goods.rules.classes import Temperature
from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do."""

    RECEIVE = "gate.receive"
    """Take in what arrives, and note what is wrong with it."""
    WATCH = "gate.watch"
    """See what is expected, what stands at the gate, and who has it (SQ9)."""


class Stage(StrEnum):
    """How far something that comes to a gate is."""

    EXPECTED = "expected"
    WAITING = "waiting"
    """It stands at the gate, and nobody has taken it in."""
    ARRIVED = "arrived"
    """Somebody has it; bags are being counted."""
    COUNTED = "counted"
    """Every bag is there."""
    FINISHED = "finished"
    """Released to sorting."""


STAGE_WORDS: Mapping[Stage, Sentence] = {
    Stage.EXPECTED: say("expected"),
    Stage.WAITING: say("waits at the gate"),
    Stage.ARRIVED: say("being counted"),
    Stage.COUNTED: say("all counted"),
    Stage.FINISHED: say("released"),
}
STAGE_COLOURS: Mapping[Stage, str] = {
    Stage.EXPECTED: "idle",
    Stage.WAITING: "act",
    Stage.ARRIVED: "now",
    Stage.COUNTED: "good",
    Stage.FINISHED: "good",
}


def stage_of(*, has_come: bool, is_held: bool, is_finished: bool, waiting: int) -> Stage:
    """Return the stage of an arrival of which `waiting` bags have not been counted."""
    if is_finished:
        return Stage.FINISHED
    if is_held:
        return Stage.ARRIVED if waiting else Stage.COUNTED
    return Stage.WAITING if has_come else Stage.EXPECTED


class Outcome(StrEnum):
    """What a scan at the gate came to; what does not fit is an InputError."""

    COUNTED = "counted"
    AGAIN = "again"
    """It was counted already."""
    FOREIGN = "foreign"
    """Of another compound or round: set aside, and its liaison is told."""


RELEASE_SLIP = timedelta(hours=1)
"""So long a release to sorting can be taken back by a tap, while no bag has left the gate."""
WAITS: Mapping[Temperature, timedelta] = {
    Temperature.FROZEN: timedelta(minutes=30),
    Temperature.CHILLED: timedelta(minutes=60),
}
"""How long goods may stand at a gate without a cold store."""
FRESH_DAYS = 3
"""What keeps no longer than this is fresh, even where it needs no cold: leaf vegetables, cooked meals."""
FRESH_WAITS = timedelta(hours=2)


def may_wait(temperature: str, keeps_days: int | None) -> timedelta | None:
    """Return how long a good may stand at the gate; None: as long as one likes."""
    cold = WAITS.get(Temperature(temperature))
    if cold is not None:
        return cold
    return FRESH_WAITS if keeps_days is not None and keeps_days <= FRESH_DAYS else None


def check_all(counted: int, expected: int) -> None:
    """Raise InputError where the number that somebody counted by hand is not what the books say."""
    if counted != expected:
        raise InputError(
            say("You counted {counted} bags; {expected} must come.", counted=counted, expected=expected),
            remedy=say("Scan bag by bag: what is missing or too many shows then."),
        )


def check_missing(said: int, missing: int) -> None:
    """Raise InputError where bags are missing and whoever finishes has not said so."""
    if said != missing:
        raise InputError(
            say("{missing} bags have not been counted.", missing=missing),
            remedy=say("Look for them in the vehicle; if they are not there, finish with them missing."),
        )


def check_can_reopen(*, since: timedelta, gone: int, is_another_open: bool = False) -> None:
    """Raise InputError where a release to sorting cannot be taken back: `gone` bags of it have left the gate."""
    if gone:
        raise InputError(
            say("{count} bags of it are on carts or further.", count=gone),
            remedy=say("Take them off the carts first; what is missing is settled as a case."),
        )
    if since > RELEASE_SLIP:
        raise InputError(
            say("It was released too long ago."),
            remedy=say("What is found or missing now is settled as a case."),
        )
    if is_another_open:
        raise InputError(
            say("Something else of this round is being counted by now."),
            remedy=say("Count the rest with that."),
        )


def check_can_uncount(code: str, *, is_released: bool = False, is_gone: bool = False) -> None:
    """Raise InputError where a count cannot be taken back: sorting has the bags, or the bag is not at the gate."""
    if is_released:
        raise InputError(
            say("These bags were released to sorting."),
            remedy=say("A bag that is not there: tap it, and say so; somebody looks for it then."),
        )
    if is_gone:
        raise InputError(
            say("Bag {code} is not at the gate.", code=code),
            remedy=say("If it is on a cart, take it off there first; then take the count back here."),
        )
