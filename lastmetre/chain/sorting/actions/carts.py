"""Bags onto carts by scan, and carts released; several phones at once, each scan counts once (ER3b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from lastmetre.chain.gate.queries.labels import parcel_of
from lastmetre.chain.ledger.actions.cases import open_case
from lastmetre.chain.ledger.actions.parcels import move, own_id
from lastmetre.chain.ledger.models import Handover, Parcel
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause, ParcelKind, Spot
from lastmetre.chain.orders.models import Round
from lastmetre.chain.sorting.actions.planning import RUN, plan_carts, plan_locked
from lastmetre.chain.sorting.models import CartRun, Placement
from lastmetre.chain.sorting.rules import (
    CartState,
    Outcome,
    Permission,
    check_move,
    check_release,
)
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

__all__ = ["Scanned", "plan_carts", "release", "reopen", "scan", "take", "undo"]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan came to: the bag's place, and its cart."""

    placement: Placement
    run: CartRun
    outcome: Outcome
    placed: int
    """Bags on the cart now."""
    total: int


def scan(
    row: Round,
    scanned: str,
    *,
    id: UUID,
    by: Actor,
    at: datetime,
    device_at: datetime | None = None,
    onto: UUID | None = None,
) -> Scanned:
    """Put the bag of a label on its cart, and say which; `onto` is the cart where a phone offline said so.

    The same scan sent again, or the same bag scanned by two phones, counts once. Raises InputError with a
    sentence for a label that does not fit, a bag that was not taken in at the gate, a cart that has gone.
    """
    by.must(Permission.SORT, path=row.path)
    parcel = parcel_of(row, scanned, at=at)
    if parcel.kind == ParcelKind.BOX:
        raise InputError(say("This is a box."), remedy=say("Open it and scan the bags in it, one by one."))
    with acting_as(SYSTEM):
        place = _place_of(row, parcel, by=by, at=at)
        run = CartRun.objects.select_for_update().get(pk=place.run_id)
        id = own_id(id, parcel)
        if Handover.objects.filter(pk=id).exists():
            return _scanned(place, run, Outcome.AGAIN)
        # Locked after its cart, as in `release`: read again what it is by now.
        parcel = Parcel.objects.select_for_update(of=("self",)).select_related("account").get(pk=parcel.pk)
        if parcel.account.kind == AccountKind.CART and parcel.ended_at is None:
            if onto is None or onto == run.pk:
                return _scanned(place, run, Outcome.AGAIN)
            _conflict(row, parcel, scan_id=id, by=by, at=at)
            return _scanned(place, run, Outcome.CONFLICT)
        _check_at_gate(parcel)
        run = _chosen(row, place, run, onto)
        if run.state != CartState.OPEN:
            raise _gone(run)
        move(
            row.book,
            [parcel.pk],
            to=Spot(AccountKind.CART, run.pk),
            holder=by.key,
            cause=Cause.SORTED,
            by=by,
            at=at,
            ids={parcel.pk: id},
            device_at=device_at,
            only_from=(AccountKind.GATE,),
        )
        place.placed_at, place.placed_by = at, by.key
        place.save(update_fields=["run", "carry", "placed_at", "placed_by"])
    return _scanned(place, run, Outcome.PLACED)


def undo(placement: Placement, *, id: UUID, by: Actor, at: datetime) -> Placement:
    """Take a bag off a cart again: a scan that was wrong. Twice is once; not from a cart that was released."""
    by.must(Permission.SORT, path=placement.run.path)
    with acting_as(SYSTEM):
        run = (
            CartRun.objects.select_for_update(of=("self",))
            .select_related("round__book")
            .get(pk=placement.run_id)
        )
        held = (
            Placement.objects.select_for_update(of=("self",))
            .select_related("parcel__account")
            .get(pk=placement.pk)
        )
        if held.placed_at is None or Handover.objects.filter(pk=id).exists():
            return held
        if run.state != CartState.OPEN:
            raise _gone(run)
        move(
            run.round.book,
            [held.parcel_id],
            to=Spot(AccountKind.GATE),
            holder=by.key,
            cause=Cause.TAKEN_BACK,
            by=by,
            at=at,
            ids={held.parcel_id: id},
            only_from=(AccountKind.CART,),
        )
        held.placed_at, held.placed_by = None, ""
        held.save(update_fields=["placed_at", "placed_by"])
    return held


def release(run: CartRun, *, note: str = "", by: Actor, at: datetime) -> CartRun:
    """Let a cart go: complete, or with a note why not. Twice is once."""
    by.must(Permission.SORT, path=run.path)
    with acting_as(SYSTEM):
        held = _locked(run)
        if held.state != CartState.OPEN:
            return held
        missing = waiting_on(held)
        if not Placement.objects.filter(run=held, placed_at__isnull=False).exists():
            raise InputError(
                say("Cart {number} is empty.", number=f"{held.number:02}"),
                remedy=say("Scan a bag onto it first."),
            )
        check_release(held.number, missing, note)
        held.state, held.released_at, held.released_by = CartState.RELEASED, at, by.key
        held.note = note.strip()[:200]
        held.save(update_fields=["state", "released_at", "released_by", "note"])
        record("released", RUN, held.pk, by=by, at=at, path=held.path, missing=missing)
    return held


def reopen(run: CartRun, *, by: Actor, at: datetime) -> CartRun:
    """Take back that a cart was released, while nobody has taken it. Twice is once."""
    by.must(Permission.SORT, path=run.path)
    with acting_as(SYSTEM):
        held = _locked(run)
        if held.state == CartState.OPEN:
            return held
        check_move(held.number, CartState(held.state), CartState.OPEN)
        held.state, held.released_at, held.released_by, held.note = CartState.OPEN, None, "", ""
        held.save(update_fields=["state", "released_at", "released_by", "note"])
        record("took back", RUN, held.pk, by=by, at=at, path=held.path)
    return held


def take(run: CartRun, *, holder: str, by: Actor, at: datetime) -> CartRun:
    """Give a released cart into somebody's hands, with all its bags; the caller has checked what `by` may do."""
    with acting_as(SYSTEM):
        held = _locked(run)
        if held.state == CartState.TAKEN:
            return held
        check_move(held.number, CartState(held.state), CartState.TAKEN)
        bags = list(
            Parcel.objects.filter(
                account__kind=AccountKind.CART, account__owner=held.pk, ended_at__isnull=True
            ).values_list("pk", flat=True)
        )
        spot = Spot(AccountKind.CART, held.pk)
        move(held.round.book, bags, to=spot, holder=holder, cause=Cause.HELD, by=by, at=at)
        held.state, held.taken_at, held.taken_by = CartState.TAKEN, at, holder
        held.save(update_fields=["state", "taken_at", "taken_by"])
        record("handed over", RUN, held.pk, by=by, at=at, path=held.path, bags=len(bags))
    return held


def waiting_on(run: CartRun) -> int:
    """Count the bags that belong on a cart, have not ended and were not put on it; within SYSTEM."""
    return Placement.objects.filter(run=run, placed_at__isnull=True, parcel__ended_at__isnull=True).count()


def _locked(run: CartRun) -> CartRun:
    return CartRun.objects.select_for_update(of=("self",)).select_related("round__book").get(pk=run.pk)


def _place_of(row: Round, parcel: Parcel, *, by: Actor, at: datetime) -> Placement:
    """Return the place of a bag; the carts are planned, or the bag joins one, where it has none yet."""
    found = Placement.objects.filter(parcel=parcel).first()
    if found is None:
        _check_at_gate(parcel)
        held = Round.objects.select_for_update(of=("self",)).select_related("book", "place").get(pk=row.pk)
        if not Placement.objects.filter(parcel=parcel).exists():  # another phone may have planned meanwhile
            plan_locked(held, by=by, at=at)
        found = Placement.objects.get(parcel=parcel)
    return found


def _chosen(row: Round, place: Placement, planned: CartRun, onto: UUID | None) -> CartRun:
    """Return the cart on which a bag lies in fact: a phone offline may have followed an older plan."""
    if onto is None or onto == planned.pk:
        return planned
    other = CartRun.objects.select_for_update().filter(pk=onto, round=row).first()
    if other is None or other.state != CartState.OPEN:
        return planned
    place.run, place.carry = other, Placement.objects.filter(run=other).count() + 1
    return other


def _check_at_gate(parcel: Parcel) -> None:
    if parcel.ended_at is not None:
        raise InputError(
            say("Bag {code} was finished already.", code=parcel.code),
            remedy=say("Look up its history; if that is wrong, open a case."),
        )
    if parcel.account.kind in (AccountKind.PACKED, AccountKind.VEHICLE, AccountKind.SUPPLY):
        raise InputError(
            say("Bag {code} was not counted in at the gate.", code=parcel.code),
            remedy=say("Count it in at the gate first, then scan it here."),
        )
    if parcel.account.kind not in (AccountKind.GATE, AccountKind.CART):
        raise InputError(
            say("Bag {code} is somewhere else.", code=parcel.code),
            remedy=say("Look up where it is, and who has it."),
        )


def _gone(run: CartRun) -> InputError:
    return InputError(
        say("Cart {number} was released already.", number=f"{run.number:02}"),
        remedy=say("Open it again first, or give the bag to whoever takes the cart."),
    )


def _conflict(row: Round, parcel: Parcel, *, scan_id: UUID, by: Actor, at: datetime) -> None:
    open_case(
        book=row.book, kind=CaseKind.CONFLICT, parcel=parcel, id=uuid5(scan_id, "conflict"), by=by, at=at
    )


def _scanned(place: Placement, run: CartRun, outcome: Outcome) -> Scanned:
    with acting_as(SYSTEM):
        rows = Placement.objects.filter(run=run)
        gone = rows.filter(placed_at__isnull=True, parcel__ended_at__isnull=False).count()
        placed = rows.filter(placed_at__isnull=False).count()
        return Scanned(place, run, outcome, placed, rows.count() - gone)
