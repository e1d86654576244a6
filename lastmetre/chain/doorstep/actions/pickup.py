"""Residents come down: notified, or called by number in batches, building by building (FC2f, FC3c)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Max

from lastmetre.chain.doorstep.actions.doors import Answer, Told, take_event
from lastmetre.chain.doorstep.actions.waves import WAVE
from lastmetre.chain.doorstep.models import Turn, Wave
from lastmetre.chain.doorstep.queries.carts import waiting_bags
from lastmetre.chain.doorstep.queries.doors import outcomes_of
from lastmetre.chain.doorstep.queries.turns import (
    bags_at_point,
    by_building,
    must_hand_out,
    next_batch,
    pickup_of,
)
from lastmetre.chain.doorstep.rules import (
    BATCH,
    LARGEST_BATCH,
    WAVE_LASTS,
    Effect,
    Outcome,
    Permission,
    TurnState,
)
from lastmetre.chain.ledger.actions.cases import open_case, reopen_case
from lastmetre.chain.ledger.actions.parcels import lose, move
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause, Spot
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

TURN = "doorstep.turn"


def open_pickup(row: Round, *, by: Actor, at: datetime, until: datetime | None = None) -> Wave:
    """Bring the bags to the point, number the households building by building, and tell each its number.

    What is not fetched `until` then (three hours without) is offered to who needs it.
    """
    by.must(Permission.PLAN, path=row.path)
    end = until or at + WAVE_LASTS
    if end <= at:
        raise InputError(say("That time is over already."), remedy=say("Choose a later time."))
    with acting_as(SYSTEM):
        held = Round.objects.select_for_update(of=("self",)).select_related("book", "place").get(pk=row.pk)
        wave = pickup_of(held)
        # While a pickup is open, what was sent from it to the doors is not called back.
        bags = list(waiting_bags(held, at_point=wave is None))
        if not bags:
            raise InputError(
                say("No bag waits to be fetched."), remedy=say("Take in the load at the gate first.")
            )
        held = advance(held, RoundState.DELIVERING, by=by, at=at)
        wave = wave or _session(held, at, end)
        turns = join_queue(held, bags, by=by, at=at)
        record("planned", WAVE, wave.pk, by=by, at=at, path=held.path, households=len(turns))
    return wave


def join_queue(row: Round, bags: Sequence[Parcel], *, by: Actor, at: datetime) -> list[Turn]:
    """Bring bags to the point and their households into the queue, each told its number; opens a pickup if need be.

    Within SYSTEM, with the round locked. Returns the turns that are new or back in the queue.
    """
    wave = pickup_of(row) or _session(row, at, at + WAVE_LASTS)
    there = [bag.pk for bag in bags if bag.account.kind != AccountKind.POINT]
    to = Spot(AccountKind.POINT)
    move(row.book, there, to=to, holder=by.key, cause=Cause.HELD, by=by, at=at)
    turns = _number(row, bags)
    for turn in turns:
        text = say(
            "“{title}” can be fetched until {time}. Your number is {number}: come when it is called.",
            title=row.title,
            time=f"{wave.ends_at.astimezone():%H:%M}",
            number=turn.number,
        )
        notify(
            NoticeKind.FETCH, sentence=text, places=[turn.place], by=by, at=at, row=row, until=wave.ends_at
        )
    return turns


def call_next(row: Round, *, by: Actor, at: datetime, size: int = BATCH) -> list[Turn]:
    """Call the next households to the point, of one building at a time; those who missed come last (FC3c)."""
    must_hand_out(row, by)
    if not 1 <= size <= LARGEST_BATCH:
        raise InputError(
            say("{size} households at once are too many to keep apart.", size=size),
            remedy=say("Call {most} at most.", most=LARGEST_BATCH),
        )
    with acting_as(SYSTEM):
        held = Round.objects.select_for_update(of=("self",)).select_related("place").get(pk=row.pk)
        batch = next_batch(held, size)
        for turn in batch:
            turn.state, turn.called_at = TurnState.CALLED, at
            turn.save(update_fields=["state", "called_at"])
        if batch:
            notify(
                NoticeKind.FETCH,
                sentence=say("It is your turn: come to the point now, and keep two metres apart."),
                places=[turn.place for turn in batch],
                by=by,
                at=at,
                row=held,
            )
            record("called", TURN, held.pk, by=by, at=at, path=held.path, households=len(batch))
    return batch


def miss(turn: Turn, *, by: Actor, at: datetime) -> Turn:
    """Somebody who was called did not come: they queue again behind those who wait. Twice is once."""
    must_hand_out(turn.round, by)
    with acting_as(SYSTEM):
        Round.objects.select_for_update().get(pk=turn.round_id)
        held = Turn.objects.get(pk=turn.pk)
        if held.state == TurnState.CALLED:
            last = Turn.objects.filter(round=held.round_id).aggregate(last=Max("queued"))["last"]
            held.state, held.queued, held.missed_at = TurnState.MISSED, last + 1, at
            held.save(update_fields=["state", "queued", "missed_at"])
            record("missed", TURN, held.pk, by=by, at=at, path=held.path)
    return held


def hand_out(row: Round, code: str, *, id: UUID, by: Actor, at: datetime) -> Answer:
    """Hand a household all its bags at the point: by a label, or the household's id. Twice is once."""
    must_hand_out(row, by)
    told = Told(id, Outcome.DELIVERED, code, at)
    answer = take_event(told, by=by, at=at, cause=Cause.FETCHED)
    if answer.household and answer.effect in (Effect.DONE, Effect.KNOWN):
        with acting_as(SYSTEM):
            Turn.objects.filter(round=row, household=answer.household).exclude(state=TurnState.DONE).update(
                state=TurnState.DONE, done_at=at
            )
    return answer


def take_back_hand_out(turn: Turn, *, id: UUID, by: Actor, at: datetime) -> Turn:
    """The wrong household was ticked off: its bags are at the point again, and it is called. Twice is once.

    Raises InputError where nothing of it was handed over here.
    """
    must_hand_out(turn.round, by)
    with acting_as(SYSTEM):
        said = outcomes_of(turn.round, [turn.household_id]).get(turn.household_id)
    if said is None or said.outcome != Outcome.DELIVERED:
        raise InputError(
            say("Nothing was handed to this household."), remedy=say("Look up where it is, and who has it.")
        )
    told = Told(id, Outcome.UNDO, str(turn.household_id), at, undoes=said.pk)
    answer = take_event(told, by=by, at=at)
    if answer.effect is Effect.REFUSED:
        raise InputError(answer.words, remedy=say("Look up where it is, and who has it."))
    with acting_as(SYSTEM):
        held = Turn.objects.select_for_update().get(pk=turn.pk)
        held.state, held.done_at, held.called_at = TurnState.CALLED, None, at
        held.save(update_fields=["state", "done_at", "called_at"])
        record("took back", TURN, held.pk, by=by, at=at, path=held.path)
    return held


def end_pickup(wave: Wave, *, by: Actor, at: datetime) -> int:
    """End a pickup: what nobody fetched goes off the bill and is offered to who needs it; returns how many bags.

    Each is a case, so that somebody rings the household: silence is not "no need". Twice is once.
    """
    by.must(Permission.PLAN, path=wave.path)
    with acting_as(SYSTEM):
        held = Wave.objects.select_for_update(of=("self",)).select_related("round__book").get(pk=wave.pk)
        if held.ended_at is not None:
            return 0
        row = held.round
        Round.objects.select_for_update().get(pk=row.pk)
        left = bags_at_point(row, unfetched=True)
        for bag in left:
            _unclaimed(row, bag, by, at)
        held.ended_at, held.ended_by = at, by.key
        held.save(update_fields=["ended_at", "ended_by"])
        record("ended", WAVE, held.pk, by=by, at=at, path=held.path, unclaimed=len(left))
        fresh = Round.objects.get(pk=row.pk)
        going = Parcel.objects.filter(book=row.book_id, kind="bag", ended_at=None).exists()
        if not going and fresh.state == RoundState.DELIVERING:
            advance(fresh, RoundState.SETTLING, by=by, at=at)
    return len(left)


def _unclaimed(row: Round, bag: Parcel, by: Actor, at: datetime) -> None:
    home = bag.household
    # It stays where it is, in nobody's name: the page of spare goods offers it (YX: food is not left to spoil).
    lose(bag.pk, cause=Cause.UNCLAIMED, to=Spot(AccountKind.POINT), by=by, at=at)
    id = uuid5(bag.pk, "unclaimed")
    case = open_case(book=row.book, kind=CaseKind.UNCLAIMED, parcel=bag, by=by, at=at, id=id)
    reopen_case(case, by=by, at=at)  # of a pickup that was opened again and has ended anew
    text = say(
        "“{title}” was not fetched, and is not charged. Ring your liaison if you still need it.",
        title=row.title,
    )
    notify(NoticeKind.NOT_DELIVERED, sentence=text, places=[home.place], by=by, at=at, row=row)


def _session(row: Round, at: datetime, end: datetime) -> Wave:
    wave = Wave(
        round=row,
        place_id=row.place_id,
        path=row.path,
        number=row.waves.count() + 1,
        starts_at=at,
        ends_at=end,
        at_point=True,
    )
    wave.save(force_insert=True)
    return wave


def _number(row: Round, bags: Sequence[Parcel]) -> list[Turn]:
    """Number who is new, building by building; who left the queue and is back keeps their number, behind the others."""
    homes: dict[UUID, Household] = {bag.household_id: bag.household for bag in bags}
    known = Turn.objects.filter(round=row, household__in=homes).select_related("place")
    back = list(known.filter(state__in=[TurnState.DONE, TurnState.TO_DOOR]).order_by("number"))
    last = Turn.objects.filter(round=row).aggregate(number=Max("number"), queued=Max("queued"))
    queued = last["queued"] or 0
    for turn in back:
        queued += 1
        turn.state, turn.queued = TurnState.WAITING, queued
        turn.called_at, turn.missed_at, turn.done_at = None, None, None
    Turn.objects.bulk_update(back, ["state", "queued", "called_at", "missed_at", "done_at"])
    numbered = set(known.values_list("household", flat=True))
    fresh = [home for home in by_building(homes.values()) if home.pk not in numbered]
    turns = [
        Turn(
            round=row,
            place=home.place,
            path=home.path,
            household=home,
            number=(last["number"] or 0) + count,
            queued=queued + count,
        )
        for count, home in enumerate(fresh, start=1)
    ]
    return [*back, *Turn.objects.bulk_create(turns)]
