"""The queue of doubts: answered by a person, remembered, and entered at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lastmetre.chain.orders.actions.intake import Entered, enter, open_doubts
from lastmetre.chain.orders.actions.taking_back import leave_trace, requests_before
from lastmetre.chain.orders.doubt_rules import ACCEPT, answers_by_key, is_alike, is_answered_too, is_of_rules
from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.chain.orders.models import Answer, Message, Round
from lastmetre.chain.orders.queries.answered import plan_after
from lastmetre.chain.orders.queries.intake import refused_key
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
LONGEST_ANSWER = 200


def settle(message: Message, answer: str, *, by: Actor, at: datetime, and_alike: bool = False) -> Entered:
    """Answer a doubt: a suggestion, a home, an order, 确认 or 作废; what it settles is entered at once.

    It holds for other open doubts of the same words as well, and with `and_alike` for all that ask the same.
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
            return Entered(
                0, open_doubts(row), was_settled=True
            )  # a second tap, or somebody else was quicker
        asking = Asking.of(held.reading or "")
        parsed = parse_answer(typed, asking.suggestions)
        if parsed is None:
            raise _unread(typed)
        waiting = _waiting(row)
        too = [
            (one, other)
            for one, other in waiting
            if one.pk != held.pk
            and (
                is_answered_too(asking, other, typed, parsed.kind) or (and_alike and is_alike(asking, other))
            )
        ]
        given = [
            pair for _, one in ((held, asking), *too) for pair in answers_by_key(one, typed, parsed.kind)
        ]
        answers_before = _keep(row, dict(given), by=by, at=at)
        ruled = [one.household_id for one, other in waiting if one.household_id and is_of_rules(other)]
        plan = plan_after(row, ruled)
        open_keys = {one.asking.key for one in plan.doubts}
        if asking.key in open_keys:
            raise _unread(typed)
        settled = [(held, asking), *(one for one in too if one[1].key not in open_keys)]
        state = MessageState.DISCARDED if typed == DROP else MessageState.SETTLED
        Message.objects.filter(pk__in=[one.pk for one, _ in settled]).update(state=state)
        before = requests_before(row, plan.judged)
        done = enter(row, plan, held.intake, by=by, at=at)
        if asking.key in done.refused:  # a limit is not lifted by saying yes
            raise _unread(typed)
        for one, asked in settled:
            again = asked.key in done.refused
            _mark(one, asked, MessageState.SUPERSEDED if again else state, by=by, at=at)
        entered = [one for one in plan.judged if refused_key(row, one) not in done.refused]
        leave_trace(held, answers_before, entered, before)
        left = Message.objects.filter(pk__in=[one.pk for one, _ in waiting], state=MessageState.DOUBT).count()
    return replace(done, also=len(waiting) - 1 - left)


def _waiting(row: Round) -> list[tuple[Message, Asking]]:
    found = Message.objects.filter(intake__round=row, state=MessageState.DOUBT)
    return [(one, Asking.of(text)) for one in found if (text := one.reading)]


def _mark(held: Message, asking: Asking, state: MessageState, *, by: Actor, at: datetime) -> None:
    held.state, held.settled_at, held.settled_by = state, at, by.key
    held.save(update_fields=["state", "settled_at", "settled_by"])
    record("settled", MESSAGE, held.pk, by=by, at=at, path=held.path, of=asking.code)


def _keep(row: Round, given: Mapping[str, str], *, by: Actor, at: datetime) -> dict[str, str | None]:
    """Remember answers by key; returns what was remembered before, None where nothing was."""
    known = {one.key: one for one in Answer.objects.filter(place=row.place_id, key__in=given)}
    before = {key: known[key].text if key in known else None for key in given}
    for key, text in given.items():
        answer = known.get(key) or Answer(
            response=response_for(row.path), place_id=row.place_id, path=row.path, key=key
        )
        answer.text, answer.at, answer.by = text, at, by.key
        answer.save(force_insert=key not in known)
    return before


def _unread(text: str) -> InputError:
    what = say("“{text}” does not settle this.", text=text[:40])
    if text == ACCEPT:
        what = say("“Yes” alone does not settle this.")
    elif not text:
        what = say("Nothing was picked yet.")
    return InputError(
        what,
        remedy=say("Pick a suggestion, type the home (3-501) or the order (A2), or leave it out."),
    )
