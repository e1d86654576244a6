"""Pastes and workbooks: kept as they came, looked at, confirmed; then every household's order is entered at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from lastmetre.chain.orders.actions.bulk import Placed, place_many
from lastmetre.chain.orders.actions.requests import Asked, Wish, cancel_request
from lastmetre.chain.orders.doubt_rules import is_of_rules
from lastmetre.chain.orders.intake_rules import (
    MOST_INTAKE_BYTES,
    Asking,
    Fate,
    Goods,
    capped,
    goods_as_json,
    spelled,
)
from lastmetre.chain.orders.models import Intake, Message, Request, Round
from lastmetre.chain.orders.queries.answered import keep
from lastmetre.chain.orders.queries.intake import Doubtful, Judged, Plan, plan_of, refused_key
from lastmetre.chain.orders.queries.sources import Desk, keep_workbook
from lastmetre.chain.orders.rules import Channel, MessageState, Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say

INTAKE = "orders.intake"


class Stale(InputError):
    """Something changed since the preview was shown."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What confirming, or settling a doubt, came to."""

    entered: int
    doubts: int
    """How many wait for a person now."""
    refused: frozenset[str] = frozenset()
    """Keys of the doubts that quota, limits, hands or stock raised."""
    also: int = 0
    """How many other doubts the same answer settled."""
    was_settled: bool = False
    """The doubt was settled before, and this answer changed nothing."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming would do, checked against quota, limits and hands."""

    plan: Plan
    refused: tuple[tuple[Judged, Sentence], ...]


def take_text(row: Round, text: str, *, name: str = "", by: Actor, at: datetime) -> Intake:
    """Keep a pasted chat, to be looked at before anything of it counts."""
    if not text.strip():
        raise InputError(
            say("Nothing was pasted."), remedy=say("Copy the chain in the chat, and paste it here.")
        )
    by.must(Permission.TAKE, path=row.path)
    return _take(row, Channel.CHAT, text, name, by=by, at=at)


def take_workbook(row: Round, content: bytes, *, name: str, by: Actor, at: datetime) -> Intake:
    """Keep a workbook, to be looked at before anything of it counts."""
    if not content:
        raise InputError(say("This file is empty."), remedy=say("Export it again, and give that file."))
    by.must(Permission.TAKE, path=row.path)
    return _take(row, Channel.WORKBOOK, keep_workbook(name, content), name, by=by, at=at)


def take_export(row: Round, content: bytes, *, name: str, by: Actor, at: datetime) -> Intake:
    """Keep what the round's supplier exported from its platform (FC3); `purchase` has checked who gives it."""
    return _take(row, Channel.WORKBOOK, keep_workbook(name, content), name, by=by, at=at)


def _take(row: Round, channel: Channel, raw: str, name: str, *, by: Actor, at: datetime) -> Intake:
    if len(raw) > MOST_INTAKE_BYTES * 4 // 3:
        raise InputError(
            say("This is too much for one round."),
            remedy=say("Give the file without pictures, or the chain of this round alone."),
        )
    with acting_as(SYSTEM):
        intake = Intake(
            response=response_for(row.path),
            place_id=row.place_id,
            path=row.path,
            round=row,
            channel=channel,
            name=name.strip()[:120],
            raw=raw,
            digest="",
            taken_at=at,
            taken_by=by.key,
        )
        plan = plan_of(row, intake)
        if plan.is_empty and not plan.superseded:
            raise InputError(
                say("No order was found in it."),
                remedy=say("See that homes and goods stand in it, such as 3-501 A2."),
            )
        intake.save(force_insert=True)
    return intake


def preview(intake: Intake, *, by: Actor, at: datetime) -> Preview:
    """Say what confirming would do; nothing is written."""
    by.must(Permission.TAKE, path=intake.path)
    with acting_as(SYSTEM):
        plan = plan_of(intake.round, intake)
        orders = [
            (one, asked)
            for one in plan.judged
            if one.is_entered and (asked := _asked(plan.desk, one)) is not None
        ]
        placed = place_many(
            intake.round_id, [(one.household, asked) for one, asked in orders], by=by, at=at, dry=True
        )
    refused = {one.household.pk: one.refusal for one in placed if one.refusal}
    return Preview(
        plan,
        tuple((one, refused[one.household.pk].what) for one, _ in orders if one.household.pk in refused),
    )


def confirm(intake: Intake, *, digest: str, by: Actor, at: datetime) -> Entered:
    """Enter what the preview showed; twice is once. Raises Stale where something changed meanwhile."""
    by.must(Permission.TAKE, path=intake.path)
    with acting_as(SYSTEM):
        row = _locked(intake.round_id)
        held = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
        if held.confirmed_at is not None:
            return Entered(0, open_doubts(row))
        plan = plan_of(row, held)
        if plan.digest != digest:
            raise Stale(
                say("Something has changed since you looked: another paste, an order, the list of goods."),
                remedy=say("Look at it as it is now, and confirm again."),
            )
        held.confirmed_at, held.confirmed_by, held.digest = at, by.key, digest
        held.save(update_fields=["confirmed_at", "confirmed_by", "digest"])
        done = enter(row, plan, held, by=by, at=at)
        keep(plan)
        record(
            "took in",
            INTAKE,
            held.pk,
            by=by,
            at=at,
            path=held.path,
            channel=held.channel,
            entered=done.entered,
            doubts=done.doubts,
        )
    return done


def drop(intake: Intake, *, by: Actor, at: datetime) -> None:
    """Put a paste aside that was not confirmed: nothing of it is kept."""
    by.must(Permission.TAKE, path=intake.path)
    with acting_as(SYSTEM):
        held = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
        if held.confirmed_at is not None:
            raise InputError(
                say("This was confirmed already."), remedy=say("Change single orders in the round's list.")
            )
        held.delete()
        record("put_aside", INTAKE, intake.pk, by=by, at=at, path=intake.path)


def enter(row: Round, plan: Plan, intake: Intake, *, by: Actor, at: datetime) -> Entered:
    """Enter a plan: orders, what was said, what is doubted. Within SYSTEM, with the round locked."""
    asked = [(one, _asked(plan.desk, one)) for one in plan.judged if one.is_entered]
    placed = place_many(
        row.pk, [(one.household, what) for one, what in asked if what is not None], by=by, at=at
    )
    _cancel(row, [one for one, what in asked if what is None], by=by, at=at)
    refusals = {one.household.pk: one for one in placed if one.refusal is not None}
    refused = [_refusal(plan.desk, one, refusals[one.household.pk]) for one, _ in asked
               if one.household.pk in refusals]  # fmt: skip
    _remember(row, plan, intake, without=refusals)
    open_now = _ask((*plan.doubts, *refused), plan.replaces, row, intake)
    return Entered(len(asked) - len(refused), open_now, frozenset(one.asking.key for one in refused))


def _locked(pk: UUID) -> Round:
    return (
        Round.objects.select_for_update(no_key=True, of=("self",)).select_related("place", "book").get(pk=pk)
    )


def _asked(desk: Desk, one: Judged) -> Asked | None:
    """Return what is to be entered; None where the order is taken back."""
    if not one.goods:
        return None
    stand_ins = {item.good: desk.items.get(item.substitute) for item in one.order.items}
    notes = {item.good: item.note for item in one.order.items}
    wishes = tuple(
        Wish(
            desk.items[code].pk,
            quantity,
            substitute=instead.pk if (instead := stand_ins.get(code)) and instead.code != code else None,
            note=notes.get(code, ""),
        )
        for code, quantity in one.goods.items()
        if quantity
    )
    return Asked(
        wishes,
        one.channel,
        note=one.order.note,
        is_proxy=any(line.proxy for line in one.order.lines),
        says_paid=one.order.paid_claimed,
        exception=one.exception,
    )


def _cancel(row: Round, gone: Sequence[Judged], *, by: Actor, at: datetime) -> None:
    held = Request.objects.filter(round=row, household__in=[one.household.pk for one in gone])
    for request in held.select_related("household"):
        cancel_request(request, by=by, at=at)


def _refusal(desk: Desk, one: Judged, placed: Placed) -> Doubtful:
    assert placed.refusal is not None
    less = capped(one.said, desk.limits)
    suggestions = (spelled(less),) if less != dict(one.said) else ()
    asking = Asking(
        refused_key(desk.row, one),
        "refused",
        placed.refusal.what,
        suggestions,
        placed.refusal.remedy,
        f"{one.order.home} {spelled(one.said)}",
    )
    return Doubtful(asking, one.raw, one.household.pk)


def _remember(row: Round, plan: Plan, intake: Intake, *, without: Mapping[UUID, Placed]) -> None:
    """Keep what each household was read to have said, for the next paste; a conflict is not settled yet."""
    new = [
        one
        for one in plan.judged
        if one.household.pk not in without
        and (one.fate is not Fate.CONFLICT)
        and (one.before is None or dict(one.before) != dict(one.said))
    ]
    Message.objects.filter(
        intake__round=row, state=MessageState.CLEAR, household__in=[one.household.pk for one in new]
    ).update(state=MessageState.SUPERSEDED)
    first = _next_number(intake)
    Message.objects.bulk_create(
        _message(
            intake, first + place, MessageState.CLEAR, one.raw, goods_as_json(one.said), one.household.pk
        )
        for place, one in enumerate(new)
    )


def remember_said(row: Round, of: Message, said: Mapping[UUID, Goods | None]) -> None:
    """Put what households were read to have said back to what it was before a message; None: nothing."""
    Message.objects.filter(intake__round=row, state=MessageState.CLEAR, household__in=said).update(
        state=MessageState.SUPERSEDED
    )
    first = _next_number(of.intake)
    before = [(pk, goods) for pk, goods in said.items() if goods is not None]
    Message.objects.bulk_create(
        _message(of.intake, first + place, MessageState.CLEAR, of.raw or "", goods_as_json(goods), pk)
        for place, (pk, goods) in enumerate(before)
    )


def _ask(doubts: Iterable[Doubtful], replaces: frozenset[str] | None, row: Round, intake: Intake) -> int:
    """Make the queue what is doubted now; what is in it already stays where it is. Returns how many wait.

    Where only some was read anew, what else is in the queue stays: `replaces` are keys of what was asked about it.
    """
    wanted = {one.asking.key: one for one in doubts}
    held = Message.objects.filter(intake__round=row, state=MessageState.DOUBT)
    there = {(asking := Asking.of(text)).key: (one.pk, asking) for one in held if (text := one.reading)}
    over = {
        key: pk
        for key, (pk, asking) in there.items()
        if key not in wanted and (replaces is None or key in replaces or is_of_rules(asking))
    }
    Message.objects.filter(pk__in=over.values()).update(state=MessageState.SUPERSEDED)
    first = _next_number(intake)
    new = [one for key, one in wanted.items() if key not in there]
    Message.objects.bulk_create(
        _message(intake, first + place, MessageState.DOUBT, one.raw, one.asking.as_json(), one.household)
        for place, one in enumerate(new)
    )
    return len((there.keys() - over.keys()) | wanted.keys())


def _message(
    intake: Intake, number: int, state: MessageState, raw: str, reading: str, household: UUID | None
) -> Message:
    return Message(
        intake=intake,
        response_id=intake.response_id,
        place_id=intake.place_id,
        path=intake.path,
        number=number,
        state=state,
        raw=raw,
        reading=reading,
        household_id=household,
    )


def _next_number(intake: Intake) -> int:
    last: int | None = intake.messages.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def open_doubts(row: Round) -> int:
    """Return how many doubts of a round wait for a person; one query."""
    return Message.objects.filter(intake__round=row, state=MessageState.DOUBT).count()
