"""Gate and carts in a browser: a hand scanner and a typed code, gloves, two phones, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from actors import build_town, person_with, put_device
from camera import types_like_a_scanner
from chromium import axe_violations, complaints
from databases import point_at
from django.db import connections
from django.test import Client
from gate_parts import on_its_way, taken_in
from playwright.sync_api import Browser, BrowserContext, Page, expect
from relay import Relay, open_relay
from serving import Product, served
from shelves import stock_shop

from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.places.models import Cart, Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

VOICE = """window.spoken = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis",
  { value: { cancel() {}, speak(said) { spoken.push(said.text); } } });"""
FIGURE = ".giant-figure"


@dataclass(frozen=True, slots=True)
class Yard:
    """A vehicle at a gate whose three bags are to be counted, then put on carts 07 and 03."""

    product: Product
    relay: Relay
    count: str
    sort: str
    qr: dict[str, str]


@pytest.fixture(scope="module")
def yard(
    cluster: Cluster,
    template_database: str,
    key_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[Yard]:
    cluster.create_database("yard", template_database)
    url = cluster.url(Role.APP, "yard")
    before = dict(connections.databases["default"])
    with django_db_blocker.unblock():
        point_at(url)
        relay, tokens = _filled()
        arrival = taken_in(relay, relay.staff("gate_keeper", key=tokens.pop("key")), on_its_way(relay))
        with acting_as(SYSTEM):
            qr = {room: qr_of(bag) for room, bag in relay.bag.items()}
        connections.close_all()
    connections.databases["default"].update(before)
    with served(url, key_file, tmp_path_factory.mktemp("served")) as address:
        product = Product(address, tokens, url)
        yield Yard(product, relay, f"/gate/arrivals/{arrival.pk}", f"/sorting/rounds/{relay.round.pk}", qr)


def _filled() -> tuple[Relay, dict[str, str]]:
    with acting_as(SYSTEM) as now:
        relay = open_relay(stock_shop(build_town(), now))
        for number, path in ((7, "d.s.c.k.1.u"), (3, "d.s.c.k.2.u")):
            Cart(number=number, place=relay.round.place, unit=Place.objects.get(path=path)).save(
                force_insert=True
            )
    tokens = {}
    for role, name in (("gate_keeper", "王强"), ("receiver", "李梅")):
        person = person_with(role, place=relay.round.place, name=name)
        tokens[role] = put_device(Client(), DeviceKind.ACCOUNT, person.path, person=person)
        tokens.setdefault("key", str(person.pk))
    return relay, tokens


def phone_of(yard: Yard, browser: Browser, role: str, **looks: Any) -> BrowserContext:
    context = browser.new_context(
        base_url=yard.product.address, viewport={"width": 320, "height": 640}, locale="zh-CN", **looks
    )
    context.add_init_script(VOICE)
    context.add_cookies(yard.product.cookies(role))
    return context


def types_by_hand(page: Page, text: str) -> None:
    page.locator("[data-scan-text]").fill(text)
    page.locator("[data-scan-text]").press("Enter")


def is_calm(page: Page) -> list[str]:
    """Return what is wrong with a page: axe, targets, sideways scroll."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    small = page.evaluate(
        """[...document.querySelectorAll("main .button, main input:not([type=hidden]), main select")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 64)
        .map((one) => one.outerHTML.slice(0, 80))"""
    )
    return [*axe_violations(page), *(["scrolls sideways"] if wide else []), *small]


def test_bags_are_counted_and_put_on_carts_by_hand_scanner_and_by_typed_code(
    yard: Yard, browser: Browser
) -> None:
    phone = phone_of(yard, browser, "gate_keeper")
    page = phone.new_page()
    said = complaints(page)
    page.goto(yard.count)
    types_like_a_scanner(page, yard.qr["101"])
    page.wait_for_selector(".giant-good")
    assert page.locator(FIGURE).inner_text() == "已点收"
    assert "1/3" in page.locator("[data-scan-answer]").inner_text()
    types_by_hand(page, yard.relay.bag["101"].code.lower())
    page.wait_for_selector(".giant-wait")
    for count, room in enumerate(("102", "201"), start=2):
        types_like_a_scanner(page, yard.qr[room])
        expect(page.locator(".tally").first).to_contain_text(f"{count}/3")
    page.wait_for_selector(".tally .status-good")
    assert is_calm(page) == []
    phone.close()
    sorts_by_voice(yard, browser)
    assert said == []


def sorts_by_voice(yard: Yard, browser: Browser) -> None:
    phone = phone_of(yard, browser, "receiver")
    page = phone.new_page()
    page.goto(yard.sort)
    types_by_hand(page, yard.relay.bag["101"].code)
    page.wait_for_selector(".giant-good")
    assert page.locator(FIGURE).inner_text() == "07"
    assert page.locator(FIGURE).bounding_box()["height"] > 80, "legible at arm's length"  # type: ignore[index]
    types_like_a_scanner(page, yard.qr["201"])
    expect(page.locator(FIGURE)).to_have_text("03")
    types_like_a_scanner(page, "LM23CFHKMRWXYCFH")
    page.wait_for_selector(".giant-act")
    types_like_a_scanner(page, yard.qr["201"])
    page.wait_for_selector(".giant-wait")
    spoken = page.evaluate("spoken")
    assert [spoken[0], spoken[1], spoken[3]] == ["7号车", "3号车", "3号车"]
    assert is_calm(page) == []
    phone.close()


def test_the_number_comes_without_javascript_too(yard: Yard, browser: Browser) -> None:
    phone = phone_of(yard, browser, "receiver", java_script_enabled=False)
    page = phone.new_page()
    page.goto(yard.sort)
    types_by_hand(page, yard.relay.bag["102"].code)
    expect(page.locator(FIGURE)).to_have_text(re.compile("^(07|先放一边)$"))
    assert page.locator("[data-scan-text]").is_visible()
    phone.close()
