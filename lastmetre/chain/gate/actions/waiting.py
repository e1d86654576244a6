"""Fresh goods that stand at a gate for too long raise an alarm, and lower it when they have gone on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.utils.translation import gettext

from lastmetre.chain.gate.actions.receiving import locked
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.gate.queries.arrivals import fresh_at_gate
from lastmetre.chain.ledger.actions.cases import open_case, settle_case
from lastmetre.chain.ledger.models import Case
from lastmetre.chain.ledger.rules import CaseKind
from lastmetre.ground.people.queries.names import names_of
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import say

LOOK_AGAIN = timedelta(minutes=5)


def look_at_fresh(arrival: Arrival, *, by: Actor = SYSTEM, at: datetime) -> Case | None:
    """Open the case of fresh goods that wait too long, once an arrival; settle it when none waits any more.

    Returns the case where it is open. A person may settle it before: then it stays settled.
    """
    with acting_as(SYSTEM):
        held = locked(arrival)
        fresh = fresh_at_gate(held)
        late = [one for one in fresh if one.due_at <= at]
        case = Case.objects.filter(pk=waiting_case(held.pk)).first()
        if late and case is None:
            case = _open(held, len(late), late[0].due_at, by, at)
        elif not late and case is not None and case.settled_at is None:
            settle_case(case, outcome=say("They have gone on.").text(gettext), by=by, at=at)
        is_open = case is not None and case.settled_at is None
        coming = [one.due_at for one in fresh if one.due_at > at]
        held.due_at = at + LOOK_AGAIN if is_open else min(coming, default=None)
        held.save(update_fields=["due_at"])
    return case if is_open else None


def waiting_case(arrival: UUID) -> UUID:
    """Return the id of the case of an arrival's fresh goods."""
    return uuid5(arrival, "fresh goods wait")


def _open(arrival: Arrival, bags: int, since: datetime, by: Actor, at: datetime) -> Case:
    name = names_of([arrival.holder]).get(arrival.holder, "")
    when = f"{since.astimezone():%H:%M}"
    words = (
        say(
            "{count} bags with fresh goods should have gone on by {when}. They are with {name}.",
            count=bags,
            when=when,
            name=name,
        )
        if name
        else say("{count} bags with fresh goods should have gone on by {when}.", count=bags, when=when)
    )
    return open_case(
        book=arrival.round.book,
        kind=CaseKind.WAITING,
        words=words.text(gettext),
        id=waiting_case(arrival.pk),
        by=by,
        at=at,
    )
