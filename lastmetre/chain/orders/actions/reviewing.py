"""The queue of doubts: answered by a person, remembered, and entered at once."""

from __future__ import annotations

from datetime import datetime

from lastmetre.chain.orders.actions.intake import Entered, enter, open_doubts
from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.chain.orders.models import Answer, Message, Round
from lastmetre.chain.orders.queries.intake import plan_of
from lastmetre.chain.orders.rules import MessageState, Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.reading.reviews import parse_answer
from lastmetre.terms import InputError, say

MESSAGE = "orders.message"
DROP = "作废"
"""The answer that leaves a line out (`reading.reviews`)."""
ACCEPT = "确认"
"""The answer that takes a reading as it stands."""
LONGEST_ANSWER = 200


def settle(message: Message, answer: str, *, by: Actor, at: datetime) -> Entered:
    """Answer a doubt: a suggestion, a home, an order, 确认 or 作废; what it settles is entered at once.

    An answer that settles nothing leaves the doubt open, and says so.
    """
    by.must(Permission.TAKE, path=message.path)
    typed = answer.strip()[:LONGEST_ANSWER]
    with acting_as(SYSTEM):
        row = (
            Round.objects.select_for_update(no_key=True, of=("self",))
            .select_related("place", "book")
            .get(pk=message.intake.round_id)
        )
        held = Message.objects.select_for_update(of=("self",)).select_related("intake").get(pk=message.pk)
        if held.state != MessageState.DOUBT:
            return Entered(0, open_doubts(row))  # a second tap, or somebody else was quicker
        asking = Asking.of(held.reading or "")
        if parse_answer(typed, asking.suggestions) is None:
            raise _unread(typed)
        _keep(row, asking.key, typed, by=by, at=at)
        plan = plan_of(row)
        if any(one.asking.key == asking.key for one in plan.doubts):
            raise _unread(typed)
        held.state = MessageState.DISCARDED if typed == DROP else MessageState.SETTLED
        held.settled_at, held.settled_by = at, by.key
        held.save(update_fields=["state", "settled_at", "settled_by"])
        done = enter(row, plan, held.intake, by=by, at=at)
        if asking.key in done.refused:  # a limit is not lifted by saying yes
            raise _unread(typed)
        record("settled", MESSAGE, held.pk, by=by, at=at, path=held.path, of=asking.code)
    return done


def _keep(row: Round, key: str, text: str, *, by: Actor, at: datetime) -> None:
    known = Answer.objects.filter(place=row.place_id, key=key).first()
    answer = known or Answer(response=response_for(row.path), place_id=row.place_id, path=row.path, key=key)
    answer.text, answer.at, answer.by = text, at, by.key
    answer.save(force_insert=known is None)


def _unread(text: str) -> InputError:
    what = (
        say("“Yes” alone does not settle this.")
        if text == ACCEPT
        else say("“{text}” does not settle this.", text=text[:40])
    )
    return InputError(
        what,
        remedy=say("Pick a suggestion, type the home (3-501) or the order (A2), or leave it out."),
    )
