"""The demo begins in the middle of a day, and plays on as the clock is stepped: others do what the player does not."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise

from actors import put_device, visitor_at_the_door
from django.test import Client
from journey_day import Day, Phone, squared
from journey_town import Compound
from timed import within

from lastmetre.chain.doorstep.queries.hands import hands_at
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household, unexplained
from lastmetre.chain.orders.models import Message, Request, Round
from lastmetre.cli.loading import load_scenario, loading
from lastmetre.ground.people.models import Account, Shift
from lastmetre.ground.people.queries.names import names_of
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.web.day import next_due, run_due

DAY_S = within(15)
"""Of the processor: the wait for the database depends on what else the machine does."""
STATES = ("open cut_off allocated ordered packed underway arrived delivering settling").split()
MOST_STEPS = 25
"""Taps on "what comes next" from the open round to the last door: ten minutes."""


def today() -> Round:
    with acting_as(SYSTEM):
        return Round.objects.select_related("book", "place").get(title="开元丽城第三批")


def test_a_newcomer_finds_a_day_half_way_and_the_clock_plays_it_on(db: None, monkeypatch) -> None:
    spent: list[float] = []
    real = loading.load_relay

    def timed(context):
        began = time.process_time()
        row = real(context)
        spent.append(time.process_time() - began)
        return row

    monkeypatch.setattr(loading, "load_relay", timed)
    assert load_scenario("erqi") is not None
    assert spent[0] < DAY_S
    begins_in_the_morning()
    yesterday_is_square()
    half_way()
    everybody_has_something_to_do()
    who_holds_goods_has_a_name()
    played_on()


def begins_in_the_morning() -> None:
    """Whenever it is loaded: nobody reads of windows and waves in the middle of the night."""
    with acting_as(SYSTEM) as now:
        times = Round.objects.values_list("opens_at", "closes_at", "wave_at")
        hours = {one.astimezone().hour for row in times for one in row}
    assert now.astimezone().hour == 8
    assert hours <= set(range(6, 22))


def yesterday_is_square() -> None:
    with acting_as(SYSTEM):
        row = Round.objects.get(title="上一批")
        assert row.state == "closed"
        assert unexplained(row.book) == []
        assert not any(due_by_household(row.book).values())


def half_way() -> None:
    row = today()
    with acting_as(SYSTEM) as now:
        assert (row.state, row.place.name) == ("open", "开元丽城")
        assert row.opens_at < now < row.closes_at <= row.pay_until <= row.wave_at
        asked = Request.objects.filter(round=row)
        assert 150 <= asked.count() <= 250
        assert set(asked.values_list("channel", flat=True)) == {"page", "chat"}
        assert 5 <= Message.objects.filter(intake__round=row, state="doubt").count() <= 40
        assert next_due(now) == row.closes_at


def everybody_has_something_to_do() -> None:
    wanted = {
        "driver": ("开元丽城", "豫A2107学", "在路上"),
        "gate_keeper": ("豫A2107学",),
        "carer": ("有人需要帮助",),
        "supplier_clerk": ("明早的菜",),
        "liaison": ("昨天下午的菜",),
    }
    for role, words in wanted.items():
        page = first_page(role)
        assert [one for one in words if one not in page] == [], role
    assert "没人送的车" in helpers_page()


def first_page(role: str) -> str:
    with acting_as(SYSTEM):
        person = Account.objects.select_related("person").get(username=f"erqi.{role}").person
    client = Client(headers={"accept-language": "zh-CN"})
    put_device(client, DeviceKind.ACCOUNT, person.path, person=person)
    return client.get("/").content.decode()


def helpers_page() -> str:
    with acting_as(SYSTEM):
        shift = Shift.objects.select_related("squad").order_by("-starts_at")[0]
        person = Account.objects.select_related("person").get(username="erqi.receiver").person
    client = Client(headers={"accept-language": "zh-CN"})
    duty = {"person": person, "shift": shift, "life": timedelta(hours=8)}
    put_device(client, DeviceKind.VOLUNTEER, shift.squad.path, **duty)
    return client.get("/").content.decode()


def who_holds_goods_has_a_name() -> None:
    with acting_as(SYSTEM):
        held = [one.holder for one in Arrival.objects.exclude(round__state="closed")]
        assert held
        assert names_of(held).keys() == set(held)


def played_on() -> None:
    """The liaison taps "what comes next": every state comes in its turn, every door gets its bag, the books close."""
    day = at_the_desk()
    seen = ["open"]
    for _ in range(MOST_STEPS):
        day.who("liaison").tap("/clock", step="next")
        seen.append(day.refresh().state)
        if seen[-1] == "settling":
            break
    passed = [one for one, after in pairwise([*seen, ""]) if one != after]
    assert passed == STATES
    everybody_may_still_go_out()
    with acting_as(SYSTEM):
        assert day.row.requests.filter(is_late=True).count() == 2
        bags = Parcel.objects.filter(book=day.row.book_id, kind="bag")
        assert bags.count() >= 150
        assert not bags.filter(ended_at=None).exists()
    for case in day.cases():  # doors where nobody opened at first
        day.who("liaison").send("POST", f"/ledger/cases/{case.pk}/settle", {"outcome": "第二次有人在"})
    day.carry_on()
    day.close()
    assert squared(day)["door"] > 1_000_000, "a tonne and more has come up the stairs"


def everybody_may_still_go_out() -> None:
    """Days later by the clock, those who were well and tested are: somebody takes the carts."""
    with acting_as(SYSTEM) as now:
        run_due(now + timedelta(days=5))
        hands = hands_at(today().path, at=now + timedelta(days=5), test_hours=48)
    assert [one for one in hands if one.unfit is None]


def at_the_desk() -> Day:
    """The demo's liaison, signed in, with today's round."""
    row = today()
    with acting_as(SYSTEM) as now:
        person = Account.objects.select_related("person").get(username="erqi.liaison").person
        products = {one.product.code: one.product for one in row.items.select_related("product")}
    day = Day(Compound(row.place, now, {}, {}, products, {}, {}), "", row)
    phone = Phone()
    phone.actor = visitor_at_the_door(put_device(phone, DeviceKind.ACCOUNT, person.path, person=person)).actor
    day.phones["liaison", row.place.pk] = phone
    return day


def test_other_scenarios_load_without_a_day(db: None, client: Client) -> None:
    assert load_scenario("fancheng") is not None
    with acting_as(SYSTEM):
        assert not Round.objects.exists()
