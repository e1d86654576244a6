"""A delivery that was a slip: the bag goes back to where it came from, by the opposite posting."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import locked
from lastmetre.chain.ledger.actions.posting import check_open, post
from lastmetre.chain.ledger.models import Handover, Parcel
from lastmetre.chain.ledger.rules import AccountKind, Amount, Cause, Spot
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def take_back(parcel: Parcel, *, id: UUID, by: Actor, at: datetime) -> Parcel:
    """Undo a bag's arrival at its door: goods, promise and holder are as before. Twice with one `id` counts once."""
    check_open(parcel.book)
    with acting_as(SYSTEM):
        (row,) = locked(parcel.book, [parcel.pk])
        if Handover.objects.filter(pk=id).exists():
            return row
        last = row.handovers.select_related("source", "posting").order_by("-at", "-id").first()
        if row.ended_at is None or row.account.kind != AccountKind.DOOR or last is None:
            raise InputError(
                say("Bag {code} is not at its door.", code=row.code), remedy=say("Look up where it is.")
            )
        lines = last.posting.lines.select_related("account") if last.posting else ()
        back = [
            Amount(
                Spot(AccountKind(line.account.kind), line.account.owner, line.account.place_id),
                -line.amount,
                line.product_id,
            )
            for line in lines
        ]
        posting = post(row.book, back, cause=Cause.TAKEN_BACK, by=by, at=at, thing=row.pk) if back else None
        Handover(
            id=id,
            parcel=row,
            source_id=row.account_id,
            target=last.source,
            holder=by.key,
            cause=Cause.TAKEN_BACK,
            at=at,
            by=by.key,
            posting=posting,
        ).save(force_insert=True)
        row.account, row.holder, row.held_since = last.source, by.key, at
        row.ended_at, row.end_cause = None, ""
        row.save(update_fields=["account", "holder", "held_since", "ended_at", "end_cause"])
    return row
