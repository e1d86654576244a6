"""`make look`: 660 mixed orders from paste to printed labels by one person, its taps and doubts counted.

The promise: under ten minutes, at 1.5 seconds a tap and 5 more for each doubt; the field needed over two hours. A
chat chain of some 490 orders and a workbook of 170 as people write them; every step is a tap on the pages. The round
has no limits: made-up baskets know none, and each overstepped one would be a doubt of its own.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from databases import point_at
from django.db import connections
from logins import tokens
from playwright.sync_api import Browser, Locator, Page
from serving import Product, served

from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, cancel_round, open_round, prepare_round
from lastmetre.chain.orders.models import Request, Round
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.scenarios.erqi import chain, export, generate, people, phrases, sheet
from lastmetre.scenarios.erqi.truth import Truth

SEED = 1
IN_CHAT, IN_WORKBOOK = 400, 170
"""Households that order in the ordinary way; the demo's script of odd ones comes to the chat as well."""
TAP_S, DOUBT_S, PROMISE_S = 1.5, 5.0, 600.0
PATIENCE_MS = 120_000
"""Of a shared machine; what it takes is told, not promised."""


@dataclass
class Hands:
    """One person at a page: every tap and every doubt counts."""

    page: Page
    taps: int = 0
    doubts: int = 0
    left: int = 0
    """Doubts that no button settles: they wait for somebody who asks the household."""

    def tap(self, where: Locator) -> None:
        """Tap, and wait for the page that comes."""
        self.taps += 1
        with self.page.expect_navigation(timeout=PATIENCE_MS):
            where.click()

    def open(self, where: Locator) -> None:
        """Tap what opens on the same page."""
        self.taps += 1
        where.click()

    def paste(self, where: Locator, text: str) -> None:
        """Tap into a field and paste."""
        self.taps += 2
        where.fill(text)

    def give(self, where: Locator, file: Path) -> None:
        """Tap the field for a file, then the file."""
        self.taps += 2
        where.set_input_files(file)

    @property
    def seconds(self) -> float:
        """What it takes by the promise's measure."""
        return self.taps * TAP_S + self.doubts * DOUBT_S


def written(folder: Path) -> tuple[str, Path]:
    """Return a chat's chain and a workbook of orders, made from the demo compound's people."""
    rng, offer = random.Random(SEED), people.goods(generate.HERE / "offer.yaml")
    reserved, lived = generate.settle(random.Random(generate.SEED))
    free = [one for one in lived if one.home not in reserved]
    in_chat = rng.sample(free, IN_CHAT)
    others = [one for one in free if one not in in_chat and one.home.building not in export.CHAT_ONLY]
    nicknames = rng.sample(phrases.NICKNAMES, len(phrases.NICKNAMES))
    lines = chain.write(rng, Truth(), in_chat, offer, nicknames)
    orders = export.orders(rng, Truth(), rng.sample(others, IN_WORKBOOK), nicknames)
    sheet.write_export(folder / export.FILE, orders, offer)
    return "\n".join(lines), folder / export.FILE


@pytest.fixture
def rush(
    cluster: Cluster,
    template_database: str,
    key_file: Path,
    tmp_path: Path,
    django_db_blocker: Any,
) -> Iterator[tuple[Product, str]]:
    """The product with an empty round of the demo's compound, and the round's id."""
    cluster.create_database("rush", template_database)
    url, before = cluster.url(Role.APP, "rush"), dict(connections.databases["default"])
    with django_db_blocker.unblock():
        point_at(url)
        given = tokens()
        fresh = empty_round()
        connections.close_all()
        with served(url, key_file, tmp_path) as address:
            yield Product(address, given, url), fresh
        connections.close_all()
    connections.databases["default"].update(before)


def empty_round() -> str:
    """Put the demo's own round away and open one like it."""
    with acting_as(SYSTEM) as now:
        [row] = Round.objects.filter(state="open").select_related("place", "supplier")
        items = tuple(
            NewItem(
                one.product_id,
                one.code,
                one.price_fen,
                offer=one.offer_id,
                case_size=one.case_size,
                stock=None if one.stock is None else one.stock * 4,
            )
            for one in row.items.all()
        )
        hours = [now + timedelta(hours=one) for one in (-1, 5, 20)]
        new = NewRound("第四批", *hours, items)
        cancel_round(row, why="test", by=SYSTEM, at=now)
        return str(
            open_round(prepare_round(row.place, row.supplier, new, by=SYSTEM, at=now), by=SYSTEM, at=now).pk
        )


def test_660_mixed_orders_from_paste_to_printed_labels(
    rush: tuple[Product, str], browser: Browser, tmp_path: Path
) -> None:
    product, pk = rush
    context = browser.new_context(base_url=product.address, locale="zh-CN")
    context.add_cookies(product.cookies("liaison"))
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    hands = Hands(page)
    text, book = written(tmp_path)
    started = time.monotonic()
    page.goto(f"/orders/rounds/{pk}")

    hands.tap(page.locator(f'main a[href$="/rounds/{pk}/intake"]').first)
    hands.paste(page.locator("textarea"), text)
    enter(hands, pk)
    hands.give(page.locator('input[type="file"]'), book)
    enter(hands, pk)
    with acting_as(SYSTEM):
        orders = Request.objects.filter(round=pk, state="active").count()
    print(f"{orders} orders in after {hands.taps} taps and {hands.doubts} doubts ({hands.left} left)")
    assert orders >= 620

    page.goto(f"/orders/rounds/{pk}")
    hands.taps += 1  # back to the round
    hands.open(page.locator('form[action$="/cut-off"] button'))
    hands.tap(page.locator('dialog[open] button[value="yes"]'))
    hands.tap(page.locator('main a[href*="/allocation/"]').first)
    hands.tap(page.locator('form[action$="/share-out"] button'))
    page.goto(f"/orders/rounds/{pk}")
    hands.taps += 1
    hands.tap(page.locator(f'main a[href="/printing/rounds/{pk}"]').first)
    labels = page.locator(f'main a[href*="/printing/rounds/{pk}/labels-70x50"]').first
    hands.taps += 2  # the labels, and "print"
    pdf = context.request.get(labels.get_attribute("href") or "", timeout=PATIENCE_MS).body()

    bags, codes = labelled(pdf)
    waited = time.monotonic() - started
    print(
        f"{orders} orders, {bags} bags labelled: {hands.taps} taps, {hands.doubts} doubts ({hands.left} left),"
        f" {hands.seconds:.0f} s of the {PROMISE_S:.0f} promised (and {waited:.0f} s that this machine took)"
    )
    assert bags == len(codes) >= 600
    assert hands.left <= 3
    assert hands.seconds < PROMISE_S


def enter(hands: Hands, pk: str) -> None:
    """Look at what was given, enter it, and settle what is doubted."""
    page = hands.page
    hands.tap(page.locator('main form[enctype] button[type="submit"]'))
    hands.tap(page.locator("main form button[autofocus]"))
    while page.locator("[data-review]").count():
        hands.doubts += 1
        if settle(hands):
            continue
        hands.left += 1
        if not page.locator("[data-after]").count():
            break
        hands.tap(page.locator("[data-after]"))
    page.goto(f"/orders/rounds/{pk}/intake")
    hands.taps += 1


def settle(hands: Hands) -> bool:
    """Take the first proposal, else say yes; what that does not settle is left out. Tell whether it is settled."""
    page = hands.page
    first, before = page.locator('[data-pick="1"]'), count_of(page)
    for answer in (first if first.count() else page.locator("[data-enter]"), page.locator("[data-discard]")):
        hands.tap(answer)
        if not page.locator("[data-review]").count() or count_of(page) < before:
            return True
    return False


def count_of(page: Page) -> int:
    """Return how many doubts the page says are left."""
    found = re.search(r"\d+(?!.*\d)", page.locator(".lead").inner_text())
    return int(found[0]) if found else 0


def labelled(pdf: bytes) -> tuple[int, set[str]]:
    """Return how many bags the labels say there are, and the codes that a scanner reads from them."""
    codes: set[str] = set()
    bags = 0
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage().get_text_range()
            found = re.search(r"总\d+/(\d+)", text)
            bags = int(found[1]) if found else bags
            image = page.render(scale=203 / 72, grayscale=True).to_numpy()
            codes |= {one.text for one in zxingcpp.read_barcodes(image)}
    return bags, codes
