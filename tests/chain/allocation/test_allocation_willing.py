"""What a household takes instead and besides: said on a page, kept, and counted when a round is shared out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from allocation_parts import ask, begin, got, share_out
from django.test import Client
from relay import Relay

from lastmetre.chain.allocation.actions.willing import Tolerance, state_willing
from lastmetre.chain.allocation.models import Willing
from lastmetre.chain.orders.actions.rounds import cut_off
from lastmetre.chain.orders.models import Request, Round
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

SignIn = Callable[..., Any]


def round_of_cases(relay: Relay) -> tuple[Round, dict[str, UUID]]:
    """Eggs come in cases of 6: 101 asks for 3, 102 for 2, so one is missing to fill a case."""
    row = begin(relay, {"E1": {"case_size": 6, "limit": 5}, "R1": {}})
    ask(relay, row, "101", {"E1": "3", "R1": "1"})
    ask(relay, row, "102", {"E1": "2"})
    with acting_as(SYSTEM):
        return row, {item.code: item.pk for item in row.items.all()}


def says(relay: Relay, row: Round, room: str, *said: Tolerance, version: int | None = None) -> Request:
    who = relay.resident(room)
    with acting_as(who) as now:
        return state_willing(row, relay.household[room], said, version=version, by=who, at=now)


def test_who_would_take_one_more_fills_the_case(relay: Relay) -> None:
    row, item = round_of_cases(relay)
    says(relay, row, "101", Tolerance(item["E1"], more=Decimal(2)))
    share_out(relay, row)
    assert got(row) == {("101", "E1"): 4, ("101", "R1"): 1, ("102", "E1"): 2}


def test_the_same_twice_is_once_and_what_is_not_named_stays(relay: Relay) -> None:
    row, item = round_of_cases(relay)
    for _ in range(2):
        says(relay, row, "101", Tolerance(item["E1"], item["R1"], Decimal(1)))
    with acting_as(SYSTEM):
        request = Request.objects.get(round=row, household=relay.household["101"])
        first = {line.item_id: (line.quantity, line.substitute_id) for line in request.lines.all()}
        assert Willing.objects.get().more == 1
    assert request.version == 2
    assert first == {item["E1"]: (3, item["R1"]), item["R1"]: (1, None)}
    says(relay, row, "101", Tolerance(item["R1"], item["E1"]))
    with acting_as(SYSTEM):
        kept = dict(request.lines.values_list("item", "substitute"))
        assert Willing.objects.get().more == 1
    assert kept == {item["E1"]: item["R1"], item["R1"]: item["E1"]}
    says(relay, row, "101", Tolerance(item["E1"], item["R1"]))
    with acting_as(SYSTEM):
        assert not Willing.objects.exists()


@pytest.mark.parametrize(
    ("good", "instead", "more"),
    [
        ("E1", None, "3"),  # its limit is 5, and it has 3
        ("E1", None, "0.5"),
        ("E1", None, "-1"),
        ("E1", None, "NaN"),
        ("E1", "E1", "0"),
        ("R1", None, "1"),  # comes singly
        ("V4", None, "1"),  # not in the order
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    relay: Relay, good: str, instead: str | None, more: str
) -> None:
    row, item = round_of_cases(relay)
    known = item.get(good, relay.household["101"].pk)
    with pytest.raises(InputError):
        says(relay, row, "101", Tolerance(known, item[instead] if instead else None, Decimal(more)))
    with acting_as(SYSTEM):
        assert not Willing.objects.exists()


def test_after_the_cut_off_only_who_takes_orders_may_say_it_and_neighbours_never(relay: Relay) -> None:
    row, item = round_of_cases(relay)
    with acting_as(SYSTEM) as now:
        cut_off(row, by=SYSTEM, at=now)
    said = (Tolerance(item["E1"], more=Decimal(1)),)
    with pytest.raises(InputError):
        says(relay, row, "101", *said)
    for role, path in (("liaison", "d.s.c.k"), ("building_head", "d.s.c.k.1")):
        who = relay.staff(role, path)
        with acting_as(who) as now:
            state_willing(row, relay.household["101"], said, by=who, at=now)
    neighbour = relay.resident("102")
    with acting_as(SYSTEM) as now, pytest.raises(Denied):
        state_willing(row, relay.household["101"], said, by=neighbour, at=now)


def test_an_order_that_changed_meanwhile_is_refused(relay: Relay) -> None:
    row, item = round_of_cases(relay)
    says(relay, row, "101", Tolerance(item["E1"], item["R1"]), version=1)
    with pytest.raises(InputError):
        says(relay, row, "101", Tolerance(item["E1"], None), version=1)


def test_a_household_says_it_on_its_page_without_javascript(
    relay: Relay, client: Client, sign_in: SignIn
) -> None:
    row, item = round_of_cases(relay)
    sign_in(client, household=relay.household["101"])
    address = f"/allocation/rounds/{row.pk}/willing"
    assert address in client.get(f"/orders/{row.pk}").content.decode()
    shown = client.get(address).content.decode()
    assert f'name="m-{item["E1"]}"' in shown
    assert f'name="m-{item["R1"]}"' not in shown
    form = {"version": "1", f"s-{item['E1']}": str(item["R1"]), f"m-{item['E1']}": "2"}
    done = client.post(address, form)
    assert (done.status_code, done["Location"]) == (302, f"/orders/{row.pk}")
    with acting_as(SYSTEM):
        assert Willing.objects.get().more == 2
    for wrong in ({f"m-{item['E1']}": "viel"}, {f"s-{item['E1']}": "x"}, {f"m-{item['E1']}": "99"}):
        refused = client.post(address, form | {"version": "2"} | wrong)
        assert refused.status_code == 422
        assert "alert-act" in refused.content.decode()


def test_staff_say_it_for_a_household_and_a_neighbour_reaches_nothing(
    relay: Relay, client: Client, sign_in: SignIn
) -> None:
    row, item = round_of_cases(relay)
    address = f"/allocation/rounds/{row.pk}/willing/{relay.household['101'].pk}"
    sign_in(client, role="building_head", place=relay.shop.town.place["1号楼"])
    assert address in client.get(f"/orders/{row.pk}/for/{relay.household['101'].pk}").content.decode()
    assert client.post(address, {f"m-{item['E1']}": "1"}).status_code == 302
    other = Client()
    sign_in(other, household=relay.household["102"])
    assert other.get(address).status_code in (403, 404)
    assert other.post(address, {f"m-{item['E1']}": "2"}).status_code in (403, 404)
    empty = Client()
    sign_in(empty, household=relay.household["201"])
    assert (
        empty.get(f"/allocation/rounds/{row.pk}/willing").status_code == 302
    )  # nothing ordered: order first


def test_a_program_says_it_too(relay: Relay, client: Client, sign_in: SignIn) -> None:
    row, item = round_of_cases(relay)
    sign_in(client, household=relay.household["101"])
    address = f"/api/allocation/rounds/{row.pk}/willing/{relay.household['101'].pk}"
    said = {"goods": [{"item": str(item["E1"]), "more": "2"}], "version": 1}
    put = client.put(address, said, content_type="application/json")
    assert put.status_code == 200
    goods = {one["item"]: one["more"] for one in client.get(address).json()["goods"]}
    assert Decimal(goods[str(item["E1"])]) == 2
    too_much = {"goods": [{"item": str(item["E1"]), "more": "9"}]}
    assert client.put(address, too_much, content_type="application/json").status_code == 422
    foreign = f"/api/allocation/rounds/{row.pk}/willing/{relay.household['102'].pk}"
    assert client.get(foreign).status_code in (403, 404)
