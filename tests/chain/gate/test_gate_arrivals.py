"""What arrives is taken in by a named person, counted once by scan, and missing is not lost (issue 4, point 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from actors import person_with
from gate_parts import HOUR, bag_of, goods_in, on_its_way, open_cases, scans, taken_in
from relay import Relay

from lastmetre.chain.gate.actions.counting import count_all
from lastmetre.chain.gate.actions.receiving import finish, hand_over, receive
from lastmetre.chain.gate.actions.waiting import look_at_fresh
from lastmetre.chain.gate.actions.wrong import damage, report_missing, settle_missing
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.gate.queries.arrivals import not_counted, standing_at, standing_of
from lastmetre.chain.gate.rules import Outcome, Stage, may_wait
from lastmetre.chain.ledger.actions.parcels import NewParcel, lose, make_parcels, move, put_in_box
from lastmetre.chain.ledger.models import Case, Handover
from lastmetre.chain.ledger.queries.balances import due_by_household
from lastmetre.chain.ledger.rules import AccountKind, Cause, Spot
from lastmetre.chain.orders.models import Round
from lastmetre.chain.transport.actions.loads import announce
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.rules import Vehicle
from lastmetre.ground.goods.models import Product
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.codes import short_code
from lastmetre.terms import InputError
from lastmetre.web.day import run_due

MINUTE = timedelta(minutes=1)


def test_a_load_goes_from_expected_to_released_and_into_the_holders_hands(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    load = on_its_way(relay)
    with acting_as(keeper):
        (expected,) = standing_at("d.s.c.k")
        assert (expected.stage, expected.waiting, expected.plate) == (Stage.EXPECTED, 3, "豫A12345")
    arrival = taken_in(relay, keeper, load)
    with acting_as(SYSTEM):
        assert Round.objects.get(pk=relay.round.pk).state == "arrived"
        assert Load.objects.get(pk=load.pk).state == "arrived"
    for room in ("101", "102"):
        assert scans(relay, arrival, room, by=keeper).outcome is Outcome.COUNTED
    with acting_as(keeper):
        standing = standing_of(arrival)
        assert (standing.stage, standing.counted, standing.total) == (Stage.ARRIVED, 2, 3)
    scans(relay, arrival, "201", by=keeper)
    with acting_as(keeper) as now:
        assert standing_of(arrival).stage is Stage.COUNTED
        finish(arrival, by=keeper, at=now)
        finish(arrival, by=keeper, at=now)  # twice is once
        assert standing_of(arrival).stage is Stage.FINISHED
    assert bag_of(relay, "101").holder == keeper.key
    assert goods_in(relay, AccountKind.GATE) == 3000 + 3000 + 3500
    assert goods_in(relay, AccountKind.VEHICLE) == 0
    assert open_cases() == []


def test_two_phones_and_a_lost_answer_count_once_and_say_who_was_first(relay: Relay) -> None:
    keeper, other = (
        relay.staff(
            "gate_keeper", key=str(person_with(place=relay.round.place, name="王强", account=False).pk)
        ),
        relay.staff("receiver"),
    )
    arrival, id = taken_in(relay, keeper), new_id()
    scans(relay, arrival, "101", by=keeper, id=id)
    assert scans(relay, arrival, "101", by=keeper, id=id).outcome is Outcome.AGAIN
    again = scans(relay, arrival, "101", by=other)
    assert (again.outcome, again.bags) == (Outcome.AGAIN, 0)
    assert again.who.startswith("王")
    assert again.at is not None
    with acting_as(SYSTEM):
        assert Handover.objects.filter(parcel=relay.bag["101"], cause=Cause.ARRIVED).count() == 1


def test_taken_in_twice_is_once(relay: Relay) -> None:
    keeper, load = relay.staff("gate_keeper"), on_its_way(relay)
    first = taken_in(relay, keeper, load)
    assert taken_in(relay, relay.staff("receiver"), load).pk == first.pk
    with acting_as(SYSTEM):
        assert Arrival.objects.get().holder == keeper.key


def test_what_is_missing_stays_in_the_vehicle_until_its_case_is_settled(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    arrival = taken_in(relay, keeper)
    scans(relay, arrival, "101", by=keeper)
    with acting_as(keeper) as now:
        with pytest.raises(InputError, match="2 bags have not been counted"):
            finish(arrival, by=keeper, at=now)
        finish(arrival, missing=2, by=keeper, at=now)
    assert open_cases() == ["missing", "missing"]
    assert bag_of(relay, "201").account.kind == AccountKind.VEHICLE
    assert bag_of(relay, "201").ended_at is None
    # The driver finds one behind the seat: it is counted in, and its case settles itself.
    scans(relay, arrival, "102", by=keeper)
    assert open_cases() == ["missing"]
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        case = Case.objects.get(settled_at=None)
        for _ in range(2):
            settle_missing(case, is_found=False, by=liaison, at=now)
    lost = bag_of(relay, "201")
    assert (lost.account.kind, lost.end_cause) == ("loss", "missing")
    with acting_as(SYSTEM):
        assert due_by_household(relay.round.book).get(relay.household["201"].pk, 0) == 0
    assert open_cases() == []


def test_a_missing_bag_that_is_found_comes_to_the_gate(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    arrival = taken_in(relay, keeper)
    with acting_as(keeper) as now:
        finish(arrival, missing=3, by=keeper, at=now)
        for case in Case.objects.all():
            settle_missing(case, is_found=True, by=keeper, at=now)
        assert standing_of(arrival).counted == 3
    assert open_cases() == []
    assert goods_in(relay, AccountKind.VEHICLE) == 0


def test_counted_by_hand_only_where_the_number_is_right(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    arrival = taken_in(relay, keeper)
    scans(relay, arrival, "101", by=keeper)
    with acting_as(keeper) as now:
        with pytest.raises(InputError, match="You counted 2 bags; 3 must come"):
            count_all(arrival, counted=2, by=keeper, at=now)
        assert count_all(arrival, counted=3, by=keeper, at=now) == 2
        assert count_all(arrival, counted=3, by=keeper, at=now) == 0
        assert not not_counted(arrival).exists()


def test_a_box_brings_its_bags_and_one_that_was_not_in_it_is_missing(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    relay.packed()
    with acting_as(SYSTEM) as now:
        (box,) = make_parcels(
            relay.round.book,
            [NewParcel(1, short_code(b"boxes", "1"))],
            at_spot=Spot(AccountKind.PACKED, relay.shop.supplier.pk),
            holder="packer",
            by=SYSTEM,
            at=now,
        )
        put_in_box(box, [relay.bag["101"].pk, relay.bag["102"].pk], by=SYSTEM, at=now)
    arrival = taken_in(relay, keeper)
    assert scans(relay, arrival, box.code, by=keeper).bags == 2
    assert scans(relay, arrival, box.code, by=keeper).outcome is Outcome.AGAIN
    assert scans(relay, arrival, "102", by=keeper).outcome is Outcome.AGAIN
    with acting_as(keeper) as now:
        report_missing(arrival, relay.bag["102"].pk, by=keeper, at=now)
        report_missing(arrival, relay.bag["102"].pk, by=keeper, at=now)
    assert open_cases() == ["missing"]
    assert bag_of(relay, "102").account.kind == AccountKind.GATE


def test_damage_is_taken_off_the_bill_and_what_is_whole_goes_on(relay: Relay) -> None:
    keeper, id = relay.staff("gate_keeper"), new_id()
    arrival = taken_in(relay, keeper)
    eggs = relay.shop.product["E1"].pk
    for _ in range(2):
        with acting_as(keeper) as now:
            damage(
                arrival, relay.bag["102"].pk, contents={eggs: 1000}, words="碎了", id=id, by=keeper, at=now
            )
    with acting_as(SYSTEM):
        assert due_by_household(relay.round.book)[relay.household["102"].pk] == 7470 - 2490
    assert (bag_of(relay, "102").account.kind, bag_of(relay, "102").ended_at) == (AccountKind.GATE, None)
    assert goods_in(relay, AccountKind.LOSS) == 1000
    assert open_cases() == ["damaged"]
    with acting_as(keeper) as now:
        damage(arrival, relay.bag["101"].pk, id=new_id(), by=keeper, at=now)
        with pytest.raises(InputError, match="not so much in the bag"):
            damage(arrival, relay.bag["102"].pk, contents={eggs: 9000}, id=new_id(), by=keeper, at=now)
        with pytest.raises(InputError, match="Nothing of it is damaged"):
            damage(arrival, relay.bag["102"].pk, contents={eggs: 0}, id=new_id(), by=keeper, at=now)
    assert bag_of(relay, "101").end_cause == "damaged"


def test_the_goods_go_into_another_persons_hands_and_their_clock_starts_anew(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    person = person_with(place=relay.round.place, name="王强", account=False)
    arrival = taken_in(relay, keeper)
    scans(relay, arrival, "101", by=keeper)
    with acting_as(keeper) as now:
        later = now + HOUR
        held = hand_over(arrival, holder=str(person.pk), by=keeper, at=later)
        assert hand_over(arrival, holder=str(person.pk), by=keeper, at=later + HOUR).held_since == later
        assert standing_of(held).holder.startswith("王")
        for unknown in (str(new_id()), "nobody", "\x00"):
            with pytest.raises(InputError, match="not known here"):
                hand_over(arrival, holder=unknown, by=keeper, at=later)
    scans(relay, arrival, "102", by=keeper)  # counted later: in the same hands
    assert {bag_of(relay, room).holder for room in ("101", "102")} == {str(person.pk)}


def test_bags_that_came_without_a_scan_at_the_supplier_or_in_another_vehicle_count_where_they_are(
    relay: Relay,
) -> None:
    keeper = relay.staff("gate_keeper")
    first = on_its_way(relay, "101")
    second = on_its_way(relay, "102", plate="豫B00001")  # 201 is in nobody's vehicle
    arrival = taken_in(relay, keeper, first)
    for room in ("101", "102", "201"):
        assert scans(relay, arrival, room, by=keeper).outcome is Outcome.COUNTED
    other = taken_in(relay, keeper, second)
    with acting_as(keeper) as now:
        assert standing_of(other).total == 0
        finish(other, by=keeper, at=now)
        assert standing_of(arrival).counted == 3


def test_somebody_who_comes_unannounced_is_taken_in_too(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    relay.packed()
    with acting_as(keeper) as now:
        arrival = receive(relay.round, by=keeper, at=now)
        assert receive(relay.round, by=keeper, at=now).pk == arrival.pk
        assert standing_of(arrival).total == 3
    scans(relay, arrival, "101", by=keeper)
    with acting_as(keeper) as now, pytest.raises(InputError, match="2 bags have not been counted"):
        finish(arrival, by=keeper, at=now)
    with acting_as(keeper) as now:
        finish(arrival, missing=2, by=keeper, at=now)
    assert open_cases() == ["missing", "missing"], "as of a vehicle that was announced"
    with acting_as(keeper) as now:
        second = receive(relay.round, by=keeper, at=now)
    scans(relay, second, "102", by=keeper)
    assert open_cases() == ["missing"], "found in the second vehicle"


def test_the_rest_of_an_unannounced_arrival_may_come_with_another_vehicle(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    relay.packed()
    with acting_as(keeper) as now:
        arrival = receive(relay.round, by=keeper, at=now)
    scans(relay, arrival, "101", by=keeper)
    with acting_as(keeper) as now:
        finish(arrival, rest_comes=True, by=keeper, at=now)
        second = receive(relay.round, by=keeper, at=now)
        assert open_cases() == []
        assert count_all(second, counted=2, by=keeper, at=now) == 2


def test_what_does_not_fit_is_refused_with_what_to_do(relay: Relay) -> None:
    keeper = relay.staff("gate_keeper")
    arrival = taken_in(relay, keeper)
    with acting_as(SYSTEM) as now:
        lose(relay.bag["201"].pk, cause=Cause.UNPAID, by=SYSTEM, at=now)
    with pytest.raises(InputError, match="taken out of the round: not paid in time"):
        scans(relay, arrival, "201", by=keeper)
    with pytest.raises(InputError, match="no label of ours"):
        scans(relay, arrival, "12", by=keeper)
    for who in (
        relay.staff("carer"),
        relay.staff("receiver", path="d.s.c.b"),
        relay.staff("gate_supervisor"),
    ):
        with pytest.raises(Denied):
            scans(relay, arrival, "101", by=who)


def test_nothing_comes_before_it_was_packed_nor_from_a_vehicle_that_has_not_left(relay: Relay) -> None:
    keeper, clerk = relay.staff("gate_keeper"), relay.supplier()
    with acting_as(keeper) as now, pytest.raises(InputError, match="Nothing can arrive"):
        receive(relay.round, by=keeper, at=now)
    relay.packed()
    with acting_as(clerk) as now:
        load = announce(relay.round, Vehicle("豫A12345"), expected_at=now + HOUR, by=clerk, at=now)
    with acting_as(keeper) as now, pytest.raises(InputError, match="has not left yet"):
        receive(relay.round, load=load, by=keeper, at=now)


def test_fresh_goods_that_wait_too_long_raise_an_alarm_once_and_lower_it(relay: Relay) -> None:
    with acting_as(SYSTEM):
        Product.objects.filter(pk=relay.shop.product["E1"].pk).update(temperature="chilled")
    keeper = relay.staff("gate_keeper")
    arrival = taken_in(relay, keeper)
    with acting_as(SYSTEM):
        assert Arrival.objects.get().due_at is None
    scans(relay, arrival, "101", by=keeper)
    with acting_as(SYSTEM) as now:
        assert Arrival.objects.get().due_at is not None
        assert look_at_fresh(arrival, at=now + 50 * MINUTE) is None
        assert look_at_fresh(arrival, at=now + 61 * MINUTE) is not None
        assert look_at_fresh(arrival, at=now + 70 * MINUTE) is not None
        assert open_cases() == ["waiting"]
        move(
            relay.round.book,
            [relay.bag["101"].pk],
            to=Spot(AccountKind.CART, new_id()),
            holder="x",
            cause=Cause.SORTED,
            by=SYSTEM,
            at=now,
        )
        assert look_at_fresh(arrival, at=now + 80 * MINUTE) is None
        assert Arrival.objects.get().due_at is None
    assert open_cases() == []


def test_the_day_itself_looks_at_fresh_goods(relay: Relay) -> None:
    with acting_as(SYSTEM):
        Product.objects.filter(pk=relay.shop.product["E1"].pk).update(temperature="frozen")
    keeper = relay.staff("gate_keeper")
    arrival = taken_in(relay, keeper)
    scans(relay, arrival, "101", by=keeper)
    with acting_as(SYSTEM) as now:
        run_due(now + 20 * MINUTE)
        assert not Case.objects.exists()
        run_due(now + 40 * MINUTE)
        assert Case.objects.get().kind == "waiting"


@pytest.mark.parametrize(
    ("temperature", "keeps_days", "minutes"),
    [
        ("frozen", None, 30),
        ("chilled", 20, 60),
        ("ambient", 3, 120),
        ("ambient", 4, None),
        ("ambient", None, None),
    ],
)
def test_how_long_goods_may_wait(temperature: str, keeps_days: int | None, minutes: int | None) -> None:
    found = may_wait(temperature, keeps_days)
    assert found == (None if minutes is None else minutes * MINUTE)
