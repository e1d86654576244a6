"""Loads: announced, loaded, left, arrived. Every bag in a vehicle is held by its driver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import move
from lastmetre.chain.ledger.models import Book, Parcel
from lastmetre.chain.ledger.queries.parcels import find_parcel
from lastmetre.chain.ledger.rules import AccountKind, Cause, ParcelKind, Spot
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.purchase.actions.packing import hand_over
from lastmetre.chain.purchase.queries.orders import order_of
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.queries.drivers import drivers_for
from lastmetre.chain.transport.queries.loads import aboard, may_drive, may_ring_driver, packed_bags
from lastmetre.chain.transport.rules import (
    LoadState,
    Permission,
    Vehicle,
    check_count,
    check_move,
    checked_plate,
)
from lastmetre.ground.journal.actions import record, reveal
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

LOAD = "transport.load"
NOT_GONE = (
    RoundState.ORDERED,
    RoundState.PACKED,
    RoundState.UNDERWAY,
    RoundState.ARRIVED,
    RoundState.DELIVERING,
)
"""Rounds for which a vehicle may still come: the second one may load when the first has arrived."""


def announce(
    row: Round,
    vehicle: Vehicle,
    *,
    expected_at: datetime,
    by: Actor,
    at: datetime,
    id: UUID | None = None,
) -> Load:
    """Say which vehicle brings the goods of a round, and when it is expected at the gate.

    Twice with one id is one load. Raises InputError for no plate, a time that is past, a round too early or late;
    UnusualPlate for a plate of no usual form of which the vehicle does not say that it reads so.
    """
    by.must(Permission.DISPATCH, path=row.path, organisation=row.supplier_id)
    plate = checked_plate(vehicle.plate, sure_of=vehicle.sure_of)
    vehicle = _named(row, vehicle, at)
    with acting_as(SYSTEM):
        if id is not None and (known := Load.objects.filter(pk=id, round=row).first()):
            return known
        held = Round.objects.select_for_update().get(pk=row.pk)
        if RoundState(held.state) not in NOT_GONE:
            raise InputError(
                say("No vehicle can be sent for this round now."),
                remedy=say("It must be with the supplier first; look at the round's page."),
            )
        if expected_at < at:
            raise InputError(
                say("The vehicle cannot be expected in the past."),
                remedy=say("Write when it will be at the gate."),
            )
        load = Load(
            id=id or new_id(),
            response=response_for(held.path),
            place_id=held.place_id,
            path=held.path,
            round=held,
            supplier_id=held.supplier_id,
            carrier_id=vehicle.carrier,
            is_own=vehicle.is_own,
            plate=plate,
            driver=vehicle.driver[:40],
            driver_name=vehicle.driver_name.strip()[:60],
            driver_phone=vehicle.driver_phone.strip()[:30],
            expected_at=expected_at,
            made_at=at,
            made_by=by.key,
        )
        load.save(force_insert=True)
        record("announced", LOAD, load.pk, by=by, at=at, path=held.path, own=vehicle.is_own)
    return load


def _named(row: Round, vehicle: Vehicle, at: datetime) -> Vehicle:
    """Fill in the name and number of a driver who has an account; raises InputError for anybody else's key."""
    if not vehicle.driver or (vehicle.driver_name and vehicle.driver_phone):
        return vehicle
    found = next((one for one in drivers_for(row, at=at) if one.key == vehicle.driver), None)
    if found is None:
        raise InputError(
            say("This person is no driver here."),
            remedy=say("Choose one from the list, or write name and telephone."),
        )
    return replace(
        vehicle,
        driver_name=vehicle.driver_name or found.full_name,
        driver_phone=vehicle.driver_phone or found.phone,
        carrier=vehicle.carrier or (found.firm if found.firm != row.supplier_id else None),
    )


def dispatch(
    row: Round,
    *,
    vehicle: Vehicle,
    expected_at: datetime,
    parcels: Sequence[UUID] | None = None,
    by: Actor,
    at: datetime,
    id: UUID | None = None,
) -> Load:
    """Announce a vehicle and put the packed bags into it: those named, or all."""
    load = announce(row, vehicle, expected_at=expected_at, by=by, at=at, id=id)
    put_in(load, parcels=parcels, by=by, at=at)
    return load


def put_in(
    load: Load,
    *,
    parcels: Sequence[UUID] | None = None,
    by: Actor,
    at: datetime,
    ids: Mapping[UUID, UUID] | None = None,
) -> int:
    """Put packed bags into a vehicle, those named or all; a box brings its bags. Returns how many bags moved.

    What is in the vehicle already is passed over: put in twice, it is in once.
    """
    by.must(Permission.DISPATCH, path=load.path, organisation=load.supplier_id)
    with acting_as(SYSTEM):
        load, book = _locked(load)
        check_move(LoadState(load.state), LoadState.UNDERWAY)
        named = _with_their_bags(load, parcels) if parcels is not None else packed_bags(load.round)
        spot, holder = Spot(AccountKind.VEHICLE, load.pk), holder_of(load)
        inside = set(aboard(load, with_boxes=True).values_list("pk", flat=True))
        wanted = [pk for pk in named if pk not in inside]
        if not wanted:
            return 0
        rows = move(
            book,
            wanted,
            to=spot,
            holder=holder,
            cause=Cause.LOADED,
            by=by,
            at=at,
            ids=ids,
            only_from=(AccountKind.PACKED,),
        )
        bags = sum(one.kind == ParcelKind.BAG for one in rows)
        record("loaded", LOAD, load.pk, by=by, at=at, path=load.path, bags=bags)
    return bags


def scan_in(load: Load, scanned: str, *, id: UUID, by: Actor, at: datetime) -> Parcel:
    """Put the bag or box of a label into the vehicle; the same scan sent again counts once."""
    by.must(Permission.DISPATCH, path=load.path, organisation=load.supplier_id)
    with acting_as(SYSTEM):
        parcel = find_parcel(load.round.book, scanned)
        if parcel is None:
            raise InputError(
                say("This label does not belong to this load."),
                remedy=say("Set the bag aside: it is for another compound, or not packed yet."),
            )
        put_in(load, parcels=[parcel.pk], by=by, at=at, ids={parcel.pk: id})
        parcel.refresh_from_db()
    return parcel


def take_out(load: Load, parcel: UUID, *, by: Actor, at: datetime) -> None:
    """Take a bag out of a vehicle that has not left: a scan that was wrong."""
    by.must(Permission.DISPATCH, path=load.path, organisation=load.supplier_id)
    with acting_as(SYSTEM):
        load, book = _locked(load)
        check_move(LoadState(load.state), LoadState.UNDERWAY)
        if not aboard(load, with_boxes=True).filter(pk=parcel).exists():
            return
        move(
            book,
            _with_their_bags(load, [parcel]),
            to=Spot(AccountKind.PACKED, load.supplier_id),
            holder=str(load.supplier_id),
            cause=Cause.TAKEN_BACK,
            by=by,
            at=at,
            only_from=(AccountKind.VEHICLE,),
        )


def leave(load: Load, *, by: Actor, at: datetime, counted: int | None = None) -> Load:
    """Let the vehicle leave; `counted` bags are held against the books. The round is on its way then."""
    check_may_drive(load, by=by)
    with acting_as(SYSTEM):
        load, _ = _locked(load)
        if load.state in (LoadState.UNDERWAY, LoadState.ARRIVED):
            return load
        check_move(LoadState(load.state), LoadState.UNDERWAY)
        bags = aboard(load).count()
        if not bags:
            raise InputError(
                say("Nothing has been put into this vehicle yet."),
                remedy=say("Scan the bags, or press “All of it is in”."),
            )
        check_count(counted, bags)
        load.state, load.left_at, load.left_by = LoadState.UNDERWAY, at, by.key
        load.save(update_fields=["state", "left_at", "left_by"])
        record("set off", LOAD, load.pk, by=by, at=at, path=load.path, bags=bags)
        if not packed_bags(load.round) and (order := order_of(load.round)):
            hand_over(order, by=by, at=at)
        # A second vehicle leaves when the first has perhaps arrived: the round stays as far as it is.
        if load.round.state == RoundState.PACKED:
            load.round = advance(load.round, RoundState.UNDERWAY, by=by, at=at)
    return load


def arrive(load: Load, *, by: Actor, at: datetime) -> Load:
    """Say that the vehicle stands at the gate. Twice is once."""
    check_may_drive(load, by=by)
    return mark_arrived(load, by=by, at=at)


def mark_arrived(load: Load, *, by: Actor, at: datetime) -> Load:
    """Write down that the vehicle stands at the gate; for `gate`, which has checked what the actor may do."""
    with acting_as(SYSTEM):
        load, _ = _locked(load)
        if load.state == LoadState.ARRIVED:
            return load
        check_move(LoadState(load.state), LoadState.ARRIVED)
        load.state, load.arrived_at, load.arrived_by = LoadState.ARRIVED, at, by.key
        load.save(update_fields=["state", "arrived_at", "arrived_by"])
        record("arrived", LOAD, load.pk, by=by, at=at, path=load.path)
    return load


def expect_at(load: Load, expected_at: datetime, *, by: Actor, at: datetime) -> Load:
    """Say that a vehicle comes at another time: the gate waits for it then."""
    check_may_drive(load, by=by)
    with acting_as(SYSTEM):
        load, _ = _locked(load)
        if load.state not in (LoadState.ANNOUNCED, LoadState.UNDERWAY) or expected_at < at:
            raise InputError(
                say("The time cannot be changed to that."), remedy=say("Write a time that lies ahead.")
            )
        load.expected_at = expected_at
        load.save(update_fields=["expected_at"])
        record("changed", LOAD, load.pk, by=by, at=at, path=load.path)
    return load


def correct_plate(load: Load, plate: str, *, sure_of: str = "", by: Actor, at: datetime) -> Load:
    """Write down that a vehicle bears another plate, also after it came. Twice is once; the journal keeps both.

    Raises InputError for no plate or a vehicle that does not come, UnusualPlate as `announce` does.
    """
    check_may_drive(load, by=by)
    plain = checked_plate(plate, sure_of=sure_of)
    with acting_as(SYSTEM):
        load, _ = _locked(load)
        if load.state == LoadState.CANCELLED:
            raise InputError(
                say("This vehicle does not come."), remedy=say("Announce the one that comes instead.")
            )
        before = load.plate
        if before != plain:
            load.plate = plain
            load.save(update_fields=["plate"])
            record("changed", LOAD, load.pk, by=by, at=at, path=load.path, plate=[before, plain])
    return load


def cancel(load: Load, *, by: Actor, at: datetime) -> Load:
    """Send no such vehicle; raises InputError while bags are in it."""
    by.must(Permission.DISPATCH, path=load.path, organisation=load.supplier_id)
    with acting_as(SYSTEM):
        load, _ = _locked(load)
        if load.state == LoadState.CANCELLED:
            return load
        check_move(LoadState(load.state), LoadState.CANCELLED)
        if aboard(load).exists():
            raise InputError(
                say("There are bags in this vehicle."), remedy=say("Take them out first, one by one.")
            )
        load.state, load.cancelled_at, load.cancelled_by = LoadState.CANCELLED, at, by.key
        load.save(update_fields=["state", "cancelled_at", "cancelled_by"])
        record("cancelled", LOAD, load.pk, by=by, at=at, path=load.path)
    return load


def holder_of(load: Load) -> str:
    """Return the key under which bags in the vehicle are held: the driver's, or the load's own."""
    return load.driver or str(load.pk)


def check_may_drive(load: Load, *, by: Actor) -> None:
    """Raise Denied for anybody but the load's driver, its carrier, its supplier, and the place's people."""
    if not may_drive(load, by):
        by.must(Permission.DRIVE, path=load.path, organisation=load.supplier_id)


def _locked(load: Load) -> tuple[Load, Book]:
    held = Load.objects.select_for_update(of=("self",)).select_related("round__book").get(pk=load.pk)
    return held, held.round.book


def _with_their_bags(load: Load, parcels: Sequence[UUID]) -> list[UUID]:
    inside = Parcel.objects.filter(box__in=parcels, book=load.round.book_id, ended_at=None)
    return list(dict.fromkeys([*parcels, *inside.values_list("pk", flat=True)]))


def reveal_driver(load: Load, *, by: Actor, at: datetime) -> Load:
    """Show a driver's name and number; leaves a line, and counts towards the alarm of bulk reading."""
    if by.key != load.driver and not may_ring_driver(load, by):
        by.must(Permission.DISPATCH, path=load.path, organisation=load.supplier_id)
    if not load.driver_phone:
        raise InputError(
            say("No number of this vehicle's driver is known."), remedy=say("Ring the supplier instead.")
        )
    reveal(LOAD, load.pk, by=by, at=at, path=load.path)
    return load
