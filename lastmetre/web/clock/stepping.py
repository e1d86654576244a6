"""Moving the demo's clock on: whatever falls due on the way happens, as it would have by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError

from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection import clock
from lastmetre.ground.protection.actor import EVERYWHERE, SYSTEM, Actor
from lastmetre.ground.protection.locks import is_taken
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say
from lastmetre.web.day import next_due, run_due

MOST = timedelta(days=60)
"""How far a demo's clock may be ahead: links and roles run out some day."""
NEXT = "next"
DEFAULT = timedelta(hours=1)
"""A step to what comes next where nothing does."""
TRIES = 3
"""How often a step is begun anew while others write what it needs; each waits as long as the database lets it."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """What time it is now in the demo, and how many things fell due on the way."""

    now: datetime
    done: int


def step_to(target: datetime | None, *, by: Actor, at: datetime) -> Stepped:
    """Move the clock to a time, None: to what comes next; raises Denied outside a demo, InputError for times past.

    Who sends the same target twice moves it once. While others write, it waits, then says so.
    """
    for _ in range(TRIES):
        try:
            return _step_to(target, by=by, at=at)
        except OperationalError as error:  # nothing of this try remains, nor does it keep others waiting
            if not is_taken(error):
                raise
    raise InputError(
        say("Others are writing just now: the clock has not moved."),
        remedy=say("Press it once more in a moment."),
    )


def _step_to(target: datetime | None, *, by: Actor, at: datetime) -> Stepped:
    with acting_as(SYSTEM) as now:
        wanted = target or next_due(now) or now + DEFAULT
        if wanted < now:
            raise InputError(
                say("The clock goes forward only."), remedy=say("Load the scenario again for a new day.")
            )
        # Locked and checked for a demo here; the offset is read after the lock.
        offset = clock.ahead(by=by)
        if offset + (wanted - now) > MOST:
            raise InputError(
                say("The clock of this demo is {days} days ahead already.", days=MOST.days),
                remedy=say("Load the scenario again for a new day."),
            )
        if wanted > now:
            clock.step(by=by, offset=offset + (wanted - now))
            minutes = round((wanted - now).total_seconds() / 60)
            record("stepped", "clock", by=by, at=at, path=EVERYWHERE, minutes=minutes)
        return Stepped(wanted, run_due(wanted))
