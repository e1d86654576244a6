"""Arrivals: taken in by a named person, handed on to another, released to sorting."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext

from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.gate.queries.arrivals import not_counted
from lastmetre.chain.gate.rules import Permission, check_missing
from lastmetre.chain.ledger.actions.cases import open_case, reopen_case
from lastmetre.chain.ledger.actions.parcels import move
from lastmetre.chain.ledger.actions.posting import check_open
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause, Spot
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState, can_move
from lastmetre.chain.transport.actions.loads import NOT_GONE, mark_arrived
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.rules import LoadState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.models import Person
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

ARRIVAL = "gate.arrival"
AT_GATE = Spot(AccountKind.GATE)
RECEIVABLE = frozenset(NOT_GONE)


def receive(
    row: Round,
    *,
    load: Load | None = None,
    holder: str = "",
    by: Actor,
    at: datetime,
    id: UUID | None = None,
) -> Arrival:
    """Take in a vehicle's goods, or what somebody brought unannounced: a named person answers for it from now on.

    `holder` is the key of that person; "" for whoever does it. The round is at the gate then. Twice is once.
    Raises InputError for a round that nothing can come for, an unknown person, a vehicle that has not left.
    """
    by.must(Permission.RECEIVE, path=row.path)
    with acting_as(SYSTEM):
        held = Round.objects.select_for_update(of=("self",)).select_related("book").get(pk=row.pk)
        if known := _known(held, load, id):
            return known
        check_open(held.book)
        _check_can_come(held, load)
        if load is not None:
            mark_arrived(load, by=by, at=at)
        arrival = Arrival(
            id=id or new_id(),
            round=held,
            load=load,
            place_id=held.place_id,
            path=held.path,
            received_at=at,
            received_by=by.key,
            holder=_person(holder, by),
            held_since=at,
        )
        arrival.save(force_insert=True)
        record("received", ARRIVAL, arrival.pk, by=by, at=at, path=held.path)
        if can_move(RoundState(held.state), RoundState.ARRIVED):
            arrival.round = advance(held, RoundState.ARRIVED, by=by, at=at)
    return arrival


def _known(row: Round, load: Load | None, id: UUID | None) -> Arrival | None:
    rows = Arrival.objects.filter(round=row)
    if id is not None and (known := rows.filter(pk=id).first()):
        return known
    if load is not None:
        return rows.filter(load=load).first()
    return rows.filter(load=None, finished_at=None).first()


def _check_can_come(row: Round, load: Load | None) -> None:
    if RoundState(row.state) not in RECEIVABLE:
        raise InputError(
            say("Nothing can arrive for this round now."),
            remedy=say("The supplier packs it first; look at the round's page."),
        )
    if load is not None and load.state == LoadState.ANNOUNCED:
        raise InputError(
            say("Vehicle {plate} has not left yet, as the supplier says.", plate=load.plate),
            remedy=say("Ring the supplier or the driver: one tap on “It leaves now”, then take it in."),
        )


def _person(holder: str, by: Actor) -> str:
    """Return the key of who holds it: whoever does it, or a person that is known."""
    if not holder or holder == by.key:
        return by.key
    try:
        found = Person.objects.filter(pk=UUID(holder), left_at=None).exists()
    except ValueError:
        found = False
    if not found:
        raise InputError(
            say("This person is not known here."), remedy=say("Choose somebody of the gate from the list.")
        )
    return holder


def hand_over(arrival: Arrival, *, holder: str, by: Actor, at: datetime) -> Arrival:
    """Give what stands at the gate into another person's hands: their clock runs from now on. Twice is once."""
    by.must(Permission.RECEIVE, path=arrival.path)
    with acting_as(SYSTEM):
        held = locked(arrival)
        person = _person(holder, by)
        if held.holder == person:
            return held
        bags = Parcel.objects.filter(
            counted__arrival=held, account__kind=AccountKind.GATE, ended_at__isnull=True
        )
        named = list(bags.values_list("pk", flat=True))
        if named:
            move(held.round.book, named, to=AT_GATE, holder=person, cause=Cause.HELD, by=by, at=at)
        held.holder, held.held_since = person, at
        held.save(update_fields=["holder", "held_since"])
        record("handed over", ARRIVAL, held.pk, by=by, at=at, path=held.path, bags=len(named))
    return held


def finish(
    arrival: Arrival, *, missing: int = 0, rest_comes: bool = False, by: Actor, at: datetime
) -> Arrival:
    """Release an arrival to sorting; `missing` is how many bags the person says are not there. Twice is once.

    A bag that is missing is not lost: it stays where the books have it, with a case, until somebody settles it.
    `rest_comes`: of a vehicle that was not announced, what is not in it comes with another one, and is no case.
    Raises InputError where more or fewer are missing than was said.
    """
    by.must(Permission.RECEIVE, path=arrival.path)
    with acting_as(SYSTEM):
        held = locked(arrival)
        if held.finished_at is not None:
            return held
        if rest_comes and held.load_id is None:
            gone = []
        else:
            gone = list(not_counted(held))
            check_missing(missing, len(gone))
        for bag in gone:
            miss(held, bag, by=by, at=at)
        held.finished_at, held.finished_by = at, by.key
        held.save(update_fields=["finished_at", "finished_by"])
        record("finished", ARRIVAL, held.pk, by=by, at=at, path=held.path, missing=len(gone))
    return held


def miss(arrival: Arrival, bag: Parcel, *, by: Actor, at: datetime) -> None:
    """Open the case of a bag that is not there; once a bag, again where it was found by a slip."""
    words = say("Not there when it was counted at the gate.").text(gettext)
    case = open_case(
        book=arrival.round.book,
        kind=CaseKind.MISSING,
        parcel=bag,
        words=words,
        id=missing_case(bag.pk),
        by=by,
        at=at,
    )
    reopen_case(case, by=by, at=at)


def missing_case(bag: UUID) -> UUID:
    """Return the id of the case of a bag that is missing at the gate."""
    return uuid5(bag, "missing at the gate")


def locked(arrival: Arrival) -> Arrival:
    """Return an arrival that nobody else changes until the transaction ends. Within SYSTEM."""
    rows = Arrival.objects.select_for_update(of=("self",)).select_related("round__book", "place", "load")
    return rows.get(pk=arrival.pk)
