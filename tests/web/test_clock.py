"""The demo's clock: a bar on every page of a demo and nowhere else; what falls due on the way happens."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from actors import Town
from django.db import connection
from django.test import Client
from relay import Relay, relay
from shelves import shop

from lastmetre.chain.orders.models import Round
from lastmetre.ground.protection import clock
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError
from lastmetre.web.clock.stepping import step_to
from lastmetre.web.day import next_due, run_due

__all__ = ["relay", "shop"]


def begin_demo() -> None:
    """Make the test's database a demo."""
    with acting_as(SYSTEM):
        clock.begin_demo(by=SYSTEM)


def now() -> datetime:
    """What time it is in the product."""
    with acting_as(SYSTEM) as at:
        return at


def state_of(row: Round) -> str:
    """How far a round is."""
    with acting_as(SYSTEM):
        return Round.objects.get(pk=row.pk).state


def test_there_is_no_clock_outside_a_demo(town: Town, sign_in, client: Client) -> None:
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    assert 'action="/clock"' not in client.get("/").content.decode()
    before = now()
    assert client.post("/clock", {"step": "60"}).status_code == 403
    answer = client.post("/api/clock/step", {}, content_type="application/json")
    assert answer.status_code == 403
    assert now() - before < timedelta(minutes=1)


def test_a_stranger_moves_no_clock(town: Town, client: Client) -> None:
    begin_demo()
    before = now()
    assert client.post("/clock", {"step": "60"}).status_code == 302
    assert client.post("/api/clock/step", {}, content_type="application/json").status_code == 401
    assert now() - before < timedelta(minutes=1)


@pytest.mark.parametrize(("step", "minutes"), [("15", 15), ("60", 60)])
def test_the_bar_moves_the_clock_and_comes_back(
    town: Town, sign_in, client: Client, step: str, minutes: int
) -> None:
    begin_demo()
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    assert 'action="/clock"' in client.get("/").content.decode()
    before = now()
    answer = client.post("/clock", {"step": step, "next": "/search"})
    assert (answer.status_code, answer["Location"]) == (302, "/search")
    assert timedelta(0) <= now() - before - timedelta(minutes=minutes) < timedelta(minutes=1)
    assert client.post("/clock", {"step": step, "next": "https://x.example/"})["Location"] == "/"


def test_what_cannot_be_a_step_is_refused_with_a_sentence(town: Town, sign_in, client: Client) -> None:
    begin_demo()
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    assert client.post("/clock", {"step": "-5"}).status_code == 422
    for to in (now() - timedelta(hours=1), now() + timedelta(days=90)):
        answer = client.post("/api/clock/step", {"to": to.isoformat()}, content_type="application/json")
        assert answer.status_code == 422, answer.content
    answer = client.post("/api/clock/step", {"to": "2026-01-01T00:00"}, content_type="application/json")
    assert answer.status_code == 422


def test_to_what_comes_next_cuts_a_round_off(relay: Relay, sign_in, client: Client) -> None:
    begin_demo()
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"])
    relay.asked()
    assert client.post("/clock", {"step": "next"}).status_code == 302
    assert state_of(relay.round) == "cut_off"
    assert timedelta(0) <= now() - relay.round.closes_at < timedelta(minutes=1)
    answer = client.post("/api/clock/step", {}, content_type="application/json")
    assert answer.status_code == 200
    # The next thing that others do in a demo: late calls, ten minutes after the cut-off.
    late = relay.round.closes_at + timedelta(minutes=10)
    assert abs(datetime.fromisoformat(answer.json()["now"]) - late) < timedelta(seconds=1)


def test_what_is_due_happens_once(relay: Relay) -> None:
    due = relay.round.closes_at
    with acting_as(SYSTEM):
        assert next_due(due - timedelta(seconds=1)) == due
        assert run_due(due - timedelta(seconds=1)) == 0
        assert run_due(due) == 1
        assert run_due(due) == 0
    assert state_of(relay.round) == "cut_off"


def test_who_moves_the_clock_while_others_write_reads_so_and_nothing_moves(own_database: str) -> None:
    begin_demo()
    with psycopg.connect(own_database) as other, acting_as(SYSTEM) as at, connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
        other.execute("SELECT FROM protection_clock FOR UPDATE")
        assert run_due(at) == 0  # whoever keeps the clock runs the day
        with pytest.raises(InputError, match="has not moved"):
            step_to(at + timedelta(hours=1), by=SYSTEM, at=at)
        assert clock.now() == at
        other.rollback()
        assert step_to(at + timedelta(hours=1), by=SYSTEM, at=at).now == at + timedelta(hours=1)
        assert clock.now() == at + timedelta(hours=1)
