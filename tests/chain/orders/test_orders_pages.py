"""The pages of rounds and orders: few taps, without JavaScript, for the right people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from relay import Relay

from lastmetre.chain.orders.models import Request, Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.goods.models import SupplierArea
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as


def items(relay: Relay) -> dict[str, Any]:
    with acting_as(SYSTEM):
        return {one.product.code: one for one in relay.round.items.select_related("product")}


def test_a_household_orders_changes_and_cancels_by_plain_forms(
    relay: Relay, client: Client, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    sign_in(client, household=relay.household["101"])
    address, goods = f"/orders/{relay.round.pk}", items(relay)
    assert str(address) in client.get("/orders/").content.decode()
    with django_assert_max_num_queries(40):
        shown = client.get(address).content.decode()
    assert "鸡蛋" in shown
    eggs, rice = goods["E1"].pk, goods["R1"].pk
    form = {"version": "0", f"q-{eggs}": "2", f"s-{eggs}": str(rice), "note": "放门口"}
    for _ in range(2):  # a double click: the second is told how it stands
        answer = client.post(address, form)
        assert answer.status_code in (302, 422)
    with acting_as(SYSTEM):
        row = Request.objects.get()
        line = row.lines.get()
        assert (row.version, line.quantity, line.substitute_id) == (1, 2, rice)
    assert client.post(address, {"version": "1", f"q-{eggs}": "3"}).status_code == 302
    assert client.post(address, {"version": "1", f"q-{eggs}": "4"}).status_code == 422
    for wrong in ("x", "-1", "NaN", "1e9", "0.5"):
        assert client.post(address, {"version": "2", f"q-{eggs}": wrong}).status_code == 422
    assert client.post(f"{address}/cancel").status_code == 302
    assert client.post(f"{address}/cancel").status_code == 302
    with acting_as(SYSTEM):
        assert Request.objects.get().state == "cancelled"


def test_the_last_order_is_there_again_and_what_is_missing_is_said(
    relay: Relay, client: Client, sign_in: Any
) -> None:
    relay.ask("101", {"R1": "1", "V4": "2.5"})
    goods = items(relay)
    with acting_as(SYSTEM) as now:
        from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, open_round, prepare_round

        rice = NewItem(relay.shop.product["R1"].pk, "A", 3280, limit=1)
        new = NewRound(
            "第二批", now, now + timedelta(hours=2), now + timedelta(hours=3), (rice,), every_days=0
        )
        second = open_round(
            prepare_round(relay.round.place, relay.shop.supplier, new, by=SYSTEM, at=now), by=SYSTEM, at=now
        )
    sign_in(client, household=relay.household["101"])
    home = client.get("/").content.decode()
    assert f"/orders/{second.pk}?repeat=1" in home
    shown = client.get(f"/orders/{second.pk}?repeat=1").content.decode()
    assert 'value="1"' in shown
    assert goods["V4"].product.name in shown


def test_the_quota_is_explained_and_staff_may_make_an_exception(
    relay: Relay, client: Client, sign_in: Any
) -> None:
    relay.ask("101", {"R1": "1"})
    with acting_as(SYSTEM) as now:
        from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, open_round, prepare_round

        rice = NewItem(relay.shop.product["R1"].pk, "A", 3280)
        new = NewRound(
            "第二批", now, now + timedelta(hours=2), now + timedelta(hours=3), (rice,), every_days=3
        )
        second = open_round(
            prepare_round(relay.round.place, relay.shop.supplier, new, by=SYSTEM, at=now), by=SYSTEM, at=now
        )
        item = second.items.get().pk
    sign_in(client, role="building_head", place=relay.shop.town.place["1号楼"])
    home = relay.household["101"].pk
    address = f"/orders/{second.pk}/for/{home}"
    assert 'name="exception"' in client.get(address).content.decode()
    form = {"version": "0", f"q-{item}": "1", "channel": "phone"}
    assert client.post(address, form).status_code == 422
    assert client.post(address, form | {"exception": "家里断粮"}).status_code == 302
    with acting_as(SYSTEM):
        row = Request.objects.get(round=second)
        assert (row.is_proxy, row.channel) == (True, "phone")


def test_only_who_takes_orders_enters_or_reads_them(relay: Relay, client: Client, sign_in: Any) -> None:
    relay.asked()
    sign_in(client, role="volunteer", place=relay.shop.town.place["开元丽城"])
    home = relay.household["101"].pk
    for address in (
        f"/orders/rounds/{relay.round.pk}",
        f"/orders/{relay.round.pk}/for/{home}",
        f"/orders/for/{home}",
        f"/orders/places/{relay.round.place_id}",
    ):
        assert client.get(address).status_code in (403, 404), address


def test_a_neighbour_gets_no_page_of_another_household(relay: Relay, client: Client, sign_in: Any) -> None:
    sign_in(client, household=relay.household["901"])
    assert client.get(f"/orders/{relay.round.pk}").status_code == 404
    assert client.get(f"/orders/{relay.round.pk}/for/{relay.household['101'].pk}").status_code == 404


def test_a_liaison_opens_a_round_with_what_is_filled_in(relay: Relay, client: Client, sign_in: Any) -> None:
    place = relay.round.place
    with acting_as(SYSTEM):
        SupplierArea.objects.filter(supplier=relay.shop.supplier).update(mode="fetched")
    sign_in(client, role="liaison", place=place)
    assert f"/orders/places/{place.pk}/new" in client.get(f"/orders/places/{place.pk}").content.decode()
    address = f"/orders/places/{place.pk}/new/{relay.shop.supplier.pk}"
    assert address in client.get(f"/orders/places/{place.pk}/new").content.decode()
    form = client.get(address).context["form"]
    filled = {name: form[name].value() for name in form.fields}
    data = {
        name: f"{value:%Y-%m-%dT%H:%M}" if hasattr(value, "hour") else value
        for name, value in filled.items()
        if value not in (None, False)
    }
    for _ in range(2):  # a double click opens one round
        assert client.post(address, data).status_code == 302
    with acting_as(SYSTEM):
        row = Round.objects.exclude(pk=relay.round.pk).get()
        assert (row.state, row.items.count()) == (RoundState.OPEN, 4)
        assert row.mode == "boxes", "the place fetches from this supplier (FC4d)"
    data["closes_at"] = "2020-01-01T10:00"
    data["id"] = str(relay.household["101"].pk)
    assert client.post(address, data).status_code == 422


@pytest.mark.parametrize("act", ["cut-off", "cancel"])
def test_the_round_is_moved_from_its_page_once(
    relay: Relay, client: Client, sign_in: Any, act: str, django_assert_max_num_queries: Any
) -> None:
    relay.asked()
    sign_in(client, role="liaison", place=relay.round.place)
    address = f"/orders/rounds/{relay.round.pk}"
    with django_assert_max_num_queries(40):
        shown = client.get(address).content.decode()
    assert "王芳" not in shown
    for _ in range(2):
        done = client.post(f"{address}/move/{act}", {"version": relay.round.version, "why": "没货"})
        assert done.status_code == 302
    with acting_as(SYSTEM):
        relay.round.refresh_from_db()
        assert relay.round.version == 3
    assert client.get(address).status_code == 200


def test_terms_are_changed_on_a_page_and_a_stale_page_is_refused(
    relay: Relay, client: Client, sign_in: Any
) -> None:
    sign_in(client, role="liaison", place=relay.round.place)
    address = f"/orders/rounds/{relay.round.pk}/change"
    form = client.get(address).context["form"]
    filled = {name: form[name].value() for name in form.fields}
    data = {
        name: f"{value:%Y-%m-%dT%H:%M}" if hasattr(value, "hour") else value
        for name, value in filled.items()
        if value is not None
    }
    assert client.post(address, data | {"most_orders": "30"}).status_code == 302
    assert client.post(address, data | {"most_orders": "20"}).status_code == 422
