"""Where is it: a household's bags on their way, in one sentence each, and the turn at the point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lastmetre.chain.doorstep.models import DoorEvent, Drop, Turn
from lastmetre.chain.doorstep.queries.doors import is_from_before, outcomes_of
from lastmetre.chain.doorstep.rules import FAILED, Outcome, TurnState
from lastmetre.chain.ledger.models import Handover, Parcel
from lastmetre.chain.ledger.rules import CAUSE_WORDS, AccountKind, Cause, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import Sentence, say

SHOWN_FOR = timedelta(days=4)
"""How long a bag that has ended is still shown."""
MOST = 10
PLACES: Mapping[str, tuple[Sentence, str]] = {
    AccountKind.PACKED: (say("Packed at the supplier; it waits for the vehicle."), "wait"),
    AccountKind.VEHICLE: (say("On its way to your compound."), "now"),
    AccountKind.GATE: (say("At your gate, being sorted."), "now"),
    AccountKind.CART: (say("On a cart; it goes out with the next wave."), "now"),
    AccountKind.POINT: (say("At the delivery point."), "now"),
}
_FAILED: Mapping[str, Sentence] = {
    Outcome.NOBODY_IN: say("Somebody was at your door and nobody opened. Your liaison rings you."),
    Outcome.REFUSED: say("It was refused at your door. Your liaison rings you."),
    Outcome.WRONG_ADDRESS: say("Your door was not found. Your liaison rings you."),
    Outcome.DAMAGED: say("Something in it is damaged. Your liaison rings you."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a bag."""

    at: datetime
    words: Sentence


@dataclass(frozen=True, slots=True)
class Way:
    """A bag of a household: where it is now, and what happened to it, the latest first."""

    bag: UUID
    round: Round
    code: str
    words: Sentence
    state: str
    turn: Turn | None
    before: int
    """Households in the queue that come before this one."""
    steps: tuple[Step, ...]

    @property
    def is_called(self) -> bool:
        """Whether they should come down now."""
        return self.turn is not None and self.turn.state == TurnState.CALLED


def ways_to(home: Household, *, at: datetime) -> list[Way]:
    """Return the bags of a household that are on their way or came lately, the latest first; names nobody."""
    with acting_as(SYSTEM):
        bags = list(
            Parcel.objects.filter(household=home, kind=ParcelKind.BAG)
            .exclude(end_cause=Cause.TAKEN_BACK)  # not packed after all: being packed
            .select_related("account", "book__round")
            .order_by("-held_since")[:MOST]
        )
        bags = [one for one in bags if one.ended_at is None or at - one.ended_at < SHOWN_FOR]
        turns = {one.round_id: one for one in Turn.objects.filter(household=home)}
        return [_way(home, bag, turns.get(bag.book.round.pk)) for bag in bags]


def _way(home: Household, bag: Parcel, turn: Turn | None) -> Way:
    row: Round = bag.book.round
    words, state = _now(home, bag, row)
    before = 0
    if turn is None or bag.ended_at is not None or bag.account.kind != AccountKind.POINT:
        turn = None
    elif turn.state == TurnState.TO_DOOR:
        words, state, turn = say("It is brought to your door with the next cart."), "now", None
    else:
        before = _before(turn)
        words, state = _in_queue(turn, before)
    steps = tuple(
        Step(one.at, CAUSE_WORDS[Cause(one.cause)])
        for one in Handover.objects.filter(parcel=bag).order_by("-at", "-id")
    )
    return Way(bag.pk, row, bag.code, words, state, turn, before, steps)


def _now(home: Household, bag: Parcel, row: Round) -> tuple[Sentence, str]:
    if bag.ended_at is not None:
        good = bag.end_cause in (Cause.DELIVERED, Cause.FETCHED, Cause.GIVEN)
        words = say(
            "{what}, {time}",
            what=CAUSE_WORDS[Cause(bag.end_cause)],
            time=f"{bag.ended_at.astimezone():%m-%d %H:%M}",
        )
        return words, "good" if good else "act"
    last: DoorEvent | None = outcomes_of(row, [home.pk]).get(home.pk)
    drop = _drop_of(bag) if bag.account.kind == AccountKind.CART else None
    if last is not None and last.outcome in FAILED and not (drop and is_from_before(last, drop.duty)):
        return _FAILED[last.outcome], "act"
    if drop is not None:
        return _on_cart(drop), "now"
    return PLACES.get(bag.account.kind, (say("On its way."), "now"))


def _drop_of(bag: Parcel) -> Drop | None:
    drops = Drop.objects.filter(parcel=bag, duty__wave__ended_at=None).exclude(duty__person="")
    return drops.select_related("duty__wave").first()


def _on_cart(drop: Drop) -> Sentence:
    """Say how many doors come before this one, once somebody carries its cart."""
    earlier = Drop.objects.filter(duty=drop.duty, carry__lt=drop.carry, parcel__ended_at=None)
    doors = earlier.values("parcel__household").distinct().count()
    cart = f"{drop.duty.cart:02}"
    if not doors:
        return say("On cart {cart}: your door is next.", cart=cart)
    return say("On cart {cart}: {doors} doors come before yours.", cart=cart, doors=doors)


def _before(turn: Turn) -> int:
    waiting = Turn.objects.filter(round=turn.round_id)
    if turn.state == TurnState.CALLED:
        return 0
    if turn.state == TurnState.MISSED:
        first = waiting.filter(state=TurnState.WAITING).count()
        return first + waiting.filter(state=TurnState.MISSED, queued__lt=turn.queued).count()
    return waiting.filter(state=TurnState.WAITING, queued__lt=turn.queued).count()


def _in_queue(turn: Turn, before: int) -> tuple[Sentence, str]:
    if turn.state == TurnState.CALLED:
        return say("It is your turn: come to the point now, and keep two metres apart."), "act"
    if turn.state == TurnState.MISSED:
        return (
            say("Your turn was missed. You are called again after {before} households.", before=before),
            "wait",
        )
    return say(
        "{before} households come before you. Wait at home until you are called.", before=before
    ), "wait"
