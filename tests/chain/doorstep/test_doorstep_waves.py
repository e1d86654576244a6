"""The liaison's waves: who may go, carts by load, a link without account, a phone that dies, sorted carts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hands import helper
from relay import Relay

from lastmetre.chain.doorstep.actions.waves import plan_wave, set_out, take_free
from lastmetre.chain.doorstep.models import Duty, Wave
from lastmetre.chain.doorstep.queries.doors import my_carts
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.sorting.actions.carts import plan_carts, release, scan
from lastmetre.chain.sorting.models import CartRun
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

SignIn = Callable[..., Any]


@pytest.fixture
def liaison(relay: Relay, sign_in: SignIn) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"], name="刘联络")
    return client


def page(client: Client, relay: Relay) -> str:
    answer = client.get(reverse("doorstep:round", args=[relay.round.pk]))
    assert answer.status_code == 200, answer.content.decode()[:500]
    return str(answer.content.decode())


def plan(client: Client, relay: Relay, *people: str, **more: str) -> Any:
    times = {"starts_at": f"{relay.now:%Y-%m-%dT%H:%M}", "ends_at": "2199-01-01T10:00"}
    address = reverse("doorstep:round", args=[relay.round.pk])
    return client.post(address, {**times, "person": people, **more}, follow=True)


def duties() -> list[Duty]:
    with acting_as(SYSTEM):
        return list(Duty.objects.select_related("wave"))


@pytest.mark.usefixtures("arrived")
def test_a_wave_is_planned_in_one_tap_and_followed(relay: Relay, liaison: Client) -> None:
    wang, li = helper(relay, name="王芳芳"), helper(relay, name="李小明")
    first = page(liaison, relay)
    assert "3 bags wait to go out" in first
    assert wang.key in first
    assert "The wave is planned." in plan(liaison, relay, wang.key, li.key).content.decode()
    assert {one.person for one in duties()} == {wang.key, li.key}
    shown = page(liaison, relay)
    assert "0/3" in shown
    assert "on its way" in shown


@pytest.mark.usefixtures("arrived")
def test_nobody_goes_who_is_unwell(relay: Relay, liaison: Client) -> None:
    ill = helper(relay, name="赵咳嗽", is_fit=False)
    assert "Nobody works who does not feel well." in page(liaison, relay)
    refused = plan(liaison, relay, ill.key).content.decode()
    assert "cannot take a cart" in refused
    assert duties() == []


@pytest.mark.usefixtures("arrived")
def test_a_wave_that_is_over_already_is_refused(relay: Relay, liaison: Client) -> None:
    answer = plan(liaison, relay, ends_at="2020-01-01T10:00").content.decode()
    assert "over already" in answer
    assert plan(liaison, relay, ends_at="x").status_code == 422


@pytest.mark.usefixtures("arrived")
def test_volunteers_join_by_a_link_and_take_a_free_cart(relay: Relay, liaison: Client) -> None:
    plan(liaison, relay)
    with acting_as(SYSTEM):
        wave = Wave.objects.get()
    answer = liaison.post(reverse("doorstep:wave", args=[wave.pk]), {"what": "link"}, follow=True)
    link = re.search(r"/v/[\w-]+", answer.content.decode())
    assert link is not None, answer.content.decode()[:800]
    phone = Client(headers={"accept-language": "en"})
    typed = {"name": "小陈", "is_fit": "yes", "is_briefed": "on", "tested_hours": "12"}
    joined = phone.post(link[0], typed)
    assert joined.status_code == 302, joined.content.decode()
    free = phone.get(reverse("doorstep:mine")).content.decode()
    assert "01" in free
    with acting_as(SYSTEM):
        first = Duty.objects.order_by("cart")[0]
    phone.post(reverse("doorstep:take", args=[first.pk]))
    with acting_as(SYSTEM):
        first.refresh_from_db()
    assert first.person
    assert "Top floor first" in phone.get(reverse("doorstep:mine")).content.decode()


@pytest.mark.usefixtures("arrived")
def test_two_take_one_free_cart_and_the_second_is_told(relay: Relay) -> None:
    boss = relay.staff("liaison")
    with acting_as(boss) as now:
        plan_wave(relay.round, by=boss, at=now)
    wang, li = helper(relay), helper(relay)
    cart = duties()[0]
    with acting_as(wang) as now:
        take_free(cart, by=wang, at=now)
        take_free(cart, by=wang, at=now)
    with acting_as(li) as now, pytest.raises(InputError, match="Somebody else took cart"):
        take_free(cart, by=li, at=now)


@pytest.mark.usefixtures("arrived")
def test_a_dead_phones_cart_is_given_to_another_on_the_page(relay: Relay, liaison: Client) -> None:
    wang, li = helper(relay, name="王芳芳"), helper(relay, name="李小明")
    plan(liaison, relay, wang.key)
    address = reverse("doorstep:duty", args=[duties()[0].pk])
    assert "101" in liaison.get(address).content.decode()
    assert "other hands" in liaison.post(address, {"person": li.key}, follow=True).content.decode()
    with acting_as(SYSTEM):
        assert Parcel.objects.filter(holder=li.key).count() == 2


@pytest.mark.usefixtures("arrived")
def test_a_wave_ends_on_the_page_and_what_is_left_waits_again(relay: Relay, liaison: Client) -> None:
    plan(liaison, relay, helper(relay).key)
    with acting_as(SYSTEM):
        wave = Wave.objects.get()
    liaison.post(reverse("doorstep:wave", args=[wave.pk]), {"what": "end"})
    assert "3 bags wait to go out" in page(liaison, relay)
    assert liaison.post(reverse("doorstep:wave", args=[wave.pk]), {"what": "no"}).status_code == 404


@pytest.mark.usefixtures("arrived")
def test_sorted_carts_keep_their_numbers_and_go_into_hands_when_released(relay: Relay) -> None:
    boss, wang = relay.staff("liaison"), helper(relay)
    with acting_as(boss) as now:
        plan_carts(relay.round, by=boss, at=now)
        for bag in relay.bag.values():
            scan(relay.round, qr_of(bag), id=new_id(), by=boss, at=now)
        plan_wave(relay.round, people=[wang.key], by=boss, at=now)
    with acting_as(SYSTEM):
        runs = {one.number: one for one in CartRun.objects.filter(wave=1)}
        planned = list(Duty.objects.select_related("wave"))
    assert {one.cart for one in planned} == set(runs)
    with acting_as(wang) as now, pytest.raises(InputError, match="being loaded"):
        set_out(planned[0], by=wang, at=now)
    with acting_as(boss) as now:
        release(runs[planned[0].cart], by=boss, at=now)
    with acting_as(wang) as now:
        set_out(planned[0], by=wang, at=now)
        set_out(planned[0], by=wang, at=now)
        assert my_carts(wang.key, at=now)[0].cart == planned[0].cart
    with acting_as(SYSTEM):
        assert Parcel.objects.filter(drops__duty=planned[0]).exclude(holder=wang.key).count() == 0
