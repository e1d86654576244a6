"""Slips taken back by their opposite posting: a delivery that was none, a bag not packed, one given up too soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import locked, write_alike
from lastmetre.chain.ledger.actions.posting import accounts_of, check_open, post
from lastmetre.chain.ledger.models import Book, Handover, Parcel, ParcelItem
from lastmetre.chain.ledger.queries.balances import balances
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


def reclaim(book: Book, parcels: Sequence[UUID], *, by: Actor, at: datetime) -> list[Parcel]:
    """Take back that bags at the point were given up as unclaimed: contents, promises, bills and holders as before.

    What is not such a bag is passed over. Raises InputError where some of the goods have been given away since.
    """
    check_open(book)
    with acting_as(SYSTEM):
        rows = [one for one in locked(book, parcels) if one.end_cause == Cause.UNCLAIMED]
        lines, way = [], {}
        for row in rows:
            last, before = row.handovers.select_related("target", "posting").order_by("-at", "-id")[:2]
            way[row.pk] = before
            lines += _restored(row, last)
        _check_still_there(book, rows)
        # Under the same cause, so that what went unclaimed by it is what is unclaimed now.
        posting = post(book, lines, cause=Cause.UNCLAIMED, by=by, at=at) if lines else None
        Handover.objects.bulk_create(
            [
                Handover(
                    parcel=row,
                    source_id=row.account_id,
                    target=way[row.pk].target,
                    holder=way[row.pk].holder,
                    cause=Cause.TAKEN_BACK,
                    at=at,
                    by=by.key,
                    posting=posting,
                )
                for row in rows
            ]
        )
        for row in rows:
            row.account, row.holder, row.held_since = way[row.pk].target, way[row.pk].holder, at
            row.ended_at, row.end_cause = None, ""
        ParcelItem.objects.bulk_update([item for row in rows for item in row.items.all()], ["amount"])
        Parcel.objects.bulk_update(rows, ["account", "holder", "held_since", "ended_at", "end_cause"])
    return rows


def _restored(row: Parcel, last: Handover) -> list[Amount]:
    """Put a bag's contents back as they were promised, and return the opposite of the posting that ended it."""
    if last.posting is None:
        return []
    lines = list(last.posting.lines.select_related("account"))
    promised = {one.product_id: -one.amount for one in lines if one.account.kind == AccountKind.OWED}
    for item in row.items.all():
        item.amount += promised.get(item.product_id, 0)
    return [
        Amount(
            Spot(AccountKind(one.account.kind), one.account.owner, one.account.place_id),
            -one.amount,
            one.product_id,
        )
        for one in lines
    ]


def _check_still_there(book: Book, rows: Sequence[Parcel]) -> None:
    at_point = ParcelItem.objects.filter(
        parcel__book=book, parcel__ended_at=None, parcel__account__kind=AccountKind.POINT
    )
    left: dict[UUID | None, int] = defaultdict(int)
    for held in balances(book, AccountKind.POINT):
        left[held.product] += held.amount
    for product, amount in at_point.values_list("product", "amount"):
        left[product] -= amount
    for row in rows:
        for item in row.items.all():
            left[item.product_id] -= item.amount
    if any(amount < 0 for amount in left.values()):
        raise InputError(
            say("Some of it has been given away already."),
            remedy=say("Give what is left under spare goods; ring the households that still need theirs."),
        )


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
