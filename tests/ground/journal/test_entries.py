"""What happened is written with its effect; reading what is personal is written, and reading much is told."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections, transaction

from lastmetre.ground.journal import actions, rules
from lastmetre.ground.journal.models import AnsweredRequest, Entry
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.scope import acting_as

WORKER = Actor("worker", ActorKind.STAFF, sees=("d.c.b1", "d.c.b2"), device="phone")
AUDITOR = Actor("auditor", ActorKind.STAFF, sees=("d",))


def read(times: int, *, at: datetime, things: int = 1000) -> None:
    known = [uuid4() for _ in range(min(things, times))]
    with acting_as(WORKER):
        for number in range(times):
            where = f"d.c.b{number % 2 + 1}.h{number}"
            actions.reveal("places.household", known[number % len(known)], by=WORKER, at=at, path=where)


def alarms() -> list[Entry]:
    with acting_as(AUDITOR):
        return list(Entry.objects.filter(verb=rules.ALARM))


def test_a_line_is_gone_with_the_effect_that_failed(as_system: datetime) -> None:
    def fail() -> None:
        with transaction.atomic():
            actions.record("put", "places.place", by=SYSTEM, at=as_system, path="d")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert Entry.objects.count() == 0


def test_a_line_says_who_what_where_why_and_from_which_device(as_system: datetime) -> None:
    thing = uuid4()
    actions.record("put", "places.place", thing, by=WORKER, at=as_system, path="d.c", why="封控", bags=3)
    line = Entry.objects.get()
    assert (line.actor, line.actor_kind, line.device) == ("worker", "staff", "phone")
    assert (line.verb, line.kind, line.thing, line.path) == ("put", "places.place", thing, "d.c")
    assert (line.why, line.detail, line.at) == ("封控", {"bags": 3}, as_system)


def test_writing_a_line_takes_one_query_and_one_look_up_a_scope(
    as_system: datetime, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        for _ in range(2):
            actions.record("put", "places.place", by=SYSTEM, at=as_system, path="d")


def test_reading_a_few_homes_raises_no_alarm(as_system: datetime) -> None:
    read(19, at=as_system)
    assert alarms() == []


def test_reading_one_home_again_and_again_raises_no_alarm(as_system: datetime) -> None:
    read(60, at=as_system, things=19)
    assert alarms() == []


def test_reading_twenty_homes_in_ten_minutes_raises_one_alarm_where_an_auditor_sees_it(
    as_system: datetime,
) -> None:
    read(40, at=as_system)
    (alarm,) = alarms()
    assert (alarm.actor, alarm.path, alarm.detail) == ("worker", "d.c", {"things": 20, "minutes": 10})


def test_reading_twenty_homes_in_a_longer_time_raises_no_alarm(as_system: datetime) -> None:
    read(15, at=as_system)
    read(15, at=as_system + timedelta(minutes=11))
    assert alarms() == []


def test_another_alarm_can_be_raised_later(as_system: datetime) -> None:
    read(20, at=as_system)
    read(20, at=as_system + timedelta(minutes=11))
    assert len(alarms()) == 2


def test_the_alarm_is_raised_once_also_by_many_hands(own_database: str) -> None:
    with acting_as(SYSTEM) as now:
        pass
    threads = [threading.Thread(target=_read_and_leave, args=(now,)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(alarms()) == 1


def _read_and_leave(at: datetime) -> None:
    try:
        for _ in range(10):
            read(1, at=at)
    finally:
        connections.close_all()


def test_old_request_keys_are_forgotten(as_system: datetime) -> None:
    for age in (1, 29, 31):
        at = as_system - timedelta(days=age)
        actions.claim_request(f"k{age}", asked=b"", by=SYSTEM, at=at)
    assert actions.forget_old_requests(at=as_system) == 1
    assert set(AnsweredRequest.objects.values_list("key", flat=True)) == {"k1", "k29"}
