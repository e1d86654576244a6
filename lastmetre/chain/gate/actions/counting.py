"""Bags and boxes counted in by scan: each once, whoever scans it again (PD6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from lastmetre.chain.gate.actions.foreign import astray_case
from lastmetre.chain.gate.actions.receiving import AT_GATE, locked, missing_case
from lastmetre.chain.gate.models import Arrival, Counted
from lastmetre.chain.gate.queries.arrivals import boxes_aboard, fresh_at_gate, not_counted
from lastmetre.chain.gate.queries.labels import parcel_of
from lastmetre.chain.gate.rules import Outcome, Permission, check_all
from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.actions.parcels import move, own_id
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.rules import CAUSE_WORDS, AccountKind, Cause, ParcelKind
from lastmetre.ground.people.queries.names import names_of
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

COMES_FROM = (AccountKind.VEHICLE, AccountKind.PACKED)
"""Where a bag may be in the books when it is found at the gate: a scan at the supplier may have been forgotten."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan at the gate came to."""

    parcel: Parcel
    outcome: Outcome
    bags: int
    """Bags that were counted by it: those of a box at once."""
    at: datetime | None
    """When it was counted first, and the masked name of who did it; None and '' where nobody knows."""
    who: str


def count(arrival: Arrival, scanned: str, *, id: UUID, by: Actor, at: datetime) -> Scanned:
    """Count in the bag or box of a label. The same scan sent again, or by two phones, counts once.

    A box brings the bags in it. A bag that was missing is found: its case is settled. Raises InputError with a
    sentence for a label of another compound, a bag that was not packed, a bag that has ended.
    """
    by.must(Permission.RECEIVE, path=arrival.path)
    with acting_as(SYSTEM):
        held = locked(arrival)
        parcel = parcel_of(held.round, scanned, at=at)
        if (known := _counted(parcel)) is not None:
            return _again(*known)
        _check_comes(parcel)
        bags = count_in(held, [parcel], ids={parcel.pk: own_id(id, parcel)}, by=by, at=at)
    return Scanned(parcel, Outcome.COUNTED, bags, at, "")


def count_all(arrival: Arrival, *, counted: int, by: Actor, at: datetime) -> int:
    """Count in all bags of the vehicle, where somebody counted them by hand and finds as many; returns how many.

    Raises InputError where the number differs: then bag by bag, so that what is missing shows.
    """
    by.must(Permission.RECEIVE, path=arrival.path)
    with acting_as(SYSTEM):
        held = locked(arrival)
        waiting = list(not_counted(held))
        check_all(counted, len(waiting) + held.counted.count())
        return count_in(held, [*waiting, *boxes_aboard(held)], by=by, at=at)


def count_in(
    arrival: Arrival,
    parcels: Sequence[Parcel],
    *,
    by: Actor,
    at: datetime,
    ids: dict[UUID, UUID] | None = None,
) -> int:
    """Bring parcels, and the bags in boxes among them, to the gate and into the holder's hands; returns bags.

    Within SYSTEM, with the arrival locked.
    """
    boxes = [one.pk for one in parcels if one.kind == ParcelKind.BOX]
    kinds = [kind.value for kind in COMES_FROM]
    inside = Parcel.objects.filter(box__in=boxes, ended_at=None, account__kind__in=kinds)
    wanted = list(dict.fromkeys([*(one.pk for one in parcels), *inside.values_list("pk", flat=True)]))
    if not wanted:
        return 0
    moved = move(
        arrival.round.book,
        wanted,
        to=AT_GATE,
        holder=arrival.holder,
        cause=Cause.ARRIVED,
        by=by,
        at=at,
        ids=ids,
        only_from=COMES_FROM,
    )
    bags = [one for one in moved if one.kind == ParcelKind.BAG]
    Counted.objects.bulk_create(
        [Counted(arrival=arrival, parcel=one, place_id=one.place_id, at=at, by=by.key) for one in bags]
    )
    _found(bags, at=at)
    _watch(arrival, bags)
    return len(bags)


def _counted(parcel: Parcel) -> tuple[Parcel, datetime | None, str] | None:
    """Return when and by whom a parcel came to the gate; None where it has not come."""
    if (row := Counted.objects.filter(parcel=parcel).first()) is not None:
        return parcel, row.at, row.by
    came = parcel.handovers.filter(cause=Cause.ARRIVED).order_by("at").first()
    # A count that was taken back leaves its hand-over behind: the bag is to come again then.
    if came is not None and parcel.ended_at is None and parcel.account.kind not in COMES_FROM:
        return parcel, came.at, came.by
    return None


def _again(parcel: Parcel, at: datetime | None, by: str) -> Scanned:
    return Scanned(parcel, Outcome.AGAIN, 0, at, names_of([by]).get(by, ""))


def _check_comes(parcel: Parcel) -> None:
    if parcel.ended_at is not None:
        raise InputError(
            say("This bag was taken out of the round: {cause}.", cause=CAUSE_WORDS[Cause(parcel.end_cause)]),
            remedy=say("Set it aside and tell the liaison: it goes back, or to who needs it."),
        )
    if parcel.account.kind not in COMES_FROM:
        raise InputError(
            say("Bag {code} is somewhere else.", code=parcel.code),
            remedy=say("Look up where it is, and who has it."),
        )


def _found(bags: Sequence[Parcel], *, at: datetime) -> None:
    """Settle the cases of bags that were missing, or elsewhere, and are there now."""
    words = say("Found: it was counted in at the gate.").text(gettext)
    ids = [case for bag in bags for case in (missing_case(bag.pk), astray_case(bag.pk))]
    cases = Case.objects.filter(pk__in=ids, settled_at=None)
    for case in cases:
        settle_case(case, outcome=words, by=SYSTEM, at=at)


def _watch(arrival: Arrival, bags: Sequence[Parcel]) -> None:
    """Write down when the first of the fresh goods will have waited too long."""
    fresh = fresh_at_gate(arrival, bags=[one.pk for one in bags])
    if fresh and (arrival.due_at is None or fresh[0].due_at < arrival.due_at):
        arrival.due_at = fresh[0].due_at
        arrival.save(update_fields=["due_at"])
