"""Counted by a slip: a bag, a box or all of a count goes back to where it came from, until it is on a cart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.gate.actions.counting import COMES_FROM
from lastmetre.chain.gate.actions.receiving import ARRIVAL, locked, missing_case
from lastmetre.chain.gate.models import Arrival, Counted
from lastmetre.chain.gate.rules import Permission, check_can_uncount
from lastmetre.chain.ledger.actions.cases import reopen_case
from lastmetre.chain.ledger.actions.parcels import move
from lastmetre.chain.ledger.models import Case, Handover, Parcel
from lastmetre.chain.ledger.rules import AccountKind, Cause, ParcelKind, Spot
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as


def uncount(arrival: Arrival, parcel: UUID, *, whole: bool = False, by: Actor, at: datetime) -> int:
    """Take back that a bag or box was counted; `whole`: all that one tap counted with it. Returns how many bags.

    Goods and custody are as before, and a bag that had been missing is missing again. A box takes its bags
    along. What is on a cart stays. Twice is once. Raises InputError once the arrival is released, or where
    nothing of it is at the gate any more.
    """
    by.must(Permission.RECEIVE, path=arrival.path)
    with acting_as(SYSTEM):
        held = locked(arrival)
        row = Parcel.objects.select_related("account").filter(pk=parcel, book=held.round.book_id).first()
        if row is None or row.account.kind in COMES_FROM:
            return 0
        check_can_uncount(row.code, is_released=held.finished_at is not None)
        came = _came_with(row, whole=whole or row.kind == ParcelKind.BOX)
        check_can_uncount(row.code, is_gone=not came)
        bags = [one.parcel_id for one in came if one.parcel.kind == ParcelKind.BAG]
        _bring_back(held, came, by=by, at=at)
        Counted.objects.filter(arrival=held, parcel__in=bags).delete()
        for case in Case.objects.filter(pk__in=[missing_case(bag) for bag in bags]):
            reopen_case(case, by=by, at=at)
        record("counted back", ARRIVAL, held.pk, by=by, at=at, path=held.path, bags=len(bags))
    return len(bags)


def _came_with(parcel: Parcel, *, whole: bool) -> list[Handover]:
    """Return the hand-overs by which a parcel, and what came by the same tap, came to the gate where it stands."""
    at_gate = Handover.objects.filter(
        cause=Cause.ARRIVED,
        parcel__account__kind=AccountKind.GATE,
        parcel__ended_at=None,
        parcel__book=parcel.book_id,
    ).select_related("parcel", "source")
    own = at_gate.filter(parcel=parcel).order_by("-at", "-id").first()
    if own is None or not whole:
        return [own] if own else []
    return list(at_gate.filter(at=own.at, by=own.by))


def _bring_back(arrival: Arrival, came: Sequence[Handover], *, by: Actor, at: datetime) -> None:
    parcels = [one.parcel_id for one in came]
    earlier = Handover.objects.filter(parcel__in=parcels, target__kind__in=COMES_FROM).order_by("at", "id")
    before = dict(earlier.values_list("parcel", "holder"))
    groups: dict[tuple[Spot, str], list[UUID]] = defaultdict(list)
    for one in came:
        source = Spot(AccountKind(one.source.kind), one.source.owner, one.source.place_id)
        groups[source, before.get(one.parcel_id, by.key)].append(one.parcel_id)
    for (source, holder), mine in groups.items():
        move(
            arrival.round.book,
            mine,
            to=source,
            holder=holder,
            cause=Cause.TAKEN_BACK,
            by=by,
            at=at,
            only_from=(AccountKind.GATE,),
        )
