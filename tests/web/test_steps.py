"""What comes next in a round: one step first, for whoever may take it; and the way from a household to its orders."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from relay import Relay, relay
from shelves import acting, shop

from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import PayRule, RoundState
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.web.steps import STAGES, next_of

__all__ = ["acting", "relay", "shop"]
FIRST = {
    RoundState.OPEN: "/orders/rounds/{pk}/intake",
    RoundState.CUT_OFF: "/allocation/rounds/{pk}",
    RoundState.ALLOCATED: "/purchase/rounds/{pk}",
    RoundState.ORDERED: "/purchase/rounds/{pk}",
    RoundState.PACKED: "/transport/rounds/{pk}",
    RoundState.UNDERWAY: "/gate/rounds/{pk}",
    RoundState.ARRIVED: "/sorting/rounds/{pk}",
    RoundState.DELIVERING: "/doorstep/rounds/{pk}",
    RoundState.SETTLING: "/settlement/rounds/{pk}",
}
NOTHING = {RoundState.DRAFT, RoundState.CLOSED, RoundState.CANCELLED}
"""States whose page has its own button, or in which nothing is left to do."""


def at(relay: Relay, state: RoundState, **changes: Any) -> Round:
    row = relay.round
    row.state = state
    for name, value in changes.items():
        setattr(row, name, value)
    return row


@pytest.mark.parametrize("state", list(RoundState))
def test_every_state_says_what_happens_and_leads_on(relay: Relay, state: RoundState, sign_in: Any) -> None:
    with acting_as(SYSTEM):
        Round.objects.filter(pk=relay.round.pk).update(state=state)
    client = Client()
    sign_in(client, role="liaison", place=relay.round.place)
    shown = client.get(f"/orders/rounds/{relay.round.pk}")
    text = shown.content.decode()
    with acting_as(SYSTEM):
        found = next_of(at(relay, state), relay.staff("liaison"))
    assert (found.first is None) == (state not in FIRST or state in NOTHING)
    if found.first:
        assert found.first.address == FIRST[state].format(pk=relay.round.pk)
    for one in (*([found.first] if found.first else []), *found.beside):
        assert one.address.replace("&", "&amp;") in text
        assert client.get(one.address).status_code == 200, one.address
    assert text.count("button-primary") == (1 if state in {*FIRST, RoundState.DRAFT} else 0)


def test_money_is_asked_for_when_the_rule_of_the_round_says(relay: Relay) -> None:
    liaison = relay.staff("liaison")

    def asks(rule: PayRule, state: RoundState) -> bool:
        with acting_as(SYSTEM):
            found = next_of(at(relay, state, pay_rule=rule.value), liaison)
        return any(one.address.endswith("/unpaid") for one in found.beside)

    assert [asks(rule, RoundState.ALLOCATED) for rule in PayRule] == [False, True, False]
    assert [asks(rule, RoundState.PACKED) for rule in PayRule] == [True, True, True]
    with acting_as(SYSTEM):
        free = next_of(at(relay, RoundState.PACKED, pay_rule=PayRule.FREE.value), liaison)
    assert "Let a fund pay" in [one.label.template for one in free.beside]


def test_doubts_come_before_everything_else(relay: Relay) -> None:
    from lastmetre.chain.orders.actions.intake import confirm, preview, take_text

    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        held = take_text(relay.round, "1-101 A2\n1-102 B3\n9-999 A1", by=liaison, at=now)
        confirm(held, digest=preview(held, by=liaison, at=now).plan.digest, by=liaison, at=now)
        found = next_of(relay.round, liaison)
    assert found.first is not None
    assert found.first.address == f"/orders/rounds/{relay.round.pk}/review"
    assert f"/orders/rounds/{relay.round.pk}/intake" in [one.address for one in found.beside]


def test_a_building_head_is_led_to_its_part_and_a_stranger_nowhere(relay: Relay) -> None:
    with acting_as(SYSTEM):
        head = relay.staff("building_head", path="d.s.c.k.1")
        cut = next_of(at(relay, RoundState.CUT_OFF), head)
        paid = next_of(at(relay, RoundState.PACKED), head)
        keeper = next_of(at(relay, RoundState.CUT_OFF), relay.staff("gate_keeper"))
    assert cut.first is None
    assert [one.address.rpartition("/")[2] for one in cut.beside] == ["late", "intake"]
    assert any(one.address.endswith("/unpaid") for one in paid.beside)
    assert (keeper.first, keeper.beside) == (None, ())


def test_every_state_of_a_round_is_in_the_catalogue() -> None:
    assert set(STAGES) == set(RoundState)


def test_a_household_leads_to_its_orders_for_who_takes_them(relay: Relay, sign_in: Any) -> None:
    home = relay.household["101"]
    order, gets = f"/orders/for/{home.pk}", f"/allocation/households/{home.pk}"
    seen = {}
    for role in ("liaison", "auditor"):
        client = Client()
        sign_in(client, role=role, place=relay.round.place)
        seen[role] = client.get(f"/places/{home.place_id}/").content.decode()
    assert order in seen["liaison"]
    assert gets in seen["liaison"]
    assert order not in seen["auditor"]
    own = Client()
    sign_in(own, household=home)
    text = own.get(f"/places/{home.place_id}/").content.decode()
    assert gets in text
    assert order not in text
