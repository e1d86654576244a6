"""Ordering on the narrowest phone, counted in taps, with and without JavaScript; doubts settled by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from actors import put_device
from chromium import complaints
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from serving import Product

from lastmetre.chain.orders.actions.intake import confirm, preview, take_text
from lastmetre.chain.orders.actions.requests import Asked, Wish, place_request
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, open_round, prepare_round
from lastmetre.chain.orders.models import Request, Round
from lastmetre.chain.orders.rules import Channel, MessageState, RoundState
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

Rows = Callable[[], AbstractContextManager[None]]
MOST_TAPS_AGAIN, MOST_TAPS_PACKAGE = 3, 5
"""ui.md: repeat order in at most 3 taps, package order in 5."""


@dataclass
class Ordering:
    """A round of two packages, and households that ordered two of the first one the last time."""

    round: Round
    homes: list[Household]
    tokens: list[str] = field(default_factory=list)


@dataclass
class Thumb:
    """Counts what it taps, from the first page on."""

    taps: int = 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.click()


@pytest.fixture(scope="module")
def ordering(product: Product, rows: Rows) -> Ordering:
    """Another round, opened after one in which the households ordered."""
    with rows(), acting_as(SYSTEM) as now:
        last = Round.objects.filter(state=RoundState.OPEN).order_by("opens_at")[0]
        goods = list(last.items.order_by("number")[:2])
        asked_before = Request.objects.values("household")  # it may not be their turn (FC5)
        free = Household.objects.filter(path__within=last.path).exclude(pk__in=asked_before)
        homes = list(free.order_by("-path")[:6])
        wishes = (Wish(goods[0].pk, Decimal(2)),)
        for home in homes:
            place_request(last.pk, home, Asked(wishes, Channel.PAGE), by=SYSTEM, at=now)
        items = tuple(NewItem(one.product_id, one.code, one.price_fen) for one in goods)
        closes, wave = now + timedelta(hours=4), now + timedelta(hours=9)
        new = NewRound("下一批", now, closes, wave, items, every_days=0)
        row = open_round(prepare_round(last.place, last.supplier, new, by=SYSTEM, at=now), by=SYSTEM, at=now)
        tokens = [put_device(Client(), DeviceKind.HOUSEHOLD, home.path, household=home) for home in homes]
    return Ordering(row, homes, tokens)


def asked(rows: Rows, ordering: Ordering, place: int) -> dict[int, Decimal]:
    """What a household asks for in the new round: {number of the good: quantity}."""
    with rows(), acting_as(SYSTEM):
        found = Request.objects.filter(round=ordering.round, household=ordering.homes[place], state="active")
        return {line.item.number: line.quantity for row in found for line in row.lines.select_related("item")}


def narrow_phone(product: Product, browser: Browser, *, script: bool) -> BrowserContext:
    return browser.new_context(
        base_url=product.address,
        viewport={"width": 320, "height": 640},
        java_script_enabled=script,
        locale="zh-CN",
    )


def signed_in(product: Product, context: BrowserContext, token: str) -> Page:
    context.add_cookies([{"name": settings.DEVICE_COOKIE, "value": token, "url": product.address}])
    page = context.new_page()
    page.goto("/")
    return page


@pytest.mark.parametrize(("script", "place"), [(True, 0), (False, 1)], ids=["script", "plain"])
def test_the_last_order_is_repeated_in_three_taps(
    product: Product, browser: Browser, rows: Rows, ordering: Ordering, script: bool, place: int
) -> None:
    context = narrow_phone(product, browser, script=script)
    thumb, page = Thumb(), signed_in(product, context, ordering.tokens[place])
    said = complaints(page)
    thumb.tap(page.locator(f"main a[href='/orders/{ordering.round.pk}?repeat=1']").first)
    thumb.tap(page.locator("form.order button.button-primary"))
    page.wait_for_url(f"**/orders/{ordering.round.pk}")
    context.close()
    assert thumb.taps <= MOST_TAPS_AGAIN
    assert asked(rows, ordering, place) == {1: 2}
    assert said == []


@pytest.mark.parametrize(("script", "place"), [(True, 2), (False, 3)], ids=["script", "plain"])
def test_a_package_is_ordered_in_five_taps(
    product: Product, browser: Browser, rows: Rows, ordering: Ordering, script: bool, place: int
) -> None:
    context = narrow_phone(product, browser, script=script)
    thumb, page = Thumb(), signed_in(product, context, ordering.tokens[place])
    thumb.tap(page.locator(f"main a[href='/orders/{ordering.round.pk}']").first)
    good = page.locator("fieldset.good").nth(1)
    if script:
        thumb.tap(good.locator(".counter button").last)
        thumb.tap(good.locator(".counter button").last)
        thumb.tap(good.locator(".counter button").first)
        one = good.locator("legend strong").nth(1).inner_text()
        expect(page.locator("[data-total] strong")).to_have_text(one)
    else:
        assert page.locator(".counter").count() == 0
        thumb.tap(good.locator("input[type=number]"))
        page.keyboard.type("1")
        thumb.taps += 1
    thumb.tap(page.locator("form.order button.button-primary"))
    page.wait_for_url(f"**/orders/{ordering.round.pk}")
    context.close()
    assert thumb.taps <= MOST_TAPS_PACKAGE
    assert asked(rows, ordering, place) == {2: 1}


def doubt_shown(page: Page) -> str:
    """Return the doubt that is asked about, "" when all are settled and the intake is shown instead."""
    for _ in range(600):
        if page.url.endswith("/intake"):
            return ""
        if page.locator("[data-review]").count():
            return page.locator("[data-review]").get_attribute("data-review") or ""
        page.wait_for_timeout(200)
    raise AssertionError("neither a doubt nor the intake is shown")


def test_the_last_answer_is_taken_back_by_a_key_however_soon(
    product: Product, phone: BrowserContext, rows: Rows, ordering: Ordering
) -> None:
    with rows(), acting_as(SYSTEM) as now:
        held = take_text(ordering.round, "9号楼9单元9999 A1\n9号楼9单元9998 A1", by=SYSTEM, at=now)
        shown = preview(held, by=SYSTEM, at=now)
        confirm(held, digest=shown.plan.digest, by=SYSTEM, at=now)
    phone.add_cookies(product.cookies("liaison"))
    page = phone.new_page()
    page.goto(f"/orders/rounds/{ordering.round.pk}/review")
    order = []
    for keys in ("d", "du"):  # the second time U comes while the answer is on its way
        order.append(doubt_shown(page))
        for key in keys:
            page.keyboard.press(key)
        if keys == "d":
            page.locator("[data-take-back]").wait_for()
    page.get_by_text("已撤回").wait_for()
    assert doubt_shown(page) == order[1]
    page.keyboard.press("u")
    page.locator(f'[data-review="{order[0]}"]').wait_for()
    with rows(), acting_as(SYSTEM):
        assert set(held.messages.values_list("state", flat=True)) == {MessageState.DOUBT}
    for asked in order:
        page.locator(f'[data-review="{asked}"]').wait_for()
        page.keyboard.press("d")
        page.locator(f'[data-review="{asked}"]').wait_for(state="detached")


def test_doubts_are_settled_by_a_key_or_by_what_is_typed(
    product: Product, phone: BrowserContext, rows: Rows, ordering: Ordering
) -> None:
    with rows(), acting_as(SYSTEM) as now:
        place = ordering.homes[4].place
        building, unit = place.parent.parent.name, place.parent.name  # type: ignore[union-attr]
        code = ordering.round.items.first().code
        text = f"{building}号楼{unit}单元{place.name} 两份\n{building}{unit}{place.name} 包{code}二十\n9号楼9单元9999 A1"
        held = take_text(ordering.round, text, by=SYSTEM, at=now)
        shown = preview(held, by=SYSTEM, at=now)
        confirm(held, digest=shown.plan.digest, by=SYSTEM, at=now)
        waiting = held.messages.filter(state=MessageState.DOUBT).count()
    assert waiting
    phone.add_cookies(product.cookies("liaison"))
    page = phone.new_page()
    page.goto(f"/orders/rounds/{ordering.round.pk}/review")
    pressed, typed_over = 0, None
    while asked := doubt_shown(page):  # one answer may settle several
        pressed += 1
        assert pressed <= waiting
        # What is typed counts, not a suggestion.
        if typed_over is None and page.locator("[data-pick]").count():
            page.keyboard.type("作废")
            page.keyboard.press("Enter")
            typed_over = asked
        else:
            page.keyboard.press("d")
        page.locator(f'[data-review="{asked}"]').wait_for(state="detached")
    with rows(), acting_as(SYSTEM):
        assert held.messages.get(pk=typed_over).state == MessageState.DISCARDED
        states = set(held.messages.values_list("state", flat=True))
        assert not states & {MessageState.DOUBT, MessageState.SETTLED}


def test_on_a_phone_doubts_speak_of_taps_not_of_keys(
    product: Product, browser: Browser, rows: Rows, ordering: Ordering
) -> None:
    with rows(), acting_as(SYSTEM) as now:
        place = ordering.homes[5].place
        building, unit = place.parent.parent.name, place.parent.name  # type: ignore[union-attr]
        text = f"{building}号楼{unit}单元{place.name} 两份"
        held = take_text(ordering.round, text, by=SYSTEM, at=now)
        confirm(held, digest=preview(held, by=SYSTEM, at=now).plan.digest, by=SYSTEM, at=now)
    context = browser.new_context(
        base_url=product.address,
        viewport={"width": 390, "height": 800},
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
    )
    context.add_cookies(product.cookies("liaison"))
    page = context.new_page()
    page.goto(f"/orders/rounds/{ordering.round.pk}/review")
    expect(page.get_by_text("点一下是哪个")).to_be_visible()
    expect(page.locator("[data-enter]")).to_be_hidden()
    expect(page.locator("[data-discard]")).to_have_text("作废", use_inner_text=True)
    with page.expect_response(lambda one: "/orders/doubts/" in one.url):  # by then it is entered
        page.locator("[data-pick]").first.tap()
    with rows(), acting_as(SYSTEM):
        assert not held.messages.filter(state=MessageState.DOUBT).exists()
    context.close()
