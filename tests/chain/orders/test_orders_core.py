"""One way in for every channel: one household, one request, one quota; no more than there is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from relay import HOUR, Relay

from lastmetre.chain.ledger.actions.posting import NotEnough
from lastmetre.chain.ledger.queries.balances import owed_by_household, totals
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.actions.requests import (
    Asked,
    Changed,
    Wish,
    cancel_request,
    place_request,
)
from lastmetre.chain.orders.actions.rounds import (
    NewItem,
    NewRound,
    advance,
    cut_off,
    open_round,
    prepare_round,
)
from lastmetre.chain.orders.models import Request, Round
from lastmetre.chain.orders.rules import Channel, RequestState, RoundState
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


def egg_stock(relay: Relay) -> int:
    with acting_as(SYSTEM):
        return totals(relay.round.book).get((AccountKind.STOCK, relay.shop.product["E1"].pk), 0)


def test_a_household_asks_and_changes_its_mind_on_one_row(relay: Relay) -> None:
    first = relay.ask("101", {"E1": "2", "R1": "1"})
    second = relay.ask("101", {"E1": "1"}, by=relay.staff("building_head"), channel=Channel.PHONE)
    assert first.pk == second.pk
    with acting_as(SYSTEM):
        row = Request.objects.get()
        assert (row.version, row.channel) == (2, Channel.PHONE)
        assert [line.quantity for line in row.lines.all()] == [Decimal(1)]
        assert owed_by_household(relay.round.book)[relay.household["101"].pk] == {
            relay.shop.product["E1"].pk: 1000
        }
    assert egg_stock(relay) == 99_000


def test_what_is_sold_from_stock_cannot_be_sold_twice(relay: Relay) -> None:
    relay.ask("101", {"E1": "60"})
    with pytest.raises(NotEnough, match="not so much left of 鸡蛋"):
        relay.ask("102", {"E1": "41"})
    relay.ask("102", {"E1": "40"})
    assert egg_stock(relay) == 0


def test_what_is_cancelled_is_on_sale_again(relay: Relay) -> None:
    request = relay.ask("101", {"E1": "60"})
    who = relay.resident("101")
    for _ in range(2):
        with acting_as(who) as now:
            cancel_request(request, by=who, at=now)
    assert request.state == RequestState.CANCELLED
    assert egg_stock(relay) == 100_000
    relay.ask("101", {"E1": "1"})
    assert egg_stock(relay) == 99_000


def test_a_stranger_asks_for_nobody(relay: Relay) -> None:
    for who in (relay.resident("102"), relay.staff("driver"), relay.staff("building_head", "d.s.c.b")):
        with pytest.raises(Denied):
            relay.ask("101", {"R1": "1"}, by=who)


def test_a_household_of_another_compound_is_told_so(relay: Relay) -> None:
    with pytest.raises(InputError, match="does not live in the round's compound"):
        relay.ask("901", {"R1": "1"})


def test_once_in_three_days_across_rounds_unless_somebody_says_why(relay: Relay) -> None:
    relay.ask("101", {"R1": "1"})
    other = another_round(relay)
    item = other.items.get
    wish = lambda: (Wish(item().pk, Decimal(1)),)  # noqa: E731
    who, head = relay.resident("101"), relay.staff("building_head")
    with acting_as(who) as now, pytest.raises(InputError, match="once every 3 days"):
        place_request(other.pk, relay.household["101"], Asked(wish(), Channel.PAGE), by=who, at=now)
    with acting_as(head) as now:
        asked = Asked(wish(), Channel.PHONE, exception="婴儿奶粉")
        place_request(other.pk, relay.household["101"], asked, by=head, at=now)


def another_round(relay: Relay) -> Round:
    with acting_as(SYSTEM) as now:
        new = NewRound(
            *("第二批", now - HOUR, now + HOUR, now + 2 * HOUR),
            (NewItem(relay.shop.product["R1"].pk, "A", 3280),),
            every_days=3,
        )
        row = prepare_round(relay.round.place, relay.shop.supplier, new, by=SYSTEM, at=now)
        return open_round(row, by=SYSTEM, at=now)


def test_after_the_cut_off_there_is_a_late_list_for_who_takes_orders(relay: Relay) -> None:
    liaison, head = relay.staff("liaison"), relay.staff("building_head")
    with acting_as(liaison) as now:
        cut_off(relay.round, by=liaison, at=now)
    with pytest.raises(InputError, match="cut off"):
        relay.ask("101", {"R1": "1"})
    assert relay.ask("101", {"R1": "1"}, by=head, channel=Channel.PHONE).is_late
    with acting_as(SYSTEM) as now:
        advance(relay.round, RoundState.ALLOCATED, by=SYSTEM, at=now)
    with pytest.raises(InputError, match="cut off"):
        relay.ask("102", {"R1": "1"}, by=head, channel=Channel.PHONE)


def test_a_request_that_somebody_changed_meanwhile_is_not_overwritten(relay: Relay) -> None:
    relay.ask("101", {"R1": "1"})
    who = relay.resident("101")
    with acting_as(SYSTEM):
        item = relay.round.items.get(code="A").pk
    asked = Asked((Wish(item, Decimal(2)),), Channel.PAGE, version=0)
    with acting_as(who) as now, pytest.raises(Changed, match="meanwhile"):
        place_request(relay.round.pk, relay.household["101"], asked, by=who, at=now)


@pytest.mark.parametrize(
    ("goods", "said"),
    [
        ({"V4": "0.3"}, "sold by 0.5"),
        ({"R1": "-1"}, "no quantity"),
        ({"R1": "NaN"}, "no quantity"),
        ({}, "Nothing"),
    ],
)
def test_quantities_that_cannot_be_are_refused(relay: Relay, goods: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        relay.ask("101", goods)
    with acting_as(SYSTEM):
        assert not Request.objects.exists()


def test_a_round_that_hands_cannot_carry_takes_no_more(relay: Relay) -> None:
    with acting_as(SYSTEM):
        Round.objects.filter(pk=relay.round.pk).update(most_orders=1)
    relay.ask("101", {"R1": "1"})
    relay.ask("101", {"R1": "2"})
    with pytest.raises(InputError, match="full"):
        relay.ask("102", {"R1": "1"})


def test_times_that_do_not_fit_are_refused(relay: Relay) -> None:
    with acting_as(SYSTEM) as now:
        items = (NewItem(relay.shop.product["R1"].pk, "A", 1),)
        new = NewRound("x", now - 2 * HOUR, now - HOUR, now + timedelta(1), items)
        with pytest.raises(InputError, match="cut-off must lie ahead"):
            prepare_round(relay.round.place, relay.shop.supplier, new, by=SYSTEM, at=now)
