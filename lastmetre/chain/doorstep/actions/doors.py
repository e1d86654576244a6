"""What phones say of doors: every event counts once, in whatever order it comes, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import QuerySet
from django.utils.translation import gettext

from lastmetre.chain.doorstep.models import DoorEvent, Drop
from lastmetre.chain.doorstep.queries.carts import run_of
from lastmetre.chain.doorstep.queries.doors import Door, door_of, fallback_round, stairs_of_door
from lastmetre.chain.doorstep.rules import (
    CASE_OF,
    FAILED,
    MOST_EVENTS,
    Effect,
    Outcome,
    Permission,
    answer_words,
)
from lastmetre.chain.gate.actions.foreign import tell_owner
from lastmetre.chain.gate.queries.labels import foreign_label
from lastmetre.chain.ledger.actions.cases import close_case, open_case, reopen_case
from lastmetre.chain.ledger.actions.parcels import door_of as door_spot
from lastmetre.chain.ledger.actions.parcels import move
from lastmetre.chain.ledger.actions.taking_back import take_back
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.sorting.actions.carts import take
from lastmetre.chain.sorting.rules import CartState
from lastmetre.ground.protection.actor import SYSTEM, Actor, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say

UNKNOWN = say("This label belongs to no round that is being handed out here.")
SLIP = say("It was said by a slip, and taken back.")
ASIDE = say("Set the bag aside and call the building head: it was written down.")
CLOCKS = timedelta(minutes=1)
CLOSED_BY = {
    Cause.DELIVERED: say("A later visit brought it to the door."),
    Cause.FETCHED: say("The household fetched it at the point."),
}
"""What closes "nobody in" by itself, by how the bag ended."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event as a phone made it."""

    id: UUID
    outcome: Outcome
    code: str
    """A scanned or typed label, or the id of a household."""
    device_at: datetime
    undoes: UUID | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an event; the same again when it is sent again."""

    id: UUID
    effect: Effect
    words: Sentence
    household: UUID | None = None


def take_events(
    told: Sequence[Told], *, by: Actor, at: datetime, cause: Cause = Cause.DELIVERED
) -> list[Answer]:
    """Take in a batch of events of one phone; each is answered, none undoes another's success."""
    if len(told) > MOST_EVENTS:
        raise InputError(
            say("{count} events are too many at once.", count=len(told)),
            remedy=say("Send {most} at most.", most=MOST_EVENTS),
        )
    if not by.may(Permission.DELIVER):
        by.must(Permission.DELIVER)
    return [_answered(one, by=by, at=at, cause=cause) for one in told]


def _answered(told: Told, *, by: Actor, at: datetime, cause: Cause) -> Answer:
    """Take in one event of a batch: a door where this person may do nothing does not keep the others waiting."""
    try:
        return take_event(told, by=by, at=at, cause=cause)
    except Denied as error:
        return Answer(told.id, Effect.REFUSED, error.what)


def take_event(told: Told, *, by: Actor, at: datetime, cause: Cause = Cause.DELIVERED) -> Answer:
    """Take in one event. What the rules refuse is kept with its sentence and answered."""
    door = door_of(told.code, sees=by.sees)
    if door is not None:
        by.must(Permission.DELIVER, path=door.household.path)
    row = door.rounds[0] if door else fallback_round(by)
    words = UNKNOWN if door else _not_for_here(told, row, by, at)
    if row is None:
        return Answer(told.id, Effect.REFUSED, words)
    with acting_as(SYSTEM):
        # One event at a time a round: two phones at one door are decided here.
        Round.objects.select_for_update().get(pk=row.pk)
        if known := DoorEvent.objects.filter(pk=told.id).first():
            effect = Effect(known.effect)
            if known.household_id:
                words = answer_words(effect, Outcome(known.outcome), by_other=known.by != by.key)
            return Answer(told.id, effect, words, known.household_id)
        if door is None:
            if words is UNKNOWN:
                _aside(row, told, by, at)
            _write(row, None, told, Effect.REFUSED, by, at)
            return Answer(told.id, Effect.REFUSED, words)
        try:
            with acting_as(SYSTEM):
                effect, other = _apply(door, told, by, at, cause)
        except InputError as error:
            _write(row, door, told, Effect.REFUSED, by, at)
            return Answer(told.id, Effect.REFUSED, error.what, door.household.pk)
        _write(row, door, told, effect, by, at)
        _set_out(door, by, at)
        for one in door.rounds:
            _maybe_settle(one, by, at)
    words = answer_words(effect, told.outcome, by_other=other)
    return Answer(told.id, effect, words, door.household.pk)


def _set_out(door: Door, by: Actor, at: datetime) -> None:
    """Whoever says something of a door of their released cart has set out with it: all its bags are in their hands."""
    mine = Drop.objects.filter(parcel__in=door.bags, duty__person=by.key, duty__wave__ended_at=None)
    for drop in mine.select_related("duty__wave__round__book"):
        run = run_of(drop.duty)
        if run is not None and run.state == CartState.RELEASED:
            take(run, holder=by.key, by=by, at=at)


def _apply(door: Door, told: Told, by: Actor, at: datetime, cause: Cause) -> tuple[Effect, bool]:
    """Do what an event says; returns its effect and whether somebody else was first."""
    earlier = list(
        DoorEvent.objects.filter(
            household=door.household, round__in=door.rounds, effect__in=[Effect.DONE, Effect.CONFLICT]
        )
    )
    undone = {one.undoes for one in earlier if one.undoes}
    live = [one for one in earlier if one.pk not in undone and one.outcome != Outcome.UNDO]
    if told.id in undone:
        return Effect.KNOWN, False
    if told.outcome is Outcome.UNDO:
        return _undo(door, told, live, by, at)
    effect, other = _say(door, told, live, by, at, cause)
    if Outcome.NOBODY_IN in (told.outcome, *(one.outcome for one in live)):
        _close_nobody_in(door, by, at)
    return effect, other


def _say(
    door: Door, told: Told, live: Sequence[DoorEvent], by: Actor, at: datetime, cause: Cause
) -> tuple[Effect, bool]:
    """Do what an outcome says, beside what was said before and was not undone."""
    if told.outcome is Outcome.NEEDS_HELP:
        _case(door, told, CaseKind.NEEDS_HELP, by, at)
        return Effect.DONE, False
    against = [one for one in live if _contradicts(one, told, by)]
    same = [one for one in live if one.outcome == told.outcome and not _was_settled(one, told)]
    if told.outcome is Outcome.DELIVERED:
        bags = [bag for bag in door.bags if bag.ended_at is None]
        for bag in bags:
            _deliver(door, bag, told, by, at, cause)
        if not bags and not same and not against:
            return Effect.KNOWN, True
    elif not same and not against:
        _case(door, told, CASE_OF[told.outcome], by, at)
    if against:
        _case(door, told, CaseKind.CONFLICT, by, at)
        return Effect.CONFLICT, True
    if same:
        return Effect.KNOWN, any(one.by != by.key for one in same)
    return Effect.DONE, False


def _was_settled(one: DoorEvent, told: Told) -> bool:
    """Tell whether the case of an earlier failure was settled before this one: it failed anew, and is a new case."""
    kind = CASE_OF.get(Outcome(one.outcome))
    if kind is None:
        return False
    return Case.objects.filter(pk=uuid5(one.pk, kind.value), settled_at__lt=told.device_at).exists()


def _contradicts(one: DoorEvent, told: Told, by: Actor) -> bool:
    """Tell whether two events cannot both be: a failure at or after the delivery, or by somebody else."""
    if Outcome.DELIVERED not in (one.outcome, told.outcome) or one.outcome == told.outcome:
        return False
    if Outcome.NEEDS_HELP in (one.outcome, told.outcome):
        return False
    failed_at, delivered_at, failed = (
        (told.device_at, one.device_at, told.outcome)
        if one.outcome == Outcome.DELIVERED
        else (one.device_at, told.device_at, one.outcome)
    )
    comes_later = failed_at > delivered_at + CLOCKS
    # Nobody in, and later somebody was: no contradiction, whoever went.
    return comes_later or (one.by != by.key and failed != Outcome.NOBODY_IN)


def _deliver(door: Door, bag: Parcel, told: Told, by: Actor, at: datetime, cause: Cause) -> None:
    if not Drop.objects.filter(parcel=bag).exists() and bag.account.kind not in {
        AccountKind.CART,
        AccountKind.POINT,
    }:
        # It is where it belongs, so it counts; how it came there without a cart, a person finds out.
        words = say("Was on no cart when it was delivered.").text()
        open_case(
            book=bag.book,
            kind=CaseKind.EXTRA,
            parcel=bag,
            household=door.household,
            words=words,
            by=by,
            at=at,
            id=uuid5(told.id, f"off cart {bag.pk}"),
        )
    move(
        bag.book,
        [bag.pk],
        to=door_spot(door.household),
        holder=str(door.household.pk),
        cause=cause,
        by=by,
        at=at,
        ids={bag.pk: uuid5(told.id, str(bag.pk))},
        device_at=told.device_at,
    )


def _undo(door: Door, told: Told, live: Sequence[DoorEvent], by: Actor, at: datetime) -> tuple[Effect, bool]:
    wanted = next((one for one in live if one.pk == told.undoes), None)
    if wanted is not None and wanted.by != by.key:
        by.must(Permission.PLAN, path=door.household.path)
    others = [one for one in live if wanted and one is not wanted and one.outcome == wanted.outcome]
    if wanted is None or others:
        return Effect.DONE, False
    if wanted.outcome == Outcome.DELIVERED:
        for bag in door.bags:
            if bag.account.kind == AccountKind.DOOR and bag.ended_at is not None:
                take_back(bag, id=uuid5(told.id, str(bag.pk)), by=by, at=at)
        for case in _nobody_in(door).filter(settled_at__in=[one.at for one in live]):
            reopen_case(case, by=by, at=at)  # what a person settled has a time of its own
    elif wanted.outcome in FAILED:
        for case in Case.objects.filter(pk=uuid5(wanted.pk, CASE_OF[Outcome(wanted.outcome)].value)):
            close_case(case, outcome=SLIP.text(gettext), by=by, at=at)
    return Effect.DONE, False


def _nobody_in(door: Door) -> QuerySet[Case]:
    return Case.objects.filter(
        kind=CaseKind.NOBODY_IN, household=door.household, book__in=[one.book_id for one in door.rounds]
    )


def _close_nobody_in(door: Door, by: Actor, at: datetime) -> None:
    """Close the cases of "nobody in" of a door that has all its bags by now: nobody need ring there any more."""
    bags = Parcel.objects.filter(pk__in=[bag.pk for bag in door.bags])
    ends = set(bags.values_list("end_cause", flat=True))
    if not ends or not ends <= CLOSED_BY.keys():
        return
    words = CLOSED_BY[Cause.FETCHED if Cause.FETCHED in ends else Cause.DELIVERED]
    for case in _nobody_in(door).filter(settled_at=None):
        close_case(case, outcome=words.text(gettext), by=by, at=at)


def _case(door: Door, told: Told, kind: CaseKind, by: Actor, at: datetime) -> None:
    bag = door.bags[0] if door.bags else None
    open_case(
        book=bag.book if bag else door.rounds[0].book,
        kind=kind,
        parcel=bag,
        household=door.household,
        words=told.words,
        by=by,
        at=at,
        id=uuid5(told.id, kind.value),
    )


def _not_for_here(told: Told, row: Round | None, by: Actor, at: datetime) -> Sentence:
    """Say whose compound or building a label is that has no door here; a foreign bag's liaison is told.

    Never whose door: the phone may be in anybody's hands.
    """
    with acting_as(SYSTEM):
        found = foreign_label(told.code, at, here=row.place if row else None)
        if found is None:
            return UNKNOWN
        if row is not None and found.parcel.book_id == row.book_id:
            stairs = stairs_of_door(found.parcel.place)
            return say("This bag is for {place}: give it to whoever has that cart.", place=stairs)
        if row is not None:
            tell_owner(found, at_place=row.place, by=by, at=at)
        return say("{what} {remedy}", what=found.what, remedy=found.remedy)


def _aside(row: Round, told: Told, by: Actor, at: datetime) -> None:
    words = say("A label that belongs to no round here: {code}.", code=told.code[:20]).text()
    open_case(book=row.book, kind=CaseKind.EXTRA, words=words, by=by, at=at, id=uuid5(told.id, "aside"))


def _write(row: Round, door: Door | None, told: Told, effect: Effect, by: Actor, at: datetime) -> None:
    place, path = (door.household.place_id, door.household.path) if door else (row.place_id, row.path)
    DoorEvent(
        id=told.id,
        round=row,
        place_id=place,
        path=path,
        household=door.household if door else None,
        outcome=told.outcome,
        effect=effect,
        undoes=told.undoes,
        device_at=min(told.device_at, at + CLOCKS),
        at=at,
        by=by.key,
    ).save(force_insert=True)


def _maybe_settle(row: Round, by: Actor, at: datetime) -> None:
    """A round of which every bag has ended is being settled."""
    held = Round.objects.get(pk=row.pk)
    if held.state != RoundState.DELIVERING:
        return
    if not Parcel.objects.filter(book=held.book_id, kind="bag", ended_at=None).exists():
        advance(held, RoundState.SETTLING, by=by, at=at)


__all__ = ["Answer", "Told", "take_event", "take_events"]
