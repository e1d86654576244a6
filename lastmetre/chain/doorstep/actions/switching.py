"""From the point to the doors and back: somebody cannot come down, or nobody opened and they fetch it themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.doorstep.actions.pickup import join_queue
from lastmetre.chain.doorstep.models import Drop, Turn
from lastmetre.chain.doorstep.queries.carts import bags_on_carts, on_a_round
from lastmetre.chain.doorstep.queries.turns import bags_at_point, must_hand_out
from lastmetre.chain.doorstep.rules import Permission, TurnState
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.orders.actions.rounds import ROUND, advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def to_doors(row: Round, *, households: Sequence[UUID] | None = None, by: Actor, at: datetime) -> int:
    """Let bags at the point go to their doors with the next wave: those of some households, or all that are left.

    They leave the queue, and are not written off when the pickup ends; until a cart takes them they stand where
    they are, in the same hands. Returns how many bags. Twice is once. All at once: for whoever plans the waves.
    """
    must_hand_out(row, by)
    if households is None:
        by.must(Permission.PLAN, path=row.path)
    with acting_as(SYSTEM):
        held = _locked(row)
        bags = [one for one in bags_at_point(held) if households is None or one.household_id in households]
        if not bags:
            raise InputError(
                say("No bag of theirs lies at the point."), remedy=say("Look up where it is, and who has it.")
            )
        turns = Turn.objects.filter(round=held, household__in=[bag.household_id for bag in bags])
        changed = turns.exclude(state=TurnState.TO_DOOR).update(state=TurnState.TO_DOOR, done_at=None)
        if changed:
            record("sent to doors", ROUND, held.pk, by=by, at=at, path=held.path, households=changed)
    return len(bags)


def back_to_queue(turn: Turn, *, by: Actor, at: datetime) -> Turn:
    """They come down after all: back into the queue, behind the others. Twice is once.

    Raises InputError where their bag is on a cart by now, or the pickup has ended.
    """
    must_hand_out(turn.round, by)
    with acting_as(SYSTEM):
        held = _locked(turn.round)
        mine = [bag for bag in bags_at_point(held) if bag.household_id == turn.household_id]
        if not mine or on_a_round(mine):
            raise InputError(
                say("Their bag goes up already."),
                remedy=say("Let it go to the door, or ring who has the cart."),
            )
        turn = Turn.objects.get(pk=turn.pk)
        if turn.state == TurnState.TO_DOOR:
            (turn,) = join_queue(held, mine, by=by, at=at)
    return turn


def to_point(row: Round, households: Sequence[UUID], *, by: Actor, at: datetime) -> list[Turn]:
    """Bring bags from carts to the point: nobody opened, and they fetch it. Returns their turns in the queue.

    A pickup is opened where none is (for three hours). What a phone still sends of the door counts as well.
    Raises InputError where nothing of theirs is on a cart or at the gate.
    """
    by.must(Permission.PLAN, path=row.path)
    with acting_as(SYSTEM):
        held = _locked(row)
        bags: list[Parcel] = bags_on_carts(held, households)
        if not bags:
            raise InputError(
                say("No bag of theirs is on a cart."), remedy=say("Look up where it is, and who has it.")
            )
        held = advance(held, RoundState.DELIVERING, by=by, at=at)
        Drop.objects.filter(parcel__in=bags, duty__wave__ended_at=None).delete()
        record("brought to the point", ROUND, held.pk, by=by, at=at, path=held.path, bags=len(bags))
        return join_queue(held, bags, by=by, at=at)


def _locked(row: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("book", "place").get(pk=row.pk)
