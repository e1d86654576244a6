"""Slips taken back by their opposite posting: a delivery that was none, a bag that was not packed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import locked, write_alike
from lastmetre.chain.ledger.actions.posting import accounts_of, check_open, post
from lastmetre.chain.ledger.models import Book, Handover, Parcel
from lastmetre.chain.ledger.rules import AccountKind, Amount, Cause, Spot, moved
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


def unmake(book: Book, parcels: Sequence[UUID], *, by: Actor, at: datetime) -> list[Parcel]:
    """Take back that bags or boxes were packed: their goods are on the supplier's shelf again, promises stay.

    Their labels and numbers stay theirs: packed again, they are the same bags. Raises InputError where one has
    left the place where it was packed: nothing changes then.
    """
    check_open(book)
    with acting_as(SYSTEM):
        rows = locked(book, parcels)
        for row in rows:
            if row.ended_at is not None or row.account.kind != AccountKind.PACKED:
                raise InputError(
                    say("Bag {code} has left the packing place.", code=row.code),
                    remedy=say("Take it out of the vehicle first; if that has left, ring the liaison."),
                )
        supply = Spot(AccountKind.SUPPLY, book.supplier_id)
        lines = [
            line
            for row in rows
            for item in row.items.all()
            if item.amount
            for line in moved(
                Spot(AccountKind.PACKED, row.account.owner, row.account.place_id),
                supply,
                item.amount,
                item.product_id,
            )
        ]
        posting = post(book, lines, cause=Cause.CORRECTED, by=by, at=at) if lines else None
        shelf = accounts_of(book, [supply])[supply]
        Handover.objects.bulk_create(
            [
                Handover(
                    parcel=row,
                    source_id=row.account_id,
                    target=shelf,
                    holder=by.key,
                    cause=Cause.TAKEN_BACK,
                    at=at,
                    by=by.key,
                    posting=posting,
                )
                for row in rows
            ]
        )
        ended = {"ended_at": at, "end_cause": Cause.TAKEN_BACK}
        write_alike(rows, {"account": shelf, "holder": by.key, "held_since": at, "box": None} | ended)
        Parcel.objects.filter(box__in=[row.pk for row in rows]).update(box=None)
    return rows
