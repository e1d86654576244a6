"""A vehicle is announced, loaded, leaves and arrives; every bag in it is in the driver's hands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from gate_parts import on_its_way
from relay import Relay

from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.balances import totals
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.transport.actions.loads import (
    announce,
    arrive,
    cancel,
    correct_plate,
    dispatch,
    leave,
    mark_arrived,
    put_in,
    scan_in,
    take_out,
)
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.queries.loads import aboard, brought, loading_of, trips_of
from lastmetre.chain.transport.rules import LoadState, UnusualPlate, Vehicle, checked_plate, plain_plate
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.people.catalogue import CATALOGUE
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind, Denied, Grant
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

HOUR = timedelta(hours=1)
VEHICLE = Vehicle(" 豫a·12345 ", "刘洋", "13600000001")


def driver_of() -> Actor:
    """A driver of nobody's firm, who sees no place."""
    permissions = next(one for one in CATALOGUE if one.code == "driver").permissions
    return Actor(str(new_id()), ActorKind.STAFF, grants=(Grant(permissions, organisation=new_id()),))


def announced(relay: Relay, vehicle: Vehicle = VEHICLE) -> Load:
    """A load of the round's supplier, an hour from now."""
    clerk = relay.supplier()
    with acting_as(clerk) as now:
        return announce(relay.round, vehicle, expected_at=now + HOUR, by=clerk, at=now)


def test_all_bags_go_into_the_vehicle_and_into_the_drivers_hands(relay: Relay) -> None:
    driver = driver_of()
    relay.packed()
    clerk = relay.supplier()
    vehicle = Vehicle("豫A12345", "刘洋", "13600000001", driver=driver.key)
    with acting_as(clerk) as now:
        load = dispatch(relay.round, vehicle=vehicle, expected_at=now + HOUR, by=clerk, at=now)
    with acting_as(SYSTEM):
        assert {bag.holder for bag in aboard(load)} == {driver.key}
        found = totals(relay.round.book)
        kinds = {kind for kind, product in found if product}
        assert AccountKind.PACKED not in kinds
        assert found[AccountKind.VEHICLE, relay.shop.product["E1"].pk] == 5000
    with acting_as(driver) as now:
        (trip,) = trips_of(driver)
        assert trip.plate == "豫A12345"
        leave(trip, by=driver, at=now, counted=3)
        assert leave(trip, by=driver, at=now).state == LoadState.UNDERWAY  # twice is once
        assert arrive(trip, by=driver, at=now + HOUR).state == LoadState.ARRIVED
    with acting_as(SYSTEM):
        assert Round.objects.get(pk=relay.round.pk).state == "underway"
        assert brought(load).count() == 3


@pytest.mark.usefixtures("packed")
def test_a_scan_sent_twice_counts_once(relay: Relay) -> None:
    load, clerk, scan = announced(relay), relay.supplier(), new_id()
    with acting_as(SYSTEM):
        qr = qr_of(relay.bag["101"])
    for _ in range(2):
        with acting_as(clerk) as now:
            scan_in(load, qr, id=scan, by=clerk, at=now)
    found = loading_of(load)
    assert (found.aboard, found.packed) == (1, 2)
    with acting_as(SYSTEM):
        assert relay.bag["101"].handovers.count() == 2  # packed, loaded
    with acting_as(clerk) as now:
        take_out(load, relay.bag["101"].pk, by=clerk, at=now)
        take_out(load, relay.bag["101"].pk, by=clerk, at=now)
    assert loading_of(load).aboard == 0


@pytest.mark.usefixtures("packed")
def test_the_rest_follows_in_a_second_vehicle(relay: Relay) -> None:
    clerk, first, second = relay.supplier(), announced(relay), announced(relay, Vehicle("豫B00001"))
    with acting_as(clerk) as now:
        put_in(first, parcels=[relay.bag["101"].pk], by=clerk, at=now)
        leave(first, by=clerk, at=now)
        put_in(second, by=clerk, at=now)
        assert put_in(second, by=clerk, at=now) == 0
        leave(second, by=clerk, at=now, counted=2)
        mark_arrived(second, by=SYSTEM, at=now)
    with acting_as(SYSTEM):
        assert (brought(first).count(), brought(second).count()) == (1, 2)


@pytest.mark.parametrize("plate", ["", "  ", "x", "=CMD()", "豫" * 13])
@pytest.mark.usefixtures("packed")
def test_no_plate_is_refused(relay: Relay, plate: str) -> None:
    with pytest.raises(InputError, match="no number plate"):
        announced(relay, Vehicle(plate))


@pytest.mark.usefixtures("packed")
def test_what_cannot_leave_is_refused_with_a_sentence(relay: Relay) -> None:
    load, clerk = announced(relay), relay.supplier()
    with acting_as(clerk) as now:
        with pytest.raises(InputError, match="Nothing has been put into"):
            leave(load, by=clerk, at=now)
        with pytest.raises(InputError, match="does not belong to this load"):
            scan_in(load, "2222-2222", id=new_id(), by=clerk, at=now)
        put_in(load, by=clerk, at=now)
        with pytest.raises(InputError, match="You counted 2 bags; 3 are in the books"):
            leave(load, by=clerk, at=now, counted=2)
        with pytest.raises(InputError, match="There are bags in this vehicle"):
            cancel(load, by=clerk, at=now)
        with pytest.raises(InputError, match="in the past"):
            announce(relay.round, VEHICLE, expected_at=now - HOUR, by=clerk, at=now)


def test_no_vehicle_comes_before_the_supplier_has_the_order(relay: Relay) -> None:
    with pytest.raises(InputError, match="No vehicle can be sent"):
        announced(relay)


@pytest.mark.usefixtures("packed")
def test_only_the_named_driver_sees_and_moves_a_load(relay: Relay) -> None:
    load, other = announced(relay), driver_of()
    with acting_as(other) as now:
        assert trips_of(other) == []
        assert not Load.objects.exists()
        with pytest.raises(Denied):
            arrive(load, by=other, at=now)
    volunteer = relay.staff("volunteer")
    with acting_as(volunteer) as now, pytest.raises(Denied):
        put_in(load, by=volunteer, at=now)
    with acting_as(SYSTEM):
        assert not aboard(load).exists()
        assert Parcel.objects.filter(account__kind=AccountKind.PACKED).count() == 3


@pytest.mark.usefixtures("packed")
def test_a_vehicle_that_was_cancelled_stays_so(relay: Relay) -> None:
    load, clerk = announced(relay), relay.supplier()
    with acting_as(clerk) as now:
        cancel(load, by=clerk, at=now)
        assert cancel(load, by=clerk, at=now).state == LoadState.CANCELLED
        with pytest.raises(InputError, match="cancelled: it cannot become"):
            put_in(load, by=clerk, at=now)


@pytest.mark.parametrize(
    "plate",
    "豫A12345 豫AD12345 豫A12345D 豫a·1234警 豫A1234挂 豫A2107学 粤Z1234港 沪A0023领 使224578 WJ豫12345 豫Ａ１２３４５".split(),
)
def test_a_plate_of_a_known_form_is_taken_at_once(plate: str) -> None:
    assert checked_plate(plate) == plain_plate(plate)


@pytest.mark.parametrize("plate", ["豫A123", "豫A1234567", "豫AI2345", "A12345", "白色面包车", "豫Q12O45"])
@pytest.mark.usefixtures("packed")
def test_any_other_plate_is_asked_about_once_and_never_refused(relay: Relay, plate: str) -> None:
    with pytest.raises(UnusualPlate, match="stand on the vehicle"):
        announced(relay, Vehicle(plate))
    with pytest.raises(UnusualPlate):
        announced(relay, Vehicle(plate, sure_of="豫A12"))
    assert announced(relay, Vehicle(plate, sure_of=plate)).plate == plate


def test_a_wrong_plate_is_corrected_even_at_the_gate_and_the_journal_keeps_both(relay: Relay) -> None:
    load = on_its_way(relay, plate="豫A12354")
    driver = relay.staff("liaison")
    with acting_as(driver) as now:
        arrive(load, by=driver, at=now)
        for _ in range(2):
            assert correct_plate(load, "豫A12345", by=driver, at=now).plate == "豫A12345"
        with pytest.raises(UnusualPlate):
            correct_plate(load, "豫A123", by=driver, at=now)
    with acting_as(SYSTEM):
        (line,) = Entry.objects.filter(verb="changed", kind="transport.load")
    assert line.detail["plate"] == ["豫A12354", "豫A12345"]
