"""Slips at the point taken back: a call, that somebody did not come, the end of a pickup."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext

from lastmetre.chain.doorstep.actions.pickup import TURN
from lastmetre.chain.doorstep.actions.waves import WAVE
from lastmetre.chain.doorstep.models import Turn, Wave
from lastmetre.chain.doorstep.queries.turns import must_hand_out, pickup_of
from lastmetre.chain.doorstep.rules import OPEN_AGAIN, REOPENS, Permission, TurnState, check_is_slip
from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.actions.taking_back import reclaim
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.rules import AccountKind, Cause
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def take_call_back(turn: Turn, *, by: Actor, at: datetime) -> list[Turn]:
    """The batch of a turn was called by a slip: who has not come waits again where they were, and is told.

    Twice is once. Raises InputError where the call is half an hour old. Returns whose call was taken back.
    """
    must_hand_out(turn.round, by)
    with acting_as(SYSTEM):
        row = _locked(turn.round)
        held = Turn.objects.get(pk=turn.pk)
        if held.state != TurnState.CALLED or held.called_at is None:
            return []
        check_is_slip(at - held.called_at)
        called = Turn.objects.filter(round=row, state=TurnState.CALLED, called_at=held.called_at)
        batch = list(called.select_related("place"))
        for one in batch:
            one.state = TurnState.MISSED if one.missed_at else TurnState.WAITING
            one.called_at = None
        Turn.objects.bulk_update(batch, ["state", "called_at"])
        notify(
            NoticeKind.FETCH,
            sentence=say("You were called by a slip: please wait until your number is called again."),
            places=[one.place for one in batch],
            by=by,
            at=at,
            row=row,
        )
        record("took back", TURN, held.pk, by=by, at=at, path=row.path, households=len(batch))
    return batch


def take_miss_back(turn: Turn, *, by: Actor, at: datetime) -> Turn:
    """They are there after all: called as before. Twice is once.

    Raises InputError half an hour after it was said that they did not come, or where they have left the queue.
    """
    must_hand_out(turn.round, by)
    with acting_as(SYSTEM):
        row = _locked(turn.round)
        held = Turn.objects.get(pk=turn.pk)
        if held.state == TurnState.CALLED:
            return held
        if held.state != TurnState.MISSED or held.missed_at is None:
            raise InputError(
                say("This household has not missed a turn."), remedy=say("Look at the queue as it is now.")
            )
        check_is_slip(at - held.missed_at)
        held.state, held.missed_at = TurnState.CALLED, None
        held.save(update_fields=["state", "missed_at"])
        record("took back", TURN, held.pk, by=by, at=at, path=row.path)
    return held


def reopen_pickup(wave: Wave, *, by: Actor, at: datetime) -> int:
    """The pickup ended by a slip: bags, bills and numbers are as before, for an hour at least. Twice is once.

    The cases it opened are settled, and who was told that theirs is not charged is told anew. Raises InputError
    two hours after the end, where goods were given away since, or where another pickup is open. Returns bags.
    """
    by.must(Permission.PLAN, path=wave.path)
    with acting_as(SYSTEM):
        held = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
        if held.ended_at is None or not held.at_point:
            return 0
        row = _locked(held.round)
        check_is_slip(at - held.ended_at, REOPENS)
        if pickup_of(row) is not None:
            raise InputError(say("A pickup is open already."), remedy=say("Go on with that one."))
        bags = reclaim(row.book, _given_up(row, held.ended_at), by=by, at=at)
        _settle([uuid5(bag.pk, "unclaimed") for bag in bags], at=at)
        held.ends_at, held.ended_at, held.ended_by = max(held.ends_at, at + OPEN_AGAIN), None, ""
        held.save(update_fields=["ends_at", "ended_at", "ended_by"])
        if row.state == RoundState.SETTLING:
            row = advance(row, RoundState.DELIVERING, by=by, at=at)
        _tell(row, held, [bag.household.place for bag in bags], by=by, at=at)
        record("took back", WAVE, held.pk, by=by, at=at, path=held.path, bags=len(bags))
    return len(bags)


def _given_up(row: Round, ended_at: datetime) -> list[UUID]:
    rows = Parcel.objects.filter(book=row.book_id, end_cause=Cause.UNCLAIMED, ended_at=ended_at)
    return list(rows.filter(account__kind=AccountKind.POINT).values_list("pk", flat=True))


def _settle(cases: list[UUID], *, at: datetime) -> None:
    words = say("The pickup was opened again.").text(gettext)
    for case in Case.objects.filter(pk__in=cases, settled_at=None):
        settle_case(case, outcome=words, by=SYSTEM, at=at)


def _tell(row: Round, wave: Wave, places: list[Place], *, by: Actor, at: datetime) -> None:
    text = say(
        "“{title}” can be fetched after all, until {time}, and is charged then.",
        title=row.title,
        time=f"{wave.ends_at.astimezone():%H:%M}",
    )
    notify(NoticeKind.FETCH, sentence=text, places=places, by=by, at=at, row=row, until=wave.ends_at)


def _locked(row: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("book", "place").get(pk=row.pk)
