"""Bags and boxes: made, moved from hand to hand, delivered, or ended with a cause. Each step posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lastmetre.chain.ledger.actions.posting import accounts_of, check_open, post
from lastmetre.chain.ledger.models import Account, Balance, Book, Handover, Parcel, ParcelItem
from lastmetre.chain.ledger.rules import (
    AccountKind,
    Amount,
    Cause,
    ParcelKind,
    Spot,
    moved,
    price_of,
)
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

PROMISES = Spot(AccountKind.PROMISES)
SALES = Spot(AccountKind.SALES)


@dataclass(frozen=True, slots=True)
class Content:
    """One product in a bag."""

    product: UUID
    amount: int
    """Thousandths of a sale unit."""
    price_fen: int


@dataclass(frozen=True, slots=True)
class NewParcel:
    """A bag or box to be made."""

    number: int
    code: str
    household: Household | None = None
    """None: a box."""
    contents: tuple[Content, ...] = ()
    id: UUID | None = None


def owed_to(household: Household) -> Spot:
    """Return the account of what a household was promised."""
    return Spot(AccountKind.OWED, household.pk, household.place_id)


def due_from(household: Household) -> Spot:
    """Return the account of what a household has to pay."""
    return Spot(AccountKind.DUE, household.pk, household.place_id)


def door_of(household: Household) -> Spot:
    """Return the account of what a household received."""
    return Spot(AccountKind.DOOR, household.pk, household.place_id)


def make_parcels(
    book: Book, drafts: Sequence[NewParcel], *, at_spot: Spot, holder: str, by: Actor, at: datetime
) -> list[Parcel]:
    """Make bags or boxes at a place (as a rule: packed at the supplier); their goods come off its shelf."""
    check_open(book)
    with acting_as(SYSTEM):
        account = accounts_of(book, [at_spot])[at_spot]
        known = _taken_back(book, drafts)
        parcels = [
            Parcel(
                id=known.get(one.code) or one.id or new_id(),
                book=book,
                place_id=one.household.place_id if one.household else book.place_id,
                kind=ParcelKind.BAG if one.household else ParcelKind.BOX,
                number=one.number,
                code=one.code,
                household=one.household,
                account=account,
                holder=holder,
                held_since=at,
            )
            for one in drafts
        ]
        Parcel.objects.bulk_create([one for one in parcels if one.code not in known])
        again = [one for one in parcels if one.code in known]
        held = {"account": account, "holder": holder, "held_since": at}
        write_alike(again, held | {"ended_at": None, "end_cause": ""})
        items = [
            ParcelItem(
                parcel=parcel, product_id=content.product, amount=content.amount, price_fen=content.price_fen
            )
            for parcel, one in zip(parcels, drafts, strict=True)
            for content in one.contents
        ]
        ParcelItem.objects.bulk_create(items)
        supply = Spot(AccountKind.SUPPLY, book.supplier_id)
        lines = [line for item in items for line in moved(supply, at_spot, item.amount, item.product_id)]
        posting = post(book, lines, cause=Cause.PACKED, by=by, at=at) if lines else None
        source = accounts_of(book, [supply])[supply]
        Handover.objects.bulk_create(
            [
                Handover(
                    parcel=parcel,
                    source=source,
                    target=account,
                    holder=holder,
                    cause=Cause.PACKED,
                    at=at,
                    by=by.key,
                    posting=posting,
                )
                for parcel in parcels
            ]
        )
    return parcels


def _taken_back(book: Book, drafts: Sequence[NewParcel]) -> dict[str, UUID]:
    """Return bags and boxes that were packed and taken back, emptied, by code: packed again, they are the same ones."""
    rows = Parcel.objects.filter(book=book, end_cause=Cause.TAKEN_BACK, code__in=[one.code for one in drafts])
    known = dict(rows.values_list("code", "pk"))
    ParcelItem.objects.filter(parcel__in=known.values()).delete()
    return known


def move(
    book: Book,
    parcels: Sequence[UUID],
    *,
    to: Spot,
    holder: str,
    cause: Cause,
    by: Actor,
    at: datetime,
    ids: Mapping[UUID, UUID] | None = None,
    device_at: datetime | None = None,
    only_from: Sequence[AccountKind] | None = None,
) -> list[Parcel]:
    """Bring parcels to an account and into somebody's hands; returns those that moved.

    `ids` names the hand-over of each parcel as the phone made it: one that is known is passed over, so a scan
    sent twice counts once. What moves to a household's door discharges what it was promised. Raises
    InputError where a parcel has ended or is not where `only_from` says: nothing moves then.
    """
    check_open(book)
    given = dict(ids or {})
    with acting_as(SYSTEM):
        known = set(Handover.objects.filter(pk__in=given.values()).values_list("pk", flat=True))
        wanted = [pk for pk in parcels if given.get(pk) not in known]
        rows = locked(book, wanted)
        for row in rows:
            _check_can_move(row, only_from)
        target = accounts_of(book, [to])[to]
        lines = list(_goods_moving(rows, to))
        if to.kind is AccountKind.DOOR:
            lines += _discharged(book, rows)
        posting = post(book, lines, cause=cause, by=by, at=at) if lines else None
        hand = [
            Handover(
                id=given.get(row.pk) or new_id(),
                parcel=row,
                source_id=row.account_id,
                target=target,
                holder=holder,
                cause=cause,
                at=at,
                device_at=device_at,
                by=by.key,
                posting=posting,
            )
            for row in rows
        ]
        Handover.objects.bulk_create(hand)
        changed = {"account": target, "holder": holder, "held_since": at}
        if to.kind is AccountKind.DOOR:
            changed |= {"ended_at": at, "end_cause": cause}
        write_alike(rows, changed)
    return rows


def write_alike(rows: Sequence[Parcel], changed: Mapping[str, Any]) -> None:
    """Write the same into all of some locked parcels: one short statement, also for thousands."""
    for row in rows:
        for name, value in changed.items():
            setattr(row, name, value)
    Parcel.objects.filter(pk__in=[row.pk for row in rows]).update(**changed)


def lose(
    parcel: UUID,
    *,
    cause: Cause,
    by: Actor,
    at: datetime,
    contents: Mapping[UUID, int] | None = None,
    to: Spot | None = None,
    id: UUID | None = None,
) -> Parcel:
    """End a bag, or take some of its contents out, with a cause of `rules.UNMET`.

    The goods go to the losses of that cause, or where `to` says (back to the supplier's shelf, to the point as
    spare); the promise is discharged and what was to be paid for them is taken off the bill, so that a
    household that has paid is owed it. Twice with one `id` counts once.
    """
    with acting_as(SYSTEM):
        row = Parcel.objects.select_related("book", "household", "account").get(pk=parcel)
        check_open(row.book)
        if id is not None and Handover.objects.filter(pk=id).exists():
            return row
        (row,) = locked(row.book, [parcel])
        _check_can_move(row, None)
        items = list(row.items.all())
        gone = {one.product_id: one.amount for one in items} if contents is None else dict(contents)
        target = to or Spot(AccountKind.LOSS)
        lines: list[Amount] = []
        for item in items:
            amount = gone.get(item.product_id, 0)
            if not 0 <= amount <= item.amount:
                raise InputError(
                    say("There is not so much in the bag."), remedy=say("Count again what is missing.")
                )
            if amount:
                lines += moved(_spot(row.account), target, amount, item.product_id)
                lines += _unpromised(row, item, amount)
                item.amount -= amount
        posting = post(row.book, lines, cause=cause, by=by, at=at, thing=row.pk) if lines else None
        ParcelItem.objects.bulk_update(items, ["amount"])
        account = accounts_of(row.book, [target])[target]
        Handover(
            id=id or new_id(),
            parcel=row,
            source_id=row.account_id,
            target=account,
            holder=by.key,
            cause=cause,
            at=at,
            by=by.key,
            posting=posting,
        ).save(force_insert=True)
        if all(item.amount == 0 for item in items):
            row.account, row.holder, row.held_since = account, by.key, at
            row.ended_at, row.end_cause = at, cause
            row.save(update_fields=["account", "holder", "held_since", "ended_at", "end_cause"])
    return row


def own_id(id: UUID, parcel: Parcel) -> UUID:
    """Return the id under which a parcel's hand-over counts once; another one where a phone used it for another bag.

    A scan is never taken for one that was sent again only because its phone gave two scans one id.
    """
    is_taken = Handover.objects.filter(pk=id).exclude(parcel=parcel).exists()
    return uuid5(id, str(parcel.pk)) if is_taken else id


def put_in_box(box: Parcel, bags: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Say which bags are in a box; they move with it from then on (FC4c)."""
    with acting_as(SYSTEM):
        Parcel.objects.filter(book=box.book_id, pk__in=bags, kind=ParcelKind.BAG).update(box=box)


def locked(book: Book, parcels: Sequence[UUID]) -> list[Parcel]:
    """Return parcels of a book, locked in the order of their ids; raises InputError for a foreign one."""
    rows = list(
        Parcel.objects.select_for_update(of=("self",))
        .select_related("account", "household")
        .prefetch_related("items")
        .filter(book=book, pk__in=parcels)
        .order_by("pk")
    )
    if len(rows) != len(set(parcels)):
        raise InputError(
            say("This label does not belong to this round."),
            remedy=say("Set it aside and call the liaison: it may belong to another compound."),
        )
    for row in rows:
        row.book = book
    return rows


def _check_can_move(row: Parcel, only_from: Sequence[AccountKind] | None) -> None:
    if row.ended_at is not None:
        raise InputError(
            say("Bag {code} was finished already.", code=row.code),
            remedy=say("Look up its history; if that is wrong, open a case."),
        )
    if only_from is not None and row.account.kind not in only_from:
        raise InputError(
            say("Bag {code} is somewhere else.", code=row.code),
            remedy=say("Look up where it is, and who has it."),
        )


def _spot(account: Account) -> Spot:
    return Spot(AccountKind(account.kind), account.owner, account.place_id)


def _goods_moving(rows: Sequence[Parcel], to: Spot) -> list[Amount]:
    sums: dict[tuple[Spot, UUID], int] = defaultdict(int)
    for row in rows:
        for item in row.items.all():
            sums[_spot(row.account), item.product_id] += item.amount
    return [
        line
        for (source, product), amount in sums.items()
        if amount and source != to
        for line in moved(source, to, amount, product)
    ]


def _discharged(book: Book, rows: Sequence[Parcel]) -> list[Amount]:
    """Return the lines that take delivered goods off what their households were promised."""
    owed = _owed(book, [row.household_id for row in rows])
    lines: list[Amount] = []
    for row in rows:
        for item in row.items.all():
            amount = min(item.amount, owed.get((row.household_id, item.product_id), 0))
            if amount:
                lines += moved(owed_to(row.household), PROMISES, amount, item.product_id)
    return lines


def _unpromised(row: Parcel, item: ParcelItem, amount: int) -> list[Amount]:
    promised = min(amount, _owed(row.book, [row.household_id]).get((row.household_id, item.product_id), 0))
    lines: list[Amount] = []
    if promised:
        lines += moved(owed_to(row.household), PROMISES, promised, item.product_id)
    before = price_of(item.amount, item.price_fen)
    fen = before - price_of(item.amount - amount, item.price_fen)
    if fen:
        lines += moved(due_from(row.household), SALES, fen)
    return lines


def _owed(book: Book, households: Sequence[UUID]) -> dict[tuple[UUID, UUID], int]:
    rows = Balance.objects.filter(
        account__book=book, account__kind=AccountKind.OWED, account__owner__in=households
    ).values_list("account__owner", "product", "amount")
    return {(owner, product): amount for owner, product, amount in rows}
