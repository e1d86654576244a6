"""Pages and API: the liaison shares out, a household reads why, everybody checks the list without names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from allocation_parts import ask, begin, got, share_out
from django.test import Client
from relay import Relay

from lastmetre.chain.allocation.models import Share
from lastmetre.chain.allocation.queries.lasting import Came, days_left, remaining
from lastmetre.chain.ledger.actions.parcels import door_of
from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.rules import AccountKind, Cause, Spot, moved
from lastmetre.chain.orders.actions.rounds import cut_off
from lastmetre.chain.orders.models import Round
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]


def short_round(relay: Relay) -> Round:
    row = begin(relay, {"R1": {"stock": Decimal(3)}})
    for room in ("101", "102"):
        ask(relay, row, room, {"R1": "2"})
    return row


def test_the_liaison_shares_out_changes_a_share_and_takes_it_back(
    relay: Relay, client: Client, sign_in: SignIn
) -> None:
    row = short_round(relay)
    sign_in(client, role="liaison", place=relay.round.place)
    client.cookies["language"] = "en"
    with acting_as(SYSTEM) as now:
        cut_off(row, by=SYSTEM, at=now)
    address = f"/allocation/rounds/{row.pk}"
    assert "Share it out" in client.get(address).content.decode()
    for _ in range(2):
        assert client.post(f"{address}/share-out").status_code == 302
    assert "3 there for 4 wanted. Missing: 1." in client.get(address).content.decode()
    with acting_as(SYSTEM):
        share = Share.objects.get(request__household=relay.household["101"])
    page = f"/allocation/shares/{share.pk}"
    assert client.post(page, {"quantity": "1", "why": ""}).status_code == 422
    assert client.post(page, {"quantity": "9", "why": "家有婴儿"}).status_code == 422
    assert client.post(page, {"quantity": "0", "why": "家里没人"}).status_code == 302
    assert got(row)["101", "R1"] == 0
    shown = client.get(f"{address}/list").content.decode()
    assert "家里没人" in shown
    assert "王芳" not in shown
    assert client.post(f"{address}/undo").status_code == 302
    assert got(row) == {}


def test_a_household_reads_what_it_gets_and_why(relay: Relay, client: Client, sign_in: SignIn) -> None:
    row = short_round(relay)
    share_out(relay, row)
    sign_in(client, household=relay.household["101"])
    client.cookies["language"] = "en"
    shown = client.get(f"/allocation/households/{relay.household['101'].pk}").content.decode()
    assert "Asked 2, got" in shown
    assert "stock 3 for 4 wanted" in shown
    assert client.get(f"/allocation/rounds/{row.pk}/list").status_code == 200
    assert client.get(f"/allocation/households/{relay.household['102'].pk}").status_code == 404
    assert client.get(f"/allocation/rounds/{row.pk}").status_code == 403
    assert client.post(f"/allocation/rounds/{row.pk}/undo").status_code == 403


@pytest.mark.parametrize("role", ["volunteer", "driver", "gate_keeper"])
def test_who_only_carries_reads_no_households_shares(
    relay: Relay, client: Client, sign_in: SignIn, role: str
) -> None:
    row = short_round(relay)
    share_out(relay, row)
    sign_in(client, role=role, place=relay.round.place)
    home = relay.household["101"].pk
    for address in (f"/allocation/households/{home}", f"/allocation/rounds/{row.pk}"):
        assert client.get(address).status_code == 403


def test_programs_do_the_same(relay: Relay, client: Client, sign_in: SignIn) -> None:
    row = short_round(relay)
    with acting_as(SYSTEM) as now:
        cut_off(row, by=SYSTEM, at=now)
    sign_in(client, role="liaison", place=relay.round.place, token=True)
    base = f"/api/allocation/rounds/{row.pk}"
    done = client.post(base, {"seed": 3}, content_type="application/json")
    assert done.status_code == 200, done.content
    assert done.json()["goods"][0]["handed"] in ("3", "3.000")
    rows = client.get(f"{base}/shares").json()["rows"]
    assert len(rows) == 2
    changed = client.put(
        f"/api/allocation/shares/{rows[0]['id']}",
        {"quantity": "0", "why": "not there"},
        content_type="application/json",
    )
    assert Decimal(changed.json()["got"]) == 0
    home = rows[0]["household"]
    assert len(client.get(f"/api/allocation/households/{home}/shares").json()) == 1
    assert client.get(f"/api/allocation/households/{home}/days").json()["days"] == {}
    assert client.delete(base).json()["id"] is None


def test_food_is_eaten_day_by_day(relay: Relay) -> None:
    now, day = relay.now, timedelta(days=1)
    # field: 1.5 kg of vegetables last 2.6 people about 1.4 days
    a_day = Decimal(400) * Decimal("2.6")
    assert remaining([Came(now, Decimal(1500))], a_day, now) == Decimal("1.4")
    twice = [Came(now - 5 * day, Decimal(1000)), Came(now - day, Decimal(3000))]
    assert remaining(twice, Decimal(1000), now) == 2  # the first was eaten four days ago
    assert remaining([Came(now, Decimal(9000), 3)], Decimal(1000), now) == 3  # what spoils feeds nobody


def test_what_came_to_the_door_lasts_so_many_days(relay: Relay, django_assert_max_num_queries: Any) -> None:
    """5 kg of rice for 2 people: 5000 / 700 = 7.1 days."""
    home = relay.household["101"]
    with acting_as(SYSTEM) as now:
        supply = Spot(AccountKind.SUPPLY, relay.shop.supplier.pk)
        lines = moved(supply, door_of(home), 1000, relay.shop.product["R1"].pk)
        post(relay.round.book, lines, cause=Cause.DELIVERED, by=SYSTEM, at=now)
        with django_assert_max_num_queries(4):
            left = days_left(list(relay.household.values()), now)
    assert left[home.pk].days == {"grain": Decimal("7.1")}
    assert left[relay.household["102"].pk].first is None
