"""Released to sorting by a slip: counting goes on as if nobody had said so, until a bag has left the gate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from gate_parts import on_its_way, open_cases, scans, taken_in
from relay import Relay

from lastmetre.chain.gate.actions.receiving import finish
from lastmetre.chain.gate.actions.reopening import take_release_back
from lastmetre.chain.gate.actions.wrong import report_missing
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.gate.rules import Outcome
from lastmetre.chain.sorting.actions.carts import scan
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

MINUTE = timedelta(minutes=1)


pytestmark = pytest.mark.usefixtures("packed")


@pytest.fixture
def keeper(relay: Relay) -> Actor:
    return relay.staff("receiver")


@pytest.fixture
def arrival(relay: Relay, keeper: Actor) -> Arrival:
    return taken_in(relay, keeper, on_its_way(relay))


def releases(arrival: Arrival, keeper: Actor, missing: int, after: timedelta = MINUTE) -> None:
    with acting_as(keeper) as now:
        finish(arrival, missing=missing, by=keeper, at=now + after)


def takes_back(arrival: Arrival, keeper: Actor, after: timedelta = 2 * MINUTE) -> Arrival:
    with acting_as(keeper) as now:
        return take_release_back(arrival, by=keeper, at=now + after)


def test_counting_goes_on_and_what_was_missing_by_the_slip_is_no_case(
    relay: Relay, arrival: Arrival, keeper: Actor
) -> None:
    scans(relay, arrival, "101", by=keeper)
    releases(arrival, keeper, missing=2)
    assert open_cases() == ["missing", "missing"]
    assert takes_back(arrival, keeper).finished_at is None
    assert takes_back(arrival, keeper).finished_at is None, "twice is once"
    assert open_cases() == []
    with acting_as(SYSTEM):
        assert Entry.objects.filter(verb="took back", kind="gate.arrival").count() == 1
    assert scans(relay, arrival, "102", by=keeper).outcome is Outcome.COUNTED
    releases(arrival, keeper, missing=1, after=3 * MINUTE)
    assert open_cases() == ["missing"], "released again, what is not there is a case again"


def test_a_bag_that_was_reported_missing_before_stays_so(
    relay: Relay, arrival: Arrival, keeper: Actor
) -> None:
    with acting_as(keeper) as now:
        report_missing(arrival, relay.bag["201"].pk, by=keeper, at=now)
    releases(arrival, keeper, missing=3)
    takes_back(arrival, keeper)
    assert open_cases() == ["missing"]


def test_what_is_on_a_cart_or_an_hour_old_is_settled_by_people(
    relay: Relay, arrival: Arrival, keeper: Actor
) -> None:
    scans(relay, arrival, "101", by=keeper)
    releases(arrival, keeper, missing=2)
    with pytest.raises(InputError, match="too long ago"):
        takes_back(arrival, keeper, after=2 * MINUTE + timedelta(hours=1))
    with acting_as(SYSTEM) as now:
        scan(relay.round, relay.bag["101"].code, id=new_id(), by=SYSTEM, at=now + MINUTE)
    with pytest.raises(InputError, match="on carts"):
        takes_back(arrival, keeper)


def test_the_page_offers_it_while_it_can_be_done(
    relay: Relay, arrival: Arrival, keeper: Actor, sign_in
) -> None:
    phone = Client(headers={"accept-language": "en"})
    sign_in(phone, role="receiver", place=relay.shop.town.place["开元丽城"])
    page, back = (reverse(f"gate:{name}", args=[arrival.pk]) for name in ("arrival", "reopen"))
    assert back not in phone.get(page).content.decode()
    releases(arrival, keeper, missing=3, after=timedelta(0))
    assert back in phone.get(page).content.decode()
    assert "counting goes on" in phone.post(back, follow=True).content.decode()
    assert back not in phone.get(page).content.decode()
    releases(arrival, keeper, missing=3, after=timedelta(0))
    answer = phone.post(f"/api/gate/arrivals/{arrival.pk}/reopen")
    assert (answer.status_code, answer.json()["stage"]) == (200, "arrived")
