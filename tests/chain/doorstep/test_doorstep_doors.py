"""What phones say of doors counts once, in whatever order it comes, and the books follow."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from django.utils.translation import gettext
from hands import helper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from relay import Relay

from lastmetre.chain.doorstep.actions.doors import CLOSED_BY, SLIP, Answer, Told, take_events
from lastmetre.chain.doorstep.actions.waves import assign, end_wave, plan_wave
from lastmetre.chain.doorstep.models import DoorEvent, Duty, Wave
from lastmetre.chain.doorstep.queries.doors import my_carts
from lastmetre.chain.doorstep.rules import Effect, Outcome
from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.models import Case, Handover, Parcel
from lastmetre.chain.ledger.queries.balances import totals, unexplained
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

pytestmark = pytest.mark.usefixtures("arrived")


def planned(relay: Relay, *people: Actor) -> Wave:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        return plan_wave(relay.round, people=[one.key for one in people], by=liaison, at=now)


def told(
    relay: Relay, room: str, outcome: Outcome = Outcome.DELIVERED, *, minute: int = 0, **more: object
) -> Told:
    return Told(
        new_id(),
        outcome,
        qr_of(relay.bag[room]),
        relay.now + timedelta(minutes=minute),
        **more,  # type: ignore[arg-type]
    )


def say_it(by: Actor, *events: Told) -> list[Answer]:
    with acting_as(by) as now:
        return take_events(events, by=by, at=now)


def cases(*kinds: CaseKind) -> int:
    with acting_as(SYSTEM):
        return Case.objects.filter(kind__in=kinds).count()


def state(relay: Relay) -> str:
    with acting_as(SYSTEM):
        return Round.objects.get(pk=relay.round.pk).state


def test_a_wave_gives_the_carts_out_by_load_and_the_bags_go_into_hands(relay: Relay) -> None:
    wang, li = helper(relay), helper(relay)
    wave = planned(relay, wang, li)
    with acting_as(SYSTEM):
        duties = list(Duty.objects.filter(wave=wave))
        assert {one.person for one in duties} == {wang.key, li.key}
        assert [one.drops.count() for one in duties] == [2, 1]
        assert set(Parcel.objects.values_list("account__kind", flat=True)) == {AccountKind.CART}
        assert set(Parcel.objects.values_list("holder", flat=True)) == {wang.key, li.key}
    assert state(relay) == RoundState.DELIVERING


def test_one_scan_closes_a_door_and_the_last_one_ends_the_round_with_balanced_books(relay: Relay) -> None:
    wang = helper(relay)
    planned(relay, wang)
    answers = say_it(wang, *(told(relay, room) for room in ("102", "101", "201")))
    assert [one.effect for one in answers] == [Effect.DONE] * 3
    assert state(relay) == RoundState.SETTLING
    with acting_as(SYSTEM):
        assert unexplained(relay.round.book) == [] or {
            held.kind for held in unexplained(relay.round.book)
        } == {AccountKind.STOCK}
        sums = totals(relay.round.book)
        rice = relay.shop.product["R1"].pk
        assert sums[AccountKind.DOOR, rice] == 2000
        assert (AccountKind.OWED, rice) not in sums
        assert set(Parcel.objects.values_list("end_cause", flat=True)) == {Cause.DELIVERED}


def test_sent_again_it_counts_once_and_answers_the_same(relay: Relay) -> None:
    wang = helper(relay)
    planned(relay, wang)
    one = told(relay, "101")
    first = say_it(wang, one)
    assert say_it(wang, one, one) == first * 2
    with acting_as(SYSTEM):
        assert Handover.objects.filter(cause=Cause.DELIVERED).count() == 1


def test_two_phones_scan_one_bag_and_the_second_hears_of_the_first(relay: Relay) -> None:
    wang, li = helper(relay), helper(relay)
    planned(relay, wang)
    say_it(wang, told(relay, "101"))
    (answer,) = say_it(li, told(relay, "101"))
    assert answer.effect is Effect.KNOWN
    assert answer.words.text() == "Already done by somebody else."


@pytest.mark.parametrize("delivered_first", [True, False])
def test_delivered_and_refused_are_both_kept_and_a_person_decides(
    relay: Relay, delivered_first: bool
) -> None:
    wang, li = helper(relay), helper(relay)
    planned(relay, wang)
    events = [(wang, told(relay, "101")), (li, told(relay, "101", Outcome.REFUSED))]
    for by, one in events if delivered_first else events[::-1]:
        say_it(by, one)
    assert cases(CaseKind.CONFLICT) == 1
    with acting_as(SYSTEM):
        assert DoorEvent.objects.count() == 2
        assert Parcel.objects.get(pk=relay.bag["101"].pk).end_cause == Cause.DELIVERED


def test_nobody_in_and_later_delivered_is_no_contradiction(relay: Relay) -> None:
    wang, li = helper(relay), helper(relay)
    planned(relay, wang)
    assert say_it(wang, told(relay, "101", Outcome.NOBODY_IN))[0].effect is Effect.DONE
    assert say_it(li, told(relay, "101", minute=30))[0].effect is Effect.DONE
    assert (cases(CaseKind.NOBODY_IN), cases(CaseKind.CONFLICT)) == (1, 0)


def nobody_in() -> tuple[bool, str]:
    """Whether the only case of "nobody in" is open, and how it was settled."""
    with acting_as(SYSTEM):
        case = Case.objects.get(kind=CaseKind.NOBODY_IN)
        return case.settled_at is None, case.outcome


def verbs() -> list[str]:
    with acting_as(SYSTEM):
        return list(Entry.objects.filter(kind="ledger.case").order_by("pk").values_list("verb", flat=True))


def test_nobody_in_closes_by_itself_once_the_bag_is_at_the_door_and_opens_again_with_the_undo(
    relay: Relay,
) -> None:
    wang, li = helper(relay), helper(relay)
    planned(relay, wang)
    say_it(wang, told(relay, "101", Outcome.NOBODY_IN))
    assert nobody_in() == (True, "")
    later = told(relay, "101", minute=30)
    say_it(li, later)
    assert nobody_in() == (False, CLOSED_BY[Cause.DELIVERED].text(gettext))
    say_it(li, told(relay, "101", Outcome.UNDO, minute=31, undoes=later.id))
    assert nobody_in() == (True, "")
    say_it(li, told(relay, "101", minute=40))
    assert nobody_in()[0] is False
    assert verbs() == ["opened", "settled", "opened", "settled"]


def test_nobody_in_that_is_told_after_a_later_delivery_leaves_nothing_to_do(relay: Relay) -> None:
    wang, li = helper(relay), helper(relay)
    planned(relay, wang)
    say_it(li, told(relay, "101", minute=30))
    assert say_it(wang, told(relay, "101", Outcome.NOBODY_IN))[0].effect is Effect.DONE
    assert nobody_in() == (False, CLOSED_BY[Cause.DELIVERED].text(gettext))


def test_what_a_person_settled_stays_settled_when_a_delivery_is_undone(relay: Relay) -> None:
    wang = helper(relay)
    liaison = relay.staff("liaison")
    planned(relay, wang)
    say_it(wang, told(relay, "101", Outcome.NOBODY_IN))
    with acting_as(liaison) as now:
        case, rung_at = Case.objects.get(kind=CaseKind.NOBODY_IN), now + timedelta(minutes=5)
        settle_case(case, outcome="晚上再送", by=liaison, at=rung_at)
    later = told(relay, "101", minute=30)
    say_it(wang, later, told(relay, "101", Outcome.UNDO, minute=31, undoes=later.id))
    assert nobody_in() == (False, "晚上再送")


@pytest.mark.parametrize("outcome", [Outcome.NOBODY_IN, Outcome.REFUSED, Outcome.DAMAGED])
def test_a_failure_that_was_a_slip_is_no_case_any_more(relay: Relay, outcome: Outcome) -> None:
    wang = helper(relay)
    planned(relay, wang)
    slip = told(relay, "101", outcome)
    say_it(wang, slip, told(relay, "101", Outcome.UNDO, minute=1, undoes=slip.id))
    with acting_as(SYSTEM):
        case = Case.objects.get()
    assert case.settled_at is not None
    assert case.outcome == SLIP.text(gettext)


def test_an_undo_brings_bag_and_promise_back_and_it_can_be_delivered_again(relay: Relay) -> None:
    wang = helper(relay)
    planned(relay, wang)
    with acting_as(SYSTEM):
        before = totals(relay.round.book)
    one = told(relay, "101")
    say_it(wang, one)
    say_it(wang, told(relay, "101", Outcome.UNDO, undoes=one.id))
    with acting_as(SYSTEM):
        assert totals(relay.round.book) == before
        bag = Parcel.objects.select_related("account").get(pk=relay.bag["101"].pk)
        assert (bag.ended_at, bag.holder, bag.account.kind) == (None, wang.key, AccountKind.CART)
    assert say_it(wang, told(relay, "101"))[0].effect is Effect.DONE


def test_an_undo_that_overtakes_its_scan_still_holds(relay: Relay) -> None:
    wang = helper(relay)
    planned(relay, wang)
    one = told(relay, "101")
    say_it(wang, told(relay, "101", Outcome.UNDO, undoes=one.id), one)
    with acting_as(SYSTEM):
        assert Parcel.objects.get(pk=relay.bag["101"].pk).ended_at is None


def test_needing_help_opens_a_case_beside_the_delivery(relay: Relay) -> None:
    wang = helper(relay)
    planned(relay, wang)
    say_it(wang, told(relay, "101"), told(relay, "101", Outcome.NEEDS_HELP, words="摔倒了"))
    assert cases(CaseKind.NEEDS_HELP) == 1


def test_a_label_from_elsewhere_is_refused_and_kept_as_a_case(relay: Relay) -> None:
    wang = helper(relay)
    planned(relay, wang)
    foreign = Told(new_id(), Outcome.DELIVERED, "LM23CFHKMRWXYCFHK", relay.now)
    assert [one.effect for one in say_it(wang, foreign, foreign)] == [Effect.REFUSED] * 2
    assert cases(CaseKind.EXTRA) == 1


def test_a_dead_phones_cart_goes_to_another_and_addresses_end_with_the_wave(relay: Relay) -> None:
    wang, li = helper(relay), helper(relay)
    wave = planned(relay, wang)
    liaison = relay.staff("liaison")
    say_it(wang, told(relay, "101"))
    with acting_as(liaison) as now:
        for duty in Duty.objects.filter(wave=wave):
            assign(duty, li.key, by=liaison, at=now)
        assert my_carts(wang.key, at=now) == []
        first = my_carts(li.key, at=now)[0]
        assert (len(first.drops), first.done) == (2, 1)
        end_wave(wave, by=liaison, at=now)
        assert my_carts(li.key, at=now) == []
        with pytest.raises(InputError, match="has ended"):
            assign(Duty.objects.filter(wave=wave)[0], wang.key, by=liaison, at=now)
    # What was scanned before the end still counts.
    assert say_it(li, told(relay, "102"))[0].effect is Effect.DONE


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_shuffled_and_repeated_batches_end_alike(relay: Relay, data: st.DataObject) -> None:
    people = [relay.staff("volunteer", key=str(UUID(int=number))) for number in (1, 2)]
    if not relay.bag:
        planned(relay)
    minute = count()
    script = [
        (people[0], told(relay, "101", minute=next(minute))),
        (people[1], told(relay, "101", minute=next(minute))),
        (people[0], told(relay, "102", Outcome.NOBODY_IN, minute=next(minute))),
        (people[1], told(relay, "102", minute=next(minute) + 10)),
        (people[0], told(relay, "201", minute=next(minute))),
        (people[1], told(relay, "201", Outcome.REFUSED, minute=next(minute))),
    ]
    order = data.draw(st.permutations(range(len(script))))
    repeated = data.draw(st.lists(st.sampled_from(range(len(script))), max_size=8))
    with acting_as(SYSTEM):
        from django.db import transaction

        with transaction.atomic():
            for place in [*order, *repeated]:
                by, one = script[place]
                say_it(by, one)
            assert Handover.objects.filter(cause=Cause.DELIVERED).count() == 3
            assert DoorEvent.objects.count() == len(script)
            assert cases(CaseKind.CONFLICT) == 1
            assert nobody_in()[0] is False
            assert not Parcel.objects.filter(ended_at=None).exists()
            transaction.set_rollback(True)


def test_who_sees_everything_scans_at_every_door(relay: Relay) -> None:
    planned(relay, helper(relay))
    assert say_it(SYSTEM, told(relay, "101"))[0].effect is Effect.DONE
    with acting_as(SYSTEM):
        assert Parcel.objects.get(pk=relay.bag["101"].pk).end_cause == Cause.DELIVERED
