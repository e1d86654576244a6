"""The last answer to a doubt taken back: what it entered is as it was before, and its doubts are asked again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lastmetre.chain.orders.actions.bulk import place_many
from lastmetre.chain.orders.actions.intake import enter, remember_said
from lastmetre.chain.orders.actions.requests import Asked, Wish, cancel_request
from lastmetre.chain.orders.doubt_rules import is_of_rules
from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.chain.orders.models import Answer, Message, Request, Round
from lastmetre.chain.orders.queries.answered import plan_after
from lastmetre.chain.orders.queries.intake import Judged
from lastmetre.chain.orders.rules import Channel, MessageState, Permission, RequestState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

MESSAGE = "orders.message"
_TRACE = "trace"
_ANSWERED = (MessageState.SETTLED, MessageState.DISCARDED)


def requests_before(row: Round, judged: Iterable[Judged]) -> dict[UUID, dict[str, Any]]:
    """Return, by household, the requests that a plan is about to change, as `leave_trace` keeps them."""
    homes = [one.household.pk for one in judged if one.is_entered]
    found = Request.objects.filter(round=row, household__in=homes, state=RequestState.ACTIVE)
    return {
        one.household_id: {
            "channel": one.channel,
            "note": one.note or "",
            "proxy": one.is_proxy,
            "paid": one.says_paid,
            "lines": [
                [str(line.item_id), str(line.quantity), str(line.substitute_id or ""), line.note or ""]
                for line in one.lines.all()
            ],
        }
        for one in found.prefetch_related("lines")
    }


def leave_trace(
    held: Message,
    answers: Mapping[str, str | None],
    changed: Iterable[Judged],
    before: Mapping[UUID, dict[str, Any]],
) -> None:
    """Keep with an answered doubt what was before: `answers` by key (None: none), the orders it changed."""
    homes = {
        one.household.pk: one for one in changed if one.is_entered or dict(one.before or {}) != dict(one.said)
    }
    now = Request.objects.filter(round=held.intake.round_id, household__in=homes)
    versions = dict(now.values_list("household", "version"))
    kept = json.loads(held.reading)
    kept[_TRACE] = {
        "answers": dict(answers),
        "homes": [
            {
                "household": str(pk),
                "entered": one.is_entered,
                "version": versions.get(pk),
                "request": before.get(pk),
                "said": None if one.before is None else {code: str(qty) for code, qty in one.before.items()},
            }
            for pk, one in homes.items()
        ],
    }
    held.reading = json.dumps(kept, ensure_ascii=False)
    held.save(update_fields=["reading"])


def last_answered(row: Round, by: Actor) -> Message | None:
    """Return the doubt that somebody answered last in a round, where the answer can be taken back; two queries."""
    mine = Message.objects.filter(intake__round=row, settled_by=by.key, state__in=_ANSWERED)
    latest = mine.order_by("-settled_at").values_list("settled_at", flat=True).first()
    found = mine.filter(settled_at=latest).select_related("intake") if latest else ()
    return next((one for one in found if one.reading and _TRACE in json.loads(one.reading)), None)


def take_back(row: Round, *, by: Actor, at: datetime) -> Message:
    """Undo the last answer that the actor gave in a round; raises InputError where an order has changed since."""
    by.must(Permission.TAKE, path=row.path)
    with acting_as(SYSTEM):
        row = (
            Round.objects.select_for_update(no_key=True, of=("self",))
            .select_related("place", "book")
            .get(pk=row.pk)
        )
        held = last_answered(row, by)
        if held is None:
            raise InputError(
                say("There is no answer of yours to take back."),
                remedy=say("Change single orders in the round's list."),
            )
        kept = json.loads(held.reading)
        trace = kept.pop(_TRACE)
        _check_unchanged(row, trace["homes"])
        _restore_answers(row, trace["answers"], by=by, at=at)
        Message.objects.filter(
            intake__round=row, settled_by=by.key, settled_at=held.settled_at, state__in=_ANSWERED
        ).update(state=MessageState.DOUBT, settled_at=None, settled_by="")
        held.refresh_from_db()
        held.reading = json.dumps(kept, ensure_ascii=False)
        held.save(update_fields=["reading"])
        _restore_orders(row, held, trace["homes"], by=by, at=at)
        waiting = Message.objects.filter(intake__round=row, state=MessageState.DOUBT, household__isnull=False)
        ruled = [one.household_id for one in waiting if one.reading and is_of_rules(Asking.of(one.reading))]
        enter(row, plan_after(row, ruled), held.intake, by=by, at=at)
        record("took back an answer", MESSAGE, held.pk, by=by, at=at, path=held.path)
    return held


def _check_unchanged(row: Round, homes: Iterable[Mapping[str, Any]]) -> None:
    versions = {
        str(pk): version
        for pk, version in Request.objects.filter(
            round=row, household__in=[one["household"] for one in homes]
        ).values_list("household", "version")
    }
    if any(versions.get(one["household"]) != one["version"] for one in homes):
        raise InputError(
            say("The order was changed again since that answer, so it stays."),
            remedy=say("Change single orders in the round's list."),
        )


def _restore_answers(row: Round, answers: Mapping[str, str | None], *, by: Actor, at: datetime) -> None:
    for answer in Answer.objects.filter(place=row.place_id, key__in=answers):
        before = answers[answer.key]
        if before is None:
            answer.delete()
        else:
            answer.text, answer.at, answer.by = before, at, by.key
            answer.save()


def _restore_orders(
    row: Round, held: Message, homes: Iterable[Mapping[str, Any]], *, by: Actor, at: datetime
) -> None:
    changed = {one["household"]: one["request"] for one in homes if one["entered"]}
    requests = Request.objects.filter(round=row, household__in=changed).select_related("household")
    again = []
    for request in requests:
        before = changed[str(request.household_id)]
        if before is None:
            cancel_request(request, by=by, at=at)
        else:
            again.append((request.household, _asked(before)))
    for placed in place_many(row.pk, again, by=by, at=at):
        if placed.refusal:
            raise placed.refusal
    said = {
        UUID(one["household"]): None
        if one["said"] is None
        else {code: Decimal(quantity) for code, quantity in one["said"].items()}
        for one in homes
    }
    remember_said(row, held, said)


def _asked(before: Mapping[str, Any]) -> Asked:
    wishes = tuple(
        Wish(UUID(item), Decimal(quantity), UUID(instead) if instead else None, note)
        for item, quantity, instead, note in before["lines"]
    )
    return Asked(
        wishes,
        Channel(before["channel"]),
        note=before["note"],
        is_proxy=before["proxy"],
        says_paid=before["paid"],
        exception="taken back",
    )
