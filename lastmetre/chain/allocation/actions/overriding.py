"""Changing shares after the sharing: each change posts its difference and says why, to everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lastmetre.chain.allocation.actions.promising import Change, bill_lines, promise_lines
from lastmetre.chain.allocation.actions.sharing import locked_round
from lastmetre.chain.allocation.models import CaseOrder, Revision, Share
from lastmetre.chain.allocation.rules import (
    CAN_OVERRIDE,
    Permission,
    Supply,
    check_quantity,
    check_state,
    check_why,
    handing,
    room,
)
from lastmetre.chain.ledger.actions.posting import check_open, post
from lastmetre.chain.ledger.models import Book, Parcel, ParcelItem
from lastmetre.chain.ledger.rules import Cause, ParcelKind, units
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

SHARE = "allocation.share"


def override_share(share: Share, *, quantity: Decimal, why: str, by: Actor, at: datetime) -> Share:
    """Give a household more or less than the rule says, within what there is; everybody reads why.

    Promise and bill change with it. The same quantity again changes nothing.
    """
    by.must(Permission.DECIDE, path=share.allocation.path)
    said = check_why(why)
    with acting_as(SYSTEM):
        row = locked_round(share.allocation.round_id)
        state = RoundState(row.state)
        held = shares_locked(row).get(pk=share.pk)
        if held.got == quantity:
            return held
        check_state(state, CAN_OVERRIDE)
        order = CaseOrder.objects.select_for_update().get(allocation=held.allocation_id, item=held.item_id)
        supply = supply_of(order)
        most = room(supply, state)
        check_quantity(quantity, step=held.item.product.step, most=most, before=held.got)
        least = packed(row.book, held.item.product_id).get(held.request.household_id, Decimal(0))
        if quantity < held.got and quantity < least:
            raise InputError(
                say("{packed} are in the household's bag already.", packed=f"{least.normalize():f}"),
                remedy=say("Take it out of the bag, and say so there."),
            )
        before = held.got
        revise(row, {held: quantity}, Cause.CORRECTED, said, by=by, at=at)
        keep_supply(order, handing(supply, supply.handed + quantity - before, state))
        held.overridden_at, held.overridden_by = at, by.key
        held.save(update_fields=["overridden_at", "overridden_by"])
        record(
            *("overrode", SHARE, held.pk),
            by=by,
            at=at,
            path=held.path,
            why=said,
            got=[str(before.normalize() + 0), str(quantity.normalize() + 0)],
        )
        _tell(row, held, before, by=by, at=at)
    return held


def _tell(row: Round, share: Share, before: Decimal, *, by: Actor, at: datetime) -> None:
    notify(
        NoticeKind.SHARED,
        sentence=say(
            "{title}: you now get {got} of {good} instead of {before}. Your page says why.",
            title=row.title,
            got=f"{share.got.normalize():f}",
            good=share.item.product.name,
            before=f"{before.normalize():f}",
        ),
        places=[share.request.household.place],
        by=by,
        at=at,
        row=row,
    )


def shares_locked(row: Round) -> QuerySet[Any]:
    """Return the shares of the sharing in force, as rows to be chosen from and held; within SYSTEM."""
    return (
        Share.objects.select_for_update(of=("self",))
        .select_related("allocation", "request__household__place", "item__product")
        .filter(allocation__round=row, allocation__undone_at=None)
        .order_by("pk")
    )


def revise(
    row: Round, after: Mapping[Share, Decimal], cause: Cause, words: str, *, by: Actor, at: datetime
) -> None:
    """Set shares, post what that changes and keep why; all of one allocation, within SYSTEM."""
    check_open(row.book)
    changed = {share: got for share, got in after.items() if share.got != got}
    if not changed:
        return
    changes = _changes(row, changed)
    thing = next(iter(changed)).allocation_id
    if lines := promise_lines(changes):
        post(row.book, lines, cause=cause, by=by, at=at, thing=thing)
    if lines := bill_lines(changes):
        post(row.book, lines, cause=cause, by=by, at=at, thing=thing)
    Revision.objects.bulk_create(
        [
            Revision(
                response=response_for(share.path),
                share=share,
                place_id=share.place_id,
                path=share.path,
                before=share.got,
                after=got,
                cause=cause,
                words=words,
                at=at,
                by=by.key,
            )
            for share, got in changed.items()
        ]
    )
    for share, got in changed.items():
        share.got = got
    Share.objects.bulk_update(changed, ["got"], batch_size=1000)


def _changes(row: Round, changed: Mapping[Share, Decimal]) -> list[Change]:
    """Gather what each household gets of a product in all: its bill is rounded once."""
    homes = {share.request_id: share.request.household for share in changed}
    items = {share.item_id: share.item for share in changed}
    sums: dict[tuple[UUID, UUID], Decimal] = defaultdict(Decimal)
    rows = Share.objects.filter(
        allocation=next(iter(changed)).allocation_id, request__in=homes, item__in=items
    )
    for request, item, got in rows.values_list("request", "item", "got"):
        sums[request, item] += got
    differences: dict[tuple[UUID, UUID], Decimal] = defaultdict(Decimal)
    for share, got in changed.items():
        differences[share.request_id, share.item_id] += got - share.got
    return [
        Change(
            homes[request],
            items[item].product_id,
            items[item].price_fen,
            sums[request, item],
            sums[request, item] + difference,
        )
        for (request, item), difference in differences.items()
    ]


def packed(book: Book, product: UUID) -> dict[UUID, Decimal]:
    """Return what lies in each household's bag already, in sale units; one query."""
    bags = Parcel.objects.filter(book=book, kind=ParcelKind.BAG, ended_at=None)
    rows = ParcelItem.objects.filter(parcel__in=bags, product=product)
    return {home: units(amount) for home, amount in rows.values_list("parcel__household", "amount")}


def supply_of(order: CaseOrder) -> Supply:
    """Return what is ordered of a good, as the rules count it."""
    return Supply(order.stock, order.handed, order.case_size, order.cases, order.spare)


def keep_supply(order: CaseOrder, supply: Supply) -> None:
    """Write what is ordered of a good now."""
    order.stock, order.handed, order.cases, order.spare = (
        supply.stock,
        supply.handed,
        supply.cases,
        supply.spare,
    )
    order.save(update_fields=["stock", "handed", "cases", "spare"])


def order_of(row: Round, item: RoundItem) -> CaseOrder:
    """Return what is ordered of a good, held until the end; within SYSTEM."""
    return CaseOrder.objects.select_for_update().get(
        allocation__round=row, allocation__undone_at=None, item=item
    )
