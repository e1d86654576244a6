"""A rush at what is sold until it has run out (QZ10): never one package more than there is, and no answer twice."""

from __future__ import annotations

import os
import threading
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from parts import large

from lastmetre.chain.ledger.queries.balances import owed_by_household, totals
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Request, Round
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

ATTEMPTS = int(os.environ.get("ATTEMPTS", "120"))
"""`make faults` makes 1,200 at 500 packages."""
PACKAGES = ATTEMPTS * 5 // 12
SENDERS = 8
BUSY = 503
"""Nothing was done, whoever asks sends again, as phones do: where the machine has much else to do."""
TWICE = 4
"""Every so manieth household taps twice, from two phones at once."""


def rush(token: str, row: Round, item: str, homes: list[UUID]) -> dict[UUID, list[tuple[int, str]]]:
    """Many senders put the orders in at once; returns every answer by household."""
    answers: dict[UUID, list[tuple[int, str]]] = {home: [] for home in homes}
    start = threading.Barrier(SENDERS)

    def send(sender: int) -> None:
        desk = Client()
        desk.cookies[settings.DEVICE_COOKIE] = token

        def asked(home: UUID) -> Any:
            return desk.put(
                f"/api/orders/rounds/{row.pk}/requests/{home}",
                {"lines": [{"item": item, "quantity": "1"}]},
                content_type="application/json",
                headers={"Idempotency-Key": f"rush-{home}"},
            )

        mine = homes[sender::SENDERS]
        # The neighbour's share again, backwards: both phones of a household, and no order of arrival.
        again = homes[(sender + 1) % SENDERS :: SENDERS][::-TWICE]
        try:
            start.wait(30)
            for home in [*mine, *again]:
                answer = asked(home)
                while answer.status_code == BUSY:
                    answer = asked(home)
                answers[home].append((answer.status_code, answer.content.decode()))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(SENDERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


@pytest.fixture
def sold_out_soon(own_database: str) -> dict[str, Any]:
    """A compound in which more want a package than there are."""
    with acting_as(SYSTEM) as now:
        built = large.build(ATTEMPTS, now)
        row = large.begin(built, now, stock=(PACKAGES, None, None), first_come=True)
        token = large.desk_of(built, now)
        return {"built": built, "row": row, "token": token, "item": str(row.items.get(code="A").pk)}


def test_a_rush_sells_exactly_what_there_is(sold_out_soon: dict[str, Any]) -> None:
    row, built = sold_out_soon["row"], sold_out_soon["built"]
    homes = [home.pk for home in built.homes]
    answers = rush(sold_out_soon["token"], row, sold_out_soon["item"], homes)
    assert Counter(status for found in answers.values() for status, _ in found).keys() == {200, 422}
    got = {home for home, found in answers.items() if found[0][0] == 200}
    # What was answered once is answered the same again.
    assert {home for home, found in answers.items() if len({status for status, _ in found}) > 1} == set()
    assert len(got) == PACKAGES
    refused = [text for found in answers.values() for status, text in found if status == 422]
    assert all("蔬菜包" in text for text in refused)
    with acting_as(SYSTEM):
        assert totals(row.book).get((AccountKind.STOCK, built.products[0].pk), 0) == 0
        assert owed_by_household(row.book) == {home: {built.products[0].pk: 1000} for home in got}
        assert set(Request.objects.values_list("household", flat=True)) == got
        assert Entry.objects.filter(verb="asked").count() == PACKAGES
