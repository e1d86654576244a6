"""Bags onto numbered carts by scan: once, by several phones, with books that balance (ER3b, bad luck of issue 4)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from relay import Relay

from lastmetre.chain.ledger.actions.parcels import lose
from lastmetre.chain.ledger.models import Case, Handover, Parcel
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.queries.parcels import codes_for, qr_of
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause
from lastmetre.chain.orders.models import Round
from lastmetre.chain.sorting.actions.carts import (
    Scanned,
    plan_carts,
    release,
    reopen,
    scan,
    take,
    undo,
)
from lastmetre.chain.sorting.models import CartRun, Placement
from lastmetre.chain.sorting.queries.carts import missing_of, numbers_by_code, runs_of
from lastmetre.chain.sorting.rules import CartState, Outcome
from lastmetre.ground.places.models import Cart, Place
from lastmetre.ground.protection.actor import SYSTEM, Actor, Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


def numbered(relay: Relay) -> Relay:
    """Give the two units their carts: 7 and 3."""
    with acting_as(SYSTEM):
        for number, path in ((7, "d.s.c.k.1.u"), (3, "d.s.c.k.2.u")):
            unit = Place.objects.get(path=path)
            Cart(number=number, place=relay.round.place, unit=unit).save(force_insert=True)
    return relay


def scans(
    relay: Relay, what: str, *, by: Actor | None = None, id: UUID | None = None, onto: UUID | None = None
) -> Scanned:
    who = by or relay.staff("receiver")
    with acting_as(SYSTEM):
        row = Round.objects.select_related("book", "place").get(pk=relay.round.pk)
    with acting_as(who) as now:
        code = relay.bag[what].code if what in relay.bag else what
        return scan(row, code, id=id or new_id(), by=who, at=now, onto=onto)


def in_(relay: Relay, kind: AccountKind) -> int:
    with acting_as(SYSTEM):
        return sum(one.amount for one in balances(relay.round.book, kind) if one.product)


def run_of(relay: Relay, number: int) -> CartRun:
    with acting_as(SYSTEM):
        return CartRun.objects.get(round=relay.round, number=number)


def test_bags_go_on_the_cart_of_their_stairs_top_floor_first_and_the_books_follow(relay: Relay) -> None:
    numbered(relay).arrived()
    who = relay.staff("receiver")
    with acting_as(who) as now:
        plan_carts(relay.round, by=who, at=now)
        counts = {one.run.number: (one.placed, one.total) for one in runs_of(relay.round)}
    assert counts == {7: (0, 2), 3: (0, 1)}
    first = scans(relay, "102")
    assert (first.run.number, first.outcome, first.placed, first.total) == (7, Outcome.PLACED, 1, 2)
    assert scans(relay, "201").run.number == 3
    assert scans(relay, "101").placed == 2
    assert in_(relay, AccountKind.GATE) == 0
    assert in_(relay, AccountKind.CART) == 3000 + 3000 + 3500
    with acting_as(SYSTEM):
        bag = Parcel.objects.select_related("account").get(pk=relay.bag["201"].pk)
        assert (bag.account.kind, bag.account.owner) == ("cart", run_of(relay, 3).pk)


@pytest.mark.usefixtures("arrived")
def test_the_first_scan_plans_the_carts(relay: Relay) -> None:
    found = scans(relay, "101")
    assert (found.run.wave, found.run.number) == (1, 1)
    with acting_as(SYSTEM):
        assert Placement.objects.filter(run__round=relay.round).count() == 3


@pytest.mark.usefixtures("arrived")
def test_two_phones_and_a_lost_answer_count_once(relay: Relay) -> None:
    id = new_id()
    assert scans(relay, "101", id=id).outcome is Outcome.PLACED
    assert scans(relay, "101", id=id).outcome is Outcome.AGAIN  # its answer was lost
    assert scans(relay, "101", by=relay.staff("volunteer")).outcome is Outcome.AGAIN  # another phone
    with acting_as(SYSTEM):
        assert Handover.objects.filter(parcel=relay.bag["101"], cause=Cause.SORTED).count() == 1
        assert not Case.objects.exists()


def test_one_id_for_two_bags_puts_both_on_their_carts(relay: Relay) -> None:
    numbered(relay).arrived()
    id = new_id()
    for room, number in (("101", 7), ("201", 3)):
        found = scans(relay, room, id=id)
        assert (found.outcome, found.run.number) == (Outcome.PLACED, number)
        assert scans(relay, room, id=id).outcome is Outcome.AGAIN


def test_one_bag_on_two_carts_is_a_case_once(relay: Relay) -> None:
    numbered(relay).arrived()
    scans(relay, "101")
    other, id = run_of(relay, 3), new_id()
    assert scans(relay, "101", onto=other.pk, id=id).outcome is Outcome.CONFLICT
    assert scans(relay, "101", onto=other.pk, id=id).outcome is Outcome.CONFLICT
    with acting_as(SYSTEM):
        case = Case.objects.get()
        assert (case.kind, case.parcel_id) == (CaseKind.CONFLICT, relay.bag["101"].pk)
        assert Placement.objects.get(parcel=relay.bag["101"]).run.number == 7


def test_a_phone_offline_that_followed_an_older_plan_is_believed(relay: Relay) -> None:
    numbered(relay).arrived()
    scans(relay, "201")
    assert scans(relay, "101", onto=run_of(relay, 3).pk).run.number == 3
    with acting_as(SYSTEM):
        assert Parcel.objects.get(pk=relay.bag["101"].pk).account.owner == run_of(relay, 3).pk


@pytest.mark.usefixtures("arrived")
def test_undo_brings_a_bag_back_to_the_gate_once(relay: Relay) -> None:
    found, who, id = scans(relay, "101"), relay.staff("receiver"), new_id()
    for _ in range(2):
        with acting_as(who) as now:
            undo(found.placement, id=id, by=who, at=now)
    assert in_(relay, AccountKind.CART) == 0
    assert scans(relay, "101").outcome is Outcome.PLACED
    with acting_as(who) as now:  # the first undo, sent again late
        undo(found.placement, id=id, by=who, at=now)
    assert in_(relay, AccountKind.CART) == 3000


def test_a_cart_goes_complete_or_with_a_note(relay: Relay) -> None:
    numbered(relay).arrived()
    who = relay.staff("receiver")
    scans(relay, "101")
    run = run_of(relay, 7)
    with acting_as(who) as now, pytest.raises(InputError, match="1 bags are missing"):
        release(run, by=who, at=now)
    with acting_as(who) as now:
        assert [one.parcel.code for one in missing_of(run)] == [relay.bag["102"].code]
        run = release(run, note="102 comes in the afternoon", by=who, at=now)
    assert run.state == CartState.RELEASED
    with pytest.raises(InputError, match="released already"):
        scans(relay, "102")
    with acting_as(who) as now:
        reopen(run, by=who, at=now)
    scans(relay, "102")
    with acting_as(who) as now:
        run = release(run, by=who, at=now)
        assert run.note == ""
        taken = take(run, holder="volunteer-1", by=who, at=now)
        take(run, holder="volunteer-2", by=who, at=now)  # twice is once
        with pytest.raises(InputError):
            reopen(taken, by=who, at=now)
    with acting_as(SYSTEM):
        bags = Parcel.objects.filter(placement__run=run)
        assert {one.holder for one in bags} == {"volunteer-1"}
        assert taken.taken_by == "volunteer-1"


def test_a_bag_that_ended_is_not_waited_for(relay: Relay) -> None:
    numbered(relay).arrived()
    scans(relay, "101")
    with acting_as(SYSTEM) as now:
        lose(relay.bag["102"].pk, cause=Cause.DAMAGED, by=SYSTEM, at=now)
    who = relay.staff("receiver")
    with acting_as(who) as now:
        assert [(one.placed, one.total) for one in runs_of(relay.round) if one.run.number == 7] == [(1, 1)]
        release(run_of(relay, 7), by=who, at=now)
    with pytest.raises(InputError, match="finished already"):
        scans(relay, "102")


@pytest.mark.usefixtures("packed")
def test_labels_that_do_not_fit_say_what_to_do(relay: Relay) -> None:
    with pytest.raises(InputError, match="not counted in"):
        scans(relay, "101")
    with pytest.raises(InputError, match="no label of ours"):
        scans(relay, "2345")
    with pytest.raises(InputError, match="no label of ours"):
        scans(relay, "'; DROP TABLE--\x00")
    other = codes_for(new_id(), [relay.household["901"].pk])[relay.household["901"].pk]
    with pytest.raises(InputError, match="does not belong to this round"):
        scans(relay, other.qr)


def test_a_label_printed_before_its_bag_was_packed(relay: Relay) -> None:
    relay.allocated()
    home = relay.household["101"].pk
    with acting_as(SYSTEM):
        code = codes_for(relay.round.book_id, [home])[home]
    for scanned in (code.qr, code.short):
        with pytest.raises(InputError, match="was not packed"):
            scans(relay, scanned)


@pytest.mark.usefixtures("arrived")
def test_qr_and_typed_code_are_the_same_bag(relay: Relay) -> None:
    with acting_as(SYSTEM):
        qr = qr_of(relay.bag["101"])
    assert scans(relay, qr).outcome is Outcome.PLACED
    code = relay.bag["101"].code.lower()
    assert scans(relay, f"{code[:4]} {code[4:]}").outcome is Outcome.AGAIN


@pytest.mark.usefixtures("arrived")
def test_nobody_without_the_role_sorts(relay: Relay) -> None:
    for who in (relay.staff("carer"), relay.staff("receiver", path="d.s.c.b"), relay.resident("101")):
        with pytest.raises(Denied):
            scans(relay, "101", by=who)


@pytest.mark.usefixtures("arrived")
def test_a_plan_is_made_anew_until_the_first_scan_and_then_only_joined(relay: Relay) -> None:
    who = relay.staff("receiver")
    with acting_as(who) as now:
        plan_carts(relay.round, by=who, at=now)
        before = {one.run.pk for one in runs_of(relay.round)}
        plan_carts(relay.round, by=who, at=now + timedelta(seconds=1))
        assert before.isdisjoint(one.run.pk for one in runs_of(relay.round))
        assert set(numbers_by_code(relay.round).values()) == {1, 2}
    scans(relay, "101")
    with acting_as(who) as now:
        before = {one.run.pk for one in runs_of(relay.round)}
        with acting_as(SYSTEM):
            Placement.objects.filter(parcel=relay.bag["201"]).delete()  # as if it had come later
        plan_carts(relay.round, by=who, at=now)
        assert before == {one.run.pk for one in runs_of(relay.round)}
    assert scans(relay, "201").run.number == 2
